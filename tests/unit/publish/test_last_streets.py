"""Streets are compared with those of the last edition: fewer, older, the same, more; without an edition nothing is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cfmap.publish import release
from cfmap.publish.last_streets import compare
from tests.factories import tiny_city
from tests.faults.light import edition, writers

BEFORE = {"km": 100.0, "timestamp": "2024-06-30T00:00:00Z"}


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A city whose edition of 2023 is published, made of 100 km of streets."""
    city = tiny_city(tmp_path_factory.mktemp("city"), edition={"year": 2024, "editions": [2023, 2024]})
    made = replace(edition(), city=city, year=2023, network_summary=BEFORE)
    release.publish(made, out=city.root / "output" / "2023", writers=writers("old"))
    return city


@pytest.mark.parametrize(
    ("now", "codes"),
    [
        ({}, []),
        ({"km": 90.0}, []),  # a tenth may go
        ({"km": 89.9}, ["W313"]),
        ({"km": 300.0, "timestamp": "2024-12-31T00:00:00Z"}, []),
        ({"timestamp": "2024-06-29T00:00:00Z"}, ["W314"]),
        ({"km": 1.0, "timestamp": "2019-01-01T00:00:00Z"}, ["W313", "W314"]),
        ({"timestamp": ""}, []),  # a file that does not say its date
    ],
)
def test_fewer_and_older_streets_are_told(city, now, codes):
    found = compare(BEFORE | now, city, 2024)
    assert [f.code for f in found] == codes
    assert all("2023" in f.what("zh") and "2023" in f.what("en") for f in found)


def test_nothing_is_said_of_editions_of_later_years_or_when_there_is_none(city, tmp_path):
    none = BEFORE | {"km": 1.0}
    assert compare(none, city, 2022) == []
    assert compare(none, tiny_city(tmp_path), 2024) == []
