"""Which rows under a header are no sites: totals, notes, examples, units, numbers of the columns, the header again."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

from cfmap.intake.cells import is_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TOTAL = re.compile(r"^(合计|总计|小计|共计|累计|本页小计|汇总|total|subtotal)($|[:：（(\s\d].*$)", re.IGNORECASE)
_SUM_OF = re.compile(r"^.{1,10}(合计|总计|小计)[:：]?(约?\d+(\.\d+)?(所|个|家|处|座|条|人|张)?)?$")  # 东街道小计, 全市合计 6 所
_NOTE = re.compile(
    r"^[\s*※（(]*(注|备注|说明|填表|制表|审核|审批|填报|统计人|以下空白|以下无|数据来源|资料来源|联系方式|联系电话|联系人|负责人|单位负责人|note)",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"^[（(【\[]?\s*(填写|填表|填报)?(示例|样例|范例|举例|例子|例)(行|数据|\d{1,2})?\s*([）)】\]:：\-—].*)?$", re.DOTALL)
_FEW_CELLS = 3  # a row with as many is a site again, and ends the notes
_HEAD_CELLS = 3  # where a row says what it is
_DITTO = {"同上", "同前", "〃", "″", "''", '"', "ditto"}
_BARE_UNITS = {"度", "°", "年", "-", "—", "/"}


def rows_left_out(cells: Sequence[Sequence[str]], body: Iterable[int], *, header: Sequence[str], first: int) -> list[int]:
    """
    Positions of rows that are no sites.

    Parameters
    ----------
    cells
        The whole sheet.
    body
        Positions of the rows under the header.
    header
        Cells of the header's last row; a row that repeats it is no site.
    first
        Position of the first row under the header; only there the columns may be numbered.
    """
    body = list(body)
    out = [r for r in body if _same(cells[r], header) or is_total(cells[r]) or is_example(cells[r]) or (r == first and is_numbering(cells[r]))]
    notes = [r for r in body if is_note(cells[r])]
    last_site = max((r for r in body if r not in out and r not in notes and sum(map(bool, cells[r])) >= _FEW_CELLS), default=-1)
    under = [r for r in body if notes and r > last_site and r >= min((n for n in notes if n > last_site), default=len(cells))]
    return sorted({*out, *(r for r in notes), *(r for r in under if any(cells[r]))})


def _same(row: Sequence[str], header: Sequence[str]) -> bool:
    filled = [c for c in row if c]
    return bool(filled) and filled == [c for c in header if c]


def is_total(row: Sequence[str]) -> bool:
    """Whether a row adds up others."""
    first = [unicodedata.normalize("NFKC", c).replace(" ", "") for c in row if c][:_HEAD_CELLS]
    return any(_TOTAL.match(c) for c in first[:2]) or any(_SUM_OF.match(c) or re.fullmatch("合计|小计|总计", c) for c in first)


def is_note(row: Sequence[str]) -> bool:
    """Whether everything in a row is a remark, or who filled in the table."""
    filled = {c for c in row if c}
    return 0 < len(filled) <= _FEW_CELLS and all(_NOTE.match(c) for c in filled)


def is_example(row: Sequence[str]) -> bool:
    """Whether a row only shows how to fill in the table."""
    return any(_EXAMPLE.match(c) for c in [c for c in row if c][:_HEAD_CELLS])


def is_numbering(row: Sequence[str]) -> bool:
    """Whether a row numbers the columns: 1, 2, 3 … or A, B, C …"""
    filled = [c.strip("（）()栏列") for c in row if c]
    return len(filled) > _FEW_CELLS and filled in ([str(n) for n in range(1, len(filled) + 1)], [chr(65 + n) for n in range(min(26, len(filled)))])


def is_units(row: Sequence[str]) -> bool:
    """Whether a row holds the units of the columns above it and nothing else."""
    filled = [c.strip("（）()") for c in row if c]
    return bool(filled) and all(c in _BARE_UNITS or is_unit(c) for c in filled) and any(is_unit(c) for c in filled)


def without_ditto(cells: list[list[str]], kept: Sequence[int]) -> list[int]:
    """Put the value from the row above where a cell says 同上 or 〃; returns the rows where that was done."""
    told = []
    for above, row in pairwise(kept):
        for column, text in enumerate(cells[row]):
            if text in _DITTO and column < len(cells[above]) and cells[above][column]:
                cells[row][column] = cells[above][column]
                told.append(row)
    return list(dict.fromkeys(told))
