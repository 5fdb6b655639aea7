"""What changed, in words: 更新说明."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import shapely

from cfmap.indicators.diff import GEOMETRY, NAME
from cfmap.model.schema import SITE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cfmap.indicators.diff import Diff, FigureChange, SiteChange
    from cfmap.model.layer import Layer
    from cfmap.model.messages import Lang

LANGS = ("zh", "en")
COLON, COMMA = ("：", ": "), ("、", ", ")
HEADINGS = (("{}、点位", "{}. Sites"), ("{}、指标", "{}. Numbers"), ("{}、方法和设置", "{}. Method and settings"), ("{}、怎么读", "{}. How to read this"))
NEWLY = ("（新列入地图的图层，不等于新建）", " (newly on the map, which is not newly built)")
NO_LONGER = ("（不再列入地图的图层，不等于撤销）", " (no longer on the map, which is not closed)")
NAMED = 10  # places named for each kind of change in the text; the workbook has all
KINDS = {
    "added": ("新增", "added"),
    "withdrawn": ("撤出", "withdrawn"),
    "renamed": ("改名", "renamed"),
    "moved": ("移动", "moved"),
    "fields": ("其他内容有变", "otherwise changed"),
}
CAUSES = {
    "sites": ("点位", "sites"),
    "people": ("人口数据", "population"),
    "streets": ("街道数据", "streets"),
    "boundary": ("边界", "boundaries"),
    "method": ("方法和设置", "method and settings"),
}
NOT_TOLD = ("说不清（旧版没有留下依据）", "cannot be told (the older edition did not record it)")
UNKNOWN = ("未知", "unknown")


def lines(diff: Diff, *, title: str, note: str, layers: Mapping[str, Layer], lang: Lang = "zh") -> Iterator[str]:
    """更新说明 line by line: sites by layer, numbers with their causes, settings, and what to know when reading it."""
    one = LANGS.index(lang)
    yield (f"{title}：{diff.old} 年版 → {diff.new} 年版 更新说明", f"{title}: what changed from edition {diff.old} to {diff.new}")[one]
    yield note
    sections = (_of_sites(diff, layers, one), _of_figures(diff, one), _of_method(diff, one), _of_reading(diff, one))
    for number, (heading, section) in enumerate(zip(HEADINGS, sections, strict=True)):
        yield ""
        yield heading[one].format(("一二三四"[number], number + 1)[one])
        yield from (f"  {line}" for line in section)


def _of_sites(diff: Diff, layers: Mapping[str, Layer], one: int) -> Iterator[str]:
    told = [c for c in diff.sites if c.kinds]
    if not told:
        yield ("没有变化", "no change")[one]
        return
    number = Counter(k for c in told for k in c.kinds)
    yield ("，", ", ")[one].join(f"{words[one]} {number[k]}{(' 处', '')[one]}" for k, words in KINDS.items())
    by_layer: dict[str, list[SiteChange]] = {}
    for change in told:
        by_layer.setdefault(change.layer, []).append(change)
    for key, changes in by_layer.items():
        newly = NEWLY[one] if key in diff.layers_new else NO_LONGER[one] if key in diff.layers_gone else ""
        yield layer_title(key, layers, one) + newly
        for kind, words in KINDS.items():
            found = [_told(c, kind, layers.get(key), one) for c in changes if kind in c.kinds]
            if found:
                more = (f" 等 {len(found)} 处", f" and {len(found) - NAMED} more")[one] if len(found) > NAMED else ""
                yield f"  {words[one]}{COLON[one]}{COMMA[one].join(found[:NAMED])}{more}"


def _of_figures(diff: Diff, one: int) -> Iterator[str]:
    if not diff.figures:
        yield ("两版都有的指标没有变化", "no number that both editions carry has changed")[one]
    for f in diff.figures:
        change = "" if f.change is None else (f"（{f.change:+,.6g}）", f" ({f.change:+,.6g})")[one]
        shown = f"{figure(f.before, f.bounds_before, one)} → {figure(f.after, f.bounds_after, one)} {f.unit}{change}"
        yield f"{(f.title, f.title_en)[one]}{COLON[one]}{shown}{('；原因：', '; because of: ')[one]}{causes(f, one)}"
    newly = sum(not k.startswith("years.") for k in diff.figures_new)  # those of the new year itself are there every year
    if newly or diff.figures_gone:
        yield (
            f"只在 {diff.new} 年版里有的指标 {newly} 个，只在 {diff.old} 年版里有的 {len(diff.figures_gone)} 个，无从比较",
            f"{newly} numbers stand only in {diff.new} and {len(diff.figures_gone)} only in {diff.old}; they cannot be compared",
        )[one]


def _of_method(diff: Diff, one: int) -> Iterator[str]:
    if not diff.method:
        yield ("没有记录到变化", "no change is on record")[one]
    for name, (before, after) in diff.method.items():
        yield f"{name}{COLON[one]}{value(before, one)} → {value(after, one)}"


def _of_reading(diff: Diff, one: int) -> Iterator[str]:
    yield (
        "同一处按图层和编号认定；编号变了的会列成一撤一增。没有数据写“未知”，不按 0 比较。",
        "A place is the same by layer and id; with another id it stands as one withdrawn and one added. Missing is unknown and never compared as 0.",
    )[one]
    for words, names in ((("新增的栏目", "new columns"), diff.columns_new), (("不再有的栏目", "columns gone"), diff.columns_gone)):
        if names:
            yield f"{words[one]}{COLON[one]}{COMMA[one].join(names)}"


def causes(change: FigureChange, one: int) -> str:
    """Why a number is another one, with the part of each cause where it is known."""
    if not change.causes:
        return NOT_TOLD[one]
    parts = {name: ("和", " and ")[one].join(CAUSES[c][one] for c in name.split("+")) for name in change.by_cause}
    if len(parts) > 1 or (parts and len(change.causes) > 1):
        return ("，", ", ")[one].join(f"{parts[name]} {amount:+,.6g}" for name, amount in change.by_cause.items())
    return ("、", ", ")[one].join(CAUSES[c][one] for c in change.causes)


def _told(change: SiteChange, kind: str, layer: Layer | None, one: int) -> str:
    if kind == "renamed":
        return f"{value(change.before.get(NAME), one)} → {change.name}"
    if kind == "moved":
        if change.metres is not None:
            return f"{change.name} {_metres(change.metres)}"
        gained = change.before.get(GEOMETRY) is None
        return change.name + (("（有了坐标）", " (now with coordinates)") if gained else ("（没有坐标了）", " (without coordinates now)"))[one]
    if kind == "fields":
        return (
            f"{change.name}（{'、'.join(column_title(c, layer, one) for c in change.fields)}）" if one == 0 else f"{change.name} ({', '.join(change.fields)})"
        )
    return change.name


def _metres(metres: float) -> str:
    return f"{metres:,.0f} m" if metres >= 1 else "<1 m"


def figure(given: float | None, bounds: tuple[float | None, float | None], one: int) -> str:
    """A number as text; its bounds where it has only those, 未知 without."""
    if given is not None:
        return f"{given:,.6g}"
    lower, upper = bounds
    if lower is None and upper is None:
        return UNKNOWN[one]
    return f"{'' if lower is None else f'{lower:,.6g}'}–{'' if upper is None else f'{upper:,.6g}'}"


def value(given: Any, one: int) -> str:
    """What stood in a cell, as text; a shape by its middle."""
    if given is None:
        return ("空", "empty")[one]
    if isinstance(given, shapely.Geometry):
        middle = shapely.centroid(given)
        return f"{middle.x:.6f}, {middle.y:.6f}"
    if isinstance(given, bool):
        return (("否", "是"), ("no", "yes"))[one][given]
    return f"{given:,.6g}" if isinstance(given, float) else str(given)


def layer_title(key: str, layers: Mapping[str, Layer], one: int) -> str:
    """Title of a layer, its key where it is unknown."""
    layer = layers.get(key)
    return key if layer is None else (layer.title, layer.title_en)[one]


def column_title(column: str, layer: Layer | None, one: int) -> str:
    """Title of a column in Chinese, its ASCII name in English."""
    if one or column == GEOMETRY:
        return column if one else "位置"
    return next((f.title for f in (*SITE_FIELDS, *(layer.fields if layer else ())) if f.key == column), column)
