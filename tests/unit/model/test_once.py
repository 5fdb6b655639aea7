"""What several writers ask for is worked out once, and only while they write."""

from __future__ import annotations

from cfmap.model.once import kept, once


def test_made_once_inside_and_each_time_outside() -> None:
    first, second = [1, 2], [1, 2]
    with once():
        assert kept(sorted, first) is kept(sorted, first)
        assert kept(sorted, first) is not kept(sorted, second)  # equal, but another object
        assert kept(tuple, first) == (1, 2)
    assert kept(sorted, first) is not kept(sorted, first)


def test_nothing_outlives_the_block() -> None:
    given = [2, 1]
    with once():
        assert kept(sorted, given) == [1, 2]
    given.append(0)
    with once():
        assert kept(sorted, given) == [0, 1, 2]
