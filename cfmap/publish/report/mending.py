"""What does the annual report of the house say of what to mend round schools first?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.planning.mending_words import SPARE
from cfmap.publish.report.blocks import Block, Table, Text
from cfmap.publish.tables import school_names
from cfmap.publish.words import UNKNOWN
from cfmap.publish.workbook import mending as sheets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cfmap.model.edition import Edition

FIRST, NAMES = 10, 3
HEADERS = ("名次", "措施", "道路和位置", "长度（米）", "现状", "学校、幼儿园", "在校（园）生（人）", "就近儿童（人）")
WIDTHS = (0.6, 1.5, 2.8, 0.8, 1.3, 2.2, 1, 1)
MONEY, MONEY_WIDTH = "费用（元）", 1.1
STEP_HEADERS = (
    "做了哪些",
    "安全路段，至少（%）",
    "至多（%）",
    "安全的学校、幼儿园，至少（所）",
    "至多（所）",
    "共（所）",
    "变成安全的：在校（园）生（人）",
    "就近儿童（人）",
)
STEP_WIDTHS = (1.2, 1.1, 0.8, 1.5, 0.8, 0.7, 1.5, 1)
TOWN_HEADERS = ("乡镇街道", "要做（条）", MONEY, "其中没有资料、先去看的（元）", "学校、幼儿园（所）", "在校（园）生（人）", "每万元的孩子（人）")


def mending(edition: Edition) -> Iterator[Block]:
    """What comes first, the first ten actions, before and after with them and with all done, costs by town, how it is made; nothing in a public report."""
    if edition.mending is None:
        return
    listed, titles = edition.mending.actions, school_names(edition)
    if not len(listed):
        yield Text(f"{sheets.DONE}。")
        return
    yield Text(edition.mending.first)
    money = edition.mending.costs is not None
    rows = tuple(_row(one, titles) for one in listed.head(FIRST).to_dict("records"))
    title = f"先改哪里：前 {len(rows)} 条，共 {len(listed):,} 条"
    yield Table(title, (*HEADERS, MONEY) if money else HEADERS, rows, (*WIDTHS, MONEY_WIDTH) if money else WIDTHS)
    wanted = {0, FIRST, len(listed)}
    steps = [row for row, done in zip(sheets.step_rows(edition), edition.mending.steps["actions"], strict=True) if done in wanted]
    cells = tuple(tuple(_shown(cell) for cell in row) for row in steps)
    yield Table("改前改后", (*STEP_HEADERS, MONEY) if money else STEP_HEADERS, cells, (*STEP_WIDTHS, MONEY_WIDTH) if money else STEP_WIDTHS)
    if edition.mending.costs is not None:
        towns = edition.mending.costs[edition.mending.costs["of"].eq("town")].to_dict("records")
        yield Table("各乡镇街道要多少钱", TOWN_HEADERS, tuple(_town(one) for one in towns), (1.6, 0.8, 1.2, 1.4, 1, 1.2, 1))
    spare = int(listed["spare"].sum())
    yield Text((f"其中 {spare:,} 条{SPARE[0]}。" if spare else "") + edition.mending.definition)
    yield Text(f"全部各条见 indicators.xlsx 的“{sheets.NAME}”。")


def _row(one: Mapping[Any, Any], titles: Mapping[str, str]) -> tuple[str, ...]:
    schools = [titles.get(key, key) for key in one["schools"].split(";")]
    named = "、".join(schools[:NAMES]) + (f" 等 {len(schools)} 所" if len(schools) > NAMES else "")
    where = "，".join(part for part in (one["road"], one["where"]) if part)
    heads = (_people(one["pupils"], one["pupils_unknown"]), _people(one["children"], one["children_unknown"]))
    cost = () if "yuan" not in one else (_people(one["yuan"], 0),)
    return (f"{one['rank']}", one["work"], where, "" if one["item"] == "C" else f"{one['metres']:,.0f}", one["state"], named, *heads, *cost)


def _town(one: Mapping[Any, Any]) -> tuple[str, ...]:
    money = (_people(one["yuan"], one["unpriced"]), f"{one['look_yuan']:,.0f}")
    rate = UNKNOWN if one["per_10k"] != one["per_10k"] else f"{one['per_10k']:,.1f}"
    return (one["name"], f"{one['actions']:,}", *money, f"{one['sites']}", _people(one["pupils"], one["pupils_unknown"]), rate)


def _people(number: float, missing: int) -> str:
    """A sum from which schools are missing is a least one."""
    return UNKNOWN if number != number else f"{'≥' if missing else ''}{number:,.0f}"


def _shown(cell: Any) -> str:
    return UNKNOWN if cell is None else f"{cell:,.1f}" if isinstance(cell, float) else f"{cell:,}" if isinstance(cell, int) else str(cell)


__all__ = ["mending"]
