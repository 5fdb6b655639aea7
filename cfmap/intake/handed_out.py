"""What was handed out to a department for a year: kept beside its workbook, so that what comes back can be compared with it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from cfmap.model.errors import InputError
from cfmap.model.messages import fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STABLE = "稳定编号"  # header of the hidden column that carries a site's id from year to year
SITUATION = "本年情况"  # header of the column that says what became of a row
KEPT, CHANGED, WITHDRAWN, NEW = SITUATIONS = ("保留", "变更", "撤销", "新增")
SYSTEM = "坐标系"  # header of the column that names a row's datum
GUIDE_SHEET = "填写说明"
DONE_LABEL, DONE = "全部核对完了吗？", "已核对"  # on the guide's sheet: one cell for a department with nothing to change
FOLDER = "发放底稿"  # beside the workbooks; read by the program alone


@dataclass(frozen=True)
class Given:
    """
    One sheet as it was handed out.

    Attributes
    ----------
    department, layer, year
        Whose, key of which layer, for which edition.
    file, sheet
        Path of the workbook from the project's folder, and the sheet.
    datum
        Of rows that name none.
    headers
        As written, the three of the program included.
    rows
        Stable id -> cells as text, as long as `headers`.
    used
        Ids of the layer that belong to a site, or once did.
    """

    department: str
    layer: str
    year: int
    file: str
    sheet: str
    datum: str
    headers: tuple[str, ...]
    rows: dict[str, tuple[str, ...]]
    used: tuple[str, ...] = ()

    def cell(self, stable: str, header: str) -> str:
        """A cell as it was handed out; "" when there is no such row or column."""
        row = self.rows.get(stable, ())
        return row[self.headers.index(header)] if row and header in self.headers else ""


def record_path(workbook: Path) -> Path:
    """Where the record of a workbook is kept."""
    return workbook.parent / FOLDER / f"{workbook.stem}.json"


def text_of(pages: list[Given]) -> str:
    """The record of one workbook, one line for each row, so that two years can be compared by eye."""
    lines = ",\n".join(json.dumps(asdict(replace(p, rows={})) | {"rows": list(p.rows.items())}, ensure_ascii=False).replace('], ["', '],\n["') for p in pages)
    return f"[\n{lines}\n]\n"


def of_workbook(workbook: Path, file: str) -> dict[str, Given]:
    """
    Sheets of a workbook as they were handed out, by name; none when it was not handed out by this program.

    Raises
    ------
    InputError
        E283: there is a record and it cannot be understood.
    """
    path = record_path(workbook)
    if not path.is_file():
        return {}
    try:
        return {page.sheet: page for page in map(_page, json.loads(path.read_text(encoding="utf-8")))}
    except (ValueError, TypeError, KeyError, OSError):
        raise InputError(fault("E283", file=file, record=f"{FOLDER}/{path.name}")) from None


def of_year(folder: Path) -> Iterator[Given]:
    """Every sheet handed out into a folder, department by department."""
    for path in sorted((folder / FOLDER).glob("*.json")):
        yield from of_workbook(folder / f"{path.stem}.xlsx", path.name).values()


def _page(record: dict[str, Any]) -> Given:
    rows = {str(stable): tuple(map(str, cells)) for stable, cells in record["rows"]}
    return Given(**{**record, "rows": rows, "headers": tuple(record["headers"]), "used": tuple(record["used"])})
