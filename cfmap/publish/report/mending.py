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
STEP_HEADERS = ("做了哪些", "安全路段，至少（%）", "至多（%）", "安全的学校、幼儿园，至少（所）", "至多（所）", "共（所）")


def mending(edition: Edition) -> Iterator[Block]:
    """The first ten actions, before and after with them and with all done, and how the list is made; nothing in a public report."""
    if edition.mending is None:
        return
    listed, titles = edition.mending.actions, school_names(edition)
    if not len(listed):
        yield Text(f"{sheets.DONE}。")
        return
    rows = tuple(_row(one, titles) for one in listed.head(FIRST).to_dict("records"))
    yield Table(f"先改哪里：前 {len(rows)} 条，共 {len(listed):,} 条", HEADERS, rows, WIDTHS)
    wanted = {0, FIRST, len(listed)}
    steps = [row for row, done in zip(sheets.step_rows(edition), edition.mending.steps["actions"], strict=True) if done in wanted]
    yield Table("改前改后", STEP_HEADERS, tuple(tuple(_shown(cell) for cell in row) for row in steps), (1.3, 1.4, 0.9, 2, 0.9, 0.8))
    spare = int(listed["spare"].sum())
    yield Text((f"其中 {spare:,} 条{SPARE[0]}。" if spare else "") + edition.mending.definition)
    yield Text(f"全部各条见 indicators.xlsx 的“{sheets.NAME}”。")


def _row(one: Mapping[Any, Any], titles: Mapping[str, str]) -> tuple[str, ...]:
    schools = [titles.get(key, key) for key in one["schools"].split(";")]
    named = "、".join(schools[:NAMES]) + (f" 等 {len(schools)} 所" if len(schools) > NAMES else "")
    where = "，".join(part for part in (one["road"], one["where"]) if part)
    heads = (_people(one["pupils"], one["pupils_unknown"]), _people(one["children"], one["children_unknown"]))
    return (f"{one['rank']}", one["work"], where, "" if one["item"] == "C" else f"{one['metres']:,.0f}", one["state"], named, *heads)


def _people(number: float, missing: int) -> str:
    """A sum from which schools are missing is a least one."""
    return UNKNOWN if number != number else f"{'≥' if missing else ''}{number:,.0f}"


def _shown(cell: Any) -> str:
    return UNKNOWN if cell is None else f"{cell:,.1f}" if isinstance(cell, float) else f"{cell:,}" if isinstance(cell, int) else str(cell)


__all__ = ["mending"]
