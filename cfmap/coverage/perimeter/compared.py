"""The same schools measured in several ways, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cfmap.coverage.perimeter.doors import school_doors
from cfmap.coverage.perimeter.figures import school_summary, town_figures
from cfmap.coverage.perimeter.table import in_use, perimeter

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

    from cfmap.coverage.perimeter.ground import Method
    from cfmap.network import Network


class Compared(NamedTuple):
    """
    Perimeters of the same schools by several methods.

    Attributes
    ----------
    segments
        Rows of :func:`cfmap.coverage.perimeter.perimeter` with a column ``method`` in front.
    schools
        GeoDataFrame EPSG:4326: ``method, school, name``, ``layer`` where the schools have one, and the columns of
        :func:`cfmap.coverage.perimeter.school_summary`.
    city
        Rows of :func:`cfmap.coverage.perimeter.town_figures` for all schools together, index = method.
    doors
        Rows of :func:`cfmap.coverage.perimeter.school_doors`.
    """

    segments: gpd.GeoDataFrame
    schools: gpd.GeoDataFrame
    city: pd.DataFrame
    doors: gpd.GeoDataFrame


def compared(
    network: Network,
    schools: gpd.GeoDataFrame,
    methods: Sequence[Method],
    *,
    gates: gpd.GeoDataFrame | None = None,
    footprints: gpd.GeoSeries | None = None,
    strict: bool = False,
    **options: Any,
) -> Compared:
    """Measure schools by each method; `options` and errors as :func:`cfmap.coverage.perimeter.perimeter`."""
    import geopandas as gpd
    import pandas as pd

    schools = in_use(schools)
    doors, sources = school_doors(network, schools, gates=gates, footprints=footprints)
    places = sources.table.set_index("id")
    segments, by_school, city = [], [], []
    for method in methods:
        found = perimeter(network, schools, method=method, gates=gates, footprints=footprints, rule_set="strict" if strict else "default", **options)
        summary = school_summary(found, schools, doors=doors, strict=strict)
        city.append(town_figures(found, summary, strict=strict).loc[[""]].assign(method=method))
        found.insert(0, "method", method)
        segments.append(found)
        table = summary.reset_index()
        table.insert(0, "method", method)
        table.insert(2, "name", places["name"].loc[summary.index].to_numpy())
        if "layer" in schools:
            table.insert(2, "layer", schools.set_index("id")["layer"].loc[summary.index].to_numpy())
        by_school.append(gpd.GeoDataFrame(table, geometry=places.geometry.loc[summary.index].to_numpy(), crs=4326))
    whole = gpd.GeoDataFrame(pd.concat(segments, ignore_index=True), geometry="geometry", crs=4326)
    return Compared(whole, gpd.GeoDataFrame(pd.concat(by_school, ignore_index=True), crs=4326), pd.concat(city).set_index("method"), doors)


__all__ = ["Compared", "compared"]
