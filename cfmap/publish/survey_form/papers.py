"""The form on paper: a sheet for every school with a small map, its streets numbered in the order of the walk, and boxes to tick."""

from __future__ import annotations

import json
import tempfile
from importlib.resources import files as resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.coverage.perimeter import CROSSING_M, KINDS
from cfmap.intake.survey_sheet import ASKED, GATES, SEGMENTS
from cfmap.intake.templates import YES_NO
from cfmap.publish.atlas import placing
from cfmap.publish.atlas.drawing import Pen, circle, seen, svg
from cfmap.publish.atlas.frame import Frame
from cfmap.publish.atlas.sheets import street_names
from cfmap.publish.looks import CASING, STATES, for_legend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfmap.publish.atlas.placing import Name
    from cfmap.publish.survey_form.places import Places
    from cfmap.publish.survey_form.questions import Question, Round

MAP_MM = (182.0, 112.0)
MARK_MM, GATE_MM, NAME_PT = 4.4, 2.2, 6.5
BEYOND_M, LARGEST = 20.0, 1_000  # ground round the segments; 1:1,000 and no larger
PATH = Pen(stroke="#c9c3b6", width=0.25, dash="0.8 0.6")
STREET, CASED = Pen(stroke="#c9c3b6", width=0.8), Pen(stroke=CASING, width=2.2)
KNOWN_MM, ASKED_MM, LEGEND_PT = 0.9, 1.6, 2.4
ON_PAPER = {"C": "有斑马线的：单向车道"}  # a number that is asked for only then
HAIR, MARK, GATE = Pen(stroke="#333333", width=0.15), Pen(fill="#1f1f1f", stroke="#ffffff", width=0.25), Pen(fill="#1d4ed8", stroke="#ffffff", width=0.25)


def pdf(made: Sequence[Round], places: Places, *, city: str, note: str, font: str) -> bytes:
    """
    Make the sheets, A4, in the order given; text is text and can be searched.

    Parameters
    ----------
    made
        What is asked.
    places
        The streets that are drawn below.
    city, note
        Name, and what must stand on every sheet (演示数据), "" for nothing.
    font
        A family that holds Chinese.
    """
    import typst

    legend = {state: for_legend(look, width_pt=LEGEND_PT) for state, look in STATES.items()}
    content = {
        "title": f"{city}学校周边道路现场调查表",
        "note": note,
        "font": font,
        "map": MAP_MM,
        "states": legend,
        "near": f"{CROSSING_M:g}",
        "sheets": [_sheet(r, places) for r in made],
    }
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        (root / "survey.json").write_text(json.dumps(content, ensure_ascii=False, allow_nan=False), encoding="utf-8")
        (root / "survey.typ").write_bytes((resources("cfmap.publish.survey_form") / "survey.typ").read_bytes())
        out: bytes = typst.compile(str(root / "survey.typ"), root=str(root))
    return out


def _sheet(around: Round, places: Places) -> dict[str, Any]:
    shapes = [q.line for q in around.questions] + [line for _, line in around.known] + list(around.doors)
    bounds = shapely.union_all(shapes).buffer(BEYOND_M).bounds
    frame = Frame.around(bounds, width_mm=MAP_MM[0], height_mm=MAP_MM[1], largest=LARGEST)
    streets, names, motor = places.around(frame.ground)
    asked = around.of(SEGMENTS)
    middles = _on_paper([q.line.interpolate(0.5, normalized=True) for q in asked], frame)
    places_of = np.vstack([_on_paper(list(around.doors), frame), middles])  # gates and numbers stand apart from one another
    marks = placing.apart(places_of, diameter=MARK_MM + 0.4, width=frame.width_mm, height=frame.height_mm)
    moved = np.hypot(*(marks - places_of).T) > MARK_MM / 2
    hairs = [shapely.LineString(ends) for ends in np.stack((places_of[moved], marks[moved]), axis=1)]
    doors, marks = marks[: len(around.doors)], marks[len(around.doors) :]
    rounds = [circle(float(x), float(y), MARK_MM / 2) for x, y in marks]
    squares = [shapely.box(x - GATE_MM, y - GATE_MM, x + GATE_MM, y + GATE_MM) for x, y in doors]
    picture = svg(
        frame,
        [
            (seen(streets[~motor], frame)[0], PATH),
            (seen(streets[motor], frame)[0], STREET),
            (_drawn([q.line for q in asked], frame), CASED),
            *((_drawn([line for s, line in around.known if s == state], frame), Pen.of(look, KNOWN_MM)) for state, look in STATES.items()),
            (_drawn([q.line for q in asked], frame), Pen.of(STATES["unknown"], ASKED_MM)),
            (hairs, HAIR),
            (squares, GATE),
            (rounds, MARK),
        ],
    )
    metres, bar = frame.bar()
    written = placing.without_collisions(street_names(frame, streets, names, size_pt=NAME_PT), [*rounds, *squares], paper=shapely.box(0, 0, *MAP_MM))
    return {
        "school": around.name,
        "town": "　".join(filter(None, (KINDS[around.layer][0], around.town))),
        "picture": picture,
        "names": [{"text": n.text, "x": round(n.x, 2), "y": round(n.y, 2), "angle": round(n.angle, 1), "room": _room(n)} for n in written],
        "marks": [{"x": round(float(x), 2), "y": round(float(y), 2), "text": q.number} for q, (x, y) in zip(asked, marks, strict=True)],
        "gates": [{"x": round(float(x), 2), "y": round(float(y), 2), "text": f"门{n}"} for n, (x, y) in enumerate(doors, start=1)],
        "bar_mm": round(bar, 3),
        "bar_text": f"{metres:g} 米",
        "segments": [_row(q) for q in asked],
        "gate_rows": [_row(q) for q in around.of(GATES)],
    }


def _row(question: Question) -> dict[str, Any]:
    """A question with the boxes to tick; what is known has none, and what needs no number shares a line."""
    lines: list[list[dict[str, Any]]] = []
    short: list[dict[str, Any]] = []
    for column in ASKED[question.sheet]:
        if column.item in question.items and column.part == "value":
            number = next((c.field for c in ASKED[question.sheet] if c.item == column.item and c.part == "number"), None)
            box = {
                "title": column.field.title,
                "choices": column.field.vocabulary,
                "number": f"{ON_PAPER.get(column.item, number.title)} ＿＿＿ {number.unit}" if number else "",
            }
            if number is None and len(column.field.vocabulary) == len(YES_NO):
                short.append(box)
            else:
                lines.append([box])
    lines += [short] if short else []
    return {"number": question.number, "street": question.street, "course": question.course, "look": question.look, "lines": lines}


def _on_paper(points: list[Any], frame: Frame) -> Any:
    return frame.on_paper(shapely.get_coordinates(points)) if points else np.empty((0, 2))


def _drawn(shapes: Sequence[Any], frame: Frame) -> Any:
    return seen(np.array(list(shapes), dtype=object), frame)[0] if shapes else []


def _room(name: Name) -> float:
    return round(placing.text_width_mm(name.text, NAME_PT) + 4, 1)
