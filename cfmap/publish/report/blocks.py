"""What a report is made of, whoever sets it: headings, paragraphs, tables, bars and pictures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """A heading; `level` 1 begins a chapter."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Table:
    """
    A numbered table.

    Attributes
    ----------
    title
        Above it.
    headers, rows
        Texts; numbers are written out, so that every setting shows the same.
    widths
        Weights of the columns.
    """

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True)
class Bar:
    """One bar: `value` in per cent or None = unknown, with bounds where only they are known."""

    label: str
    value: float | None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Bars:
    """A numbered chart of shares, 0-100 %."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Picture:
    """A numbered map: SVG with its size in millimetres."""

    title: str
    svg: str
    width_mm: float
    height_mm: float


@dataclass(frozen=True)
class Swatch:
    """One class of a legend: its picture (SVG, 6 x 3 mm) and what it means."""

    svg: str
    words: str


@dataclass(frozen=True)
class Mark:
    """A number on a map, at millimetres from its upper left corner; `light` on dark ground."""

    x: float
    y: float
    text: str
    light: bool


@dataclass(frozen=True)
class TownMap:
    """One of several small maps: towns in shades."""

    title: str
    svg: str
    marks: tuple[Mark, ...]
    legend: tuple[Swatch, ...]


@dataclass(frozen=True)
class TownMaps:
    """
    A numbered page of small maps.

    Attributes
    ----------
    title
        Below them.
    maps
        Two beside each other, six at most.
    width_mm, height_mm
        Of each.
    key
        What the numbers on them mean.
    """

    title: str
    maps: tuple[TownMap, ...]
    width_mm: float
    height_mm: float
    key: tuple[str, ...]


Block = Heading | Text | Table | Bars | Picture | TownMaps


@dataclass(frozen=True)
class Report:
    """
    The annual report.

    Attributes
    ----------
    title, city, producer, date
        On the cover.
    mark
        演示数据 or 内部资料, "" for neither.
    note
        What must stand beside every figure.
    blocks
        The text.
    """

    title: str
    city: str
    producer: str
    date: str
    mark: str
    note: str
    blocks: tuple[Block, ...]
