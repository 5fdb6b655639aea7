"""The table of stretches round schools: where they are, and what is known about each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from cfmap.coverage.local import around
from cfmap.coverage.perimeter.alongside import Courses
from cfmap.coverage.perimeter.doors import Door, as_doors, school_doors
from cfmap.coverage.perimeter.fronts import CROSSING_M, Front, fronts
from cfmap.coverage.perimeter.ground import METHODS, Method, Stretch, by_area, by_walking
from cfmap.coverage.perimeter.lists import Listed, listed_answers, listed_by_crossing, matched_crossings
from cfmap.coverage.perimeter.roads import DUAL_M, Roads, roads_of
from cfmap.coverage.perimeter.subjects import Gates
from cfmap.coverage.safety import THRESHOLDS, Near, by_subject, judge_segment, lanes_reading
from cfmap.geometry.crs import geometries_to_plane
from cfmap.model.schema import IN_USE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd

    from cfmap.coverage.safety import Reading, Thresholds
    from cfmap.coverage.sources import Sources
    from cfmap.model import Coverage
    from cfmap.model.survey import Answer, Side
    from cfmap.network import Network

PERIMETER_M = 150.0  # GA/T 1215-2014, 3.2: not less than 150 m
ITEM_COLUMNS = tuple(f"item_{key}" for key in "ABCDEFGH")
COLUMNS = (
    *("school", "segment", "edge_id", "way_id", "side", "from_m", "to_m", "gate", "gate_states", *ITEM_COLUMNS),
    *("state", "state_strict", "reasons", "evidence", "conflict", "ring", "weight", "geometry"),
)
ON_LINE_M = 0.01
AREAS = ("Polygon", "MultiPolygon")


def perimeter(
    network: Network,
    schools: gpd.GeoDataFrame,
    *,
    metres: float = PERIMETER_M,
    method: Method = "network",
    gates: gpd.GeoDataFrame | None = None,
    footprints: gpd.GeoSeries | None = None,
    ring_m: float | None = None,
    crossings: gpd.GeoDataFrame | None = None,
    answers: Iterable[Answer] = (),
    rule_set: str = "default",
    thresholds: Thresholds = THRESHOLDS,
) -> gpd.GeoDataFrame:
    """
    Stretches of road round schools, three-valued.

    Parameters
    ----------
    network
        Walking network with tags and crossings.
    schools
        EPSG:4326 with ``id``, points or outlines; rows with a ``status`` other than in use or unknown are not looked at.
    metres
        How far the perimeter reaches; streets are cut there.
    method
        How it is measured. ``network``: along streets from each gate, the straight way to the street included. ``radius``:
        straight from each gate. ``wall``: straight from the school's outline; round the gates where there is none.
    gates, footprints
        As :func:`cfmap.coverage.accesses.accesses`.
    ring_m
        Outer limit of a ring round the perimeter, metres; None or not above `metres` = no ring.
    crossings
        爱心斑马线 of a department's list, see :func:`cfmap.coverage.perimeter.matched_crossings`.
    answers
        What surveys, departments and edits say of segments and gates; they come before the map.
    rule_set
        Which items ``state`` and ``reasons`` go by, a key of :data:`cfmap.coverage.safety.RULE_SETS`.
    thresholds
        Numbers of the rule table.

    Returns
    -------
    segments
        GeoDataFrame EPSG:4326 ordered by school and edge, one row per stretch open to motor traffic:
        ``school``; ``segment`` (key ``<way>/<first node>-<last node>`` of the whole edge, the same in every run on one street
        file); ``edge_id`` (<NA> for a carriageway that people on foot leave for the sidewalk beside it), ``way_id``, ``side``
        (where the school lies, looking along the way: left or right), ``from_m, to_m`` (along the edge), ``gate`` (keys
        ``<school>/<n>`` of the accesses it lies before, joined by ``;``, else ""), ``gate_states`` (of C before each of them, in the same
        order), ``item_A`` … ``item_H`` of the rule table (None
        where an item does not apply, as C on stretches that lie before no access), ``state``, ``state_strict``, ``reasons``
        (codes of :data:`cfmap.coverage.safety.REASONS` joined by ``;``), ``evidence, conflict`` (text), ``ring`` (beyond
        `metres`), ``weight`` (what share of its length counts: down to one half for a carriageway of a divided road, as far as
        the other one is in the perimeter too, so that the road counts once), ``geometry``.
        Schools without such a stretch are in no row: :func:`cfmap.coverage.perimeter.figures.school_figures` lists them.

    Raises
    ------
    InputError
        As :func:`cfmap.coverage.sources.place_sites`.
    ValueError
        A method that is not known.

    References
    ----------
    GA/T 1215-2014; METHODS 2.2-2.3.
    """
    import geopandas as gpd
    import pandas as pd

    if method not in METHODS:
        msg = f"method {method!r} is none of {', '.join(METHODS)}"
        raise ValueError(msg)
    schools = in_use(schools)
    doors, sources = school_doors(network, schools, footprints=footprints, gates=gates)
    roads = roads_of(network)
    asked = _Asked(by_subject(Gates(doors).at_their_gates(answers)), rule_set, thresholds)
    loving, each = listed_by_crossing(matched_crossings(network, crossings)), as_doors(doors)
    limits = [metres, ring_m] if ring_m is not None and ring_m > metres else [metres]
    rows: list[dict[str, Any]] = []
    for number in range(len(sources.ids)):
        rows += _of_school(roads, each, sources, number, limits=limits, method=method, footprints=footprints, loving=loving, asked=asked)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table["edge_id"] = table["edge_id"].astype("Int64")
    for column in ("segment", "gate", "gate_states", *ITEM_COLUMNS, "side", "state", "state_strict", "reasons", "evidence", "conflict"):
        table[column] = pd.Series([row[column] for row in rows], dtype=object)
    table["ring"] = table["ring"].astype(bool)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=4326)


def perimeter_of(coverage: Coverage) -> gpd.GeoDataFrame:
    """Segments that a coverage by the rule ``perimeter150`` was made of, as :func:`perimeter` gives them."""
    return coverage.streets.rename(columns={"site": "school"})[list(COLUMNS)]


def in_use(schools: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Schools that count today: all where there is no ``status``."""
    return schools[schools["status"].isin(IN_USE)] if "status" in schools else schools


def _of_school(
    roads: Roads,
    doors: Sequence[Door],
    sources: Sources,
    number: int,
    *,
    limits: Sequence[float],
    method: Method,
    footprints: gpd.GeoSeries | None,
    loving: Mapping[str, Listed],
    asked: _Asked,
) -> list[dict[str, Any]]:
    mine = np.flatnonzero(sources.site == number)
    own_doors, snapped = [doors[n] for n in mine.tolist()], sources.snapped.take(mine)
    school, place = sources.ids[number], sources.table.geometry.iloc[number]
    streets, own = around(roads.network, snapped, reach_m=limits[-1] + CROSSING_M)
    if method == "network":
        stretches = by_walking(roads, streets, own, snapped, limits)
    else:
        shape = outline_of(school, place, footprints) if method == "wall" else None
        if shape is None:
            shape = shapely.MultiPoint([door.place for door in own_doors])
        stretches = by_area(roads, geometries_to_plane(np.array([shape], dtype=object), roads.crs)[0], limits)
    stretches.sort(key=lambda s: (roads.edge[s.road] < 0, s.road, s.from_m))
    lines = geometries_to_plane(np.array([s.line for s in stretches], dtype=object), roads.crs)
    before: dict[int, list[Front]] = {}
    for front in fronts(roads, streets, own, own_doors, snapped, stretches, metres=limits[0]):
        before.setdefault(front.stretch, []).append(front)
    weights = _weights(roads, stretches, lines)
    kinds = {door.kind for door in own_doors}
    here = geometries_to_plane(np.array([place.representative_point()], dtype=object), roads.crs)[0]
    guessed = ["gate-assumed"] if kinds == {"assumed"} else ["gate-crossing"] if kinds == {"crossing"} else []
    rows = []
    for n, stretch in enumerate(stretches):
        edge = int(roads.edge[stretch.road])
        notes = (["dual"] if weights[n] < 1.0 else []) + guessed
        row = {
            "school": school,
            "segment": roads.key(stretch.road),
            "edge_id": edge if edge >= 0 else None,
            "way_id": int(roads.way[stretch.road]),
            "from_m": stretch.from_m,
            "to_m": stretch.to_m,
            "gate": ";".join(dict.fromkeys(f.gate for f in before.get(n, []))),
            "ring": stretch.ring,
            "weight": weights[n],
            "geometry": stretch.line,
        }
        listed = listed_answers(roads, stretch, before.get(n, []), own_doors, loving)
        judged = _judged(roads, stretch, lines[n], _side(lines[n], here), before.get(n, []), listed, asked)
        rows.append(row | judged | {"reasons": ";".join([*judged["reasons"], *notes])})
    return rows


class _Asked(NamedTuple):
    """By what is judged."""

    answers: Mapping[str, Sequence[Answer]]
    rule_set: str
    thresholds: Thresholds


def _judged(
    roads: Roads, stretch: Stretch, line: shapely.LineString, side: Side, before: Sequence[Front], listed: Iterable[Answer], asked: _Asked
) -> dict[str, Any]:
    tags = roads.tags(stretch.road) | roads.helped(stretch.road, stretch.from_m, stretch.to_m)
    if any(text == "separate" for key, text in tags.items() if key.startswith("sidewalk")):
        sides: tuple[Side, ...] = (side,) if side else ("left", "right")
        tags = tags | {f"cfmap:beside:{s}": "yes" if roads.sidewalk_beside(line, s) else "no" for s in sides}
    gates: dict[str, Near] = {}
    for front in before:
        crossings = tuple((roads.crossing_id(k), str(roads.kinds[k])) for k in front.crossings)
        lanes = {roads.crossing_id(k): read for k in front.crossings for read in _lanes_across(roads, stretch.road, k, asked.thresholds)}
        gates[front.gate] = Near(crossings, f"way/{front.over_or_under[0]}" if front.over_or_under else "", lanes)
    key, way = roads.key(stretch.road), f"way/{roads.way[stretch.road]}"
    answers = {subject: asked.answers[subject] for subject in gates if subject in asked.answers}
    answers[key] = [*asked.answers.get(key, ()), *listed]
    found = judge_segment(tags, side=side, way=way, date=roads.network.timestamp[:10], segment=key, gates=gates, answers=answers, thresholds=asked.thresholds)
    return {
        "side": side,
        "gate_states": ";".join(found.gates[gate] for gate in gates),
        **{f"item_{item}": verdict and verdict.state for item, verdict in found.items.items()},
        "state": found.state(asked.rule_set),
        "state_strict": found.state("strict"),
        "reasons": found.reasons(asked.rule_set),
        "evidence": found.evidence_text(),
        "conflict": found.conflict_text(),
    }


def _lanes_across(roads: Roads, road: int, crossing: int, thresholds: Thresholds) -> list[Reading | None]:
    """Lanes where a crossing leads over other ways of a road than the one before the gate; empty where it is that one alone."""
    ways = sorted({int(roads.way[other]) for other in roads.over(crossing) if roads.called(other) == roads.called(road)})
    if not ways or ways == [int(roads.way[road])]:
        return []
    read = lanes_reading([roads.tags_of(way) for way in ways], thresholds=thresholds)
    return [read and (read[0], f"{' '.join(f'way/{way}' for way in ways)} {read[1]}")]


def outline_of(school: Any, place: shapely.Geometry, footprints: gpd.GeoSeries | None) -> shapely.Geometry | None:
    """Outline of a school: its footprint, else its own shape when that is an area."""
    known: list[Any] = [] if footprints is None or school not in footprints.index else list(footprints.loc[[school]])
    return next((shape for shape in (*known, place) if shape.geom_type in AREAS), None)


def _weights(roads: Roads, stretches: Sequence[Stretch], lines: np.ndarray) -> list[float]:
    """Share of each stretch that counts: half where the opposite carriageway of its road runs beside it in the same perimeter."""
    weights = [1.0] * len(stretches)
    one_way = [n for n, s in enumerate(stretches) if roads.is_one_way(s.road)]
    if len(one_way) < 2:
        return weights
    courses = Courses(lines[one_way])
    for n in one_way:
        road = stretches[n].road
        if not roads.may_be_divided(road):
            continue
        seen = courses.beside(lines[n], within_m=DUAL_M)
        partner = np.array(
            [
                stretches[k].ring == stretches[n].ring
                and roads.called(stretches[k].road) == roads.called(road)
                and roads.way[stretches[k].road] != roads.way[road]
                for k in one_way
            ],
            dtype=bool,
        )
        weights[n] = 1.0 - seen.share(~seen.same & partner[seen.owner]) / 2.0
    return weights


def _side(line: shapely.LineString, place: shapely.Point) -> Side:
    """On which side of the line, in its direction, the place lies (both in metres); "" when it lies on the line."""
    along = line.project(place)
    step = max(line.length * 1e-3, ON_LINE_M)
    a, b = line.interpolate(max(0.0, along - step)), line.interpolate(min(line.length, along + step))
    turn = (b.x - a.x) * (place.y - a.y) - (b.y - a.y) * (place.x - a.x)
    reach = np.hypot(b.x - a.x, b.y - a.y)
    if reach == 0 or abs(turn) / reach < ON_LINE_M:
        return ""
    return "left" if turn > 0 else "right"


__all__ = ["COLUMNS", "ITEM_COLUMNS", "PERIMETER_M", "in_use", "outline_of", "perimeter", "perimeter_of"]
