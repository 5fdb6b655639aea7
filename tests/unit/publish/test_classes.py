"""Classes of shares: natural breaks that a legend can say, by mapclassify where it is installed."""

from __future__ import annotations

import re
import sys
from importlib import resources

import pytest

from cfmap.publish.classes import EVEN, SHADES, breaks, class_of, shade_of


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


def test_paper_has_the_page_s_shades():
    source = (resources.files("cfmap.publish.web") / "src" / "shade.js").read_text(encoding="utf-8")
    assert re.search(r"SHADES = \[(.*)\];", source)[1] == ", ".join(f'"{s}"' for s in SHADES)
    assert [shade_of(0, 1), shade_of(0, 2), shade_of(1, 2), shade_of(1, 3)] == [SHADES[2], SHADES[0], SHADES[4], SHADES[2]]
    assert [shade_of(k, 4) for k in range(4)] == [SHADES[0], SHADES[1], SHADES[3], SHADES[4]]


def test_a_share_belongs_to_the_first_class_whose_end_it_does_not_exceed():
    assert [class_of(share, (20.0, 45.0, 100.0)) for share in (0, 20, 20.004, 20.01, 45, 100)] == [0, 0, 0, 1, 1, 2]
