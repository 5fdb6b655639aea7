"""Broken files of every kind: a word for each, never a traceback, a hang or a strange exit."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz import corpus, mutate, run

COUNT = 500


@pytest.mark.slow
def test_broken_files_are_told_by_name_and_nothing_else_happens():
    report = run.in_a_row(COUNT)
    assert report.findings == []
    assert sum(report.exits.values()) == COUNT
    assert report.exits[0] > COUNT / 20, "some damage does no harm, or nothing was read at all"
    assert report.exits[3] > COUNT / 3


@pytest.mark.parametrize("kind", corpus.KINDS)
def test_what_is_broken_was_whole(tmp_path, kind, monkeypatch):
    monkeypatch.setattr(run, "mutated", lambda _kind, raw, _chance: raw)
    fuzz, report = run.Fuzz(tmp_path), run.Report()
    fuzz.one(corpus.KINDS.index(kind), report)
    fuzz.close()
    assert (dict(report.exits), dict(report.codes), report.findings) == ({0: 1}, {}, [])


def test_the_same_number_breaks_a_file_the_same_way():
    raw = bytes(range(256)) * 20
    for kind in ("csv", "gpkg", "osm"):
        once, again = ([mutate.mutated(kind, raw, Random(f"1:{n}")) for n in range(20)] for _ in range(2))
        assert once == again
        assert len(set(once)) > 15
