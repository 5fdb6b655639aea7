"""What does the annual report say about the streets round schools and kindergartens?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.coverage.perimeter.figures import NONE
from cfmap.coverage.perimeter.spoken import percent
from cfmap.indicators.perimeter_shares import OF_KINDERGARTENS, OF_SCHOOLS, kinds_shown, looked_at, perimeter_figures, watched
from cfmap.publish.report.blocks import Bar, Bars, Block, Heading, Table, Text
from cfmap.publish.report.mending import mending
from cfmap.publish.tables import school_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfmap.model.edition import Edition, Indicator

SAFE, KNOWN = "perimeter.safe_length", "perimeter.known_length"
MOST_SCHOOLS = 20


def schools(edition: Edition, heading: str) -> Iterator[Block]:
    """
    Shares with their bounds, towns with the lowest bound first, the schools with the longest unsafe streets, and their walking buses.

    "全覆盖" is said only where even the lower bound is 100 %. Without figures (a public report that lists none) words say so.
    """
    yield Heading(heading)
    yield from _streets(edition)
    yield from _walking_buses(edition)


def _streets(edition: Edition) -> Iterator[Block]:
    found = {i.id: i for i in edition.indicators if i.id.startswith("perimeter.")}
    if not found:
        yield Text("本版没有学校周边的比例" + ("（公开版没有列出这类指标）。" if edition.public else "（没有学校，或没有算周边）。"))
        return
    yield Bars("学校周边街道", tuple(Bar(i.title, i.value, i.lower, i.upper) for i in found.values()))
    if SAFE in found:
        yield Text(_verdict(found[SAFE]))
        yield from _towns(found)
    yield from _worst(edition)
    yield from _kindergartens(edition)
    yield from mending(edition)


def _verdict(safe: Indicator) -> str:
    low, high = (safe.value, safe.value) if safe.value is not None else (safe.lower, safe.upper)
    if low is None or high is None:
        return "学校周边没有可以判断的街道：不能说“全覆盖”。"
    if low == 100.0:
        return "学校周边每一段街道都查明是安全的：可以说“全覆盖”。"
    unknown = f"；其余没有查明的都安全时是 {percent(high)}" if high > low else ""
    return f"学校周边查明安全的街道占 {percent(low)}{unknown}。下限没有到 100%，不能说“全覆盖”。没有查明的不是不安全，填了调查表就能判断。"


def _towns(found: dict[str, Indicator]) -> Iterator[Block]:
    safe, known = found[SAFE], found.get(KNOWN)
    rows = []
    for town, value in safe.by_town.items():
        low, high = (value, value) if value is not None else safe.bounds_by_town.get(town, (None, None))
        if low is not None and high is not None:
            rows.append((low, high, town))
    if rows:
        lines = ((town, _bare(low), _bare(high), _known(known, town)) for low, high, town in sorted(rows))
        yield Table("各乡镇街道的学校周边，安全少的在前（%）", ("乡镇街道", "安全（下限）", "安全（上限）", "有资料的"), tuple(lines), (2, 1.2, 1.2, 1.2))


def _known(known: Indicator | None, town: str) -> str:
    value = None if known is None else known.by_town.get(town)
    return "" if value is None else _bare(value)


def _bare(share: float) -> str:
    """In a column of per cent."""
    return percent(share).removesuffix("%")


def _worst(edition: Edition) -> Iterator[Block]:
    if not set(OF_SCHOOLS.layers) <= looked_at(edition) & watched(edition).keys():
        return
    summary, names = perimeter_figures(edition)[0], school_names(edition)
    some = summary[summary["unsafe_m"] > 0].sort_values(["unsafe_m", "unknown_m"], ascending=False, kind="stable")
    rows = tuple(
        (names[str(school)], *(f"{row[f'{state}_m']:,.0f}" for state in ("safe", "unsafe", "unknown"))) for school, row in some.head(MOST_SCHOOLS).iterrows()
    )
    if rows:
        yield Table(f"不安全街道最长的学校（共 {len(some)} 所有不安全的街道，米）", ("学校", "安全", "不安全", "不清楚"), rows, (3, 1, 1, 1))
    bare = int(summary["every"].eq(NONE).sum())
    if bare:
        yield Text(f"另有 {bare} 所学校周边没有通汽车的路：不算安全，也不算不安全，不在比例里。")


def _walking_buses(edition: Edition) -> Iterator[Block]:
    """Lines of each school; how many children walk along stands in a report for the house alone."""
    found = edition.walking_bus
    if found is None:
        return
    if not len(found.lines):
        yield Text("步行巴士：报名的孩子排不出线路，各校的原因在 indicators.xlsx 的“步行巴士没排上的”里。")
        return
    each = found.lines.groupby("school_id", sort=False).agg(school=("school", "first"), lines=("id", "size"), stops=("stops", "sum"), leaves=("leaves", "min"))
    rows: list[tuple[str, ...]] = [(str(r.school), str(r.lines), str(r.stops), str(r.leaves)) for r in each.itertuples()]
    headers: tuple[str, ...] = ("学校", "线路（条）", "站点（个）", "最早离站")
    widths: tuple[float, ...] = (3.0, 1.0, 1.0, 1.0)
    served = ""
    if not edition.public:
        counts = found.schools.set_index("school_id").loc[each.index]
        rows = [(*row, str(c.served), str(c.children)) for row, c in zip(rows, counts.itertuples(), strict=True)]
        headers, widths = (*headers, "排上的孩子", "报名的孩子"), (*widths, 1.2, 1.2)
        served = f"，排上 {counts['served'].sum():,} 个孩子"
    yield Text(f"步行巴士：{len(rows)} 所学校 {len(found.lines)} 条线{served}。{found.definition}")
    title = "各校的步行巴士" + (f"（前 {MOST_SCHOOLS} 所，其余在 indicators.xlsx 里）" if len(rows) > MOST_SCHOOLS else "")
    yield Table(title, headers, tuple(rows[:MOST_SCHOOLS]), widths)


def _kindergartens(edition: Edition) -> Iterator[Block]:
    """Their bounds, apart from the schools', and by name those without a road for motor traffic; in public only what is let out."""
    found = {i.id: i for i in edition.indicators if i.id.startswith(f"{OF_KINDERGARTENS.key}.")}
    if found:
        yield Bars("幼儿园周边街道", tuple(Bar(i.title, i.value, i.lower, i.upper) for i in found.values()))
    if edition.perimeter is None or OF_KINDERGARTENS not in kinds_shown(edition):
        return
    layer = watched(edition).get("kindergartens")
    if layer is None:
        return
    sites = layer.sites
    names = dict(zip(sites["id"], sites["name"], strict=True))
    states = perimeter_figures(edition, OF_KINDERGARTENS)[0]["every"]
    bare = [str(names[key]) for key in states.index[states.eq(NONE)]]
    if bare:
        metres = f"{edition.city.walking.perimeter_m:,.0f}"
        yield Text(f"周边 {metres} 米内没有机动车道的幼儿园 {len(bare)} 所，不算安全，也不算不安全，不在比例里：{'、'.join(bare)}。")
