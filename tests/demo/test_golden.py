"""The numbers of the demo city's editions are those of the committed table; what can be counted from the raw files by other means agrees with it."""

from __future__ import annotations

import csv

import pytest

from tests.demo import golden


@pytest.fixture(scope="module")
def table():
    return golden.committed()


@pytest.mark.parametrize("year", golden.YEARS)
def test_the_numbers_of_an_edition_are_the_committed_ones(table, year):
    expected = [row for row in table if row["year"] == str(year)]
    assert len(expected) > 250
    assert golden.rows(year) == expected


@pytest.mark.parametrize("year", golden.YEARS)
def test_parks_counted_from_the_file_itself(table, year):
    parks = {row["编号"]: row for row in _parks(year)}
    told = {row["id"]: row["value"] for row in table if row["year"] == str(year)}
    assert told["counts.parks"] == str(sum(p["状态"] == "在用" for p in parks.values()))
    towns = {row["乡镇街道"] for row in parks.values()}
    assert float(told["presence.parks"]) == pytest.approx(100 * len(towns) / 23, rel=1e-5)


@pytest.mark.parametrize("year", golden.YEARS)
def test_totals_are_running_sums_of_what_is_new(table, year):
    told = {row["id"]: row for row in table if row["year"] == str(year)}
    layers = {i.split(".")[1] for i in told if i.startswith("years.")}
    assert len(layers) > 20
    for layer in layers:
        for now, before in ((y, y - 1) for y in golden.YEARS[1:] if y <= year):
            total, new, former = (told[f"years.{layer}.{y}.{kind}"] for y, kind in ((now, "total"), (now, "new"), (before, "total")))
            if "" not in (total["value"], new["value"], former["value"]):
                assert int(total["value"]) == int(former["value"]) + int(new["value"]), (layer, now)


def _parks(year):
    text = (golden.ROOT / f"data/{year}/园林局_公园.csv").read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.DictReader(text.decode(encoding).splitlines()))
        except UnicodeDecodeError:
            continue
    raise AssertionError(year)
