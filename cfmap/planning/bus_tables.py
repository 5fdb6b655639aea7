"""What stands in a table of walking buses: a row for each line, each stop, each school."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.planning.walking_bus import REASONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

    from cfmap.planning.walking_bus import Line, SchoolPlan

#: Columns with numbers of children, or made of them.
OF_CHILDREN = ("children", "adults")
#: These, and what is the matter with a street on the way: of lines the public has places and times alone.
INSIDE = (*OF_CHILDREN, "worst_level", "worst")
LINES = ("id", "name", "kind", "school_id", "school", "number", "stops", "length_m", "minutes", "leaves", "worst_level", "worst", *OF_CHILDREN)
STOPS = ("id", "name", "name_en", "line_id", "line", "school", "order", "leaves", "to_school_m", "children")
SCHOOLS = ("school_id", "school", "lines", "children", "served", *REASONS, "proven", "more")


def lines_frame(lines: Sequence[Line], *, public: bool) -> gpd.GeoDataFrame:
    """
    A row for each line, EPSG:4326; those of :data:`INSIDE` in the house alone.

    ``id, name, kind, school, length_m`` are columns of the layer ``safe_routes``, so that the table can be one of its sources.
    """
    import geopandas as gpd

    rows = [
        {
            "id": x.id, "name": title(x), "kind": "步行巴士", "school_id": x.school, "school": x.school_name, "number": x.number, "stops": len(x.stops),
            "length_m": round(x.mm / 1000), "minutes": x.takes, "leaves": x.stops[0].leaves,
            "worst_level": x.watch[0].level if x.watch else 1, "worst": f"{x.watch[0].place}：{x.watch[0].why}" if x.watch else "",
            "children": x.children, "adults": x.adults,
        }
        for x in lines
    ]  # fmt: skip
    return gpd.GeoDataFrame(rows, columns=_columns(LINES, public=public), geometry=[x.geometry for x in lines], crs=4326)


def stops_frame(lines: Sequence[Line], *, public: bool) -> gpd.GeoDataFrame:
    """A row for each stop of each line, EPSG:4326, at its junction; ``children`` (at least 3) in the house alone."""
    import geopandas as gpd

    rows = [
        {
            "id": f"{x.id}/{n}", "name": s.name, "name_en": s.name_en, "line_id": x.id, "line": title(x), "school": x.school_name, "order": n,
            "leaves": s.leaves, "to_school_m": round(s.to_school_mm / 1000), "children": s.children,
        }
        for x in lines
        for n, s in enumerate(x.stops, start=1)
    ]  # fmt: skip
    where = gpd.points_from_xy([s.lon for x in lines for s in x.stops], [s.lat for x in lines for s in x.stops])
    return gpd.GeoDataFrame(rows, columns=_columns(STOPS, public=public), geometry=where, crs=4326)


def schools_frame(plans: Sequence[SchoolPlan]) -> pd.DataFrame:
    """A row for each school that children named: lines, who is served, and on no line by reason (:data:`cfmap.planning.walking_bus.REASONS`)."""
    import pandas as pd

    rows = [
        {"school_id": p.school, "school": p.name, "lines": len(p.lines), "children": p.children, "served": sum(x.children for x in p.lines)}
        | {reason: p.unserved.get(reason, 0) for reason in REASONS}
        | {"proven": p.proven, "more": p.more}
        for p in plans
    ]
    return pd.DataFrame(rows, columns=list(SCHOOLS))


def title(line: Line) -> str:
    """What a line is called."""
    return f"{line.school_name}步行巴士{line.number}号线"


def _columns(names: Sequence[str], *, public: bool) -> list[str]:
    return [n for n in names if not (public and n in INSIDE)]
