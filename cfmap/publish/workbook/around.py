"""How safe are the streets round each school and kindergarten, round those of a town, round all of them?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.coverage.perimeter import COVERED_WORDS, KINDS, is_full, perimeter_words
from cfmap.coverage.perimeter.figures import NONE
from cfmap.coverage.perimeter.spoken import STATES, interval
from cfmap.indicators.perimeter_shares import OF_BOTH, OF_KINDERGARTENS, OF_SCHOOLS, looked_at, perimeter_figures, school_towns, watched
from cfmap.publish.sheets import clean
from cfmap.publish.workbook.cells import share

if TYPE_CHECKING:
    from cfmap.indicators.perimeter_shares import Whose
    from cfmap.model.edition import Edition
    from cfmap.publish.sheets import Pen

NAME = "学校周边"
FULL = "全覆盖"
HEADERS = (
    *("范围", "类别", "名称", "乡镇街道", "所数", "周边道路（米）", "安全，至少（%）", "安全，至多（%）", "有资料（%）"),
    *("校门前过街", "每段都安全", "九成长度安全、门口过街安全", "结论"),
)
WIDTHS = (10, 15, 30, 16, 8, 14, 14, 14, 12, 14, 18, 18, 18)
TOP = 2
NO_ROADS = "没有学校、幼儿园，或者周边没有通汽车的路"


def names(edition: Edition) -> tuple[str, ...]:
    """Name of the sheet, where :func:`add` makes it."""
    return () if edition.perimeter is None else (NAME,)


def add(pen: Pen, edition: Edition) -> None:
    """
    Write the city and its towns, schools and kindergartens apart and together, then every site: bounds of what is safe, by length, and both definitions.

    For the city and the towns the definitions are intervals of sites in per cent; "全覆盖" stands only where the lower bound is
    100 %. How the perimeter is measured, and which definition the sites' last column follows, stands below.
    """
    if edition.perimeter is None:
        return
    kinds = [kind for kind in (OF_SCHOOLS, OF_KINDERGARTENS, OF_BOTH) if set(kind.layers) <= looked_at(edition)]
    figures = [(kind, *perimeter_figures(edition, kind)) for kind in kinds]
    sheet = pen.sheet(NAME, HEADERS, WIDTHS, fixed=3)
    sheet.set_row(1, 32)
    rows = [row for kind, _, towns in figures for row in _of_city(edition, kind, towns)]
    rows += [row for kind, _, towns in figures for row in _of_towns(kind, towns)]
    rows += [row for kind, sites, _ in figures if kind is not OF_BOTH for row in _of_sites(edition, kind, sites)]
    if not any(len(sites) for _, sites, _ in figures):
        rows.append(("", "", NO_ROADS, *[""] * (len(HEADERS) - 3)))
    for row, cells in enumerate(rows, start=TOP):
        pen.row(sheet, row, cells, WIDTHS)
    last = TOP + len(rows) - 1
    sheet.autofilter(1, 0, last, len(HEADERS) - 1)
    notes = (perimeter_words(edition.city)[0], f"“结论”一列：{COVERED_WORDS[edition.city.safety.covered][0]}。")
    for row, note in enumerate(notes, start=last + 2):
        sheet.write_string(row, 2, clean(note), pen.small)
    sheet.print_area(0, 0, last + 1 + len(notes), len(HEADERS) - 1)


def _of_city(edition: Edition, kind: Whose, towns: Any) -> list[tuple[Any, ...]]:
    return [_counted("全市", kind, edition.city.name, "", towns.loc[""])]


def _of_towns(kind: Whose, towns: Any) -> list[tuple[Any, ...]]:
    return [_counted("乡镇街道", kind, str(name), str(name), towns.loc[name]) for name in towns.index if name]


def _counted(scope: str, kind: Whose, name: str, town: str, figures: Any) -> tuple[Any, ...]:
    bounds = [interval(figures[f"{by}_lower"], figures[f"{by}_upper"]) if figures["schools"] else "" for by in ("every", "length")]
    return (scope, kind.zh, name, town, int(figures["schools"] + figures["none"]), *_lengths(figures), "", *bounds, FULL if is_full(figures) else "")


def _of_sites(edition: Edition, kind: Whose, sites: Any) -> list[tuple[Any, ...]]:
    (layer,) = kind.layers
    town_of, data = school_towns(edition, kind), watched(edition).get(layer)
    titles = {} if data is None else dict(zip(data.sites["id"], data.sites["name"].astype(str), strict=True))
    rows = []
    for key, figures in sites.iterrows():
        town = "" if town_of is None else town_of.get(key)
        states = ["" if figures[c] == NONE and c == "gate" else STATES[figures[c]][0] for c in ("gate", "every", "length", "state")]
        lengths = ("",) * 4 if figures["state"] == NONE else _lengths(figures)  # nothing to measure is not unknown
        rows.append(("单所", KINDS[layer][0], titles.get(key, str(key)), town if isinstance(town, str) else "", "", *lengths, *states))
    return rows


def _lengths(figures: Any) -> tuple[float | None, ...]:
    """Metres, and per cent of them; None (unknown) where no road is known."""
    if not figures["metres"] > 0:
        return (None,) * 4
    return (round(float(figures["metres"])), *(share(float(figures[c])) for c in ("lower", "upper", "known")))
