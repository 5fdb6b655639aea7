"""How is the report set as PDF, and its pictures as PNG for Word?"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from importlib.resources import files as resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from cfmap.coverage.perimeter.spoken import interval, percent
from cfmap.publish.report.blocks import Bars, Heading, Picture, Table, Text, TownMaps

if TYPE_CHECKING:
    from cfmap.publish.report.blocks import Block, Report

PNG_PPI = 150.0
SHARED = "figures.typ"


def pdf(report: Report, *, font: str) -> bytes:
    """The whole report; text is text."""
    return _compiled("report.typ", {"report.json": {**_facts(report, font), "blocks": [_block(b) for b in report.blocks]}}, form="pdf")


def png(block: Bars | Picture | TownMaps, *, font: str) -> bytes:
    """A chart or map alone, for a document that cannot hold vectors."""
    width = block.width_mm if isinstance(block, Picture) else 160.0
    return _compiled("picture.typ", {"picture.json": {"font": [font, "Libertinus Serif"], "page": width, **_block(block)}}, form="png")


def _compiled(template: str, data: dict[str, Any], *, form: Literal["pdf", "png"]) -> bytes:
    import typst

    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        for name, content in data.items():
            (root / name).write_text(json.dumps(content, ensure_ascii=False, allow_nan=False), encoding="utf-8")
        for name in (template, SHARED):
            (root / name).write_bytes((resources("cfmap.publish.report") / name).read_bytes())
        made: bytes = typst.compile(str(root / template), root=str(root), format=form, ppi=PNG_PPI if form == "png" else None)
    return made


def _facts(report: Report, font: str) -> dict[str, Any]:
    return {
        "title": report.title,
        "producer": report.producer,
        "date": report.date,
        "mark": report.mark,
        "note": report.note,
        "font": [font, "Libertinus Serif"],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text, level):
            return {"kind": "heading", "text": text, "level": level}
        case Text(text):
            return {"kind": "text", "text": text}
        case Table(title, headers, rows, widths):
            return {"kind": "table", "title": title, "headers": list(headers), "rows": [list(r) for r in rows], "widths": list(widths)}
        case Bars(title, bars):
            return {
                "kind": "bars",
                "title": title,
                "bars": [{"label": b.label, "value": b.value, "lower": b.lower, "upper": b.upper, "text": bar_text(b.value, b.lower, b.upper)} for b in bars],
            }
        case Picture(title, picture, width, height):
            return {"kind": "picture", "title": title, "svg": picture, "width": width, "height": height}
        case TownMaps(title, maps, width, height, key):
            return {"kind": "townmaps", "title": title, "maps": [asdict(m) for m in maps], "width": width, "height": height, "key": list(key)}


def bar_text(value: float | None, lower: float | None, upper: float | None) -> str:
    """What stands beside a bar."""
    if value is not None:
        return percent(value)
    return "未知" if lower is None or upper is None else interval(lower, upper)
