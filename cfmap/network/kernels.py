"""The inner loops of a search, compiled by numba; nothing here knows what an edge means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: A label is ``millimetres << 32 | source``: the smaller distance wins, and of equal ones the lower source.
NONE = np.uint64(0xFFFFFFFFFFFFFFFF)


@njit(cache=True, nogil=True)
def spread(
    first: NDArray[np.int64],
    target: NDArray[np.int32],
    weight: NDArray[np.int64],
    label: NDArray[np.uint64],
    limit: np.uint64,
) -> None:
    """
    Multi-source Dijkstra over a CSR graph, in place: every finite entry of `label` is a start.

    A label above `limit` (packed, inclusive) is not written. Binary heap with lazy deletion.
    """
    n = len(label)
    heap_label = np.empty(len(target) + n + 1, dtype=np.uint64)
    heap_node = np.empty(len(target) + n + 1, dtype=np.int32)
    size = 0
    for node in range(n):
        if label[node] != NONE:
            size = _push(heap_label, heap_node, size, label[node], np.int32(node))
    while size > 0:
        here = heap_label[0]
        node_ = heap_node[0]
        size = _pop(heap_label, heap_node, size)
        if here > label[node_]:
            continue
        for arc in range(first[node_], first[node_ + 1]):
            there = here + (np.uint64(weight[arc]) << np.uint64(32))
            to = target[arc]
            if there <= limit and there < label[to]:
                label[to] = there
                size = _push(heap_label, heap_node, size, there, to)


@njit(cache=True, nogil=True)
def _push(heap_label: NDArray[np.uint64], heap_node: NDArray[np.int32], size: int, label: np.uint64, node: np.int32) -> int:
    place = size
    while place > 0:
        parent = (place - 1) >> 1
        if heap_label[parent] <= label:
            break
        heap_label[place] = heap_label[parent]
        heap_node[place] = heap_node[parent]
        place = parent
    heap_label[place] = label
    heap_node[place] = node
    return size + 1


@njit(cache=True, nogil=True)
def _pop(heap_label: NDArray[np.uint64], heap_node: NDArray[np.int32], size: int) -> int:
    size -= 1
    label = heap_label[size]
    node = heap_node[size]
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and heap_label[child + 1] < heap_label[child]:
            child += 1
        if heap_label[child] >= label:
            break
        heap_label[place] = heap_label[child]
        heap_node[place] = heap_node[child]
        place = child
    heap_label[place] = label
    heap_node[place] = node
    return size
