"""The mending list as the settings ask for it: for the command, and as tables of an edition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cfmap.coverage.perimeter import KINDERGARTENS, doors_of, school_doors, sites_of
from cfmap.coverage.perimeter.table import in_use
from cfmap.model.mending import Mending
from cfmap.model.schema import AGES_OF
from cfmap.planning.budget import buy
from cfmap.planning.heads import Heads, heads_of, on_roll
from cfmap.planning.mending import actions, needed, weights_of
from cfmap.planning.mending_costs import cost_table
from cfmap.planning.mending_definition import definitions
from cfmap.planning.mending_words import first_words, road_words, state_words, where_words, work_words
from cfmap.planning.prices import cost_of, costs_of, priced
from cfmap.planning.stand import steps

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from cfmap.model import City, LayerData, Population
    from cfmap.network import Network
    from cfmap.planning.budget import Purchase
    from cfmap.planning.mending import Action
    from cfmap.planning.stand import Stand

(SMALL,) = AGES_OF[KINDERGARTENS]


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
    segments, used
        Stretches round the schools, and the schools.
    yuan
        Of each action by its place in the list, from 0; those without a price are left out.
    """

    actions: tuple[Action, ...]
    heads: Heads
    steps: tuple[tuple[int, Stand], ...]
    sites: Mapping[str, tuple[str, Any]]
    doors: gpd.GeoDataFrame
    segments: gpd.GeoDataFrame
    used: gpd.GeoDataFrame
    yuan: Mapping[int, float]

    @property
    def towns(self) -> dict[str, str]:
        """Town of each school, "" where it is not known."""
        return {str(key): town if isinstance(town, str) else "" for key, town in zip(self.used["id"], self.used["town"], strict=True)}


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
    found = actions(mine, used, roads=_roads(network), rule_set=settings.rule_set, covered=settings.covered, heads=heads, rules=settings.mending)
    counted = steps(mine, used, found, rule_set=settings.rule_set, covered=settings.covered, doors=doors)
    sites = {str(key): (str(name), place) for key, name, place in zip(used["id"], used["name"], used.geometry, strict=True)}
    return Ranked(tuple(found), heads, tuple(counted), sites, doors, mine, used, costs_of(found, settings.mending.prices))


def bought_asked(found: Ranked, city: City, budget: float) -> tuple[Purchase, tuple[tuple[int, Stand], ...]]:
    """What a budget of so many yuan buys of the list, by numbers from 0; and how safe it is before and after."""
    settings = city.safety
    models = needed(found.segments, found.actions, rule_set=settings.rule_set, covered=settings.covered, yuan=found.yuan)
    bought = buy(models, weights_of(models, found.heads, settings.mending), found.yuan, budget)
    chosen = [found.actions[n] for n in sorted(bought.actions)]
    stands = steps(found.segments, found.used, chosen, rule_set=settings.rule_set, covered=settings.covered, doors=found.doors, at=())
    return bought, tuple(stands) if chosen else ((0, stands[0][1]), (0, stands[0][1]))


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

    prices, rows, safe = city.safety.mending.prices, [], found.steps[0][1].interval()[2]
    with_costs = priced(prices)
    for rank, a in enumerate(found.actions, start=1):
        (work, work_en), (road, road_en), (where, where_en), (state, state_en) = work_words(a), road_words(a), where_words(a, found.sites), state_words(a)
        safe += len(a.turned)
        row: dict[str, object] = {"rank": rank, "item": a.item, "work": work, "work_en": work_en, "road": road, "road_en": road_en}
        row |= {"where": where, "where_en": where_en, "metres": round(a.metres, 1), "known": a.known, "state": state, "state_en": state_en}
        row |= {"schools": ";".join(a.schools), "alone": ";".join(a.alone), "turned": ";".join(a.turned), "safe": safe, "spare": a.spare}
        for which, ids in (("", a.schools), ("alone_", a.alone)):
            row[f"{which}pupils"], row[f"{which}pupils_unknown"] = found.heads.on_roll(ids)
            row[f"{which}children"], row[f"{which}children_unknown"] = found.heads.nearest(ids)
        if with_costs:
            cost = cost_of(a, prices)
            zh, en = ("", "") if cost is None else cost.words
            quantity, price, yuan = (float("nan"),) * 3 if cost is None else (cost.quantity, cost.price, cost.yuan)
            row |= {"quantity": quantity, "price": price, "yuan": yuan, "sum": zh, "sum_en": en}
        rows.append(row | {"subjects": ";".join(p.subject for p in a.places)})
    columns = list(rows[0]) if rows else ["rank", "schools"]
    listed = gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry=[a.shape for a in found.actions], crs=4326)
    names = ("actions", "lower", "upper", "safe", "perhaps", "schools")
    curve = pd.DataFrame([dict(zip(names, (k, *stand.interval()), strict=True)) for k, stand in found.steps], columns=list(names))
    safe_by = [[school for a in found.actions[:k] for school in a.turned] for k in curve["actions"]]
    for who, count in (("pupils", found.heads.on_roll), ("children", found.heads.nearest)):
        curve[who], curve[f"{who}_unknown"] = zip(*(count(ids) if ids else (0.0, 0) for ids in safe_by), strict=True)
    words = (*definitions(city), *first_words(found.actions, found.heads, found.sites, yuan=found.yuan))
    if not with_costs:
        return Mending(listed, curve, *words)
    spent = [[found.yuan[n] for n in range(k) if n in found.yuan] for k in curve["actions"]]
    curve = curve.assign(yuan=[round(sum(each), 2) for each in spent], unpriced=[k - len(each) for k, each in zip(curve["actions"], spent, strict=True)])
    called = {key: name for key, (name, _) in found.sites.items()}
    return Mending(listed, curve, *words, cost_table(found.actions, found.yuan, found.heads, called, found.towns))


def _roads(network: Network) -> dict[int, str]:
    tags = network.way_tags
    return {} if "name" not in tags else {way: name for way, name in zip(tags.index.tolist(), tags["name"], strict=True) if isinstance(name, str)}


__all__ = ["Ranked", "bought_asked", "mending_asked", "ranked_asked"]
