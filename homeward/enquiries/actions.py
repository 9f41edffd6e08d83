"""What is done with enquiries."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.channels.carrying import Channel as Way
from homeward.contact import actions as contact
from homeward.enquiries import queries
from homeward.enquiries.deeds import Deed
from homeward.enquiries.facts import BY_CODE, MATCHED
from homeward.enquiries.models import (
    Channel,
    Correction,
    Enquiry,
    Joining,
    Partner,
    Question,
    Reach,
    Relation,
    Sighting,
    SoughtPerson,
    State,
)
from homeward.lib import clock
from homeward.lib.changes.models import Side, note_changes
from homeward.lib.refusals import Refusal
from homeward.lib.sealed import blind_index
from homeward.lib.turn import take_turn

ENQUIRER = (
    "name", "telephone", "email", "telegram", "address", "safe_hours", "cover_phrase", "may_leave_message", "remarks",
)  # fmt: skip
# Past these, two persons have confirmed who he is: that is undone in tracing before he is moved.
_MOVABLE = (State.RECEIVED, State.SEARCHING, State.POTENTIAL_MATCH, State.NO_INFORMATION, State.WITHDRAWN)


class NothingSaid(Refusal):
    """Too little to seek a man by."""


class SomebodyWasFaster(Refusal):
    """The enquiry changed since the page was opened."""


class NotJoinable(Refusal):
    """These cannot be joined, or not be separated."""


class AlreadyAnswered(Refusal):
    """The question has its answer."""


def known_facts(facts: Mapping[str, str]) -> dict[str, str]:
    """Only facts that exist, without empty ones."""
    return {code: text for code in BY_CODE if (text := facts.get(code, "").strip())}


def telephone_index(number: str) -> bytes | None:
    """Sixteen bytes by which calls from one number are found again; None for no number."""
    digits = "".join(sign for sign in number if sign.isdigit())
    return blind_index("family", "telephone", digits) if digits else None


@transaction.atomic
def file_enquiry(
    facts: Mapping[str, str],
    *,
    channel: Channel,
    relation: Relation = Relation.UNKNOWN,
    language: str = "uk",
    enquirer: Mapping[str, str] | None = None,
    reach: Reach = Reach.NONE,
    sought: SoughtPerson | None = None,
    partner: Partner | None = None,
    partner_number: str = "",
    filing_token: str = "",
    sighting: str = "",
    sighting_link: str = "",
    by: Staff | None,
) -> Enquiry:
    """File an enquiry about a man already sought or a new one. The same token again gives the one already filed."""
    # Filers take turns, so of two sendings at once the second sees what the first one filed.
    take_turn()
    if filing_token:
        filed = Enquiry.objects.filter(filing_token=filing_token).first()
        if filed is not None:
            return filed
    said = known_facts(facts)
    if not any(said.get(code) for code in ("surname", "given", "full", "aliases")):
        raise NothingSaid(_("Write at least one part of his name."))
    left = {key: text for key in ENQUIRER if (text := (enquirer or {}).get(key, "").strip())}
    if sought is None:
        sought = SoughtPerson.objects.create(desk=by.desk if by else settings.FAMILY_DESK)
    elif sought.state == State.WITHDRAWN:
        # Somebody seeks him again.
        set_states([sought.pk], State.RECEIVED)
    enquiry = Enquiry(
        reference=queries.fresh_references(1)[0],
        sought=sought,
        relation=relation,
        channel=channel,
        language=language,
        facts=said,
        enquirer=left or None,
        reach=reach,
        telephone_index=telephone_index(left.get("telephone", "")),
        partner=partner,
        partner_number=partner_number or None,
        filing_token=filing_token or None,
        filed_by=by,
    )
    enquiry.save(force_insert=True)
    if sighting.strip():
        Sighting.objects.create(enquiry=enquiry, what=sighting.strip(), link=sighting_link.strip() or None, added_by=by)
    _wish_as_told(enquiry, left, by=by)
    _note([enquiry])
    audit.record(Deed.FILED, by=by, about=enquiry.reference, detail={"sought": enquiry.sought.reference})
    return enquiry


# What she chose when she asked, as contact knows it; a letter is no channel of ours.
_WAYS = {
    Reach.TELEPHONE: (Way.VOICE, "telephone"),
    Reach.SMS: (Way.SMS, "telephone"),
    Reach.EMAIL: (Way.EMAIL, "email"),
    Reach.TELEGRAM: (Way.TELEGRAM, "telegram"),
}


def _wish_as_told(enquiry: Enquiry, left: Mapping[str, str], *, by: Staff | None) -> None:
    """She may be reached: contact knows how from the same moment on."""
    way = _WAYS.get(Reach(enquiry.reach))
    if way is not None and left.get(way[1]):
        contact.set_wishes(
            enquiry.reference,
            language=enquiry.language,
            addresses=[(way[0], left[way[1]])],
            cover_phrase=left.get("cover_phrase", ""),
            by=by,
        )


@transaction.atomic
def forget_telegram(reference: str) -> None:
    """She does not wish to be written to on Telegram any more."""
    Enquiry.objects.filter(reference=reference, reach=Reach.TELEGRAM).update(reach=Reach.NONE)
    audit.record(Deed.TELEGRAM_FORGOTTEN, by=None, about=reference)


def _note(enquiries: Iterable[Enquiry]) -> None:
    note_changes(Side.SOUGHT, dict.fromkeys(enquiry.reference for enquiry in enquiries))


def _locked(enquiry: Enquiry, version: int) -> Enquiry:
    # The turn before the row, as lists that come in take them: in the other order two would wait for each other.
    take_turn()
    locked = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    if locked.version != version:
        raise SomebodyWasFaster(
            _("Somebody changed this enquiry while you looked. Look again; nothing you typed was saved.")
        )
    return locked


@transaction.atomic
def change_facts(enquiry: Enquiry, facts: Mapping[str, str], *, version: int, by: Staff | None) -> Enquiry:
    """She told more, or told it again rightly."""
    enquiry = _locked(enquiry, version)
    said = known_facts(facts)
    if not any(said.get(code) for code in ("surname", "given", "full", "aliases")):
        raise NothingSaid(_("Write at least one part of his name."))
    before = enquiry.facts
    Correction.objects.create(enquiry=enquiry, facts_before=before, enquirer_before=enquiry.enquirer, corrected_by=by)
    enquiry.facts = said
    enquiry.version += 1
    enquiry.save(update_fields=["facts", "version"])
    if any(before.get(code, "") != said.get(code, "") for code in MATCHED):
        _note([enquiry])
    changed = ",".join(code for code in BY_CODE if before.get(code, "") != said.get(code, ""))
    audit.record(Deed.CORRECTED, by=by, about=enquiry.reference, detail={"fields": changed[:120]})
    return enquiry


@transaction.atomic
def join_sought_persons(kept: SoughtPerson, left: SoughtPerson, *, by: Staff) -> Joining:
    """Both are one man: the enquiries about the second, and what was asked about him, hang on the first from now on."""
    kept, left = _locked_pair(kept, left)
    if kept.desk != left.desk:
        raise NotJoinable(_("They belong to different desks. Ask the other desk to hand him over first."))
    moved = list(left.enquiries.select_for_update())
    if not moved:
        raise NotJoinable(_("No enquiry hangs on this sought person any more."))
    if left.state not in _MOVABLE:
        raise NotJoinable(
            _("Two persons have judged who he is. Join the other one to him, or undo the judgement first.")
        )
    joining = _move(
        moved, into=kept, out_of=left, questions=list(left.questions.all()), kind=Joining.Kind.JOINED, by=by
    )
    audit.record(Deed.JOINED, by=by, about=kept.reference, detail={"other": left.reference})
    audit.record(Deed.JOINED, by=by, about=left.reference, detail={"other": kept.reference})
    return joining


@transaction.atomic
def separate_enquiry(enquiry: Enquiry, *, by: Staff) -> SoughtPerson:
    """This enquirer seeks another man than the others on this page."""
    take_turn()
    enquiry = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    before = SoughtPerson.objects.select_for_update().get(pk=enquiry.sought_id)
    if before.enquiries.count() < 2:
        raise NotJoinable(_("It is the only enquiry about him."))
    apart = SoughtPerson.objects.create(
        desk=before.desk, state=State.RECEIVED if enquiry.withdrawn_at is None else State.WITHDRAWN
    )
    _move([enquiry], into=apart, out_of=before, questions=[], kind=Joining.Kind.SEPARATED, by=by)
    audit.record(Deed.SEPARATED, by=by, about=before.reference, detail={"other": apart.reference})
    audit.record(Deed.SEPARATED, by=by, about=apart.reference, detail={"other": before.reference})
    return apart


@transaction.atomic
def undo_joining(joining: Joining, *, by: Staff) -> None:
    """It was a mistake: exactly what was moved goes back; what came later stays."""
    take_turn()
    joining = Joining.objects.select_for_update().get(pk=joining.pk)
    if joining.undone_at is not None:
        raise NotJoinable(_("This has been taken back already."))
    kept, left = _locked_pair(joining.kept, joining.left)
    moved, asked = list(joining.enquiries.all()), list(joining.questions.all())
    if any(enquiry.sought_id != kept.pk for enquiry in moved):
        raise NotJoinable(_("Some of these enquiries have been moved on since. Take that back first."))
    if kept.state not in _MOVABLE:
        raise NotJoinable(_("Two persons have judged who he is. Undo the judgement first."))
    Enquiry.objects.filter(pk__in=[enquiry.pk for enquiry in moved]).update(sought=left)
    Question.objects.filter(pk__in=[question.pk for question in asked], sought=kept).update(sought=left)
    # The states of before; what the search says now is settled by tracing, which is told below.
    set_states([left.pk], joining.left_state)
    set_states([kept.pk], joining.kept_state)
    joining.undone_by, joining.undone_at = by, clock.now()
    joining.save(update_fields=["undone_by", "undone_at"])
    _settle_withdrawn(kept, left)
    _note([*moved, *kept.enquiries.all()[:1]])
    audit.record(Deed.JOINING_UNDONE, by=by, about=kept.reference, detail={"other": left.reference})
    audit.record(Deed.JOINING_UNDONE, by=by, about=left.reference, detail={"other": kept.reference})


def _locked_pair(one: SoughtPerson, other: SoughtPerson) -> tuple[SoughtPerson, SoughtPerson]:
    take_turn()
    wanted = SoughtPerson.objects.select_for_update().filter(pk__in=[one.pk, other.pk]).order_by("pk")
    locked = {row.pk: row for row in wanted}
    if len(locked) < 2:
        raise NotJoinable(_("A sought person cannot be joined with himself."))
    return locked[one.pk], locked[other.pk]


def _move(
    enquiries: list[Enquiry],
    *,
    into: SoughtPerson,
    out_of: SoughtPerson,
    questions: list[Question],
    kind: Joining.Kind,
    by: Staff,
) -> Joining:
    joining = Joining.objects.create(
        kept=into, left=out_of, kind=kind, kept_state=into.state, left_state=out_of.state, joined_by=by
    )
    joining.enquiries.set(enquiries)
    joining.questions.set(questions)
    Enquiry.objects.filter(pk__in=[enquiry.pk for enquiry in enquiries]).update(sought=into)
    Question.objects.filter(pk__in=[question.pk for question in questions]).update(sought=into)
    _settle_withdrawn(into, out_of)
    _note([*enquiries, *out_of.enquiries.all()[:1], *into.enquiries.all()[:1]])
    return joining


def _settle_withdrawn(*men: SoughtPerson) -> None:
    """A man is withdrawn when enquiries about him were and none stands; one that nobody asks about keeps his state."""
    for man in men:
        state = SoughtPerson.objects.values_list("state", flat=True).get(pk=man.pk)
        standing = man.enquiries.filter(withdrawn_at__isnull=True).exists()
        if standing and state == State.WITHDRAWN:
            set_states([man.pk], State.RECEIVED)
        elif not standing and man.enquiries.exists():
            set_states([man.pk], State.WITHDRAWN)


@transaction.atomic
def add_sighting(enquiry: Enquiry, *, what: str, link: str = "", by: Staff | None) -> Sighting:
    """Somebody saw him; a link is kept as evidence and never shown."""
    if not what.strip():
        raise NothingSaid(_("Write who saw him, where and when."))
    sighting = Sighting.objects.create(enquiry=enquiry, what=what.strip(), link=link.strip() or None, added_by=by)
    audit.record(Deed.SIGHTED, by=by, about=enquiry.reference)
    return sighting


@transaction.atomic
def ask_question(sought: SoughtPerson, *, text: str, by: Staff) -> Question:
    """The bureau asks the family; whoever speaks with them next asks it."""
    question = Question.objects.create(sought=sought, text=text, asked_by=by)
    audit.record(Deed.ASKED, by=by, about=sought.reference)
    return question


@transaction.atomic
def record_answer(question: Question, *, answer: str, by: Staff | None) -> Question:
    """What the family answered."""
    take_turn()
    question = Question.objects.select_for_update(of=("self",)).select_related("sought").get(pk=question.pk)
    if question.answered_at is not None:
        raise AlreadyAnswered(_("This question has been answered already."))
    question.answer, question.answered_by, question.answered_at = answer, by, clock.now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    # Whoever traces looks at the pair again: an answer is news even where no fact changed.
    _note(question.sought.enquiries.all()[:1])
    audit.record(Deed.ANSWERED, by=by, about=question.sought.reference)
    return question


@transaction.atomic
def withdraw_enquiry(enquiry: Enquiry, *, version: int, by: Staff | None) -> Enquiry:
    """She takes her question back; nobody looks for him on her behalf any more."""
    enquiry = _locked(enquiry, version)
    if enquiry.withdrawn_at is not None:
        raise NothingSaid(_("This enquiry has been withdrawn already."))
    enquiry.withdrawn_at = clock.now()
    enquiry.version += 1
    enquiry.save(update_fields=["withdrawn_at", "version"])
    if not Enquiry.objects.filter(sought=enquiry.sought_id, withdrawn_at__isnull=True).exists():
        set_states([enquiry.sought_id], State.WITHDRAWN)
    contact.forget_wishes(enquiry.reference, by=by)
    _note([enquiry])
    audit.record(Deed.WITHDRAWN, by=by, about=enquiry.reference)
    return enquiry


def set_states(sought: Iterable[int], state: str) -> None:
    """The rooms above say where a case stands; they record why."""
    keys = list(sought)
    for start in range(0, len(keys), 500):
        SoughtPerson.objects.filter(pk__in=keys[start : start + 500]).update(state=state)


@transaction.atomic
def partner_called(name: str, *, desk: str = "1") -> Partner:
    """The partner of this name, made on first use."""
    return Partner.objects.get_or_create(name=name.strip(), defaults={"desk": desk})[0]
