"""Streets joined into long lines: each once, straight on, none lost."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString

from cfmap.publish.web.strokes import strokes

corner = st.tuples(st.integers(0, 4), st.integers(0, 4))


def pieces(lines, tags):
    """Each stretch between two points, whichever way, with its tag."""
    found: Counter[object] = Counter()
    for line, tag in zip(lines, tags, strict=True):
        points = [tuple(p) for p in shapely.get_coordinates(line).tolist()]
        found.update((tag, *sorted(pair)) for pair in pairwise(points) if pair[0] != pair[1])
    return found


@given(st.lists(st.tuples(st.lists(corner, min_size=2, max_size=4).filter(lambda p: len(set(p)) > 1), st.integers(0, 1)), max_size=12))
def test_every_street_is_in_exactly_one_line_of_its_name(streets):
    lines = np.array([LineString(points) for points, _ in streets], dtype=object)
    tags = np.array([tag for _, tag in streets], dtype=np.int64)
    joined, their = strokes(lines, tags)
    assert pieces(joined, their.tolist()) == pieces(lines, tags.tolist())
    assert len(joined) <= len(lines)


def test_a_crossing_goes_straight_on():
    arms = [LineString([(0, 0), end]) for end in ((1, 0), (0, 1), (-1, 0.1), (0.1, -1))]
    joined, _ = strokes(np.array(arms, dtype=object), np.zeros(4, dtype=np.int64))
    assert sorted(sorted(line.coords) for line in joined) == [[(-1, 0.1), (0, 0), (1, 0)], [(0, 0), (0, 1), (0.1, -1)]]


def test_another_name_is_another_line_and_a_ring_is_one():
    sides = np.array([LineString(p) for p in ([(0, 0), (1, 0)], [(1, 0), (1, 1)], [(1, 1), (0, 0)], [(1, 1), (2, 2)])], dtype=object)
    joined, tags = strokes(sides, np.array([3, 3, 3, 4]))
    assert sorted(zip(tags.tolist(), (line.is_closed for line in joined), strict=True)) == [(3, True), (4, False)]
