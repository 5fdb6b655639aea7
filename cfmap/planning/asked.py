"""Safe routes as the settings ask for them: what an edition holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.coverage.safety import thresholds_of
from cfmap.model.edition import Routes
from cfmap.model.schema import AGES_OF
from cfmap.planning.compare import compare
from cfmap.planning.dangers import SOURCE, Weights
from cfmap.planning.routes import safe_routes
from cfmap.planning.safe_tree import prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd

    from cfmap.model import City, Fault, LayerData, Population
    from cfmap.model.city import SafetySection
    from cfmap.model.survey import Answer
    from cfmap.network import Network

SCHOOLS, KINDERGARTENS, BUREAU = "schools", "kindergartens", "safe_routes"


#: Where children walk to, in words.
TO = {
    SCHOOLS: ("最近的、收这个年龄的学校", "the nearest school that takes the age"),
    KINDERGARTENS: ("最近的幼儿园（3–5 岁）", "the nearest kindergarten (ages 3-5)"),
}
ALSO = (
    "3–5 岁的孩子另算，由大人送到最近的幼儿园，列为“入园路”，人数不和学校的相加。",
    " Children aged 3-5, who are brought to the nearest kindergarten, are counted apart (入园路) and never added to those of schools.",
)


def weights_of(safety: SafetySection) -> Weights:
    """What the settings say that a dangerous street counts."""
    return Weights(safety.unknown_multiplier, safety.crossing_signalled_m, safety.crossing_marked_m, safety.crossing_unmarked_m, safety.crossing_lane_m)


def routes_asked(
    network: Network,
    layers: Mapping[str, LayerData],
    bureau: LayerData | None,
    population: Population | None,
    city: City,
    *,
    gates: Mapping[str, gpd.GeoDataFrame | None],
    answers: Iterable[Answer] = (),
) -> tuple[Routes | None, tuple[Fault, ...]]:
    """
    Safe routes of an edition: of pupils to schools, of small children to kindergartens, never mixed.

    Parameters
    ----------
    layers, gates
        From :func:`cfmap.coverage.perimeter.scored` and :func:`cfmap.coverage.perimeter.gates_of`.
    bureau
        The routes on record; they lead to school and are laid beside the first layer's.

    Returns
    -------
    routes, faults
        None where no layer has sites and residents of its ages.
    """
    points = None if population is None else population.points
    wanted = {key: data for key, data in layers.items() if points is not None and any(band in points for band in AGES_OF[key])}
    if points is None or not wanted:
        return None, ()
    safety, weights, said = city.safety, weights_of(city.safety), tuple(answers)
    arcs = prepared(network, weights, answers=said, thresholds=thresholds_of(city))
    origins = points.rename_axis("id").reset_index()
    found = [
        safe_routes(
            network, data.sites, origins, layer=key, gates=gates.get(key), footprints=data.footprints, cap=safety.detour, limit_m=safety.route_m,
            shared=safety.route_children, arcs=arcs,
        )
        for key, data in wanted.items()
    ]  # fmt: skip
    own = next(iter(wanted.values())).sites.iloc[:0] if bureau is None else bureau.sites
    beside = compare(arcs, own[own["status"].isin(["在用", "未知"])], found[0].proposed)
    zh, en = definitions(safety, tuple(wanted))
    routes, shared = _one([f.routes for f in found]), _one([f.proposed for f in found])
    without = _one([f.without for f in found])
    return Routes(routes, shared, beside.lines, beside.parts, without, zh, en), (*(told for f in found for told in f.faults), *beside.faults)


def _one(tables: list[Any]) -> Any:
    import pandas as pd

    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else tables[0]


def definitions(safety: SafetySection, layers: Sequence[str] = (SCHOOLS,)) -> tuple[str, str]:
    """How routes are made, with every number that goes in, and to the sites of which layers."""
    small = KINDERGARTENS in layers
    to, to_en = TO[SCHOOLS if SCHOOLS in layers else KINDERGARTENS]
    more, more_en = ALSO if small and SCHOOLS in layers else ("", "")
    numbers = {
        "to": to, "to_en": to_en, "also": more, "also_en": more_en,
        "cap": f"{safety.detour:g}", "metres": f"{safety.route_m:g}", "children": f"{safety.route_children:g}", "unknown": f"{safety.unknown_multiplier:g}",
        "signalled": f"{safety.crossing_signalled_m:g}", "marked": f"{safety.crossing_marked_m:g}", "unmarked": f"{safety.crossing_unmarked_m:g}",
    }  # fmt: skip
    zh = (
        "从每个社区到{to}：在不超过最短路 {cap} 倍的走法里，长度 × 危险倍数 + 过街折算最小的一条；最短路超过 {metres} 米的不算。"
        "长度是真实的米数。不知道有没有人行道或限速的路乘 {unknown}；过一次有信号灯的街折 {signalled} 米、斑马线 {marked} 米、没画线 {unmarked} 米起。"
        "至少 {children} 个孩子共走的路列为学径建议。学籍和学区不在数据里，按就近计。{also}"
    )
    en = (
        "From each community to {to_en}: of all ways up to {cap} times the shortest the one with the lowest length x danger "
        "+ crossings; none where the shortest is over {metres} m. Lengths are real metres. Streets of unknown walking space or speed count {unknown} times, a "
        "signalled crossing {signalled} m, a marked one {marked} m, an unmarked one {unmarked} m or more. Streets that {children} children or more share are "
        "proposed. Catchment areas are not in the data: the nearest counts.{also_en}"
    )
    return zh.format(**numbers) + SOURCE[0], f"{en.format(**numbers)} {SOURCE[1]}"
