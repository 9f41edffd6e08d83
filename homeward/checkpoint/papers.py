"""The pass as a paper that fits A5, and its code as a picture. Neutral words: it is read at borders."""

import io
import json
from pathlib import Path

import segno
import typst
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from homeward.checkpoint.models import Pass
from homeward.signer import base45, cbor, cose, keyring, verify

_TEMPLATE = Path(__file__).parent / "templates" / "checkpoint" / "papers" / "pass.typ"


def code_svg(text: str, *, light: str | None = "#fff") -> str:
    """The code of a pass or receipt as SVG, level Q: a sixteenth of it may be soiled. Print it 45 mm wide or more."""
    out = io.BytesIO()
    code = segno.make(text, error="q", boost_error=False, micro=False)
    code.save(out, kind="svg", border=4, light=light, xmldecl=False, svgns=True, nl=False, omitsize=True, unit=None)
    return out.getvalue().decode()


def pass_svg(travel_pass: Pass) -> str:
    """The code of a pass as SVG for a page or another paper; "" where it has none, was taken back, or has ended."""
    if travel_pass.revoked_at is not None or travel_pass.is_over:
        return ""
    return code_svg(travel_pass.text) if travel_pass.text else ""


def is_training(travel_pass: Pass) -> bool:
    """Whether the embedded key signed it: its issuer says so, whatever this process is told of the signer."""
    if not travel_pass.text:
        return False
    claims = cbor.decode(cose.read(base45.decode(travel_pass.text.removeprefix(verify.PASS_PREFIX))).payload)
    return bool(claims[1] == keyring.ISSUER_IN_TRAINING)


def pass_paper(travel_pass: Pass, *, language: str) -> bytes:
    """The pass as PDF, A5, black and white, in her language and in English."""
    training = is_training(travel_pass)
    holder = travel_pass.holder
    window = (timezone.localtime(travel_pass.window_from), timezone.localtime(travel_pass.window_until))
    languages = list(dict.fromkeys((language, "en")))
    content = {
        "training": _in_each("Training: nobody here is real.", languages) if training else [],
        "title": _in_each("Travel pass", languages),
        "facts": [
            [_in_each("Name", languages), holder["name"]],
            [_in_each("Date of birth", languages), holder["born"]],
            [_in_each("Travel document", languages), f"{holder['document_type']} {holder['document']}"],
            [_in_each("Travelling with her", languages), str(holder["companions"])],
            [_in_each("Place", languages), travel_pass.point],
            [
                _in_each("Expected", languages),
                f"{window[0]:%Y-%m-%d %H:%M} – {window[1]:%Y-%m-%d %H:%M} {window[1]:%Z}",
            ],
        ],
        "number": travel_pass.printed_number,
        "number_label": _in_each("Number, if the code cannot be read", languages),
        "code": code_svg(travel_pass.text) if travel_pass.text else "",
        "show": _in_each("Show this paper together with the travel document named here.", languages),
        "without": _in_each("Without this paper the number of the travel document is enough.", languages),
    }
    return bytes(typst.compile(str(_TEMPLATE), sys_inputs={"pass": json.dumps(content, ensure_ascii=False)}))


def _in_each(label: str, languages: list[str]) -> list[str]:
    words = []
    for language in languages:
        with override(language):
            words.append(_(label))
    return list(dict.fromkeys(words))


def _labels() -> tuple[str, ...]:
    """The texts above, where the gathering of texts finds them."""
    return (
        _("Training: nobody here is real."), _("Travel pass"), _("Name"), _("Date of birth"), _("Travel document"),
        _("Travelling with her"), _("Place"), _("Expected"), _("Number, if the code cannot be read"),
        _("Show this paper together with the travel document named here."),
        _("Without this paper the number of the travel document is enough."),
    )  # fmt: skip
