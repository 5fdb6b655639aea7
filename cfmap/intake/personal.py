"""Is there personal data in this table: a gate that nothing passes, before any cell is taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.intake.headers import find, mapped, normal, words_of
from cfmap.model import personal
from cfmap.model.errors import SafetyRefusal
from cfmap.model.messages import Fault, fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cfmap.intake.table import RawTable
    from cfmap.model.layer import Field
    from cfmap.model.personal import Kind


def refuse_personal_data(table: RawTable, fields: Iterable[Field], columns: Mapping[str, str] | None = None, *, sites: bool = True) -> tuple[Fault, ...]:
    """
    Let a table pass only when nothing in it names a child, a guardian or an identity number.

    A header that a declared field owns (such as 公开电话) passes, unless it names one of these. Of what else looks personal in a
    cell, an unknown column is left out (unknown columns are never taken in), and a public column keeps the cell for the house.

    Parameters
    ----------
    table
        As read.
    fields
        Fields that the table can hold.
    columns
        A source's own headers, by field.
    sites
        Whether ``name`` is that of a place; a list whose places are called like persons is then refused.

    Returns
    -------
    faults
        W503 for every unknown column left out, W504 for every cell that the public edition will not show.

    Raises
    ------
    SafetyRefusal
        E503 for every such column; values are never repeated in the message.
    """
    given = columns or {}
    owner = {i: f for f in fields for i in (mapped(table, given[f.key]) if f.key in given else find(table.headers, words_of(f)))}
    refused, told = [], []
    for position, header in enumerate(table.headers):
        field = owner.get(position)
        if personal.is_personal_header(normal(header), declared=field is not None):
            refused.append(_at(table, "E503", position, why="列名说明这是个人信息", why_en="its header names personal data"))
            continue
        is_name = sites and field is not None and field.key == "name"
        found = personal.in_column([cells[position] for cells in table.rows], header=normal(header), names=is_name or field is None)
        if not found:
            continue
        worst = next((row for row, kinds in found.items() if "resident_id" in kinds), None)
        if worst is not None:
            refused.append(_at(table, "E503", position, worst, **_words(("resident_id",), "单元格里有{}", "a cell holds {}")))
        elif is_name and any("person" in kinds for kinds in found.values()):
            row = next(iter(found))
            refused.append(_at(table, "E503", position, row, why="名称这一列几乎都是人名", why_en="nearly all names in this column are persons' names"))
        elif field is None:
            kinds = tuple(dict.fromkeys(k for kinds in found.values() for k in kinds))
            told.append(_at(table, "W503", position, next(iter(found)), count=len(found), **_words(kinds, "{}", "{}")))
        elif field.public:
            told += [
                _at(table, "W504", position, row, **_words(kinds, "单元格里有{}", "the cell holds {}"))
                for row, cells in enumerate(table.rows)
                if (kinds := personal.in_public_cell(cells[position], field.key))
            ]
    if refused:
        raise SafetyRefusal([*refused, *told])
    return tuple(told)


def _words(kinds: tuple[Kind, ...], zh: str, en: str) -> dict[str, str]:
    return {"why": zh.format("、".join(personal.TITLES[k][0] for k in kinds)), "why_en": en.format(", ".join(personal.TITLES[k][1] for k in kinds))}


def _at(table: RawTable, code: str, position: int, row: int | None = None, **facts: object) -> Fault:
    column = table.columns[position]
    number = None if row is None else table.numbers[row]
    return fault(code, file=table.file, sheet=table.sheet, row=number, column=column.name, letter=column.letter or None, **facts)
