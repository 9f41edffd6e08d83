"""What is done with enquiries."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.enquiries.deeds import Deed
from homeward.enquiries.facts import BY_CODE, MATCHED
from homeward.enquiries.models import (
    Channel,
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

ENQUIRER = ("name", "telephone", "email", "telegram", "address", "safe_hours", "cover_phrase", "may_leave_message")


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
    by: Staff,
) -> Enquiry:
    """File an enquiry, about a man already sought or a new one. The same token again gives the enquiry already filed."""
    if filing_token:
        filed = Enquiry.objects.filter(filing_token=filing_token).first()
        if filed is not None:
            return filed
    said = known_facts(facts)
    if not any(said.get(code) for code in ("surname", "given", "full", "aliases")):
        raise NothingSaid(_("Write at least one part of his name."))
    left = {key: text for key in ENQUIRER if (text := (enquirer or {}).get(key, "").strip())}
    enquiry = Enquiry.objects.create(
        sought=sought or SoughtPerson.objects.create(desk=by.desk),
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
    _note([enquiry])
    audit.record(Deed.FILED, by=by, about=enquiry.reference, detail={"sought": enquiry.sought.reference})
    return enquiry


def _note(enquiries: Iterable[Enquiry]) -> None:
    note_changes(Side.SOUGHT, [enquiry.reference for enquiry in enquiries])


def _locked(enquiry: Enquiry, version: int) -> Enquiry:
    locked = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    if locked.version != version:
        raise SomebodyWasFaster(
            _("Somebody changed this enquiry while you looked. Look again; nothing you typed was saved.")
        )
    return locked


@transaction.atomic
def change_facts(enquiry: Enquiry, facts: Mapping[str, str], *, version: int, by: Staff) -> Enquiry:
    """She told more, or told it again rightly."""
    enquiry = _locked(enquiry, version)
    said = known_facts(facts)
    if not any(said.get(code) for code in ("surname", "given", "full", "aliases")):
        raise NothingSaid(_("Write at least one part of his name."))
    before = enquiry.facts
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
    """Both are one man: the enquiries about the second hang on the first from now on."""
    locked = {row.pk: row for row in SoughtPerson.objects.select_for_update().filter(pk__in=[kept.pk, left.pk])}
    if len(locked) < 2:
        raise NotJoinable(_("A sought person cannot be joined with himself."))
    if locked[kept.pk].desk != locked[left.pk].desk:
        raise NotJoinable(_("They belong to different desks. Ask the other desk to hand him over first."))
    moved = list(Enquiry.objects.select_for_update().filter(sought=left))
    if not moved:
        raise NotJoinable(_("No enquiry hangs on this sought person any more."))
    joining = Joining.objects.create(kept=kept, left=left, joined_by=by)
    joining.enquiries.set(moved)
    Enquiry.objects.filter(pk__in=[enquiry.pk for enquiry in moved]).update(sought=kept)
    _note(moved)
    audit.record(Deed.JOINED, by=by, about=kept.reference, detail={"other": left.reference})
    audit.record(Deed.JOINED, by=by, about=left.reference, detail={"other": kept.reference})
    return joining


@transaction.atomic
def undo_joining(joining: Joining, *, by: Staff) -> None:
    """They are two men after all: the enquiries that were moved go back; what came later stays."""
    joining = Joining.objects.select_for_update().select_related("kept", "left").get(pk=joining.pk)
    if joining.undone_at is not None:
        raise NotJoinable(_("This has been separated already."))
    moved = list(joining.enquiries.filter(sought=joining.kept))
    Enquiry.objects.filter(pk__in=[enquiry.pk for enquiry in moved]).update(sought=joining.left)
    joining.undone_by, joining.undone_at = by, clock.now()
    joining.save(update_fields=["undone_by", "undone_at"])
    _note([*moved, *joining.kept.enquiries.all()[:1]])
    audit.record(Deed.SEPARATED, by=by, about=joining.kept.reference, detail={"other": joining.left.reference})
    audit.record(Deed.SEPARATED, by=by, about=joining.left.reference, detail={"other": joining.kept.reference})


@transaction.atomic
def separate_enquiry(enquiry: Enquiry, *, by: Staff) -> SoughtPerson:
    """This enquirer seeks another man than the others on this page."""
    enquiry = Enquiry.objects.select_for_update().select_related("sought").get(pk=enquiry.pk)
    before = enquiry.sought
    if before.enquiries.count() < 2:
        raise NotJoinable(_("It is the only enquiry about him."))
    apart = SoughtPerson.objects.create(desk=before.desk)
    Enquiry.objects.filter(pk=enquiry.pk).update(sought=apart)
    _note([enquiry, *before.enquiries.all()[:1]])
    audit.record(Deed.SEPARATED, by=by, about=before.reference, detail={"other": apart.reference})
    audit.record(Deed.SEPARATED, by=by, about=apart.reference, detail={"other": before.reference})
    return apart


@transaction.atomic
def add_sighting(enquiry: Enquiry, *, what: str, link: str = "", by: Staff) -> Sighting:
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
def record_answer(question: Question, *, answer: str, by: Staff) -> Question:
    """What the family answered."""
    question = Question.objects.select_for_update().select_related("sought").get(pk=question.pk)
    if question.answered_at is not None:
        raise AlreadyAnswered(_("This question has been answered already."))
    question.answer, question.answered_by, question.answered_at = answer, by, clock.now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    # Whoever traces looks at the pair again: an answer is news even where no fact changed.
    _note(question.sought.enquiries.all()[:1])
    audit.record(Deed.ANSWERED, by=by, about=question.sought.reference)
    return question


@transaction.atomic
def withdraw_enquiry(enquiry: Enquiry, *, version: int, by: Staff) -> Enquiry:
    """She takes her question back; nobody looks for him on her behalf any more."""
    enquiry = _locked(enquiry, version)
    if enquiry.withdrawn_at is not None:
        raise NothingSaid(_("This enquiry has been withdrawn already."))
    enquiry.withdrawn_at = clock.now()
    enquiry.version += 1
    enquiry.save(update_fields=["withdrawn_at", "version"])
    if not Enquiry.objects.filter(sought=enquiry.sought_id, withdrawn_at__isnull=True).exists():
        set_states([enquiry.sought_id], State.WITHDRAWN)
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
