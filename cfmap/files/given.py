"""What do the questions take: streets, sites, schools with their gates, children?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from cfmap.coverage.accesses import match_gates
from cfmap.coverage.gates_told import gate_faults
from cfmap.intake.cells import parse
from cfmap.intake.headers import find
from cfmap.intake.osm import OsmExtract
from cfmap.intake.points import read_points
from cfmap.intake.population import read_people
from cfmap.intake.rows import UNKNOWN_STATUS, status_word
from cfmap.model import InputError, fault
from cfmap.model.layers import standard_layers
from cfmap.model.schema import SITE_FIELDS, STATUSES, age_bands
from cfmap.network import Network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfmap.model import Fault, Population

SCHOOLS, KINDERGARTENS, GATES = "schools", "kindergartens", "school_gates"
#: Columns that are used, under whichever header they stand, and understood as in a project.
READ = ("name", "stage", "status", "school", "kind", "pupils_use", "guarded")
ON_OUTLINE = 1e-6  # degrees, 0.1 m: a mapped gate is a corner of its school's outline
OSM = "osm"  # schools are taken from the network file itself


class Schools(NamedTuple):
    """
    Schools and their gates.

    Attributes
    ----------
    table
        EPSG:4326, ``id``; ``name`` and ``stage`` (学段) where the file has them, ``layer`` where OpenStreetMap is the source.
    footprints
        Outlines by id, those of OpenStreetMap; areas of a file stand in `table`.
    gates
        Those on record; for schools that have none there, those mapped on their own outlines. None = none known.
    faults
        What was found in the files.
    """

    table: gpd.GeoDataFrame
    footprints: gpd.GeoSeries | None
    gates: gpd.GeoDataFrame | None
    faults: list[Fault]


def streets_of(path: Path) -> Network:
    """Streets of any file that :meth:`cfmap.network.Network.from_file` reads."""
    return Network.from_file(existing(path), cache=True)


def points_of(path: Path, *, datum: str, layer: str = "") -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """Sites of a file as :func:`cfmap.intake.points.read_points`; a `layer` says under which headers the columns :data:`READ` may stand."""
    table, faults = read_points(existing(path), datum=datum)
    fields = [f for f in (*SITE_FIELDS, *standard_layers()[layer].fields) if f.key in READ] if layer else []
    columns = list(table.columns)
    found = {f.key: next(iter(find(columns, (f.key, f.title, *f.synonyms))), None) for f in fields}
    table = table.rename(columns={columns[at]: key for key, at in found.items() if at is not None})
    for f in fields:
        if f.key in table and f.kind == "yesno":
            table[f.key] = [parse(text.removesuffix(".0"), f).value if isinstance(text, str) else None for text in table[f.key]]
    if layer and "status" in table:
        words = [status_word(text) if isinstance(text, str) else "" for text in table["status"]]
        table["status"] = [word if word in STATUSES else UNKNOWN_STATUS for word in words]
    return table, faults


def schools_of(
    schools: str, *, network: Path, gates: Path | None, datum: str, layers: Sequence[str] = (SCHOOLS, KINDERGARTENS), streets: Network | None = None
) -> Schools:
    """
    Schools, their outlines and gates.

    Parameters
    ----------
    schools
        A table or GIS file (points or areas), or ``"osm"`` for those of the network file; then gates on their outlines are
        taken from it too, for schools that `gates` has none for.
    layers
        What is taken from the network file.
    streets
        The network itself: then gates far from any street are told too.
    """
    faults: list[Fault] = []
    given = mapped = footprints = None
    if schools == OSM:
        table, footprints, mapped = _mapped_schools(network, layers)
    else:
        table, faults = points_of(Path(schools), datum=datum, layer=SCHOOLS)
    if gates is not None:
        given, more = points_of(gates, datum=datum, layer=GATES)
        faults = [*faults, *more, *(replace(f, file=gates.name) for f in gate_faults(given, table, footprints=footprints, network=streets))]
    return Schools(table, footprints, _gates(given, mapped, table, footprints), faults)


def children_of(path: Path, *, age: str, datum: str, towns: gpd.GeoDataFrame | None = None) -> tuple[Population, tuple[str, ...]]:
    """
    Communities with residents by age, points or areas, and the columns of an age.

    Raises
    ------
    CfmapError
        E393 when the age is not made of whole bands, E389 when the file lacks one of them.
    """
    bands = age_bands(age)
    people = read_people(existing(path), datum=datum, towns=towns, areas=True)
    if missing := [b for b in bands if b not in people.points]:
        known = "、".join(c for c in people.points if c.startswith("pop_"))
        raise InputError(fault("E389", file=path.name, age=age, missing="、".join(missing), known=known))
    return people, bands


def existing(path: Path) -> Path:
    """The path, if there is a file."""
    if not path.is_file():
        raise InputError(fault("E494", file=str(path), detail=str(path.absolute().parent)))
    return path


def _mapped_schools(network: Path, keys: Sequence[str]) -> tuple[gpd.GeoDataFrame, gpd.GeoSeries, gpd.GeoDataFrame]:
    """Schools (layers `keys`) of an OpenStreetMap file, their outlines, and the gates mapped on these."""
    layers = standard_layers()
    wanted = [layers[key] for key in keys]
    extract = OsmExtract.read(network, [*wanted, layers[GATES]])
    places = [extract.features(layer) for layer in wanted]
    table = pd.concat([p for p in places if len(p)] or places[:1], ignore_index=True).drop_duplicates("id")
    outlines = pd.concat([extract.footprints(layer) for layer in wanted])
    return table, outlines[~outlines.index.duplicated()], extract.features(layers[GATES])


def _gates(
    given: gpd.GeoDataFrame | None, mapped: gpd.GeoDataFrame | None, schools: gpd.GeoDataFrame, footprints: gpd.GeoSeries | None
) -> gpd.GeoDataFrame | None:
    """Gates on record; for schools that have none there, those mapped on their own outlines."""
    if mapped is None or footprints is None or not len(mapped):
        return given
    known = set() if given is None or not len(given) else set(match_gates(given, schools, footprints=footprints).dropna())
    bare = footprints[~footprints.index.isin(known)]
    outline, gate = shapely.STRtree(mapped.geometry.to_numpy()).query(bare.boundary.to_numpy(), predicate="dwithin", distance=ON_OUTLINE)
    own = mapped[["id", "name", "geometry"]].iloc[gate].assign(school=bare.index[outline]).drop_duplicates("id")
    return gpd.GeoDataFrame(pd.concat([own] if given is None else [given, own], ignore_index=True), geometry="geometry", crs=4326)
