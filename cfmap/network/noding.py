"""Where centre-lines join, and where they seem to but do not."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

JOIN_M = 0.5  # ends closer than this are one junction: a survey's own accuracy
NEAR_M = 5.0  # an end closer than this to another street looks like a slip of the pen


@dataclass(frozen=True, eq=False)
class Noded:
    """
    Centre-lines with their junctions. Columns 0 and 1 of all places are metres, further columns as given.

    Attributes
    ----------
    line
        Per piece: position of the line it is cut from.
    courses
        Per piece: vertices; the first and last are the junctions' places.
    start, end
        Per piece: number of the junction at its start and end.
    junctions
        Place of every junction.
    moved
        How many line ends were brought to a junction from another place.
    touching
        How many junctions lie where an end meets the middle of another line.
    vanished
        Positions of lines shorter than the tolerance, which are no pieces.
    """

    line: Ints
    courses: list[Floats]
    start: Ints
    end: Ints
    junctions: Floats
    moved: int
    touching: int
    vanished: Ints


@dataclass(frozen=True)
class Place:
    """
    A place to look at: `kind` gap / crossing / overlap, lines by position, metres, `gap_m` 0 for crossings.

    ``apart`` marks crossings that bridge, tunnel or layer explain; those are counted, not reported.
    """

    kind: str
    first: int
    second: int
    x: float
    y: float
    gap_m: float = 0.0
    apart: bool = False


def join_ends(lines: list[Floats], levels: Ints, *, tolerance_m: float = JOIN_M) -> Noded:
    """
    Join lines where they end, nowhere else.

    Ends within the tolerance of each other become one junction, at the place of the first of them. An end within the tolerance of the middle
    of another line on the same level makes a junction there too: the line that ends says that the streets meet. Two lines that merely cross
    stay apart, whether or not they have a vertex there.

    Parameters
    ----------
    lines
        Vertices, at least two each: x, y in metres; further columns (degrees) ride along, so that every place keeps the file's digits.
    levels
        Level of each line: 0 on the ground, above and below by sign.
    tolerance_m
        How far ends may be apart (m).
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    ends = np.vstack([np.vstack([line[0], line[-1]]) for line in lines])
    pairs = cKDTree(ends[:, :2]).query_pairs(tolerance_m, output_type="ndarray")
    _, label = connected_components(coo_array((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=(len(ends), len(ends))), directed=False)
    _, first, junction = np.unique(label, return_index=True, return_inverse=True)
    junctions = ends[first]
    moved = int((np.abs(ends - junctions[junction])[:, :2].max(axis=1) > 0).sum())

    whole = [line.copy() for line in lines]
    for i, line in enumerate(whole):
        line[0], line[-1] = junctions[junction[2 * i]], junctions[junction[2 * i + 1]]
    geometries = _geometries(whole)
    lengths: Floats = shapely.length(geometries)
    vanished = np.flatnonzero((junction[0::2] == junction[1::2]) & (lengths <= 2 * tolerance_m))
    cuts = _touches(geometries, lengths, levels, junction, junctions, tolerance_m, set(vanished.tolist()))
    line_of, courses, start, end = _cut(whole, junction, junctions, cuts, set(vanished.tolist()))
    touching = len({j for found in cuts.values() for _, j in found})
    return Noded(
        np.array(line_of, dtype=np.int64), courses, np.array(start, dtype=np.int64), np.array(end, dtype=np.int64), junctions, moved, touching, vanished
    )


def _geometries(lines: list[Floats]) -> NDArray[np.object_]:
    made: Any = shapely.linestrings(np.vstack(lines)[:, :2], indices=np.repeat(np.arange(len(lines)), [len(line) for line in lines]))
    return np.asarray(made, dtype=object)


def _touches(
    geometries: NDArray[np.object_], lengths: Floats, levels: Ints, junction: Ints, junctions: Floats, tolerance_m: float, vanished: set[int]
) -> dict[int, list[tuple[float, int]]]:
    """Per line: where along it (m) an end of another line touches it, with that end's junction."""
    level_of: dict[int, set[int]] = {}
    for end, j in enumerate(junction.tolist()):
        if end // 2 not in vanished:
            level_of.setdefault(j, set()).add(int(levels[end // 2]))
    points: Any = shapely.points(junctions[:, :2])
    at, on = shapely.STRtree(geometries).query(points, predicate="dwithin", distance=tolerance_m)
    other = (at != junction[2 * on]) & (at != junction[2 * on + 1])
    at, on = at[other], on[other]
    along: Any = shapely.line_locate_point(geometries[on], points[at])
    cuts: dict[int, list[tuple[float, int]]] = {}
    for j, i, metres in sorted(zip(at.tolist(), on.tolist(), along.tolist(), strict=True)):
        if i in vanished or not tolerance_m < metres < lengths[i] - tolerance_m or int(levels[i]) not in level_of.get(j, set()):
            continue
        cuts.setdefault(i, []).append((metres, j))
    return cuts


def _cut(
    lines: list[Floats], junction: Ints, junctions: Floats, cuts: dict[int, list[tuple[float, int]]], vanished: set[int]
) -> tuple[list[int], list[Floats], list[int], list[int]]:
    line_of: list[int] = []
    courses: list[Floats] = []
    start: list[int] = []
    end: list[int] = []
    for i, line in enumerate(lines):
        if i in vanished:
            continue
        if i not in cuts:
            line_of.append(i)
            courses.append(line)
            start.append(int(junction[2 * i]))
            end.append(int(junction[2 * i + 1]))
            continue
        along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(line[:, :2], axis=0).T))]
        stops = [(0.0, int(junction[2 * i])), *sorted(cuts[i]), (float(along[-1]), int(junction[2 * i + 1]))]
        for (m0, j0), (m1, j1) in pairwise(stops):
            inner = line[(along > m0 + 1e-9) & (along < m1 - 1e-9)]
            line_of.append(i)
            courses.append(np.vstack([junctions[j0], inner, junctions[j1]]))
            start.append(j0)
            end.append(j1)
    return line_of, courses, start, end


def suspicious_places(noded: Noded, levels: Ints, *, near_m: float = NEAR_M, tolerance_m: float = JOIN_M) -> list[Place]:
    """
    Dangling ends near another street, crossings without a junction, and streets that lie on each other.

    Parameters
    ----------
    noded
        From :func:`join_ends`.
    levels
        Level of each line; crossings between different levels are marked ``apart``.
    near_m
        How near a dangling end must come to another street to be reported (m).
    """
    if not noded.courses:
        return []
    geometries = _geometries(noded.courses)
    tree = shapely.STRtree(geometries)
    return _gaps(noded, geometries, tree, near_m) + _crossings(noded, geometries, tree, levels, tolerance_m)


def _gaps(noded: Noded, geometries: NDArray[np.object_], tree: shapely.STRtree, near_m: float) -> list[Place]:
    degree = np.bincount(np.r_[noded.start, noded.end], minlength=len(noded.junctions))
    dangling = np.flatnonzero(degree == 1)
    own_piece = {int(j): p for p in range(len(noded.line)) for j in (noded.start[p], noded.end[p])}
    points: Any = shapely.points(noded.junctions[dangling, :2])
    at, on = tree.query(points, predicate="dwithin", distance=near_m)
    apart: Any = shapely.distance(points[at], geometries[on])
    best: dict[int, tuple[float, int]] = {}
    for d, piece, metres in zip(dangling[at].tolist(), on.tolist(), apart.tolist(), strict=True):
        mine = own_piece[d]
        joined = {int(noded.start[mine]), int(noded.end[mine])} & {int(noded.start[piece]), int(noded.end[piece])}
        if piece != mine and not joined:  # a bend beside its own junction is no gap
            best[d] = min(best.get(d, (np.inf, -1)), (metres, piece))
    places = []
    told: set[tuple[int, int]] = set()
    for d, (metres, piece) in sorted(best.items()):
        pair = (int(min(own_piece[d], piece)), int(max(own_piece[d], piece)))
        both_dangle = any(int(j) in best and best[int(j)][1] == own_piece[d] for j in (noded.start[piece], noded.end[piece]))
        if both_dangle and pair in told:
            continue  # two ends that miss each other are one place
        told.add(pair)
        x, y = noded.junctions[d, :2].tolist()
        places.append(Place("gap", int(noded.line[own_piece[d]]), int(noded.line[piece]), x, y, gap_m=float(metres)))
    return places


def _crossings(noded: Noded, geometries: NDArray[np.object_], tree: shapely.STRtree, levels: Ints, tolerance_m: float) -> list[Place]:
    left, right = tree.query(geometries, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    parts, pair = shapely.get_parts(shapely.intersection(geometries[left], geometries[right]), return_index=True)
    left, right = left[pair], right[pair]
    overlap = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    middle = parts.copy()
    middle[overlap] = shapely.line_interpolate_point(parts[overlap], 0.5, normalized=True)
    xy = shapely.get_coordinates(middle)
    at_junction = np.zeros(len(xy), dtype=bool)
    for junction in (noded.start[left], noded.end[left]):
        shared = (junction == noded.start[right]) | (junction == noded.end[right])
        at_junction |= shared & (np.hypot(*(noded.junctions[junction, :2] - xy).T) <= tolerance_m)
    told = np.where(overlap, shapely.length(parts) > tolerance_m, ~at_junction)
    return [
        Place("overlap" if lies else "crossing", first, second, x, y, apart=bool(levels[first] != levels[second]))
        for first, second, (x, y), lies in zip(
            noded.line[left[told]].tolist(), noded.line[right[told]].tolist(), xy[told].tolist(), overlap[told].tolist(), strict=True
        )
    ]
