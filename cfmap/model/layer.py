"""What a layer of the map is: a declaration, read by every room and by nobody twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Geometry = Literal["Point", "LineString", "Polygon"]
FieldKind = Literal["text", "integer", "number", "year", "date", "choice", "yesno", "list"]
Group = Literal["play", "health", "care", "way", "learn", "place"]

#: The four big pictures of the page's first screen, and the rest: key -> (中文, English).
GROUPS: dict[Group, tuple[str, str]] = {
    "play": ("玩", "Play"),
    "health": ("看病", "Health"),
    "care": ("托育", "Care"),
    "way": ("上学路", "Way to school"),
    "learn": ("学习", "Learn"),
    "place": ("区域", "Places"),
}


@dataclass(frozen=True)
class Field:
    """
    One column of a layer.

    Parameters
    ----------
    key
        Column name in GeoDataFrames and outputs (ASCII).
    title, title_en
        Header in the bureau's table, and its English.
    kind
        How cells are parsed; ``choice`` needs `vocabulary`; ``list`` is several values joined by ``；``.
    unit
        Unit of numbers, as printed ("个", "张", "m").
    vocabulary
        Allowed values; others are reported. For a ``date``: words that may stand in its place ("长期").
    synonyms
        Other headers under which departments hand it in.
    required
        A row without it is a faulty row.
    public
        Whether it may appear on the public page; everything else never leaves (allow-list).
    minimum, maximum
        Limits of numbers, inclusive.
    hint
        One sentence for the template's input help.
    """

    key: str
    title: str
    title_en: str
    kind: FieldKind = "text"
    unit: str = ""
    vocabulary: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    required: bool = False
    public: bool = False
    minimum: float | None = None
    maximum: float | None = None
    hint: str = ""


@dataclass(frozen=True)
class OsmTags:
    """
    A rule on OpenStreetMap tags: all of `having` and none of `without`.

    Each is a tuple of ``(key, values)``; empty `values` means any value. A layer takes an object when any one of
    its rules holds. With `on_outline_of`, only nodes that are part of the outline of an area with these tags are
    taken (the gates of a school); ``matches`` cannot see outlines and leaves that to the reader of the extract.
    """

    having: tuple[tuple[str, tuple[str, ...]], ...]
    without: tuple[tuple[str, tuple[str, ...]], ...] = ()
    on_outline_of: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def matches(self, tags: dict[str, str]) -> bool:
        """Whether an object with these tags belongs."""

        def has(key: str, values: tuple[str, ...]) -> bool:
            return key in tags and (not values or tags[key] in values)

        return all(has(k, v) for k, v in self.having) and not any(has(k, v) for k, v in self.without)


@dataclass(frozen=True)
class Layer:
    """
    One layer of the map.

    Parameters
    ----------
    key
        Name in settings, files and columns (ASCII, snake_case, plural).
    title, title_en
        Titles on the map.
    icon
        Name of a picture in the page's own icon family (``cfmap/publish/web/icons``).
    colour
        ``#rrggbb``; 4.5:1 against white.
    geometry
        Type of its sites.
    group
        Which of the page's big pictures it stands under.
    fields
        Columns beyond the common schema (:data:`cfmap.model.schema.SITE_FIELDS`).
    osm
        Which OpenStreetMap objects belong to it, when the city lists ``{ osm = true }`` as a source.
    coverage
        Key in ``cfmap.coverage.RULES``; None = no reach is computed for it.
    description, description_en
        One or two sentences: what it shows and why it matters to children.
    source
        Which policies name it (document, clause).
    path
        File that declares it, for messages; empty when declared in ``cfmap.toml``.
    """

    key: str
    title: str
    title_en: str
    icon: str
    colour: str
    geometry: Geometry = "Point"
    group: Group = "learn"
    fields: tuple[Field, ...] = ()
    osm: tuple[OsmTags, ...] = ()
    coverage: str | None = None
    description: str = ""
    description_en: str = ""
    source: str = ""
    path: str = field(default="", compare=False)
