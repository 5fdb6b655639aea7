"""What is not known of the streets round schools, put as questions in the order of a walk that a surveyor can follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.coverage.perimeter import SCHOOLS
from cfmap.coverage.safety import RULE_SETS
from cfmap.geometry.compass import LETTERS, side_words, wind
from cfmap.intake.survey_sheet import GATES, SEGMENTS, items_of
from cfmap.publish.survey_form.places import Places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd

    from cfmap.coverage.safety.states import State
    from cfmap.model.survey import ItemKey
    from cfmap.network import Network

AT_GATE_M, ROUND_M = 12.0, 10.0
GUESSED = "推测的门，请看门在哪里"  # no gate on record


@dataclass(frozen=True)
class Question:
    """
    One row of the form.

    Attributes
    ----------
    sheet
        Of segments or of gates.
    key, side
        Of the segment (gate), and on which side of the way the school lies.
    number
        As on the map: 1, 2, ... along the walk; gates 门1, 门2.
    street, course, look
        Name, from where to where, and which side to look at, in words.
    items
        What is asked; the other columns are known.
    line
        The segment, metres; a point for a gate.
    place
        Longitude and latitude of its middle.
    """

    sheet: str
    key: str
    side: str
    number: str
    street: str
    course: str
    look: str
    items: tuple[ItemKey, ...]
    line: Any
    place: tuple[float, float]


@dataclass(frozen=True)
class Round:
    """The questions round one school or kindergarten, in order, and what its map needs: doors and what is known of the other streets (shapes in metres)."""

    school: str
    layer: str
    name: str
    town: str
    questions: tuple[Question, ...]
    doors: tuple[Any, ...]
    known: tuple[tuple[State, Any], ...]

    def of(self, sheet: str) -> tuple[Question, ...]:
        """The questions of one sheet."""
        return tuple(q for q in self.questions if q.sheet == sheet)


def rounds(segments: gpd.GeoDataFrame, schools: gpd.GeoDataFrame, doors: gpd.GeoDataFrame, network: Network, *, rule_set: str = "default") -> list[Round]:
    """
    Put what is unknown as questions, school by school.

    Parameters
    ----------
    segments
        As :func:`cfmap.coverage.perimeter` gives them.
    schools
        With ``id``, ``name``, ``town`` and ``layer`` (without it they are schools); their order is kept.
    doors
        As :func:`cfmap.coverage.perimeter.school_doors` gives them.
    network
        Where the names of crossing streets come from.
    rule_set
        What decides, a key of :data:`cfmap.coverage.safety.RULE_SETS`; other items are asked along with that.

    Returns
    -------
    rounds
        Schools about which something is asked. Only what can change a verdict is: a segment that is unsafe anyway stays off the form.
    """
    places, needed = Places(network), RULE_SETS[rule_set].needs
    gates: dict[Any, dict[str, Any]] = {}
    known_as: dict[Any, str] = {}
    for school, key, kind, name, point in zip(*(doors[c] for c in ("school", "gate", "kind", "name")), places.plane(doors.geometry), strict=True):
        gates.setdefault(school, {})[key] = point
        known_as[key] = name if kind == "gate" else GUESSED
    inner = segments[~segments["ring"].astype(bool)].assign(state=lambda table: table["state_strict" if rule_set == "strict" else "state"])
    around: dict[Any, list[dict[str, Any]]] = {}
    for record, line in zip(inner.drop(columns="geometry").to_dict("records"), places.plane(inner.geometry), strict=True):
        around.setdefault(record["school"], []).append({str(k): v for k, v in record.items()} | {"line": line})
    found = []
    layers = schools["layer"] if "layer" in schools else [SCHOOLS] * len(schools)
    for school, layer, name, town in zip(schools["id"], layers, schools["name"], schools["town"], strict=True):
        rows, own = around.get(school, []), gates.get(school, {})
        unclear = [row for row in rows if row["state"] == "unknown"]
        names = {key: known_as[key].removeprefix(str(name)).strip() for key in own}
        questions = (*_of_gates(unclear, own, places, names), *_of_segments(unclear, list(own.values()), places, needed))
        if questions:
            known = tuple((row["state"], row["line"]) for row in rows if row["state"] != "unknown")
            found.append(Round(str(school), str(layer), str(name), town if isinstance(town, str) else "", questions, tuple(own.values()), known))
    return found


def _of_gates(unclear: list[dict[str, Any]], doors: dict[str, Any], places: Places, names: Mapping[str, str]) -> Iterator[Question]:
    told = [pair for row in unclear for pair in zip(row["gate"].split(";"), row["gate_states"].split(";"), strict=True)]
    asked = {key for key, state in told if state == "unknown"}
    for number, (key, door) in enumerate(doors.items(), start=1):
        if key in asked:
            where = "，".join(filter(None, (places.nearest(door), names[key])))
            yield Question(GATES, key, "", f"门{number}", where, "", "", tuple(items_of(GATES)), door, places.degrees(door))


def _of_segments(unclear: list[dict[str, Any]], doors: list[Any], places: Places, needed: Sequence[ItemKey]) -> Iterator[Question]:
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in unclear:
        if any(row[f"item_{item}"] == "unknown" for item in needed if item != "C"):
            groups.setdefault((row["segment"], row["side"]), []).append(row)
    pieces = [(key, side, rows, _longest([row["line"] for row in rows])) for (key, side), rows in groups.items()]
    for number, (position, backwards) in enumerate(walk([line for *_, line in pieces], start=doors[0] if doors else None), start=1):
        key, side, rows, line = pieces[position]
        street = places.name(rows[0]["way_id"])
        yield Question(
            sheet=SEGMENTS,
            key=key,
            side=side,
            number=str(number),
            street=street,
            course=_course(line, street, doors, places, backwards=backwards),
            look=_look(line, side, backwards=backwards),
            items=tuple(item for item in items_of(SEGMENTS) if _asked([row[f"item_{item}"] for row in rows], item in needed)),
            line=line,
            place=places.degrees(line.interpolate(0.5, normalized=True)),
        )


def _course(line: Any, street: str, doors: list[Any], places: Places, *, backwards: bool) -> str:
    """From where to where, in words that can be walked."""
    ends = [shapely.Point(line.coords[i]) for i in ((-1, 0) if backwards else (0, -1))]
    first, last = (_spot(end, street, doors, places) for end in ends)
    metres = round(line.length / ROUND_M) * ROUND_M or ROUND_M
    return f"从{first}往{wind(ends[1].x - ends[0].x, ends[1].y - ends[0].y)[0]}走约 {metres:g} 米，到{last if last != first else '下一个路口'}"


def _asked(states: list[str | None], needed: bool) -> bool:  # noqa: FBT001 - a private test of two facts
    """Whether an item is not known; what does not decide and was never judged is asked along."""
    return "unknown" in states or (not needed and not any(states))


def _longest(lines: Any) -> Any:
    """One line of pieces that were cut apart; where they do not meet, the longest."""
    return max(shapely.get_parts(shapely.line_merge(shapely.union_all(lines))), key=lambda part: part.length)


def walk(lines: list[Any], *, start: Any = None) -> list[tuple[int, bool]]:
    """
    In which order to look at streets: from `start` always on to the nearest end of one not yet seen.

    Returns
    -------
    order
        Positions in `lines`, and whether a line is walked from its last point to its first.
    """
    ends = [np.array([line.coords[0], line.coords[-1]]) for line in lines]
    here = np.array(start.coords[0]) if start is not None else ends[0][0] if ends else np.zeros(2)
    left, order = set(range(len(lines))), []
    while left:
        _, position, end = min((float(np.hypot(*(ends[i][end] - here))), i, end) for i in left for end in (0, 1))
        left.remove(position)
        order.append((position, end == 1))
        here = ends[position][1 - end]
    return order


def _spot(point: Any, street: str, doors: list[Any], places: Places) -> str:
    metres = min((door.distance(point) for door in doors), default=float("inf"))
    if metres <= AT_GATE_M:
        return "校门口"
    if other := places.crossing(point, but=street):
        return f"{other}路口".replace("路路口", "路口")
    return f"离校门约 {round(metres / ROUND_M) * ROUND_M:g} 米处" if np.isfinite(metres) else "这一头"


def _look(line: Any, side: str, *, backwards: bool) -> str:
    """Which side of the street the school is on: as a compass shows it, else as one walks."""
    if side not in ("left", "right"):
        return "两侧"
    walked = {"left": "right", "right": "left"}[side] if backwards else side
    word = side_words([shapely.reverse(line) if backwards else line], [walked], degrees=False)[0][0]
    return f"路的{word}（学校一侧）" if word != LETTERS[walked][0] else f"走的时候在{word}（学校一侧）"
