"""Where in its communities or towns do a project's people live, and do the settings of ``[population]`` go together?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cfmap.intake import reader
from cfmap.intake.opening import sha256
from cfmap.intake.towns import fill_towns
from cfmap.model.city import CONFIG_NAME, setting_line
from cfmap.model.edition import InputFile, Population
from cfmap.model.errors import InputError
from cfmap.model.messages import fault

if TYPE_CHECKING:
    import geopandas as gpd

    from cfmap.model.city import City
    from cfmap.model.messages import Fault

APART = 0.01  # a town whose communities add up to another number than the official one by more than this is told


def in_houses(population: Population, city: City) -> Population:
    """People of the communities in the houses of ``population.buildings``; errors as :func:`cfmap.intake.homes.read_houses`."""
    from cfmap.intake.homes import read_houses
    from cfmap.intake.housing import onto_houses

    path = city.path(city.population.buildings)
    houses, read, faults = read_houses(path, file=city.relative(path), datum=city.population.buildings_datum)
    found = onto_houses(population, houses, file=read.path)
    return replace(found, inputs=(*found.inputs, read), faults=(*found.faults, *faults))


def from_raster(city: City, towns: gpd.GeoDataFrame | None) -> Population:
    """
    Residents of a raster's cells, each town's rescaled to its official total.

    Raises
    ------
    InputError
        E267 without outlines of towns; as :func:`cfmap.intake.raster.read_raster` and :func:`cfmap.intake.homes.read_totals`.
    """
    from cfmap.intake.homes import read_totals
    from cfmap.intake.raster_people import doubts, factor_words, onto_cells

    section = city.population
    if towns is None or not len(towns):
        raise InputError(fault("E267", file=CONFIG_NAME, row=setting_line(city.root, "population", "raster"), column="population.raster"))
    path = city.path(section.raster)
    file = city.relative(path)
    west, south, east, north = (float(v) for v in towns.total_bounds)
    raster = reader.read_raster(path, bounds=(west, south, east, north), file=file)
    official, inputs = None, [InputFile(file, sha256(path))]
    faults: list[Fault] = []
    if section.totals:
        table = city.path(section.totals)
        official, read, faults = read_totals(table, file=city.relative(table), columns=section.columns)
        inputs.append(read)
        if unknown := [str(n) for n in official.index if n not in set(towns["name"])]:
            faults.append(fault("W267", file=read.path, names="、".join(unknown[:5]), count=len(unknown)))
    points, factors = onto_cells(raster, towns, official)
    faults += doubts(raster, towns, points, factors, file=file)
    words = factor_words(factors)
    return Population(points, section.source or file, section.data_date, tuple(faults), tuple(inputs), method=(words,), factors=factors, cells=True)


def remarks(city: City, population: Population | None, towns: gpd.GeoDataFrame | None) -> list[Fault]:
    """
    What to know of ``[population]`` beside the rows themselves.

    W278 settings that have no effect; W269 people without source or date; W274 towns whose communities add up to another number than ``population.totals``
    says (the communities' numbers are used).
    """
    section, found = city.population, []
    idle = {
        "raster": bool(section.raster and section.table),
        "buildings": bool(section.buildings and not section.table),
        "totals": bool(section.totals and not (section.raster or section.table)),
    }
    beside = {
        "raster": ("写了 table，按社区表算", "table is given, and communities count"),
        "buildings": ("没有 table，没有社区人口可分", "there is no table of communities"),
    }
    for key in (k for k, no in idle.items() if no):
        why, why_en = beside.get(key, ("没有 table 也没有 raster", "there is neither table nor raster"))
        row = setting_line(city.root, "population", key)
        found.append(fault("W278", file=CONFIG_NAME, row=row, column=f"population.{key}", key=key, reason_zh=why, reason_en=why_en))
    if population is None:
        return found
    lacking = [(zh, en) for given, zh, en in ((section.source, "来源", "source"), (section.data_date, "数据日期", "date")) if not given]
    if lacking:
        row = setting_line(city.root, "population", "source") or setting_line(city.root, "population")
        zh, en = "、".join(w[0] for w in lacking), ", ".join(w[1] for w in lacking)
        found.append(fault("W269", file=CONFIG_NAME, row=row, column="population", missing=zh, missing_en=en))
    return found + (_beside_totals(city, population, towns) if section.totals and section.table else [])


def _beside_totals(city: City, population: Population, towns: gpd.GeoDataFrame | None) -> list[Fault]:
    from cfmap.intake.homes import read_totals

    path = city.path(city.population.totals)
    official, read, faults = read_totals(path, file=city.relative(path))
    people = population.units[["town", "geometry", *(c for c in ("pop_total",) if c in population.units)]].copy()
    if "pop_total" not in people:
        return faults
    known = set(official.index)
    if towns is not None and len(towns):
        known = set(towns["name"])
        people.loc[~people["town"].isin(known), "town"] = ""
        fill_towns(people, towns)
    if unknown := [str(n) for n in official.index if n not in known]:
        faults.append(fault("W267", file=read.path, names="、".join(unknown[:5]), count=len(unknown)))
    sums = people.groupby("town")["pop_total"].sum(min_count=1).reindex(official.index)
    apart = [(n, float(s), float(o)) for n, s, o in zip(official.index, sums, official["pop_total"], strict=True) if n in known and abs(s - o) > APART * o]
    apart += [(n, 0.0, float(o)) for n, s, o in zip(official.index, sums, official["pop_total"], strict=True) if n in known and np.isnan(s) and o > 0]
    if apart:
        zh = "；".join(f"{n} 社区合计 {s:,.0f}，官方 {o:,.0f}" for n, s, o in apart[:5])
        en = "; ".join(f"{n}: communities {s:,.0f}, official {o:,.0f}" for n, s, o in apart[:5])
        faults.append(fault("W274", file=read.path, count=len(apart), detail=zh, detail_en=en))
    return faults
