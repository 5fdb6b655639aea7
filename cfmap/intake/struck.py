"""Which cells of a workbook are struck through? People cross out what is gone and leave it in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

STYLES = "xl/styles.xml"
_OFF = {"0", "false"}


def struck_styles(parse: Callable[[Callable[[str, dict[str, str]], None], Any], None]) -> frozenset[str]:
    """
    Numbers of the cell styles (attribute ``s`` of a cell) whose font is struck through.

    Parameters
    ----------
    parse
        Runs over the XML of :data:`STYLES` with a handler of starts and one of ends.
    """
    reader = _Reader()
    parse(reader.start, reader.end)
    return frozenset(str(number) for number, font in enumerate(reader.cells) if font in reader.fonts)


class _Reader:
    """Handlers of one pass: fonts by their order, then the styles of cells, which name their font by it."""

    def __init__(self) -> None:
        self.fonts: set[str] = set()
        self.cells: list[str] = []
        self.font = -1
        self.part = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag in {"fonts", "cellXfs"}:
            self.part = tag
        elif tag == "font" and self.part == "fonts":
            self.font += 1
        elif tag == "strike" and self.part == "fonts" and attributes.get("val", "1") not in _OFF:
            self.fonts.add(str(self.font))
        elif tag == "xf" and self.part == "cellXfs":
            self.cells.append(attributes.get("fontId", "0"))

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] == self.part:
            self.part = ""
