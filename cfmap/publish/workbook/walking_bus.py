"""Who walks to school together, from where and when? Lines, stops with their times, and in the house who is on no line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.planning.walking_bus import REASONS
from cfmap.publish.qgis_styles import LEVELS
from cfmap.publish.sheets import LINE_POINTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfmap.model.edition import Edition
    from cfmap.publish.sheets import Pen

NAME, TIMES, LEFT = "步行巴士", "步行巴士站点和时刻", "步行巴士没排上的"
LINES = (("线路", 30), ("学校", 26), ("站数", 8), ("长度（米）", 11), ("全程（分钟）", 12), ("首站离站", 10))
LINES_INSIDE = (("等级", 12), ("最要留心的一段", 44), ("孩子（人）", 11), ("需要大人（人）", 14))
STOPS = (("线路", 30), ("站序", 8), ("站点", 38), ("离站", 10), ("到学校（米）", 13), ("经度", 13), ("纬度", 13))
STOPS_INSIDE = (("孩子（人）", 11),)
UNSERVED = (("学校", 30), ("线路（条）", 11), ("报名的孩子（人）", 16), ("排上的（人）", 13), ("没排上的（人）", 14), ("没排上的原因", 70))
TOP = 2


def names(edition: Edition) -> tuple[str, ...]:
    """Sheets; none where there are no walking buses."""
    if edition.walking_bus is None:
        return ()
    return (NAME, TIMES) if edition.public else (NAME, TIMES, LEFT)


def add(pen: Pen, edition: Edition) -> None:
    """Add the sheets; how lines are made stands below them. A public edition has no number of children in any, nor what is the matter with a street."""
    if edition.walking_bus is None:
        return
    found, inside = edition.walking_bus, not edition.public
    columns = (*LINES, *(LINES_INSIDE if inside else ()))
    row, sheet, widths = TOP, *_sheet(pen, NAME, columns)
    for row, r in enumerate(found.lines.itertuples(), start=TOP):
        told: tuple[Any, ...] = (r.name, r.school, r.stops, r.length_m, r.minutes, r.leaves)
        if inside:
            told = (*told, LEVELS[int(r.worst_level) - 1][0], r.worst or "没有查到特别要留心的", r.children, r.adults)
        pen.row(sheet, row, told, widths)
    rules = edition.city.safety.walking_bus
    people = [f"每个大人带 {rules.children_per_adult} 个孩子，每条线最多 {rules.adults} 个大人。"] if inside else []
    for at, text in enumerate((found.definition, *people), start=row + 2):
        sheet.merge_range(at, 0, at, len(columns) - 1, text, pen.text)
        sheet.set_row(at, LINE_POINTS * -(-2 * len(text) // int(sum(widths))))
    sheet, widths = _sheet(pen, TIMES, (*STOPS, *(STOPS_INSIDE if inside else ())))
    for row, r in enumerate(found.stops.itertuples(), start=TOP):
        pen.row(sheet, row, (r.line, r.order, r.name, r.leaves, r.to_school_m, "", "", *((r.children,) if inside else ())), widths)
        for column, degrees in ((5, r.geometry.x), (6, r.geometry.y)):
            sheet.write_number(row, column, round(degrees, 6), pen.degrees)
    if inside:
        sheet, widths = _sheet(pen, LEFT, UNSERVED)
        for row, told in enumerate(_unserved(edition), start=TOP):
            pen.row(sheet, row, told, widths)


def _sheet(pen: Pen, name: str, columns: tuple[tuple[str, float], ...]) -> tuple[Any, tuple[float, ...]]:
    headers, widths = zip(*columns, strict=True)
    return pen.sheet(name, headers, widths), widths


def _unserved(edition: Edition) -> Iterator[tuple[Any, ...]]:
    found = edition.walking_bus
    assert found is not None  # noqa: S101 - asked only then
    for r in found.schools.to_dict("records"):
        why = [f"{REASONS[reason][0]} {r[reason]} 人" for reason in REASONS if r[reason]]
        if not r["proven"]:
            why.append(f"没有算到底：更好的排法最多还能多排上 {r['more']} 人")
        yield r["school"], r["lines"], r["children"], r["served"], r["children"] - r["served"], "；".join(why)
    if found.without_consent:
        yield "（各校合计）", "", "", "", found.without_consent, "没有监护人的明确同意，没有用"


__all__ = ["LEFT", "NAME", "TIMES", "add", "names"]
