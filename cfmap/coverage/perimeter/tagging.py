"""What is wrong in the map round schools: tags that contradict each other, the map against a survey, sidewalks that are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.coverage.perimeter.roads import ON_ROAD_M, roads_of
from cfmap.coverage.safety import THRESHOLDS, mistakes
from cfmap.coverage.sources import listed
from cfmap.model import fault

if TYPE_CHECKING:
    import geopandas as gpd

    from cfmap.coverage.safety import Thresholds
    from cfmap.model import Fault
    from cfmap.network import Network

CROSSING_KIND = ("有没有信号灯、画没画线", "signals or markings")
DOUBTED = ("不知道哪个对，这处过街算“不明”", "nobody can tell which is right: the crossing counts as unclear")


def tag_faults(network: Network, segments: gpd.GeoDataFrame, *, thresholds: Thresholds = THRESHOLDS) -> list[Fault]:
    """
    Mistakes of the map on stretches round schools, each way and each crossing once, at the first place where it is met.

    W374 tags that contradict each other, with what counted and why; W367 a tag that cannot be read; W360 a separate sidewalk that is
    tagged and not mapped; W361 how often surveys and the map disagree.

    Parameters
    ----------
    network
        The streets.
    segments
        Rows of :func:`cfmap.coverage.perimeter.perimeter` on that network.
    """
    roads = roads_of(network)
    found: dict[tuple[str, ...], Fault] = {}
    seen: set[int] = set()
    number = {roads.key(n): n for n in range(len(roads.lines))} if roads.doubts else {}
    for row in segments.itertuples():
        place = row.geometry.interpolate(0.5, normalized=True)
        way: dict[str, Any] = {"osm": f"way/{row.way_id}", "lon": f"{place.x:.6f}", "lat": f"{place.y:.6f}"}
        if row.way_id not in seen:
            seen.add(row.way_id)
            for mistake in mistakes(roads.tags_of(int(row.way_id)), thresholds=thresholds):
                about: dict[str, Any] = {"detail_zh": mistake.about[0], "detail_en": mistake.about[1], "tags": mistake.tags}
                if mistake.counted is not None:
                    about |= {"counted_zh": mistake.counted[0], "counted_en": mistake.counted[1]}
                code = "W367" if mistake.counted is None else "W374"
                found[code, way["osm"], mistake.tags] = fault(code, **way, **about)
        if "A-separate-unmatched" in row.reasons.split(";"):
            found.setdefault(("W360", way["osm"]), fault("W360", **way))
        road = number.get(row.segment, -1)
        for crossing in roads.crossed.get(road, ()):
            if crossing in roads.doubts and row.from_m - ON_ROAD_M <= roads.at(road, crossing) <= row.to_m + ON_ROAD_M:
                osm = roads.crossing_id(crossing)
                about = {"detail_zh": CROSSING_KIND[0], "detail_en": CROSSING_KIND[1], "tags": roads.doubts[crossing]}
                found.setdefault(("W374", osm), fault("W374", **(way | {"osm": osm}), **about, counted_zh=DOUBTED[0], counted_en=DOUBTED[1]))
    pairs = list(dict.fromkeys(text for text in segments["conflict"] if text))
    return [*found.values(), *([fault("W361", count=len(pairs), names=listed(pairs))] if pairs else [])]


__all__ = ["tag_faults"]
