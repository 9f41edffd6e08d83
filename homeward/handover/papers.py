"""The receipt in both languages, two copies; and the escort's sheet."""

import base64

from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from homeward.handover.models import Convoy, Handover, Role, Signature
from homeward.register.particulars import said
from homeward.register.queries import card_of
from homeward.returns.models import Basis, Fitness
from homeward.returns.papers import Paper, Section, Signing, in_each, items_table, set_paper
from homeward.returns.queries import travellers_of

_ROLE_LABELS = {
    Role.HANDING: gettext_noop("Handing over"),
    Role.SECOND: gettext_noop("Second officer"),
    Role.RECEIVER: gettext_noop("Receiving"),
    Role.WITNESS: gettext_noop("Witness"),
    Role.OBSERVER: gettext_noop("Neutral observer"),
    Role.HIMSELF: gettext_noop("He himself"),
}


def receipt(handover: Handover, *, first: str = "en") -> bytes:
    """The receipt, this language large and the other small: one copy for each side."""
    other = "uk" if first == "en" else "en"
    languages = (first, other)
    one = handover.return_of
    card = card_of(one.entry).particulars
    record = handover.record
    pictures = {each.role: each for each in Signature.objects.filter(receipt_id=handover.receipt_id)}
    comers = travellers_of(one)

    def words(label: str) -> list[str]:
        return in_each(label, languages)

    with translation.override(first):
        when = date_format(localtime(handover.happened_at), "j E Y, H:i")
        wish = _("asked alone on this day, he wishes to go") if handover.wish else ""
        packets = list(handover.packets.prefetch_related("items"))
        him = [(words(label), said(card, code)) for code, label in _HIM]
        sections = [
            Section(
                words(gettext_noop("Who is handed over")),
                [*him, (words(gettext_noop("His document")), record["his_document"])],
            ),
            Section(
                words(gettext_noop("Who receives him")),
                [
                    (words(gettext_noop("Name")), comers[0].name if comers else record["receiver"]),
                    (words(gettext_noop("What she is to him")), str(one.enquiry.get_relation_display())),
                    (words(gettext_noop("Document")), record["relative_document"]),
                    (words(gettext_noop("They go to")), record["goes_to"]),
                ],
            ),
            Section(
                words(gettext_noop("What it rests on")),
                [
                    (words(gettext_noop("On what ground")), str(Basis(one.basis).label)),
                    (words(gettext_noop("Conditions")), one.conditions or ""),
                    (words(gettext_noop("His wish")), wish),
                    (words(gettext_noop("Fit to travel")), str(Fitness(one.fitness).label)),
                    (words(gettext_noop("Medical note")), record["medical_note"]),
                    (words(gettext_noop("Where and when")), f"{handover.place}, {when}"),
                ],
            ),
        ]
        for packet in packets:
            heading = words(gettext_noop("Effects and money, sealed packet"))
            sections.append(Section([f"{heading[0]} {packet.seal_number}", *heading[1:]], table=items_table(packet)))
        signatures = [
            Signing(words(_ROLE_LABELS[role]), pictures[role].name, base64.b64decode(pictures[role].picture))
            for role in Role
            if role in pictures
        ]
        paper = Paper(
            title=words(gettext_noop("Handover record")),
            reference=handover.receipt_id,
            lead=[
                _("One copy stays with each side. He may not be employed on active military service (GC III Art. 117).")
            ],
            sections=sections,
            signatures=signatures,
            code=handover.receipt,
            check=[
                _(
                    "Signed by the bureau. The square holds the signature over the decision, both people, the place and these signatures; "
                    "anyone with the bureau's public key can check it without a network."
                ),
            ],
        )
        return set_paper(paper)


_HIM = (
    ("surname", gettext_noop("Surname")),
    ("given", gettext_noop("First names")),
    ("born", gettext_noop("Date of birth")),
    ("rank", gettext_noop("Rank")),
    ("service_number", gettext_noop("Service number")),
)


def escort_sheet(convoy: Convoy) -> bytes:
    """What the escort carries: who rides where, what they need, where and when."""
    with translation.override("en"):
        sections = []
        for vehicle in convoy.vehicles.all():
            rows = [[_("No."), _("Name"), _("People"), _("Document"), _("Needs")]]
            aboard = vehicle.arrivals.select_related("return_of__enquiry").order_by("came_at", "pk")
            for number, arrival in enumerate(aboard, 1):
                for comer in travellers_of(arrival.return_of):
                    rows.append(
                        [
                            str(number) if comer.place == 1 else "",
                            comer.name,
                            str(arrival.people) if comer.place == 1 else "",
                            comer.document_number,
                            _("step-free") if comer.step_free else "",
                        ]
                    )
            heading = in_each(gettext_noop("Vehicle"))
            sections.append(
                Section(
                    [f"{heading[0]} {vehicle.label}", *heading[1:]],
                    [
                        (in_each(gettext_noop("Seats")), str(vehicle.seats)),
                        (in_each(gettext_noop("Driver")), vehicle.driver or ""),
                    ],
                    table=rows if len(rows) > 1 else (),
                )
            )
        leaves, arrives = (date_format(localtime(at), "j E Y, H:i") for at in (convoy.leaves_at, convoy.arrives_at))
        paper = Paper(
            title=in_each(gettext_noop("Escort's sheet")),
            reference=convoy.reference,
            sections=[
                Section(
                    in_each(gettext_noop("The drive")),
                    [
                        (in_each(gettext_noop("From")), f"{convoy.from_place}, {leaves}"),
                        (in_each(gettext_noop("To")), f"{convoy.to_place}, {arrives}"),
                        (in_each(gettext_noop("Escorts")), ", ".join(each.name for each in convoy.escorts.all())),
                    ],
                ),
                *sections,
            ],
            signatures=[
                Signing(in_each(gettext_noop("Left, signature"))),
                Signing(in_each(gettext_noop("Arrived, signature"))),
            ],
        )
        return set_paper(paper)
