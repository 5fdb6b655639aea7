"""How safe are the streets round each school, round the schools of a town, round all of them?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.coverage.perimeter import COVERED_WORDS, is_full, perimeter_words
from cfmap.coverage.perimeter.figures import NONE
from cfmap.coverage.perimeter.spoken import STATES, percent
from cfmap.indicators.perimeter_shares import perimeter_figures, school_towns
from cfmap.publish.sheets import clean

if TYPE_CHECKING:
    from cfmap.model.edition import Edition
    from cfmap.publish.sheets import Pen

NAME = "学校周边"
FULL = "全覆盖"
HEADERS = (
    *("范围", "名称", "乡镇街道", "学校（所）", "周边道路（米）", "安全，至少（%）", "安全，至多（%）", "有资料（%）"),
    *("校门前过街", "每段都安全", "九成长度安全、门口过街安全", "结论"),
)
WIDTHS = (10, 30, 16, 11, 14, 14, 14, 12, 14, 16, 18, 14)
TOP = 2
NO_ROADS = "没有学校，或者学校周边没有通汽车的路"


def names(edition: Edition) -> tuple[str, ...]:
    """Name of the sheet, where :func:`add` makes it."""
    return () if edition.perimeter is None else (NAME,)


def add(pen: Pen, edition: Edition) -> None:
    """
    Write the city, its towns, then every school: lower and upper bound of what is safe, by length, and both definitions.

    For the city and the towns the definitions are intervals of schools in per cent; "全覆盖" stands only where the lower bound is
    100 %. How the perimeter is measured, and which definition the schools' last column follows, stands below.
    """
    if edition.perimeter is None:
        return
    schools, towns = perimeter_figures(edition)
    town_of, titles = school_towns(edition), _names(edition)
    sheet = pen.sheet(NAME, HEADERS, WIDTHS, fixed=2)
    sheet.set_row(1, 32)
    row = TOP
    for name, figures in [("", towns.loc[""]), *((str(n), towns.loc[n]) for n in towns.index if n)]:
        bounds = [f"{percent(figures[f'{by}_lower'])}–{percent(figures[f'{by}_upper'])}" if figures["schools"] else "" for by in ("every", "length")]
        told = ("全市" if not name else "乡镇街道", name or edition.city.name, name, int(figures["schools"] + figures["none"]), *_lengths(figures))
        pen.row(sheet, row, (*told, "", *bounds, FULL if is_full(figures) else ""), WIDTHS)
        row += 1
    for key, figures in schools.iterrows():
        town = "" if town_of is None else town_of.get(key)
        told = ("学校", titles.get(key, str(key)), town if isinstance(town, str) else "", None, *_lengths(figures))
        states = ["" if figures[c] == NONE and c == "gate" else STATES[figures[c]][0] for c in ("gate", "every", "length", "state")]
        pen.row(sheet, row, (*told, *states), WIDTHS)
        row += 1
    if not len(schools):
        pen.row(sheet, row, ("", NO_ROADS, *[""] * (len(HEADERS) - 2)))
        row += 1
    sheet.autofilter(1, 0, row - 1, len(HEADERS) - 1)
    for note in (perimeter_words(edition.city)[0], f"“结论”一列：{COVERED_WORDS[edition.city.safety.covered][0]}。"):
        row += 1
        sheet.write_string(row, 1, clean(note), pen.small)
    sheet.print_area(0, 0, row, len(HEADERS) - 1)


def _lengths(figures: Any) -> tuple[float | None, ...]:
    """Metres, and per cent of them; nothing where there is no road."""
    if not figures["metres"] > 0:
        return (None,) * 4
    return (round(float(figures["metres"])), *(_share(float(figures[c])) for c in ("lower", "upper", "known")))


def _share(value: float) -> float:
    """One decimal; what is neither nothing nor all is not shown as 0 or 100."""
    return value if value in (0.0, 100.0) else min(max(round(value, 1), 0.1), 99.9)


def _names(edition: Edition) -> dict[Any, str]:
    if "schools" not in edition.layers:
        return {}
    sites = edition.layers["schools"].sites
    return dict(zip(sites["id"], sites["name"].astype(str), strict=True))
