"""Places, legs and closures as the planner reads them, made from the network document and checked at the door."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from homeward.journeys.planner.times import DAY, day_number, from_local, local, weekday


class Role(StrEnum):
    """What a place is in a journey."""

    ORIGIN = "origin"
    GATEWAY = "gateway"
    CROSSING = "crossing"
    HUB = "hub"
    MEETING = "meeting"
    CAPITAL = "capital"


class Kind(StrEnum):
    """How one gets along a leg."""

    TRAIN = "train"
    BUS = "bus"
    TAXI = "taxi"
    FLIGHT = "flight"
    FOOT = "foot"
    BORDER = "border"
    ESCORT = "escort"


class Payer(StrEnum):
    """Who pays a leg."""

    FAMILY = "family"
    BUREAU = "bureau"


@dataclass(frozen=True, slots=True)
class Fact:
    """Where a fact comes from, from when it is, and whether the bureau has confirmed it."""

    origin: str
    on: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Service:
    """The days on which something runs, in the local calendar of its place."""

    days: frozenset[int] = frozenset(range(7))
    first: int | None = None
    last: int | None = None
    plus: frozenset[int] = frozenset()
    minus: frozenset[int] = frozenset()

    def runs(self, number: int) -> bool:
        """Whether it runs on that day (days since 1970)."""
        if number in self.plus:
            return True
        if number in self.minus or (self.first is not None and number < self.first):
            return False
        return (self.last is None or number <= self.last) and weekday(number) in self.days


DAILY = Service()


@dataclass(frozen=True, slots=True)
class Place:
    """A city, gateway, border point, hub or meeting point."""

    code: str
    names: Mapping[str, str]
    country: str
    lat: float
    lon: float
    zone: str
    role: Role
    is_on: bool = True
    beds: bool = False
    change: int = 0
    step_free: bool = True
    through: bool = True  # whether anybody is sent on from here who did not begin here
    note: Mapping[str, str] = field(default_factory=dict)
    fact: Fact = Fact("", "", False)

    def name(self, language: str) -> str:
        """Its name in that language."""
        return self.names.get(language) or self.names.get("en") or self.code


@dataclass(frozen=True, slots=True)
class Timed:
    """One departure of a timetable: minute of the local day, how long it takes (None: as the leg), on which days."""

    minute: int
    takes: int | None = None
    service: Service = DAILY


@dataclass(frozen=True, slots=True)
class Leg:
    """One stretch. It leaves by timetable (`times`), each so many minutes (`every`), or at any minute of its `hours`."""

    code: str
    start: str
    end: str
    kind: Kind
    least: int
    usual: int
    most: int
    times: tuple[Timed, ...] = ()
    every: tuple[int, int, int] | None = None  # each n minutes, from, until (local minutes of the day)
    hours: tuple[tuple[int, int], ...] = ()
    service: Service = DAILY
    waits: tuple[int, ...] = ()  # usual wait by local hour, added to the time of an open-hours leg
    seats: int | None = None
    sleeps: bool = False
    over: tuple[str, ...] = ()
    price: int = 0
    currency: str = ""
    pays: Payer = Payer.FAMILY
    needs: Mapping[str, tuple[str, ...] | None] = field(
        default_factory=dict
    )  # nationality or "*" -> papers; None: not open
    step_free: bool = True
    is_on: bool = True
    note: Mapping[str, str] = field(default_factory=dict)
    fact: Fact = Fact("", "", False)

    def papers_for(self, nationality: str) -> tuple[str, ...] | None:
        """What a traveller of that nationality must show; None where she may not pass at all."""
        if nationality in self.needs:
            return self.needs[nationality]
        return self.needs.get("*", ())


@dataclass(frozen=True, slots=True)
class Closure:
    """Something that is shut: `what` is place:CODE, leg:CODE, country:XX or air:XX; minutes since 1970, None: open end."""

    what: str
    since: int
    until: int | None
    reason: str
    source: str = ""
    reference: str = ""


FAR = 1 << 40


class Network:
    """The network, with its timetables laid out day by day as they are asked for."""

    def __init__(self, places: Iterable[Place], legs: Iterable[Leg], closures: Iterable[Closure] = ()) -> None:
        self.places = {place.code: place for place in places}
        self.legs = {leg.code: leg for leg in legs}
        self.closures = tuple(closures)
        self.leaving: dict[str, list[Leg]] = {code: [] for code in self.places}
        for leg in self.legs.values():
            self.leaving[leg.start].append(leg)
        self._days: dict[tuple[str, int], list[tuple[int, int]]] = {}
        self.longest = {leg.code: _longest_day(leg) for leg in self.legs.values()}
        self._shut: dict[str, tuple[tuple[int, int, Closure], ...]] = {}
        self._open: dict[tuple[str, int], tuple[list[tuple[int, int]], tuple[Closure, ...]]] = {}
        # All departures take as long as each other: then the first one is also the first to arrive.
        self.even = {
            leg.code: len({leg.usual if timed.takes is None else timed.takes for timed in leg.times}) <= 1
            for leg in self.legs.values()
        }

    def with_closures(self, closures: Iterable[Closure]) -> "Network":
        """The same network, and the same laid-out timetables, with other closures."""
        other = Network.__new__(Network)
        other.places, other.legs, other.leaving = self.places, self.legs, self.leaving
        other._days, other.longest, other.even = self._days, self.longest, self.even
        other.closures, other._shut, other._open = tuple(closures), {}, {}
        return other

    def touched(self, leg: Leg) -> frozenset[str]:
        """What a closure may name so that it shuts this leg."""
        start, end = self.places[leg.start], self.places[leg.end]
        keys = {f"leg:{leg.code}", f"place:{leg.start}", f"place:{leg.end}"}
        keys |= {f"country:{start.country}", f"country:{end.country}"}
        if leg.kind == Kind.FLIGHT:
            keys |= {f"air:{country}" for country in (start.country, end.country, *leg.over)}
            keys |= {f"air:{leg.start}", f"air:{leg.end}"}
        return frozenset(keys)

    def shut(self, leg: Leg) -> tuple[tuple[int, int, Closure], ...]:
        """The closures of a leg as (since, until, closure)."""
        found = self._shut.get(leg.code)
        if found is None:
            keys = self.touched(leg)
            found = tuple(
                (each.since, FAR if each.until is None else each.until, each)
                for each in self.closures
                if each.what in keys
            )
            self._shut[leg.code] = found
        return found

    def on_day(self, leg: Leg, number: int) -> list[tuple[int, int]]:
        """The departures of a timetable or headway leg whose local day is that one: (leaves, arrives), in order."""
        key = (leg.code, number)
        found = self._days.get(key)
        if found is None:
            zone = self.places[leg.start].zone
            base = number * DAY
            found = []
            for timed in leg.times:
                if timed.service.runs(number) and leg.service.runs(number):
                    leaves = from_local(zone, base + timed.minute)
                    found.append((leaves, leaves + (leg.usual if timed.takes is None else timed.takes)))
            if leg.every is not None and leg.service.runs(number):
                step, first, last = leg.every
                for minute in range(first, last + 1, step):
                    leaves = from_local(zone, base + minute)
                    found.append((leaves, leaves + leg.usual))
            found.sort()
            self._days[key] = found
        return found

    def open_on_day(self, leg: Leg, number: int) -> tuple[list[tuple[int, int]], tuple[Closure, ...]]:
        """The departures of that local day that no closure stops, and the closures that stop the others."""
        key = (leg.code, number)
        found = self._open.get(key)
        if found is None:
            shut = self.shut(leg)
            day = self.on_day(leg, number)
            if shut:
                stops: list[Closure] = []
                goes = []
                for leaves, arrives in day:
                    stopping = [each for since, until, each in shut if leaves < until and since <= arrives]
                    stops += stopping
                    if not stopping:
                        goes.append((leaves, arrives))
                found = goes, tuple(dict.fromkeys(stops))
            else:
                found = day, ()
            self._open[key] = found
        return found

    def first_day(self, leg: Leg, since: int) -> int:
        """The first local day whose departures may leave at or after that minute."""
        return local(self.places[leg.start].zone, since) // DAY - self.longest[leg.code]

    def departures(self, leg: Leg, since: int, before: int) -> Iterable[tuple[int, int]]:
        """Departures of a timetable or headway leg in [since, before), in order."""
        zone = self.places[leg.start].zone
        # A timetable may speak of 25:30: the day before still has departures after midnight.
        number = local(zone, since) // DAY - self.longest[leg.code]
        last = local(zone, before) // DAY
        if self.longest[leg.code] == 0:
            while number <= last:
                day = self.on_day(leg, number)
                for leaves, arrives in day[bisect_left(day, (since, -1)) :]:
                    if leaves >= before:
                        return
                    yield leaves, arrives
                number += 1
            return
        found = [
            each
            for each_day in range(number, last + 1)
            for each in self.on_day(leg, each_day)
            if since <= each[0] < before
        ]
        found.sort()
        yield from found


def _longest_day(leg: Leg) -> int:
    last = max([timed.minute for timed in leg.times] + ([leg.every[2]] if leg.every else []), default=0)
    return last // DAY


# --- from the document -------------------------------------------------------------------------------------------------


class NetworkFaulty(Exception):
    """The document is not a network; each fault is a line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults[:5]))
        self.faults = faults


def clock_minute(text: str) -> int:
    """Minutes of "HH:MM"; hours may pass 24."""
    hours, minutes = text.split(":")
    value = int(hours) * 60 + int(minutes)
    if not (0 <= int(minutes) < 60 and 0 <= value <= 3 * DAY):
        raise ValueError(f"{text!r} is no time of day")
    return value


def clock_text(minute: int) -> str:
    """ "HH:MM" of a minute of the day."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _days(text: str) -> frozenset[int]:
    days = frozenset(int(letter) - 1 for letter in text)
    if not days or not days <= frozenset(range(7)):
        raise ValueError(f"{text!r} are no weekdays (1 is Monday)")
    return days


def _service(said: Mapping[str, Any]) -> Service:
    from datetime import date

    def numbers(name: str) -> frozenset[int]:
        return frozenset(day_number(date.fromisoformat(each)) for each in said.get(name, ()))

    return Service(
        days=_days(said["days"]) if said.get("days") else frozenset(range(7)),
        first=day_number(date.fromisoformat(said["first_day"])) if said.get("first_day") else None,
        last=day_number(date.fromisoformat(said["last_day"])) if said.get("last_day") else None,
        plus=numbers("also_on"),
        minus=numbers("not_on"),
    )


def _fact(said: Mapping[str, Any]) -> Fact:
    fact = said["fact"]
    return Fact(str(fact["origin"]), str(fact["on"]), bool(fact["confirmed"]))


def place_from(said: Mapping[str, Any]) -> Place:
    """A place of the document."""
    return Place(
        code=said["code"], names=dict(said["names"]), country=said["country"], lat=float(said["lat"]),
        lon=float(said["lon"]), zone=said["zone"], role=Role(said["role"]), is_on=said.get("on", True),
        beds=said.get("beds", False), change=int(said.get("change", 0)), step_free=said.get("step_free", True),
        through=said.get("through", True), note=dict(said.get("note", {})), fact=_fact(said),
    )  # fmt: skip


def leg_from(said: Mapping[str, Any]) -> Leg:
    """A leg of the document."""
    least, usual, most = said["minutes"]
    times = []
    for each in said.get("times", ()):
        if isinstance(each, str):
            times.append(Timed(clock_minute(each)))
        else:
            times.append(Timed(clock_minute(each["at"]), each.get("takes"), _service(each)))
    every = said.get("every")
    price = said.get("price") or {}
    return Leg(
        code=said["code"], start=said["from"], end=said["to"], kind=Kind(said["kind"]),
        least=int(least), usual=int(usual), most=int(most), times=tuple(times),
        every=(int(every["minutes"]), clock_minute(every["from"]), clock_minute(every["until"])) if every else None,
        hours=tuple((clock_minute(first), clock_minute(last)) for first, last in said.get("hours", ())),
        service=_service(said), waits=tuple(int(each) for each in said.get("waits", ())),
        seats=said.get("seats"), sleeps=said.get("sleeps", False), over=tuple(said.get("over", ())),
        price=int(price.get("amount", 0)), currency=str(price.get("currency", "")),
        pays=Payer(said.get("pays", "family")),
        needs={who: None if papers is None else tuple(papers) for who, papers in said.get("needs", {}).items()},
        step_free=said.get("step_free", True), is_on=said.get("on", True), note=dict(said.get("note", {})),
        fact=_fact(said),
    )  # fmt: skip


def faults_of(document: Mapping[str, Any]) -> list[str]:
    """What is wrong with a network document, a line each; empty where it is sound."""
    faults: list[str] = []
    places: dict[str, Place] = {}
    legs: dict[str, Leg] = {}
    for said in document.get("places", ()):
        code = said.get("code", "?")
        try:
            place = place_from(said)
            local(place.zone, 0)
        except (KeyError, TypeError, ValueError, OSError) as fault:
            faults.append(f"place {code}: {type(fault).__name__} {fault}")
            continue
        if code in places:
            faults.append(f"place {code}: twice")
        if not (-90 <= place.lat <= 90 and -180 <= place.lon <= 180):
            faults.append(f"place {code}: not on the globe")
        if "en" not in place.names:
            faults.append(f"place {code}: no English name")
        places[code] = place
    for said in document.get("legs", ()):
        code = said.get("code", "?")
        try:
            leg = leg_from(said)
        except (KeyError, TypeError, ValueError) as fault:
            faults.append(f"leg {code}: {type(fault).__name__} {fault}")
            continue
        if code in legs:
            faults.append(f"leg {code}: twice")
        faults += [f"leg {code}: {fault}" for fault in _faults_of_leg(leg, places)]
        legs[code] = leg
    for number, said in enumerate(document.get("closures", ()), 1):
        kind, _colon, code = str(said.get("what", "")).partition(":")
        known: Mapping[str, object] | None = {"place": places, "leg": legs}.get(kind)  # type: ignore[assignment]
        if kind not in ("place", "leg", "country", "air") or (known is not None and code not in known):
            faults.append(f"closure {number}: nothing is called {said.get('what')}")
        if not said.get("since") or not said.get("reason"):
            faults.append(f"closure {number}: says neither since when nor why")
    if not places or not legs:
        faults.append("no places or no legs")
    return faults


def _faults_of_leg(leg: Leg, places: Mapping[str, Place]) -> list[str]:
    faults = [f"no place {code}" for code in (leg.start, leg.end) if code not in places]
    if leg.start == leg.end:
        faults.append("leads nowhere")
    if not 0 < leg.least <= leg.usual <= leg.most:
        faults.append("least, usual, most are not in order")
    if bool(leg.times) + bool(leg.every) + bool(leg.hours) != 1:
        faults.append("needs a timetable, or a headway, or hours: one of them")
    if leg.every and not (leg.every[0] > 0 and leg.every[1] <= leg.every[2]):
        faults.append("the headway is not one")
    if any(not 0 <= first < last <= DAY for first, last in leg.hours):
        faults.append("hours are not in order within the day")
    if leg.waits and (len(leg.waits) != 24 or not leg.hours or min(leg.waits) < 0):
        faults.append("waits need 24 hours and open hours")
    if leg.hours and (leg.seats is not None or leg.sleeps):
        faults.append("seats and berths need a timetable")
    if any(timed.takes is not None and timed.takes <= 0 for timed in leg.times):
        faults.append("a departure arrives before it leaves")
    return faults


def network_from(document: Mapping[str, Any], closures: Iterable[Closure] = ()) -> Network:
    """The network of a document; raises NetworkFaulty. Closures come from outside: the document's own are a beginning."""
    faults = faults_of(document)
    if faults:
        raise NetworkFaulty(faults)
    return Network(map(place_from, document["places"]), map(leg_from, document["legs"]), closures)
