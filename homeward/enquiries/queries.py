"""Reads of enquiries: what may this person see?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from homeward.access.models import Staff
from homeward.access.rights import Right
from homeward.enquiries.facts import FACTS, GROUPS, Fact, name_of
from homeward.enquiries.models import Channel, Enquiry, Joining, Partner, Question, SoughtPerson
from homeward.lib import clock, references
from homeward.matching import client
from namesake import Person

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy

PAGE = 50
EARLIER = 8
# So many keys may stand in one statement.
_FEW = 900


def enquiries_visible_to(staff: Staff) -> QuerySet[Enquiry]:
    """The enquiries of the person's desk; for a partner's clerk, those of her own partner and those she filed herself."""
    enquiries = Enquiry.objects.filter(sought__desk=staff.desk)
    if _is_clerk(staff):
        return enquiries.filter(_of_clerk(staff))
    return enquiries


def _of_clerk(staff: Staff) -> Q:
    """Her partner is the one of her desk. Where two share a desk nobody can say whose clerk she is: then what she filed only."""
    partners = list(Partner.objects.filter(desk=staff.desk).values_list("pk", flat=True)[:2])
    own = Q(filed_by=staff)
    return own | Q(partner__in=partners) if len(partners) == 1 else own


def sought_visible_to(staff: Staff) -> QuerySet[SoughtPerson]:
    """Sought persons with an enquiry this person may see, or whose last one was moved away."""
    visible = enquiries_visible_to(staff).filter(sought=OuterRef("pk"))
    emptied = Q(desk=staff.desk) & ~Exists(Enquiry.objects.filter(sought=OuterRef("pk")))
    return SoughtPerson.objects.filter(Exists(visible) | emptied)


def fresh_references(count: int) -> list[str]:
    """References no enquiry bears yet. With eight digits chance gives one twice already among some thousands."""
    found: dict[str, None] = {}
    while len(found) < count:
        tried = list(dict.fromkeys(references.new() for _ in range(min(count - len(found), 500))))
        taken = set(Enquiry.objects.filter(reference__in=tried).values_list("reference", flat=True))
        found.update(dict.fromkeys(reference for reference in tried if reference not in taken))
    return list(found)


@dataclass(frozen=True, slots=True)
class Line:
    """An enquiry in a list."""

    enquiry: Enquiry
    name: str
    born: str
    unit: str


def lines_of(enquiries: Sequence[Enquiry]) -> list[Line]:
    """The lines of a page."""
    return [
        Line(enquiry, name_of(enquiry.facts), enquiry.facts.get("born", ""), enquiry.facts.get("unit", ""))
        for enquiry in enquiries
    ]


def enquiries_page(staff: Staff, *, state: str = "", channel: str = "", before: str = "") -> list[Enquiry]:
    """A page, the newest first, and one more if there are older ones.

    Sees what `enquiries_visible_to` sees. Few men are asked for by their keys, many are looked up one by one from the newest
    enquiry down: joined, a million of them would be sorted for a page of fifty.
    """
    men = SoughtPerson.objects.filter(desk=staff.desk)
    if state and staff.may(Right.ENQUIRIES_READ):
        men = men.filter(state=state)
    few = list(men.order_by().values_list("pk", flat=True)[: _FEW + 1])
    enquiries = Enquiry.objects.filter(withdrawn_at__isnull=True)
    if len(few) <= _FEW:
        enquiries = enquiries.filter(sought__in=few)
    else:
        enquiries = enquiries.filter(Exists(men.filter(pk=OuterRef("sought"))))
    if _is_clerk(staff):
        enquiries = enquiries.filter(_of_clerk(staff))
    if channel:
        enquiries = enquiries.filter(channel=channel)
    if before:
        # A reference, not a number: numbers in addresses can be counted.
        enquiries = enquiries.filter(pk__lt=Enquiry.objects.filter(reference=before).values("pk"))
    return list(enquiries.select_related("sought", "partner").order_by("-pk")[: PAGE + 1])


def _is_clerk(staff: Staff) -> bool:
    return "partner_clerk" in staff.role_codes and not staff.may(Right.ENQUIRIES_READ)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier enquiry that may be about the same man: what tells him from others, nothing of the enquirer."""

    enquiry: Enquiry
    name: str
    more: str
    own_desk: bool
    others: int


def earlier_enquiries(person: Person, staff: Staff) -> list[Earlier]:
    """Earlier enquiries on the same man by any spelling, the likeliest first. Raises MatcherAway."""
    keys = [found.key for found in client.search("sought", person, EARLIER * 3).found if found.bits > 2.0]
    rows = Enquiry.objects.filter(pk__in=keys, withdrawn_at__isnull=True).select_related("sought")
    # Of enquiries she may not open she learns the name only: another desk's, or another partner's.
    own_keys = set(enquiries_visible_to(staff).filter(pk__in=keys).values_list("pk", flat=True))
    by_key = {enquiry.pk: enquiry for enquiry in rows}
    found: dict[int, Earlier] = {}
    for key in keys:
        enquiry = by_key.get(key)
        if enquiry is None:
            continue
        first = found.get(enquiry.sought_id)
        if first is not None:
            found[enquiry.sought_id] = Earlier(first.enquiry, first.name, first.more, first.own_desk, first.others + 1)
            continue
        own = enquiry.pk in own_keys
        facts = enquiry.facts
        more = " · ".join(
            part for part in (facts.get("born", ""), facts.get("birthplace", ""), facts.get("unit", "")) if part
        )
        found[enquiry.sought_id] = Earlier(enquiry, name_of(facts), more if own else "", own, 0)
    return list(found.values())[:EARLIER]


@dataclass(frozen=True, slots=True)
class Told:
    """One fact as each enquirer told it."""

    fact: Fact
    texts: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether two enquirers told different things."""
        return len({text for text in self.texts if text}) > 1


def told_of(enquiries: Sequence[Enquiry]) -> list[tuple[str | Lazy, list[Told]]]:
    """All facts, part by part, one column an enquiry; facts nobody told are left out."""
    parts: list[tuple[str | Lazy, list[Told]]] = []
    for group, label in GROUPS.items():
        rows = [
            Told(fact, tuple(enquiry.facts.get(fact.code, "") for enquiry in enquiries))
            for fact in FACTS
            if fact.group == group
        ]
        told = [row for row in rows if any(row.texts)]
        if told:
            parts.append((label, told))
    return parts


def told_of_facts(facts: Mapping[str, str]) -> list[tuple[str | Lazy, str]]:
    """One telling as pairs of label and text."""
    return [(fact.label, text) for fact in FACTS if (text := facts.get(fact.code, ""))]


def open_questions(staff: Staff) -> QuerySet[Question]:
    """Questions to families that nobody has answered, the oldest first."""
    visible = enquiries_visible_to(staff).filter(sought=OuterRef("sought"))
    return (
        Question.objects.filter(Exists(visible), answered_at__isnull=True)
        .select_related("sought", "asked_by")
        .order_by("asked_at")
    )


def asked_on_the_web(staff: Staff) -> QuerySet[Enquiry]:
    """Enquiries of the last seven days that families wrote themselves on the web."""
    week_ago = clock.now() - timedelta(days=7)
    return enquiries_visible_to(staff).filter(channel=Channel.WEB, received_at__gte=week_ago, withdrawn_at__isnull=True)


def joinings_of(sought: SoughtPerson) -> QuerySet[Joining]:
    """What was joined into this sought person, or separated from or into him, and stands."""
    separated = Q(left=sought, kind=Joining.Kind.SEPARATED)
    return (
        Joining.objects.filter(Q(kept=sought) | separated, undone_at__isnull=True)
        .select_related("kept", "left", "joined_by")
        .order_by("-pk")
    )


def masked(text: str) -> str:
    """Only the last two characters: enough to ask "does it end in ...?"."""
    return "•" * max(0, min(len(text), 10) - 2) + text[-2:] if text else ""


# --- what a family sees of its own enquiry ----------------------------------------------------------------------------

TOLD = (
    "surname", "given", "patronymic", "born", "birthplace", "unit", "service_number", "rank", "last_news_on", "last_news",
    "marks", "aliases",
)  # fmt: skip


def questions_for(enquiry: Enquiry) -> QuerySet[Question]:
    """The bureau's open questions about the man she seeks; none once she took hers back."""
    if enquiry.withdrawn_at is not None:
        return Question.objects.none()
    return Question.objects.filter(sought=enquiry.sought_id, answered_at__isnull=True).order_by("asked_at")


def day_in_parts(born: str) -> dict[str, str]:
    """Year, month and day as she typed them, where the day is kept in that form; else nothing."""
    found = re.fullmatch(r"(ca )?([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?", born)
    if found is None:
        return {}
    unsure, *parts = found.groups()
    said = {name: part.lstrip("0") for name, part in zip(("year", "month", "day"), parts, strict=True) if part}
    return {**said, **({"unsure": "on"} if unsure else {})}


@dataclass(frozen=True, slots=True)
class Step:
    """What happened on her side: when, and what, as a code that the page puts in words."""

    at: datetime
    what: str
    text: str = ""


def steps_of(enquiry: Enquiry) -> list[Step]:
    """What she herself asked, told and answered, the newest first. Nothing that anybody found stands here."""
    steps = [Step(enquiry.received_at, "asked")]
    steps += [Step(each.corrected_at, "told") for each in enquiry.corrections.filter(batch="").order_by("pk")]
    steps += [Step(each.added_at, f"document_{each.kind}") for each in enquiry.documents.order_by("pk")]
    steps += [
        Step(each.answered_at, "answered", each.text)
        for each in enquiry.answered_questions.order_by("pk")
        if each.answered_at
    ]
    if enquiry.withdrawn_at:
        steps.append(Step(enquiry.withdrawn_at, "withdrawn"))
    return sorted(steps, key=lambda step: step.at, reverse=True)
