"""Single questions asked of files, without a city project: service areas, reach, school perimeters, datums."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cfmap.model import InputError, fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd
    import pandas as pd

    from cfmap.model import Fault
    from cfmap.model.messages import Lang

    Answer = tuple[Path, list[tuple[str, str]], list[Fault]]

SCHOOLS, KINDERGARTENS, GATES = "schools", "kindergartens", "school_gates"
ON_OUTLINE = 1e-6  # degrees, 0.1 m: a mapped gate is a corner of its school's outline
OSM = "osm"  # schools are taken from the network file itself
STATUSES = {
    "ok": "正常", "far": "离街道 50 米以上", "island": "在断开的街道上", "off_network": "离街道太远",
    "reached": "走得到", "beyond": "超过时间", "unreachable": "没有路走到",
}  # fmt: skip


class Around(NamedTuple):
    """What a look at the streets round schools gave: the file, lines about it, figures to print and for programs, and faults."""

    out: Path
    lines: list[tuple[str, str]]
    printed: list[tuple[str, str]]
    figures: list[dict[str, Any]]
    faults: list[Fault]


def coverage(network: Path, sites: Path, *, minutes: Sequence[float], speed_kmh: float, datum: str, out: Path, exact: bool = False) -> Answer:
    """
    Service areas of the sites in a table: layers ``streets``, ``catchment``, ``sites`` of a GeoPackage.

    Parameters
    ----------
    network
        Any file that :meth:`cfmap.network.Network.from_file` reads.
    sites
        Table or GIS file with ``id, lon, lat``.
    minutes, speed_kmh, datum
        Bands, pace, and datum of the sites.
    out
        GeoPackage to write; replaced only when all went well.
    exact
        Unite widened streets instead of drawing the contour of a grid; the lines then say how far the two are apart.

    Returns
    -------
    out, lines, faults
        The file, lines to print as (Chinese, English), and what was found on the way.

    Raises
    ------
    CfmapError
        The input cannot be used or the output not written.
    """
    from cfmap.coverage.service_area import area_difference, service_area
    from cfmap.intake.points import read_points
    from cfmap.network import Network

    _expect(out, (".gpkg",))
    streets = Network.from_file(_existing(network), cache=True)
    table, faults = read_points(_existing(sites), datum=datum)
    area = service_area(streets, table, minutes=minutes, speed_kmh=speed_kmh, mode="exact" if exact else "map")
    _write_layers(out, {"streets": area.streets, "catchment": area.catchment, "sites": area.sites})
    km = area.streets.geometry.to_crs(area.streets.estimate_utm_crs()).length.sum() / 1000 if len(area.streets) else 0.0
    longest = f"{max(minutes):g}"
    lines = [
        _counted("点位", "sites", area.sites["status"]),
        (f"{longest} 分钟内的街道：{km:.1f} 公里", f"streets within {longest} min: {km:.1f} km"),
    ]
    if exact:
        drawn = service_area(streets, table, minutes=minutes, speed_kmh=speed_kmh, mode="map")
        for row in area_difference(area.catchment, drawn.catchment).itertuples():
            apart = f"{row.minutes:g}", f"{row.exact_km2:.3f}", f"{row.area:+.2%}", f"{row.symmetric:.2%}"
            lines.append(
                (
                    "{} 分钟范围：{} 平方公里；不加 --exact 画出来大小相差 {}，只在其中一个里的地面占 {}".format(*apart),
                    "area within {} min: {} km²; drawn without --exact {}, ground in one of them only {}".format(*apart),
                )
            )
    return out, lines, [*streets.faults, *faults]


def reach(network: Path, sites: Path, points: Path, *, minutes: float, speed_kmh: float, datum: str, out: Path) -> Answer:
    """
    For every point its nearest site: the columns of :func:`cfmap.coverage.reach` as CSV, workbook or GeoPackage.

    Parameters, returns and errors as :func:`coverage`; `out` ends in ``.csv`` (UTF-8 with BOM), ``.xlsx`` or ``.gpkg``.
    """
    from cfmap.coverage import reach as reach_of
    from cfmap.intake.points import read_points
    from cfmap.network import Network

    _expect(out, (".csv", ".xlsx", ".gpkg"))
    streets = Network.from_file(_existing(network), cache=True)
    where, faults = read_points(_existing(sites), datum=datum)
    who, more = read_points(_existing(points), datum=datum)
    table = reach_of(streets, where, who, minutes=minutes, speed_kmh=speed_kmh)
    if out.suffix.lower() == ".gpkg":
        _write_layers(out, {"reach": who[["geometry"]].join(table)})
    else:
        _write_table(out, table)
    return out, [_counted("地点", "points", table["status"])], [*streets.faults, *faults, *more]


def perimeter(
    network: Path,
    schools: str,
    *,
    gates: Path | None,
    metres: float,
    datum: str,
    out: Path,
    method: str = "network",
    ring_m: float = 0.0,
    strict: bool = False,
    crossings: Path | None = None,
) -> Around:
    """
    Street segments round schools: layers ``perimeter``, ``schools`` (figures) and ``gates`` of a GeoPackage.

    Parameters
    ----------
    schools
        A table or GIS file (points or areas), or ``"osm"`` for schools and kindergartens of the network file; then gates on
        their outlines are taken from it too, for schools that `gates` has none for.
    method
        As :func:`cfmap.coverage.perimeter.perimeter`, or ``all``: every method, side by side.
    ring_m
        Outer limit of a ring round the perimeter; 0 = none.
    strict
        Judge by the strict set of rules.
    crossings
        Table of the bureau's 爱心斑马线.

    Returns
    -------
    around
        The file, lines to print, what was found on the way, and the figures per school and method. Errors as :func:`coverage`.
    """
    from cfmap.coverage.perimeter import METHODS, WALL, compared, crossing_faults, matched_crossings, outline_faults, perimeter_faults
    from cfmap.coverage.perimeter.spoken import spoken
    from cfmap.intake.points import read_points
    from cfmap.network import Network

    _expect(out, (".gpkg",))
    streets = Network.from_file(_existing(network), cache=True)
    faults: list[Fault] = []
    footprints: gpd.GeoSeries | None = None
    mapped: gpd.GeoDataFrame | None = None
    if schools == OSM:
        table, footprints, mapped = _schools_of(network)
    else:
        table, faults = read_points(_existing(Path(schools)), datum=datum)
    given: list[gpd.GeoDataFrame | None] = [None, None]
    for place, path in enumerate((gates, crossings)):
        if path is not None:
            given[place], more = read_points(_existing(path), datum=datum)
            faults += more
    doors = _gates(given[0], mapped, table, footprints)
    chosen = [m for m in METHODS if method in (m, "all")]
    found = compared(streets, table, chosen, metres=metres, ring_m=ring_m or None, gates=doors, footprints=footprints, strict=strict, crossings=given[1])
    _write_layers(out, {"perimeter": found.segments, "schools": found.schools, "gates": found.doors})
    first = found.segments[found.segments["method"].eq(chosen[0])]
    faults += crossing_faults(matched_crossings(streets, given[1]))
    faults += perimeter_faults(first, table, metres=metres, doors=found.doors)
    if WALL in chosen:
        faults += outline_faults(table, footprints)
    lines, printed = spoken(found, metres=metres)
    figures = found.schools.drop(columns="geometry").astype(object).where(found.schools.drop(columns="geometry").notna(), None)
    return Around(out, lines, printed, figures.to_dict("records"), [*streets.faults, *faults])


def routes(
    network: Path, schools: str, origins: Path, *, gates: Path | None, bureau: Path | None, cap: float, limit_m: float, shared: float, datum: str, out: Path
) -> Answer:
    """
    Safe routes to school: layers ``proposed``, ``routes`` and, with routes on record, ``compared`` of a GeoPackage.

    Parameters
    ----------
    schools
        As :func:`perimeter`; a column ``stage`` (学段) says which ages a school takes.
    origins
        Communities or cells with a column for each age band, as :func:`people`; never homes.
    bureau
        GIS file of the bureau's own routes.
    cap, limit_m, shared
        As :func:`cfmap.planning.routes.safe_routes`.

    Returns
    -------
    out, lines, faults
        As :func:`coverage`, and errors too.
    """
    from cfmap.intake.points import read_points
    from cfmap.intake.population import read_people
    from cfmap.network import Network
    from cfmap.planning.compare import compare
    from cfmap.planning.routes import safe_routes
    from cfmap.planning.spoken import spoken

    _expect(out, (".gpkg",))
    streets = Network.from_file(_existing(network), cache=True)
    faults: list[Fault] = []
    footprints: gpd.GeoSeries | None = None
    mapped: gpd.GeoDataFrame | None = None
    if schools == OSM:
        table, footprints, mapped = _schools_of(network)
    else:
        table, faults = read_points(_existing(Path(schools)), datum=datum)
        table = table.rename(columns={"学段": "stage", "名称": "name"})
    given: list[gpd.GeoDataFrame | None] = [None, None]
    for place, path in enumerate((gates, bureau)):
        if path is not None:
            given[place], more = read_points(_existing(path), datum=datum)
            faults += more
    people = read_people(_existing(origins), datum=datum)
    doors = _gates(given[0], mapped, table, footprints)
    found = safe_routes(
        streets, table, people.points.rename_axis("id").reset_index(), gates=doors, footprints=footprints, cap=cap, limit_m=limit_m, shared=shared
    )
    layers = {"proposed": found.proposed, "routes": found.routes}
    beside = None
    if given[1] is not None:
        beside = compare(found.arcs, given[1].rename(columns={"名称": "name"}), found.proposed)
        layers["compared"] = beside.parts
        faults += beside.faults
    _write_layers(out, layers)
    return out, spoken(found, beside), [*streets.faults, *faults, *people.faults, *found.faults]


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
    from cfmap.coverage.people_range import people_range
    from cfmap.coverage.people_words import fitness, told, without_small
    from cfmap.intake.outline import read_outline
    from cfmap.intake.points import read_places
    from cfmap.intake.population import read_people
    from cfmap.model.schema import age_bands
    from cfmap.network import Network

    if out is not None:
        _expect(out, (".csv", ".xlsx"))
    bands = age_bands(age)
    streets = Network.from_file(_existing(network), cache=True)
    places = read_places(_existing(sites), datum=datum)
    towns = None if by is None else read_outline(_existing(by), datum=datum)
    found = read_people(_existing(population), datum=datum, towns=towns, areas=True)
    missing = [b for b in bands if b not in found.points]
    if missing:
        raise InputError(
            fault("E389", file=population.name, age=age, missing="、".join(missing), known="、".join(c for c in found.points if c.startswith("pop_")))
        )
    children = found.points.assign(children=found.points[list(bands)].sum(axis=1, min_count=len(bands)))
    table = people_range(streets, places.points, children, count="children", towns=towns, unlocated=_towns_of(places.unlocated, towns))
    shown = without_small(table) if public else table
    if out is not None:
        _write_table(out, shown.assign(town=shown["town"].replace({"": "合计"})))
    card = fitness(streets, places.points, children)
    return out, list(told(shown, card, age=age, source=population.name, public=public, lang=lang)), shown, [*streets.faults, *places.faults, *found.faults]


def severance(
    network: Path, schools: str, origins: Path, *, age: str, gates: Path | None, datum: str, out: Path
) -> tuple[Path, list[tuple[str, str]], list[Fault], dict[str, object]]:
    """
    Where children cross main roads, railways and water on the way to school: layers ``severance``, ``origins`` and ``schools`` of a GeoPackage.

    Parameters
    ----------
    network, gates, datum, out
        As :func:`perimeter`.
    schools
        Table or GIS file, or ``"osm"``.
    origins
        As the population of :func:`people`; a column 对口学校 names the school of a row.
    age
        As in :func:`people`.

    Returns
    -------
    out, lines, faults, facts
        Facts: ``children`` with a walk, ``low`` and ``high`` of those that cross without help, ``crossings``.
    """
    from cfmap.coverage.people import population_faults
    from cfmap.coverage.severance import children_by_state
    from cfmap.coverage.severance import severance as severance_in
    from cfmap.coverage.sources import POINT_LIMIT_M, listed
    from cfmap.intake.points import read_points
    from cfmap.intake.population import read_people
    from cfmap.model.schema import age_bands
    from cfmap.network import Network
    from cfmap.network.obstacles import read_obstacles
    from cfmap.network.osm import file_kind

    _expect(out, (".gpkg",))
    bands = age_bands(age)
    streets = Network.from_file(_existing(network), cache=True)
    faults: list[Fault] = []
    given = mapped = footprints = None
    if schools == OSM:
        table, footprints, mapped = _schools_of(network)
        table = table[table["layer"].eq(SCHOOLS)]
    else:
        table, faults = read_points(_existing(Path(schools)), datum=datum)
    if gates is not None:
        given, more = read_points(_existing(gates), datum=datum)
        faults += more
    doors = _gates(given, mapped, table, footprints)
    homes = read_people(_existing(origins), datum=datum, areas=True)
    if missing := [b for b in bands if b not in homes.points]:
        known = "、".join(c for c in homes.points if c.startswith("pop_"))
        raise InputError(fault("E389", file=origins.name, age=age, missing="、".join(missing), known=known))
    obstacles = read_obstacles(network) if file_kind(network) == "osm" else None
    found = severance_in(streets, table, homes.points, obstacles=obstacles, children=bands, gates=doors, footprints=footprints)
    off = found.origins.index[found.origins["status"].eq("off_network")]
    far = [fault("W385", count=len(off), limit=f"{POINT_LIMIT_M:g}", names=listed(off))] if len(off) else []
    _write_layers(out, {"severance": found.crossings, "origins": found.origins.reset_index(), "schools": table})
    city = children_by_state(found.origins).iloc[-1].to_dict()
    low, high = float(city["unsafe"]), float(city["unsafe"] + city["unknown"])
    walkers = float(city["safe"]) + high
    open_ = int(found.crossings["rank"].notna().sum())
    lines = [
        (
            f"有路走到学校的儿童：{walkers:,.0f} 人；过街没有设施的：{low:,.0f}–{high:,.0f} 人",
            f"children with a walk: {walkers:,.0f}; without help: {low:,.0f}-{high:,.0f}",
        ),
        (f"过街点：{len(found.crossings)} 处，没有设施或没有资料的 {open_} 处", f"crossings: {len(found.crossings)}, {open_} without known help"),
    ]
    facts: dict[str, object] = {"children": walkers, "low": low, "high": high, "crossings": len(found.crossings), "without_known_help": open_}
    return out, lines, [*streets.faults, *faults, *homes.faults, *population_faults(homes), *far, *found.faults], facts


def convert(path: Path, out: Path, *, source: str, target: str) -> Answer:
    """
    A table or GIS file in another datum; other cells stay as they are.

    Returns and errors as :func:`coverage`.
    """
    from cfmap.intake import convert_file

    _existing(path)
    return out, [], convert_file(path, out, source=source, target=target)


def _schools_of(network: Path) -> tuple[gpd.GeoDataFrame, gpd.GeoSeries, gpd.GeoDataFrame]:
    """Schools and kindergartens of an OpenStreetMap file, their outlines, and the gates mapped on these."""
    import pandas as pd

    from cfmap.intake.osm import OsmExtract
    from cfmap.model.layers import standard_layers

    layers = standard_layers()
    wanted = [layers[key] for key in (SCHOOLS, KINDERGARTENS)]
    extract = OsmExtract.read(network, [*wanted, layers[GATES]])
    places = [extract.features(layer) for layer in wanted]
    table = pd.concat([p for p in places if len(p)] or places[:1], ignore_index=True).drop_duplicates("id")
    outlines = pd.concat([extract.footprints(layer) for layer in wanted])
    return table, outlines[~outlines.index.duplicated()], extract.features(layers[GATES])


def _gates(
    given: gpd.GeoDataFrame | None, mapped: gpd.GeoDataFrame | None, schools: gpd.GeoDataFrame, footprints: gpd.GeoSeries | None
) -> gpd.GeoDataFrame | None:
    """Gates on record; for schools that have none there, those mapped on their own outlines."""
    import geopandas as gpd
    import pandas as pd
    import shapely

    from cfmap.coverage.accesses import match_gates

    if mapped is None or footprints is None or not len(mapped):
        return given
    known = set() if given is None or not len(given) else set(match_gates(given, schools, footprints=footprints).dropna())
    bare = footprints[~footprints.index.isin(known)]
    outline, gate = shapely.STRtree(mapped.geometry.to_numpy()).query(bare.boundary.to_numpy(), predicate="dwithin", distance=ON_OUTLINE)
    own = mapped[["id", "name", "geometry"]].iloc[gate].assign(school=bare.index[outline]).drop_duplicates("id")
    return gpd.GeoDataFrame(pd.concat([own] if given is None else [given, own], ignore_index=True), geometry="geometry", crs=4326)


def _towns_of(unlocated: pd.DataFrame, towns: gpd.GeoDataFrame | None) -> dict[str, int]:
    """How many sites without coordinates each town has; under "" those that name no known town."""
    from cfmap.intake.headers import find
    from cfmap.model.schema import SITE_FIELDS

    headers = next((f.key, f.title, *f.synonyms) for f in SITE_FIELDS if f.key == "town")
    column = next(iter(find(list(unlocated.columns), headers)), None)
    named = [""] * len(unlocated) if column is None else [str(v).strip() for v in unlocated.iloc[:, column]]
    known = None if towns is None else set(towns["name"])
    keys = [name if known is None or name in known else "" for name in named]
    return {key: keys.count(key) for key in dict.fromkeys(keys)}


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise InputError(fault("E494", file=str(path), detail=str(path.parent)))
    return path


def _expect(out: Path, suffixes: tuple[str, ...]) -> None:
    """Refuse an output of another kind, or in a folder that is not there, before any work."""
    if out.suffix.lower() not in suffixes:
        raise InputError(fault("E497", file=str(out), known=" ".join(suffixes)))
    if not out.parent.is_dir():
        raise InputError(fault("E494", file=str(out.parent), detail=str(out.parent)))


def _write_layers(out: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    with _whole(out) as part:
        for name, frame in layers.items():
            frame.to_file(part, layer=name, driver="GPKG", engine="pyogrio", VERSION="1.3")


def _write_table(out: Path, table: pd.DataFrame) -> None:
    with _whole(out) as part:
        if out.suffix.lower() == ".csv":
            table.to_csv(part, index=False, encoding="utf-8-sig", float_format="%.3f")
        else:
            table.to_excel(part, index=False, engine="xlsxwriter", engine_kwargs={"options": {"strings_to_formulas": False, "strings_to_urls": False}})


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """A path to write to that takes the output's place at the end; what writers raise about the disk becomes a message."""
    from cfmap.network.atomic import replacing
    from cfmap.publish.files import explain

    with replacing(out) as part:
        try:
            yield part
        except Exception as error:
            if (known := explain(error, out.parent, needed=0)) is None:
                raise
            raise known from None


def _counted(zh: str, en: str, status: pd.Series) -> tuple[str, str]:
    counts = status.value_counts().to_dict()
    return (
        f"{zh}：{len(status)}（{'，'.join(f'{STATUSES[str(s)]} {n}' for s, n in counts.items())}）",
        f"{en}: {len(status)} ({', '.join(f'{s} {n}' for s, n in counts.items())})",
    )
