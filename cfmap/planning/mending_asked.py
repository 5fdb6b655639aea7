"""The mending list as the settings ask for it: for the command, and as tables of an edition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cfmap.coverage.perimeter import COVERED_WORDS, KINDERGARTENS, doors_of, school_doors, sites_of
from cfmap.coverage.perimeter.table import in_use
from cfmap.model.mending import Mending
from cfmap.planning.heads import Heads, heads_of, on_roll
from cfmap.planning.mending import actions
from cfmap.planning.mending_words import SPARE, road_words, state_words, where_words, work_words
from cfmap.planning.stand import steps

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from cfmap.model import City, LayerData, Population
    from cfmap.network import Network
    from cfmap.planning.mending import Action
    from cfmap.planning.stand import Stand

SMALL = "pop_3_5"  # who goes to kindergarten


@dataclass(frozen=True, eq=False)
class Ranked:
    """
    The list, with what is needed to speak of it.

    Attributes
    ----------
    actions
        As :func:`cfmap.planning.mending.actions` ranks them.
    heads
        Children of each school.
    steps
        As :func:`cfmap.planning.stand.steps` counts them.
    sites
        Name and place of each school.
    doors
        Gates of the schools.
    """

    actions: tuple[Action, ...]
    heads: Heads
    steps: tuple[tuple[int, Stand], ...]
    sites: Mapping[str, tuple[str, Any]]
    doors: gpd.GeoDataFrame


def ranked_asked(
    network: Network,
    layers: Mapping[str, LayerData],
    around: gpd.GeoDataFrame,
    population: Population | None,
    city: City,
    *,
    gates: Mapping[str, gpd.GeoDataFrame | None],
) -> Ranked:
    """
    Rank what schools and kindergartens need.

    Parameters
    ----------
    layers, gates
        From :func:`cfmap.coverage.perimeter.scored` and :func:`cfmap.coverage.perimeter.gates_of`.
    around
        Stretches round them as the settings judge them; those of other places are left out.
    """
    settings, used = city.safety, sites_of(layers)
    doors = doors_of(network, layers, gates)
    mine = around[around["school"].isin(used["id"])]
    heads = Heads(on_roll(used), _nearest(network, layers, population, gates=gates, limit_m=settings.route_m))
    found = actions(mine, used, roads=_roads(network), rule_set=settings.rule_set, covered=settings.covered, heads=heads)
    counted = steps(mine, used, found, rule_set=settings.rule_set, covered=settings.covered, doors=doors)
    sites = {str(key): (str(name), place) for key, name, place in zip(used["id"], used["name"], used.geometry, strict=True)}
    return Ranked(tuple(found), heads, tuple(counted), sites, doors)


def _nearest(
    network: Network,
    layers: Mapping[str, LayerData],
    population: Population | None,
    *,
    gates: Mapping[str, gpd.GeoDataFrame | None],
    limit_m: float,
) -> dict[str, float]:
    """Children whose nearest school it is, and small ones whose nearest kindergarten."""
    found: dict[str, float] = {}
    for key, data in layers.items():
        own = in_use(data.sites)
        if len(own):
            _, sources = school_doors(network, own, footprints=data.footprints, gates=gates.get(key))
            found |= heads_of(network, own, sources, population, limit_m=limit_m, column=SMALL if key == KINDERGARTENS else "").children
    return found


def mending_asked(
    network: Network,
    layers: Mapping[str, LayerData],
    around: gpd.GeoDataFrame | None,
    population: Population | None,
    city: City,
    *,
    gates: Mapping[str, gpd.GeoDataFrame | None],
) -> Mending | None:
    """The list of an edition, with the layers of :func:`ranked_asked`; None without a site in use."""
    if around is None or not layers or not len(sites_of(layers)):
        return None
    return _tables(ranked_asked(network, layers, around, population, city, gates=gates), city)


def _tables(found: Ranked, city: City) -> Mending:
    import geopandas as gpd
    import pandas as pd

    rows, safe = [], found.steps[0][1].interval()[2]
    for rank, a in enumerate(found.actions, start=1):
        (work, work_en), (road, road_en), (where, where_en), (state, state_en) = work_words(a), road_words(a), where_words(a, found.sites), state_words(a)
        safe += len(a.turned)
        row: dict[str, object] = {"rank": rank, "item": a.item, "work": work, "work_en": work_en, "road": road, "road_en": road_en}
        row |= {"where": where, "where_en": where_en, "metres": round(a.metres, 1), "known": a.known, "state": state, "state_en": state_en}
        row |= {"schools": ";".join(a.schools), "alone": ";".join(a.alone), "turned": ";".join(a.turned), "safe": safe, "spare": a.spare}
        for which, ids in (("", a.schools), ("alone_", a.alone)):
            row[f"{which}pupils"], row[f"{which}pupils_unknown"] = found.heads.on_roll(ids)
            row[f"{which}children"], row[f"{which}children_unknown"] = found.heads.nearest(ids)
        rows.append(row | {"subjects": ";".join(p.subject for p in a.places)})
    columns = list(rows[0]) if rows else ["rank", "schools"]
    listed = gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry=[a.shape for a in found.actions], crs=4326)
    names = ("actions", "lower", "upper", "safe", "perhaps", "schools")
    curve = pd.DataFrame([dict(zip(names, (k, *stand.interval()), strict=True)) for k, stand in found.steps], columns=list(names))
    return Mending(listed, curve, *definitions(city))


def definitions(city: City) -> tuple[str, str]:
    """How the list is ranked and counted, Chinese and English."""
    covered, covered_en = COVERED_WORDS[city.safety.covered]
    metres = f"{city.safety.route_m:g}"
    last, last_en = (f"“{SPARE[0]}”的排在最后。", " What can be left out stands last.") if city.safety.covered == "length" else ("", "")
    zh = (
        f"{covered}。排序：前面的都做了，下一条总是能让最多孩子的学校变成安全的那一条；一样多的，先排占各校所缺最多的。{last}"
        f"在校生是学校上报的人数，幼儿园的是在园幼儿；"
        f"就近儿童是人口表里 6–14 岁（幼儿园是 3–5 岁）、走路 {metres} 米以内、最近的收这个年龄的学校（幼儿园）是它的人数（学籍和学区不在数据里）。"
        "排序用在校生，没有上报的用就近儿童，两样都没有的按其他学校的中位数。没有资料不等于不安全：先去看，可能不用花钱。"
        "前后对照是把这些条当作已经做好，按同一张规则表重新算的。"
    )
    en = (
        f"{covered_en[0].upper()}{covered_en[1:]}. Order: with all before it done, the next action is always the one that makes the schools of most children "
        f"safe; of equal ones the largest part of what schools lack.{last_en} Pupils are as the school reports them, "
        f"of a kindergarten its children; nearest children are residents aged 6-14 "
        "(3-5 of kindergartens) "
        f"within {metres} m on foot whose nearest school for their age it is (catchment areas are not in the data). The order goes by pupils, else by nearest "
        "children, else by the median of the other schools. Not known is not unsafe: look first, it may cost nothing. Before and after are judged by the same "
        "rules as if these were done."
    )
    return zh, en


def _roads(network: Network) -> dict[int, str]:
    tags = network.way_tags
    return {} if "name" not in tags else {way: name for way, name in zip(tags.index.tolist(), tags["name"], strict=True) if isinstance(name, str)}


__all__ = ["Ranked", "definitions", "mending_asked", "ranked_asked"]
