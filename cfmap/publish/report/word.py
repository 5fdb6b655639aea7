"""How is the report set as a Word document, in the bureau's own template where it has one?"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from cfmap.publish import clock
from cfmap.publish.hosting import zipped
from cfmap.publish.report.blocks import Bars, Heading, Picture, Table, Text, TownMaps
from cfmap.publish.report.printed import bar_text, png

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.publish.report.blocks import Block, Report

HERE = "【正文】"  # a paragraph of the template that holds this alone is where the report goes
BODY, HEAD, TITLE = "仿宋", "黑体", "方正小标宋简体"  # as official documents are set; Word takes another where one is missing
BODY_PT, TABLE_PT = 14, 9
WIDTH_MM = 156.0


def docx(report: Report, *, font: str | None, template: Path | None = None) -> bytes:
    """
    The report as ``.docx``.

    Parameters
    ----------
    font
        For the pictures; None leaves them out, their numbers stand in the tables.
    template
        The bureau's document: its styles, headers and cover stay, the report stands where a paragraph says 【正文】, at the end without one.

    Returns
    -------
    document
        The same bytes for the same report (times from :mod:`cfmap.publish.clock`).
    """
    import docx as word

    document = word.Document(str(template)) if template is not None else word.Document()
    place = next((p for p in document.paragraphs if p.text.strip() == HERE), None)
    before = len(document.element.body)
    if template is None:
        _page(document, report)
        _cover(document, report)
    number = {"表": 0, "图": 0}
    for block in report.blocks:
        _add(document, block, number, font)
    if place is not None:
        added = list(document.element.body)[before - 1 : -1]  # the section's own element stays last
        for element in added:
            place._p.addprevious(element)  # noqa: SLF001 - python-docx has no door for moving
        place._p.getparent().remove(place._p)  # noqa: SLF001
    _properties(document, report)
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as parts:
        return zipped({name: parts.read(name) for name in parts.namelist()})


def rows(table: Any) -> list[tuple[str, ...]]:
    """Texts of a table of a document, row by row."""
    cells, width = table._cells, len(table.columns)  # noqa: SLF001 - asking cell by cell takes the square of the time
    return [tuple(cell.text for cell in cells[i : i + width]) for i in range(0, len(cells), width)]


def _page(document: Any, report: Report) -> None:
    from docx.shared import Mm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = Mm(28), Mm(26), Mm(37), Mm(35)
    footer = section.footer.paragraphs[0]
    _run(footer, report.note, BODY, 8)
    for name, face, size in (("Normal", BODY, BODY_PT), ("Heading 1", HEAD, 16), ("Heading 2", HEAD, 14)):
        style = document.styles[name]
        style.font.size = Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        _face(style.element.get_or_add_rPr(), face)


def _cover(document: Any, report: Report) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK

    who, when = (report.producer, BODY, 16), (f"数据截至 {report.date}", BODY, 14)
    for text, face, size in (("", BODY, 60), (report.title, TITLE, 24), (report.mark, HEAD, 16), ("", BODY, 120), who, when):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, text, face, size)
    document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)


def _add(document: Any, block: Block, number: dict[str, int], font: str | None) -> None:
    match block:
        case Heading(text, level):
            document.add_heading(text, level=level)
        case Text(text):
            from docx.shared import Pt

            paragraph = document.add_paragraph()
            paragraph.paragraph_format.first_line_indent = Pt(2 * BODY_PT)
            _run(paragraph, text, BODY, BODY_PT)
        case Table():
            _caption(document, "表", number, block.title)
            _table(document, block)
        case Bars() | Picture() | TownMaps():
            if font is not None:
                _picture(document, png(block, font=font))
            elif isinstance(block, Bars):
                for bar in block.bars:
                    _run(document.add_paragraph(), f"{bar.label}：{bar_text(bar.value, bar.lower, bar.upper)}", BODY, TABLE_PT)
            else:
                return
            _caption(document, "图", number, block.title)


def _caption(document: Any, kind: str, number: dict[str, int], title: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    number[kind] += 1
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = kind == "表"
    _run(paragraph, f"{kind} {number[kind]}　{title}", HEAD, 10.5)


def _table(document: Any, block: Table) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Mm

    table = document.add_table(rows=1, cols=len(block.headers))
    if "Table Grid" in [s.name for s in document.styles]:
        table.style = "Table Grid"
    table.autofit = False
    whole = sum(block.widths)
    widths = [Mm(WIDTH_MM * w / whole) for w in block.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    rows = [block.headers, *block.rows]
    for _ in block.rows:
        table.add_row()
    cells = table._cells  # noqa: SLF001 - asking cell by cell takes the square of the time
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            cell = cells[r * len(block.headers) + c]
            cell.width = widths[c]
            _run(cell.paragraphs[0], text, HEAD if r == 0 else BODY, TABLE_PT)
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)  # noqa: SLF001 - headers on every page


def _picture(document: Any, data: bytes) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run().add_picture(io.BytesIO(data), width=Mm(WIDTH_MM))


def _run(paragraph: Any, text: str, face: str, size: float) -> None:
    from docx.shared import Pt

    run = paragraph.add_run("".join(c for c in text if c >= " " or c in "\t\n"))
    run.font.size = Pt(size)
    _face(run._r.get_or_add_rPr(), face)  # noqa: SLF001 - east Asian faces have no door


def _face(properties: Any, face: str) -> None:
    """Set the face for Chinese too: without w:eastAsia Word takes a Japanese one."""
    from docx.oxml.ns import qn

    fonts = properties.get_or_add_rFonts()
    for which in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(which), face)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _properties(document: Any, report: Report) -> None:
    properties, when = document.core_properties, clock.now().replace(tzinfo=None)
    properties.title, properties.subject, properties.author, properties.comments = report.title, report.note, "cfmap", report.note
    properties.last_modified_by, properties.created, properties.modified, properties.revision = "cfmap", when, when, 1
