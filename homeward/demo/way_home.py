"""Returns of the demo: some in each state for the scenario, and two hundred and forty driven from the first wish to the receipt.

All through the rooms' own actions, by the demo's staff; the people are invented like all others.
"""

from __future__ import annotations

import io
import random
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db import transaction
from PIL import Image, ImageDraw

from homeward.access.models import Staff
from homeward.demo.people import SLAVIC_GIVEN, UKRAINIAN_SURNAMES
from homeward.disclosure import actions as disclosure
from homeward.disclosure.models import EvidenceKind, Level
from homeward.disclosure.queries import kinship_level
from homeward.enquiries import actions as enquiries
from homeward.enquiries.models import Channel, Enquiry, Relation
from homeward.handover import actions as handover
from homeward.handover.actions import Car, Sheet
from homeward.handover.models import Method, Outcome, Role
from homeward.handover.signatures import Signed
from homeward.lib import clock
from homeward.register import actions as register
from homeward.register.models import Entry
from homeward.returns import actions, effects
from homeward.returns.actions import Comer, Terms
from homeward.returns.effects import Thing
from homeward.returns.models import Basis, Category, DocumentKind, Fitness, Invitation, ItemKind, Return, Says, State
from homeward.tracing import actions as tracing
from homeward.tracing.models import MatchState, PotentialMatch

Told = Callable[[int, int], None]
Pair = tuple[Enquiry, Entry]
GATE, CITY = "Dorohusk", "Kyiv"
# In this order: how far each of the scenario's returns has come. Who waits at the meeting point comes last, for a convoy of a
# later one would take him along.
FAR = (
    State.PROPOSED, State.APPROVED, State.WISH_RECORDED, State.INVITED, State.ACCEPTED, State.ESCORTED,
    State.HANDED_OVER, State.SUSPENDED, State.WITHDRAWN, State.RECEIVED,
)  # fmt: skip


class NotPaired(Exception):
    """Men of the demo whom the matching did not find: it is not at its end, or no matcher runs."""


class People:
    """The demo's staff who see a return through."""

    def __init__(self) -> None:
        found = {staff.username: staff for staff in Staff.objects.all()}
        self.registrar, self.operator = found["registrar"], found["operator"]
        self.tracer, self.verifier = found["tracer"], found["verifier"]
        self.kin, self.kin_second = found["kin"], found["kinsecond"]
        self.returns, self.approver = found["returns"], found["release"]
        self.officer, self.second, self.escort = found["handover"], found["handover2"], found["escort"]


# --- some in each state ----------------------------------------------------------------------------------------------


def some_in_each_state(told: Told) -> None:
    """One return at each place of the way, out of the pairs that two people confirmed. A second time there is nothing to do."""
    if Return.objects.exists():
        return
    who = People()
    pairs = [
        (match.enquiry, match.entry)
        for match in PotentialMatch.objects.filter(
            state=MatchState.CONFIRMED, entry__state__in=actions.NOTHING_STANDS_IN_THE_WAY, enquiry__withdrawn_at=None
        ).select_related("enquiry__sought", "entry")[: len(FAR)]
    ]
    for done, (far, pair) in enumerate(zip(FAR, pairs, strict=False), 1):
        with transaction.atomic():
            _drive([pair], who, until=far)
        told(done, len(pairs))


# --- all the way -----------------------------------------------------------------------------------------------------


def new_pairs(count: int, *, seed: int = 240) -> list[Pair]:
    """Men and the families that seek them, in the register and in enquiries; the matching finds them afterwards."""
    who, dice = People(), random.Random(seed)
    made: list[Pair] = []
    while len(made) < count:
        with transaction.atomic():
            for _number in range(min(20, count - len(made))):
                said = _invented(dice)
                entry = register.enter_capture_card({**said, "rank": "солдат"}, by=who.registrar)
                relation = dice.choice([Relation.MOTHER, Relation.MOTHER, Relation.WIFE, Relation.FATHER])
                enquiry = enquiries.file_enquiry(
                    said, channel=Channel.HOTLINE, relation=relation, language="uk", by=who.operator
                )
                made.append((enquiry, entry))
    return made


def _invented(dice: random.Random) -> dict[str, str]:
    surname, given = dice.choice(UKRAINIAN_SURNAMES), dice.choice(SLAVIC_GIVEN)
    born = clock.today() - timedelta(days=dice.randrange(19 * 365, 50 * 365))
    return {
        "surname": surname.uk, "given": given.uk, "born": born.isoformat(),
        "service_number": f"{dice.randrange(10**6, 10**7)}",
    }  # fmt: skip


def confirm(pairs: Sequence[Pair]) -> None:
    """Two people say that each is the man; raises NotPaired where the matching has not proposed one."""
    who = People()
    for enquiry, entry in pairs:
        match = PotentialMatch.objects.filter(sought=enquiry.sought_id, entry=entry).first()
        if match is None:
            raise NotPaired(f"{enquiry.reference} / {entry.reference}")
        with transaction.atomic():
            match = tracing.say_same(match, version=match.version, by=who.tracer)
            tracing.confirm_same(match, version=match.version, by=who.verifier)


def drive_all(pairs: Sequence[Pair], told: Told, *, a_list: int = 60) -> int:
    """Every pair from the release list to the receipt; how many were handed over."""
    who, done = People(), 0
    for start in range(0, len(pairs), a_list):
        some = pairs[start : start + a_list]
        done += _drive(some, who, until=State.HANDED_OVER, told=lambda n, start=start: told(start + n, len(pairs)))  # type: ignore[misc]
    return done


def _drive(pairs: Sequence[Pair], who: People, *, until: State, told: Callable[[int], None] = lambda done: None) -> int:
    """A list of men, together as far as lists go and each by himself from there."""
    far = until if until not in (State.SUSPENDED, State.WITHDRAWN) else State.ACCEPTED
    standing = _decided(pairs, who, proposed_only=far == State.PROPOSED)
    steps: list[tuple[State, Callable[[Return], None]]] = [
        (State.WISH_RECORDED, lambda each: _asked(each, who)),
        (State.INVITED, lambda each: _invited(each, who)),
        (State.ACCEPTED, _accepted),
        (State.RECEIVED, lambda each: _received(each, who)),
    ]
    for state, step in steps:
        if far in (State.PROPOSED, State.APPROVED) or _before(far, state):
            break
        for each in standing:
            with transaction.atomic():
                step(each)
    if until == State.SUSPENDED:
        for each in standing:
            actions.suspend(each, reason="road", note="", by=who.returns)
    if until == State.WITHDRAWN:
        for each in standing:
            actions.withdraw_wish(each, by=who.returns)
    if not _before(far, State.ESCORTED) and far not in (State.PROPOSED, State.APPROVED):
        _escorted(len(standing), who)
    done = 0
    if far == State.HANDED_OVER:
        for each in standing:
            handover.record_handover(Return.objects.get(pk=each.pk), _sheet(each, who), by=who.officer)
            done += 1
            told(done)
    return done


_ORDER = (State.WISH_RECORDED, State.INVITED, State.ACCEPTED, State.RECEIVED, State.ESCORTED, State.HANDED_OVER)


def _before(far: State, state: State) -> bool:
    return far in _ORDER and _ORDER.index(far) < _ORDER.index(state)


def _decided(pairs: Sequence[Pair], who: People, *, proposed_only: bool) -> list[Return]:
    release = actions.open_list("", by=who.returns)
    today, standing = clock.today(), []
    with transaction.atomic():
        for number, (enquiry, entry) in enumerate(pairs):
            wounded = number % 5 == 4
            terms = Terms(
                basis=Basis.REPATRIATION if wounded else Basis.PAROLE, category=Category.A2 if wounded else None,
                authority="Order 114", valid_until=today + timedelta(days=120),
                fitness=Fitness.WITH_CARE if wounded else Fitness.FIT, fitness_on=today,
            )  # fmt: skip
            entry = Entry.objects.get(pk=entry.pk)
            standing.append(actions.put_on_list(release, entry=entry, enquiry=enquiry, terms=terms, by=who.returns))
    proposal = actions.propose_list(release, by=who.returns)
    if not proposed_only:
        actions.approve_list(proposal, payload_hash=proposal.payload_hash, by=who.approver)
    return standing


def _asked(each: Return, who: People) -> None:
    actions.record_wish(
        each, says=Says.TO_GO, said_on=clock.today(), was_alone=True, with_whom="with his family", by=who.returns
    )


def _invited(each: Return, who: People) -> None:
    _prove(each.enquiry, who)
    actions.invite(each, by=who.returns)


def _prove(enquiry: Enquiry, who: People) -> None:
    if kinship_level(enquiry) >= Level.PROVEN:
        return
    disclosure.add_evidence(
        enquiry, kind=EvidenceKind.IN_PERSON, what="Seen with passport and birth certificate.", by=who.kin
    )
    proposal = disclosure.propose_level(enquiry, level=Level.PROVEN, by=who.kin)
    disclosure.approve_level(proposal, payload_hash=proposal.payload_hash, by=who.kin_second)


def _accepted(each: Return) -> None:
    dice = random.Random(each.reference)
    people = [
        Comer(
            name=f"{dice.choice(_LATIN)} {dice.choice(('OLENA', 'MARIA', 'NADIA', 'HALYNA', 'IRYNA'))}",
            born=f"19{dice.randrange(55, 80)}-0{dice.randrange(1, 9)}-1{dice.randrange(0, 9)}", nationality="UA",
            document_kind=DocumentKind.PASSPORT, document_number=f"FX {dice.randrange(10**5, 10**6)}",
            step_free=dice.random() < 0.05,
        )
        for _place in range(dice.choice((1, 1, 1, 2, 3)))
    ]  # fmt: skip
    actions.accept_invitation(Invitation.objects.get(return_of=each, cancelled_at=None), people)


_LATIN = ("KOVALENKO", "BONDAR", "HNATIUK", "MELNYK", "SAVCHUK", "ROMANIUK", "TKACH", "OLIINYK")


def _received(each: Return, who: People) -> None:
    arrival = handover.expect(each, place=GATE, at=clock.now() + timedelta(hours=2), by=who.officer)
    comer = arrival.return_of.invitations.get(cancelled_at=None).travellers.get(place=1)
    handover.receive(arrival, document_number=comer.document_number, saw_face=True, by=who.officer)


def _escorted(families: int, who: People) -> None:
    now = clock.now()
    cars = [Car(f"Bus {number}", 50, step_free=True) for number in range(1, families * 3 // 50 + 2)]
    convoy = handover.plan_convoy(
        from_place=GATE, to_place=CITY, leaves_at=now + timedelta(hours=3), arrives_at=now + timedelta(hours=14),
        cars=cars, escorts=[who.escort], by=who.officer,
    )  # fmt: skip
    handover.seat_families(by=who.officer)
    handover.convoy_leaves(convoy, by=who.escort)
    handover.convoy_comes(convoy, by=who.escort)


def _sheet(each: Return, who: People) -> Sheet:
    comer = each.invitations.get(cancelled_at=None).travellers.get(place=1)
    things = [Thing(ItemKind.EFFECT, "watch"), Thing(ItemKind.MONEY, "notes", currency="UAH", amount=84_000)]
    with transaction.atomic():
        packet = effects.list_packet(
            each.entry, things, seal_number=f"H-{secrets.token_hex(4)}", weight_grams=900, by=who.officer
        )
        effects.seal_packet(packet, by=who.second)
    names = {
        Role.HANDING: who.officer.name, Role.SECOND: who.second.name, Role.RECEIVER: comer.name, Role.WITNESS: "Delegate",
    }  # fmt: skip
    return Sheet(
        receipt_id=secrets.token_hex(16), outcome=Outcome.DONE, happened_at=clock.now(), place=CITY,
        second_officer=who.second, says=Says.TO_GO, asked_alone=True, his_document="prisoner's card",
        relative_document=comer.document_number, receiver=comer.name, identities_agree=True, effects_agree=True,
        goes_to="home", signatures=[Signed(role, Method.DRAWN, name, _scribble(name)) for role, name in names.items()],
    )  # fmt: skip


def _scribble(name: str) -> bytes:
    """A drawn line, another one for each name."""
    dice = random.Random(name)
    sheet = Image.new("L", (420, 120), "white")
    at, points = 20, []
    while at < 400:
        points.append((at, dice.randrange(20, 100)))
        at += dice.randrange(8, 30)
    ImageDraw.Draw(sheet).line(points, fill="black", width=3, joint="curve")
    written = io.BytesIO()
    sheet.save(written, "PNG", optimize=True)
    return written.getvalue()
