"""Which column is which: headers compared as people write them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from cfmap.model.errors import ConfigError
from cfmap.model.layer import Field
from cfmap.model.messages import fault
from cfmap.model.schema import LAT_HEADERS, LON_HEADERS, SITE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cfmap.intake.table import RawTable
    from cfmap.model.layer import Layer

#: Headers of one column that holds both coordinates ("120.65,27.78").
PAIR_WORDS = (
    *("经纬度", "坐标", "经纬度坐标", "点位坐标", "location", "lonlat", "lnglat", "latlon", "latlng"),
    *(f"{one}{between}{other}" for one, other in (("经度", "纬度"), ("纬度", "经度")) for between in ("", ",", "、", "/")),
    *(f"{one},{other}" for x in ("lon", "lng", "longitude") for y in ("lat", "latitude") for one, other in ((x, y), (y, x))),
)
#: Headers of a column that names each row's datum.
SYSTEM_WORDS = ("坐标系", "坐标系统", "坐标系类型", "坐标类型", "datum", "crs")
WKT_HEADERS = ("wkt", "geometry_wkt", "图形", "线形")
#: The two coordinates, as columns that a table must have.
LON = Field("lon", "经度", "longitude", kind="number", synonyms=LON_HEADERS, required=True)
LAT = Field("lat", "纬度", "latitude", kind="number", synonyms=LAT_HEADERS, required=True)
_WKT = Field("wkt", "图形", "shape", synonyms=WKT_HEADERS)
_LETTER = re.compile(r"([A-Za-z]{1,3}|\d{1,5}) ?列")
_LONGEST = 200  # characters of a header that matter
_BRACKETS = re.compile(r"[（(\[【{][^）)\]】}]*[）)\]】}]")


@lru_cache(maxsize=4096)
def normal(header: str) -> str:
    """Reduce a header to what matters: no differences of width, case, blanks, line breaks, stars and colons."""
    text = unicodedata.normalize("NFKC", header).lower()
    return re.sub(r"[\s*:：_]+", "", text)


@lru_cache(maxsize=4096)
def bare(header: str) -> str:
    """Do as `normal`, and leave out what stands in brackets ("面积（平方米）" -> "面积")."""
    return normal(_BRACKETS.sub("", unicodedata.normalize("NFKC", header[:_LONGEST])))


def bracketed(header: str) -> str:
    """Return what stands in the last brackets of a header ("面积（平方米）" -> "平方米"), else behind its last stroke ("面积/亩"), else empty."""
    text = unicodedata.normalize("NFKC", header[:_LONGEST])
    if found := _BRACKETS.findall(text):
        last: str = found[-1]
        return last[1:-1].strip().removeprefix("单位").lstrip(": ")
    _, stroke, behind = text.rpartition("/")
    return behind.strip() if stroke else ""


def words_of(field: Field) -> tuple[str, ...]:
    """Every header under which a field may stand, most certain first."""
    return (field.title, field.key, field.title_en, *field.synonyms)


def fields_of(layer: Layer) -> tuple[Field, ...]:
    """List the fields a bureau's table can hold for a layer: the layer's own, then the common ones."""
    return layer.fields + tuple(f for f in SITE_FIELDS if f.key not in {"layer", "source"})


def known_headers(layer: Layer, columns: dict[str, str] | None = None) -> tuple[str, ...]:
    """All headers that mean something for a layer, with a source's own `columns` mapping."""
    words = [w for f in fields_of(layer) for w in words_of(f)]
    return (*words, *LON_HEADERS, *LAT_HEADERS, *PAIR_WORDS, *WKT_HEADERS, *(columns or {}).values())


def find(headers: Sequence[str], words: Iterable[str]) -> list[int]:
    """Positions of the columns that `words` name; exact matches win over those that ignore brackets, earlier words over later."""
    for compare in (normal, bare):
        for word in words:
            wanted = compare(word)
            if wanted and (hits := [i for i, h in enumerate(headers) if compare(h) == wanted]):
                return hits
    return []


def keyed(columns: Mapping[str, str], fields: Iterable[Field]) -> dict[str, str]:
    """
    A source's mapping by field key; the settings may name a field by its key or by its Chinese title.

    Raises
    ------
    ConfigError
        E129 for a name that is neither.
    """
    known = (*fields, LON, LAT, _WKT)
    names = {name: f.key for f in reversed(known) for name in (normal(f.title), normal(f.key))}
    unknown = [name for name in columns if normal(name) not in names]
    if unknown:
        titles = [f.title for f in known]
        near = (nearest(name, [*titles, *(f.key for f in known)]) for name in unknown)
        raise ConfigError(
            [fault("E129", file="cfmap.toml", column=f"columns.{name}", nearest=n, known="、".join(titles)) for name, n in zip(unknown, near, strict=True)]
        )
    return {names[normal(name)]: header for name, header in columns.items()}


def mapped(table: RawTable, header: str) -> list[int]:
    """Positions of the column that a mapping names: by its header, else by its letter ("H列") or, where there are none, its number."""
    hits = find(table.headers, (header,))
    if hits or not (letter := _LETTER.fullmatch(header.strip())):
        return hits
    return [i for i, c in enumerate(table.columns) if (c.letter or str(i + 1)) == letter[1].upper()]


def nearest(word: str, known: Iterable[str]) -> str:
    """Find the most similar known word, or "—"."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)), "—")
