"""Why does one engine not follow the other's walk? Tags and facts of the ground in, a named difference of rules out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.network import EdgeFlag
from cfmap.network.walkability import NOT_BUILT, Access, node_access, way_rule

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Every class, with what each engine does; `None` stands for a difference that has no reason, a fault of one of the two.
CLASSES: dict[str, str] = {
    "private passage": "destination-only ground: cfmap starts or ends a walk there, Valhalla also passes through",
    "private gate": "a gate for a group: cfmap parts what lies behind it, Valhalla only adds a penalty, here none",
    "closed gate": "a node closed by its tags: cfmap cuts the way, Valhalla reads the node differently or passes",
    "oneway tag": "an ordinary oneway on a pedestrian street or path never concerns feet for cfmap; Valhalla applies it to them",
    "one-way on foot": "a direction closed to people on foot, read by one engine only",
    "ferry": "Valhalla's shortest walk takes ferries, cfmap has none",
    "sidewalk beside": "sidewalk=separate: cfmap leaves the road out where its sidewalk is mapped beside it",
    "path beside": "foot=use_sidepath: cfmap leaves the way out where another runs beside it",
    "bridleway": "cfmap: closed unless a foot tag opens it",
    "motorway rules": "motorways and motorroads: cfmap opens them by an explicit foot tag only",
    "not built": "proposed, under construction or gone: closed for cfmap whatever else is tagged",
    "access tag": "access=no and the like: closed for cfmap, read differently by Valhalla",
    "foot tag": "foot=no and the like: closed for cfmap, read differently by Valhalla",
    "no street": "not a kind of way that people walk on for cfmap",
    "pedestrian square": "cfmap walks along and straight across squares, Valhalla leaves ways with area=yes out",
    "cycleway": "open for cfmap unless foot=no, closed for Valhalla unless a foot tag opens it",
    "platform or pier": "open for cfmap, no street for Valhalla",
    "motorway with foot tag": "an explicit foot tag opens it for cfmap, not for Valhalla",
    "trunk": "trunk roads: open (flagged) for cfmap, closed for Valhalla",
    "indoor": "corridors and lifts inside buildings: open for cfmap, not read by Valhalla",
    "unknown class": "highway=road and classes of one engine only",
    "gate by Valhalla": "a node that stops Valhalla but not cfmap",
    "cut by the extract": "a way of which the file lacks nodes: cfmap keeps what is drawn, Valhalla less",
    "restricted by Valhalla": "a way with an access or foot tag that Valhalla reads as closed and cfmap as open or destination-only",
}


def why_not_ours(tags: Mapping[str, str], *, replaced: str | None, forward: bool) -> str | None:
    """
    Why cfmap does not walk a segment of a way, the way's direction being followed or not.

    Parameters
    ----------
    tags
        Of the way.
    replaced
        "sidewalk" or "sidepath" where cfmap left the stretch out for a way beside it.

    Returns
    -------
    name
        A key of :data:`CLASSES`; None where the tags give no reason.
    """
    if replaced:
        return {"sidewalk": "sidewalk beside", "sidepath": "path beside"}[replaced]
    rule = way_rule(tags)
    if rule.access > Access.CLOSED:
        return None if (rule.forward if forward else rule.backward) else "one-way on foot"
    highway = tags.get("highway")
    if highway is None:
        return "ferry" if tags.get("route") in {"ferry", "shuttle_train"} else "no street"
    if highway in NOT_BUILT:
        return "not built"
    if highway in {"motorway", "motorway_link"} or tags.get("motorroad") == "yes":
        return "motorway rules"
    if highway == "bridleway":
        return "bridleway"
    if rule.kind == "other":
        return "no street"
    return "foot tag" if "foot" in tags else "access tag" if "access" in tags else "one-way on foot"


def why_not_theirs(tags: Mapping[str, str], *, flags: int, one_way: bool) -> str | None:
    """
    Why Valhalla does not walk an edge of cfmap; asked only after Valhalla itself has said that it does not.

    Parameters
    ----------
    tags
        Of the way; empty for a relation's.
    flags
        Bits of ``EdgeFlag`` of the edge.
    one_way
        Valhalla walks it in the other direction.
    """
    if flags & (EdgeFlag.AREA_LINK | EdgeFlag.AREA) or tags.get("area") == "yes":
        return "pedestrian square"
    highway = tags.get("highway", "")
    if one_way:
        return _direction(tags)
    if highway in {"motorway", "motorway_link"} or tags.get("motorroad") == "yes":
        return "motorway with foot tag"
    by_class = {
        "cycleway": "cycleway",
        "platform": "platform or pier",
        "pier": "platform or pier",
        "trunk": "trunk",
        "trunk_link": "trunk",
        "corridor": "indoor",
        "elevator": "indoor",
        "road": "unknown class",
    }
    if highway in by_class:
        return by_class[highway]
    if not highway:
        return "platform or pier"
    return "restricted by Valhalla" if {"foot", "access"} & set(tags) else None


def _direction(tags: Mapping[str, str]) -> str | None:
    if {"oneway:foot", "foot:forward", "foot:backward", "conveying"} & set(tags):
        return "one-way on foot"
    return "oneway tag" if tags.get("oneway", "no") != "no" or tags.get("junction") in {"roundabout", "circular"} else None


def node_stops_theirs(tags: Mapping[str, str]) -> bool:
    """Whether a node that cfmap lets people pass carries anything that could stop Valhalla."""
    return node_access(tags) == Access.OPEN and bool({"barrier", "access", "foot"} & set(tags))


def passages(private: list[bool]) -> bool:
    """Whether a walk, told segment by segment, leaves public ground and comes back to it."""
    public = [k for k, p in enumerate(private) if not p]
    return bool(public) and any(private[public[0] : public[-1]])
