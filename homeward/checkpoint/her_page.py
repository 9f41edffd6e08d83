"""The pass on a family's own page."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from homeward.checkpoint import papers, queries
from homeward.enquiries.family import FamilyRequest
from homeward.enquiries.her_page import her_page_section


@her_page_section(order=22)
def her_passes(request: FamilyRequest) -> SafeString | None:
    """Her code, her number, and the paper to print; None while she has none."""
    passes = list(queries.passes_on_her_page(request.enquiry)[:3])
    if not passes:
        return None
    # Drawn here from a signed text in an alphabet of 45 characters: nothing that anybody typed is in it.
    shown = [(each, mark_safe(papers.pass_svg(each))) for each in passes]  # noqa: S308
    return SafeString(render_to_string("checkpoint/family/_pass.html", {"passes": shown}, request=request))
