"""Which numbers has a city whose districts publish editions of their own? ``indicators.json`` and ``indicators.xlsx`` of the whole."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from cfmap.indicators.roll_up import roll_up
from cfmap.model.errors import ConfigError
from cfmap.model.messages import fault
from cfmap.publish import clock, figures, files, json_file, manifest, snapshot
from cfmap.publish.diff_text import figure
from cfmap.publish.sheets import OPTIONS, Pen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

BOOK = "indicators.xlsx"
INTERNAL = "内部资料，不得公开"
FEWEST = 2


def write(folders: Sequence[Path], out: Path, *, city: str) -> tuple[list[Path], list[dict[str, Any]]]:
    """
    Roll the published editions of districts up to their city.

    Parameters
    ----------
    folders
        Of editions (``output/2024-internal``), one for each district, all of one year.
    out
        A new folder for both files.
    city
        What the whole is called.

    Returns
    -------
    paths, figures
        What was written. It is marked as internal as soon as one of the editions is, and as demo data.

    Raises
    ------
    ConfigError
        E145 nothing is published in a folder; E148 fewer than two, two of one name, or of different years.
    SelfCheckError
        E604: a file is not the one that was published.
    """
    read = [snapshot.of(folder) for folder in folders]
    names = [str(edition.about["city"]) for _, edition in read]
    years = {s.name for s, _ in read}
    if len(read) < FEWEST or len(set(names)) < len(names) or len(years) > 1:
        told = "、".join(f"{name} {s.name}" for name, (s, _) in zip(names, read, strict=True))
        raise ConfigError(fault("E148", found=told))
    found = roll_up({name: s.figures for name, (s, _) in zip(names, read, strict=True)})
    year = years.pop()
    marks = dict.fromkeys([*(str(e.about.get("note") or "") for _, e in read), f"{city} {year} 年，由 {len(names)} 个区县合成"])
    note = " · ".join([*(m for m in marks if m), *([] if all(e.public for _, e in read) else [INTERNAL])])
    content = {"edition": int(year), "generated_by": f"cfmap {manifest.tool_version()}", "city": city, "note": note, "districts": names, "indicators": found}
    with files.explained(out, needed=lambda: 0):
        out.mkdir(parents=True, exist_ok=True)
        made = [*json_file.write(out / figures.NAME, content), files.write_bytes(out / BOOK, _book(found, names, city=city, note=note))]
    return made, found


def _book(found: Sequence[Mapping[str, Any]], names: Sequence[str], *, city: str, note: str) -> bytes:
    import xlsxwriter

    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    book.set_properties({"title": city, "subject": note, "author": "cfmap", "company": "", "comments": note, "created": clock.now().replace(tzinfo=None)})
    pen = Pen(book, note)
    widths = (54, 10, 14, *([14] * len(names)), 60)
    sheet = pen.sheet("各区县", ("指标", "单位", city, *names, "怎么合成"), widths)
    row = 1
    for row, f in enumerate(found, start=2):
        whole = f["value"] if f["value"] is not None or (f["lower"] is None and f["upper"] is None) else figure(None, (f["lower"], f["upper"]), 0)
        pen.row(sheet, row, (f["title"], f["unit"], whole, *f["by_district"].values(), f["definition"].partition("；各区县的口径")[0]), widths)
    pen.shares(sheet, [(r, 2, r, 2 + len(names)) for r, f in enumerate(found, start=2) if f["unit"] == "%"])
    sheet.autofilter(1, 0, max(row, 2), len(widths) - 1)
    sheet.print_area(0, 0, max(row, 2), len(widths) - 1)
    book.close()
    return buffer.getvalue()
