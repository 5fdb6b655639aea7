"""By which streets do children walk to school? Proposed safe routes, each school's, and the bureau's own beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from cfmap.coverage.perimeter import KINDS
from cfmap.publish.qgis_styles import LEVELS
from cfmap.publish.words import UNKNOWN

if TYPE_CHECKING:
    from cfmap.model.edition import Edition
    from cfmap.publish.sheets import Pen

NAME, EACH, BESIDE = "学径", "各校学径", "部门路线对照"
PROPOSED = ("编号", "去哪里", "通往", "孩子（最多处）", "孩子（最少处）", "长度（米）", "等级", "最差的一段", "不清楚的占比")
PROPOSED_WIDTHS = (10, 10, 44, 14, 14, 12, 12, 44, 14)
ROUTES = ("去哪里", "学校、幼儿园", "从哪里", "编号", "孩子", "长度（米）", "最短（米）", "绕路倍数", "等级", "最差的一段", "不清楚的占比")
ROUTES_WIDTHS = (10, 30, 24, 14, 10, 12, 12, 10, 12, 44, 14)
COMPARED = ("编号", "名称", "长度（米）", "与学径建议重合", "折算长度（米）", "不清楚的占比", "不在街道上的占比")
COMPARED_WIDTHS = (12, 36, 12, 16, 16, 14, 18)
NO_ROUTE = "没有学径"
REASONS = {"off_network": "旁边没有路", "none": "限定的距离以内没有可去的，或走不到"}
TOP = 2


def names(edition: Edition) -> tuple[str, ...]:
    """Sheets; none where no routes were made."""
    if edition.routes is None:
        return ()
    return (NAME,) if edition.public else (NAME, EACH, BESIDE)


def add(pen: Pen, edition: Edition) -> None:
    """Add the sheets; how the routes are made stands below the proposed ones. Lengths are real metres."""
    if edition.routes is None:
        return
    found = edition.routes
    sheet = pen.sheet(NAME, PROPOSED, PROPOSED_WIDTHS, fixed=2)
    row = TOP
    for row, r in enumerate(found.proposed.itertuples(), start=TOP):
        where = (r.id, KINDS[r.layer][0], r.schools)
        told = (round(r.children), round(r.children_least), round(r.length_m), _level(r.level), r.worst, _share(r.unknown_share))
        pen.row(sheet, row, (*where, *told), PROPOSED_WIDTHS)
    pen.row(sheet, row + 2, ("", "", found.definition, *[""] * (len(PROPOSED) - 3)), PROPOSED_WIDTHS)
    if edition.public:
        return
    sheet = pen.sheet(EACH, ROUTES, ROUTES_WIDTHS, fixed=2)
    called = _names(edition)
    for row, r in enumerate(found.routes.itertuples(), start=TOP):
        line = (
            KINDS[r.layer][0], r.school_name, called.get(str(r.origin), ""), r.origin, _children(r.children), round(r.length_m), round(r.shortest_m),
            round(r.detour, 2), _level(r.level), r.worst, _share(r.unknown_share),
        )  # fmt: skip
        pen.row(sheet, row, line, ROUTES_WIDTHS)
    for row, r in enumerate(found.without.itertuples(), start=TOP + len(found.routes)):
        why = REASONS.get(str(r.reason), str(r.reason))
        pen.row(
            sheet,
            row,
            (KINDS[str(r.layer)][0], NO_ROUTE, called.get(str(r.origin), ""), r.origin, _children(r.children), "", "", "", "", why, ""),
            ROUTES_WIDTHS,
        )
    sheet = pen.sheet(BESIDE, COMPARED, COMPARED_WIDTHS, fixed=2)
    for row, r in enumerate(found.compared.itertuples(), start=TOP):
        weighted = _count(r.weighted_m)
        shares = _share(r.together_share), _share(r.unknown_share), _share(r.off_street_share)
        pen.row(sheet, row, (r.id, r.name, _count(r.length_m), shares[0], weighted, *shares[1:]), COMPARED_WIDTHS)


def _names(edition: Edition) -> dict[str, str]:
    """Names of communities by id, where the table of residents has them."""
    if edition.population is None or "name" not in edition.population.points:
        return {}
    names = edition.population.points["name"]
    return {str(key): str(name) for key, name in names.items() if isinstance(name, str)}


def _level(level: Any) -> str:
    return LEVELS[int(level) - 1][0] if level else ""


def _count(number: Any) -> Any:
    return UNKNOWN if pd.isna(number) else round(float(number))


def _children(number: Any) -> Any:
    """Children at one place; a house or a raster's cell holds a part of a community's, so not whole ones."""
    return UNKNOWN if pd.isna(number) else round(float(number), 1)


def _share(share: Any) -> str:
    return UNKNOWN if pd.isna(share) else f"{share:.0%}"
