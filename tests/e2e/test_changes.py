"""What a page says has changed since the edition before, from two years of lists to the page's data."""

from __future__ import annotations

import json
import re

from cfmap import pipeline
from cfmap.publish import web
from tests.e2e import small_city


def told(project, year):
    """The page's block of changes and names of its sites, through the public door."""
    text = web.page(pipeline.compute(pipeline.read_inputs(project, year=year)))
    blocks = {name: re.search(rf'id="cfmap-{name}">(.*?)</script>', text, re.DOTALL)[1] for name in ("changes", "sites", "meta")}
    changes, sites, meta = (json.loads(blocks[name]) for name in ("changes", "sites", "meta"))
    return changes, sites["name"], [layer["key"] for layer in meta["layers"]]


def test_lists_of_two_years_are_compared_site_by_site(tmp_path):
    project = small_city.make(tmp_path)
    rows = small_city.childcare_rows()
    rows[1][1] = "新名托育园"  # renamed
    rows[2][3] += 0.002  # moved by some 220 m
    del rows[3]  # gone
    small_city.childcare_csv(project, rows)
    changes, names, layers = told(project, 2024)
    assert changes["since"] == 2023
    assert {layers[n] for n in changes["compared"]} == {"schools", "childcare"}
    assert sorted(names[row] for row in changes["added"]) == ["第8托育园", "第9托育园"]
    assert [(names[row], before) for row, before in changes["renamed"]] == [("新名托育园", "第0托育园")]
    assert [(names[row], metres) for row, metres in changes["moved"]] == [("第1托育园", 220)]
    assert [(layers[n], name) for n, name in changes["removed"]] == [("childcare", "第2托育园")]


def test_without_a_list_of_the_year_before_only_years_of_sites_are_told(tmp_path):
    project = small_city.make(tmp_path)
    (project / "data/2023/childcare.csv").unlink()
    changes, names, layers = told(project, 2024)
    assert [layers[n] for n in changes["compared"]] == ["schools"]
    assert sorted(names[row] for row in changes["added"]) == ["第8托育园", "第9托育园"]
    assert changes["removed"] == changes["moved"] == changes["renamed"] == []


def test_the_first_edition_tells_the_year_s_new_sites(tmp_path):
    changes, _, _ = told(small_city.make(tmp_path), 2023)
    assert (changes["since"], changes["compared"], changes["added"]) == (2022, [], [])


def test_years_built_together_tell_the_same_as_each_alone(tmp_path):
    project = small_city.make(tmp_path)
    rows = small_city.childcare_rows()
    rows[1][1] = "新名托育园"
    small_city.childcare_csv(project, rows)
    before = pipeline.read_inputs(project, year=2023)
    (project / "data/2023/childcare.csv").unlink()  # read once: the later year knows it from the earlier one
    together = pipeline.compute(pipeline.read_inputs(project, year=2024, streets=before.streets))
    small_city.make(tmp_path / "again")
    small_city.childcare_csv(tmp_path / "again", rows)
    alone = pipeline.compute(pipeline.read_inputs(tmp_path / "again", year=2024))
    assert together.changes == alone.changes
