"""What leaves in a public edition, and what never does."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from cfmap.model import Field
from cfmap.model.schema import SITE_FIELDS
from cfmap.publish import WRITERS, suppression
from cfmap.publish.public import public
from tests.factories import tiny_edition, with_indicators

TABLES = {key: writer for key, writer in WRITERS.items() if key != "web"}
EVERYTHING = {"publish": {"indicators": ["presence", "coverage", "people", "places", "perimeter"]}}


def shown(edition):
    return public(with_indicators(edition))[0]


def bytes_of(edition, folder):
    """All that the tables hold, compressed parts opened."""
    import zipfile

    import pyarrow.parquet as pq

    text = b""
    for writer in TABLES.values():
        for path in writer.write(edition, folder):
            text += path.read_bytes()
            if path.suffix == ".xlsx":
                with zipfile.ZipFile(path) as parts:
                    text += b"".join(parts.read(n) for n in parts.namelist())
            if path.suffix == ".parquet":
                table = pq.read_table(path)
                text += repr(table.schema.metadata).encode() + table.drop_columns("geometry").to_pandas().to_csv().encode()
    return text


def planted(edition):
    """Every cell of every column of every layer that is not declared public holds its own canary."""
    layers = {}
    for key, data in edition.layers.items():
        fields = [f for f in (*SITE_FIELDS, *data.layer.fields) if not f.public]
        tables = []
        for table in (data.sites, data.unlocated):
            full = table.copy()
            for field in fields:
                full[field.key] = [f"canary-{key}-{field.key}-{i}" for i in range(len(full))]
            tables.append(full)
        layers[key] = replace(data, sites=tables[0], unlocated=tables[1])
    return replace(edition, layers=layers)


def test_columns_not_declared_public_are_in_no_file(tmp_path):
    edition = planted(tiny_edition(**EVERYTHING))
    assert b"canary-childcare-head_phone-0" in bytes_of(with_indicators(replace(edition, public=False)), tmp_path)
    (tmp_path / "public").mkdir()
    assert b"canary" not in bytes_of(shown(edition), tmp_path / "public")


def test_only_listed_columns_leave_where_the_city_lists_them(tmp_path):
    edition = shown(tiny_edition(publish={"public_columns": ["address"]}))
    sites = edition.layers["childcare"].sites
    assert sites["address"].notna().any()
    assert sites["fee"].isna().all()
    assert sites["name"].notna().all()


def test_ids_are_digests_that_stay_the_same_and_still_join():
    edition = shown(tiny_edition())
    sites = edition.layers["childcare"].sites
    assert not set(sites["id"]) & {"K1", "K2", "K3", "K4"}
    assert sites["id"].is_unique
    coverage = edition.coverages[0]
    assert list(coverage.sites["id"]) == list(sites["id"][:3])
    assert list(coverage.streets["site"]) == list(sites["id"][:2])
    assert list(edition.layers["parks"].footprints.index) == list(edition.layers["parks"].sites["id"])
    assert list(shown(replace(tiny_edition(), year=2023)).layers["childcare"].sites["id"]) == list(sites["id"])


def test_a_public_edition_made_public_again_is_the_same():
    once = shown(tiny_edition(**EVERYTHING))
    twice = public(once)[0]
    assert twice.layers["childcare"].sites.equals(once.layers["childcare"].sites)
    assert twice.indicators == once.indicators


def test_numbers_on_gaps_are_public_only_when_listed():
    kinds = {i.id.split(".")[0] for i in shown(tiny_edition()).indicators}
    assert kinds == {"counts", "years"}
    one = shown(tiny_edition(publish={"indicators": ["coverage.childcare.walk15.residents.1000"]}))
    assert [i.id for i in one.indicators if i.id.startswith("coverage")] == ["coverage.childcare.walk15.residents.1000"]


def test_an_entry_that_is_no_indicator_is_told():
    records = public(with_indicators(tiny_edition(publish={"indicators": ["coverages"]})))[1]
    assert [r.code for r in records] == ["W601"]
    assert "coverages" in records[0].what("zh")


def test_people_walking_times_findings_and_gaps_stay_in_the_house():
    edition = shown(tiny_edition())
    assert edition.population is None
    assert edition.perimeter is None
    assert edition.faults == ()
    assert len(edition.coverages[0].points) == 0
    assert len(edition.coverages[0].people) == 0
    assert shown(tiny_edition(**EVERYTHING)).perimeter is not None


def test_six_children_without_a_path_are_hidden_with_all_that_reveals_them():
    """西镇 and the city: 6 children have no path. total - covered - beyond would give them, so beyond goes too."""
    found = {i.id: i for i in shown(tiny_edition(**EVERYTHING)).indicators}
    for part in ("not", "unreachable"):
        hidden = found[f"people.childcare.walk15.children_0_2.{part}"]
        assert hidden.value is None
        assert hidden.by_town["西镇"] is None
        assert "隐去" in hidden.definition
    covered = found["people.childcare.walk15.children_0_2.covered_1000"]
    assert (covered.value, covered.by_town) == (150, {"西镇": 0, "东镇": 150})
    assert found["coverage.childcare.walk15.children_0_2.1000"].value == pytest.approx(100 * 150 / 176)
    residents = found["people.childcare.walk15.residents.unreachable"]
    assert residents.value == 500  # grown-ups are no small group of children


def test_the_people_of_a_coverage_hold_only_what_the_numbers_say():
    people = shown(tiny_edition(**EVERYTHING)).coverages[0].people.set_index("town")
    assert people.loc["东镇", "pop_0_2"] == 150
    assert people[["pop_0_2_not", "pop_0_2_unreachable"]].loc[["西镇", ""]].isna().all(axis=None)


def test_the_report_counts_what_was_hidden():
    record = next(r for r in public(with_indicators(tiny_edition(**EVERYTHING)))[1] if r.code == "I601")
    assert record.facts["count"] >= 4


def coverage_with(edition, towns):
    """A coverage whose 0-2 are (total, within 800, within 1,000, beyond, no path) for each town; the city is their sum."""
    rows = [{"town": t, **dict(zip(COLUMNS, map(float, n), strict=True))} for t, n in towns.items()]
    rows.append({"town": "", **{c: sum(r[c] for r in rows) for c in COLUMNS}})
    return replace(edition.coverages[0], people=pd.DataFrame(rows))


COLUMNS = ("pop_0_2", "pop_0_2_covered_800", "pop_0_2_covered_1000", "pop_0_2_not", "pop_0_2_unreachable")


def hidden_by(towns):
    edition = tiny_edition()
    cells = suppression.hidden(replace(edition, coverages=(coverage_with(edition, towns),)))
    return {key.removeprefix("people.childcare.walk15.children_0_2."): towns for key, towns in cells.items() if key.startswith("people.")}


def test_nothing_is_hidden_where_nothing_is_small():
    assert hidden_by({"A": (100, 40, 60, 20, 20), "B": (50, 20, 40, 10, 0), "C": (0, 0, 0, 0, 0)}) == {}


def test_one_hidden_town_takes_a_second_with_it():
    """A's total of 5 follows from the city's 105 - 100, so the next town goes as well."""
    found = hidden_by({"A": (5, 5, 5, 0, 0), "B": (40, 40, 40, 0, 0), "C": (60, 60, 60, 0, 0)})
    assert found["total"] == {"A", "B"}


def test_hidden_towns_together_are_never_a_small_count():
    """2 + 3 = 5 would follow from the city, so a third town is hidden."""
    found = hidden_by({"A": (2, 2, 2, 0, 0), "B": (3, 3, 3, 0, 0), "C": (60, 60, 60, 0, 0), "D": (70, 70, 70, 0, 0)})
    assert found["total"] == {"A", "B", "C"}


def test_few_children_left_out_hide_the_share_too():
    edition = tiny_edition()
    coverage = coverage_with(edition, {"A": (100, 50, 95, 5, 0), "B": (100, 50, 60, 40, 0), "C": (100, 50, 70, 30, 0)})
    cells = suppression.hidden(replace(edition, coverages=(coverage,)))
    assert "A" in cells["coverage.childcare.walk15.children_0_2.1000"]


def test_bands_that_differ_by_a_few_hide_the_narrower():
    assert "A" in hidden_by({"A": (100, 52, 60, 40, 0), "B": (100, 20, 60, 40, 0), "C": (100, 20, 60, 40, 0)})["covered_800"]


@pytest.mark.parametrize("seed", range(40))
def test_no_small_count_follows_from_what_is_shown(seed):
    """Solve the public table as an attacker would: unknown cells whose value the shown sums fix must not be 1-9."""
    import numpy as np

    random = np.random.default_rng(seed)
    towns = {}
    for name in "ABCDE"[: random.integers(2, 6)]:
        near, more, beyond, gone = (int(random.choice([0, 0, random.integers(1, 10), random.integers(10, 60)])) for _ in range(4))
        towns[name] = (near + more + beyond + gone, near, near + more, beyond, gone)
    edition = tiny_edition()
    coverage = coverage_with(edition, towns)
    cells = suppression.hidden(replace(edition, coverages=(coverage,)))
    table = coverage.people.set_index("town")
    names, columns = list(table.index), ["total", "covered_800", "covered_1000", "not", "unreachable"]
    hidden = [(t, c) for c in columns for t in names if t in cells.get(f"people.childcare.walk15.children_0_2.{c}", set())]
    index = {cell: i for i, cell in enumerate(hidden)}
    rows = []
    for c in columns:  # towns add up to the city
        rows.append([(t, c, -1.0 if t == "" else 1.0) for t in names])
    rows += [[(t, "total", 1.0), (t, "covered_1000", -1.0), (t, "not", -1.0), (t, "unreachable", -1.0)] for t in names]
    matrix = np.zeros((len(rows), len(hidden)))
    for r, row in enumerate(rows):
        for t, c, sign in row:
            if (t, c) in index:
                matrix[r, index[t, c]] = sign
    value = {(t, c): table.loc[t, COLUMNS[columns.index(c)]] for t in names for c in columns}
    for cell, i in index.items():
        unit = np.zeros(len(hidden))
        unit[i] = 1.0
        fixed = np.linalg.matrix_rank(np.vstack([matrix, unit])) == np.linalg.matrix_rank(matrix)
        assert not (fixed and 1 <= value[cell] <= 9), f"{cell} = {value[cell]} follows from the others"
    for (t, c), number in value.items():
        if (t, c) not in index:
            assert not 1 <= number <= 9


def test_few_children_at_a_single_site_are_hidden():
    table = pd.DataFrame({"enrolled": [5, 40, 40, None], "inclusive_enrolled": [0, 35, 20, 3], "places": [5, 5, 5, 5]})
    fields = (
        Field("enrolled", "在托人数", "enrolled", unit="人"),
        Field("inclusive_enrolled", "普惠在托", "x", unit="人"),
        Field("places", "托位", "x", unit="个"),
    )
    found = suppression.people_at_sites(table, fields)
    assert found["enrolled"].isna().tolist() == [True, False, False, True]
    assert found["inclusive_enrolled"].isna().tolist() == [True, True, False, True]  # 5 - 0 and 40 - 35 are 5
    assert found["places"].tolist() == [5, 5, 5, 5]
