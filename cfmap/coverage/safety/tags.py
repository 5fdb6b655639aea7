"""What do the tags of a street say that the rule table asks about: the words of its readings."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Literal

from cfmap.coverage.safety.limits import directions, limit
from cfmap.coverage.safety.thresholds import THRESHOLDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cfmap.coverage.safety.thresholds import Thresholds

#: What was read, and of which text.
Reading = tuple[str | float, str]
OneSide = Literal["left", "right"]

#: A reading of ``sidewalk=*`` for left and right; "" = it says nothing about that side.
_GENERIC = {
    "both": ("yes", "yes"),
    "yes": ("yes", "yes"),
    "left": ("yes", "no"),
    "right": ("no", "yes"),
    "no": ("no", "no"),
    "none": ("no", "no"),
    "separate": ("separate", "separate"),
}
_SIDED = {"yes": "yes", "no": "no", "none": "no", "separate": "separate"}
_VAGUE = ("yes", "separate")  # of ``sidewalk``: somewhere; a side's own key says where
_DESCRIBED = ("width", "surface")  # who describes a sidewalk has seen one
LIT = {"yes": "yes", "24/7": "yes", "automatic": "yes", "sunset-sunrise": "yes", "dusk-dawn": "yes", "no": "no"}
SIGNS = frozenset({"children", "school_zone"})
CHILDREN_SIGN = "注意儿童"
CALMING = frozenset({"table", "hump", "bump", "cushion", "choker", "chicane", "island"})
LANES = ("lanes", "lanes:forward", "lanes:backward", "lanes:both_ways", "oneway", "junction")
#: Kinds of crossings, the one that helps most first.
CROSSINGS = {"signalled": "signals", "marked": "marked", "unknown": "unclear", "unmarked": "unmarked"}


def sidewalk(tags: Mapping[str, str], side: OneSide) -> Reading | None:
    """
    Sidewalk on one side of the way, looking along it as it was drawn: yes, no, separate, contradictory or unread.

    ``sidewalk=yes`` and ``=separate`` name no side: they count for both unless keys of single sides say which one is
    meant. A side that no key speaks of is None, which is not "no".
    """
    own = [(key, tags[key]) for key in (f"sidewalk:{side}", "sidewalk:both") if tags.get(key)]
    claims = [(_SIDED.get(value, "unread"), f"{key}={value}") for key, value in own]
    described = [f"{key}={tags[key]}" for key in _subkeys(side) if tags.get(key)]
    generic = tags.get("sidewalk", "")
    other = _SIDED.get(tags.get("sidewalk:right" if side == "left" else "sidewalk:left", ""))
    explained = generic in _VAGUE and (own or other in ("yes", "separate"))
    if generic and not explained:
        claims.append((_GENERIC[generic][side == "right"] if generic in _GENERIC else "unread", f"sidewalk={generic}"))
    if described and {value for value, _ in claims} <= {"no"}:
        claims += [("yes", text) for text in described]
    if not claims:
        return None
    values = {value for value, _ in claims}
    if values == {"yes", "separate"}:
        values = {"separate"}  # there is one, and it is mapped on its own: the exacter word
    value = "unread" if "unread" in values else values.pop() if len(values) == 1 else "contradictory"
    return value, " ".join(text for _, text in claims)


def sidewalk_width(tags: Mapping[str, str], side: OneSide) -> Reading | None:
    """Width in metres of the sidewalk on one side; None when not tagged or not a number."""
    for key in (f"sidewalk:{side}:width", "sidewalk:both:width"):
        if (metres := number(tags.get(key, "").removesuffix("m").strip())) is not None:
            return metres, f"{key}={tags[key]}"
    return None


def beside(tags: Mapping[str, str], side: OneSide) -> Reading | None:
    """Whether a mapped sidewalk runs beside that side, as the network found out (``cfmap:beside:left`` yes or no)."""
    for key in (f"cfmap:beside:{side}", "cfmap:beside"):
        if tags.get(key):
            return tags[key], "footway=sidewalk" if tags[key] == "yes" else ""
    return None


def lane_counts(tags: Mapping[str, str]) -> tuple[float, ...]:
    """
    Lanes in the busier direction, ascending: every count that the tags allow, so more than one where they contradict each other.

    Of three lanes for both directions one has two. ``lanes`` must be the sum of both directions and of the lanes between them; what is
    over may belong to either.
    """
    ways = directions(tags)
    told = {way: n for way in ("forward", "backward") if (n := number(tags.get(f"lanes:{way}"))) is not None}
    each, against = [told[way] for way in ways if way in told], sum(n for way, n in told.items() if way not in ways)
    every = number(tags.get("lanes"))
    if every is None:
        most = max(each, default=0.0)
        return (most,) if each and (len(each) == len(ways) or most > 1) else ()
    between = every - (number(tags.get("lanes:both_ways")) or 0)
    if not each:
        return (every if len(ways) == 1 else float(ceil(between / 2)),)
    rest = between - against - sum(each)
    if len(each) == len(ways):
        most = max(each)
        return tuple(sorted({most, most + rest} if rest > 0 else {most, float(ceil(max(between - against, 0) / len(ways)))} if rest < 0 else {most}))
    return (max(*each, rest),) if rest >= 1 else tuple(sorted({*each, float(ceil(between / 2))}))


def lanes_one_way(tags: Mapping[str, str]) -> float | None:
    """Lanes in the busier direction, the most that the tags allow; None when not tagged or not a number."""
    return max(lane_counts(tags), default=None)


def lanes_reading(ways: Iterable[Mapping[str, str]], *, thresholds: Thresholds = THRESHOLDS) -> Reading | None:
    """
    Lanes in one direction where one or more ways meet: of the widest; None where those that are known are few and another is not, or
    where the tags allow both few and many.
    """
    many, counted = thresholds.many_lanes, []
    for tags in ways:
        counts = lane_counts(tags)
        open_ = not counts or min(counts) < many <= max(counts)
        counted.append((None if open_ else max(counts), " ".join(f"{key}={tags[key]}" for key in LANES if tags.get(key))))
    known = [(n, text) for n, text in counted if n is not None]
    most = max(known, default=None)
    return most if most is not None and (len(known) == len(counted) or most[0] >= many) else None


def side_readings(tags: Mapping[str, str], side: OneSide) -> dict[str, Reading]:
    """Readings for item A, of one side."""
    far: OneSide = "left" if side == "right" else "right"
    found = {
        "street": _street(tags),
        "sidewalk": sidewalk(tags, side),
        "far_sidewalk": sidewalk(tags, far),
        "width": sidewalk_width(tags, side),
        "beside": beside(tags, side),
    }
    return {key: reading for key, reading in found.items() if reading is not None}


def readings(tags: Mapping[str, str], *, thresholds: Thresholds = THRESHOLDS) -> dict[str, Reading]:
    """
    Readings for the items that know no side.

    Tags of OpenStreetMap, and what others found out about the street: ``cfmap:calming`` (a value of ``traffic_calming`` on a
    node of it), ``cfmap:loving`` (id of a listed crossing matched to one on it, or "unmatched"), ``cfmap:supervised``.
    """
    speed = limit(tags, thresholds=thresholds)
    found: dict[str, Reading | None] = {"street": _street(tags), "lit": _word(tags, "lit", LIT), "sign": _sign(tags), "calming": _calming(tags)}
    if speed.read:
        found |= {"limit_least": (speed.least, speed.read), "limit_most": (speed.most, speed.read), "limit_form": (speed.form, speed.read)}
    found["lanes"] = lanes_reading([tags], thresholds=thresholds)
    if listed := tags.get("cfmap:loving"):
        found["loving"] = ("unmatched", "") if listed == "unmatched" else ("yes", listed)
    guards = {key: set(_split(tags.get(key))) for key in ("supervised", "cfmap:supervised")}
    if (said := next((word for word in ("yes", "no") if any(word in values for values in guards.values())), None)) is not None:
        found["guard"] = said, f"supervised={said}"
    return {key: reading for key, reading in found.items() if reading is not None}


def crossing(
    found: Iterable[tuple[str, str]],
    *,
    over: str = "",
    tags: Mapping[str, str] | None = None,
    lanes: Mapping[str, Reading | None] | None = None,
    thresholds: Thresholds = THRESHOLDS,
) -> dict[str, Reading | None]:
    """
    The crossing that helps most of those near a gate, and the lanes that it leads over (None = not known).

    Parameters
    ----------
    found
        (OSM id, kind) of crossings; kinds as the network knows them: signalled, marked, unmarked, unknown.
    over
        OSM id of a bridge or tunnel for people; "" = none.
    tags
        Of the road before the gate (``crossing=no``, and its lanes).
    lanes
        Lanes one way where a crossing leads over another part of the road than the one before the gate, by its id.
    """
    here = lanes_reading([tags or {}], thresholds=thresholds)
    across = {osm_id: (lanes or {}).get(osm_id, here) for osm_id, _ in found}
    unknown = thresholds.many_lanes - 0.5  # worse than few, better than many
    by_kind: dict[str, tuple[str, Reading | None]] = {}
    for osm_id, kind in sorted(found, key=lambda c: (unknown if (n := across[c[0]]) is None else float(n[0]), *c)):
        by_kind.setdefault(CROSSINGS[kind], (f"{osm_id} {CROSSINGS[kind]}", across[osm_id]))
    if over:
        by_kind["bridge"] = f"{over} bridge", here
    if (tags or {}).get("crossing") == "no":
        by_kind["forbidden"] = "crossing=no", here
    best = next((kind for kind in ("signals", "bridge", "marked", "forbidden", "unclear", "unmarked") if kind in by_kind), None)
    return {} if best is None else {"crossing": (best, by_kind[best][0]), "lanes": by_kind[best][1]}


def _subkeys(side: OneSide) -> tuple[str, ...]:
    return tuple(f"sidewalk:{s}:{what}" for s in (side, "both") for what in _DESCRIBED)


def _street(tags: Mapping[str, str]) -> Reading | None:
    return (tags["highway"], f"highway={tags['highway']}") if tags.get("highway") else None


def _word(tags: Mapping[str, str], key: str, words: Mapping[str, str]) -> Reading | None:
    value = tags.get(key)
    return (words.get(value, "unread"), f"{key}={value}") if value else None


def _sign(tags: Mapping[str, str]) -> Reading | None:
    if SIGNS & set(_split(tags.get("hazard"))):
        return "yes", f"hazard={tags['hazard']}"
    return ("yes", f"traffic_sign={tags['traffic_sign']}") if CHILDREN_SIGN in tags.get("traffic_sign", "") else None


def _calming(tags: Mapping[str, str]) -> Reading | None:
    read = {key: _split(tags.get(key)) for key in ("traffic_calming", "cfmap:calming")}
    for values in read.values():
        if found := CALMING & set(values):
            return "yes", f"traffic_calming={min(found)}"
    return ("no", "traffic_calming=no") if "no" in read["traffic_calming"] else None


def _split(text: str | None) -> list[str]:
    return [part.strip() for part in text.split(";")] if text else []


def number(text: str | None) -> float | None:
    """A count or a width as a tag gives it; None when it is no number."""
    try:
        value = float(text) if text else None
    except ValueError:
        return None
    return value if value is not None and 0 <= value < 1000 else None


__all__ = [
    "CALMING",
    "CROSSINGS",
    "LIT",
    "SIGNS",
    "OneSide",
    "Reading",
    "beside",
    "crossing",
    "lane_counts",
    "lanes_one_way",
    "lanes_reading",
    "number",
    "readings",
    "side_readings",
    "sidewalk",
    "sidewalk_width",
]
