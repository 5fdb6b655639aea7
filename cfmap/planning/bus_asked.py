"""Walking buses as the settings ask for them: of one school after another for the command, as tables for an edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.coverage.perimeter.doors import school_doors
from cfmap.coverage.safety import thresholds_of
from cfmap.model.errors import EnvironmentFault
from cfmap.model.messages import fault
from cfmap.model.walking_bus import WalkingBus
from cfmap.planning.asked import SCHOOLS, weights_of
from cfmap.planning.bus_lines import demand_solver
from cfmap.planning.bus_tables import lines_frame, schools_frame, stops_frame
from cfmap.planning.safe_tree import prepared
from cfmap.planning.stops import FEWEST
from cfmap.planning.walking_bus import REASONS, plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

    from cfmap.intake.joining import Joining
    from cfmap.model import City, Fault, LayerData
    from cfmap.model.survey import Answer
    from cfmap.model.walking_bus import BusRules
    from cfmap.network import Network
    from cfmap.planning.walking_bus import SchoolPlan

GATES = "school_gates"


def plans_asked(
    network: Network, layer: LayerData, gates: gpd.GeoDataFrame | None, joining: Joining, city: City, *, answers: Iterable[Answer] = ()
) -> tuple[list[SchoolPlan], list[Fault]]:
    """
    Plans of the schools that children named.

    Parameters
    ----------
    layer, gates
        The schools and their gates of the year.
    joining
        Whose schools are ids, as :func:`cfmap.intake.joining.at_schools` makes them.

    Returns
    -------
    plans, faults
        W399 for each school without a line.

    Raises
    ------
    EnvironmentFault
        E415 without OR-Tools.
    """
    named = layer.sites[layer.sites["id"].isin(set(joining.points["school"]))]
    doors, _ = school_doors(network, named, gates=gates, footprints=layer.footprints)
    arcs = prepared(network, weights_of(city.safety), answers=answers, thresholds=thresholds_of(city))
    plans = plan(arcs, joining.points, named, doors, rules=city.safety.walking_bus, cap=city.safety.detour)
    return plans, [_no_line(p) for p in plans if not p.lines]


def walking_bus_asked(
    network: Network, layers: Mapping[str, LayerData], joining: Joining | None, city: City, *, answers: Iterable[Answer] = ()
) -> tuple[WalkingBus | None, tuple[Fault, ...]]:
    """
    Walking buses of an edition.

    Returns
    -------
    walking_bus, faults
        None without a table of who joins or without schools; without OR-Tools too, which W415 tells: everything else is built.
    """
    schools = layers.get(SCHOOLS)
    if joining is None or schools is None or not len(schools.sites):
        return None, ()
    try:
        demand_solver()
    except EnvironmentFault:
        return None, (fault("W415"),)
    gates = layers[GATES].sites if GATES in layers and len(layers[GATES].sites) else None
    plans, faults = plans_asked(network, schools, gates, joining, city, answers=answers)
    lines = [line for p in plans for line in p.lines]
    made = WalkingBus(
        lines_frame(lines, public=False), stops_frame(lines, public=False), schools_frame(plans), joining.without_consent,
        *definitions(city.safety.walking_bus, city.safety.detour),
    )  # fmt: skip
    return made, tuple(faults)


def definitions(rules: BusRules, cap: float) -> tuple[str, str]:
    """How lines are made, with the limits that go in; how many children an adult takes is not among them: the public may read this."""
    numbers = {
        "near": f"{rules.near_m:g}", "far": f"{rules.far_m:g}", "stop": f"{rules.stop_m:g}", "longest": f"{rules.longest_m:g}", "few": FEWEST,
        "minutes": f"{rules.most_minutes:g}", "cap": f"{cap:g}", "arrival": rules.arrival, "wait": f"{rules.wait_minutes:g}",
    }  # fmt: skip
    zh = (
        "几个大人在固定的时刻把一路上的孩子接齐，走到学校。"
        "最短步行距离 {near}–{far} 米、监护人同意的孩子参加；站点是至少 {few} 个孩子走 {stop} 米以内能到的路口；"
        "线路不超过 {longest} 米、{minutes} 分钟，站到站不超过最短路的 {cap} 倍，越安全越好。时刻从 {arrival} 到校往回推，按幼儿步速，每站停 {wait} 分钟。"
        "上线前大人要按表走一遍。"
    )
    en = (
        "A few adults collect children along a fixed way at fixed times and walk them to school. Children whose shortest walk is {near}-{far} m and "
        "whose guardians agreed take part; a stop is a junction that at least {few} of them reach within {stop} m; a line is no longer than {longest} m "
        "and {minutes} minutes, from stop to stop at most {cap} times the shortest way, as safe as can be. Times are counted back from {arrival} at "
        "school, at a small child's pace, with a wait of {wait} min at each stop. Adults must walk a line before it opens."
    )
    return zh.format(**numbers), en.format(**numbers)


def _no_line(school: SchoolPlan) -> Fault:
    zh = "；".join(f"{n} 个孩子{REASONS[r][0]}" for r, n in school.unserved.items())
    en = "; ".join(f"{n} children: {REASONS[r][1]}" for r, n in school.unserved.items())
    return fault("W399", name=school.name, detail_zh=zh, detail_en=en)


__all__ = ["definitions", "plans_asked", "walking_bus_asked"]
