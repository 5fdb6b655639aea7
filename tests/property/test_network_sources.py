"""Whatever the order and direction in which streets are handed in, the network is the same."""

from __future__ import annotations

import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cfmap.model import OsmTags
from cfmap.network.fetch import Cell, overpass_query
from cfmap.network.noding import join_ends, suspicious_places

#: Streets of a town on a lattice of 100 m: each joins two different crossings of a 4 x 4 grid.
CORNERS = st.tuples(st.integers(0, 3), st.integers(0, 3))
TOWN = st.lists(st.tuples(CORNERS, CORNERS).filter(lambda s: s[0] != s[1]), min_size=1, max_size=12, unique_by=frozenset)
COMMON = settings(max_examples=60)


def metric(town):
    return [np.array(street, dtype=float) * 100.0 for street in town]


def picture(lines, levels):
    """What does not depend on order or direction: junctions, lengths of pieces, doubtful places."""
    noded = join_ends(lines, levels)
    lengths = sorted(round(float(np.hypot(*np.diff(c, axis=0).T).sum()), 3) for c in noded.courses)
    places = sorted((p.kind, round(p.x, 3), round(p.y, 3), p.apart) for p in suspicious_places(noded, levels) if p.kind != "gap")
    used = np.unique(np.r_[noded.start, noded.end])
    return len(used), noded.touching, lengths, places


@COMMON
@given(town=TOWN, seed=st.integers(0, 2**32 - 1))
def test_order_and_direction_of_lines_do_not_matter(town, seed):
    lines, rng = metric(town), np.random.default_rng(seed)
    levels = rng.integers(-1, 2, len(lines))
    order = rng.permutation(len(lines))
    turned = [lines[i][::-1].copy() if rng.random() < 0.5 else lines[i] for i in order]
    assert picture(lines, levels) == picture(turned, levels[order])


@COMMON
@given(town=TOWN)
def test_joining_neither_adds_nor_loses_length(town):
    lines = metric(town)
    noded = join_ends(lines, np.zeros(len(lines), dtype=np.int64))
    before = sum(float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in lines)
    after = sum(float(np.hypot(*np.diff(c, axis=0).T).sum()) for c in noded.courses)
    assert abs(before - after) < 1e-6
    for course, start, end in zip(noded.courses, noded.start, noded.end, strict=True):
        assert np.array_equal(course[0], noded.junctions[start])
        assert np.array_equal(course[-1], noded.junctions[end])


@COMMON
@given(town=TOWN, seed=st.integers(0, 2**32 - 1))
def test_trembling_hands_of_ten_centimetres_change_no_junction(town, seed):
    lines, rng = metric(town), np.random.default_rng(seed)
    levels = np.zeros(len(lines), dtype=np.int64)
    shaken = [line + rng.uniform(-0.07, 0.07, line.shape) for line in lines]
    steady, shaky = join_ends(lines, levels), join_ends(shaken, levels)
    assert len(steady.junctions) == len(shaky.junctions)
    assert steady.start.tolist() == shaky.start.tolist()
    assert steady.end.tolist() == shaky.end.tolist()


@COMMON
@given(key=st.text(min_size=1, max_size=12), values=st.lists(st.text(max_size=12), min_size=0, max_size=3))
def test_no_tag_breaks_out_of_its_quotes(key, values):
    query = overpass_query(Cell(0, 0), [OsmTags(((key, tuple(values)),))])
    inside, rest = query.split("nwr[", 1)[1].rsplit("](0.000000,", 1)
    texts, escaped, position = [], False, None
    for i, char in enumerate(inside):
        if position is None:
            assert char in '"=~', "outside of quotes there are only operators"
            position = i if char == '"' else None
        elif escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"':
            texts.append(inside[position + 1 : i])
            position = None
    assert position is None
    assert len(texts) == (2 if values else 1)
    assert rest.startswith("0.000000")
    assert json.dumps(query)
