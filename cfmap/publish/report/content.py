"""What does the annual report say? All of it from the edition's own numbers, as the workbook has them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.geometry.crs import geometries_to_plane, metric_crs_of
from cfmap.indicators.community_presence import NO_TABLE
from cfmap.indicators.targets import figure as target_figure
from cfmap.indicators.targets import summary
from cfmap.model.target import STATUS_WORDS, TIERS
from cfmap.publish import tables
from cfmap.publish.atlas.drawing import Pen, circle, seen, svg
from cfmap.publish.atlas.frame import Frame
from cfmap.publish.diff_text import causes, figure
from cfmap.publish.report.blocks import Bar, Bars, Block, Heading, Picture, Report, Table, Text
from cfmap.publish.report.schools import schools
from cfmap.publish.report.town_maps import town_maps
from cfmap.publish.words import NOT_ONE, UNKNOWN, absent, is_empty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfmap.indicators.diff import Diff
    from cfmap.model.edition import Coverage, Edition, Indicator
    from cfmap.model.target import TargetResult

MAP_MM = (160.0, 96.0)
KINDS = {"added": "新增", "removed": "撤出", "moved": "移动", "renamed": "改名"}
MOST_NAMES = 12
URGENT = ("short", "cannot tell", "not reported", "reported, unchecked", "met", "expired", "not spatial")


def report(edition: Edition) -> Report:
    """
    The report of an edition; of a public one only what it may say.

    A part without data says so in words: no town outlines, no children, no plan, no former edition. Unknown is 未知, never 0.
    """
    city, section = edition.city, edition.city.edition
    blocks = [
        *_overview(edition),
        *_method(edition),
        *_targets(edition),
        *_coverage(edition),
        *schools(edition, "五、学校周边"),
        *_towns(edition),
        *_changes(edition),
        *_limits(edition),
    ]
    return Report(
        title=f"{city.city.name}儿童友好城市建设年度报告（{edition.year} 年）",
        city=city.city.name,
        producer=section.producer or "编制单位未填写",
        date=section.data_date.isoformat() if section.data_date else "数据日期未填写",
        mark="演示数据" if city.city.demo else "" if edition.public else "内部资料",
        note=tables.note(edition),
        blocks=tuple(blocks),
    )


def shown(indicator: Indicator | None) -> str:
    """A number as it is written: with its bounds where it has only those, 未知 without."""
    if indicator is None:
        return UNKNOWN
    if indicator.value is not None:
        return _figure(indicator.value)
    lower, upper = indicator.lower, indicator.upper
    if lower is None:
        return UNKNOWN if upper is None else f"≤{_figure(upper)}"
    return f"≥{_figure(lower)}" if upper is None else f"{_figure(lower)}–{_figure(upper)}"


def _figure(value: float) -> str:
    """Whole numbers without decimals: a half of a place is none."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _overview(edition: Edition) -> Iterator[Block]:
    yield Heading("一、总览")
    sites = sum(len(d.sites) + len(d.unlocated) for d in edition.layers.values())
    lost = sum(len(d.unlocated) for d in edition.layers.values())
    yield Text(f"本版收录 {len(edition.layers)} 类、{sites:,} 处点位（含在建、规划和关闭的），其中 {lost} 处没有坐标，计数但不上图。")
    found = {i.id: i for i in edition.indicators}
    rows = []
    for key, data in edition.layers.items():
        now, new = found.get(f"counts.{key}"), found.get(f"years.{key}.{edition.year}.new")
        none = is_empty(data) and now is not None and now.value is not None
        counted = (NOT_ONE, "", "") if none else (shown(now), shown(new), str(len(data.unlocated)))
        rows.append((data.layer.title, *counted, now.data_date if now else ""))
    yield Table("各类点位", ("类别", "现有（处）", f"{edition.year} 年新增（处）", "没有坐标（处）", "数据日期"), tuple(rows), (3, 1.2, 1.5, 1.3, 1.4))


def _method(edition: Edition) -> Iterator[Block]:
    walking = edition.city.walking
    streets = edition.network_summary
    yield Heading("二、怎么算的")
    yield Text(
        f"步行距离沿街道量，不是直线：主口径 {walking.headline_m:,.0f} 米（15 分钟），旁边同时列 {walking.beside_m:,.0f} 米的保守口径。"
        "从家到街道、从街道到门口的直线段算在内。没有路走到的人单列，不算“太远”。"
    )
    yield Text(
        "没有资料就是“未知”，不当作“没有”：缺资料时比例写成下限和上限。"
        "区域覆盖（每个乡镇街道至少有一处）、步行覆盖（走得到的人的比例）和入园覆盖（入园儿童的比例）是三件事，本报告不互相代替。"
    )
    km, date = streets.get("km"), streets.get("timestamp") or UNKNOWN
    yield Text(f"街道：{edition.basemap.attribution}；{km or UNKNOWN} 公里，数据日期 {date}。" + _people_source(edition))


def _people_source(edition: Edition) -> str:
    people = edition.population
    if people is None:
        return "本版没有人口数据，或公开版不带人口数据。"
    method = "".join(f"{zh}。" for zh, _ in people.method)
    factors = "、".join(f"{town} {UNKNOWN if f is None else format(f, '.3f')}" for town, f in people.factors.items())
    return f"人口：{people.source}，数据日期 {people.data_date or UNKNOWN}。{method}" + (f"各乡镇街道的校准系数：{factors}。" if factors else "")


def _targets(edition: Edition) -> Iterator[Block]:
    yield Heading("三、目标台账")
    if not edition.targets:
        yield Text("本版没有目标台账的内容" + ("（公开版只写 publish.indicators 列出的）。" if edition.public else "（设置 [targets] 没有写台账）。"))
        return
    for plan in dict.fromkeys(r.plan.title for r in edition.targets):
        yield Text(f"依据：{plan}")
    counts = summary(edition.targets)
    rows = [(TIERS[tier][0], str(n["all"]), *(str(n[s]) for s in STATUS_WORDS)) for tier, n in counts.items()]  # type: ignore[index]
    total = ("合计", str(len(edition.targets)), *(str(sum(r.status == s for r in edition.targets)) for s in STATUS_WORDS))
    yield Table("目标完成情况", ("类别", "项数", *(w[0] for w in STATUS_WORDS.values())), (*rows, total), (1.6, 0.8, *(1.0 for _ in STATUS_WORDS)))
    urgent = sorted((r for r in edition.targets if r.status in URGENT[:2]), key=lambda r: URGENT.index(r.status))
    if urgent:
        lines = tuple(_target_row(r) for r in urgent)
        yield Table("没有达到的和说不清的", ("编号", "事项", "目标", "现状", "状态", "为什么", "牵头单位"), lines, (1, 2.4, 1.2, 1, 0.9, 3, 1.4))
    yield Text("全部各项见 indicators.xlsx 的“目标台账”。")


def _target_row(r: TargetResult) -> tuple[str, ...]:
    return r.target.id, r.target.item, r.target.target, target_figure(r), STATUS_WORDS[r.status][0], r.reason[0], "、".join(r.target.lead)


def _coverage(edition: Edition) -> Iterator[Block]:
    yield Heading("四、步行覆盖")
    found = [i for i in edition.indicators if i.id.startswith("coverage.")]
    if not found:
        yield Text("本版没有步行覆盖的比例" + ("（公开版没有列出这类指标）。" if edition.public else "（没有人口数据，或没有点位）。"))
    empty = [d.layer.title for d in edition.layers.values() if d.layer.coverage and not len(d.sites)]
    if empty:
        yield Text(f"没有能上图的点位、所以没有算步行覆盖的：{'、'.join(empty)}。")
    headline = [i for c in edition.coverages for i in found if i.id.startswith(f"coverage.{c.key}.") and i.id.endswith(f".{c.headline:.0f}")]
    if headline:
        yield Bars("主口径下步行可达的比例", tuple(Bar(_label(i), i.value, i.lower, i.upper) for i in headline))
        beside = f"{edition.city.walking.beside_m:.0f}"
        by_id = {i.id: i for i in found}
        rows = tuple((_label(i), shown(by_id.get(f"{i.id.rpartition('.')[0]}.{beside}")), *_with_bounds(i), i.denominator) for i in headline)
        yield Table("步行可达比例（%）", ("谁 · 到哪里", f"{float(beside):,.0f} 米", "主口径", "下限", "上限", "分母"), rows, (3.4, 0.9, 0.9, 0.9, 0.9, 1.8))
        yield Text("其他距离的比例见 indicators.xlsx 的“覆盖”。")
    for coverage in edition.coverages:
        if len(coverage.catchment):
            yield _map(edition, coverage)


def _label(indicator: Indicator) -> str:
    return indicator.title.replace("步行可达比例 · ", "：").replace(" · ", "，")


def _with_bounds(indicator: Indicator) -> tuple[str, ...]:
    return shown(indicator), *("" if bound is None else _figure(bound) for bound in (indicator.lower, indicator.upper))


def _map(edition: Edition, coverage: Coverage) -> Picture:
    """The ground reached at the headline, with towns and sites."""
    whole = next(t for t in (edition.boundary, edition.towns, coverage.catchment) if t is not None and len(t))
    crs = metric_crs_of(whole, setting=edition.city.crs.metres)

    def plane(table: Any) -> Any:
        return geometries_to_plane(np.asarray(table.geometry.values, dtype=object), crs) if table is not None and len(table) else np.empty(0, dtype=object)

    frame = Frame.around(tuple(shapely.total_bounds(plane(whole)).tolist()), width_mm=MAP_MM[0], height_mm=MAP_MM[1])
    reached = coverage.catchment[coverage.catchment["metres"] == coverage.headline]
    roads = edition.basemap.roads[edition.basemap.roads["kind"] == "main"]
    dots = [circle(p.x, p.y, 0.45) for p in seen(shapely.centroid(plane(coverage.sites)), frame)[0]]
    layers: list[tuple[Any, Pen]] = [
        (seen(plane(edition.basemap.areas[edition.basemap.areas["kind"] == "water"]), frame)[0], Pen(fill="#dceaf2")),
        (seen(plane(reached), frame)[0], Pen(fill="#8cc3ad", opacity=0.75)),
        (seen(plane(roads), frame)[0], Pen(stroke="#d9b38c", width=0.25)),
        (seen(shapely.boundary(plane(edition.towns)), frame)[0], Pen(stroke="#7d6f99", width=0.18, dash="1.2 0.8")),
        (seen(shapely.boundary(plane(edition.boundary)), frame)[0], Pen(stroke="#5b4b7a", width=0.35)),
        (dots, Pen(fill="#0b4f3c")),
    ]
    return Picture(f"{coverage.title}：{coverage.headline:,.0f} 米内走得到的范围（绿色）和点位", svg(frame, layers), *MAP_MM)


def _towns(edition: Edition) -> Iterator[Block]:
    yield Heading("六、各乡镇街道")
    yield from _areal(edition)
    every = [
        [i for i in edition.indicators if i.id.startswith(f"coverage.{c.key}.") and i.id.endswith(f".{c.headline:.0f}") and i.by_town]
        for c in edition.coverages
    ]
    found = [of_coverage[0] for of_coverage in every if of_coverage]  # the group that a coverage is for; the others stand in the workbook
    if edition.towns is None or not found:
        yield Text("没有乡镇街道界。" if edition.towns is None else "本版没有分乡镇街道的比例" + ("（公开版没有列出）。" if edition.public else "。"))
        return
    yield from town_maps(edition, [(_label(i), i) for i in found])
    for i in found:
        known = sorted(((v, t) for t, v in i.by_town.items() if v is not None), key=lambda pair: (pair[0], pair[1]))
        rest = [t for t, v in i.by_town.items() if v is None]
        rows = [(str(n), town, f"{value:,.1f}{_between(i, town)}", f"{100 - value:,.1f}") for n, (value, town) in enumerate(known, start=1)]
        rows += [("—", town, absent(i, town), "") for town in rest]
        yield Table(f"{_label(i)}，缺口大的在前（%）", ("序", "乡镇街道", "走得到", "走不到"), tuple(rows), (0.6, 2, 1.2, 1.2))


def _between(i: Indicator, town: str) -> str:
    """Bounds of a town's share where people of some of its communities are not known."""
    lower, upper = i.bounds_by_town.get(town, (None, None))
    return "" if lower is None or upper is None or f"{lower:.1f}" == f"{upper:.1f}" else f"（{lower:,.1f}–{upper:,.1f}）"


def _areal(edition: Edition) -> Iterator[Block]:
    """区域覆盖: which share of towns, and of communities, has at least one."""
    found = {i.id: i for i in edition.indicators}
    rows = []
    for key, data in edition.layers.items():
        towns, communities = found.get(f"presence.{key}"), found.get(f"community_presence.{key}")
        if towns is not None or communities is not None:
            rows.append((data.layer.title, *("" if i is None else shown(i) for i in (towns, communities))))
    if rows:
        yield Table("区域覆盖：至少有一处的占比（%）", ("类别", "乡镇街道", "社区（村）"), tuple(rows), (3, 1.2, 1.2))
        some = next((i for i in edition.indicators if i.id.startswith("community_presence.") and i.status == "partial"), None)
        if some is not None:
            yield Text(f"社区（村）：{some.definition.partition('；')[2]}。")
    if (edition.population is None or edition.population.cells) and not edition.public:
        yield Text(f"{NO_TABLE[0]}。")


def _changes(edition: Edition) -> Iterator[Block]:
    yield Heading("七、和上一版比")
    before, changes = edition.before, edition.changes
    if before is not None:
        yield Text(before.words())
    if before is not None and before.diff is not None:
        yield from _figure_changes(edition, before.diff)
    if changes is None or (before is not None and before.year is None):
        if before is None:
            yield Text("没有上一版可比。")
        return
    if not changes.items:
        yield Text(f"和 {changes.since} 年比没有变化。")
        return
    titles = {key: d.layer.title for key, d in edition.layers.items()}
    number = Counter((c.layer, c.kind) for c in changes.items)
    rows = tuple((titles.get(key, key), *(str(number[key, kind]) for kind in KINDS)) for key in dict.fromkeys(c.layer for c in changes.items))  # type: ignore[index]
    yield Text(f"和 {changes.since} 年比：" + "，".join(f"{word} {sum(c.kind == kind for c in changes.items)} 处" for kind, word in KINDS.items()) + "。")
    if len(changes.compared) < len(edition.layers):
        yield Text(f"其中 {len(edition.layers) - len(changes.compared)} 类没有那一年的表，只按点位自己的年份列出新增，不知道撤出和移动。")
    yield Table("点位变化（处）", ("类别", *KINDS.values()), rows, (3, 1, 1, 1, 1))
    gone = [f"{c.name}（{titles.get(c.layer, c.layer)}）" for c in changes.items if c.kind == "removed"]
    if gone:
        yield Text("撤出的：" + "、".join(gone[:MOST_NAMES]) + (f" 等 {len(gone)} 处" if len(gone) > MOST_NAMES else ""))


def _figure_changes(edition: Edition, diff: Diff) -> Iterator[Block]:
    """Numbers at the headline distance that are others now, with their causes; all of them stand in the workbook."""
    ends = tuple(f".{c.headline:.0f}" for c in edition.coverages)
    found = [f for f in diff.figures if (f.id.startswith("coverage.") and f.id.endswith(ends)) or f.id.startswith(("places.", "per_children.", "perimeter."))]
    if not found:
        yield Text(f"主要指标和 {diff.old} 年版相同，或者公开版没有列出。")
        return
    rows = tuple((f.title, figure(f.before, f.bounds_before, 0), figure(f.after, f.bounds_after, 0), _signed(f.change), f.unit, causes(f, 0)) for f in found)
    yield Table("主要指标的变化和原因", ("指标", f"{diff.old} 年版", f"{diff.new} 年版", "差", "单位", "原因"), rows, (3.6, 1.1, 1.1, 0.9, 0.8, 1.6))
    yield Text("全部指标的变化见 indicators.xlsx 的“变化”。")


def _signed(change: float | None) -> str:
    return "" if change is None else f"{change:+,.1f}"


def _limits(edition: Edition) -> Iterator[Block]:
    yield Heading("八、数据说明")
    codes = Counter(f.code for f in edition.faults)
    warned = sum(n for code, n in codes.items() if code.startswith(("E", "W")))
    yield Text(f"本版数据检查留下警告 {warned} 条；有错的行没有计入，逐条见 cfmap check 的检查清单。" if warned else "本版数据检查没有留下警告。")
    unknown = [i.title for i in edition.indicators if i.status == "unknown"]
    if unknown:
        more = f" 等 {len(unknown)} 项" if len(unknown) > MOST_NAMES else ""
        yield Text("说不出数的指标：" + "、".join(unknown[:MOST_NAMES]) + more + "。")
    sources = dict.fromkeys(s for i in edition.indicators for s in i.sources)
    yield Table("数据来源", ("来源",), tuple((s,) for s in sources) or ((UNKNOWN,),), (1,))
    ends = tuple(f".{c.headline:.0f}" for c in edition.coverages)
    told = [
        i for i in edition.indicators if not i.id.startswith(("years.", "people.", "unlocated.")) and (not i.id.startswith("coverage.") or i.id.endswith(ends))
    ]
    definitions = tuple((i.title, i.definition) for i in told)
    yield Table("指标口径", ("指标", "口径"), definitions or ((UNKNOWN, ""),), (2.2, 4))
    yield Text("其他距离和没有坐标的点位的口径见 indicators.xlsx 的“数据来源与口径”。")
