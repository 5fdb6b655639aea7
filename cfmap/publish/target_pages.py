"""Which sheets of the workbook answer for the targets: the ledger, a page for every lead unit to be asked by, the places counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.indicators.targets import figure, summary
from cfmap.model.target import NOT_NAMED, STATUS_WORDS, TIERS, Target, TargetResult, TargetStatus
from cfmap.publish.sheets import Pen, clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cfmap.model.edition import Edition

LEDGER, PLACES, BEFORE = "目标台账", "目标计入的点位", "督考·"
#: What is asked about first stands first on a unit's page.
URGENT: tuple[TargetStatus, ...] = ("short", "cannot tell", "not reported", "reported, unchecked", "met", "expired", "not spatial")
SHOWN_NAMES = 8  # names of places in a cell; all of them stand on their own sheet
LONGEST_NAME = 31  # characters of a sheet's name
_FULL_WIDTH = str.maketrans({"[": "［", "]": "］", ":": "：", "*": "＊", "?": "？", "/": "／", "\\": "＼", "'": "’"})
_COLOURS: dict[TargetStatus, str] = {
    "met": "#E3F1EA",
    "short": "#FBE4E1",
    "cannot tell": "#FFF3D6",
    "not reported": "#FFF3D6",
    "reported, unchecked": "#E6EEF9",
}
_KINDS = {"town": "乡镇街道", "community": "村（社区）"}
_HEADERS = (
    "编号",
    "事项",
    "类别",
    "目标",
    "单位",
    "年份",
    "状态",
    "现状",
    "差多少",
    "为什么",
    "怎么算、怎么读",
    "牵头单位",
    "配合单位",
    "依据",
    "数据日期",
    "来源",
)
_WIDTHS = (13, 30, 12, 16, 14, 12, 12, 14, 10, 44, 44, 20, 24, 12, 12, 28)
_PAGE_HEADERS = ("编号", "事项", "目标", "年份", "状态", "现状", "差多少", "为什么", "计入的", "还没有的", "依据", "数据日期", "单位答复")
_PAGE_WIDTHS = (12, 28, 16, 11, 12, 13, 10, 42, 34, 30, 11, 12, 24)


def names(edition: Edition) -> tuple[str, ...]:
    """Names of the sheets that :func:`add` makes, in order; none without targets."""
    if not edition.targets:
        return ()
    taken = [LEDGER]
    for unit in by_lead(r.target for r in edition.targets):
        taken.append(sheet_name(unit, taken, before=BEFORE))
    return (*taken, PLACES)


def add(pen: Pen, edition: Edition) -> None:
    """
    Add the sheets about targets to a workbook; none without targets.

    目标台账 has every row of every ledger; each 督考 page the rows of one lead unit, those to be asked about first; a target with several lead
    units stands on each one's page. Unknown is 未知, never 0.
    """
    if not edition.targets:
        return
    sheets = names(edition)
    marks = {status: pen.book.add_format({"bg_color": colour, "border": 1, "border_color": "#D0D0D0", "valign": "top"}) for status, colour in _COLOURS.items()}
    titles = {key: data.layer.title for key, data in edition.layers.items()} | _KINDS
    _ledger(pen, edition, marks)
    units = by_lead(r.target for r in edition.targets)
    found = {r.target.id: r for r in edition.targets}
    for name, (unit, targets) in zip(sheets[1:-1], units.items(), strict=True):
        _page(pen, name, unit, sorted((found[t.id] for t in targets), key=lambda r: URGENT.index(r.status)), marks)
    _places(pen, edition, titles)


def by_lead(targets: Iterable[Target]) -> dict[str, list[Target]]:
    """Lead unit -> its targets, in the ledger's order; a target with several lead units stands under each, one with none under 文件未列明."""
    units: dict[str, list[Target]] = {}
    for target in targets:
        for unit in target.lead or (NOT_NAMED,):
            units.setdefault(unit, []).append(target)
    return {unit: units[unit] for unit in sorted(units, key=lambda u: (u == NOT_NAMED, -len(units[u]), u))}


def sheet_name(unit: str, taken: Iterable[str], *, before: str = "") -> str:
    """Name of a unit's sheet: allowed characters, at most 31, unique among `taken`."""
    wanted = (before + unit).translate(_FULL_WIDTH)[:LONGEST_NAME]
    used, name, number = {t.lower() for t in taken}, wanted, 2
    while name.lower() in used:
        name, number = f"{wanted[: LONGEST_NAME - 4]}({number})", number + 1
    return name


def tally(results: Sequence[TargetResult]) -> str:
    """How many of each status, in words."""
    counted = {status: sum(r.status == status for r in results) for status in URGENT}
    return "，".join(f"{STATUS_WORDS[status][0]} {number}" for status, number in counted.items() if number)


def _ledger(pen: Pen, edition: Edition, marks: dict[TargetStatus, Any]) -> None:
    sheet = pen.sheet(LEDGER, _HEADERS, _WIDTHS, top=3, fixed=2)
    plans = "；".join(dict.fromkeys(f"{r.plan.title}（{r.plan.document}）" for r in edition.targets))
    borrowed = "（演示：借用这份公开文件的目标，现状全是演示数据）" if edition.city.city.demo else ""
    sheet.write_string(1, 0, clean(f"{plans}{borrowed}"), pen.big)
    counts = summary(edition.targets)
    parts = [f"{tier} {TIERS[tier][0]} {n['all']} 项，算出 {n['computed']} 项" for tier, n in counts.items() if tier in TIERS]
    sheet.write_string(2, 0, clean(f"共 {len(edition.targets)} 项：{tally(edition.targets)}。{'；'.join(parts)}"), pen.small)
    row = 5
    for r in edition.targets:
        t = r.target
        tier = f"{t.tier} {TIERS[t.tier][0]}"
        start = (t.id, t.item, tier, t.target, t.unit, t.year)
        rest = (r.reason[0], r.reading[0], "、".join(t.lead) or NOT_NAMED, "、".join(t.supporting), t.clause, r.data_date, "；".join(r.sources))
        pen.row(sheet, row, (*start, "", _now(r), _gap(r), *rest))
        sheet.write_string(row, len(start), STATUS_WORDS[r.status][0], marks.get(r.status, pen.text))
        row += 1
    sheet.autofilter(4, 0, row - 1, len(_HEADERS) - 1)
    sheet.print_area(0, 0, row - 1, len(_HEADERS) - 1)


def _page(pen: Pen, name: str, unit: str, results: Sequence[TargetResult], marks: dict[TargetStatus, Any]) -> None:
    sheet = pen.sheet(name, _PAGE_HEADERS, _PAGE_WIDTHS, top=3, fixed=2)
    sheet.write_string(1, 0, clean(f"{unit} · 儿童友好目标督考单"), pen.big)
    sheet.write_string(2, 0, clean(f"牵头 {len(results)} 项：{tally(results)}"), pen.small)
    for row, r in enumerate(results, start=5):
        t = r.target
        asked = f"{t.target}（{t.unit}）" if t.unit and t.unit != "—" else t.target
        cells = (r.reason[0], _some(r.places), _some(r.lacking), t.clause, r.data_date, "")
        pen.row(sheet, row, (t.id, t.item, asked, t.year, "", _now(r), _gap(r), *cells))
        sheet.write_string(row, 4, STATUS_WORDS[r.status][0], marks.get(r.status, pen.text))
    sheet.print_area(0, 0, 4 + len(results), len(_PAGE_HEADERS) - 1)


def _places(pen: Pen, edition: Edition, titles: dict[str, str]) -> None:
    headers = ("目标编号", "事项", "计入", "图层", "编号", "名称")
    sheet = pen.sheet(PLACES, headers, (14, 34, 10, 20, 18, 40))
    row = 2
    for r in edition.targets:
        for word, places in (("计入", r.places), ("还没有", r.lacking)):
            for place in places:
                pen.row(sheet, row, (r.target.id, r.target.item, word, titles.get(place.layer, place.layer), place.id, place.name))
                row += 1
    sheet.autofilter(1, 0, max(row - 1, 2), len(headers) - 1)


def _now(result: TargetResult) -> Any:
    if result.now is not None:
        return result.now if abs(result.now) >= 1 or not result.now else figure(result)
    return None if result.lower is None and result.upper is None else figure(result)


def _gap(result: TargetResult) -> Any:
    if result.status in ("not spatial", "not reported", "cannot tell") or (result.gap is None and result.status == "met"):
        return "" if result.gap is None else result.gap
    return result.gap


def _some(places: Sequence[Any]) -> str:
    if not places:
        return ""
    shown = "、".join(p.name for p in places[:SHOWN_NAMES])
    return f"{len(places)}：{shown}" + ("…" if len(places) > SHOWN_NAMES else "")
