"""Makes `alumni/web/atlas.json`: the outline of the land, and a point for each country, for maps of a few kB.

Reads `countries-50m.json` and `land-110m.json` of the npm package world-atlas 2.0.2 (Natural Earth, public domain):

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz && python tools/atlas.py package
"""

import json
import math
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pycountry

Point = tuple[float, float]
Ring = list[Point]

WIDTH = 720
CUT = -25.0  # degrees east: the map begins in the Atlantic, so that no ocean on which the networks meet is cut
SMALLEST = 12.0  # square units of an island that is still drawn
ROUGHNESS = 1.1  # units by which an outline may be wrong
TINY = {
    "BQ": (-68.3, 12.2), "GF": (-53.1, 3.9), "GI": (-5.35, 36.14), "GP": (-61.5, 16.2), "MQ": (-61, 14.6),
    "RE": (55.5, -21.1), "SJ": (16, 78.5), "TK": (-171.8, -9.2), "TV": (179.2, -8.5), "YT": (45.2, -12.8),
}  # fmt: skip
WHERE = Path(__file__).parents[1] / "alumni" / "web" / "atlas.json"
# Equal Earth (Šavrič, Patterson and Jenny 2018): no country is larger on it than another of the same area.
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
SCALE = WIDTH / (2 * math.pi * 2 / math.sqrt(3) / A1)


def projected(longitude: float, latitude: float) -> Point:
    east = math.radians(longitude - CUT - 180)
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    t2 = theta * theta
    t6 = t2**3
    x = 2 * math.sqrt(3) * east * math.cos(theta) / (3 * (9 * A4 * t6 * t2 + 7 * A3 * t6 + 3 * A2 * t2 + A1))
    y = theta * (A1 + A2 * t2 + t6 * (A3 + A4 * t2))
    return x * SCALE + WIDTH / 2, -y * SCALE


def arcs_of(topology: dict) -> list[Ring]:
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        ring = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            ring.append((x * kx + dx, y * ky + dy))
        arcs.append(ring)
    return arcs


def rings_of(geometry: dict, arcs: list[Ring]) -> Iterator[Ring]:
    """The outer rings of a geometry, as longitude and latitude."""
    if geometry["type"] == "GeometryCollection":
        for inner in geometry["geometries"]:
            yield from rings_of(inner, arcs)
        return
    for polygon in geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry.get("arcs", [])]:
        if polygon:
            ring: Ring = []
            for n in polygon[0]:
                arc = arcs[n] if n >= 0 else arcs[~n][::-1]
                ring += arc[1:] if ring else arc
            yield ring


def unwrapped(ring: Ring) -> Ring:
    """Longitudes without a jump at the date line."""
    made = [ring[0]]
    for longitude, latitude in ring[1:]:
        turns = round((made[-1][0] - longitude) / 360)
        made.append((longitude + 360 * turns, latitude))
    return made


def clipped(ring: Ring, at: float, sign: int) -> Ring:
    """The part of a ring on one side of a meridian."""
    made: Ring = []
    for one, other in zip(ring, ring[1:] + ring[:1], strict=True):
        inside, follows = sign * (one[0] - at) >= 0, sign * (other[0] - at) >= 0
        if inside:
            made.append(one)
        if inside != follows:
            part = (at - one[0]) / (other[0] - one[0])
            made.append((at, one[1] + part * (other[1] - one[1])))
    return made


def area(ring: Ring) -> float:
    if not ring:
        return 0
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def centre(ring: Ring) -> Point:
    total = x = y = 0.0
    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = a[0] * b[1] - b[0] * a[1]
        total, x, y = total + cross, x + (a[0] + b[0]) * cross, y + (a[1] + b[1]) * cross
    return (x / (3 * total), y / (3 * total)) if total else ring[0]


def on_map(ring: Ring) -> Iterator[Ring]:
    """The one or two parts in which a ring stands on the map."""
    whole = unwrapped(ring)
    for turn in (-360, 0, 360):
        part = clipped([(longitude + turn, latitude) for longitude, latitude in whole], CUT, 1)
        part = clipped(part, CUT + 360, -1) if part else part
        if len(part) > 2:
            yield [projected(*point) for point in part]


def simplified(line: Ring) -> Ring:
    """Douglas and Peucker."""
    if len(line) < 3:
        return line
    (ax, ay), (bx, by) = line[0], line[-1]
    length = math.hypot(bx - ax, by - ay)

    def off(point: Point) -> float:
        if not length:
            return math.hypot(point[0] - ax, point[1] - ay)
        return abs((bx - ax) * (ay - point[1]) - (ax - point[0]) * (by - ay)) / length

    furthest = max(range(1, len(line) - 1), key=lambda n: off(line[n]))
    if off(line[furthest]) < ROUGHNESS:
        return [line[0], line[-1]]
    return simplified(line[: furthest + 1])[:-1] + simplified(line[furthest:])


def path(rings: list[Ring], top: float) -> str:
    """One path of relative steps in whole units."""
    made = []
    for ring in rings:
        half = len(ring) // 2
        points = [(round(x), round(y - top)) for x, y in simplified(ring[: half + 1])[:-1] + simplified(ring[half:])]
        points = [point for point, before in zip(points, [None, *points], strict=False) if point != before]
        if len(points) < 3:
            continue
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
        made.append(f"M{points[0][0]} {points[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps) + "z")
    return "".join(made).replace(" -", "-")


def main(folder: Path) -> None:
    land = json.loads((folder / "land-110m.json").read_text())
    rings = [
        part
        for ring in rings_of(land["objects"]["land"], arcs_of(land))
        if min(y for _, y in ring) > -60
        for part in on_map(ring)
    ]
    rings = [ring for ring in rings if area(ring) > SMALLEST]
    top = min(y for ring in rings for _, y in ring) - 4
    height = round(max(y for ring in rings for _, y in ring) - top + 4)
    countries = json.loads((folder / "countries-50m.json").read_text())
    arcs = arcs_of(countries)
    largest: dict[str, Ring] = {}  # part of each country; dependencies may have the number of their country
    for geometry in countries["objects"]["countries"]["geometries"]:
        country = pycountry.countries.get(numeric=str(geometry.get("id", "")).zfill(3))
        parts = [part for ring in rings_of(geometry, arcs) for part in on_map(ring)]
        if country:
            code = country.alpha_2
            largest[code] = max([*parts, largest.get(code, [])], key=area)
    places = {}
    for code, ring in largest.items():
        x, y = centre(ring)
        places[code] = (round(x), round(y - top))
    # Too small for Natural Earth at this scale.
    for code, where in {
        "TV": (179.2, -8.5),
        "GI": (-5.35, 36.14),
        "GF": (-53.1, 3.9),
        "MQ": (-61, 14.6),
        "GP": (-61.5, 16.2),
        "RE": (55.5, -21.1),
        "YT": (45.2, -12.8),
        "TK": (-171.8, -9.2),
        "SJ": (16, 78.5),
        "BQ": (-68.3, 12.2),
    }.items():
        x, y = projected((where[0] - CUT) % 360 + CUT, where[1])
        places.setdefault(code, (round(x), round(y - top)))
    places = {code: (x, y) for code, (x, y) in places.items() if 0 <= y <= height}  # nobody lives in Antarctica
    made = {"width": WIDTH, "height": height, "land": path(rings, top), "places": dict(sorted(places.items()))}
    WHERE.write_text(json.dumps(made, separators=(",", ":")).replace('],"', '],\n"') + "\n")
    missing = [c.alpha_2 for c in pycountry.countries if c.alpha_2 not in places]
    print(f"{len(made['land'])} characters of land, {len(places)} places; none for {missing}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
