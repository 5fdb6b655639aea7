"""Workbook and report in LibreOffice, and whether all documents say the workbook's numbers."""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
import tempfile
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from validate.result import Result, run

if TYPE_CHECKING:
    from collections.abc import Iterator

OFFICE_HELP = "要用 LibreOffice 打开：apt install libreoffice-calc libreoffice-writer / needs LibreOffice"
OVERVIEW, TITLE, OPEN, UNKNOWN = "总览", "图层", "在用（处）", "状态未知（处）"
UNLOCATED = "无坐标点位"
CATEGORY = "类别"


def documents(version: Path) -> Iterator[Result]:
    """Open workbook and Word report, then compare every document with the workbook, row by row."""
    wanted, listed, reported = counts(version / "indicators.xlsx"), overview(version / "indicators.xlsx"), report_rows(version / "report.docx")
    drawn = on_paper(version / "indicators.xlsx", wanted, not_drawn=events(version / "sites.gpkg"))
    cells = {row[0]: int(row[1].replace(",", "")) for row in reported if row[1].replace(",", "").isdigit()}
    unlike = [f"{title}: {count} ≠ {cells.get(title, '-')}" for title, count in wanted.items() if count and cells.get(title) != count]
    pdfium = f"pypdfium2 {_version('pypdfium2')}"
    yield Result(f"python-docx {_version('python-docx')}", "report.docx", f"{len(wanted)} counts compared with the workbook", tuple(unlike))
    for name in ("report.pdf", "atlas.pdf"):
        if not (version / name).is_file():
            yield Result("pypdfium2", name, missing="这一版没有：电脑上没有中文字体 / not in this version: no Chinese font when it was built")
            continue
        said = text(version / name)
        yield _said(pdfium, name, said, differing(said, drawn) if name == "atlas.pdf" else unwritten(said, reported))
    office = shutil.which("soffice") or shutil.which("libreoffice")
    for name, rows in (("indicators.xlsx", listed), ("report.docx", reported)):
        if office is None:
            yield Result("LibreOffice", name, missing=OFFICE_HELP)
            continue
        with tempfile.TemporaryDirectory() as folder:
            tool = run([office, "--version"]).stdout.strip().rpartition(" ")[0]
            profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
            answer = run([office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, version / name])
            made = Path(folder) / f"{Path(name).stem}.pdf"
            if not made.is_file():
                yield Result(tool, name, wrong=(answer.stderr.strip()[-500:] or "not converted",))
                continue
            said = text(made)
            yield _said(tool, name, said, unwritten(said, rows))


def overview(workbook: Path) -> list[list[str]]:
    """Rows of the workbook's overview as they are shown, to its first empty row."""
    rows = _rows(workbook)
    start = next(number for number, row in enumerate(rows) if row[0] == TITLE)
    return [[f"{c:,}" if isinstance(c, int) else str(c) for c in row if c is not None] for row in takewhile(lambda row: row[0], rows[start + 1 :])]


def report_rows(report: Path) -> list[list[str]]:
    """Rows of the Word report's table of categories."""
    import docx

    table = next(t for t in docx.Document(str(report)).tables if t.rows[0].cells[0].text == CATEGORY)
    return [[cell.text for cell in row.cells] for row in table.rows[1:]]


def _rows(workbook: Path) -> list[tuple[Any, ...]]:
    import openpyxl

    return list(openpyxl.load_workbook(workbook, data_only=True)[OVERVIEW].iter_rows(values_only=True))


def counts(workbook: Path) -> dict[str, int]:
    """Layer's title -> places that stand for it on the map and in the report: open ones; layers some of whose places have no status are left out."""
    rows = iter(_rows(workbook))
    head: tuple[Any, ...] = next(row for row in rows if row and row[0] == TITLE)
    place = {title: number for number, title in enumerate(head)}
    table = (row for row in rows if row[0] and isinstance(row[place[OPEN]], int) and row[place[UNKNOWN]] == 0)
    return {str(row[0]): row[place[OPEN]] for row in table}


def on_paper(workbook: Path, wanted: dict[str, int], *, not_drawn: str) -> dict[str, int]:
    """Of the places of each layer those that the atlas draws: the ones with coordinates; short-lived events stand on no paper."""
    import openpyxl

    book = openpyxl.load_workbook(workbook, data_only=True)
    lost: dict[str, int] = {}
    for title, _, _, _, _, status in book[UNLOCATED].iter_rows(min_row=3, values_only=True) if UNLOCATED in book.sheetnames else ():
        lost[str(title)] = lost.get(str(title), 0) + (status == "在用")
    return {title: count - lost.get(title, 0) for title, count in wanted.items() if title != not_drawn}


def events(package: Path) -> str:
    """Title of the layer of events, empty where there is none."""
    with contextlib.closing(sqlite3.connect(package)) as tables:
        found = tables.execute("SELECT identifier FROM gpkg_contents WHERE table_name = 'events'").fetchone()
    return str(found[0]) if found else ""


def text(pdf: Path) -> str:
    """What a reader can select."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf.read_bytes())
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def differing(said: str, wanted: dict[str, int]) -> list[str]:
    """Layers with places whose title never stands directly before their number."""
    found = []
    for title, count in wanted.items():
        told = {int(n.replace(",", "")) for n in re.findall(rf"{_loose(title)}\s+(\d[\d,]*)(?![\d.])", said)}
        if count and count not in told:
            found.append(f"{title}: {count} ≠ {', '.join(map(str, sorted(told))) or '-'}")
    return found


def unwritten(said: str, rows: list[list[str]]) -> list[str]:
    """Rows whose cells never follow each other; white space means nothing, for cells are wrapped and narrow ones touch."""
    return [" | ".join(row) for row in rows if not re.search("".join(map(_loose, row)), said)] if rows else ["no rows"]


def _loose(cell: str) -> str:
    return "".join(rf"\s*{re.escape(c)}" for c in cell if not c.isspace())


def _said(tool: str, name: str, said: str, wrong: list[str]) -> Result:
    return Result(tool, name, f"{len(said)} characters, rows compared with the workbook's", tuple(wrong))


def _version(package: str) -> str:
    from importlib.metadata import version

    return version(package)
