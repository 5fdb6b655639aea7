"""What has really been made? A table of facts that tests and people can hold the files against."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .areas import Area
    from .mistakes import Mistake
    from .people import Community
    from .plan import Plan
    from .streetwork import Streetwork
    from .terrain import Terrain


def count_streets(work: Streetwork) -> dict[str, Any]:
    """Numbers of segments, by class and kind, and of special nodes."""
    joined = work.joined
    segments = joined.segments()
    tags = [joined.streets[number].tags for number, _ in segments]
    component = joined.components()
    used = np.unique(np.concatenate([s.nodes for s in joined.streets]))
    sizes = sorted(Counter(component[used].tolist()).values(), reverse=True)
    node_tags = list(joined.tags.values())

    def has(key: str, value: str) -> int:
        return sum(t.get(key) == value for t in tags)

    return {
        "segments": len(segments),
        "ways": len(joined.streets),
        "by_class": dict(sorted(Counter(t["highway"] for t in tags).items())),
        "private_segments": has("access", "private"),
        "private_share": round(has("access", "private") / len(segments), 4),
        "components": len(sizes),
        "nodes_in_components": sizes,
        "bridge_segments": has("bridge", "yes"),
        "bridge_ways": sum(s.tags.get("bridge") == "yes" for s in joined.streets),
        "tunnel_segments": has("tunnel", "yes"),
        "tunnel_ways": sum(s.tags.get("tunnel") == "yes" for s in joined.streets),
        "footbridge_ways": sum(s.tags.get("name") == "人行天桥" for s in joined.streets),
        "underpass_ways": sum(s.tags.get("name") == "地下通道" for s in joined.streets),
        "steps_ways": sum(s.kind == "steps" for s in joined.streets),
        "squares": sum(s.tags.get("area") == "yes" for s in joined.streets),
        "crossing_ways": sum(s.tags.get("footway") == "crossing" for s in joined.streets),
        "crossing_nodes": dict(sorted(Counter(t.get("crossing", "untagged") for t in node_tags if t.get("highway") == "crossing").items())),
        "sidewalk_ways": sum(s.tags.get("footway") == "sidewalk" for s in joined.streets),
        "gates": sum("barrier" in t for t in node_tags),
        "gates_closed": sum(t.get("access") == "no" for t in node_tags),
        "segments_with": {key: sum(key in t for t in tags) for key in ("name", "maxspeed", "lit", "lanes", "sidewalk", "surface")},
    }


def check_streets(streets: dict[str, Any], plan: Plan) -> None:
    """
    Stop when the city lacks what it is meant to test.

    Raises
    ------
    AssertionError
        With what is missing.
    """
    wanted = {
        "at least 5 % of the segments are private": streets["private_share"] >= 0.05,
        "several islands of the network": streets["components"] >= 4,
        "bridges": streets["bridge_ways"] >= 5,
        "tunnels": streets["tunnel_ways"] >= 1,
        "steps": streets["steps_ways"] >= 5,
        "squares": streets["squares"] >= 1,
        "crossings as ways and as nodes": streets["crossing_ways"] >= 5 and sum(streets["crossing_nodes"].values()) >= 20,
        "closed gates": streets["gates_closed"] >= 1,
        "missing tags": all(0 < n < streets["segments"] for n in streets["segments_with"].values()),
        "40,000 to 60,000 segments at full size": plan.size != 1 or 40_000 <= streets["segments"] <= 60_000,
    }
    missing = [what for what, there in wanted.items() if not there]
    if missing:
        raise AssertionError("the city was made without: " + "; ".join(missing))


def table(
    plan: Plan, terrain: Terrain, work: Streetwork, areas: list[Area], communities: list[Community], rows: dict[str, int], mistakes: list[Mistake]
) -> dict[str, Any]:
    """The whole truth table."""
    streets = count_streets(work)
    check_streets(streets, plan)
    return {
        "note": "演示数据：由程序生成，不是真实地理信息。 Demo data made by a program, no real geography.",
        "seed": plan.seed,
        "size": plan.size,
        "land_km2": round(terrain.limit.area / 1e6, 1),
        "streets": streets,
        "areas": dict(sorted(Counter(next(f"{k}={a.tags[k]}" for k in ("natural", "leisure", "amenity", "landuse") if k in a.tags) for a in areas).items())),
        "communities": len(communities),
        "residents": sum(c.people["pop_total"] for c in communities),
        "rows": rows,
        "mistakes": [m.as_dict() for m in mistakes],
    }
