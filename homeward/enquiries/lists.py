"""Partners' lists of enquiries, referred in bulk."""

from collections.abc import Collection, Sequence
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeward.access.models import Staff
from homeward.enquiries.actions import partner_called, telephone_index
from homeward.enquiries.facts import BY_CODE
from homeward.enquiries.models import Channel, Enquiry, Reach, Relation, SoughtPerson
from homeward.intake.models import Batch
from homeward.intake.target import Deed, Field, Kind, Outcome, Row
from homeward.lib import clock
from homeward.lib.changes.models import Side, note_changes

_LANGUAGES = ("uk", "ru", "en", "fr", "pl", "de")


class EnquiriesList:
    """See `homeward.intake.target.Target`."""

    code = "enquiries"
    label: str | Promise = _("Enquiries")
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
        Field("enquirer_name", _("Name of the enquirer"), Kind.TEXT),
        Field("enquirer_relation", _("She or he is his"), Kind.RELATION),
        Field("enquirer_phone", _("Telephone"), Kind.NUMBER),
        Field("enquirer_email", _("E-mail"), Kind.TEXT),
        Field("enquirer_telegram", _("Telegram"), Kind.TEXT),
        Field("enquirer_address", _("Address"), Kind.TEXT),
        Field("enquirer_language", _("Language of the enquirer"), Kind.TEXT),
    )
    identity: tuple[str, ...] = ("surname", "given", "patronymic", "born", "enquirer_name", "enquirer_phone")
    identity_needs: tuple[str, ...] = ("surname", "given", "enquirer_name")
    reasons: ClassVar[dict[str, str | Promise]] = {"no_name": _("There is no name in this row.")}

    def check(self, row: Row) -> str:
        """A row without any name cannot be looked for."""
        return "" if row.text("surname") or row.text("given") or row.text("aliases") else "no_name"

    def apply(self, batch: Batch, rows: Sequence[Row], *, by: Staff | None) -> Sequence[Outcome]:
        """New rows become enquiries, each about a man of its own until a person joins them; known ones are changed."""
        moment = clock.now()
        partner = partner_called(batch.source.name, desk=by.desk if by else "1")
        known = {
            enquiry.reference: enquiry
            for enquiry in Enquiry.objects.select_for_update().filter(
                reference__in=[row.known for row in rows if row.known], withdrawn_at__isnull=True
            )
        }
        men, fresh, written = [], [], []
        for row in rows:
            enquiry = known.get(row.known)
            if enquiry is None:
                man = SoughtPerson(desk=partner.desk, made_at=moment)
                men.append(man)
                enquiry = Enquiry(
                    sought=man, channel=Channel.PARTNER, partner=partner, batch=batch.reference,
                    received_at=moment, filed_by=by, partner_number=row.text("own_id")[:60] or None,
                )  # fmt: skip
                fresh.append(enquiry)
            _fill(enquiry, row)
            written.append(enquiry)
        SoughtPerson.objects.bulk_create(men, batch_size=150)
        for enquiry in fresh:
            enquiry.sought_id = enquiry.sought.pk
        Enquiry.objects.bulk_create(fresh, batch_size=50)
        for enquiry in known.values():
            enquiry.save()
        note_changes(Side.SOUGHT, [enquiry.reference for enquiry in written])
        return [
            Outcome(Deed.UPDATED if row.known else Deed.NEW, enquiry.reference)
            for row, enquiry in zip(rows, written, strict=True)
        ]

    def undo(self, batch: Batch, *, new: Sequence[str], updated: Sequence[str], by: Staff | None) -> Collection[str]:
        """Withdraw the enquiries this batch brought; one that a person has worked on since stays, and so do changed ones."""
        enquiries = list(Enquiry.objects.select_for_update().filter(reference__in=new, withdrawn_at__isnull=True))
        worked_on = {enquiry.reference for enquiry in enquiries if enquiry.version > 0 or enquiry.joinings.exists()}
        taken = [enquiry for enquiry in enquiries if enquiry.reference not in worked_on]
        Enquiry.objects.filter(pk__in=[enquiry.pk for enquiry in taken]).update(withdrawn_at=clock.now())
        note_changes(Side.SOUGHT, [enquiry.reference for enquiry in taken])
        return worked_on | set(updated)

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
    enquiry.relation = Relation(code) if code in Relation.values else Relation.UNKNOWN
    language = row.text("enquirer_language").strip().lower()[:2]
    enquiry.language = language if language in _LANGUAGES else "uk"
    left = {
        "name": row.text("enquirer_name"),
        "telephone": row.text("enquirer_phone"),
        "email": row.text("enquirer_email"),
        "telegram": row.text("enquirer_telegram"),
        "address": row.text("enquirer_address"),
    }
    enquiry.enquirer = {name: text for name, text in left.items() if text} or None
    enquiry.telephone_index = telephone_index(left["telephone"])
    # A partner keeps the contact; unless it says otherwise, the bureau reaches nobody directly.
    enquiry.reach = Reach.NONE
