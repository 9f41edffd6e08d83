"""The lines about her journey on a family's own page."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from homeward.enquiries.family import FamilyRequest
from homeward.enquiries.her_page import her_page_section
from homeward.journeys import networks, queries, showing


@her_page_section(order=20, news=True)
def the_journey(request: FamilyRequest) -> SafeString | None:
    """When she leaves and what comes next; None while no journey was sent."""
    found = queries.journey_of(request.enquiry)
    if found is None:
        return None
    network = networks.network_of(found.network)
    steps = showing.steps_of(network, showing.rows_of(found.legs.all()), found.nationality)
    context = {
        "journey": found, "span": showing.span(steps), "next": next((step for step in steps if not step.is_done), None),
    }  # fmt: skip
    return SafeString(render_to_string("journeys/family/_section.html", context, request=request))
