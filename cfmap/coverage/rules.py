"""Which rules of reach are there, what does each mean in words, and what does it give for a layer."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

import numpy as np

from cfmap.coverage.accesses import accesses
from cfmap.coverage.gates_told import gate_faults
from cfmap.coverage.minutes_grid import minutes_grid
from cfmap.coverage.people import people_within, population_faults
from cfmap.coverage.perimeter import (
    WALL,
    crossing_faults,
    lost_answers,
    matched_crossings,
    outline_faults,
    perimeter_asked,
    perimeter_faults,
    perimeter_words,
    school_doors,
    tag_faults,
)
from cfmap.coverage.reach import reach_from
from cfmap.coverage.safety import thresholds_of
from cfmap.coverage.service_area import BUFFER_M, catchments, reached_streets
from cfmap.coverage.sources import POINT_LIMIT_M, listed, place_sites
from cfmap.geometry.crs import geometries_to_plane, geometry_to_lonlat
from cfmap.geometry.dissolve import dissolve
from cfmap.model import PACES, ConfigError, Coverage, fault
from cfmap.model.schema import OPEN
from cfmap.network.plane import network_crs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import geopandas as gpd
    import pandas as pd

    from cfmap.coverage.sources import Sources
    from cfmap.model import City, Fault, LayerData, Population
    from cfmap.model.survey import Answer
    from cfmap.network import Network

UNKNOWN = "未知"
MINUTES = 15.0  # GB 50180-2018: the circle's time
FIVE_AND_TEN = {300.0: 5.0, 500.0: 10.0}  # GB 50180-2018: metres of the 5- and 10-minute circles
#: Half-hour nature circle: metres in 30 minutes by mode; only walking has a network here.
NATURE_METRES = {"walk": 2000.0}
NATURE_MINUTES = 30.0


class Compute(Protocol):
    """How a rule is asked."""

    def __call__(
        self,
        network: Network,
        data: LayerData,
        population: Population | None,
        towns: gpd.GeoDataFrame | None,
        city: City,
        *,
        gates: gpd.GeoDataFrame | None = None,
        answers: Sequence[Answer] = (),
        crossings: gpd.GeoDataFrame | None = None,
    ) -> Coverage:
        """Reach of one layer; `answers` are what was seen on the streets and `crossings` a department's list, for the rule of perimeters."""


@dataclass(frozen=True)
class Rule:
    """
    A rule of reach.

    Attributes
    ----------
    key
        What layers name in ``coverage``.
    title, title_en
        E.g. "15分钟步行".
    source
        Where threshold and method come from.
    bands
        From the city's settings to the distances drawn (metres, ascending) and the minutes each stands for.
    headline
        The band that the headline share uses, metres.
    define
        From the city's settings to the definition (中文, English): threshold, pace, data, connectors, who is not covered.
    compute
        The reach of a layer; see :class:`Compute`.
    """

    key: str
    title: str
    title_en: str
    source: str
    bands: Callable[[City], dict[float, float]]
    headline: Callable[[City], float]
    define: Callable[[City], tuple[str, str]]
    compute: Compute = field(repr=False)


def _walk_bands(city: City) -> dict[float, float]:
    child = _down_to_ten(PACES[city.walking.child_pace].metres(MINUTES))
    circle = {child: MINUTES, city.walking.beside_m: MINUTES, city.walking.headline_m: MINUTES}
    thin = {metres: minutes for metres, minutes in FIVE_AND_TEN.items() if metres < min(circle)}
    return dict(sorted((thin | circle).items()))


def _walk_words(city: City) -> tuple[str, str]:
    head, beside, pace = city.walking.headline_m, city.walking.beside_m, PACES[city.walking.child_pace]
    child = _down_to_ten(pace.metres(MINUTES))
    zh = (
        f"沿街道走到最近一处不超过 {head:g} 米（15 分钟，{_kmh(head, MINUTES)} 公里/小时），算“走得到”；旁边同时给出 {beside:g} 米"
        f"和{pace.title} {pace.metres_per_second:g} 米/秒的 {child:g} 米。从家到路、从路到门口的直线都计入；不走穿过封闭小区的路，不计等红灯。"
        "只算在用的点位，状态未知的暂时计入；有轮廓的点位从街道与轮廓相交处进入。"
        f"离路超过 {POINT_LIMIT_M:g} 米或没有路相通的居住点另列为“走不到”，不当作距离远。"
        "门槛取自 GB 50180-2018 十五分钟生活圈；图上的面是走得到的街道两旁各 35 米，不是圆圈。"
    )
    en = (
        f"Reached when the nearest site is at most {head:g} m away along streets (15 minutes at {_kmh(head, MINUTES)} km/h); {beside:g} m and "
        f"{child:g} m ({pace.title_en}, {pace.metres_per_second:g} m/s) stand beside it. The straight ways from home to street and from street to door count; "
        "no walking through gated estates, no waiting at signals. Only sites in use count, "
        "for now also those of unknown status; sites with an outline are entered where streets cross it. Homes more than "
        f"{POINT_LIMIT_M:g} m from a street, or without any path, are listed as unreachable, not as far. Threshold: 15-minute circle of GB 50180-2018; "
        "the area drawn is 35 m on both sides of the streets reached, not a circle."
    )
    return zh, en


def _nature_bands(city: City) -> dict[float, float]:
    return {_nature_metres(city): NATURE_MINUTES}


def _nature_metres(city: City) -> float:
    """
    Metres that half an hour gives by the city's mode.

    Raises
    ------
    ConfigError
        E385: by bicycle or bus, for which there is no network.
    """
    if city.walking.nature_mode not in NATURE_METRES:
        raise ConfigError(fault("E385", file="cfmap.toml", column="walking.nature_mode", value=city.walking.nature_mode, mode=city.walking.nature_mode))
    return NATURE_METRES[city.walking.nature_mode]


def _nature_words(city: City) -> tuple[str, str]:
    metres = _nature_metres(city)
    zh = (
        f"步行半小时（{metres:g} 米，{_kmh(metres, NATURE_MINUTES)} 公里/小时）沿街道走到公园、绿地的任一入口，算“走得到”。"
        "入口取登记的大门，或街道与边界相交处；沿边 30 米内有路的，每 50 米算一处可进入。从家到路的直线计入；不走穿过封闭小区的路，不计等红灯。"
        f"离路超过 {POINT_LIMIT_M:g} 米或没有路相通的居住点另列为“走不到”。这里只算步行，骑车和公交没有算；2,000 米是设定的假设，不是标准。"
    )
    en = (
        f"Reached when any entrance of a park or green space is at most {metres:g} m away along streets (half an hour on foot at "
        f"{_kmh(metres, NATURE_MINUTES)} km/h). Entrances are gates on record or places where streets cross the outline; where a street runs within 30 m "
        "beside the edge, every 50 m counts as an entrance. The straight way from home to street counts; no walking through gated estates, no waiting "
        "at signals. "
        f"Homes more than {POINT_LIMIT_M:g} m from a street, or without any path, are listed as unreachable. On foot only, without bicycle or bus; "
        "2,000 m is an assumption, not a standard."
    )
    return zh, en


def _reach_rule(
    network: Network,
    data: LayerData,
    population: Population | None,
    towns: gpd.GeoDataFrame | None,
    city: City,
    *,
    gates: gpd.GeoDataFrame | None = None,
    answers: Sequence[Answer] = (),  # noqa: ARG001 - a rule like the others; reach does not ask how safe a street is
    crossings: gpd.GeoDataFrame | None = None,  # noqa: ARG001
    key: str,
) -> Coverage:
    rule = RULES[key]
    bands = rule.bands(city)
    headline = rule.headline(city)
    speed_kmh = headline / 1000.0 / (bands[headline] / 60.0)
    open_sites, faults = sites_in_use(data)
    doors = accesses(network, open_sites, footprints=data.footprints, gates=gates, open_edge=key == "nature30" or data.layer.group == "play")
    sources = place_sites(network, open_sites, accesses=doors)
    faults += _site_faults(data, sources)
    faults += gate_faults(gates, open_sites, footprints=data.footprints)

    limits = [round(m * 1000) for m in bands]
    travelled = network.travel(sources.snapped, limit_mm=limits[-1])
    points, people, found = _people(network, sources, population, towns, bands=tuple(bands), headline=headline, minutes=bands[headline], speed_kmh=speed_kmh)
    zh, en = rule.define(city)
    return Coverage(
        key=f"{data.layer.key}.{rule.key}",
        layer=data.layer.key,
        rule=rule.key,
        title=f"{data.layer.title} · {rule.title}",
        title_en=f"{data.layer.title_en} · {rule.title_en}",
        definition=zh,
        definition_en=en,
        bands=tuple(bands),
        headline=headline,
        catchment=catchments(
            network, travelled, limits, minutes=list(bands.values()), crs=network_crs(network, setting=city.crs.metres), buffer_m=BUFFER_M, mode="map"
        ),
        streets=reached_streets(network, travelled, sources, limit_mm=limits[-1], speed_kmh=speed_kmh),
        sites=sources.table,
        people=people,
        points=points,
        faults=(*faults, *found),
        minutes=minutes_grid(network, sources, limit_mm=limits[-1], speed_kmh=speed_kmh),
    )


def sites_in_use(data: LayerData) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """Sites that count today: in use, and with a warning (W383) those of unknown status."""
    sites = data.sites[data.sites["status"].isin([OPEN, UNKNOWN])]
    unknown = int(sites["status"].eq(UNKNOWN).sum())
    return sites, [fault("W383", layer=data.layer.title, count=unknown)] if unknown else []


def _site_faults(data: LayerData, sources: Sources) -> list[Fault]:
    table, layer = sources.table, data.layer.title
    found = []
    for status, code in (("far", "W380"), ("off_network", "W381"), ("island", "W382")):
        names = table.loc[table["status"].eq(status), "name"]
        if len(names):
            found.append(fault(code, layer=layer, count=len(names), names=listed(names)))
    if table["status"].eq("off_network").all():
        found.append(fault("W384", layer=layer))
    return found


def _people(
    network: Network,
    sources: Sources,
    population: Population | None,
    towns: gpd.GeoDataFrame | None,
    *,
    bands: tuple[float, ...],
    headline: float,
    minutes: float,
    speed_kmh: float,
) -> tuple[pd.DataFrame, pd.DataFrame, list[Fault]]:
    import pandas as pd

    if population is None:
        return pd.DataFrame(columns=["network_m", "connector_m", "minutes", "site", "status"]).rename_axis("id"), pd.DataFrame(columns=["town"]), []
    table = reach_from(network, sources, population.points.assign(id=population.points.index), minutes=minutes, speed_kmh=speed_kmh)
    off = table["status"].eq("off_network").to_numpy()
    names = population.points["name"] if "name" in population.points else population.points.index.to_series()
    found = [fault("W385", count=int(off.sum()), limit=f"{POINT_LIMIT_M:g}", names=listed(names[off].drop_duplicates()))] if off.any() else []
    people = people_within(table, population, towns, bands=bands, headline=headline)
    return table.set_index("id")[["network_m", "connector_m", "minutes", "site", "status"]], people, [*found, *population_faults(population, towns)]


def _perimeter_rule(
    network: Network,
    data: LayerData,
    population: Population | None,  # noqa: ARG001 - a rule like the others; people do not live on perimeters
    towns: gpd.GeoDataFrame | None,  # noqa: ARG001
    city: City,
    *,
    gates: gpd.GeoDataFrame | None = None,
    answers: Sequence[Answer] = (),
    crossings: gpd.GeoDataFrame | None = None,
) -> Coverage:
    """Stretches round schools as a coverage without people: its ``streets`` are the perimeter's segments."""
    import geopandas as gpd
    import pandas as pd

    rule = RULES["perimeter150"]
    metres = city.walking.perimeter_m
    schools, faults = sites_in_use(data)
    doors, sources = school_doors(network, schools, footprints=data.footprints, gates=gates)
    segments = perimeter_asked(network, data, city, gates=gates, crossings=crossings, answers=answers)
    faults += [
        *_site_faults(data, sources),
        *gate_faults(gates, schools, footprints=data.footprints, network=network),
        *perimeter_faults(segments, schools, metres=metres, doors=doors),
        *tag_faults(network, segments, thresholds=thresholds_of(city)),
        *lost_answers(answers, network, doors),
    ]
    faults += crossing_faults(matched_crossings(network, crossings))
    if city.safety.method == WALL:
        faults += outline_faults(schools, data.footprints)
    zh, en = perimeter_words(city)
    crs = network_crs(network, setting=city.crs.metres)
    area = dissolve(geometries_to_plane(np.array(segments.geometry.values, dtype=object), crs), buffer_m=BUFFER_M, mode="map")
    return Coverage(
        key=f"{data.layer.key}.{rule.key}",
        layer=data.layer.key,
        rule=rule.key,
        title=f"{data.layer.title} · {rule.title}",
        title_en=f"{data.layer.title_en} · {rule.title_en}",
        definition=zh,
        definition_en=en,
        bands=(metres,),
        headline=metres,
        catchment=gpd.GeoDataFrame(
            {"site": ["all"], "metres": [metres], "minutes": [float("nan")]}, geometry=[geometry_to_lonlat(area.geometry, crs)], crs=4326
        ),
        streets=segments.rename(columns={"school": "site"}).assign(minutes=float("nan")),
        sites=sources.table,
        people=pd.DataFrame(columns=["town"]),
        points=pd.DataFrame(columns=["network_m", "connector_m", "minutes", "site", "status"]).rename_axis("id"),
        faults=tuple(faults),
    )


def _down_to_ten(metres: float) -> float:
    """792 m is published as 790 m: rounded down, so that nobody is promised more than the pace gives."""
    return float(round(metres, 3) // 10 * 10)


def _kmh(metres: float, minutes: float) -> str:
    return f"{metres / minutes * 60 / 1000:.1f}"


#: Rules by key, as layers name them in ``coverage``.
RULES: dict[str, Rule] = {
    rule.key: rule
    for rule in (
        Rule(
            "walk15",
            "15分钟步行",
            "15 minutes on foot",
            "GB 50180-2018, 15-minute circle 800-1,000 m",
            _walk_bands,
            lambda city: city.walking.headline_m,
            _walk_words,
            partial(_reach_rule, key="walk15"),
        ),
        Rule(
            "nature30",
            "半小时自然圈",
            "half an hour to nature",
            "half-hour nature circle; 2,000 m on foot is a setting",
            _nature_bands,
            _nature_metres,
            _nature_words,
            partial(_reach_rule, key="nature30"),
        ),
        Rule(
            "perimeter150",
            "学校周边道路",
            "streets round schools",
            "GA/T 1215-2014, at least 150 m",
            lambda city: {city.walking.perimeter_m: float("nan")},
            lambda city: city.walking.perimeter_m,
            perimeter_words,
            _perimeter_rule,
        ),
    )
}
