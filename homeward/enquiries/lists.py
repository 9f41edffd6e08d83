"""Partners' lists of enquiries, referred in bulk."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from homeward.access.models import Staff
from homeward.enquiries import queries
from homeward.enquiries.actions import partner_called, set_states, telephone_index
from homeward.enquiries.facts import BY_CODE
from homeward.enquiries.models import Channel, Correction, Enquiry, Partner, Relation, Sighting, SoughtPerson, State
from homeward.intake.models import Batch
from homeward.intake.target import Deed, Field, Kind, Outcome, Row
from homeward.lib import clock
from homeward.lib.changes.models import Side, note_changes

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy


# How lists write the languages families are answered in, by the beginning of the word.
_LANGUAGES = {
    start: code
    for code, starts in {
        "uk": "uk ук ua", "ru": "ru ру рос", "en": "en анг", "fr": "fr фр", "pl": "pl pol пол", "de": "de ger нем нім",
    }.items()
    for start in starts.split()
}  # fmt: skip
# Words of the lists for which this room has a wider one.
_RELATIONS = {"other_relative": "relative", "comrade": "friend", "husband": "wife"}
_ENQUIRER = {
    "name": "enquirer_name",
    "telephone": "enquirer_phone",
    "email": "enquirer_email",
    "telegram": "enquirer_telegram",
    "address": "enquirer_address",
    "remarks": "remarks",
}


class EnquiriesList:
    """See `homeward.intake.target.Target`."""

    code = "enquiries"
    label: str | Lazy = _("Enquiries")
    key_class = "family"
    fields: tuple[Field, ...] = (
        Field("own_id", _("Number at the partner"), Kind.NUMBER),
        Field("full_name", _("Name in one column"), Kind.FULL_NAME),
        Field("surname", _("Surname"), Kind.NAME),
        Field("given", _("First names"), Kind.NAME),
        Field("patronymic", _("Patronymic"), Kind.NAME),
        Field("born", _("Date of birth"), Kind.BIRTH),
        Field("birthplace", _("Place of birth"), Kind.TEXT),
        Field("unit", _("Unit"), Kind.UNIT),
        Field("rank", _("Rank"), Kind.RANK),
        Field("service_number", _("Service number"), Kind.NUMBER),
        Field("father", _("Father's first name"), Kind.NAME),
        Field("mother_maiden", _("Mother's maiden name"), Kind.NAME),
        Field("aliases", _("Call sign and other spellings"), Kind.TEXT),
        Field("marks", _("Distinguishing marks"), Kind.TEXT),
        Field("last_news_on", _("Day of the last news"), Kind.DATE),
        Field("last_news", _("What it was, and from whom"), Kind.TEXT),
        Field("sightings", _("Seen by somebody, or in a published video"), Kind.TEXT),
        Field("case", _("The partner's case: one man, several enquiries"), Kind.NUMBER),
        Field("enquirer_name", _("Name of the enquirer"), Kind.TEXT),
        Field("enquirer_relation", _("She or he is his"), Kind.RELATION),
        Field("enquirer_phone", _("Telephone"), Kind.NUMBER),
        Field("enquirer_email", _("E-mail"), Kind.TEXT),
        Field("enquirer_telegram", _("Telegram"), Kind.TEXT),
        Field("enquirer_address", _("Address"), Kind.TEXT),
        Field("enquirer_language", _("Language of the enquirer"), Kind.TEXT),
        Field("remarks", _("Remarks on the enquirer"), Kind.TEXT),
    )
    identity: tuple[str, ...] = ("surname", "given", "patronymic", "born", "enquirer_name", "enquirer_phone")
    identity_needs: tuple[str, ...] = ("surname", "given", "enquirer_name")
    reasons: Mapping[str, str | Lazy] = {
        "no_name": _("There is no name in this row."),
        "withdrawn": _("This enquiry has been withdrawn since. If the family asks again, give it a new number."),
        "number_taken": _("Another enquiry of this partner already bears this number."),
    }

    silences: Mapping[str, str | Lazy] = {}

    def is_silent(self, row: Row) -> bool:
        """An enquiry has no state that a list could say."""
        return False

    def check(self, row: Row) -> str:
        """A row without any name cannot be looked for."""
        return "" if row.text("surname") or row.text("given") or row.text("aliases") else "no_name"

    def apply(self, batch: Batch, rows: Sequence[Row], *, by: Staff | None) -> Sequence[Outcome]:
        """New rows become enquiries, each about a man of its own unless the partner's case says otherwise."""
        moment = clock.now()
        assert batch.source is not None
        partner = partner_called(batch.source.name, desk=by.desk if by else "1")
        known = {
            enquiry.reference: enquiry
            for enquiry in Enquiry.objects.select_for_update().filter(
                reference__in=[row.known for row in rows if row.known]
            )
        }
        taken = _numbers_taken(partner, [row for row in rows if not row.known])
        men_of_cases = _men_of_cases(partner, rows)
        fresh_references = iter(queries.fresh_references(len(rows)))
        men: list[SoughtPerson] = []
        fresh: list[Enquiry] = []
        corrections: list[Correction] = []
        outcomes: list[Outcome] = []
        for row in rows:
            enquiry = known.get(row.known)
            if row.known:
                if enquiry is None or enquiry.withdrawn_at is not None:
                    # What a family took back is not brought back by a list.
                    outcomes.append(Outcome(Deed.REJECTED, reason="withdrawn"))
                    continue
                corrections.append(
                    Correction(
                        enquiry=enquiry, facts_before=enquiry.facts, enquirer_before=enquiry.enquirer,
                        corrected_by=by, corrected_at=moment, batch=batch.reference,
                    )
                )  # fmt: skip
                _fill(enquiry, row)
                enquiry.version += 1
                outcomes.append(Outcome(Deed.UPDATED, enquiry.reference))
                continue
            number, case = row.text("own_id")[:60], row.text("case")[:60]
            if number in taken:
                outcomes.append(Outcome(Deed.REJECTED, reason="number_taken"))
                continue
            if number:
                taken.add(number)
            man = men_of_cases.get(case) if case else None
            if man is None:
                man = SoughtPerson(desk=partner.desk, made_at=moment)
                men.append(man)
                if case:
                    men_of_cases[case] = man
            enquiry = Enquiry(
                reference=next(fresh_references), sought=man, channel=Channel.PARTNER, partner=partner,
                partner_number=number or None, partner_case=case or None, batch=batch.reference,
                received_at=moment, filed_by=by,
            )  # fmt: skip
            _fill(enquiry, row)
            fresh.append(enquiry)
            outcomes.append(Outcome(Deed.NEW, enquiry.reference))
        SoughtPerson.objects.bulk_create(men, batch_size=150)
        for enquiry in fresh:
            enquiry.sought_id = enquiry.sought.pk
        Enquiry.objects.bulk_create(fresh, batch_size=50)
        Correction.objects.bulk_create(corrections, batch_size=100)
        for enquiry in known.values():
            if enquiry.withdrawn_at is None:
                enquiry.save()
        _keep_sightings(rows, outcomes, [*fresh, *known.values()], by)
        _settle_sought_again([man for man in men_of_cases.values() if man.state == State.WITHDRAWN])
        note_changes(Side.SOUGHT, [outcome.reference for outcome in outcomes if outcome.reference])
        return outcomes

    def undo(self, batch: Batch, *, new: Sequence[str], updated: Sequence[str], by: Staff | None) -> Collection[str]:
        """Withdraw the enquiries this batch brought, and give those it changed back what stood there before.

        What a person has worked on since stays: joined, corrected, with a sighting of its own, or judged.
        """
        enquiries = {
            enquiry.reference: enquiry
            for enquiry in Enquiry.objects.select_for_update(of=("self",))
            .select_related("sought")
            .filter(reference__in=[*new, *updated])
        }
        kept = {reference for reference, enquiry in enquiries.items() if enquiry.withdrawn_at is not None}
        newest: dict[str, Correction] = {}
        for correction in (
            Correction.objects.filter(enquiry__reference__in=updated).order_by("pk").select_related("enquiry")
        ):
            newest[correction.enquiry.reference] = correction
        for reference in updated:
            before = newest.get(reference)
            if reference in kept or before is None or before.batch != batch.reference:
                kept.add(reference)
                continue
            enquiry = enquiries[reference]
            enquiry.facts, enquiry.enquirer = before.facts_before, before.enquirer_before
            enquiry.telephone_index = telephone_index((enquiry.enquirer or {}).get("telephone", ""))
            enquiry.version += 1
            enquiry.save()
            before.delete()
        kept |= _worked_on(new)
        gone = [enquiries[reference] for reference in new if reference in enquiries and reference not in kept]
        Enquiry.objects.filter(pk__in=[enquiry.pk for enquiry in gone]).update(withdrawn_at=clock.now())
        men = {enquiry.sought_id for enquiry in gone}
        standing = Enquiry.objects.filter(sought__in=men, withdrawn_at__isnull=True).values_list("sought_id", flat=True)
        set_states(men - set(standing), State.WITHDRAWN)
        note_changes(Side.SOUGHT, [reference for reference in (*new, *updated) if reference not in kept])
        return kept

    def finished(self, batch: Batch) -> None:
        """Nothing follows: each enquiry is matched for itself."""

    def url_of(self, reference: str) -> str:
        """The enquiry's page."""
        from django.urls import reverse

        return reverse("enquiries:enquiry", args=[reference])


def _fill(enquiry: Enquiry, row: Row) -> None:
    facts = {code: row.text(code) for code in BY_CODE if code in row.values}
    for code in ("born", "last_news_on"):
        value = row.values.get(code)
        if value is not None and not isinstance(value, str):
            facts[code] = getattr(value, "iso", "") or value.text
    enquiry.facts = {code: text for code, text in facts.items() if text}
    relation = row.values.get("enquirer_relation")
    code = getattr(relation, "code", "")
    code = _RELATIONS.get(code, code)
    enquiry.relation = Relation(code) if code in Relation.values else Relation.UNKNOWN
    told = row.text("enquirer_language").strip().casefold()
    enquiry.language = next(
        (code for start, code in _LANGUAGES.items() if told.startswith(start)), enquiry.language or "uk"
    )
    left = {name: text for name, field in _ENQUIRER.items() if (text := row.text(field))}
    if relation is not None and enquiry.relation == Relation.UNKNOWN:
        # A word for the relation that is not known here is kept as told.
        left["remarks"] = "; ".join(part for part in (row.text("enquirer_relation"), left.get("remarks", "")) if part)
    # What staff noted of safe hours and the like stays when the partner's list comes again.
    enquiry.enquirer = {**(enquiry.enquirer or {}), **left} or None
    enquiry.telephone_index = telephone_index((enquiry.enquirer or {}).get("telephone", ""))
    # A partner keeps the contact: the bureau reaches nobody directly (`Reach.NONE`) unless staff were told so.


def _numbers_taken(partner: Partner, rows: Sequence[Row]) -> set[str]:
    numbers = [number for row in rows if (number := row.text("own_id")[:60])]
    standing = Enquiry.objects.filter(partner=partner, partner_number__in=numbers, withdrawn_at__isnull=True)
    return {number for number in standing.values_list("partner_number", flat=True) if number}


def _men_of_cases(partner: Partner, rows: Sequence[Row]) -> dict[str, SoughtPerson]:
    """The men of the partner's cases in these rows, wherever people have joined them to."""
    cases = {case for row in rows if (case := row.text("case")[:60])}
    enquiries = Enquiry.objects.filter(partner=partner, partner_case__in=cases).select_related("sought").order_by("pk")
    # The earliest enquiry speaks for its case; one that was separated from it later does not take the case along.
    men: dict[str, SoughtPerson] = {}
    for enquiry in enquiries:
        men.setdefault(enquiry.partner_case or "", enquiry.sought)
    return men


def _keep_sightings(
    rows: Sequence[Row], outcomes: Sequence[Outcome], enquiries: Sequence[Enquiry], by: Staff | None
) -> None:
    by_reference = {enquiry.reference: enquiry for enquiry in enquiries}
    told = [
        (by_reference[outcome.reference], row.text("sightings"), outcome.deed)
        for row, outcome in zip(rows, outcomes, strict=True)
        if outcome.reference and row.text("sightings")
    ]
    known: set[tuple[int, str]] = set()
    changed = [enquiry.pk for enquiry, _text, deed in told if deed is Deed.UPDATED]
    for sighting in Sighting.objects.filter(enquiry__in=changed):
        known |= {(sighting.enquiry_id, sighting.what), (sighting.enquiry_id, sighting.link or "")}
    Sighting.objects.bulk_create(
        [
            Sighting(
                enquiry=enquiry, what=str(_("From the partner's list")) if _is_link(text) else text,
                link=text if _is_link(text) else None, added_by=by,
            )
            for enquiry, text, _deed in told
            if (enquiry.pk, text) not in known
        ],
        batch_size=100,
    )  # fmt: skip


def _is_link(text: str) -> bool:
    return text.startswith(("http://", "https://", "www.", "t.me/")) and " " not in text


def _settle_sought_again(men: Sequence[SoughtPerson]) -> None:
    sought = Enquiry.objects.filter(sought__in=[man.pk for man in men], withdrawn_at__isnull=True)
    set_states(set(sought.values_list("sought_id", flat=True)), State.RECEIVED)


def _worked_on(references: Sequence[str]) -> set[str]:
    """Enquiries that a person has joined, corrected or added to, or about whose man people have begun to judge."""
    enquiries = Enquiry.objects.filter(reference__in=references)
    begun = ~Q(sought__state__in=[State.RECEIVED, State.SEARCHING, State.POTENTIAL_MATCH, State.WITHDRAWN])
    later_sighting = Q(sightings__added_at__gt=F("received_at") + timedelta(minutes=10))
    asked = Q(sought__questions__isnull=False)
    return set(
        enquiries.filter(
            Q(joinings__isnull=False) | Q(corrections__isnull=False) | begun | later_sighting | asked
        ).values_list("reference", flat=True)
    )
