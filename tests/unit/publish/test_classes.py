"""Classes of shares: natural breaks that a legend can say, by mapclassify where it is installed."""

from __future__ import annotations

import sys

import pytest

from cfmap.publish.classes import EVEN, breaks


def test_towns_that_are_alike_are_in_one_class():
    pytest.importorskip("mapclassify")
    assert breaks([2, 3, 4, 50, 52, 55, 97, 98, None]) != EVEN
    ends = breaks([2, 2.5, 50, 50.5, 97, None])
    assert len(ends) == 5
    assert breaks([1, 1.2, 1.4, 60, 60.1, 60.2, 60.3])[-1] == 100
    assert breaks([0, 100]) == (50, 100)


def test_a_class_ends_where_its_towns_end():
    pytest.importorskip("mapclassify")
    ends = breaks([10, 11, 30, 31, 50, 51, 70, 71, 90, 91])
    assert ends == (20, 40, 60, 80, 100)


@pytest.mark.parametrize("shares", [[], [None, None], [42.0, 42.001, None]])
def test_where_there_is_nothing_to_tell_apart_there_is_one_class(shares):
    assert breaks(shares) == (100,)


def test_without_mapclassify_classes_are_even(monkeypatch):
    monkeypatch.setitem(sys.modules, "mapclassify", None)
    assert breaks([1, 50, 90]) == EVEN
