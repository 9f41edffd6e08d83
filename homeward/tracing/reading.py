"""Pairs as pages show them: lines of a list, and the comparison laid out field by field."""

from collections.abc import Sequence
from dataclasses import dataclass

from homeward.enquiries.facts import person_of
from homeward.register.matchable import persons_under
from homeward.tracing import reasons, words
from homeward.tracing.models import PotentialMatch
from homeward.tracing.queries import Compared, lay_side_by_side
from namesake import Evidence, Person

# The bar chart's scale, in the units of its drawing: evidence for runs to the right of the axis, against to its left.
_AXIS, _WIDTH = 36.0, 120.0
_UNIT = 5.6  # for one bit: a birth day's 15 bits fill the right side, a plain contradiction's 6 the left


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the evidence chart, in the units of its drawing (120 wide, the axis at 36)."""

    x: float
    width: float
    kind: str


def bar(bits: float) -> Bar:
    """To the right for, to the left against; cut at the edge of the drawing."""
    if bits >= 0:
        return Bar(_AXIS, round(min(bits * _UNIT, _WIDTH - _AXIS), 1), "pro")
    width = round(min(-bits * _UNIT, _AXIS), 1)
    return Bar(_AXIS - width, width, "con")


@dataclass(frozen=True, slots=True)
class TraitRow:
    """One line of the comparison: what each side says, and the evidence."""

    label: str
    sought: tuple[str, ...]
    recorded: tuple[str, ...]
    bits: str
    bar: Bar | None
    verdict: str  # agree, differ or silent
    sentence: str


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The comparison page's table, in words."""

    rows: tuple[TraitRow, ...]
    total: str
    sentences: tuple[tuple[str, str, str], ...]  # (tag colour, trait, sentence)
    matcher_away: bool


def said_of(person: Person, trait: str) -> str:
    """What is written under this trait."""
    value = getattr(person, trait)
    if trait == "surname" and not value:
        return person.full
    return str(value) if value else ""


def _distinct(persons: Sequence[Person], trait: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for person in persons if (text := said_of(person, trait))))


def laid_out(match: PotentialMatch, recorded: tuple[Person, ...]) -> LaidOut:
    """The pair as the comparison page shows it."""
    return _rows(lay_side_by_side(match, recorded))


def _rows(compared: Compared) -> LaidOut:
    rows, sentences = [], []
    for trait, label in words.TRAITS.items():
        sought, recorded = _distinct(compared.sought, trait), _distinct(compared.recorded, trait)
        evidence = compared.evidence(trait)
        if not sought and not recorded and evidence is None:
            continue
        sentence = reasons.sentence(evidence) if evidence else ""
        rows.append(
            TraitRow(
                label=str(label),
                sought=sought,
                recorded=recorded,
                bits=words.bits_text(evidence.bits) if evidence else "",
                bar=bar(evidence.bits) if evidence else None,
                verdict=_verdict(evidence),
                sentence=sentence,
            )
        )
        if evidence and sentence:
            sentences.append(("teal" if evidence.bits >= 0 else "amber", str(label), sentence))
    total = words.bits_text(compared.comparison.bits) if compared.comparison else ""
    return LaidOut(tuple(rows), total, tuple(sentences), compared.comparison is None)


def _verdict(evidence: Evidence | None) -> str:
    if evidence is None:
        return "silent"
    return "agree" if evidence.bits >= 0 else "differ"


@dataclass(frozen=True, slots=True)
class MatchLine:
    """One line of a list of matches."""

    match: PotentialMatch
    sought: str
    recorded: str
    sought_more: str
    recorded_more: str
    percent: str
    strength: str
    colour: str


def name_of(person: Person | None) -> str:
    """A person in one line."""
    if person is None:
        return "—"
    return person.full or " ".join(part for part in (person.surname, person.given, person.patronymic) if part)


def more_of(person: Person | None) -> str:
    if person is None:
        return ""
    return " · ".join(str(part) for part in (person.born, person.birthplace, person.unit) if part)


def persons_recorded(matches: Sequence[PotentialMatch]) -> dict[int, tuple[Person, ...]]:
    """The persons recorded under the entries of these pairs, read at once."""
    return persons_under([match.entry_id for match in matches])


def lines_for(
    matches: Sequence[PotentialMatch], persons: dict[int, tuple[Person, ...]] | None = None
) -> list[MatchLine]:
    """The lines of a page; the pairs come with their enquiries and entries."""
    recorded = persons_recorded(matches) if persons is None else persons
    lines = []
    for match in matches:
        asked = None if match.enquiry.withdrawn_at else person_of(match.enquiry.facts)
        found = next(iter(recorded.get(match.entry_id, ())), None)
        strength, colour = words.strength(match.probability)
        lines.append(
            MatchLine(
                match, name_of(asked), name_of(found), more_of(asked), more_of(found), words.percent(match.probability),
                strength, colour,
            )
        )  # fmt: skip
    return lines
