"""In which order is the city made, and which files come out?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely
import xlsxwriter

from .areas import all_areas
from .districts import TownFinder, town_areas
from .joining import write_joining
from .ledger import write_ledger
from .mistakes import Mistake
from .pbf import Projection, write_pbf
from .people import Community, as_frame, build_communities
from .plan import TOWNS, Plan
from .safety import write_safety
from .sites import build_sites
from .streetwork import build_streets
from .tables import write_gpkg, write_years
from .terrain import build_terrain
from .truth import table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def make_city(plan: Plan, out: Path, *, progress: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """
    Make everything and write it into `out`.

    Returns
    -------
    The truth table, also written to ``_generator/truth.json`` under `out`.
    """
    out.mkdir(parents=True, exist_ok=True)
    projection = Projection()
    terrain = build_terrain(plan)
    towns = town_areas(plan, terrain)
    town_of = TownFinder(towns)
    progress("terrain and towns")
    work = build_streets(plan, terrain, town_of, progress)
    areas = all_areas(plan, terrain, work)
    progress("areas")
    write_pbf(out / "network.osm.pbf", plan, terrain, work, areas)
    progress("network.osm.pbf")
    _outlines(out, towns, projection)
    communities = build_communities(plan, work, town_of)
    mistakes = _population(out / "communities.xlsx", communities, projection)
    sites = build_sites(plan, terrain, work, communities, town_of)
    progress("people and sites")
    rows, planted = write_years(out, sites, projection)
    rows["data/communities.xlsx"] = len(communities)
    write_joining(out, plan, work.joined, sites, projection)
    write_ledger(out)
    truth = table(plan, terrain, work, areas, communities, rows, mistakes + planted)
    folder = out / "_generator"
    folder.mkdir(exist_ok=True)
    write_safety(folder, plan, work.joined, sites, projection)
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    progress("tables and truth")
    return truth


def _outlines(out: Path, towns: dict[str, shapely.Geometry], projection: Projection) -> None:
    shapes = {code: shapely.multipolygons(list(shapely.get_parts(shapely.transform(area, projection.lonlat)))) for code, area in towns.items()}
    names = {t.code: t.name for t in TOWNS}
    order = sorted(shapes)
    write_gpkg(
        out / "towns.gpkg", gpd.GeoDataFrame({"name": [names[c] for c in order], "code": order}, geometry=[shapes[c] for c in order], crs="EPSG:4490"), "towns"
    )
    whole = shapely.union_all(list(shapes.values()))
    whole = shapely.multipolygons([shapely.polygons(p.exterior) for p in shapely.get_parts(whole) if p.area > 1e-6])
    write_gpkg(out / "boundary.gpkg", gpd.GeoDataFrame({"name": ["示例市"], "code": [""]}, geometry=[whole], crs="EPSG:4490"), "boundary")


def _population(path: Path, communities: list[Community], projection: Projection) -> list[Mistake]:
    """Write the table of communities; a few cells stay blank: unknown, not zero."""
    from datetime import datetime

    frame = as_frame(communities, projection.lonlat(np.array([[c.x, c.y] for c in communities])))
    blanks = [(k * len(frame) // 7 + 3, title) for k, title in enumerate(("0–2岁", "3–5岁", "0–2岁", "15–17岁"), start=1)]
    with xlsxwriter.Workbook(path) as book:
        book.set_properties(
            {
                "created": datetime(2024, 12, 31),  # noqa: DTZ001 - a workbook knows no zones
                "title": "演示数据",
            }
        )
        page = book.add_worksheet("常住人口")
        for column, name in enumerate(frame.columns):
            page.write_string(0, column, name)
        for row, cells in enumerate(frame.itertuples(index=False), start=1):
            for column, value in enumerate(cells):
                if (row - 1, frame.columns[column]) not in blanks:
                    page.write(row, column, value)
    return [Mistake(2024, "data/communities.xlsx", "常住人口", k + 2, title, "a number left blank: unknown, not zero", "") for k, title in blanks]
