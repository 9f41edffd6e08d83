"""What is done to a return: listed, decided, asked, invited, accepted, moved on, suspended, withdrawn, revoked."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeward import audit
from homeward.access.models import Staff
from homeward.contact import actions as contact
from homeward.decisions import actions as decisions
from homeward.decisions.models import Proposal
from homeward.decisions.queries import open_proposals
from homeward.disclosure import actions as disclosure
from homeward.enquiries.models import Enquiry
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.register.models import Entry
from homeward.register.models import State as EntryState
from homeward.returns import papers, queries
from homeward.returns.deeds import Deed
from homeward.returns.models import (
    ENDED,
    NEXT,
    WITH_FAMILY,
    Basis,
    Category,
    DocumentKind,
    Fitness,
    Invitation,
    Release,
    Return,
    Says,
    State,
    Traveller,
    Wish,
)
from homeward.tracing.models import MatchState, PotentialMatch

KINSHIP_TO_INVITE = 2
KINSHIP_TO_HAND_OVER = 3
AT_MOST = 3
NOTHING_STANDS_IN_THE_WAY = (EntryState.IN_CUSTODY, EntryState.IN_HOSPITAL, EntryState.TRANSFERRED)


class NotReleasable(Refusal):
    """This man cannot be put on a list, or the list cannot be decided."""


class CaseChanged(Refusal):
    """What was proposed no longer fits."""


class NoWish(Refusal):
    """He has not said, alone and within thirty days, that he wishes to go."""


class NoKinship(Refusal):
    """The kinship is not proven far enough."""


class NotNow(Refusal):
    """The return does not stand where this could be done."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what ground, by whose authority, under which conditions a man is released, and how he is."""

    basis: Basis
    authority: str
    valid_until: date
    fitness: Fitness
    fitness_on: date
    category: Category | None = None
    conditions: str = ""
    fitness_note: str = ""


@dataclass(frozen=True, slots=True)
class Comer:
    """One of those who come, as she names herself."""

    name: str
    born: str
    nationality: str
    document_kind: DocumentKind
    document_number: str
    step_free: bool = False


# --- the list and its decision ---------------------------------------------------------------------------------------


@transaction.atomic
def open_list(title: str = "", *, by: Staff) -> Release:
    """An empty release list."""
    release = Release.objects.create(title=title, desk=by.desk, made_by=by)
    return release


@transaction.atomic
def put_on_list(release: Release, *, entry: Entry, enquiry: Enquiry, terms: Terms, by: Staff) -> Return:
    """One man more on the list, to be given to this enquirer."""
    release = Release.objects.select_for_update().get(pk=release.pk)
    _open(release)
    entry = Entry.objects.select_for_update().get(pk=entry.pk)
    if not PotentialMatch.objects.filter(sought=enquiry.sought_id, entry=entry, state=MatchState.CONFIRMED).exists():
        raise NotReleasable(_("Two people have not confirmed that this is the man the family seeks."))
    if enquiry.withdrawn_at is not None:
        raise NotReleasable(_("This enquiry has been withdrawn."))
    if entry.state not in NOTHING_STANDS_IN_THE_WAY:
        raise NotReleasable(
            _("The register does not say that he is held: %(state)s.") % {"state": entry.get_state_display()}
        )
    if Return.objects.filter(entry=entry).exclude(state__in=ENDED).exists():
        raise NotReleasable(_("He stands on a release list already."))
    if terms.basis in (Basis.REPATRIATION, Basis.NEUTRAL) and terms.category is None:
        raise NotReleasable(_("The wounded and sick are released in a category of Article 110."))
    if terms.valid_until < clock.today():
        raise NotReleasable(_("A release cannot have run out on the day it is proposed."))
    made = Return.objects.create(
        release=release,
        entry=entry,
        enquiry=enquiry,
        basis=terms.basis,
        category=terms.category or "",
        authority=terms.authority,
        conditions=terms.conditions or None,
        fitness=terms.fitness,
        fitness_on=terms.fitness_on,
        fitness_note=terms.fitness_note or None,
        valid_until=terms.valid_until,
    )
    audit.record(Deed.LISTED, by=by, about=made.reference, detail={"list": release.reference})
    return made


@transaction.atomic
def take_off_list(return_of: Return, *, by: Staff) -> None:
    """The man does not stand on the list after all; only before it is proposed."""
    release = Release.objects.select_for_update().get(pk=return_of.release_id)
    _open(release)
    audit.record(Deed.UNLISTED, by=by, about=return_of.reference, detail={"list": release.reference})
    Return.objects.get(pk=return_of.pk).delete()


def _open(release: Release) -> None:
    if release.proposal_id is not None:
        raise NotReleasable(_("This list has been proposed. What was proposed over is not changed."))


def payload_of(release: Release) -> dict[str, Any]:
    """Exactly what is decided: each man, to whom, on what ground, by whose authority, under which conditions."""
    returns = release.returns.select_related("entry", "enquiry").order_by("reference")
    return {
        "list": release.reference,
        "title": release.title,
        "returns": [
            {
                "return": each.reference,
                "entry": each.entry.reference,
                "entry_state": each.entry.state,
                "enquiry": each.enquiry.reference,
                "recipient": each.recipient,
                "basis": each.basis,
                "category": each.category,
                "authority": each.authority,
                "conditions": each.conditions or "",
                "fitness": each.fitness,
                "fitness_on": each.fitness_on.isoformat(),
                "valid_until": each.valid_until.isoformat(),
            }
            for each in returns
        ],
    }


@transaction.atomic
def propose_list(release: Release, *, by: Staff) -> Proposal:
    """Propose the whole list; somebody else decides within 24 hours over exactly this."""
    release = Release.objects.select_for_update().get(pk=release.pk)
    _open(release)
    payload = payload_of(release)
    if not payload["returns"]:
        raise NotReleasable(_("Nobody stands on this list."))
    proposal = decisions.propose(queries.PROPOSAL_KIND, subject=release.reference, payload=payload, by=by)
    release.proposal, release.payload_hash = proposal, proposal.payload_hash
    release.save(update_fields=["proposal", "payload_hash"])
    return proposal


@transaction.atomic
def approve_list(proposal: Proposal, *, payload_hash: str, by: Staff) -> int:
    """The second person's yes over exactly the list she read; how many may now be asked for their wish."""
    release = Release.objects.select_for_update().get(reference=proposal.subject)
    if release.proposal_id != proposal.pk or proposal.payload != payload_of(release):
        raise CaseChanged(_("The list has changed since it was proposed. It has to be proposed anew."))
    decisions.approve(proposal, payload_hash, by, unless=lambda staff: _has_a_part(staff, release))
    lines = []
    for each in release.returns.select_for_update().filter(state=State.PROPOSED).order_by("pk"):
        _move(each, State.APPROVED)
        lines.append(audit.Entry(Deed.APPROVED, each.reference, {"list": release.reference}))
    audit.record_many(lines, by=by)
    return len(lines)


def _has_a_part(staff: Staff, release: Release) -> str:
    """Who said that he is the family's man does not also decide that he is given to them."""
    judged = PotentialMatch.objects.filter(
        state=MatchState.CONFIRMED,
        entry__in=release.returns.values("entry"),
        same_confirmed_by=staff,
    ).exists()
    return _("You confirmed who one of these men is; someone else has to decide.") if judged else ""


@transaction.atomic
def refuse_list(proposal: Proposal, *, reason: str, note: str = "", by: Staff) -> None:
    """The second person's no, with its reason; the men may stand on another list."""
    release = Release.objects.select_for_update().get(reference=proposal.subject)
    decisions.refuse(proposal, by, reason, note=note)
    lines = []
    for each in release.returns.select_for_update().filter(state=State.PROPOSED).order_by("pk"):
        _move(each, State.REFUSED)
        lines.append(audit.Entry(Deed.REFUSED, each.reference, {"list": release.reference}))
    audit.record_many(lines, by=by)


# --- his wish --------------------------------------------------------------------------------------------------------


@transaction.atomic
def record_wish(
    return_of: Return, *, says: Says, said_on: date, was_alone: bool, interpreter: str = "", with_whom: str = "",
    note: str = "", by: Staff,
) -> Wish:  # fmt: skip
    """What he said when somebody asked him. A wish to go counts only if he was asked alone."""
    return_of = _locked(return_of)
    if return_of.state in (State.PROPOSED, *ENDED):
        raise NotNow(_("He is asked once the release is approved, and as long as it stands."))
    if says == Says.TO_GO and not was_alone:
        raise NoWish(_("A wish to go counts only when he was asked alone. Ask him again, alone."))
    if said_on > clock.today():
        raise NoWish(_("The day he was asked lies in the future."))
    wish = Wish.objects.create(
        return_of=return_of, says=says, said_on=said_on, was_alone=was_alone, interpreter=interpreter or None,
        with_whom=with_whom or None, note=note or None, asked_by=by,
    )  # fmt: skip
    if says != Says.TO_GO:
        _not_going(return_of, by=by)
    elif return_of.state in (State.APPROVED, State.WITHDRAWN) and queries.current_wish(return_of) is not None:
        _move(return_of, State.WISH_RECORDED)
    audit.record(Deed.WISH_RECORDED, by=by, about=return_of.reference, detail={"says": str(says)})
    return wish


@transaction.atomic
def withdraw_wish(return_of: Return, *, by: Staff) -> None:
    """He takes it back: at any time up to the last signature, without giving a reason."""
    return_of = _locked(return_of)
    wish = queries.last_word(return_of)
    if return_of.state in ENDED or wish is None or wish.withdrawn_at is not None:
        raise NotNow(_("There is no wish to take back."))
    wish.withdrawn_at, wish.withdrawn_by = clock.now(), by
    wish.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _not_going(return_of, by=by)
    audit.record(Deed.WISH_WITHDRAWN, by=by, about=return_of.reference)


def _not_going(return_of: Return, *, by: Staff) -> None:
    """Everything towards the family stops; the house rings nobody: a person tells them."""
    if return_of.state in (State.APPROVED, State.WITHDRAWN):
        return
    _cancel_invitation(return_of, by=by)
    _move(return_of, State.WITHDRAWN)


# --- the family ------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite(return_of: Return, *, by: Staff) -> Invitation:
    """Invite the family: the invitation stands on her page, and a neutral message says that there is something to read."""
    return_of = _locked(return_of)
    if return_of.state != State.WISH_RECORDED:
        raise NotNow(_("A family is invited once he has said that he wishes to go."))
    _check_gate(return_of)
    if return_of.fitness == Fitness.NOT_FIT:
        raise NotNow(_("A physician has not found him fit to travel."))
    _move(return_of, State.INVITED)
    invitation = Invitation.objects.create(return_of=return_of, invited_by=by)
    disclosure.propose_paper(return_of.enquiry, content=papers.invitation(invitation), by=by)
    contact.ring(return_of.enquiry.reference, because="returns.invited")
    audit.record(Deed.INVITED, by=by, about=return_of.reference)
    return invitation


@transaction.atomic
def propose_invitation_paper(return_of: Return, *, by: Staff) -> Proposal:
    """Propose the paper of her invitation anew: nobody decided in time, or the second person refused."""
    invitation = queries.standing_invitation(_locked(return_of))
    if invitation is None or invitation.paper_id is not None:
        raise NotNow(_("No invitation stands that has no paper yet."))
    return disclosure.propose_paper(return_of.enquiry, content=papers.invitation(invitation), by=by)


@transaction.atomic
def approve_invitation_paper(proposal: Proposal, *, payload_hash: str, by: Staff) -> Invitation:
    """The second person's yes over its exact words: the paper is made out, and stands on her page."""
    return_of = queries.standing_return(Enquiry.objects.get(reference=proposal.subject))
    invitation = queries.standing_invitation(_locked(return_of)) if return_of else None
    if invitation is None:
        raise NotNow(_("This invitation does not stand any more."))
    disclosure.approve_paper(proposal, payload_hash=payload_hash, by=by)
    issued = disclosure.issue_paper(proposal, by=by)
    invitation.paper, invitation.paper_pdf = issued.paper, base64.b64encode(issued.pdf).decode()
    invitation.save(update_fields=["paper", "paper_pdf"])
    contact.ring(invitation.return_of.enquiry.reference, because="returns.paper")
    return invitation


@transaction.atomic
def accept_invitation(invitation: Invitation, comers: Sequence[Comer], *, by: Staff | None = None) -> Invitation:
    """She comes (`by` None: on her own page), names at most three, herself first, and the documents they carry."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    return_of = _locked(invitation.return_of)
    if invitation.cancelled_at is not None or invitation.declined_at is not None:
        raise NotNow(_("This invitation does not stand any more."))
    if return_of.state not in (State.INVITED, State.ACCEPTED):
        raise NotNow(_("This can no longer be changed here. Call us."))
    if not comers:
        raise NotNow(_("Say who comes."))
    if len(comers) > AT_MOST:
        raise NotNow(_("At most three people can come."))
    invitation.accepted_at = invitation.accepted_at or clock.now()
    invitation.answered_through = by
    invitation.save(update_fields=["accepted_at", "answered_through"])
    invitation.travellers.all().delete()
    for place, comer in enumerate(comers, 1):
        Traveller.objects.create(
            invitation=invitation, place=place, name=comer.name, born=comer.born, nationality=comer.nationality,
            document_kind=comer.document_kind, document_number=comer.document_number, step_free=comer.step_free,
        )  # fmt: skip
    if return_of.state == State.INVITED:
        _check_gate(return_of)
        _move(return_of, State.ACCEPTED)
    audit.record(Deed.ACCEPTED, by=by, about=return_of.reference, detail={"people": len(comers)})
    return invitation


@transaction.atomic
def decline_invitation(invitation: Invitation, *, by: Staff | None = None) -> None:
    """She cannot or does not want to come; the return stands still until somebody has spoken with both."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    return_of = _locked(invitation.return_of)
    if invitation.cancelled_at is not None or return_of.state not in (State.INVITED, State.ACCEPTED):
        raise NotNow(_("This can no longer be changed here. Call us."))
    invitation.accepted_at, invitation.declined_at, invitation.answered_through = None, clock.now(), by
    invitation.save(update_fields=["accepted_at", "declined_at", "answered_through"])
    return_of.reason = "family_declined"
    _move(return_of, State.SUSPENDED)
    audit.record(Deed.DECLINED, by=by, about=return_of.reference)


def _cancel_invitation(return_of: Return, *, by: Staff) -> None:
    for invitation in Invitation.objects.filter(return_of=return_of, cancelled_at__isnull=True).select_related("paper"):
        if invitation.paper is not None and invitation.paper.revoked_at is None:
            disclosure.revoke_paper(invitation.paper, by=by)
        invitation.cancelled_at, invitation.paper_pdf = clock.now(), None
        invitation.save(update_fields=["cancelled_at", "paper_pdf"])
    waiting = open_proposals(queries.PAPER_KIND).filter(subject=return_of.enquiry.reference).first()
    if waiting is not None:
        decisions.void(waiting, by=by)


# --- going on, standing still ----------------------------------------------------------------------------------------

# The steps that the rooms above report: the journey, the reception, the escort, the handover.
_BY_ROOMS_ABOVE = (State.ACCEPTED, State.TRAVELLING, State.RECEIVED, State.ESCORTED, State.HANDED_OVER)


@transaction.atomic
def move_on(return_of: Return, state: State, *, on: date | None = None, by: Staff | None) -> Return:
    """The family set out, arrived, is escorted, received him, or its journey broke off: for the rooms above.

    `by` is None when the family itself reports it (a check-in). At every step his wish must be current.
    """
    return_of = _locked(return_of)
    if return_of.state == state:
        return return_of
    if state not in _BY_ROOMS_ABOVE or state not in NEXT[State(return_of.state)]:
        raise NotNow(_("The return does not stand where this could follow."))
    _check_gate(return_of, on=on, level=KINSHIP_TO_HAND_OVER if state == State.HANDED_OVER else KINSHIP_TO_INVITE)
    _move(return_of, state, on=on)
    audit.record(Deed.MOVED, by=by, about=return_of.reference, detail={"to": str(state)})
    return return_of


SUSPENSIONS: Mapping[str, Any] = {
    "fitness": gettext_lazy("he is not fit to travel"),
    "family_declined": gettext_lazy("the family does not come"),
    "proceedings": gettext_lazy("proceedings are open against him (Art. 115)"),
    "road": gettext_lazy("there is no safe road"),
    "identity": gettext_lazy("doubt who he, or who receives him, is"),
    "postponed": gettext_lazy("put off at the handover"),
    "refused_there": gettext_lazy("somebody refused at the handover"),
    "authority": gettext_lazy("the authority withdrew its decision"),
    "other": gettext_lazy("another reason"),
}


@transaction.atomic
def suspend(return_of: Return, *, reason: str, note: str = "", by: Staff) -> Return:
    """Stand still, with a reason, until somebody takes it up again."""
    return_of = _locked(return_of)
    if State.SUSPENDED not in NEXT[State(return_of.state)]:
        raise NotNow(_("The return does not stand where it could be suspended."))
    return_of.reason, return_of.reason_note = reason, note or None
    _move(return_of, State.SUSPENDED)
    audit.record(Deed.SUSPENDED, by=by, about=return_of.reference, detail={"reason": reason})
    return return_of


@transaction.atomic
def resume(return_of: Return, *, by: Staff) -> Return:
    """Take it up again: where a family had accepted and he still wishes, from there; else from his wish."""
    return_of = _locked(return_of)
    if return_of.state != State.SUSPENDED:
        raise NotNow(_("The return is not suspended."))
    invitation = queries.standing_invitation(return_of)
    wishes = queries.current_wish(return_of) is not None
    if invitation is not None and invitation.accepted_at is not None and wishes:
        to = State.ACCEPTED
        _check_gate(return_of)
    else:
        # What an earlier invitation said is not carried over to the next one.
        _cancel_invitation(return_of, by=by)
        to = State.WISH_RECORDED if wishes else State.APPROVED
    return_of.reason, return_of.reason_note = "", None
    _move(return_of, to)
    audit.record(Deed.RESUMED, by=by, about=return_of.reference, detail={"to": str(to)})
    return return_of


@transaction.atomic
def revoke(return_of: Return, *, reason: str = "authority", note: str = "", by: Staff) -> Return:
    """The authority takes its decision back, for this man. It is final; another list may carry him again."""
    return_of = _locked(return_of)
    if State.REVOKED not in NEXT[State(return_of.state)]:
        raise NotNow(_("The return has ended."))
    _cancel_invitation(return_of, by=by)
    return_of.reason, return_of.reason_note = reason, note or None
    _move(return_of, State.REVOKED)
    audit.record(Deed.REVOKED, by=by, about=return_of.reference, detail={"reason": reason})
    return return_of


@transaction.atomic
def note_fitness(return_of: Return, *, fitness: Fitness, on: date, note: str = "", by: Staff) -> Return:
    """A physician looked at him again. Who is not fit stands still."""
    return_of = _locked(return_of)
    if return_of.state in ENDED:
        raise NotNow(_("The return has ended."))
    if return_of.state == State.PROPOSED:
        raise NotNow(_("The list is being decided over what it says now."))
    if fitness == Fitness.NOT_FIT and return_of.state in WITH_FAMILY:
        return_of.reason = "fitness"
        _move(return_of, State.SUSPENDED)
    return_of.fitness, return_of.fitness_on, return_of.fitness_note = fitness, on, note or None
    return_of.save(update_fields=["fitness", "fitness_on", "fitness_note"])
    audit.record(Deed.FITNESS, by=by, about=return_of.reference, detail={"fitness": str(fitness)})
    return return_of


def _locked(return_of: Return) -> Return:
    return Return.objects.select_for_update().select_related("entry", "enquiry__sought").get(pk=return_of.pk)


def _move(return_of: Return, state: State, *, on: date | None = None) -> None:
    return_of.state = state
    # A handover written down offline comes in on a later day than it happened; days never run backwards.
    return_of.state_on = max(return_of.state_on, on or clock.today())
    return_of.version += 1
    return_of.save(update_fields=["state", "state_on", "reason", "reason_note", "version"])


def what_stands_in_the_way(return_of: Return) -> str:
    """Why this return cannot go on today, in a sentence; "" where nothing stands in its way."""
    try:
        _check_gate(return_of)
    except Refusal as why:
        return str(why)
    return ""


def _check_gate(return_of: Return, *, on: date | None = None, level: int = KINSHIP_TO_INVITE) -> None:
    """His current wish, and their kinship: asked anew at every step towards the family."""
    day = on or clock.today()
    if queries.current_wish(return_of, on=day) is None:
        raise NoWish(_("His wish to go is missing, taken back, or older than thirty days. Ask him again, alone."))
    if day > return_of.valid_until:
        raise NotNow(_("The release has run out."))
    if queries.kinship_of(return_of.enquiry) < level:
        raise NoKinship(_("The kinship is not proven far enough: level %(level)s is needed here.") % {"level": level})
