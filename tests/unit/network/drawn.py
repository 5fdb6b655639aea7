"""Little OpenStreetMap files drawn by hand: nodes in metres round a place in the sea, ways by node ids."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

LON, LAT = 122.5, 27.5
DEGREE_LAT = 110_795.0  # metres of a degree of latitude and longitude here (WGS84)
DEGREE_LON = 98_807.0


def place(x, y):
    """Degrees of a place given in metres east and north."""
    return round(LON + x / DEGREE_LON, 7), round(LAT + y / DEGREE_LAT, 7)


def write_osm(path, nodes, ways, *, node_tags=None, relations=()):
    """
    Write an .osm file.

    `nodes` = {id: (east m, north m)}, `ways` = {id: ([node ids], {tags})}, `relations` = [(id, [(way, role)], {tags})].
    """
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", "<osm version='0.6'>"]

    def tags_of(tags):
        return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())

    for node, (x, y) in nodes.items():
        lon, lat = place(x, y)
        lines.append(f"<node id='{node}' version='1' lon='{lon:.7f}' lat='{lat:.7f}'>{tags_of((node_tags or {}).get(node, {}))}</node>")
    for way, (refs, tags) in ways.items():
        vertices = "".join(f"<nd ref='{r}'/>" for r in refs)
        lines.append(f"<way id='{way}' version='1'>{vertices}{tags_of(tags)}</way>")
    for relation, members, tags in relations:
        drawn = "".join(f"<member type='way' ref='{way}' role='{role}'/>" for way, role in members)
        lines.append(f"<relation id='{relation}' version='1'>{drawn}{tags_of(tags)}</relation>")
    lines.append("</osm>")
    path.write_text("\n".join(lines), "utf-8")
    return path
