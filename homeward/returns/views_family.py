"""The family's pages of this room: the invitation with those who come, and for a dead man what they choose."""

import base64

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from homeward import audit
from homeward.disclosure.queries import kinship_level
from homeward.enquiries.family import FamilyRequest, requires_family
from homeward.lib.refusals import Refusal
from homeward.returns import actions, dead, queries
from homeward.returns.deeds import Deed
from homeward.returns.forms import ChooseForm, ComerFormSet
from homeward.returns.models import Invitation, RemainsState, State, Traveller, Way


def _standing(request: FamilyRequest) -> Invitation:
    """Her invitation; as if there were none where the kinship is not proven."""
    found = queries.standing_return(request.enquiry)
    invitation = queries.standing_invitation(found) if found else None
    if invitation is None or kinship_level(request.enquiry) < actions.KINSHIP_TO_INVITE:
        raise Http404
    return invitation


@requires_family
@require_http_methods(["GET", "HEAD", "POST"])
def coming(request: FamilyRequest) -> HttpResponse:
    """She is invited: she says who comes, herself first, and with which documents."""
    invitation = _standing(request)
    state = invitation.return_of.state
    may_change = state in (State.INVITED, State.ACCEPTED) and invitation.declined_at is None
    known = list(invitation.travellers.order_by("place"))
    comers = ComerFormSet(request.POST or None, prefix="comer", initial=[_as_typed(each) for each in known])
    refusal = ""
    if request.method == "POST" and comers.is_valid():
        named = [comer for form in comers if (comer := form.comer()) is not None]
        try:
            if not named:
                refusal = _("Say who comes.")
            else:
                actions.accept_invitation(invitation, named)
                return redirect("enquiries_family:state")
        except Refusal:
            # Why it stands still (his wish, the term) is told by a person.
            refusal = _("This can no longer be changed here. Call us.")
    context = {
        "invitation": invitation,
        "comers": comers,
        "known": known,
        "refusal": refusal,
        "may_change": may_change,
        "wrong": comers.is_bound and not comers.is_valid(),
    }
    return render(request, "returns/family/coming.html", context)


def _as_typed(each: Traveller) -> dict[str, object]:
    return {
        "name": each.name, "born": each.born, "nationality": each.nationality, "document_kind": each.document_kind,
        "document_number": each.document_number, "step_free": each.step_free,
    }  # fmt: skip


@requires_family
@require_POST
def not_coming(request: FamilyRequest) -> HttpResponse:
    """She cannot come, or does not want to; somebody calls her."""
    try:
        actions.decline_invitation(_standing(request))
    except Refusal as why:
        sentence = _("This can no longer be changed here. Call us.")
        return render(request, "family/refusal.html", {"sentence": sentence}, status=why.status)
    return redirect("enquiries_family:state")


@requires_family
@require_safe
def paper(request: FamilyRequest) -> HttpResponse:
    """Her invitation as it was made out, to print."""
    invitation = _standing(request)
    if not invitation.paper_pdf:
        raise Http404
    with transaction.atomic():
        audit.record(Deed.PRINTED, by=None, about=invitation.return_of.reference)
    content = base64.b64decode(invitation.paper_pdf)
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": 'inline; filename="paper.pdf"'}
    )


@requires_family
@require_http_methods(["GET", "HEAD", "POST"])
def farewell(request: FamilyRequest) -> HttpResponse:
    """How and when the family wishes to receive what is left of him. It is there only after a person has told them."""
    found = dead.last_return_of(request.enquiry)
    if found is None:
        raise Http404
    initial = {"way": found.way, "wanted_on": found.wanted_on, "wishes": found.wishes or ""}
    form = ChooseForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and found.state != RemainsState.GIVEN:
        said = form.cleaned_data
        dead.choose(found, way=Way(said["way"]), on=said["wanted_on"], wishes=said["wishes"], by=None)
        return redirect("enquiries_family:state")
    return render(request, "returns/family/farewell.html", {"of": found, "form": form})
