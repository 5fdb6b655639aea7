"""What is wrong in the map round schools: tags that contradict each other, the map against a survey, sidewalks that are not there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cfmap.coverage.perimeter.roads import ON_ROAD_M, roads_of
from cfmap.coverage.safety import THRESHOLDS, mistakes
from cfmap.model import fault
from cfmap.model.survey import ITEM_WORDS, SOURCE_WORDS

if TYPE_CHECKING:
    import geopandas as gpd

    from cfmap.coverage.safety import Thresholds
    from cfmap.model import Fault
    from cfmap.network import Network

CROSSING_KIND = ("有没有信号灯、画没画线", "signals or markings")
KINDS = {"signals": "有信号灯", "marked": "斑马线", "unmarked": "没画线", "unclear": "不明", "none": "没有", "bridge": "天桥地道"}
_SAID = re.compile(r"(survey|bureau|edit)/(.+?)(?: (\d+))?(?:@(\d{4}-\d\d-\d\d))? (\S+(?: [\d.]+)?)")
DOUBTED = ("不知道哪个对，这处过街算“不明”", "nobody can tell which is right: the crossing counts as unclear")


def tag_faults(network: Network, segments: gpd.GeoDataFrame, *, thresholds: Thresholds = THRESHOLDS) -> list[Fault]:
    """
    Mistakes of the map on stretches round schools, each way and each crossing once, at the first place where it is met.

    W374 tags that contradict each other, with what counted and why; W367 a tag that cannot be read; W360 a separate sidewalk that is
    tagged and not mapped; W361 each pair in which a survey or list and the map disagree.

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
    pairs = dict.fromkeys(pair for text in segments["conflict"] if text for pair in text.split("; "))
    return [*found.values(), *map(_disagreement, pairs)]


def _disagreement(pair: str) -> Fault:
    """W361 for one pair of a column ``conflict`` (:meth:`cfmap.coverage.safety.judge.Judged.conflict_text`), at the row of the answer where it has one."""
    item, _, both = pair.partition(" ")
    titles = ITEM_WORDS.get(item, (item, item))  # type: ignore[call-overload]
    one, _, other = both.partition(" ≠ ")
    said = _SAID.fullmatch(one)
    if said is None:
        return fault("W361", item=titles[0], item_en=titles[1], one=one, one_en=one, other=_in_words(other), other_en=other)
    source, file, row, day, word = said.groups()
    zh, en = SOURCE_WORDS[source]  # type: ignore[index]
    words = (f"{zh}{f'（{day}）' if day else ''}写“{word}”", f"{en}{f' ({day})' if day else ''}: {word}")
    at: dict[str, Any] = {"file": file, "row": int(row), "column": "答案", "value": word} if row else {}
    return fault("W361", **at, item=titles[0], item_en=titles[1], one=words[0], one_en=words[1], other=_in_words(other), other_en=other)


def _in_words(text: str) -> str:
    """What the map says, its last word in Chinese where it is one of the program's own for crossings."""
    body, _, last = text.rpartition(" ")
    return f"地图 {body} {KINDS.get(last, last)}"


__all__ = ["tag_faults"]
