"""How many children are within reach, without a project?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.coverage.people_range import people_range
from cfmap.coverage.people_words import fitness, told, without_small
from cfmap.files.given import children_of, existing, streets_of
from cfmap.files.written import expect, write_table
from cfmap.intake.headers import find
from cfmap.intake.outline import read_outline
from cfmap.intake.points import read_places
from cfmap.model.schema import SITE_FIELDS

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from cfmap.model import Fault
    from cfmap.model.messages import Lang


def people(
    network: Path, sites: Path, population: Path, *, age: str, by: Path | None, datum: str, out: Path | None, public: bool = False, lang: Lang = "zh"
) -> tuple[Path | None, list[str], pd.DataFrame, list[Fault]]:
    """
    Children within reach of a site, by town, as a number and as a range with its main cause.

    Parameters
    ----------
    network, sites, datum
        As :func:`coverage`; sites without coordinates widen the range of the town they name (column 乡镇街道).
    population
        Communities as table or GIS file, points or areas, with columns of ages (:data:`cfmap.model.AGE_BANDS`).
    age
        ``0-2``, ``0-14``, ...: whole bands; ``all`` = residents.
    by
        Outlines of towns; None = the towns that `population` names.
    out
        ``.csv`` or ``.xlsx``; None writes nothing.
    public
        Hide counts of 1-9 and whatever would give them away; otherwise the answer is marked as internal.

    Returns
    -------
    out, lines, table, faults
        Lines to print in `lang`, the network's fitness first; the table of :func:`cfmap.coverage.people_range.people_range`.
    """
    if out is not None:
        expect(out, (".csv", ".xlsx"))
    streets = streets_of(network)
    places = read_places(existing(sites), datum=datum)
    towns = None if by is None else read_outline(existing(by), datum=datum)
    found, bands = children_of(population, age=age, datum=datum, towns=towns)
    children = found.points.assign(children=found.points[list(bands)].sum(axis=1, min_count=len(bands)))
    table = people_range(streets, places.points, children, count="children", towns=towns, unlocated=_towns_of(places.unlocated, towns))
    shown = without_small(table) if public else table
    if out is not None:
        write_table(out, shown.assign(town=shown["town"].replace({"": "合计"})))
    card = fitness(streets, places.points, children)
    return out, list(told(shown, card, age=age, source=population.name, public=public, lang=lang)), shown, [*streets.faults, *places.faults, *found.faults]


def _towns_of(unlocated: pd.DataFrame, towns: gpd.GeoDataFrame | None) -> dict[str, int]:
    """How many sites without coordinates each town has; under "" those that name no known town."""
    headers = next((f.key, f.title, *f.synonyms) for f in SITE_FIELDS if f.key == "town")
    column = next(iter(find(list(unlocated.columns), headers)), None)
    named = [""] * len(unlocated) if column is None else [str(v).strip() for v in unlocated.iloc[:, column]]
    known = None if towns is None else set(towns["name"])
    keys = [name if known is None or name in known else "" for name in named]
    return {key: keys.count(key) for key in dict.fromkeys(keys)}
