"""Which sheets of the workbook answer for the targets: the ledger, a page for every lead unit to be asked by, the places counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.indicators.targets import figure, number, summary
from cfmap.model.target import NOT_NAMED, STATUS_WORDS, TIERS, TRANSLATED, Place, Target, TargetResult, TargetStatus
from cfmap.publish.sheets import Pen, clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cfmap.model.edition import Edition

LEDGER, PLACES, BEFORE = "目标台账", "目标计入的点位", "督考·"
#: What is asked about first stands first on a unit's page.
URGENT: tuple[TargetStatus, ...] = ("short", "cannot tell", "not reported", "reported, unchecked", "met", "expired", "not spatial")
SHOWN_NAMES = 4  # names of places in a cell; all of them stand on their own sheet
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
    "目标",
    "单位",
    "年份",
    "状态",
    "现状",
    "差多少",
    "为什么",
    "牵头单位",
    "依据",
    "类别",
    "怎么算、怎么读",
    "配合单位",
    "数据日期",
    "来源",
    f"Item ({TRANSLATED[1]})",
)
_WIDTHS = (12, 26, 15, 13, 12, 12, 13, 10, 42, 18, 11, 12, 90, 40, 12, 40, 60)
_PRINTED = 11  # columns of the ledger that go on paper
_PAGE_HEADERS = ("编号", "事项", "目标", "年份", "状态", "现状", "差多少", "为什么", "哪几处", "依据", "数据日期", "单位答复")
_PAGE_WIDTHS = (12, 22, 18, 10, 12, 12, 10, 34, 36, 9, 12, 16)


def names(edition: Edition) -> tuple[str, ...]:
    """Names of the sheets about targets, the ledger first; none without targets."""
    if not edition.targets:
        return ()
    taken = [LEDGER]
    for unit in by_lead(r.target for r in edition.targets):
        taken.append(sheet_name(unit, taken, before=BEFORE))
    return (*taken, PLACES)


def add_ledger(pen: Pen, edition: Edition) -> None:
    """Add 目标台账, every row of every ledger; nothing without targets. Unknown is 未知, never 0."""
    if edition.targets:
        _ledger(pen, edition, _marks(pen))


def add_pages(pen: Pen, edition: Edition) -> None:
    """
    Add the other sheets about targets; none without targets.

    Each 督考 page has the rows of one lead unit, those to be asked about first; a target with several lead
    units stands on each one's page. Last the places that are counted.
    """
    if not edition.targets:
        return
    sheets, marks = names(edition), _marks(pen)
    titles = {key: data.layer.title for key, data in edition.layers.items()} | _KINDS
    units = by_lead(r.target for r in edition.targets)
    found = {r.target.id: r for r in edition.targets}
    for name, (unit, targets) in zip(sheets[1:-1], units.items(), strict=True):
        _page(pen, name, unit, sorted((found[t.id] for t in targets), key=lambda r: URGENT.index(r.status)), marks)
    _places(pen, edition, titles)


def _marks(pen: Pen) -> dict[TargetStatus, Any]:
    return {status: pen.book.add_format({"bg_color": colour, "border": 1, "border_color": "#D0D0D0", "valign": "top"}) for status, colour in _COLOURS.items()}


def by_lead(targets: Iterable[Target]) -> dict[str, list[Target]]:
    """Lead unit -> its targets, in the ledger's order; a target with several lead units stands under each, one with none under 文件未列明."""
    units: dict[str, list[Target]] = {}
    for target in targets:
        for unit in target.lead or (NOT_NAMED,):
            units.setdefault(unit, []).append(target)
    return {unit: units[unit] for unit in sorted(units, key=lambda u: (u == NOT_NAMED, -len(units[u]), u))}


def sheet_name(unit: str, taken: Iterable[str], *, before: str = "") -> str:
    """Name of a unit's sheet: allowed characters, at most 31, unique among `taken`."""
    wanted = clean(before + unit).translate(_FULL_WIDTH)[:LONGEST_NAME]
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
    sheet.set_row(1, 24)
    plans = "；".join(dict.fromkeys(f"{r.plan.title}（{r.plan.document}）" for r in edition.targets))
    borrowed = "（演示：借用这份公开文件的目标，现状全是演示数据）" if edition.city.city.demo else ""
    sheet.write_string(1, 0, clean(f"{plans}{borrowed}"), pen.big)
    counts = summary(edition.targets)
    parts = [f"{tier} {TIERS[tier][0]} {n['all']} 项，算出 {n['computed']} 项" for tier, n in counts.items() if tier in TIERS]
    sheet.write_string(2, 0, clean(f"共 {len(edition.targets)} 项：{tally(edition.targets)}。{'；'.join(parts)}"), pen.small)
    row = 5
    for r in edition.targets:
        t = r.target
        start = (t.id, t.item, t.target, t.unit, t.year)
        rest = (r.reason[0], "、".join(t.lead) or NOT_NAMED, t.clause, f"{t.tier} {TIERS[t.tier][0]}")
        cells = (*start, "", _now(r), _gap(r), *rest, r.reading[0], "、".join(t.supporting), r.data_date, "；".join(r.sources), t.item_en)
        pen.row(sheet, row, cells, _WIDTHS[:_PRINTED])
        sheet.write_string(row, len(start), STATUS_WORDS[r.status][0], marks.get(r.status, pen.text))
        row += 1
    sheet.autofilter(4, 0, row - 1, len(_HEADERS) - 1)
    sheet.print_area(0, 0, row - 1, _PRINTED - 1)


def _page(pen: Pen, name: str, unit: str, results: Sequence[TargetResult], marks: dict[TargetStatus, Any]) -> None:
    sheet = pen.sheet(name, _PAGE_HEADERS, _PAGE_WIDTHS, top=3, fixed=2)
    sheet.set_row(1, 24)
    sheet.write_string(1, 0, clean(f"{unit} · 儿童友好目标督考单"), pen.big)
    sheet.write_string(2, 0, clean(f"牵头 {len(results)} 项：{tally(results)}"), pen.small)
    for row, r in enumerate(results, start=5):
        t = r.target
        asked = f"{t.target}（{t.unit}）" if t.unit and t.unit != "—" else t.target
        where = "；".join(part for part in (_some("还没有", r.lacking), _some("说不清", r.unsure), _some("计入", r.places)) if part)
        now, gap = (number(v) if isinstance(v, float) else v for v in (_now(r), _gap(r)))
        pen.row(sheet, row, (t.id, t.item, asked, t.year, "", now, gap, r.reason[0], where, t.clause, r.data_date, ""), _PAGE_WIDTHS)
        sheet.write_string(row, 4, STATUS_WORDS[r.status][0], marks.get(r.status, pen.text))
    sheet.print_area(0, 0, 4 + len(results), len(_PAGE_HEADERS) - 1)


def _places(pen: Pen, edition: Edition, titles: dict[str, str]) -> None:
    headers = ("目标编号", "事项", "计入", "图层", "编号", "名称")
    sheet = pen.sheet(PLACES, headers, (14, 34, 10, 20, 18, 40))
    row = 2
    for r in edition.targets:
        for word, places in (("计入", r.places), ("还没有", r.lacking), ("说不清", r.unsure)):
            for place in places:
                pen.row(sheet, row, (r.target.id, r.target.item, word, titles.get(place.layer, place.layer), place.id, place.name))
                row += 1
    sheet.autofilter(1, 0, max(row - 1, 2), len(headers) - 1)
    sheet.print_area(0, 0, max(row - 1, 2), len(headers) - 1)


def _now(result: TargetResult) -> float | str | None:
    """What stands under 现状: a number, bounds or words as text, None for 未知."""
    if result.now is not None:
        return float(result.now) if abs(result.now) >= 1 or not result.now else figure(result)
    if result.reported is not None and result.reported.text:
        return result.reported.text
    return None if result.lower is None and result.upper is None else figure(result)


def _gap(result: TargetResult) -> float | str:
    """What stands under 差多少: a number, ≥ the least it can be, or nothing where it is met or cannot be said."""
    if result.gap is not None:
        return float(result.gap) if result.gap else ""
    if result.status == "short" and result.goal is not None and result.upper is not None:
        return f"≥{number(result.goal - result.upper)}"
    return ""


def _some(word: str, places: Sequence[Place]) -> str:
    if not places:
        return ""
    shown = "、".join(p.name for p in places[:SHOWN_NAMES])
    return f"{word} {len(places)}：{shown}" + ("…" if len(places) > SHOWN_NAMES else "")
