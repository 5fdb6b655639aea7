"""Editions of other years know of each other by their pointers alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cfmap.publish import lock, pointer, release
from tests.factories import tiny_city
from tests.faults.light import edition, state, writers


def build(output, year, *, public=True, listed=(2022, 2023, 2024), name=None):
    """Publish a light edition of a year where ``cfmap build`` would."""
    city = tiny_city(edition={"year": year, "editions": sorted({*listed, year})}, publish={"keep_versions": 5})
    out = output / (name or f"{year}{'' if public else '-internal'}")
    release.publish(replace(edition(), city=city, year=year, public=public), out=out, writers=writers(f"text-{year}"))
    return out


def test_a_later_edition_is_known_to_the_older_one_whose_version_stays_byte_for_byte(tmp_path):
    old = build(tmp_path, 2023)
    assert pointer.editions(old) == ()
    before = state(old)
    new = build(tmp_path, 2024)
    assert pointer.editions(old) == pointer.editions(new) == (2023, 2024)
    after = state(old)
    assert {name for name in before if before[name] != after[name]} == {"index.html"}
    assert pointer.read(old) == 1
    build(tmp_path, 2025, listed=(2023, 2024))
    assert pointer.editions(old) == (2023, 2024, 2025)


def test_only_what_is_listed_and_published_for_the_same_readers_is_named(tmp_path):
    inside = build(tmp_path, 2022, public=False)
    build(tmp_path, 2021)  # listed by its own settings only
    (tmp_path / "2023").mkdir()  # nothing in it
    out = build(tmp_path, 2024)
    assert pointer.editions(out) == ()
    assert pointer.editions(inside) == ()
    newer = build(tmp_path, 2023, public=False)
    assert pointer.editions(newer) == pointer.editions(inside) == (2022, 2023)
    assert pointer.editions(out) == ()


def test_a_folder_with_a_name_of_its_own_stands_alone(tmp_path):
    build(tmp_path, 2023)
    assert pointer.editions(build(tmp_path, 2024, name="for-the-mayor")) == ()
    assert pointer.editions(tmp_path / "2023") == ()


def test_a_link_that_leads_elsewhere_is_no_edition_beside(tmp_path):
    elsewhere = build(tmp_path / "other", 2023)
    try:
        (tmp_path / "2023").symlink_to(elsewhere, target_is_directory=True)
    except OSError:
        pytest.skip("this system lets nobody make links")
    assert pointer.editions(build(tmp_path, 2024)) == ()
    assert pointer.editions(elsewhere) == ()


def test_an_edition_that_is_busy_or_damaged_stops_nobody_and_is_told_the_next_time(tmp_path):
    old = build(tmp_path, 2023)
    with lock.held(old):
        new = build(tmp_path, 2024)
    assert (pointer.editions(old), pointer.editions(new)) == ((), (2023, 2024))
    build(tmp_path, 2024)
    assert pointer.editions(old) == (2023, 2024)
    (old / "index.html").write_bytes(b"\xff\xfe broken")
    assert pointer.editions(build(tmp_path, 2024)) == ()


def test_going_back_keeps_what_is_known_of_the_others(tmp_path):
    out = build(tmp_path, 2024)
    build(tmp_path, 2024)
    build(tmp_path, 2023)
    release.rollback(out, 1)
    assert (pointer.read(out), pointer.editions(out)) == (1, (2023, 2024))
