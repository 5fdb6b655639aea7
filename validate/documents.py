"""Workbook and report in LibreOffice, and whether all documents say the workbook's numbers."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from validate.result import Result, run

if TYPE_CHECKING:
    from collections.abc import Iterator

OFFICE_HELP = "要用 LibreOffice 打开：apt install libreoffice-calc libreoffice-writer / needs LibreOffice"
OVERVIEW, TITLE, OPEN, UNKNOWN = "总览", "图层", "在用（处）", "状态未知（处）"


def documents(version: Path) -> Iterator[Result]:
    """Open workbook and Word report, then compare the texts of every PDF with the workbook."""
    wanted = counts(version / "indicators.xlsx")
    for name in ("report.pdf", "atlas.pdf"):
        if (version / name).is_file():
            yield _compared("pypdfium2 " + _pdfium(), name, text(version / name), wanted, zero=name != "atlas.pdf")
        else:
            yield Result("pypdfium2", name, missing="这一版没有：电脑上没有中文字体 / not in this version: no Chinese font when it was built")
    office = shutil.which("soffice") or shutil.which("libreoffice")
    for name in ("indicators.xlsx", "report.docx"):
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
            yield _compared(tool, name, text(made), wanted, zero=True)


def counts(workbook: Path) -> dict[str, int]:
    """Layer's title -> places that stand for it on the map and in the report: open ones; layers some of whose places have no status are left out."""
    import openpyxl

    rows = openpyxl.load_workbook(workbook, data_only=True)[OVERVIEW].iter_rows(values_only=True)
    head: tuple[Any, ...] = next(row for row in rows if row and row[0] == TITLE)
    place = {title: number for number, title in enumerate(head)}
    table = (row for row in rows if row[0] and isinstance(row[place[OPEN]], int) and row[place[UNKNOWN]] == 0)
    return {str(row[0]): row[place[OPEN]] for row in table}


def text(pdf: Path) -> str:
    """What a reader can select."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf.read_bytes())
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def differing(said: str, wanted: dict[str, int], *, zero: bool) -> list[str]:
    """Layers whose title never stands directly before their number; `zero` = those with none must be named too."""
    found = []
    for title, count in wanted.items():
        name = r"\s*".join(re.escape(c) for c in title if not c.isspace())
        told = {int(n.replace(",", "")) for n in re.findall(rf"{name}\s+(\d[\d,]*)(?![\d.])", said)}
        if count and count not in told:
            found.append(f"{title}: {count} ≠ {', '.join(map(str, sorted(told))) or '-'}")
        elif zero and not re.search(name, said):
            found.append(f"{title}: not named")
    return found


def _compared(tool: str, name: str, said: str, wanted: dict[str, int], *, zero: bool) -> Result:
    wrong = differing(said, wanted, zero=zero) if wanted else ["the workbook has no counts"]
    return Result(tool, name, f"{len(said)} characters, {sum(1 for c in wanted.values() if c)} counts compared with the workbook", tuple(wrong))


def _pdfium() -> str:
    from importlib.metadata import version

    return version("pypdfium2")
