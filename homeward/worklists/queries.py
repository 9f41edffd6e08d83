"""What waits for a member of staff, by her rights."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeward.access.models import ReadingAlarm, Staff
from homeward.access.rights import Right
from homeward.checkpoint import queries as checkpoint
from homeward.disclosure import queries as disclosure
from homeward.enquiries import queries as enquiries
from homeward.handover import queries as handover
from homeward.intake import queries as intake
from homeward.intake.models import Batch
from homeward.register import queries as register
from homeward.returns import dead, notices
from homeward.returns import queries as returns
from homeward.tracing import queries as tracing
from homeward.work import queries as work

# Counting further costs time and tells nobody more than "very many".
COUNTED = 1000


def _half_way(staff: Staff) -> QuerySet[Batch]:
    return intake.batches_visible_to(staff).filter(state__in=[Batch.State.LOOKED_AT, Batch.State.STOPPED])


@dataclass(frozen=True, slots=True)
class Pile:
    """One kind of work: who does it, what waits, since when the oldest has waited (by this field of the rows)."""

    label: str | Promise
    hint: str | Promise
    right: Right
    url_name: str
    rows: Callable[[Staff], QuerySet[Any]]
    since: str
    address: str = ""
    # The same rows in a form in which the oldest is found quickly, where that is another one.
    oldest: Callable[[Staff], QuerySet[Any]] | None = None


PILES: tuple[Pile, ...] = (
    Pile(
        _("Pairs for a second person"), _("Somebody said: the same. You confirm or disagree."), Right.TRACING_CONFIRM,
        "tracing:worklist", tracing.waiting_for_second_person, "first_seen_at", "?show=second",
    ),
    Pile(
        _("Pairs to judge"), _("Is the man a family seeks the man in the register?"), Right.TRACING_JUDGE,
        "tracing:worklist", tracing.waiting_for_judgement, "first_seen_at", oldest=tracing.waiting_for_judgement_by_age,
    ),
    Pile(
        _("Answers to decide"), _("May this be told, in these words?"), Right.DISCLOSURE_APPROVE,
        "disclosure:list", disclosure.awaiting_approval, "proposed_at",
    ),
    Pile(
        _("Answers to propose"), _("Two people confirmed who he is; his family has no answer yet."),
        Right.DISCLOSURE_PROPOSE, "disclosure:list", disclosure.awaiting_proposal, "received_at",
    ),
    Pile(
        _("Families to be called"), _("Grave news is told by a person."), Right.DISCLOSURE_CALL,
        "disclosure:calls", lambda staff: disclosure.call_list(), "approved_at",
    ),
    Pile(
        _("Passes to decide"), _("May she be let through, there and then?"), Right.CHECKPOINT_APPROVE,
        "checkpoint:today", checkpoint.awaiting_approval, "proposed_at",
    ),
    Pile(
        _("Release lists to decide"), _("May these men be released, to these people, on these terms?"),
        Right.RETURNS_APPROVE, "returns:list", returns.lists_to_decide, "proposed_at",
    ),
    Pile(
        _("Release lists to propose"), _("Written, and not proposed yet."), Right.RETURNS_PROPOSE,
        "returns:list", returns.lists_to_propose, "made_at",
    ),
    Pile(
        _("Men to be asked"), _("Released; nobody has asked him, alone, whether he wishes to go."),
        Right.RETURNS_WISH, "returns:list", returns.to_be_asked, "made_at", "?state=approved",
    ),
    Pile(
        _("Wishes growing old"), _("A wish is good for thirty days. Ask him again."),
        Right.RETURNS_WISH, "returns:list", returns.wishes_growing_old, "made_at",
    ),
    Pile(
        _("Families to invite"), _("He wishes to go; his family does not know yet."), Right.RETURNS_PROPOSE,
        "returns:list", returns.to_be_invited, "made_at", "?state=wish_recorded",
    ),
    Pile(
        _("Suspended returns"), _("Each stands still for a reason that somebody can clear up."), Right.RETURNS_PROPOSE,
        "returns:list", returns.suspended, "made_at", "?state=suspended",
    ),
    Pile(
        _("Notices to send"), _("The Central Agency and the Protecting Power are told at once."), Right.RETURNS_PROPOSE,
        "returns:notices", lambda staff: notices.waiting_notices(), "queued_at",
    ),
    Pile(
        _("Families of the dead"), _("Told by a call; now ask how they wish to receive what is left of him."),
        Right.RETURNS_PROPOSE, "returns:dead", dead.told_answers, "approved_at",
    ),
    Pile(
        _("Families expected today"), _("Receive them: document, face, name."), Right.HANDOVER_RECEIVE,
        "handover:list", handover.expected_today, "expected_at",
    ),
    Pile(
        _("Families to be handed over to"), _("Escorted, and there."), Right.HANDOVER_RECORD,
        "handover:list", handover.to_be_handed_over, "made_at",
    ),
    Pile(
        _("Convoys"), _("Planned or on the way."), Right.HANDOVER_ESCORT,
        "handover:list", handover.convoys_to_drive, "leaves_at",
    ),
    Pile(
        _("Contacts after a handover"), _("Call them, and ask how they are."), Right.HANDOVER_RECORD,
        "handover:contacts", handover.follow_ups_due, "return_of__made_at",
    ),
    Pile(
        _("Questions about entries"), _("A tracer cannot decide without you."), Right.REGISTER_WRITE,
        "tracing:questions", lambda staff: tracing.open_entry_questions(), "asked_at",
    ),
    Pile(
        _("Doubtful rows"), _("A list said something that needs a look."), Right.REGISTER_WRITE,
        "register:doubtful", register.doubtful_entries, "made_at",
    ),
    Pile(
        _("Asked on the web"), _("Families wrote these themselves; nobody has read them with them."),
        Right.ENQUIRIES_READ, "enquiries:list", enquiries.asked_on_the_web, "received_at", "?channel=web",
    ),
    Pile(
        _("Questions to families"), _("Asked by tracers, not answered yet. Ask at the next contact."),
        Right.ENQUIRIES_FILE, "enquiries:questions", enquiries.open_questions, "asked_at",
    ),
    Pile(
        _("Lists half-way"), _("Uploaded or stopped, not yet done."), Right.REGISTER_IMPORT,
        "intake:list", _half_way, "made_at",
    ),
    Pile(
        _("Reading alarms"), _("Somebody opened more records than her work asks for. Ask her why."), Right.STAFF_MANAGE,
        "access:alarms", lambda staff: ReadingAlarm.objects.filter(lifted_at__isnull=True), "raised_at",
    ),
    Pile(
        _("Work that failed"), _("Tried many times in vain; needs a person."), Right.WORK_MANAGE,
        "work:list", lambda staff: work.dead_jobs(), "made_at",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pile as the home page shows it."""

    label: str | Promise
    hint: str | Promise
    url: str
    count: int
    more: bool
    since: datetime | None


class _Counted(Subquery):
    """How many rows a query has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def piles_for(staff: Staff) -> Iterator[Waiting]:
    """The piles of this person's work; the empty ones too, so that nothing seems forgotten. One query counts them all."""
    piles = [pile for pile in PILES if staff.may(pile.right)]
    asked: dict[str, Subquery] = {}
    for number, pile in enumerate(piles):
        asked[f"count_{number}"] = _Counted(pile.rows(staff).order_by().values("pk")[: COUNTED + 1])
        by_age = (pile.oldest or pile.rows)(staff).order_by(pile.since)
        asked[f"since_{number}"] = Subquery(by_age.values(pile.since)[:1])
    told: Mapping[str, Any] = Staff.objects.filter(pk=staff.pk).values(**asked).get() if asked else {}
    for number, pile in enumerate(piles):
        count = told[f"count_{number}"] or 0
        yield Waiting(
            pile.label, pile.hint, reverse(pile.url_name) + pile.address, min(count, COUNTED), count > COUNTED,
            told[f"since_{number}"],
        )  # fmt: skip
