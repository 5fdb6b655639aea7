"""Safe routes as the settings ask for them: what an edition holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.coverage.safety import thresholds_of
from cfmap.model.edition import Routes
from cfmap.planning.compare import compare
from cfmap.planning.dangers import SOURCE, Weights
from cfmap.planning.pupils import BANDS
from cfmap.planning.routes import safe_routes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cfmap.model import City, Fault, LayerData, Population
    from cfmap.model.city import SafetySection
    from cfmap.model.survey import Answer
    from cfmap.network import Network

SCHOOLS, GATES, BUREAU = "schools", "school_gates", "safe_routes"


def weights_of(safety: SafetySection) -> Weights:
    """What the settings say that a dangerous street counts."""
    return Weights(safety.unknown_multiplier, safety.crossing_signalled_m, safety.crossing_marked_m, safety.crossing_unmarked_m, safety.crossing_lane_m)


def routes_asked(
    network: Network, layers: Mapping[str, LayerData], population: Population | None, city: City, *, answers: Iterable[Answer] = ()
) -> tuple[Routes | None, tuple[Fault, ...]]:
    """
    Safe routes of an edition.

    Returns
    -------
    routes, faults
        None where there are no schools, or no residents of school age.
    """
    schools = layers.get(SCHOOLS)
    if schools is None or not len(schools.sites) or population is None or not any(b in population.points for b in BANDS):
        return None, ()
    safety, gates = city.safety, layers[GATES].sites if GATES in layers and len(layers[GATES].sites) else None
    origins = population.points.rename_axis("id").reset_index()
    found = safe_routes(
        network, schools.sites, origins, gates=gates, footprints=schools.footprints, cap=safety.detour, limit_m=safety.route_m,
        shared=safety.route_children, weights=weights_of(safety), answers=answers, thresholds=thresholds_of(city),
    )  # fmt: skip
    own = layers[BUREAU].sites if BUREAU in layers else schools.sites.iloc[:0]
    beside = compare(found.arcs, own[own["status"].isin(["在用", "未知"])], found.proposed)
    zh, en = definitions(safety)
    return Routes(found.routes, found.proposed, beside.lines, beside.parts, found.without, zh, en), (*found.faults, *beside.faults)


def definitions(safety: SafetySection) -> tuple[str, str]:
    """How routes are made, with every number that goes in."""
    numbers = {
        "cap": f"{safety.detour:g}", "metres": f"{safety.route_m:g}", "children": f"{safety.route_children:g}", "unknown": f"{safety.unknown_multiplier:g}",
        "signalled": f"{safety.crossing_signalled_m:g}", "marked": f"{safety.crossing_marked_m:g}", "unmarked": f"{safety.crossing_unmarked_m:g}",
    }  # fmt: skip
    zh = (
        "从每个社区到最近的、收这个年龄的学校：在不超过最短路 {cap} 倍的走法里，长度 × 危险倍数 + 过街折算最小的一条；最短路超过 {metres} 米的不算。"
        "长度是真实的米数。不知道有没有人行道或限速的路乘 {unknown}；过一次有信号灯的街折 {signalled} 米、斑马线 {marked} 米、没画线 {unmarked} 米起。"
        "至少 {children} 个孩子共走的路列为学径建议。学籍和学区不在数据里，按就近计。"
    )
    en = (
        "From each community to the nearest school that takes the age: of all ways up to {cap} times the shortest the one with the lowest length x danger "
        "+ crossings; none where the shortest is over {metres} m. Lengths are real metres. Streets of unknown walking space or speed count {unknown} times, a "
        "signalled crossing {signalled} m, a marked one {marked} m, an unmarked one {unmarked} m or more. Streets that {children} children or more share are "
        "proposed. Catchment areas are not in the data: the nearest school counts."
    )
    return zh.format(**numbers) + SOURCE[0], f"{en.format(**numbers)} {SOURCE[1]}"
