"""How do streets share a page? Each begins where one that is already told passes: its junction costs a few bits instead of a place of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from cfmap.publish.web.geometry import ALONG, BACK, COUNT, DX, DY, GRID, JUMP_X, JUMP_Y, NEXT, POINTS, TAG, coded, metres_per_degree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Geometries = Any  # arrays of shapely geometries


class Street(NamedTuple):
    """Streets of one class: LineStrings, EPSG:4326, a non-negative number for each, and how far in metres the drawn line may lie from it."""

    lines: Geometries
    tags: NDArray[np.int64]
    tolerance_m: float


def pack_streets(classes: Sequence[Street], *, step: int) -> str:
    """
    Streets of several classes as base64 text, to be read by ``readStreets`` of `src/decode.js`.

    Numbers of the coder: `step`; for each class how many lines; for each line where it begins: 0 and a jump from the last such place, or 1
    and more: so many corners, less one, after the corner at which the line before began (the first of a class: after the very first
    corner), and, where the piece from there to the next corner is longer than a step, how many steps along it, beyond those of a line that
    began on the same piece. Then its tag, how many corners follow, how many precede, and the differences from corner to corner, forwards,
    then backwards. Corners are counted through all lines in the order in which they are drawn.

    Parameters
    ----------
    classes
        Lines meet where their corners are the very same point; empty ones are left out.
    step
        Corners stand on every `step`-th line of the grid.
    """
    given = [Street(np.asarray(c.lines, dtype=object), np.asarray(c.tags, dtype=np.int64), c.tolerance_m) for c in classes]
    sizes = [len(c.lines) for c in given]
    values, kinds, about = [step], [COUNT], [0]
    if sum(sizes):
        told = _Told(_ways(given, sizes, step), np.concatenate([c.tags for c in given]).tolist())
        for n in range(len(given)):
            count, numbers = told.tell(n)
            values += [count, *(v for v, _, _ in numbers)]
            kinds += [COUNT, *(k for _, k, _ in numbers)]
            about += [0, *(a for _, _, a in numbers)]
    else:
        values, kinds, about = values + [0] * len(given), kinds + [COUNT] * len(given), about + [0] * len(given)
    return coded(np.array(values, dtype=np.int64), np.array(kinds, dtype=np.uint8), np.array(about, dtype=np.uint8))


class _Ways(NamedTuple):
    """Corners of all lines, one line after another."""

    starts: NDArray[np.int64]  # of each line, and the end of the last
    of_line: NDArray[np.int64]
    of_class: NDArray[np.int64]  # of each line
    place: list[tuple[int, int]]  # steps east and north of each corner
    kept: list[bool]  # drawn; the others lie within the tolerance
    node: NDArray[np.int64]  # corners in one place have one number
    shared: NDArray[np.bool_]  # of each corner: another line has one in the same place
    meets: list[int]  # of each corner its node where it is shared, else -1


def _ways(classes: Sequence[Street], sizes: list[int], step: int) -> _Ways:
    lines = np.concatenate([c.lines for c in classes])
    xy, of_line = shapely.get_coordinates(lines, return_index=True)
    scale = metres_per_degree(lines)
    simple = shapely.simplify(
        shapely.transform(lines, lambda p: p * scale), np.repeat([c.tolerance_m for c in classes], sizes), preserve_topology=False
    )  # for drawing; keeping topology takes far longer
    few, of_few = shapely.get_coordinates(simple, return_index=True)
    grid = np.rint(xy * GRID / step).astype(np.int64)
    _, node = np.unique(xy, axis=0, return_inverse=True)
    node = node.ravel()
    shared = _lines_at(node, of_line, int(node.max()) + 1)[node] > 1
    return _Ways(
        starts=np.append(0, np.cumsum(np.bincount(of_line, minlength=len(lines)))),
        of_line=of_line,
        of_class=np.repeat(np.arange(len(classes)), sizes),
        place=list(zip(grid[:, 0].tolist(), grid[:, 1].tolist(), strict=True)),
        kept=_among(xy * scale, of_line, few, of_few),
        node=node,
        shared=shared,
        meets=np.where(shared, node, -1).tolist(),
    )


def _lines_at(node: NDArray[np.int64], of_line: NDArray[np.int64], nodes: int) -> NDArray[np.int64]:
    """How many lines have a corner at each node."""
    both = np.unique(node * (int(of_line.max()) + 1) + of_line) if len(node) else node
    return np.bincount(both // (int(of_line.max()) + 1) if len(node) else both, minlength=nodes)


def _among(xy: NDArray[np.float64], of_line: NDArray[np.int64], few: NDArray[np.float64], of_few: NDArray[np.int64]) -> list[bool]:
    """Which corners are among the few, which stand in the same order."""
    kept = [False] * len(xy)
    lines, xs, ys = of_line.tolist(), xy[:, 0].tolist(), xy[:, 1].tolist()
    at = 0
    for line, x, y in zip(of_few.tolist(), few[:, 0].tolist(), few[:, 1].tolist(), strict=True):
        while xs[at] != x or ys[at] != y or lines[at] != line:
            at += 1
        kept[at] = True
        at += 1
    return kept


class _Told:
    """What the reader of the text knows so far."""

    def __init__(self, ways: _Ways, tags: list[int]) -> None:
        self.ways = ways
        self.tags = tags
        self.done = [False] * len(tags)
        self.place = (0, 0)  # of the last jump
        self.corners: list[tuple[int, int]] = []
        self.steps: list[int] = []  # from each corner to the next of its line, the longer of east and north; 0 after a line's last
        self.nodes: list[list[tuple[int, int]]] = []  # on the piece from each corner on: how many steps along, and the node

    def tell(self, number: int) -> tuple[int, list[tuple[int, int, int]]]:
        """How many lines of a class are drawn, and their numbers: value, kind, what it is about."""
        ways = self.ways
        touching = self._touching(number)
        waiting = iter(np.flatnonzero(ways.of_class == number).tolist())
        numbers: list[tuple[int, int, int]] = []
        count, at, along, corner = 0, 0, 0, 0
        while True:
            while corner < len(self.corners):
                for steps, node in self.nodes[corner]:
                    for begin in touching.pop(node, ()):
                        if self.done[line := int(ways.of_line[begin])]:
                            continue
                        along = along if corner == at else 0
                        left = self.steps[corner] - along
                        where = [(corner - at + 1, NEXT, 0), *([(steps - along, ALONG, left.bit_length())] if left > 1 else [])]
                        if self._line(line, begin, self._on(corner, steps), where, numbers):
                            count, at, along = count + 1, corner, steps
                corner += 1
            line = next((n for n in waiting if not self.done[n]), -1)
            if line < 0:
                return count, numbers
            begin = int(ways.starts[line])
            x, y = ways.place[begin]
            if self._line(line, begin, (x, y), [(0, NEXT, 0), (x - self.place[0], JUMP_X, 0), (y - self.place[1], JUMP_Y, 0)], numbers):
                count, self.place = count + 1, (x, y)

    def _touching(self, number: int) -> dict[int, list[int]]:
        """Corners of a class's lines by node: their ends; of those whose ends meet nothing told by then, all that are shared."""
        ways = self.ways
        here = np.flatnonzero(ways.shared & (ways.of_class[ways.of_line] <= number))
        at = _lines_at(ways.node[here], ways.of_line[here], int(ways.node.max()) + 1)
        mine = here[ways.of_class[ways.of_line[here]] == number]
        line = ways.of_line[mine]
        end = (mine == ways.starts[line]) | (mine == ways.starts[line + 1] - 1)
        met = end & (at[ways.node[mine]] > 1)
        hung = np.zeros(len(self.tags), dtype=bool)
        hung[line[met]] = True
        out: dict[int, list[int]] = {}
        for corner in mine[end | ~hung[line]].tolist():
            out.setdefault(int(ways.node[corner]), []).append(corner)
        return out

    def _on(self, corner: int, steps: int) -> tuple[int, int]:
        """The place so many steps along the piece from a corner on; the same to the last bit in `src/decode.js`."""
        x, y = self.corners[corner]
        if not steps:
            return x, y
        (to_x, to_y), most = self.corners[corner + 1], self.steps[corner]
        return x + int(np.floor((to_x - x) * steps / most + 0.5)), y + int(np.floor((to_y - y) * steps / most + 0.5))

    def _line(self, line: int, begin: int, place: tuple[int, int], where: list[tuple[int, int, int]], numbers: list[tuple[int, int, int]]) -> bool:
        """Tell a line from one of its corners, which is drawn at `place`; False, and nothing told, where it is smaller than the grid."""
        self.done[line] = True
        first, stop = int(self.ways.starts[line]), int(self.ways.starts[line + 1])
        ahead, behind = self._arm(range(begin + 1, stop), place), self._arm(range(begin - 1, first - 1, -1), place)
        if not ahead:
            ahead, behind = behind, ahead
        if not ahead:
            return False
        numbers += [*where, (self.tags[line], TAG, 0), (len(ahead), POINTS, 0), (len(behind), BACK, 0)]
        for arm in (ahead, behind):
            x, y = place
            for _, (to_x, to_y) in arm:
                numbers += [(to_x - x, DX, 0), (to_y - y, DY, 0)]
                x, y = to_x, to_y
        self._know([*reversed(behind), (begin, place), *ahead])
        return True

    def _arm(self, corners: range, place: tuple[int, int]) -> list[tuple[int, tuple[int, int]]]:
        """Drawn corners in one direction, none twice in a row."""
        out = []
        for n in corners:
            if self.ways.kept[n] and (here := self.ways.place[n]) != place:
                out.append((n, here))
                place = here
        return out

    def _know(self, drawn: list[tuple[int, tuple[int, int]]]) -> None:
        """A line's corners, and where on its pieces other lines may begin."""
        ways = self.ways
        for k, (n, (x, y)) in enumerate(drawn):
            found = [(0, ways.meets[n])] if ways.meets[n] >= 0 else []
            steps = 0
            if k + 1 < len(drawn):
                then, (to_x, to_y) = drawn[k + 1]
                east, north = to_x - x, to_y - y
                steps = max(abs(east), abs(north))
                for m in range(min(n, then) + 1, max(n, then)):
                    if ways.meets[m] >= 0:
                        share = ((ways.place[m][0] - x) * east + (ways.place[m][1] - y) * north) / (east * east + north * north)
                        found.append((min(max(round(share * steps), 0), steps - 1), ways.meets[m]))
            self.corners.append((x, y))
            self.steps.append(steps)
            self.nodes.append(sorted(found))
