"""Which parts of the streets lie within reach? One linear pass over the edges after a search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cfmap.network.travel import EdgeParts, TravelField


def edge_parts(field: TravelField, limit_mm: int | None) -> EdgeParts:
    """Reached parts of all edges, see :meth:`cfmap.network.travel.TravelField.edge_parts`."""
    from cfmap.network.travel import EdgeParts

    limit = field.limit_mm if limit_mm is None else min(int(limit_mm), field.limit_mm)
    edge, begin, end, at_begin, at_end = _pieces(field)
    along, against = field._toward[0][edge], field._toward[1][edge]  # noqa: SLF001 - same room, same data
    length = end - begin
    a, a_source = _distance(at_begin)
    b, b_source = _distance(at_end)
    from_begin = along & (a >= 0) & (a <= limit)
    from_end = against & (b >= 0) & (b <= limit)

    # how far each side reaches: to the limit, and where both do, to the place that is as far from either
    reach_a = np.where(from_begin, np.minimum(length, limit - a), -1)
    reach_b = np.where(from_end, np.minimum(length, limit - b), -1)
    meet = np.clip((b + length - a) // 2, 0, length)
    overlap = from_begin & from_end & (reach_a + reach_b >= length)
    reach_a = np.where(overlap, meet, reach_a)
    reach_b = np.where(overlap, length - meet, reach_b)
    # a side that is beaten at its own end adds nothing, unless the edge has no length at all
    keep_a = from_begin & ((reach_a > 0) | ~overlap | (length == 0))
    keep_b = from_end & ((reach_b > 0) | ~overlap) & ~((length == 0) & from_begin)

    left = (edge[keep_a], begin[keep_a], (begin + reach_a)[keep_a], a[keep_a], (a + reach_a)[keep_a], a_source[keep_a])
    right = (edge[keep_b], (end - reach_b)[keep_b], end[keep_b], (b + reach_b)[keep_b], b[keep_b], b_source[keep_b])
    columns = [np.concatenate(pair) for pair in zip(left, right, strict=True)]
    order = np.lexsort((columns[2], columns[1], columns[0]))
    return EdgeParts(*(column[order] for column in columns))


def _pieces(field: TravelField) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64], NDArray[np.uint64]]:
    # edges cut at the sources that stand on them: (edge, begin, end, label at begin, label at end)
    net, starts = field.network, field._starts  # noqa: SLF001
    label = np.where(net.is_private, 1, 0)
    at_u = np.where(label == 1, field._any[net.edge_u], field._open[net.edge_u])  # noqa: SLF001
    at_v = np.where(label == 1, field._any[net.edge_v], field._open[net.edge_v])  # noqa: SLF001
    with_source = np.zeros(net.n_edges, dtype=bool)
    with_source[starts.edge] = True
    plain = np.flatnonzero(~with_source)

    edges, begins, ends, firsts, lasts = [plain], [np.zeros(len(plain), dtype=np.int64)], [net.edge_mm[plain]], [at_u[plain]], [at_v[plain]]
    for edge in np.flatnonzero(with_source):
        which = slice(np.searchsorted(starts.edge, edge, "left"), np.searchsorted(starts.edge, edge, "right"))
        stop = np.r_[0, starts.offset[which], net.edge_mm[edge]]
        here = np.r_[at_u[edge], starts.label[which], at_v[edge]]
        _relax(stop, here, along=bool(field._toward[0][edge]), against=bool(field._toward[1][edge]))  # noqa: SLF001
        distinct = np.r_[True, np.diff(stop) > 0]
        stop, here = stop[distinct], np.minimum.reduceat(here, np.flatnonzero(distinct))
        edges.append(np.full(len(stop) - 1, edge))
        begins.append(stop[:-1])
        ends.append(stop[1:])
        firsts.append(here[:-1])
        lasts.append(here[1:])
    return np.concatenate(edges), np.concatenate(begins), np.concatenate(ends), np.concatenate(firsts), np.concatenate(lasts)


def _relax(stop: NDArray[np.int64], label: NDArray[np.uint64], *, along: bool, against: bool) -> None:
    # the stops of one edge are a path: one sweep each way settles them
    none = np.uint64(0xFFFFFFFFFFFFFFFF)
    step = np.diff(stop).astype(np.uint64) << np.uint64(32)
    for i in range(1, len(stop)) if along else ():
        if label[i - 1] != none:
            label[i] = min(label[i], label[i - 1] + step[i - 1])
    for i in range(len(stop) - 2, -1, -1) if against else ():
        if label[i + 1] != none:
            label[i] = min(label[i], label[i + 1] + step[i])


def _distance(label: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    from cfmap.network.travel import _unpack

    return _unpack(label)
