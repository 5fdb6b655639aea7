"""Small OpenStreetMap files, written as their tests need them."""

from __future__ import annotations

import osmium
from osmium.osm import mutable


def write_osm(path, nodes, ways=None, relations=None, *, timestamp=None, edited=None, box=None):
    """
    Write nodes (id -> (lon, lat) or (lon, lat, tags)), ways (id -> (refs, tags)) and relations (id -> (members, tags)).

    ``timestamp`` goes into the header, ``edited`` is the date of every object.
    """
    header = osmium.io.Header()
    if timestamp:
        header.set("osmosis_replication_timestamp", timestamp)
    if box:
        header.add_box(osmium.osm.Box(*box))
    more = {"timestamp": edited, "version": 1} if edited else {}
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for i, (lon, lat, *tags) in sorted(nodes.items()):
            writer.add_node(mutable.Node(id=i, location=(lon, lat), tags=tags[0] if tags else {}, **more))
        for i, (refs, tags) in sorted((ways or {}).items()):
            writer.add_way(mutable.Way(id=i, nodes=refs, tags=tags, **more))
        for i, (members, tags) in sorted((relations or {}).items()):
            writer.add_relation(mutable.Relation(id=i, members=members, tags=tags, **more))
    return path


def read_ids(path):
    """Ids by type, tags by (type, id), and the nodes of ways."""
    ids: dict[str, list[int]] = {"n": [], "w": [], "r": []}
    tags, nodes = {}, {}
    for thing in osmium.FileProcessor(str(path)):
        kind = thing.type_str()
        ids[kind].append(thing.id)
        tags[kind, thing.id] = dict(thing.tags)
        if kind == "w":
            nodes[thing.id] = [n.ref for n in thing.nodes]
    return ids, tags, nodes
