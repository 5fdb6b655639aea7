"""What is it like in each town? A row for every number, a column for the whole and for every town."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.indicators import INDICATORS
from cfmap.indicators.community_presence import NO_TABLE
from cfmap.publish.sheets import clean
from cfmap.publish.words import absent
from cfmap.publish.workbook.cells import between, number

if TYPE_CHECKING:
    from cfmap.model.edition import Edition, Indicator
    from cfmap.publish.sheets import Pen

NAME = "各乡镇"
NO_OUTLINES = "没有乡镇街道界，也没有点位写明乡镇街道，所以没有分乡镇街道的数"
THERE, NOT_THERE = "有", "没有"
FIRST = ("类别", "指标", "单位", "全市")
TOP = 2


def rows(edition: Edition) -> list[tuple[Indicator, bool]]:
    """
    Numbers that are told by town; shares first, then counts, in the edition's order.

    A number that leaves out people who are not known has a second row (True) with its bounds.
    """
    shown = sorted((i for i in edition.indicators if i.by_town), key=lambda i: i.unit != "%")
    return [(i, bounds) for i in shown for bounds in ((False, True) if _apart(i) else (False,))]


def _apart(i: Indicator) -> bool:
    """Whether a number stands between bounds that say more than it does."""
    return i.value is not None and any(low != high for low, high in ((i.lower, i.upper), *i.bounds_by_town.values()))


def names(edition: Edition) -> list[str]:
    """Towns in the outline's order, then whatever else numbers are told by."""
    order = [] if edition.towns is None else [str(n) for n in edition.towns["name"]]
    return list(dict.fromkeys([*order, *(town for i in edition.indicators for town in i.by_town)]))


def add(pen: Pen, edition: Edition) -> None:
    """Add the sheet; shares coloured from 0 to 100 per cent. Where there is no number a word says why."""
    shown, towns = rows(edition), names(edition)
    headers = [*FIRST, *towns]
    widths = [26, 52, 9, 11] + [11] * len(towns)
    sheet = pen.sheet(NAME, headers, widths, fixed=3)
    sheet.set_row(1, 32)
    sheet.set_paper(8)  # A3
    sheet.repeat_columns(1)
    row = TOP
    for row, (i, bounds) in enumerate(shown, start=TOP):
        rule = INDICATORS.get(i.id.split(".")[0])
        told = (i.title, i.unit, number(i), *(cell(i, town) for town in towns))
        if bounds:
            told = (f"{i.title}：下限–上限", i.unit, _span(i, (i.lower, i.upper)), *(_span(i, i.bounds_by_town.get(town)) for town in towns))
        pen.row(sheet, row, (rule.title if rule else "", *told), widths)
    if not shown:
        pen.row(sheet, TOP, ("", NO_OUTLINES, *[""] * (len(headers) - 2)))
    pen.shares(sheet, [(r, 3, r, len(headers) - 1) for r, (i, bounds) in enumerate(shown, start=TOP) if i.unit == "%" and not bounds])
    lacking = pen.book.add_format({"bg_color": "#F4C7A1"})
    sheet.conditional_format(TOP, 3, max(row, TOP), len(headers) - 1, {"type": "cell", "criteria": "==", "value": f'"{NOT_THERE}"', "format": lacking})
    sheet.autofilter(1, 0, row, len(headers) - 1)
    notes = [f"不分乡镇街道：{title}" for title in _undivided(edition)]
    if not edition.public and (edition.population is None or edition.population.cells):
        notes.append(NO_TABLE[0])
    for note in notes:
        row += 1
        sheet.write_string(row, 1, clean(note), pen.small)
    sheet.print_area(0, 0, row, len(headers) - 1)


def cell(indicator: Indicator, town: str) -> float | str:
    """The town's number, or why there is none."""
    value = indicator.by_town.get(town)
    if value is not None:
        return value if not indicator.id.startswith("presence.") else THERE if value else NOT_THERE
    return _span(indicator, indicator.bounds_by_town.get(town)) or absent(indicator, town)


def _span(indicator: Indicator, bounds: tuple[float | None, float | None] | None) -> str:
    """Both bounds, "" where there are none."""
    lower, upper = bounds or (None, None)
    return "" if lower is None or upper is None else between(lower, upper, unit=indicator.unit)


def charted(edition: Edition) -> Indicator | None:
    """The share that a chart of towns is about: at the headline distance of the first coverage that tells any."""
    ends = [(f"coverage.{c.key}.", f".{c.headline:.0f}") for c in edition.coverages]
    found = (i for start, end in ends for i in edition.indicators if i.id.startswith(start) and i.id.endswith(end))
    return next((i for i in found if sum(v is not None for v in i.by_town.values()) > 1), None)


def chart(pen: Pen, sheet: Any, indicator: Indicator, edition: Edition, *, at: int, column: int) -> int:
    """Insert columns of a share by town, read from this sheet; its height in pixels."""
    row = TOP + rows(edition).index((indicator, False))
    last = len(FIRST) + len(names(edition)) - 1
    picture = pen.book.add_chart({"type": "column"})
    picture.add_series(
        {"name": [NAME, row, 1], "categories": [NAME, 1, len(FIRST), 1, last], "values": [NAME, row, len(FIRST), row, last], "fill": {"color": "#0B6E4F"}}
    )
    picture.set_title({"name": f"{indicator.title}（%）", "name_font": {"size": 11}})
    picture.set_y_axis({"min": 0, "max": 100, "num_format": "0"})
    picture.set_x_axis({"num_font": {"size": 8, "rotation": -90}})
    picture.set_legend({"none": True})
    height = 340
    picture.set_size({"width": 620, "height": height})
    sheet.insert_chart(at, column, picture, {"description": indicator.title})
    return height


def _undivided(edition: Edition) -> list[str]:
    """Kinds of numbers that no town has one of its own of."""
    kinds: dict[str, bool] = {}
    for i in edition.indicators:
        key = i.id.split(".")[0]
        kinds[key] = kinds.get(key, False) or bool(i.by_town)
    return [INDICATORS[key].title for key, divided in kinds.items() if not divided and key in INDICATORS]
