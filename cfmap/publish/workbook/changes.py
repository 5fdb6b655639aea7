"""What is different from the edition before, and why? Numbers with their causes, then places, then settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.publish.diff_text import KINDS, causes, column_title, figure, layer_title, value
from cfmap.publish.sheets import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfmap.indicators.diff import Diff, FigureChange
    from cfmap.model.edition import Edition
    from cfmap.model.layer import Layer
    from cfmap.publish.sheets import Pen

NAME = "变化"
NOBODY_LOOKED = "这一版还没有和别的年份比过。"
NOTHING = "和上一版没有不同。"
COLOURS = {"新增": "#E3F1EA", "撤出": "#FBE4E1", "变大": "#E3F1EA", "变小": "#FBE4E1"}
WIDTHS = (12, 22, 34, 46, 12, 24, 24, 10, 8, 30)


def add(pen: Pen, edition: Edition) -> None:
    """Add the sheet; without an edition before it says so in words."""
    before = edition.before
    diff = before.diff if before is not None else None
    old, new = (diff.old, diff.new) if diff is not None else ("上一", str(edition.year))
    headers = ("类别", "图层", "编号", "名称", "变化", f"{old} 年版" if diff else "上一版", f"{new} 年版", "差", "单位", "原因")
    sheet = pen.sheet(NAME, headers, WIDTHS, top=3, fixed=4)
    sheet.write_string(1, 0, clean(before.words() if before is not None else NOBODY_LOOKED), pen.small)
    last = first = 5
    if diff is None:
        pen.row(sheet, first, (before.words() if before is not None else NOBODY_LOOKED, *[""] * (len(headers) - 1)))
    else:
        layers = {key: data.layer for key, data in edition.layers.items()}
        sheet.write_string(2, 0, clean(_summary(diff)), pen.small)
        told = list(_rows(diff, layers)) or [(NOTHING, *[""] * (len(headers) - 1))]
        for last, cells in enumerate(told, start=first):
            pen.row(sheet, last, cells, WIDTHS)
        for word, colour in COLOURS.items():
            shade = pen.book.add_format({"bg_color": colour})
            sheet.conditional_format(first, 4, last, 4, {"type": "text", "criteria": "begins with", "value": word, "format": shade})
    sheet.autofilter(first - 1, 0, last, len(headers) - 1)
    sheet.print_area(0, 0, last, len(headers) - 1)


def _summary(diff: Diff) -> str:
    number = {words[0]: sum(kind in c.kinds for c in diff.sites) for kind, words in KINDS.items()}
    sites = "，".join(f"{word} {count} 处" for word, count in number.items())
    return f"点位：{sites}；两版都有、数值不同的指标 {len(diff.figures)} 个；设置和方法改了 {len(diff.method)} 项"


def _rows(diff: Diff, layers: dict[str, Layer]) -> Iterator[tuple[Any, ...]]:
    for f in diff.figures:
        key = f.id.split(".")[1] if "." in f.id else ""
        title = layer_title(key, layers, 0) if key in layers else ""
        ends = (_figure(f.before, f.bounds_before), _figure(f.after, f.bounds_after))
        yield "指标", title, f.id, f.title, _way(f), *ends, "" if f.change is None else f.change, f.unit, causes(f, 0)
    for c in (c for c in diff.sites if c.kinds):
        layer = layers.get(c.layer)
        kinds = "、".join(KINDS[kind][0] for kind in c.kinds)
        differs = [column for column in c.after if column in ("name", "geometry", *c.fields)] if c.kind == "changed" else []
        before, after = ("；".join(f"{column_title(d, layer, 0)}：{value(side[d], 0)}" for d in differs) for side in (c.before, c.after))
        why = "新列入地图的图层" if c.layer in diff.layers_new else "不再列入地图的图层" if c.layer in diff.layers_gone else ""
        moved = ("", "") if c.metres is None else (c.metres, "m")
        yield "点位", layer_title(c.layer, layers, 0), c.id, c.name, kinds, before, after, *moved, why
    for name, (was, now) in diff.method.items():
        yield "方法和设置", "", "", name, "改了", value(was, 0), value(now, 0), "", "", ""


def _way(change: FigureChange) -> str:
    if change.change is None:
        return "知道了" if change.before is None and change.after is not None else "不再知道" if change.after is None and change.before is not None else "有变"
    return "变大" if change.change > 0 else "变小" if change.change < 0 else "有变"


def _figure(given: float | None, bounds: tuple[float | None, float | None]) -> Any:
    return given if given is not None or bounds == (None, None) else figure(None, bounds, 0)
