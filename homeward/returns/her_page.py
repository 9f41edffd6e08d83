"""What this room says on the family's own page."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from homeward.disclosure.queries import kinship_level
from homeward.enquiries.family import FamilyRequest
from homeward.enquiries.her_page import her_page_section
from homeward.returns import dead, queries
from homeward.returns.actions import KINSHIP_TO_INVITE
from homeward.returns.models import State


@her_page_section(order=20, news=True)
def her_invitation(request: FamilyRequest) -> SafeString | None:
    """That she is invited, that she comes, or that she shall not set out. Nothing where the kinship is not proven."""
    if kinship_level(request.enquiry) < KINSHIP_TO_INVITE:
        return None
    found = queries.standing_return(request.enquiry)
    if found is None or not found.invitations.exists():
        return None
    invitation = queries.standing_invitation(found)
    stopped = found.state in (State.SUSPENDED, State.WITHDRAWN, State.REVOKED) or invitation is None
    context = {
        "of": found,
        "invitation": invitation,
        "stopped": stopped and found.state != State.HANDED_OVER,
        "is_invited": found.state == State.INVITED,
        "comes": found.state in (State.ACCEPTED, State.TRAVELLING),
        "is_home": found.state == State.HANDED_OVER,
        "has_paper": invitation is not None and invitation.paper_id is not None,
        "travellers": queries.travellers_of(found),
    }
    return render_to_string("returns/family/_invitation.html", context, request=request)


@her_page_section(order=21, news=True)
def her_dead(request: FamilyRequest) -> SafeString | None:
    """What is left of him; only after a person has told the family."""
    found = dead.last_return_of(request.enquiry)
    if found is None:
        return None
    return render_to_string("returns/family/_farewell.html", {"of": found}, request=request)
