"""How far is it between every origin and every site near it? Distances within a limit, and the k nearest sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cfmap.network.catchments import Starts, in_batches, joined_rows, row_bounds, starts_of
from cfmap.network.graph import MAX_MM, SHIFT, SOURCE, SearchGraph, limit_label, plus, rows

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from cfmap.network.network import Network
    from cfmap.network.snap import Snapped


@dataclass(frozen=True, eq=False)
class Pairs:
    """
    Distances between origins and sites; pairs that are not listed are farther than the limit, or there is no way.

    Attributes
    ----------
    first
        ``first[i]:first[i + 1]`` are the entries of origin i.
    site
        Site of each entry, ascending for each origin.
    mm
        Distance in millimetres with the connectors at both ends, if they were asked for; may be 0.
    n_sites
        Number of sites.
    """

    first: NDArray[np.int64]
    site: NDArray[np.int64]
    mm: NDArray[np.int64]
    n_sites: int

    @property
    def origin(self) -> NDArray[np.int64]:
        """Origin of each entry."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))

    def matrix(self) -> csr_array:
        """
        As a sparse matrix of millimetres, origins by sites.

        An entry that is stored is a distance, also when it is 0; what is not stored is not within reach. Libraries that
        drop stored zeros would turn "at the door" into "out of reach".
        """
        from scipy.sparse import csr_array

        return csr_array((self.mm, self.site, self.first), shape=(len(self.first) - 1, self.n_sites))


def pairs(
    network: Network,
    origins: Snapped,
    sites: Snapped,
    *,
    limit_mm: int,
    site: NDArray[np.int64] | None = None,
    connectors: bool = True,
    avoid_steps: bool = False,
    reverse: bool = False,
    threads: int | None = None,
) -> Pairs:
    """
    Distances from origins to all sites within a limit.

    Parameters
    ----------
    network, origins, sites
        Snapped places; those off the network have no entries.
    limit_mm
        Longest distance, inclusive, with the connectors at both ends if they count.
    site, avoid_steps, reverse, threads
        As :func:`cfmap.network.catchments.catchments`; `reverse` gives the way from the sites to the origins.
    connectors
        Whether the straight ways between places and streets count.

    Returns
    -------
    pairs
        Origins on the same edge as a site are met directly. One bounded search for each site: time grows with the nodes
        and origins within reach of the sites.

    Raises
    ------
    ValueError
        For a negative limit.
    """
    from cfmap.network import kernels

    graph = network.graph(avoid_steps=avoid_steps, reverse=reverse)
    limit = limit_label(limit_mm)
    starts = starts_of(graph, sites, site, connectors=connectors)
    n_sites = len(starts.row) - 1
    exits = graph.exits(origins)
    extra = np.where(origins.on_network, origins.connector_mm, 0) if connectors else np.zeros(len(origins), dtype=np.int64)
    by_state = np.argsort(exits.state, kind="stable")
    port_row = rows(exits.state.astype(np.int32), graph.n_states)
    port_origin, port_mm = exits.place[by_state], (exits.mm + extra[exits.place])[by_state]
    direct_row, direct_origin, direct_mm = _same_edge(graph, starts, origins, extra)
    found = in_batches(
        graph,
        n_sites,
        threads,
        lambda mine, scratch: kernels.pairs(
            graph.first, graph.arc, starts.row[mine], starts.state, starts.label, direct_row[mine], direct_origin, direct_mm,
            port_row, port_origin, port_mm, len(origins), limit, starts.longest, *scratch,
        ),
    )  # fmt: skip
    of_site = np.diff(joined_rows([f for f, _, _ in found]))
    origin, mm = np.concatenate([o for _, o, _ in found]), np.concatenate([d for _, _, d in found])
    site_of = np.repeat(np.arange(n_sites), of_site)
    by_origin = np.argsort(origin, kind="stable")
    return Pairs(row_bounds(origin, len(origins)), site_of[by_origin], mm[by_origin], n_sites)


def nearest(
    network: Network,
    origins: Snapped,
    sites: Snapped,
    *,
    k: int,
    limit_mm: int | None = None,
    site: NDArray[np.int64] | None = None,
    connectors: bool = True,
    avoid_steps: bool = False,
    reverse: bool = False,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    The k nearest sites of every origin.

    Parameters
    ----------
    k
        How many, at least 1.
    network, origins, sites, limit_mm, site, connectors, avoid_steps, reverse
        As :func:`pairs`; `limit_mm` None = any distance.

    Returns
    -------
    site, mm
        Arrays (origins, k), nearest first, of equally near sites the lower position; both -1 where there are fewer. One
        search over the whole network that keeps k labels at each state: time grows with states times k.

    Raises
    ------
    ValueError
        For k below 1, or a negative limit.
    """
    from cfmap.network.kernels import ranked

    if k < 1:
        msg = f"k = {k}: at least one site is looked for"
        raise ValueError(msg)
    graph = network.graph(avoid_steps=avoid_steps, reverse=reverse)
    limit = limit_label(limit_mm)
    starts = starts_of(graph, sites, site, connectors=connectors)
    n_sites = len(starts.row) - 1
    owner = np.repeat(np.arange(n_sites), np.diff(starts.row))
    own_label = (starts.label >> SHIFT << SHIFT) | owner.astype(np.uint64)
    at_state = ranked(graph.first, graph.arc, starts.state, own_label, limit, starts.longest, k)

    extra = np.where(origins.on_network, origins.connector_mm, 0) if connectors else np.zeros(len(origins), dtype=np.int64)
    exits = graph.exits(origins)
    through = plus(at_state[exits.state], (exits.mm + extra[exits.place])[:, None], np.ones((len(exits.mm), k), dtype=bool))
    direct_row, direct_origin, direct_mm = _same_edge(graph, starts, origins, extra)
    direct = (np.minimum(direct_mm, MAX_MM + 1).astype(np.uint64) << SHIFT) | np.repeat(np.arange(n_sites), np.diff(direct_row)).astype(np.uint64)
    origin = np.r_[np.repeat(exits.place, k), direct_origin]
    label = np.r_[through.ravel(), direct]
    within = label <= limit
    origin, label = origin[within], label[within]
    # the nearest way to each site, and of these the k nearest
    order = np.lexsort((label, label & SOURCE, origin))
    origin, label = origin[order], label[order]
    once = np.r_[True, (origin[1:] != origin[:-1]) | ((label[1:] & SOURCE) != (label[:-1] & SOURCE))][: len(origin)]
    order = np.lexsort((label[once], origin[once]))
    origin, label = origin[once][order], label[once][order]
    bounds = row_bounds(origin, len(origins))
    rank = np.arange(len(origin)) - bounds[origin]
    kept = rank < k
    site_found, mm_found = np.full((len(origins), k), -1, dtype=np.int64), np.full((len(origins), k), -1, dtype=np.int64)
    site_found[origin[kept], rank[kept]] = (label[kept] & SOURCE).astype(np.int64)
    mm_found[origin[kept], rank[kept]] = (label[kept] >> SHIFT).astype(np.int64)
    return site_found, mm_found


def _same_edge(
    graph: SearchGraph, starts: Starts, origins: Snapped, extra: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    # origins and sites in the middle of one edge: (rows by site, origin, millimetres along the edge and both connectors)
    source = starts.on_edges
    inside = np.flatnonzero(origins.on_network)
    inside = inside[(origins.offset_mm[inside] > 0) & (origins.offset_mm[inside] < graph.network.edge_mm[origins.edge[inside]])]
    inside = inside[np.argsort(origins.edge[inside], kind="stable")]
    edge = origins.edge[inside]
    begin, end = np.searchsorted(edge, source.edge, "left"), np.searchsorted(edge, source.edge, "right")
    counts = end - begin
    which = np.repeat(np.arange(len(source.edge)), counts)
    origin = inside[np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts) + begin[which]]
    ahead = origins.offset_mm[origin] - source.offset[which]
    on = source.edge[which]
    allowed = (ahead == 0) | (graph.along[on] & (ahead > 0)) | (graph.against[on] & (ahead < 0))
    mm = np.abs(ahead) + (source.label[which] >> SHIFT).astype(np.int64) + extra[origin]
    owner = np.repeat(np.arange(len(starts.edge_row) - 1), np.diff(starts.edge_row))[which]
    return row_bounds(owner[allowed], len(starts.row) - 1), origin[allowed], mm[allowed]
