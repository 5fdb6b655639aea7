"""Which files does a plan of walking buses make, and what may stand in them?"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cfmap.model.messages import fault
from cfmap.network.atomic import replacing
from cfmap.planning.bus_tables import lines_frame, stops_frame, title
from cfmap.planning.walking_bus import REASONS
from cfmap.publish import clock, files, geopackage
from cfmap.publish.atlas import fonts
from cfmap.publish.sheets import OPTIONS, Pen, clean
from cfmap.publish.walking_bus import line_sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from cfmap.model.messages import Fault
    from cfmap.model.walking_bus import BusRules
    from cfmap.network import Network
    from cfmap.planning.walking_bus import Line, SchoolPlan

LINES, STOPS = "walking_bus_lines", "walking_bus_stops"
PACKAGE, BOOK, TABLE = "walking-bus.gpkg", "walking-bus.xlsx", "walking-bus-stops.csv"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class About:
    """What every output says of itself."""

    city: str
    demo: bool
    streets: str  # attribution and date
    public: bool
    without_consent: int = 0

    @property
    def note(self) -> str:
        """One line."""
        mark = ("演示数据 · " if self.demo else "") + ("" if self.public else "内部资料，不得公开 · ")
        return f"{mark}{self.city} 步行巴士 · {self.streets}"


def write(plans: Sequence[SchoolPlan], network: Network, rules: BusRules, about: About, folder: Path) -> tuple[list[Path], list[Fault]]:
    """
    Write a plan.

    Parameters
    ----------
    plans, network, rules
        From :func:`cfmap.planning.walking_bus.plan`, what it was asked of, and by which limits.
    about
        Whether it is for the public: then lines, stops and times alone; no number of children stands in any file, and nothing about
        those who are on no line.
    folder
        Made when missing; files of an earlier plan are replaced one by one.

    Returns
    -------
    files, faults
        W605 instead of the printed sheets where no Chinese font is installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = [line for p in plans for line in p.lines]
    written = [_package(lines, about, folder / PACKAGE), _book(plans, rules, about, folder / BOOK), _table(lines, about, folder / TABLE)]
    font = fonts.family()
    if font is None:
        return written, [fault("W605", name="*.pdf", known="、".join(fonts.FAMILIES[:4]))]
    for line in lines:
        with replacing(folder / f"{_name(line)}.pdf") as part:
            files.write_bytes(part, line_sheet.pdf(line, network, rules, about, font=font))
        written.append(folder / f"{_name(line)}.pdf")
    return written, []


def _name(line: Line) -> str:
    """A file's name, without what some system forbids."""
    text = "".join("_" if c in '\\/:*?"<>|' or not c.isprintable() else c for c in title(line)).strip(" .")
    return text[:80] or line.id


def _package(lines: Sequence[Line], about: About, path: Path) -> Path:
    tables = (
        geopackage.Table(LINES, "步行巴士线路", about.note, lines_frame(lines, public=about.public), "LineString"),
        geopackage.Table(STOPS, "步行巴士站点", about.note, stops_frame(lines, public=about.public), "Point"),
    )
    with replacing(path) as part:
        geopackage.write(part, tables)
    return path


def _table(lines: Sequence[Line], about: About, path: Path) -> Path:
    frame = stops_frame(lines, public=about.public).drop(columns="geometry")
    for column in ("line", "school", "name", "name_en"):  # street names are other people's text: never a formula
        frame[column] = [f"'{v}" if str(v).startswith(FORMULA) else v for v in frame[column]]
    with replacing(path) as part:
        frame.to_csv(part, index=False, encoding="utf-8-sig")
    return path


def _book(plans: Sequence[SchoolPlan], rules: BusRules, about: About, path: Path) -> Path:
    import xlsxwriter

    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    book.set_properties({"title": f"{about.city} 步行巴士", "author": "cfmap", "company": "", "created": clock.now().replace(tzinfo=None)})
    pen = Pen(book, about.note)
    inside = not about.public
    _sheet(pen, "线路", _line_columns(inside=inside), [_line_row(x, inside=inside) for p in plans for x in p.lines])
    stops = [(*_stop_row(x, n), *((s.children,) if inside else ())) for p in plans for x in p.lines for n, s in enumerate(x.stops, start=1)]
    _sheet(pen, "站点和时刻", (("线路", 30), ("站序", 8), ("站点", 36), ("离站", 10), ("到学校（米）", 13), *((("孩子（人）", 11),) if inside else ())), stops)
    if inside:
        _sheet(pen, "没排上的", (("学校", 30), ("原因", 44), ("孩子（人）", 12)), list(_unserved(plans, about)))
    _sheet(pen, "说明", (("项目", 24), ("内容", 90)), list(_words(rules, about)))
    book.close()
    with replacing(path) as part:
        files.write_bytes(part, buffer.getvalue())
    return path


def _sheet(pen: Pen, name: str, columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[Any]]) -> None:
    sheet = pen.sheet(name, [c for c, _ in columns], [w for _, w in columns])
    for number, row in enumerate(rows, start=2):
        pen.row(sheet, number, [clean(c) if isinstance(c, str) else c for c in row])


def _line_columns(*, inside: bool) -> tuple[tuple[str, float], ...]:
    shared = (("线路", 30), ("站数", 8), ("长度（米）", 12), ("全程（分钟）", 12), ("首站离站", 11))
    return (*shared, ("最要留心的一段", 50), ("孩子（人）", 11), ("需要大人（人）", 13), ("大人姓名", 24)) if inside else shared


def _line_row(line: Line, *, inside: bool) -> tuple[Any, ...]:
    worst = f"{line.watch[0].place}：{line.watch[0].why}" if line.watch else "—"
    shared = (title(line), len(line.stops), round(line.mm / 1000), line.takes, line.stops[0].leaves)
    return (*shared, worst, line.children, line.adults, "") if inside else shared


def _stop_row(line: Line, number: int) -> tuple[Any, ...]:
    stop = line.stops[number - 1]
    return title(line), number, stop.name, stop.leaves, round(stop.to_school_mm / 1000)


def _unserved(plans: Sequence[SchoolPlan], about: About) -> Iterable[tuple[Any, ...]]:
    for plan in plans:
        for reason, count in plan.unserved.items():
            yield plan.name, REASONS[reason][0], count
        if not plan.proven:
            yield plan.name, "没有算到底：更好的排法最多还能多排上这么多人", plan.more
    if about.without_consent:
        yield "（各校合计）", "没有监护人的明确同意，没有用", about.without_consent


def _words(rules: BusRules, about: About) -> Iterable[tuple[str, str]]:
    yield "谁参加", f"最短步行距离 {rules.near_m:g}–{rules.far_m:g} 米、监护人同意的孩子"
    yield "站点", f"至少 3 个孩子走 {rules.stop_m:g} 米以内能到的路口；少于 3 个不设站，免得从站点看出谁住在哪里"
    yield "线路", f"终点是校门；长度不超过 {rules.longest_m:g} 米，全程不超过 {rules.most_minutes:g} 分钟，每校最多 {rules.most_lines} 条"
    yield "人数", f"每个大人带 {rules.children_per_adult} 个孩子，每条线 {rules.adults} 个大人，最多 {rules.seats} 个孩子"
    yield "时刻", f"从 {rules.arrival} 到校往回推：幼儿步速 0.88 米/秒，每站停 {rules.wait_minutes:g} 分钟，离站时刻向下取整到分钟"
    yield "怎样算好", "先让没排上的孩子最少，再让线路最少（每条线都要大人），再让路更安全、更短"
    yield "街道", about.streets
    yield "不在这里", "孩子的姓名、住处、每个孩子的一行，任何一份产物里都没有"
    yield "能不能办下去", "排线路不难，难在每天有人带：没有固定的大人和替班的人，不要开线"
