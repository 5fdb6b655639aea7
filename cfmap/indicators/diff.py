"""What changed between two editions: place by place, and number by number with the reason?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import shapely

from cfmap.indicators import INDICATORS
from cfmap.model.schema import SITE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable

Kind = Literal["added", "withdrawn", "changed"]
Key = tuple[str, str]
Row = dict[str, Any]
Figure = Mapping[str, Any]

KEY = ("layer", "id")
NAME, GEOMETRY = "name", "geometry"
SITES, PEOPLE, STREETS, BOUNDARY, METHOD = "sites", "people", "streets", "boundary", "method"
ORIGIN = ("source", "source_date")  # where a row was read says nothing about the place
CAUSES = (SITES, PEOPLE, STREETS, BOUNDARY, METHOD)
_SAME = 1e-9  # two figures nearer than this part of the larger are one figure


@dataclass(frozen=True)
class Snapshot:
    """
    One published edition, as far as two can be compared.

    Attributes
    ----------
    name
        What to call it, usually its year.
    sites
        Every site, with and without coordinates: columns ``layer, id``, the others, ``geometry`` (EPSG:4326, None without a place);
        ``layer`` and ``id`` together stand once.
    figures
        Id -> record as in ``indicators.json``.
    basis
        What the figures rest on besides the sites: cause -> anything that can be compared (a digest; settings by name for
        ``method``). A cause that is not in it is not known.
    """

    name: str
    sites: pd.DataFrame
    figures: Mapping[str, Figure]
    basis: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SiteChange:
    """
    What happened to one site.

    Attributes
    ----------
    layer, id, name
        Which; the name of the later edition, of the former when it was withdrawn.
    kind
        What.
    before, after
        Values that differ, by column, missing ones as None; all of a site that was added (`after`) or withdrawn (`before`).
    metres
        How far the middle of its shape moved, on the ellipsoid; None where it did not or has no place in one of the two.
    place
        Where it is now, or was last; None where it never had coordinates.
    """

    layer: str
    id: str
    name: str
    kind: Kind
    before: Row = field(default_factory=dict)
    after: Row = field(default_factory=dict)
    metres: float | None = None
    place: Any = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """
        ``added`` or ``withdrawn``, or which of ``renamed, moved, fields``: a site can be all three at once.

        Empty where only the file it was read from is another one.
        """
        if self.kind != "changed":
            return (self.kind,)
        there = (("renamed", self.renamed), ("moved", self.moved), ("fields", bool(self.fields)))
        return tuple(name for name, is_so in there if is_so)

    @property
    def renamed(self) -> bool:
        """Whether it has another name."""
        return self.kind == "changed" and NAME in self.after

    @property
    def moved(self) -> bool:
        """Whether its place or shape is another, gained or lost coordinates included."""
        return self.kind == "changed" and GEOMETRY in self.after

    @property
    def fields(self) -> tuple[str, ...]:
        """
        Columns that differ besides name, place and where the row was read.

        Of a site that had no coordinates in one of the two only the columns that all layers share: others are not published for it.
        """
        if self.kind != "changed":
            return ()
        ends = [values.get(GEOMETRY) for values in (self.before, self.after)]
        half = GEOMETRY in self.after and None in ends
        return tuple(c for c in self.after if c not in (NAME, GEOMETRY, *ORIGIN) and (c in SITE_COLUMNS or not half))


@dataclass(frozen=True)
class FigureChange:
    """
    What happened to one number.

    Attributes
    ----------
    id, title, title_en, unit
        Which.
    before, after
        Its values; None = unknown.
    bounds_before, bounds_after
        Bounds, (None, None) where there are none.
    causes
        Which of ``CAUSES`` differ between the editions and touch this number, in that order; empty = cannot be told.
    by_cause
        Part of ``after - before`` that each cause, or several that cannot be told apart (joined by ``+``), brought; empty when not known.
    """

    id: str
    title: str
    title_en: str
    unit: str
    before: float | None
    after: float | None
    bounds_before: tuple[float | None, float | None]
    bounds_after: tuple[float | None, float | None]
    causes: tuple[str, ...]
    by_cause: Mapping[str, float] = field(default_factory=dict)

    @property
    def change(self) -> float | None:
        """``after - before``; None when one of them is unknown."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class Diff:
    """
    Everything that differs between two editions.

    Attributes
    ----------
    old, new
        What they are called.
    sites
        Sorted by layer and id; one without `kinds` was only read from another file.
    figures
        Numbers that both carry and that differ, in the order of the later edition.
    figures_new, figures_gone
        Ids that only one of the two carries.
    layers_new, layers_gone
        Layers that only one of the two has: their sites are not new or gone places but newly listed or no longer listed.
    columns_new, columns_gone
        Columns that only one of the two has.
    method
        Settings that differ: name -> (before, after).
    """

    old: str
    new: str
    sites: tuple[SiteChange, ...]
    figures: tuple[FigureChange, ...] = ()
    figures_new: tuple[str, ...] = ()
    figures_gone: tuple[str, ...] = ()
    layers_new: tuple[str, ...] = ()
    layers_gone: tuple[str, ...] = ()
    columns_new: tuple[str, ...] = ()
    columns_gone: tuple[str, ...] = ()
    method: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """As data, for ``--json``: what happened, without the values of sites."""
        figures = ("id", "title", "unit", "before", "after", "causes", "by_cause")
        return {
            "old": self.old,
            "new": self.new,
            "sites": [{"layer": c.layer, "id": c.id, "name": c.name, "kinds": c.kinds, "columns": c.fields, "metres": c.metres} for c in self.sites if c.kinds],
            "figures": [{name: getattr(f, name) for name in figures} for f in self.figures],
            "layers_new": self.layers_new,
            "layers_gone": self.layers_gone,
            "method": dict(self.method),
        }


def compare(old: Snapshot, new: Snapshot, *, middle: Mapping[str, Figure] | None = None, middle_has: Iterable[str] = ()) -> Diff:
    """
    All that differs from `old` to `new`.

    Parameters
    ----------
    old, new
        Two editions of one city and one audience.
    middle
        Figures of the old edition's sites computed again on what the new one rests on. With them a number's change is split:
        from `old` to `middle` by the causes in `middle_has`, from there to `new` by the others.
    middle_has
        Which causes `middle` already has from the new edition (streets, boundary and method, and people where one table serves all years).

    Returns
    -------
    diff
        Sites are the same by layer and id alone; unknown figures stay unknown, so that none is compared with 0.
    """
    before, after = _rows(old.sites), _rows(new.sites)
    sites = tuple(_site_changes(before, after))
    layers_old, layers_new = _layers(old.sites), _layers(new.sites)
    columns_old, columns_new = ([c for c in s.sites.columns if c != GEOMETRY] for s in (old, new))
    touched = {c.layer for c in sites if c.kinds}
    differing = _differing(old.basis, new.basis)
    figures = [_figure_change(key, old.figures[key], new.figures[key], touched, differing) for key in new.figures if key in old.figures]
    changed = [c if middle is None else _split(c, middle.get(c.id), frozenset(middle_has)) for c in figures if c is not None]
    return Diff(
        old=old.name,
        new=new.name,
        sites=sites,
        figures=tuple(changed),
        figures_new=tuple(k for k in new.figures if k not in old.figures),
        figures_gone=tuple(k for k in old.figures if k not in new.figures),
        layers_new=tuple(k for k in layers_new if k not in layers_old),
        layers_gone=tuple(k for k in layers_old if k not in layers_new),
        columns_new=tuple(c for c in columns_new if c not in columns_old),
        columns_gone=tuple(c for c in columns_old if c not in columns_new),
        method=_settings(old.basis.get(METHOD), new.basis.get(METHOD)),
    )


def applied(diff: Diff, sites: pd.DataFrame) -> list[Row]:
    """
    Sites of the old edition with the changes made: those of the new one, as rows sorted by layer and id.

    A value that is missing is not in its row.

    Raises
    ------
    KeyError
        When a site that was changed or withdrawn is not in `sites`.
    """
    rows = _rows(sites)
    for change in diff.sites:
        key = (change.layer, change.id)
        if change.kind == "withdrawn":
            del rows[key]
        else:
            row = {} if change.kind == "added" else rows[key]
            rows[key] = {c: v for c, v in {**row, **change.after}.items() if v is not None}
    return [rows[key] for key in sorted(rows)]


def _rows(sites: pd.DataFrame) -> dict[Key, Row]:
    """Every site's values that are not missing, as plain Python values."""
    columns = {str(c): sites[c].to_numpy(dtype=object) for c in sites.columns}
    there = {c: ~np.asarray(pd.isna(v), dtype=bool) for c, v in columns.items()}
    found: dict[Key, Row] = {}
    for i in range(len(sites)):
        row = {c: _plain(v[i]) for c, v in columns.items() if there[c][i]}
        found[str(row["layer"]), str(row["id"])] = row
    return found


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _site_changes(before: Mapping[Key, Row], after: Mapping[Key, Row]) -> Iterable[SiteChange]:
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old is None and new is not None:
            yield SiteChange(*key, _name(new), "added", after=new, place=new.get(GEOMETRY))
        elif new is None and old is not None:
            yield SiteChange(*key, _name(old), "withdrawn", before=old, place=old.get(GEOMETRY))
        elif old is not None and new is not None:
            differ = [c for c in {**old, **new} if not _same(old.get(c), new.get(c))]
            if differ:
                was, now = ({c: row.get(c) for c in differ} for row in (old, new))
                away, place = _metres(was.get(GEOMETRY), now.get(GEOMETRY)), new.get(GEOMETRY) or old.get(GEOMETRY)
                yield SiteChange(*key, _name(new), "changed", before=was, after=now, metres=away, place=place)


def _name(row: Row) -> str:
    return str(row.get(NAME, ""))


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, shapely.Geometry) and isinstance(other, shapely.Geometry):
        return bool(shapely.equals_identical(one, other))
    return bool(one == other)


def _metres(one: Any, other: Any) -> float | None:
    if one is None or other is None:
        return None
    from pyproj import Geod

    a, b = shapely.centroid(one), shapely.centroid(other)
    return round(float(Geod(ellps="WGS84").inv(a.x, a.y, b.x, b.y)[2]), 1)


def _layers(sites: pd.DataFrame) -> list[str]:
    return [str(v) for v in sites["layer"].unique()]


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, bool | None]:
    """Whether each cause differs; None where one of the two does not tell."""
    return {c: old[c] != new[c] if c in old and c in new else None for c in CAUSES if c != SITES}


def _settings(old: Any, new: Any) -> dict[str, tuple[Any, Any]]:
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return {}
    return {k: (old.get(k), new.get(k)) for k in {**old, **new} if old.get(k) != new.get(k)}


def _figure_change(key: str, old: Figure, new: Figure, touched: set[str], differing: Mapping[str, bool | None]) -> FigureChange | None:
    before, after = old.get("value"), new.get("value")
    was, now = ((f.get("lower"), f.get("upper")) for f in (old, new))
    if _close(before, after) and all(map(_close, was, now)):
        return None
    first, _, rest = key.partition(".")
    rule = INDICATORS.get(first)
    rests_on = rule.rests_on if rule else frozenset(CAUSES)
    layers = (rule.layers if rule else ()) or (rest.split(".")[0],)
    causes = tuple(c for c in CAUSES if c in rests_on and (any(layer in touched for layer in layers) if c == SITES else differing[c]))
    change = FigureChange(key, str(new.get("title", key)), str(new.get("title_en", key)), str(new.get("unit", "")), before, after, was, now, causes)
    certain = all(differing.get(c, True) is not None for c in rests_on)
    if change.change is None or len(causes) != 1 or not certain:
        return change
    return replace(change, by_cause={causes[0]: change.change})


def _split(change: FigureChange, middle: Figure | None, has: frozenset[str]) -> FigureChange:
    value = None if middle is None else middle.get("value")
    if value is None or change.before is None or change.after is None or len(change.causes) < 2:
        return change
    first, last = (tuple(c for c in change.causes if (c in has) == there) for there in (True, False))
    parts = {"+".join(causes): part for causes, part in ((first, value - change.before), (last, change.after - value)) if causes}
    return replace(change, by_cause=parts)


def _close(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return bool(abs(one - other) <= _SAME * max(abs(one), abs(other), 1.0))
