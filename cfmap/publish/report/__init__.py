"""The annual report: ``report.docx`` to go on writing in, ``report.pdf`` to send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.model.messages import Fault, fault
from cfmap.publish import files
from cfmap.publish.atlas import fonts
from cfmap.publish.report import printed, word
from cfmap.publish.report.blocks import Heading, Table
from cfmap.publish.report.content import report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cfmap.model.edition import Edition

DOCX, PDF = "report.docx", "report.pdf"


def write(edition: Edition, folder: Path) -> list[Path]:
    """
    Write both; the PDF only where this computer has a Chinese font (:func:`check` says so otherwise).

    ``publish.report_template`` names the bureau's own ``.docx``.
    """
    font, made = fonts.family(), report(edition)
    chosen = edition.city.publish.report_template
    template = edition.city.path(chosen, year=edition.year) if chosen else None
    written = [files.write_bytes(folder / DOCX, word.docx(made, font=font, template=template))]
    if font is not None:
        written.append(files.write_bytes(folder / PDF, printed.pdf(made, font=font)))
    return written


def check(edition: Edition, folder: Path) -> Iterator[Fault]:
    """Read both back: every heading is there, and every number of every table."""
    import docx
    import pypdfium2

    made = report(edition)
    wanted = [b.text for b in made.blocks if isinstance(b, Heading)]
    rows = [row for b in made.blocks if isinstance(b, Table) for row in (b.headers, *b.rows)]
    try:
        document = docx.Document(str(folder / DOCX))
        said = [p.text for p in document.paragraphs]
        told = [row for table in document.tables for row in word.rows(table)]
    except Exception as error:  # noqa: BLE001 - whatever the library says about a broken file
        yield fault("E601", name=DOCX, detail=str(error))
        return
    if lost := [h for h in wanted if h not in said]:
        yield fault("E601", name=DOCX, detail="、".join(lost))
    if [tuple(map(_plain, r)) for r in told[-len(rows) :]] != [tuple(map(_plain, r)) for r in rows]:
        yield fault("E601", name=DOCX, detail="表 ≠")
    if not (folder / PDF).is_file():
        yield fault("W605", name=PDF, known="、".join(fonts.FAMILIES[:4]))
        return
    try:
        text = _plain("".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument((folder / PDF).read_bytes())))
    except pypdfium2.PdfiumError as error:
        yield fault("E601", name=PDF, detail=str(error))
        return
    if lost := [h for h in wanted if _plain(h) not in text]:
        yield fault("E601", name=PDF, detail="、".join(lost))


def _plain(text: str) -> str:
    return "".join(c for c in text if c > " ")
