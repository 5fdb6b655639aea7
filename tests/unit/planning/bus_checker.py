"""Whether a plan of walking buses keeps every limit, asked of the streets themselves: shares no code with the planner."""

from __future__ import annotations

import heapq
from collections import defaultdict
from itertools import pairwise

from pyproj import Geod

GEOD = Geod(ellps="WGS84")


def neighbours(network, *, private):
    """Node -> [(node, mm)] on public edges, or on all."""
    found = defaultdict(list)
    for e in range(network.n_edges):
        if private or not network.is_private[e]:
            u, v, mm = int(network.edge_u[e]), int(network.edge_v[e]), int(network.edge_mm[e])
            found[u].append((v, mm))
            found[v].append((u, mm))
    return found


def distances(graph, start):
    best, heap = {}, [(0, start)]
    while heap:
        mm, node = heapq.heappop(heap)
        if node in best:
            continue
        best[node] = mm
        for other, more in graph[node]:
            heapq.heappush(heap, (mm + more, other))
    return best


def minutes_of(text):
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def faults(network, plan, children, doors, rules):
    """Everything wrong with a plan, in words; `children` as ``[(lon, lat, how many)]``, `doors` as ``[(lon, lat)]``."""
    wrong = []
    everywhere, public = neighbours(network, private=True), neighbours(network, private=False)
    joined = sum(line.children for line in plan.lines)
    if joined + sum(plan.unserved.values()) != sum(n for _, _, n in children):
        wrong.append("children appear or vanish")
    if len(plan.lines) > rules.most_lines:
        wrong.append("too many lines")
    for line in plan.lines:
        if not line.stops or line.children > rules.children_per_adult * rules.adults:
            wrong.append(f"{line.id}: {line.children} children")
        if line.adults * rules.children_per_adult < line.children:
            wrong.append(f"{line.id}: too few adults")
        wrong += _walk(network, line, doors, rules)
        for stop in line.stops:
            if stop.children < 3:
                wrong.append(f"{line.id}: a stop of {stop.children}")
            if len(public[stop.node]) < 3:
                wrong.append(f"{line.id}: a stop that is no junction")
    # at every stop there are enough children within reach, for all lines that call there together
    waiting = defaultdict(int)
    for line in plan.lines:
        for stop in line.stops:
            waiting[stop.node] += stop.children
    if len({(line.id, s.node) for line in plan.lines for s in line.stops}) != sum(len(line.stops) for line in plan.lines):
        wrong.append("a line calls twice at one stop")
    able = {node: sum(n for home, _, n in _homes(network, children) if _reaches(network, home, node, everywhere, rules.stop_m)) for node in waiting}
    wrong += [f"stop {node}: {count} wait, {able[node]} live near" for node, count in waiting.items() if count > able[node]]
    return wrong


def _homes(network, children):
    import geopandas as gpd
    from shapely import Point

    table = gpd.GeoSeries([Point(lon, lat) for lon, lat, _ in children], crs=4326)
    snapped = network.snap(table, limit_m=250)
    return [
        ((int(e), int(o), int(c)), k, children[k][2]) for k, (e, o, c) in enumerate(zip(snapped.edge, snapped.offset_mm, snapped.connector_mm, strict=True))
    ]


def _reaches(network, home, node, graph, metres):
    edge, offset, connector = home
    if edge < 0:
        return False
    best = distances(graph, node)
    ends = (int(network.edge_u[edge]), offset), (int(network.edge_v[edge]), int(network.edge_mm[edge]) - offset)
    return min(best.get(end, 10**12) + more for end, more in ends) + connector <= metres * 1000 + 1


def _walk(network, line, doors, rules):
    """The line on the ground: connected, from its first stop by all others to a door, as long as it says, in time."""
    coords = list(line.geometry.coords)
    metres = [0.0]
    for (x0, y0), (x1, y1) in pairwise(coords):
        metres.append(metres[-1] + GEOD.inv(x0, y0, x1, y1)[2])
    total = line.mm / 1000
    straight = min(GEOD.inv(*coords[-1], *door)[2] for door in doors)
    if abs(metres[-1] + straight - total) > 0.5:
        yield f"{line.id}: drawn {metres[-1] + straight:.1f} m, said {total:.1f} m"
    if total > rules.longest_m + 0.001:
        yield f"{line.id}: {total:.1f} m"
    minutes = total / 0.88 / 60 + rules.wait_minutes * (len(line.stops) - 1)
    if minutes + rules.wait_minutes > rules.most_minutes + 0.01 or abs(minutes - line.minutes) > 0.01:
        yield f"{line.id}: {minutes:.2f} minutes, said {line.minutes:.2f}"
    arrival = minutes_of(rules.arrival)
    if minutes_of(line.stops[0].leaves) + line.takes != arrival:
        yield f"{line.id}: leaves {line.stops[0].leaves} and takes {line.takes} minutes"
    earlier, last = -1, total + 1e-6
    for position, stop in enumerate(line.stops):
        if (stop.lon, stop.lat) not in [(round(x, 9), round(y, 9)) for x, y in coords] and min(abs(x - stop.lon) + abs(y - stop.lat) for x, y in coords) > 1e-8:
            yield f"{line.id}: stop {stop.name} is not on the line"
        rest = len(line.stops) - position - 1
        needed = stop.to_school_mm / 1000 / 0.88 / 60 + rules.wait_minutes * rest
        leaves = minutes_of(stop.leaves)
        if not 0 <= arrival - needed - leaves < 1.001:
            yield f"{line.id}: leaves {stop.leaves}, needs {needed:.2f} minutes"
        if leaves < earlier or stop.to_school_mm / 1000 > last:
            yield f"{line.id}: stops out of order"
        earlier, last = leaves, stop.to_school_mm / 1000
