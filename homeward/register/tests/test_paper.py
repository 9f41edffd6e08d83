"""The capture card on paper."""

import shutil
import subprocess

import pytest
from django.urls import reverse

from homeward.audit.models import Event
from homeward.register import papers
from homeward.register.particulars import DECLINED
from homeward.register.tests.cast import OREST, enter
from homeward.testing import make_staff, sign_in


def text_of(paper: bytes) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=paper, capture_output=True, check=True)
    return read.stdout.decode()


def test_front_and_back_hold_the_headings_of_the_annex_and_what_was_said():
    paper = papers.capture_card({**OREST, "service_number": DECLINED}, reference="1234-5678-9012-3")

    front, back = text_of(paper).split("\f")[:2]

    assert "PRISONER-OF-WAR MAIL" in front
    assert "Postage free" in front
    for words in (
        "Вигаданко",
        "Орест",
        "Тихоріг",
        "солдат",
        "declined to state",
        "First name of father",
        "14. Signature",
    ):
        assert words in back


@pytest.mark.parametrize(
    "long",
    [{"next_of_kin": "вулиця Дуже Довга, будинок " * 12}, {"surname": "Вигаданко-" * 15}, {"camp": "Табір " * 30}],
)
def test_long_values_do_not_make_a_third_page(long):
    pages = text_of(papers.capture_card({**OREST, **long}, reference="1234-5678-9012-3")).count("\f")

    assert pages == 2


def test_what_looks_like_typst_is_only_text():
    assert "#panic" in text_of(papers.capture_card({"surname": '#panic("x")'}, reference="1234-5678-9012-3"))


@pytest.mark.django_db
def test_printing_is_recorded_and_guarded(client):
    entry = enter(make_staff("registrar"))
    url = reverse("register:card", args=[entry.reference])

    answer = sign_in(client, make_staff("registrar")).get(url)

    assert answer.content.startswith(b"%PDF")
    assert OREST["surname"] not in answer.headers["Content-Disposition"]
    assert Event.objects.filter(deed="register.printed", about=entry.reference).exists()
    assert sign_in(client, make_staff("operator")).get(url).status_code == 403
