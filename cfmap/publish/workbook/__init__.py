"""What are the numbers, for people with a spreadsheet? ``indicators.xlsx``."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from cfmap.model.messages import Fault, fault
from cfmap.publish import clock, files, severance_sheet, tables, target_pages
from cfmap.publish.sheets import OPTIONS, Pen
from cfmap.publish.workbook import around, changes, layers, mending, overview, routes, sources, towns, walking_bus
from cfmap.publish.workbook.cells import shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cfmap.model.edition import Edition

NAME = "indicators.xlsx"


def names(edition: Edition) -> tuple[str, ...]:
    """Sheets in order: what is asked for first stands first, long lists of places last."""
    targets = target_pages.names(edition)
    general = (
        overview.YEARS,
        overview.REACH,
        towns.NAME,
        *around.names(edition),
        *mending.names(edition),
        *routes.names(edition),
        *walking_bus.names(edition),
        changes.NAME,
        sources.NAME,
    )
    return (overview.NAME, *targets[:1], *general, *targets[1:], *severance_sheet.names(edition), *layers.names(edition))


def write(edition: Edition, folder: Path) -> list[Path]:
    """
    Write the sheets of :func:`names`: overview, ledger, layers by year, coverage, towns, streets round schools, what to mend there in an internal
    edition, safe routes, walking buses, changes, definitions and sources, the pages about targets, crossings on the way to school in an internal
    edition, and one sheet for each layer.

    Unknown is written as 未知 and never as 0; where a number has only bounds they stand as text ``3–5``. The document's
    properties name no person and its times come from :mod:`cfmap.publish.clock`.
    """
    import xlsxwriter

    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    when = clock.now().replace(tzinfo=None)
    title = f"{edition.city.name} {edition.year} 年儿童友好城市指标"
    book.set_properties({"title": title, "subject": tables.note(edition), "author": "cfmap", "company": "", "comments": tables.note(edition), "created": when})
    pen = Pen(book, tables.note(edition))
    overview.add(pen, edition, title)
    target_pages.add_ledger(pen, edition)
    overview.add_years(pen, edition)
    overview.add_reach(pen, edition)
    towns.add(pen, edition)
    around.add(pen, edition)
    mending.add(pen, edition)
    routes.add(pen, edition)
    walking_bus.add(pen, edition)
    changes.add(pen, edition)
    sources.add(pen, edition)
    target_pages.add_pages(pen, edition)
    severance_sheet.add(pen, edition)
    layers.add(pen, edition)
    book.close()
    return [files.write_bytes(folder / NAME, buffer.getvalue())]


def check(edition: Edition, folder: Path) -> Iterator[Fault]:
    """Open it with another program: sheets, number of definitions, no formula, every number equal."""
    import zipfile

    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(folder / NAME) as parts:
            formulas = [name for name in parts.namelist() if name.startswith("xl/worksheets/") and b"<f>" in parts.read(name)]
        book = CalamineWorkbook.from_path(folder / NAME)
        rows = book.get_sheet_by_name(sources.NAME).to_python()
        ledger = book.get_sheet_by_name(target_pages.LEDGER).to_python() if edition.targets else []
    except (OSError, ValueError, zipfile.BadZipFile, CalamineError) as error:
        yield fault("E601", name=NAME, detail=str(error))
        return
    if formulas:
        yield fault("E601", name=NAME, detail=f"<f>: {formulas}")
    if tuple(book.sheet_names) != names(edition):
        yield fault("E601", name=NAME, detail=f"{book.sheet_names}")
    ids = {row[0]: row[2] for row in rows[2:]}
    for indicator in edition.indicators:
        told = ids.get(indicator.id)
        if told != (shown(indicator) if indicator.value is None else indicator.value):
            yield fault("E601", name=NAME, detail=f"{indicator.id}: {told!r} ≠ {indicator.value!r}")
    if [row[0] for row in ledger[5:]] != [r.target.id for r in edition.targets]:
        yield fault("E601", name=NAME, detail=f"{target_pages.LEDGER}: {len(ledger)}")
