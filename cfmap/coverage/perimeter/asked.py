"""The perimeters that a city's settings ask for, and in words how they are measured and judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.coverage.perimeter.figures import COVERED_WORDS
from cfmap.coverage.perimeter.fronts import CROSSING_M
from cfmap.coverage.perimeter.table import perimeter
from cfmap.coverage.safety import thresholds_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

    from cfmap.coverage.perimeter.ground import Method
    from cfmap.model import City, LayerData
    from cfmap.model.survey import Answer
    from cfmap.network import Network

#: How far is measured, in words; ``{m}`` stands for the metres.
METHOD_WORDS: dict[Method, tuple[str, str]] = {
    "network": ("从每个校门沿街道 {m} 米以内", "within {m} m along streets of each school gate"),
    "radius": ("每个校门周围直线 {m} 米以内", "within {m} m, straight, of each school gate"),
    "wall": ("校园轮廓以外 {m} 米以内（没有轮廓的用校门画圆）", "within {m} m of the school's outline (of its gates where there is no outline)"),
}


def perimeter_asked(
    network: Network,
    schools: LayerData,
    city: City,
    *,
    gates: gpd.GeoDataFrame | None = None,
    crossings: gpd.GeoDataFrame | None = None,
    answers: Iterable[Answer] = (),
) -> gpd.GeoDataFrame:
    """As :func:`cfmap.coverage.perimeter.perimeter`, with what ``[walking]`` and ``[safety]`` of the settings say."""
    settings = city.safety
    return perimeter(
        network,
        schools.sites,
        metres=city.walking.perimeter_m,
        method=settings.method,
        gates=gates,
        footprints=schools.footprints,
        ring_m=settings.ring_m or None,
        crossings=crossings,
        answers=answers,
        rule_set=settings.rule_set,
        thresholds=thresholds_of(city),
    )


def perimeter_words(city: City) -> tuple[str, str]:
    """Definition of the perimeter and of what is safe, Chinese and English."""
    metres, settings = f"{city.walking.perimeter_m:g}", city.safety
    (where, where_en), (covered, covered_en) = METHOD_WORDS[settings.method], COVERED_WORDS[settings.covered]
    more, more_en = ("、路灯和标志", ", lighting and signs") if settings.rule_set == "strict" else ("", "")
    zh = (
        f"{where.format(m=metres)}、通汽车的路段（GA/T 1215-2014：不少于 150 米）。逐段看有没有人行道、限速是否不超过 {settings.limit_kmh:g}{more}，"
        f"校门前一段再看沿路 {CROSSING_M:g} 米内有没有过街设施。没有资料的一律是“不清楚”，不当作安全，也不当作不安全。{covered}。双幅路算一条。"
        f"没有校门资料的，用轮廓或中心点推定。{metres} 米内没有通汽车的路的列为“周边没有机动车道”。"
    )
    en = (
        f"Stretches of road open to motor traffic {where_en.format(m=metres)} (GA/T 1215-2014: at least 150 m). Each is checked for "
        f"a sidewalk, a limit of {settings.limit_kmh:g} km/h or less{more_en}, and before the gate for a crossing within {CROSSING_M:g} m along the road. "
        f"What is not known is unknown, neither safe nor unsafe; {covered_en}. A divided road counts once. "
        f"Where no gate is on record it is assumed from outline or point. Sites without such a road within {metres} m count as “no perimeter”."
    )
    return zh, en


__all__ = ["METHOD_WORDS", "perimeter_asked", "perimeter_words"]
