from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from homeward.handover import actions, papers
from homeward.handover.models import Convoy
from homeward.handover.tests.cast import a_sheet, escorted, hana
from homeward.returns import effects
from homeward.returns.effects import Thing
from homeward.returns.models import ItemKind
from homeward.returns.tests.cast import COMER, rhea
from homeward.returns.tests.test_papers import text_of

pytestmark = pytest.mark.django_db


def test_the_receipt_in_both_languages_and_its_square_reads_back(tmp_path: Path) -> None:
    import pypdfium2

    one = escorted()
    things = [Thing(ItemKind.EFFECT, "a ring"), Thing(ItemKind.MONEY, "notes", currency="EUR", amount=5000)]
    effects.seal_packet(effects.list_packet(one.entry, things, seal_number="S-5", by=rhea()), by=rhea())
    handover = actions.record_handover(one, a_sheet(goes_to="Lviv", medical_note="insulin"), by=hana())

    english, ukrainian = (papers.receipt(handover, first=language) for language in ("en", "uk"))

    said = text_of(english, tmp_path)
    for words in (
        "Handover record",
        "Акт передачі",
        COMER.name,
        "S-5",
        "50.00 EUR",
        "insulin",
        "Lviv",
        "Name receiver",
    ):
        assert words in said
    assert text_of(ukrainian, tmp_path).lstrip().startswith("Акт передачі")
    pages = [page.render(scale=3).to_pil() for page in pypdfium2.PdfDocument(english)]
    pictures = [Image.fromarray(_grey(page)) for page in pages]
    only = zxingcpp.BarcodeFormat.QRCode
    assert [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture, formats=only)] == [
        handover.receipt
    ]


def _grey(page: Image.Image):  # type: ignore[no-untyped-def]
    import numpy

    return numpy.asarray(page.convert("L"))


def test_the_escort_carries_who_rides_where(tmp_path: Path) -> None:
    escorted()

    said = text_of(papers.escort_sheet(Convoy.objects.get()), tmp_path)

    for words in ("Escort's sheet", "Van 1", COMER.name, COMER.document_number, "Dorohusk", "Kyiv"):
        assert words in said.replace("’", "'")
