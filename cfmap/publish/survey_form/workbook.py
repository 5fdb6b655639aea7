"""The form as a workbook: a row for every unknown segment or gate, with drop-downs, limits and hidden keys."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from cfmap.coverage.perimeter import CROSSING_M, gate_key
from cfmap.intake import templates
from cfmap.intake.survey_sheet import (
    ASKED,
    BEFORE,
    COURSE,
    DATE,
    DAY,
    GATES,
    GUIDE,
    KEY,
    KNOWN,
    LOOK,
    MAP,
    NUMBER,
    ROW,
    SCHOOL,
    SEGMENTS,
    SIDE,
    STREET,
    headers,
    row_name,
    title,
)
from cfmap.model.survey import ITEM_WORDS
from cfmap.publish.sheets import OPTIONS, clean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cfmap.model import City
    from cfmap.publish.survey_form.questions import Question, Round

HIDDEN = (KEY, SIDE, ROW)
WIDTHS = {SCHOOL: 24, NUMBER: 5, STREET: 22, COURSE: 46, LOOK: 20, DATE: 12, MAP: 9}
ASKED_WIDTH = 11
GUIDE_WIDE = 154  # of the guide, in half-width letters
#: With what the settings say; ``{least}`` metres of clear width, ``{near}`` metres to a crossing.
NOTES = (
    "一行是一段路（工作表“路段”）或一个校门（工作表“校门”）。只列出还不清楚的；写“已知”的灰格子不用填。",
    "按“号”的次序走最省路，号码和打印的小图一致。点“地图”可以看到这一段在哪里（要联网）。",
    "只填黄色的格子，从下拉列表里选。没看清、没去成就空着：空着表示“不知道”，不表示“没有”。",
    "人行道只看“看哪一侧”写的那一侧。净宽量最窄处，{least} 米以上才算走得下；被停车、摊位占得走不了，选“占用”。",
    "限速看路边的限速牌：有牌选“限速”并填牌上的数；整段没有限速牌选“没有限速”。只有“学校”“注意儿童”的标志不算限速。",
    "门口过街看门口这条路，往两头各 {near} 米以内最好的一处。没画线：路口或护栏开口处能过，地上没有斑马线；没有：过不去，也没有口子。",
    "单向车道选了“斑马线”才填：门口这条路往一个方向有几条机动车道，两个方向不一样写多的。",
    "可以筛选、排序（用表头上的箭头）。不要增删列、复制行、改学校、号和隐藏的列。不要写人名、电话。填好后原样保存成 .xlsx 交回来。",
    "交回来以后：cfmap survey import 这个文件。看不懂的行会逐行告诉您，其余的用上。",
)


def workbook(made: Sequence[Round], *, settings: City, note: str, link: Callable[[tuple[float, float]], str], bare: Sequence[str] = ()) -> bytes:
    """
    Make the workbook.

    Parameters
    ----------
    made
        What is asked.
    settings, note
        Of the city, and what must stand on every sheet (演示数据), "" for nothing.
    link
        From longitude and latitude to an address that shows the place.
    bare
        Names of sites that have no road for motor traffic near: nobody need go there.
    """
    import xlsxwriter

    city, numbers = settings.city.name, {"least": f"{settings.safety.clear_width_m:g}", "near": f"{CROSSING_M:g}"}
    notes = [text.format(**numbers) for text in NOTES]
    if bare:
        notes.append(f"周边 {settings.walking.perimeter_m:g} 米内没有机动车道的，不用去看（{len(bare)} 所）：{'、'.join(bare)}。")

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties({"title": f"{city} 学校周边道路现场调查表", "author": "cfmap", "comments": note})
        styles = templates.formats(book) | {
            "asked": book.add_format({"bg_color": "#fff7d6", "border": 1, "border_color": "#d0c48a", "num_format": "@"}),
            "number": book.add_format({"bg_color": "#fff7d6", "border": 1, "border_color": "#d0c48a"}),
            "known": book.add_format({"bg_color": "#eeeeee", "font_color": "#6b6b6b", "border": 1, "border_color": "#d0d0d0"}),
            "told": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
            "link": book.add_format({"font_color": "#0b57d0", "underline": 1, "valign": "top"}),
        }
        for sheet in (SEGMENTS, GATES):
            _sheet(book.add_worksheet(sheet), sheet, [(r, q) for r in made for q in r.of(sheet)], styles, link)
        _guide(book.add_worksheet(GUIDE), styles, heading=f"{city}学校周边道路现场调查表", note=note, notes=notes)
    return buffer.getvalue()


def _sheet(page: Any, sheet: str, rows: Sequence[tuple[Round, Question]], styles: dict[str, Any], link: Callable[[tuple[float, float]], str]) -> None:
    columns = headers(sheet)
    at = {header: i for i, header in enumerate(columns)}
    asked = {title(c.field) for c in ASKED[sheet]}
    page.freeze_panes(1, at[NUMBER] + 1)
    page.set_row(0, 32)
    for header, column in at.items():
        style = styles["date"] if header == DATE else styles["told"] if header in BEFORE[sheet] else None
        page.set_column(column, column, WIDTHS.get(header, ASKED_WIDTH), style, {"hidden": True} if header in HIDDEN else {})
        page.write_string(0, column, header, styles["required" if header in asked else "head"])
    for row, (around, question) in enumerate(rows, start=1):
        said = {
            KEY: gate_key(question.key, question.place) if sheet == GATES else question.key,
            SIDE: question.side,
            ROW: row_name(around.name, question.number),
            SCHOOL: around.name,
            NUMBER: question.number,
        }
        said |= {STREET: question.street, COURSE: question.course, LOOK: question.look}
        shown = [(said[header], WIDTHS[header]) for header in BEFORE[sheet] if header not in HIDDEN]
        page.set_row(row, templates.LINE_HEIGHT * max(-(-templates.cells_wide(text) // (wide - 2)) or 1 for text, wide in shown))
        for header in BEFORE[sheet]:
            page.write_string(row, at[header], clean(said[header]), styles["told"])
        for cell in ASKED[sheet]:
            place = at[title(cell.field)]
            if cell.item in question.items:
                page.write_blank(row, place, None, styles["asked" if cell.part == "value" else "number"])
            else:
                page.write_string(row, place, KNOWN, styles["known"])
        page.write_url(row, at[MAP], link(question.place), styles["link"], "看位置")
    if rows:
        for field in (*(c.field for c in ASKED[sheet]), DAY):  # one for a column: Excel takes no more than 65,534 of them
            page.data_validation(1, at[title(field)], len(rows), at[title(field)], templates.rule(field))
        page.autofilter(0, 0, len(rows), len(columns) - 1)  # hidden keys are sorted with their rows
    page.set_landscape()
    page.set_paper(9)  # A4
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)
    page.set_footer("&L&A&R第 &P 页，共 &N 页")


def _guide(page: Any, styles: dict[str, Any], *, heading: str, note: str, notes: Sequence[str]) -> None:
    page.set_column(0, 0, 20)
    page.set_column(1, 1, 96)
    page.set_column(2, 2, 42)
    page.merge_range(0, 0, 0, 2, f"{heading}　{note}".strip(), styles["title"])
    row = 1
    for text in notes:
        page.merge_range(row, 0, row, 2, clean(text), styles["note"])
        page.set_row(row, templates.LINE_HEIGHT * -(-templates.cells_wide(text) // GUIDE_WIDE) + 3)
        row += 1
    row += 1
    for sheet in (SEGMENTS, GATES):
        for column, text in enumerate((f"{sheet}的列", "怎么看", "可填的值")):
            page.write_string(row, column, text, styles["head"])
        for asked in ASKED[sheet]:
            row += 1
            for column, text in enumerate((title(asked.field), f"{ITEM_WORDS[asked.item][0]}：{asked.field.hint}", templates.allowed(asked.field))):
                page.write_string(row, column, text, styles["note"])
        row += 2
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 1)
