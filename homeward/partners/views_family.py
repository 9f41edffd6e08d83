"""The description of the interface, for people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from homeward.access.guards import open_to_anyone
from homeward.enquiries.facts import BY_CODE
from homeward.partners.api import openapi

# What the interface says of itself, in the words of `api.py`: named here so that it can be translated for people. A text that is
# not here stands in English.
TEXTS = frozenset(
    {
        _("Refer enquiries. All rows that are accepted are written down when the answer comes."),
        _("Your referrals in the order you sent them, 200 a page."),
        _("One referral by your number. Another partner's is not there."),
        _("The records two people of the bureau cleared for you, as PFIF 1.4."),
        _(
            "Refer enquiries as a PFIF document, version 1.1 to 1.4; each person is one referral, with its row in the answer."
        ),
        _("She who asks: whatever she agreed to leave."),
        _("One enquiry."),
        _("Up to 500 enquiries."),
        _("What became of one row."),
        _("What became of each row, in the order sent."),
        _("How far one referral has come. `informed`: the family has been told, whatever there was to tell."),
        _("A page of your referrals; `next` goes into `after` for the next page."),
        _("Why not."),
        _("Your own number of it. The same number twice is one enquiry."),
    }
)


def _said(text: str) -> str:
    known = f"What is known of him: {', '.join(BY_CODE)}"
    if text == known:
        return gettext("What is known of him: %(facts)s") % {"facts": ", ".join(BY_CODE)}
    return gettext(text) if text else ""


@open_to_anyone
@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """What a partner's programmer needs: addresses, fields, answers. No script, nothing from elsewhere."""
    schema = openapi()
    calls = [
        (method.upper(), address, _said(call.get("description", "")), sorted(call["responses"]))
        for address, methods in schema["paths"].items()
        for method, call in methods.items()
    ]
    shapes = [
        (
            name,
            _said(shape.get("description", "")),
            [
                (
                    field,
                    each.get("type", "") or "object",
                    _said(each.get("description", "")),
                    field in shape.get("required", []),
                )
                for field, each in shape.get("properties", {}).items()
            ],
        )
        for name, shape in schema.get("components", {}).get("schemas", {}).items()
    ]
    header = mark_safe("<code>Authorization: Bearer hw-…</code>")
    context = {"calls": calls, "shapes": shapes, "header": header}
    return render(request, "partners/family/description.html", context)
