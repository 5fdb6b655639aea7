"""The Rui'an example holds what has a source and nothing else: no coordinate, every target answered, "cannot tell" with its reason."""

from __future__ import annotations

import csv
import io
import re
import runpy
import tarfile

import pytest

from cfmap import pipeline
from cfmap.model import load_city
from cfmap.model.ledgers import standard_ledger

PLAN = "ruian-2022-2024"


@pytest.fixture(scope="module")
def ruian(repository):
    return repository / "examples" / "ruian"


def rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_settings_are_valid_and_the_layer_stays_in_the_house(ruian):
    city = load_city(ruian)
    assert (city.name, city.city.adcode, city.targets.ledger) == ("瑞安市", "330381", PLAN)
    assert not city.city.demo
    assert city.layers["named_places"].internal


def test_no_coordinate_stands_anywhere_in_it(ruian):
    places = rows(ruian / "data" / "named_places.csv")
    assert places
    assert {(row["经度"], row["纬度"]) for row in places} == {("", "")}
    for path in ruian.rglob("*"):
        if path.is_file() and "output" not in path.relative_to(ruian).parts:
            assert path.suffix in {".toml", ".csv", ".md", ".py"}, path.name
            assert not re.search(r"\b(120|27|28)\.\d{2,}", path.read_text(encoding="utf-8")), path.name


def test_every_place_is_named_by_a_clause_of_the_ledger_and_of_unknown_state(ruian):
    tasks = {t.task: t.item for t in standard_ledger(PLAN).targets if t.task}
    for row in rows(ruian / "data" / "named_places.csv"):
        task = re.search(r"（(\d+)）", row["依据"])[1]
        assert task in tasks
        assert row["编号"].startswith(f"ruian-{task}-")
        assert row["状态"] == "未知"


def test_towns_are_those_of_the_package(ruian, tmp_path):
    """A package made here with a neighbour's towns among them; and the table in the repository as it was made from the real one: 23."""
    towns = rows(ruian / "data" / "towns.csv")
    text = "code,name,areaCode,provinceCode,cityCode\n" + '330383001,"龙港",330383,33,3303\n'
    text += "".join(f'{t["代码"]},"{t["名称"]}",330381,33,3303\n' for t in reversed(towns))
    package = tmp_path / "package.tgz"
    with tarfile.open(package, "w:gz") as made:
        member = tarfile.TarInfo("package/dist/streets.csv")
        member.size = len(text.encode())
        made.addfile(member, io.BytesIO(text.encode()))
    count = runpy.run_path(str(ruian / "make.py"))["write"](package, tmp_path / "towns.csv")
    assert count == len({t["代码"] for t in towns}) == 23
    assert (tmp_path / "towns.csv").read_bytes() == (ruian / "data" / "towns.csv").read_bytes()
    assert all(t["代码"].startswith("330381") and t["名称"].endswith(t["类型"]) for t in towns)


def test_every_target_of_the_plan_is_answered_offline_and_none_as_met(ruian, tmp_path):
    found = pipeline.targets(ruian, out=tmp_path)
    assert [r.target.id for r in found.results] == [t.id for t in standard_ledger(PLAN).targets]
    assert {r.status for r in found.results} == {"cannot tell", "not reported", "not spatial"}
    assert all(any(r.reason) for r in found.results)
    assert all((r.now, r.lower, r.upper) == (None, None, None) for r in found.results)
    assert [f.code for f in found.faults if f.code.endswith("495")] == ["W495"]


def test_check_tells_what_is_missing_and_lists_every_place_as_unlocated(ruian, tmp_path):
    found = pipeline.check(ruian, out=tmp_path)
    assert found.stops
    assert [f.code for f in found.faults if f.level == "error"] == ["E495"]
    assert sum(f.code == "W233" for f in found.faults) == len(rows(ruian / "data" / "named_places.csv"))
