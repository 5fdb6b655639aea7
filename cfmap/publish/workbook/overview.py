"""Which sheets say how much there is: the overview with its charts, layers by year, shares within walking reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.model.schema import STATUSES
from cfmap.publish.sheets import UNKNOWN, clean
from cfmap.publish.words import NOT_ONE, is_empty
from cfmap.publish.workbook import towns
from cfmap.publish.workbook.cells import STATUS_TITLES, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfmap.model.edition import Edition, Indicator
    from cfmap.publish.sheets import Pen

NAME, YEARS, REACH = "总览", "各图层各年", "覆盖"
GREEN, OCHRE, BLUE = "#0B6E4F", "#C9A227", "#1565C0"
WIDTHS = (34, 12, 14, 12, 16, 14)
REACH_WIDTHS = (56, 12, 12, 12, 10, 28, 13, 16)
CHART_COLUMN, CHART_WIDTH = 7, 620
ROW_PIXELS = 20


def add(pen: Pen, edition: Edition, title: str) -> None:
    """总览: sites by layer and status, a few key figures, charts of both and of the towns."""
    headers = ("图层", *(f"{s}（处）" for s in ("在用", "状态未知", "其他")), "没有坐标（处）", "数据日期")
    sheet = pen.sheet(NAME, headers, WIDTHS, top=3)
    sheet.set_row(1, 24)
    sheet.write_string(1, 0, clean(title), pen.big)
    sheet.write_string(2, 0, clean(_made_by(edition)), pen.small)
    found = {i.id: i for i in edition.indicators}
    first = row = 5
    for key, data in edition.layers.items():
        status = [*data.sites["status"].fillna(UNKNOWN), *data.unlocated["status"].fillna(UNKNOWN)]
        tally = {s: sum(1 for v in status if v == s) for s in STATUSES}
        indicator = found.get(f"counts.{key}")
        known = indicator is None or indicator.value is not None
        others = sum(n for s, n in tally.items() if s not in ("在用", UNKNOWN))
        counted: tuple[Any, ...] = (tally["在用"], tally[UNKNOWN], others, len(data.unlocated)) if known else (None, None, None, None)
        if known and is_empty(data):
            counted = (NOT_ONE, "", "", "")
        pen.row(sheet, row, (data.layer.title, *counted, indicator.data_date if indicator else ""))
        row += 1
    height = 0
    if row > first:
        series = [(column, GREEN if column == 1 else OCHRE) for column in (1, 2)]
        height = _bars(pen, sheet, NAME, "各图层现有点位（处）", series=series, rows=(first, row - 1), at=first - 1, stacked=True)
    last = _key_figures(pen, sheet, row + 1, edition)
    if (where := towns.charted(edition)) is not None:
        height += towns.chart(pen, sheet, where, edition, at=first + 1 + height // ROW_PIXELS, column=CHART_COLUMN)
    sheet.print_area(0, 0, max(last, first + 3 + height // ROW_PIXELS), 16)


def add_years(pen: Pen, edition: Edition) -> None:
    """各图层各年: how many sites of each layer are new in a year, and all up to it."""
    found = {i.id: i for i in edition.indicators if i.id.startswith("years.")}
    years = sorted({int(i.split(".")[2]) for i in found})
    headers = ["图层", *(f"{y}年新增（处）" for y in years), *(f"截至{y}年（处）" for y in years)]
    sheet = pen.sheet(YEARS, headers, [24] + [14] * (2 * len(years)))
    row = 2
    for key, data in edition.layers.items():
        cells = [number(found.get(f"years.{key}.{y}.{part}")) for part in ("new", "total") for y in years]
        pen.row(sheet, row, (data.layer.title, *cells))
        row += 1
    if years and row > 2:
        pen.bars(sheet, (2, 1, row - 1, len(years)), OCHRE)
        pen.bars(sheet, (2, len(years) + 1, row - 1, 2 * len(years)), GREEN)
    sheet.print_area(0, 0, row, len(headers) - 1)


def add_reach(pen: Pen, edition: Edition) -> None:
    """覆盖: every number but counts, with bounds, unit and denominator; shares coloured; a chart of the headline shares."""
    headers = ("指标", "数值", "下限", "上限", "单位", "分母", "数据日期", "完整性")
    sheet = pen.sheet(REACH, headers, REACH_WIDTHS)
    row = 2
    shares: list[int] = []
    headline = {i.id for i in _headline(edition) if i.value is not None}
    charted: list[int] = []
    for i in sorted(edition.indicators, key=lambda i: i.id not in headline):
        if i.id.split(".")[0] in ("counts", "years"):
            continue
        bounds = ("" if i.lower is None else i.lower, "" if i.upper is None else i.upper)
        pen.row(sheet, row, (i.title, i.value, *bounds, i.unit, i.denominator, i.data_date, STATUS_TITLES[i.status]), REACH_WIDTHS)
        if i.unit == "%":
            shares.append(row)
        if i.id in headline:
            charted.append(row)
        row += 1
    if row == 2:
        pen.row(sheet, row, ("公开版没有列出这类指标（设置 publish.indicators）" if edition.public else "没有这类指标", *[""] * 7))
        row += 1
    pen.shares(sheet, [(r, 1, r, 3) for r in shares])
    if charted:
        _bars(pen, sheet, REACH, "主口径下步行可达的比例（%）", series=[(1, GREEN)], rows=(charted[0], charted[-1]), at=1, column=9, highest=100)
    sheet.autofilter(1, 0, row - 1, len(headers) - 1)
    sheet.print_area(0, 0, row, len(headers) - 1)


def _headline(edition: Edition) -> list[Indicator]:
    """Shares at the headline distance of each coverage, of those that it is for and of residents."""
    headline = tuple((f"coverage.{c.key}.", f".{c.headline:.0f}") for c in edition.coverages)
    return [i for i in edition.indicators if any(i.id.startswith(start) and i.id.endswith(end) for start, end in headline)]


def _key_figures(pen: Pen, sheet: Any, row: int, edition: Edition) -> int:
    """Write the few numbers that a reader in a hurry wants: shares at the headline distance, places, safe streets. Returns the next free row."""
    chosen = [*_headline(edition), *(i for i in edition.indicators if i.id in ("places.childcare_per_1000", "perimeter.safe_length"))]
    for column, header in enumerate(("主要指标", "数值", "单位", "下限", "上限", "数据日期") if chosen else ()):
        sheet.write_string(row, column, header, pen.head)
    for i in chosen:
        row += 1
        pen.row(sheet, row, (i.title, i.value, i.unit, "" if i.lower is None else i.lower, "" if i.upper is None else i.upper, i.data_date), WIDTHS)
    return row + 1


def _bars(
    pen: Pen,
    sheet: Any,
    name: str,
    title: str,
    *,
    series: Sequence[tuple[int, str]],
    rows: tuple[int, int],
    at: int,
    column: int = CHART_COLUMN,
    stacked: bool = False,
    highest: float | None = None,
) -> int:
    """Insert a chart of bars, one for each row from the first to the last, of columns in their colours; its height in pixels."""
    first, last = rows
    chart = pen.book.add_chart({"type": "bar", "subtype": "stacked"} if stacked else {"type": "bar"})
    for values, colour in series:
        chart.add_series(
            {
                "name": [name, first - 1 if name == NAME else 1, values],
                "categories": [name, first, 0, last, 0],
                "values": [name, first, values, last, values],
                "fill": {"color": colour},
            }
        )
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": {"size": 7}})
    chart.set_x_axis({"num_format": "#,##0", "min": 0, **({} if highest is None else {"max": highest})})
    if len(series) == 1:
        chart.set_legend({"none": True})
    height = max(240, 16 * (last - first + 1) + 90)
    chart.set_size({"width": CHART_WIDTH, "height": height})
    sheet.insert_chart(at, column, chart, {"description": title})
    return height


def _made_by(edition: Edition) -> str:
    section = edition.city.edition
    date = f"数据截至 {section.data_date.isoformat()}" if section.data_date else ""
    return " · ".join(part for part in (section.producer, date, "公开版" if edition.public else "内部版，不得公开") if part)
