"""How do millions of small differences become few bytes: an adaptive arithmetic coder whose guesses know what each number is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

# What a number is; `src/coder.js` reads by the same list.
COUNT, TAG, POINTS, JUMP_X, JUMP_Y, DX, DY, NEXT, ALONG, BACK = range(10)
KINDS = 10
NEIGHBOURS = 12  # sizes (bits) of the number before that are told apart
SIZES = 64  # nodes of the tree in which a number's size is told
SIGNS = 9
HALF = 32_768
MOST = 62  # how slowly a guess that was often tried still learns


def encode(values: NDArray[np.int64], kinds: NDArray[np.uint8], about: NDArray[np.uint8] | None = None) -> bytes:
    """
    Numbers as bytes, each told by its size in bits, the two bits below the first, the rest as they are, and its sign.

    Every guess starts even and learns from what passes; it is chosen by the number's kind and the size and sign of its
    neighbours: a street that went a little east goes on a little east.

    Parameters
    ----------
    values
        Below 2^31; only jumps and differences may be negative.
    kinds
        :data:`COUNT` … :data:`BACK` for each. :data:`JUMP_X` or :data:`NEXT` begins a line.
    about
        Below :data:`NEIGHBOURS`, for each what else the reader knows that bears on its size; of jumps and differences the numbers before tell more.
    """
    room = np.zeros(16 + 8 * len(values), dtype=np.uint8)
    known = np.zeros(len(values), dtype=np.uint8) if about is None else np.ascontiguousarray(np.minimum(about, NEIGHBOURS - 1), dtype=np.uint8)
    used = _encode(np.ascontiguousarray(values, dtype=np.int64), np.ascontiguousarray(kinds, dtype=np.uint8), known, room)
    return room[:used].tobytes()


@njit(cache=True)
def _bit(register: NDArray[np.int64], out: NDArray[np.uint8], chance: NDArray[np.int64], seen: NDArray[np.int64], at: int, bit: int) -> None:
    """One yes or no; the register holds the interval's ends and the number of bytes written."""
    low, high, used = register[0], register[1], register[2]
    middle = low + ((high - low) >> 12) * (chance[at] >> 4)
    if bit:
        high = middle
        chance[at] += (65_535 - chance[at]) // (seen[at] + 2)
    else:
        low = middle + 1
        chance[at] -= chance[at] // (seen[at] + 2)
    if seen[at] < MOST:
        seen[at] += 1
    while ((low ^ high) & 0xFF000000) == 0:
        out[used] = high >> 24
        used += 1
        low = (low << 8) & 0xFFFFFFFF
        high = ((high << 8) & 0xFFFFFFFF) | 255
    register[0], register[1], register[2] = low, high, used


@njit(cache=True)
def _encode(values: NDArray[np.int64], kinds: NDArray[np.uint8], about: NDArray[np.uint8], out: NDArray[np.uint8]) -> int:  # noqa: C901 - one loop
    register = np.array([0, 0xFFFFFFFF, 0], dtype=np.int64)
    sizes, sizes_seen = np.full(KINDS * NEIGHBOURS * SIZES, HALF, dtype=np.int64), np.zeros(KINDS * NEIGHBOURS * SIZES, dtype=np.int64)
    tops, tops_seen = np.full(KINDS * SIZES * 4, HALF, dtype=np.int64), np.zeros(KINDS * SIZES * 4, dtype=np.int64)
    signs, signs_seen = np.full(KINDS * SIGNS, HALF, dtype=np.int64), np.zeros(KINDS * SIGNS, dtype=np.int64)
    plain, plain_seen = np.full(1, HALF, dtype=np.int64), np.zeros(1, dtype=np.int64)
    size_x, size_y, sign_x, sign_y = 0, 0, 0, 0  # of the last difference
    for n in range(len(values)):
        kind, value = kinds[n], values[n]
        size = 0
        rest = abs(value) + 1
        while rest >> (size + 1):
            size += 1
        if kind in (JUMP_X, NEXT):
            size_x, size_y, sign_x, sign_y = 0, 0, 0, 0
        neighbour = min(size_x, NEIGHBOURS - 1) if kind in (DY, JUMP_Y) else np.int64(about[n])
        if kind == DX:
            neighbour = min((size_x + size_y + 1) >> 1, NEIGHBOURS - 1)
        node = 1
        for k in range(4, -1, -1):
            bit = (size >> k) & 1
            _bit(register, out, sizes, sizes_seen, (kind * NEIGHBOURS + neighbour) * SIZES + node, bit)
            node = 2 * node + bit
        node = 1
        for k in range(size - 1, -1, -1):
            bit = (rest >> k) & 1
            if k >= size - 2:
                _bit(register, out, tops, tops_seen, (kind * SIZES + size) * 4 + node, bit)
                node = 2 * node + bit
            else:
                plain[0] = HALF
                _bit(register, out, plain, plain_seen, 0, bit)
        if JUMP_X <= kind <= DY:
            sign = 0 if value == 0 else 1 if value > 0 else 2
            if value:
                _bit(register, out, signs, signs_seen, kind * SIGNS + 3 * sign_x + sign_y, sign - 1)
            if kind in (JUMP_X, DX):
                size_x, sign_x = size, sign
            else:
                size_y, sign_y = size, sign
        if kind == JUMP_Y:
            size_x, size_y, sign_x, sign_y = 0, 0, 0, 0
    for k in range(4):
        out[register[2] + k] = (register[1] >> (24 - 8 * k)) & 255
    return int(register[2]) + 4
