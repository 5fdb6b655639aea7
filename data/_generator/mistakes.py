"""Which honest mistakes do clerks make? A few per year, each written down, all below the share that stops a build."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from .offices import Sheet

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Mistake:
    """A planted mistake: where it stands, what it is, and the message that must name it (empty = none is due)."""

    year: int
    file: str
    sheet: str
    row: int | None
    column: str
    kind: str
    code: str

    def as_dict(self) -> dict[str, Any]:
        """For the truth table."""
        return asdict(self)


def plant(sheet: Sheet, frame: pd.DataFrame, *, year: int, last_year: int, first_row: int, axes: tuple[str, str]) -> tuple[pd.DataFrame, list[Mistake]]:
    """
    Put this sheet's mistakes into its table.

    Parameters
    ----------
    frame
        Cells as they will be written.
    first_row
        Number that Excel shows for the first data row.
    axes
        Headers of the two coordinates.
    """
    found: list[Mistake] = []
    where = {"year": year, "file": f"data/{year}/{sheet.file}", "sheet": sheet.sheet}
    frame = frame.astype(object)

    def note(position: int | None, column: str, kind: str, code: str) -> None:
        found.append(Mistake(**where, row=None if position is None else first_row + position, column=column, kind=kind, code=code))

    if sheet.title:
        note(None, "", "title rows above the header", "I202")
    if sheet.merged:
        note(None, sheet.headers["town"], "merged cells", "I203")
    if sheet.total:
        note(len(frame), "", "a row of totals", "I204")
    if year != last_year or len(frame) < 12:
        return frame, found
    x, y = axes
    if sheet.layer == "kindergartens":
        k = len(frame) // 3
        frame.loc[k, [x, y]] = [frame.loc[k, y], frame.loc[k, x]]
        note(k, x, "longitude and latitude swapped", "E203")
    elif sheet.layer == "childcare":
        k, closed = len(frame) // 4, len(frame) // 2
        frame.loc[k, [x, y]] = None
        note(k, x, "no coordinates", "W233")
        frame.loc[closed, "状态"] = "关闭"
        note(closed, "状态", "a closed site", "")
    elif sheet.layer == "schools":
        column = sheet.headers["pupils"]
        k = next(i for i in range(len(frame) // 2, len(frame)) if frame.loc[i, column])
        frame.loc[k, column] = f"约{frame.loc[k, column]}人".translate(FULL_WIDTH)
        note(k, column, "a number as text, with full-width digits and words", "I208")
    elif sheet.layer == "parks":
        k = len(frame) // 2
        frame.loc[k, "公园类型"] = "口袋森林"
        note(k, "公园类型", "a word that is not in the vocabulary", "W224")
    elif sheet.layer == "playgrounds":
        twin = frame.loc[len(frame) // 2].copy()
        twin["编号"] = f"{twin['编号']}B"
        twin[x], twin[y] = round(twin[x] + 9.5, 2), round(twin[y] + 6.0, 2)
        frame = pd.concat([frame, twin.to_frame().T], ignore_index=True)
        note(len(frame) - 1, "名称", "a row that looks like another", "W244")
    return frame, found
