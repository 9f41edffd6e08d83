"""What this room places on a family's own page."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from homeward.enquiries import queries, reach_family
from homeward.enquiries.family import FamilyRequest
from homeward.enquiries.her_page import her_page_section


@her_page_section(order=20)
def questions(request: FamilyRequest) -> SafeString | None:
    """The bureau asks her something."""
    found = list(queries.questions_for(request.enquiry)[:10])
    return render_to_string("enquiries/family/_questions.html", {"questions": found}) if found else None


@her_page_section(order=70)
def what_she_told(request: FamilyRequest) -> SafeString:
    """What happened on her side, and what she may do."""
    places = reach_family.stands_for(request.enquiry).places
    context = {"enquiry": request.enquiry, "steps": queries.steps_of(request.enquiry), "places": places}
    return render_to_string("enquiries/family/_steps.html", context)
