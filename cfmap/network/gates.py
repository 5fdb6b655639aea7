"""What does a closed or private gate part? Edges are cut at it, and estates behind private gates become destination-only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cfmap.network.network import EdgeFlag
from cfmap.network.walkability import HIGHWAY_CLASSES, MOTOR_CLASSES, Access

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.network.build import Edges, Ways
    from cfmap.network.network import Network

#: Streets that pass on where a gate is mapped at the very node at which a lesser way leaves them.
STREETS = np.array([kind in (MOTOR_CLASSES - {"service"}) | {"pedestrian"} for kind in HIGHWAY_CLASSES])


class Barrier(NamedTuple):
    """A node that does not let everybody pass: id, value of ``barrier`` (or ""), and who may pass."""

    node_id: int
    kind: str
    access: Access


class _End(NamedTuple):
    edge: int
    side: int  # 0 = u, 1 = v


def close_gates(ways: Ways, edges: Edges, at: NDArray[np.int64], barriers: list[Barrier]) -> tuple[Ways, Edges, pd.DataFrame]:
    """
    Cut edges at barriers.

    A gate in the course of a way cuts it. At a junction it belongs to the lesser ways: streets pass on where a
    service road or path leaves them; among ways of one rank the one that runs through passes on and those that end
    there are cut; otherwise all are. Blocks that only private gates part from the rest become destination-only and
    are joined to it again; a private gate between two public streets stays shut.

    Parameters
    ----------
    ways, edges
        Edges have been cut at the barriers' vertices.
    at
        Positions of the barriers in ``ways.node_id``.
    barriers
        In the same order.

    Returns
    -------
    ways
        With one more vertex, of the same id and place, for each side that was cut off.
    edges
        With new ends and private flags.
    table
        ``node_id, lon, lat, kind, access (closed/private)`` of the barriers.
    """
    import pandas as pd

    table = pd.DataFrame(
        {
            "node_id": np.array([b.node_id for b in barriers], dtype=np.int64),
            "lon": ways.lon[at],
            "lat": ways.lat[at],
            "kind": [b.kind for b in barriers],
            "access": ["closed" if b.access == Access.CLOSED else "private" for b in barriers],
        }
    )
    if not len(at):
        return ways, edges, table
    ends_at = _ends(edges, at)
    next_node = len(ways.node_id)
    new_nodes: list[int] = []
    end_node = [edges.u.copy(), edges.v.copy()]
    private_gates: list[tuple[int, list[_End], list[_End]]] = []
    for vertex, barrier in zip(at.tolist(), barriers, strict=True):
        passing, parted = _sides(ways, edges, ends_at[vertex])
        if barrier.access == Access.PRIVATE:
            private_gates.append((vertex, passing, parted))
        for end in parted if passing else parted[1:]:
            end_node[end.side][end.edge] = next_node
            new_nodes.append(vertex)
            next_node += 1
    flags = edges.flags.copy()
    if private_gates:
        _private_blocks(next_node, end_node, flags, edges, ways, private_gates)
        for vertex, passing, parted in private_gates:
            _rejoin(vertex, passing, parted, end_node, flags)
    copies = np.array(new_nodes, dtype=np.int64)
    ways = replace(ways, node_id=np.r_[ways.node_id, ways.node_id[copies]], lon=np.r_[ways.lon, ways.lon[copies]], lat=np.r_[ways.lat, ways.lat[copies]])
    return ways, replace(edges, u=end_node[0], v=end_node[1], flags=flags), table


def _ends(edges: Edges, at: NDArray[np.int64]) -> dict[int, list[_End]]:
    found: dict[int, list[_End]] = defaultdict(list)
    for side, nodes in enumerate((edges.u, edges.v)):
        for edge in np.flatnonzero(np.isin(nodes, at)).tolist():
            found[int(nodes[edge])].append(_End(edge, side))
    return found


def _sides(ways: Ways, edges: Edges, ends: list[_End]) -> tuple[list[_End], list[_End]]:
    """Edge ends that stay joined at a barrier, and those that it parts from them and from each other."""
    of_way: dict[int, list[_End]] = defaultdict(list)
    for end in sorted(ends):
        of_way[int(ways.way_id[edges.way[end.edge]])].append(end)
    if len(of_way) < 2:
        return [], sorted(ends)
    street = {way: bool(STREETS[ways.kind[edges.way[group[0].edge]]]) for way, group in of_way.items()}
    if len(set(street.values())) == 2:
        stay = [way for way in of_way if street[way]]
    else:
        through = [way for way, group in of_way.items() if len(group) > 1]
        stay = through if len(through) == 1 else []
    return [e for way in stay for e in of_way[way]], [e for way, group in of_way.items() if way not in stay for e in group]


def _private_blocks(
    n: int,
    end_node: list[NDArray[np.int64]],
    flags: NDArray[np.uint16],
    edges: Edges,
    ways: Ways,
    gates: list[tuple[int, list[_End], list[_End]]],
) -> None:
    """Flag what lies behind private gates: with gates shut, all but the longest part of what is one with gates open."""
    from cfmap.network.build import find_components, rough_lengths

    u, v = end_node
    mm = rough_lengths(ways, edges)
    apart, table = find_components(n, u.astype(np.int32), v.astype(np.int32), mm)
    links = [(vertex, int(end_node[end.side][end.edge])) for vertex, passing, parted in gates for end in (*passing, *parted)]
    joint_u = np.r_[u, [a for a, _ in links]].astype(np.int32)
    joint_v = np.r_[v, [b for _, b in links]].astype(np.int32)
    together, _ = find_components(n, joint_u, joint_v, np.r_[mm, np.zeros(len(links), dtype=np.int64)])
    edge_apart = apart[u]
    longest = np.full(int(together.max()) + 1, len(table), dtype=np.int32)
    np.minimum.at(longest, together[u], edge_apart)  # components are numbered by length
    main = longest[together[u]]
    flags[edge_apart != main] |= np.uint16(EdgeFlag.PRIVATE)


def _rejoin(vertex: int, passing: list[_End], parted: list[_End], end_node: list[NDArray[np.int64]], flags: NDArray[np.uint16]) -> None:
    private = [e for e in parted if flags[e.edge] & EdgeFlag.PRIVATE]
    public = [e for e in parted if e not in private]
    base = vertex
    if not passing and public:
        base = int(end_node[public[0].side][public[0].edge])
    for end in private:
        end_node[end.side][end.edge] = base


def open_gates(network: Network) -> Network:
    """
    The same streets with every gate open: what if everybody could pass closed barriers and private ground?

    Parameters
    ----------
    network
        As built; it stays as it is.

    Returns
    -------
    network
        The two sides of a closed barrier are joined, no edge is private, components are those of the joined streets. Edges keep
        their order and their flags but this one, so that places snapped on either network can be compared.
    """
    from cfmap.network.build import find_components

    _, first, same = np.unique(network.node_id, return_index=True, return_inverse=True)
    joined = first.astype(np.int32)[same]
    u, v = joined[network.edge_u], joined[network.edge_v]
    component, components = find_components(len(network.node_id), u, v, network.edge_mm)
    components["gates"] = [()] * len(components)
    flags = network.edge_flags & ~np.uint16(EdgeFlag.PRIVATE)
    return replace(network, edge_u=u, edge_v=v, edge_flags=flags, node_component=component, components=components)


__all__ = ["Barrier", "close_gates", "open_gates"]
