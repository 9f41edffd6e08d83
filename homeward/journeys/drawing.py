"""The map of a journey, drawn on the server as SVG: borders, places, the way, what is closed. Nothing is fetched from anywhere."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from homeward.journeys.planner.network import Kind, Network, Place, Role

_SCALE = 34.0
_WIDE, _TALL = 1.75, 1.15  # the frame is no wider, no taller than this
_LEAST = 300.0  # nor narrower
_EDGE = 34.0
_SQUEEZE = math.cos(math.radians(53))


@dataclass(frozen=True, slots=True)
class Line:
    """One leg on the map."""

    d: str
    kind: str  # air, road, ours


@dataclass(frozen=True, slots=True)
class Dot:
    """A place on the map; `label` stands at (lx, ly)."""

    x: float
    y: float
    r: float
    label: str
    lx: float
    ly: float
    anchor: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class Cross:
    """Something shut."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that the template puts into the SVG."""

    box: str
    width: float
    height: float
    lands: list[str]
    home: list[str]
    lines: list[Line]
    dots: list[Dot]
    crosses: list[Cross]
    unit: float  # one pixel of a map 640 wide, in its own units

    @property
    def font(self) -> float:
        """Size of the labels."""
        return round(15 * self.unit, 1)

    @property
    def stroke(self) -> float:
        """Width of the way."""
        return round(3.4 * self.unit, 1)

    @property
    def thin(self) -> float:
        """Width of a border."""
        return round(0.9 * self.unit, 2)

    @property
    def halo(self) -> float:
        """Width of the ground around letters and dots."""
        return round(3.2 * self.unit, 1)

    @property
    def dotted(self) -> str:
        """By air."""
        return f"{0.1 * self.unit:.1f} {8 * self.unit:.1f}"

    @property
    def dashed(self) -> str:
        """With an escort."""
        return f"{10 * self.unit:.1f} {7 * self.unit:.1f}"

    @property
    def arm(self) -> float:
        """Half an arm of a cross."""
        return round(5.5 * self.unit, 1)


@lru_cache(maxsize=1)
def _borders() -> tuple[tuple[float, float, float, float], dict[str, list[list[tuple[float, float]]]]]:
    said = json.loads(Path(__file__).with_name("borders.json").read_text(encoding="utf-8"))
    west, east, south, north = said["frame"]
    lands = {
        code: [[_project(x, y, west, north) for x, y in ring] for ring in rings]
        for code, rings in said["countries"].items()
    }
    return (west, east, south, north), lands


def _project(lon: float, lat: float, west: float, north: float) -> tuple[float, float]:
    return (lon - west) * _SQUEEZE * _SCALE, (north - lat) * _SCALE


def _point(place: Place) -> tuple[float, float, bool]:
    """Where a place is drawn; True when it lies beyond the frame and stands on its edge."""
    (west, east, south, north), _lands = _borders()
    x, y = _project(place.lon, place.lat, west, north)
    right, low = _project(east, south, west, north)
    beyond = not (0 <= x <= right and 0 <= y <= low)
    if place.lon > east:
        # Far in the east: at the height of the middle of the frame's upper half, so that the line stays calm.
        return right - 8, min(max(y, low * 0.25), low * 0.45), True
    return min(max(x, 8), right - 8), min(max(y, 8), low - 8), beyond


def _frame(points: Sequence[tuple[float, float, bool]]) -> tuple[float, float, float, float]:
    (west, east, south, north), _lands = _borders()
    right, low = _project(east, south, west, north)
    left, upper = min(p[0] for p in points), min(p[1] for p in points)
    wide, tall = max(p[0] for p in points) - left, max(p[1] for p in points) - upper
    pad = max(_EDGE, 0.1 * wide)
    x, y, w, h = left - pad, upper - pad, wide + 2 * pad, tall + 2 * pad
    if w < _LEAST:
        x, w = x - (_LEAST - w) / 2, _LEAST
    if w / h > _WIDE:
        more = w / _WIDE - h
        y, h = y - more / 2, h + more
    elif w / h < _TALL:
        more = h * _TALL - w
        x, w = x - more / 2, w + more
    w, h = min(w, right), min(h, low)
    return min(max(x, 0), right - w), min(max(y, 0), low - h), w, h


def _path(ring: Sequence[tuple[float, float]], origin: tuple[float, float], scale: float) -> str:
    steps = []
    before: tuple[int, int] | None = None
    for x, y in ring:
        here = (round((x - origin[0]) * scale), round((y - origin[1]) * scale))
        if before is None:
            steps.append(f"M{here[0]} {here[1]}l")
        elif here != before:
            steps.append(f"{here[0] - before[0]} {here[1] - before[1]}")
        before = here
    return steps[0] + " ".join(steps[1:]) + "z" if len(steps) > 3 else ""


def _arc(a: tuple[float, float], b: tuple[float, float], bend: float) -> str:
    mx, my = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
    dx, dy = b[0] - a[0], b[1] - a[1]
    cx, cy = mx + dy * bend, my - dx * bend
    return f"M{a[0]:.0f} {a[1]:.0f}Q{cx:.0f} {cy:.0f} {b[0]:.0f} {b[1]:.0f}"


def draw(
    network: Network,
    legs: Iterable[tuple[str, str, str, bool]],
    *,
    language: str,
    shut: Iterable[tuple[str, str]] = (),
    stand: str = "",
) -> Drawing:
    """The map of legs (from, to, kind, whether she sleeps after it); `shut` are (place, word) to be crossed out."""
    legs = list(legs)
    codes = list(dict.fromkeys(code for start, end, _kind, _sleeps in legs for code in (start, end)))
    points = {code: _point(network.places[code]) for code in codes}
    x, y, w, h = _frame(list(points.values()))
    scale = 640 / w
    width, height = 640.0, round(h * scale, 1)

    def put(code: str) -> tuple[float, float]:
        px, py, _beyond = points.get(code) or _point(network.places[code])
        return round((px - x) * scale, 1), round((py - y) * scale, 1)

    lands: list[str] = []
    home: list[str] = []
    for country, rings in _borders()[1].items():
        for ring in rings:
            xs, ys = [p[0] for p in ring], [p[1] for p in ring]
            if max(xs) < x or min(xs) > x + w or max(ys) < y or min(ys) > y + h:
                continue
            path = _path(ring, (x, y), scale)
            if path:
                (home if country == "UA" else lands).append(path)
    lines = []
    for start, end, kind, _sleeps in legs:
        a, b = put(start), put(end)
        if kind == Kind.FLIGHT:
            lines.append(Line(_arc(a, b, 0.12), "air"))
        else:
            lines.append(
                Line(f"M{a[0]:.0f} {a[1]:.0f}L{b[0]:.0f} {b[1]:.0f}", "ours" if kind == Kind.ESCORT else "road")
            )
    crosses = []
    for code, word in shut:
        cx, cy = put(code)
        if 0 <= cx <= width and 0 <= cy <= height:
            crosses.append(Cross(cx, cy, word))
    dots = _dots(
        network, legs, put, points, language=language, width=width, height=height, stand=stand, crosses=crosses
    )
    return Drawing(f"0 0 640 {height:g}", width, height, lands, home, lines, dots, crosses, 1.0)


def _dots(
    network: Network, legs: list[tuple[str, str, str, bool]], put: object, points: dict[str, tuple[float, float, bool]],
    *, language: str, width: float, height: float, stand: str, crosses: list[Cross],
) -> list[Dot]:  # fmt: skip
    codes = list(points)
    nights = {end for _start, end, _kind, sleeps in legs if sleeps}
    first, last = legs[0][0], legs[-1][1]
    taken = [(cross.x - 8, cross.y - 8, 16.0, 16.0) for cross in crosses]
    dots: list[Dot] = []
    drawn: list[tuple[float, float]] = []

    def weight(code: str) -> int:
        place = network.places[code]
        if code in (first, last, stand):
            return 0
        return {Role.GATEWAY: 1, Role.MEETING: 2, Role.CROSSING: 3, Role.HUB: 4}.get(place.role, 5) - (code in nights)

    for code in sorted(codes, key=weight):
        place = network.places[code]
        cx, cy = put(code)  # type: ignore[operator]
        if any(abs(cx - dx) + abs(cy - dy) < 14 for dx, dy in drawn):
            continue  # the two sides of a border are one dot
        drawn.append((cx, cy))
        is_main = code in (first, last, stand) or place.role in (Role.GATEWAY, Role.MEETING)
        label = place.name(language) + (" →" if points[code][2] else "")
        size = 15.0
        long = len(label) * size * 0.56
        radius = 6.5 if is_main else 4.5
        spots = (
            (cx + radius + 5, cy + 5, "start", cx + radius + 5),
            (cx - radius - 5, cy + 5, "end", cx - radius - 5 - long),
            (cx, cy - radius - 6, "middle", cx - long / 2),
            (cx, cy + radius + 16, "middle", cx - long / 2),
            (cx + radius + 3, cy - radius - 3, "start", cx + radius + 3),
            (cx + radius + 3, cy + radius + 13, "start", cx + radius + 3),
            (cx - radius - 3, cy - radius - 3, "end", cx - radius - 3 - long),
            (cx - radius - 3, cy + radius + 13, "end", cx - radius - 3 - long),
        )
        others = [(dx - 6, dy - 6, 12.0, 12.0) for dx, dy in (put(other)[:2] for other in codes if other != code)]  # type: ignore[operator]
        others = [box for box in others if abs(box[0] + 6 - cx) + abs(box[1] + 6 - cy) > 12]
        for lx, ly, anchor, left in spots:
            box = (left, ly - 13, long, 16.0)
            inside = box[0] >= 2 and box[0] + box[2] <= width - 2 and box[1] >= 2 and ly <= height - 4
            if inside and not any(_meet(box, other) for other in [*taken, *others]):
                taken.append(box)
                dots.append(Dot(cx, cy, radius, label, round(lx, 1), round(ly, 1), anchor, is_main))
                break
        else:
            dots.append(Dot(cx, cy, radius, "", 0, 0, "start", is_main))
    return dots


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]
