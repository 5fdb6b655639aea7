"""What lies within reach of each site by itself? Many bounded searches, side by side, with sparse results."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from cfmap.network.graph import OnEdges, SearchGraph, limit_label, plus
from cfmap.network.travel import on_edges, source_labels

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cfmap.network.network import Network
    from cfmap.network.snap import Snapped
    from cfmap.network.travel import EdgeParts

T = TypeVar("T")
BATCHES = 4  # for each thread, so that a slow batch does not leave the others idle


class Starts(NamedTuple):
    """
    Where the searches of several sites begin, rows by site.

    Site i begins at ``state[row[i]:row[i + 1]]`` with these labels, and has sources in the middle of edges in
    ``on_edges`` from ``edge_row[i]`` to ``edge_row[i + 1]``. Labels name the access; none, and no arc, is higher than `longest`.
    """

    row: NDArray[np.int64]
    state: NDArray[np.int64]
    label: NDArray[np.uint64]
    edge_row: NDArray[np.int64]
    on_edges: OnEdges
    longest: np.uint64


@dataclass(frozen=True, eq=False)
class Catchments:
    """
    Nodes within reach of each site by itself.

    Attributes
    ----------
    first
        ``first[i]:first[i + 1]`` are the entries of site i; a site off the network has none.
    node
        Position of the node; for each site in the order of the search, which is the same in every run.
    mm
        Distance in millimetres, never above the limit.
    """

    first: NDArray[np.int64]
    node: NDArray[np.int32]
    mm: NDArray[np.int32]

    @property
    def site(self) -> NDArray[np.int64]:
        """Site of each entry."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))


def catchments(
    network: Network,
    sites: Snapped,
    *,
    limit_mm: int,
    site: NDArray[np.int64] | None = None,
    connectors: bool = True,
    avoid_steps: bool = False,
    reverse: bool = False,
    threads: int | None = None,
) -> Catchments:
    """
    Nodes within reach of each site, whether or not another site is nearer.

    Parameters
    ----------
    network, sites, connectors, avoid_steps, reverse
        As :func:`cfmap.network.travel.travel`.
    limit_mm
        Longest distance, inclusive.
    site
        Site of each snapped place, ``0 .. n - 1``, for sites with several entrances; None = each place is a site.
    threads
        Searches at a time; None = one for each processor. The result is the same for any number.

    Returns
    -------
    catchments
        Time grows with the number of nodes within reach, not with the size of the network, but for 8 bytes a node and
        batch of sites.

    Raises
    ------
    ValueError
        For a negative limit.
    """
    graph = network.graph(avoid_steps=avoid_steps, reverse=reverse)
    starts = starts_of(graph, sites, site, connectors=connectors)
    return Catchments(*nodes_of_balls(graph, starts, limit_label(limit_mm), None, threads))


def nodes_of_balls(
    graph: SearchGraph, starts: Starts, limit: np.uint64, nearer_than: NDArray[np.uint64] | None, threads: int | None
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Bounds by site, nodes and millimetres; `nearer_than` as in :func:`cfmap.network.kernels.balls`."""
    from cfmap.network.kernels import balls

    found = in_batches(
        graph,
        len(starts.row) - 1,
        threads,
        lambda mine, scratch: balls(graph.first, graph.arc, starts.row[mine], starts.state, starts.label, limit, starts.longest, nearer_than, *scratch),
    )
    first = joined_rows([f for f, _, _ in found])
    state, mm = np.concatenate([s for _, s, _ in found]), np.concatenate([d for _, _, d in found])
    if graph.n_states == graph.network.n_nodes:
        return first, state, mm
    # of a node's states the one counts in which a place on it is reached
    node = graph.node_of[state]
    counts = state == graph.ground[node]
    before = np.r_[0, np.cumsum(counts)]
    return before[first].astype(np.int64), node[counts], mm[counts]


def catchment_parts(
    network: Network,
    sites: Snapped,
    *,
    limit_mm: int,
    site: NDArray[np.int64] | None = None,
    connectors: bool = True,
    avoid_steps: bool = False,
    reverse: bool = False,
    threads: int | None = None,
) -> tuple[NDArray[np.int64], EdgeParts]:
    """
    Reached parts of edges for each site by itself; parameters as :func:`catchments`.

    Returns
    -------
    first, parts
        ``first[i]:first[i + 1]`` are the parts of site i, ascending by edge and place; `source` is the snapped place.
    """
    from cfmap.network.parts import as_parts, balls_parts

    graph = network.graph(avoid_steps=avoid_steps, reverse=reverse)
    limit = limit_label(limit_mm)
    starts = starts_of(graph, sites, site, connectors=connectors)
    incidence, ends = graph.incidence, graph.edge_ends
    found = in_batches(
        graph,
        len(starts.row) - 1,
        threads,
        lambda mine, scratch: balls_parts(
            graph.first, graph.arc, starts.row[mine], starts.state, starts.label, starts.edge_row[mine], *starts.on_edges,
            *incidence, *ends, network.edge_mm, graph.along, graph.against, limit, starts.longest, *scratch,
        ),
    )  # fmt: skip
    first = joined_rows([f for f, _ in found])
    table = np.concatenate([t for _, t in found])
    owner = np.repeat(np.arange(len(first) - 1), np.diff(first))
    return first, as_parts(table[np.lexsort((table[:, 2], table[:, 1], table[:, 0], owner))])


def starts_of(graph: SearchGraph, sites: Snapped, site: NDArray[np.int64] | None, *, connectors: bool) -> Starts:
    """Where the searches of sites begin; `site` as in :func:`catchments`."""
    owner = np.arange(len(sites)) if site is None else np.asarray(site, dtype=np.int64)
    count = len(sites) if site is None else int(owner.max(initial=-1)) + 1
    at_site = source_labels(sites, connectors=connectors)
    ports = graph.entries(sites)
    label = plus(at_site[ports.place], ports.mm, np.ones(len(ports.mm), dtype=bool))
    order = np.lexsort((label, ports.state, owner[ports.place]))
    between = on_edges(graph.network, sites, at_site)
    source = (between.label & np.uint64(0xFFFFFFFF)).astype(np.int64)
    by_site = np.argsort(owner[source], kind="stable")
    longest = np.uint64(max(int(graph.longest_arc), int(label.max(initial=0))))
    return Starts(
        row_bounds(owner[ports.place], count), ports.state[order], label[order],
        row_bounds(owner[source], count), OnEdges(between.edge[by_site], between.offset[by_site], between.label[by_site]), longest,
    )  # fmt: skip


def row_bounds(owner: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Where each row begins, and the last ends, for items that belong to `count` rows."""
    bounds: NDArray[np.int64] = np.r_[0, np.cumsum(np.bincount(owner, minlength=count))].astype(np.int64)
    return bounds


def in_batches(graph: SearchGraph, count: int, threads: int | None, work: Callable[[slice, tuple[NDArray[np.uint64], NDArray[np.uint32]]], T]) -> list[T]:
    """
    Work on `count` rows, some at a time and side by side (numba lets go of the interpreter); results in the order of the rows.

    `work` is given the bounds of its rows, as a slice of their beginnings with the last end, and room for its searches.
    """
    threads = threads or cpu_count() or 1
    size = max(1, -(-count // (threads * BATCHES)))

    def batch(begin: int) -> T:
        with graph.scratch() as scratch:
            return work(slice(begin, min(begin + size, count) + 1), scratch)

    begins = range(0, max(count, 1), size)
    if threads == 1 or len(begins) == 1:
        return [batch(begin) for begin in begins]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(batch, begins))


def joined_rows(pieces: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Bounds of rows that came in batches, each counted from 0."""
    sizes = np.concatenate([np.diff(piece) for piece in pieces])
    joined: NDArray[np.int64] = np.r_[0, np.cumsum(sizes)].astype(np.int64)
    return joined
