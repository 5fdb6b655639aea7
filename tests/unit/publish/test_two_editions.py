"""This year's public numbers less last year's: no difference of 1-9 children can be had, of the same table of people."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from cfmap.model import InputFile
from cfmap.publish import WRITERS, already_public, manifest, release, suppression
from tests.factories import tiny_edition, with_indicators
from tests.unit.publish.test_disclosure import AGES, KEYS, Attack, coverage

NAME = "people.childcare.walk15.children_0_2.covered_1000"
SHARE = "coverage.childcare.walk15.children_0_2.1000"


def parts(near):
    """Children of every age by town: so many near, 100 in a town."""
    return np.array([[[n, 0, 100 - n - 20, 20]] * len(AGES) for n in near], dtype=float)


def edition(near, **more):
    return replace(tiny_edition(publish={"indicators": ["people", "coverage"]}), coverages=tuple(coverage(key, parts(near)) for key in KEYS), **more)


def hidden(near, *said):
    return suppression.hidden(edition(near), said=said).get(NAME, set())


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ({}, False),
        ({(NAME, "镇0"): 44.0}, False),  # the same number again tells nothing
        ({(NAME, "镇0"): 40.0}, True),
        ({(NAME, "镇0"): 48.0}, True),  # a site that has closed
        ({(NAME, "镇0"): 34.0}, False),
        ({(SHARE, "镇0"): 40.0}, True),  # of the same 100 children
        ({("people.other.walk15.children_0_2.covered_1000", "镇0"): 40.0}, False),
    ],
)
def test_a_number_too_near_to_another_edition_s_is_hidden_and_never_alone(said, gone):
    found = hidden([44, 60, 50], said)
    assert ("镇0" in found) == gone
    assert len(found) != 1, "the towns' sum would tell it"


def test_what_is_hidden_for_it_could_be_any_of_ten_numbers():
    made = edition([44, 60, 50])
    cells = suppression.hidden(made, said=[{(NAME, "镇0"): 40.0}])
    attack = Attack(made, cells)
    low, high = attack.interval(attack.hidden[NAME, "镇0"][0])
    assert high - low >= suppression.PROTECTED - 1e-6


def published(tmp_path, year, near, *, people="a" * 64, files=("table",)):
    """`files`: settings of ``[population]`` that name one, the first of digest `people`, the others each year's own."""
    made = with_indicators(edition(near))
    population = made.city.population.model_copy(update={key: f"data/{key}" for key in files})
    digests = [people, *(f"{year}{key}".ljust(64, "0") for key in files[1:])]
    inputs = (*made.inputs, *(InputFile(f"data/{key}", digest) for key, digest in zip(files, digests, strict=True)))
    made = replace(made, city=made.city.model_copy(update={"root": tmp_path, "population": population}), year=year, inputs=inputs)
    done = release.publish(made, out=tmp_path / "output" / str(year), writers={"figures": WRITERS["figures"]})
    return {i["id"]: i for i in json.loads((done.folder / "indicators.json").read_text(encoding="utf-8"))["indicators"]}[NAME]


def test_editions_published_one_after_the_other_cannot_be_subtracted(tmp_path):
    files = ("table", "buildings", "totals")  # wherever the same people were placed
    first = published(tmp_path, 2023, [40, 60, 50], files=files)
    assert first["by_town"] == {"镇0": 40, "镇1": 60, "镇2": 50}
    second = published(tmp_path, 2024, [44, 60, 50], files=files)
    assert second["by_town"]["镇0"] is None
    assert second["value"] is None or list(second["by_town"].values()).count(None) > 1
    assert published(tmp_path, 2024, [44, 60, 50], files=files) == second  # the same again, with itself beside it


def test_another_table_of_people_is_another_matter(tmp_path):
    published(tmp_path, 2023, [40, 60, 50])
    assert published(tmp_path, 2024, [44, 60, 50], people="b" * 64)["by_town"]["镇0"] == 44


def test_people_of_a_raster_are_known_by_it():
    made = edition([44, 60, 50])
    population = made.city.population.model_copy(update={"table": "", "raster": "data/r.tif", "totals": "data/t.xlsx"})
    inputs = (InputFile("data/t.xlsx", "b" * 64), InputFile("data/r.tif", "a" * 64))
    made = replace(made, city=made.city.model_copy(update={"population": population}), inputs=inputs)
    assert manifest.people_of(made)[: already_public.DIGEST] == "a" * 64
