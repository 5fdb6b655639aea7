"""
May people on foot use this way, and through this node?

The rules are the tables below; the functions only apply them. Sources: the meanings of OpenStreetMap's access,
sidewalk, barrier and oneway keys as documented in its wiki, and a comparison of five routing engines on 225 tag
cases. Where engines disagree the choice and its reason stand in ``docs/walkability.md``.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Access(IntEnum):
    """Who may walk here: nobody, only those who start or end here, everybody."""

    CLOSED = 0
    PRIVATE = 1
    OPEN = 2


#: Values of ``highway`` in the order of ``Network.edge_class``. The last stands for everything else that is walkable.
HIGHWAY_CLASSES: tuple[str, ...] = (
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "pedestrian",
    "service",
    "road",
    "track",
    "cycleway",
    "bridleway",
    "footway",
    "path",
    "steps",
    "corridor",
    "elevator",
    "platform",
    "pier",
    "other",
)
CLASS_INDEX = {name: i for i, name in enumerate(HIGHWAY_CLASSES)}

#: Walkable without further tags.
WALKABLE = frozenset(HIGHWAY_CLASSES) - {"motorway", "motorway_link", "bridleway", "other"}
#: Walkable without further tags, but flagged: fast roads where nobody has said that one can walk.
DOUBTFUL = frozenset({"trunk", "trunk_link"})
#: Not there yet, or no more; a foot tag does not change that.
NOT_BUILT = frozenset({"proposed", "construction", "planned", "abandoned", "razed", "demolished", "disused", "dismantled", "no"})
#: Ways without a highway tag that people walk on.
WALKABLE_BESIDE_HIGHWAYS = {("railway", "platform"): "platform", ("public_transport", "platform"): "platform", ("man_made", "pier"): "pier"}
#: Classes where motor traffic is expected unless a tag says otherwise.
MOTOR_CLASSES = frozenset(HIGHWAY_CLASSES[: HIGHWAY_CLASSES.index("track")]) - {"pedestrian"}

#: Values of ``foot`` and ``access``; whatever stands in no table counts as open.
CLOSED_VALUES = frozenset({"no", "none", "never", "prohibited", "restricted", "military", "emergency"})
PRIVATE_VALUES = frozenset(
    {"private", "residents", "resident", "customers", "customer", "delivery", "permit", "employees", "staff", "members", "agricultural", "forestry"}
)
#: ``foot=destination`` says what it says; ``access=destination`` is written for vehicles and does not hinder feet.
PRIVATE_FOOT_VALUES = PRIVATE_VALUES | {"destination"}
#: Only these open a class that is closed by itself (``access=yes`` on a motorway says nothing about feet).
OPENING_FOOT_VALUES = frozenset({"yes", "designated", "permissive", "official", "public", "allowed"})
SIDEPATH_VALUES = frozenset({"use_sidepath"})

SIDEWALK_KEYS = ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")
NO_SIDEWALK = frozenset({"no", "none"})

#: Barriers that stop people on foot unless a foot or access tag opens them; all others let them pass.
CLOSED_BARRIERS = frozenset({"wall", "fence", "hedge", "retaining_wall", "city_wall", "guard_rail", "jersey_barrier", "debris", "ditch", "sea_wall"})
#: A node with one of these is a thing of its own: its access tag is about that thing, not about the way beneath.
NODE_FEATURES = (
    "highway",
    "railway",
    "public_transport",
    "entrance",
    "amenity",
    "shop",
    "office",
    "leisure",
    "tourism",
    "building",
    "traffic_sign",
    "power",
    "crossing",
)

#: All keys that the answer for a way depends on.
WAY_KEYS = (
    "highway",
    "railway",
    "public_transport",
    "man_made",
    "foot",
    "access",
    "motorroad",
    *SIDEWALK_KEYS,
    "oneway",
    "oneway:foot",
    "foot:forward",
    "foot:backward",
    "conveying",
    "junction",
    "motor_vehicle",
    "vehicle",
    "bridge",
    "tunnel",
    "ramp",
    "ramp:stroller",
    "ramp:wheelchair",
    "area",
)

#: All keys that the answer for a node depends on.
NODE_KEYS = ("barrier", "foot", "access", "sensory", *NODE_FEATURES)


class WayRule(NamedTuple):
    """
    The answer for one way.

    Attributes
    ----------
    access
        For everybody, destination-only, or closed (both directions together).
    kind
        One of :data:`HIGHWAY_CLASSES`.
    forward, backward
        Whether people on foot may follow the way in, and against, its direction.
    flagged
        Walkable only by assumption (a trunk road on which nobody mapped a sidewalk).
    motor
        Open to public motor traffic.
    steps, ramp
        Stairs; stairs with a ramp for prams.
    area
        Tagged as an area: people cross it in any direction.
    sidewalk_elsewhere
        ``sidewalk=separate``: to be left out where that sidewalk really is mapped beside it.
    sidepath
        ``foot=use_sidepath``: to be left out where another way runs beside it.
    """

    access: Access
    kind: str
    forward: bool
    backward: bool
    flagged: bool
    motor: bool
    steps: bool
    ramp: bool
    area: bool
    sidewalk_elsewhere: bool
    sidepath: bool


def way_rule(tags: Mapping[str, str]) -> WayRule:
    """
    Apply the tables to the tags of a way.

    A way that is no way (no ``highway``, no platform, no pier) is closed and of kind ``other``.
    """
    highway = tags.get("highway") or next((kind for (k, v), kind in WALKABLE_BESIDE_HIGHWAYS.items() if tags.get(k) == v), "")
    kind = highway if highway in CLASS_INDEX else "other"
    access = _way_access(highway, tags)
    forward, backward = _directions(highway, tags)
    if not (forward or backward):
        access = Access.CLOSED
    sidewalks = {tags[key] for key in SIDEWALK_KEYS if key in tags}
    return WayRule(
        access=access,
        kind=kind,
        forward=forward and access > Access.CLOSED,
        backward=backward and access > Access.CLOSED,
        flagged=access > Access.CLOSED and highway in DOUBTFUL and "foot" not in tags and not (sidewalks - NO_SIDEWALK),
        motor=_motor(highway, tags),
        steps=highway == "steps",
        ramp=any(tags.get(key) == "yes" for key in ("ramp", "ramp:stroller", "ramp:wheelchair")),
        area=tags.get("area") == "yes",
        sidewalk_elsewhere="separate" in sidewalks and tags.get("foot") not in OPENING_FOOT_VALUES,
        sidepath=tags.get("foot") in SIDEPATH_VALUES,
    )


def is_private(tags: Mapping[str, str]) -> bool:
    """Whether a walk may begin or end on a way with these tags and not pass through."""
    return _way_access(tags.get("highway", ""), tags) is Access.PRIVATE


def _way_access(highway: str, tags: Mapping[str, str]) -> Access:
    if not highway or highway in NOT_BUILT:
        return Access.CLOSED
    foot = tags.get("foot")
    if highway not in WALKABLE or tags.get("motorroad") == "yes":
        return Access.OPEN if foot in OPENING_FOOT_VALUES else Access.CLOSED
    return _access_of_values(foot, tags.get("access"))


def _access_of_values(foot: str | None, access: str | None) -> Access:
    if foot is not None:
        value, private = foot, PRIVATE_FOOT_VALUES
    elif access is not None:
        value, private = access, PRIVATE_VALUES
    else:
        return Access.OPEN
    if value in CLOSED_VALUES:
        return Access.CLOSED
    return Access.PRIVATE if value in private else Access.OPEN


def _directions(highway: str, tags: Mapping[str, str]) -> tuple[bool, bool]:
    # an ordinary oneway never concerns feet, except on a moving staircase, whose direction it is
    only = tags.get("oneway:foot", "no")
    if tags.get("conveying") in {"forward", "backward"}:
        only = "yes" if tags["conveying"] == "forward" else "-1"
    elif tags.get("conveying") == "yes" and highway in {"steps", "footway"} and tags.get("oneway") in {"yes", "-1"}:
        only = tags["oneway"]
    forward = only not in {"-1", "reverse"} and tags.get("foot:forward") not in CLOSED_VALUES
    backward = only not in {"yes", "1", "true"} and tags.get("foot:backward") not in CLOSED_VALUES
    return forward, backward


def _motor(highway: str, tags: Mapping[str, str]) -> bool:
    value = tags.get("motor_vehicle") or tags.get("vehicle") or tags.get("access") or "yes"
    return highway in MOTOR_CLASSES and value not in CLOSED_VALUES | PRIVATE_VALUES


def node_access(tags: Mapping[str, str]) -> Access:
    """
    Whether people on foot may pass a node.

    A barrier without tags lets them pass unless it is a wall or its like; ``foot`` and ``access`` decide otherwise.
    Without a barrier these two keys count as long as the node is not a thing of its own (a bus stop, an entrance, a
    crossing), where they speak about that thing.
    """
    barrier = tags.get("barrier")
    if barrier is None and any(key in tags for key in NODE_FEATURES):
        return Access.OPEN
    if "foot" in tags or "access" in tags:
        return _access_of_values(tags.get("foot"), tags.get("access"))
    if barrier in CLOSED_BARRIERS and "sensory" not in tags:  # a fence one only hears or feels stops nobody
        return Access.CLOSED
    return Access.OPEN
