"""What tracers do with a potential match."""

from django.db import transaction
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.access.rights import Right
from homeward.decisions import actions as decisions
from homeward.decisions.models import Proposal, RefusalReason
from homeward.enquiries import actions as enquiries
from homeward.lib import clock
from homeward.lib.refusals import NotYours, Refusal
from homeward.tracing.deeds import Deed
from homeward.tracing.models import EntryQuestion, Judgement, MatchState, PotentialMatch, Verdict
from homeward.tracing.states import settle_states

PROPOSAL_KIND = "tracing.same"


class AlreadyJudged(Refusal):
    """The pair is settled; undo first."""


class SecondPersonNeeded(Refusal):
    """Someone else has to confirm."""


class SomebodyWasFaster(Refusal):
    """The pair changed since the page was opened."""


class NothingToUndo(Refusal):
    """No judgement stands."""


def _locked(match: PotentialMatch, version: int) -> PotentialMatch:
    # The row is locked so that two people pressing at once are counted as two.
    locked = PotentialMatch.objects.select_for_update().get(pk=match.pk)
    if locked.version != version:
        raise SomebodyWasFaster(_("Somebody judged this pair while you looked. Look again."))
    return locked


def _keep(match: PotentialMatch) -> None:
    match.version += 1
    match.save()
    settle_states([match.sought_id])


def same_payload(match: PotentialMatch) -> dict[str, str]:
    """What exactly a second person confirms: this entry for this sought person."""
    return {"match": match.reference, "sought": match.sought.reference, "entry": match.entry.reference}


@transaction.atomic
def say_same(match: PotentialMatch, *, version: int, note: str = "", by: Staff) -> PotentialMatch:
    """The first person's yes. Nothing is confirmed until a second one agrees."""
    match = _locked(match, version)
    if match.state != MatchState.POTENTIAL:
        raise AlreadyJudged(_("This pair has been judged already."))
    if match.same_said_by_id is not None:
        if match.same_said_by_id == by.pk:
            raise SecondPersonNeeded(_("You said so already. Someone else has to confirm it."))
        raise AlreadyJudged(_("Someone said so already. It waits for a second person."))
    if PotentialMatch.objects.filter(sought=match.sought_id, state=MatchState.CONFIRMED).exists():
        raise AlreadyJudged(_("Another match of this sought person is confirmed. Undo that one first."))
    match.same_said_by = by
    match.waits_for_answer = False
    match.proposal = decisions.propose(
        PROPOSAL_KIND, subject=match.reference, payload=same_payload(match), by=by, expires_in=None
    )
    Judgement.objects.create(match=match, verdict=Verdict.SAME, note=note or None, judged_by=by)
    _keep(match)
    return match


@transaction.atomic
def confirm_same(match: PotentialMatch, *, version: int, note: str = "", by: Staff) -> PotentialMatch:
    """The second person's yes: the pair is confirmed and its siblings are settled."""
    match = _locked(match, version)
    if match.state != MatchState.POTENTIAL or match.proposal is None:
        raise AlreadyJudged(_("This pair does not wait for a second person."))
    if match.same_said_by_id == by.pk:
        raise SecondPersonNeeded(_("Someone else has to give the second yes."))
    if not by.may(Right.TRACING_CONFIRM):
        raise NotYours(_("Confirming is not part of your work."))
    decisions.approve(match.proposal, decisions.payload_hash(same_payload(match)), by=by)
    match.same_confirmed_by = by
    match.state = MatchState.CONFIRMED
    Judgement.objects.create(match=match, verdict=Verdict.SAME_CONFIRMED, note=note or None, judged_by=by)
    PotentialMatch.objects.filter(sought=match.sought_id, state=MatchState.POTENTIAL).exclude(pk=match.pk).update(
        state=MatchState.SUPERSEDED, superseded_by=match
    )
    _keep(match)
    return match


@transaction.atomic
def say_not_the_same(match: PotentialMatch, *, version: int, note: str = "", by: Staff) -> PotentialMatch:
    """They are two people. Remembered for ever: no later search proposes the pair again."""
    match = _locked(match, version)
    if match.state != MatchState.POTENTIAL:
        raise AlreadyJudged(_("This pair has been judged already."))
    waiting: Proposal | None = match.proposal if match.same_said_by_id is not None else None
    if waiting is not None and match.same_said_by_id != by.pk:
        # A second person who disagrees is heard as a refusal of the first one's yes.
        if not by.may(Right.TRACING_CONFIRM):
            raise NotYours(_("Someone said they are the same. Only a verifier can disagree now."))
        decisions.refuse(waiting, by=by, reason=RefusalReason.WRONG_PERSON)
    elif waiting is not None:
        decisions.void(waiting, by=by)
    match.state = MatchState.NOT_THE_SAME
    match.same_said_by = None
    match.proposal = None
    match.waits_for_answer = False
    Judgement.objects.create(match=match, verdict=Verdict.NOT_THE_SAME, note=note or None, judged_by=by)
    _keep(match)
    audit.record(Deed.NOT_THE_SAME, by=by, about=match.reference)
    return match


@transaction.atomic
def say_unsure(
    match: PotentialMatch, *, version: int, ask_family: str = "", ask_registrar: str = "", note: str = "", by: Staff
) -> PotentialMatch:
    """The tracer cannot tell; a question goes to the family, to the registrar, or to both, and the pair waits for it."""
    match = _locked(match, version)
    if match.state != MatchState.POTENTIAL:
        raise AlreadyJudged(_("This pair has been judged already."))
    if not (ask_family or ask_registrar):
        raise Refusal(_("Write the question that would decide it: to the family, to the registrar, or both."))
    if ask_family:
        enquiries.ask_question(match.sought, text=ask_family, by=by)
    if ask_registrar:
        EntryQuestion.objects.create(match=match, text=ask_registrar, asked_by=by)
    match.waits_for_answer = True
    Judgement.objects.create(match=match, verdict=Verdict.UNSURE, note=note or None, judged_by=by)
    _keep(match)
    audit.record(Deed.UNSURE, by=by, about=match.reference)
    return match


@transaction.atomic
def answer_entry_question(question: EntryQuestion, *, answer: str, by: Staff) -> None:
    """The registrar's answer; the pair comes back to the worklist."""
    question = EntryQuestion.objects.select_for_update().get(pk=question.pk)
    if question.answered_at is not None:
        raise AlreadyJudged(_("This question has been answered already."))
    question.answer, question.answered_by, question.answered_at = answer, by, clock.now()
    question.save()
    PotentialMatch.objects.filter(pk=question.match_id).update(waits_for_answer=False)
    audit.record(Deed.ANSWERED, by=by, about=question.match.reference)


@transaction.atomic
def undo(match: PotentialMatch, *, version: int, by: Staff) -> PotentialMatch:
    """Take the standing judgement back: the pair is potential again, its siblings too. The history keeps both."""
    match = _locked(match, version)
    standing = list(match.judgements.filter(undone_at__isnull=True).order_by("-judged_at", "-pk"))
    if not standing:
        raise NothingToUndo(_("No judgement stands here."))
    if match.state == MatchState.CONFIRMED and not by.may(Right.TRACING_CONFIRM):
        raise NotYours(_("Taking back a confirmation is a verifier's work."))
    if match.same_said_by_id is not None and match.state == MatchState.POTENTIAL and match.proposal is not None:
        decisions.void(match.proposal, by=by)
    PotentialMatch.objects.filter(superseded_by=match, state=MatchState.SUPERSEDED).update(
        state=MatchState.POTENTIAL, superseded_by=None
    )
    moment = clock.now()
    for judgement in standing:
        judgement.undone_by, judgement.undone_at = by, moment
        judgement.save()
    match.state = MatchState.POTENTIAL
    match.same_said_by = match.same_confirmed_by = match.proposal = None
    match.waits_for_answer = False
    _keep(match)
    audit.record(Deed.UNDONE, by=by, about=match.reference)
    return match
