"""Settings: all faults at once, each with line, key and nearest known key."""

from __future__ import annotations

import re

import pytest

from cfmap.model import ConfigError, load_city
from cfmap.model.city import City

MINIMAL = '[city]\nname = "示例市"\n[edition]\nyear = 2024\n[network]\nsource = "data/network.osm.pbf"\n'


def _project(tmp_path, text):
    (tmp_path / "cfmap.toml").write_text(text, encoding="utf-8")
    return tmp_path


def _faults(tmp_path, text):
    with pytest.raises(ConfigError) as caught:
        load_city(_project(tmp_path, text))
    return caught.value.faults


def test_minimal_settings_are_enough(tmp_path):
    city = load_city(_project(tmp_path, MINIMAL))
    assert city.city.name == "示例市"
    assert city.walking.headline_m == 1000
    assert city.walking.beside_m == 800


def test_all_faults_are_told_at_once_with_line_and_key(tmp_path):
    faults = _faults(
        tmp_path,
        '[city]\nname = ""\nnmae_en = "x"\n[edition]\nyear = "soon"\n[network]\nsorce = "a"\n[layers.schools]\nsources = [{ path = "a", datm = "gcj02" }]\n',
    )
    found = {(f.code, f.row, f.column) for f in faults}
    assert found == {
        ("E107", 2, "city.name"),
        ("E103", 3, "city.nmae_en"),
        ("E107", 5, "edition.year"),
        ("E106", 6, "network.source"),
        ("E103", 7, "network.sorce"),
        ("E103", 9, "layers.schools.sources.0.datm"),
    }
    nearest = {f.column: f.facts["nearest"] for f in faults if f.code == "E103"}
    assert nearest == {"city.nmae_en": "name_en", "network.sorce": "source", "layers.schools.sources.0.datm": "datum"}


def test_faults_are_told_in_chinese_without_english(tmp_path):
    faults = _faults(tmp_path, MINIMAL.replace("year = 2024", "year = 1066") + "[publish]\nmax_bad_share = 7\n[walking]\nchild_pace = 'sprint'\n")
    for fault in faults:
        assert re.search(r"[\u4e00-\u9fff]", fault.why("zh"))
        assert not re.search(r"[\u4e00-\u9fff]", fault.why("en"))
    assert len(faults) == 3


def test_broken_toml_names_its_line(tmp_path):
    (fault,) = _faults(tmp_path, '[city]\nname = "示例市\n')
    assert (fault.code, fault.row) == ("E102", 2)


def test_settings_saved_as_gbk_name_their_line(tmp_path):
    (tmp_path / "cfmap.toml").write_bytes('[city]\nname = "示例市"\n'.encode("gbk"))
    with pytest.raises(ConfigError) as caught:
        load_city(tmp_path)
    assert [(f.code, f.row) for f in caught.value.faults] == [("E105", 2)]


def test_no_project_is_told(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load_city(tmp_path)
    assert caught.value.faults[0].code == "E101"
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("relative", ["../secret.csv", "data/../../x", "/etc/passwd"])
def test_paths_out_of_the_project_are_refused(tmp_path, relative):
    city = load_city(_project(tmp_path, MINIMAL))
    with pytest.raises(ConfigError) as caught:
        city.path(relative)
    assert caught.value.faults[0].code == "E104"


def test_year_in_a_path_becomes_the_editions(tmp_path):
    city = load_city(_project(tmp_path, MINIMAL))
    assert city.path("data/{year}/a.csv", year=2022) == (tmp_path / "data/2022/a.csv").resolve()


def test_settings_can_be_loaded_from_any_folder_below(tmp_path):
    _project(tmp_path, MINIMAL)
    (tmp_path / "data" / "2024").mkdir(parents=True)
    assert load_city(tmp_path / "data" / "2024").root == tmp_path.resolve()


def test_every_setting_is_in_the_user_guide(repository):
    guide = (repository / "docs" / "user-guide.md").read_text(encoding="utf-8")
    for table, info in City.model_fields.items():
        if table in {"root", "layers"}:
            continue
        for key in info.annotation.model_fields:
            assert f"`{table}.{key}`" in guide, f"{table}.{key}"


def test_wrong_prices_are_told_with_their_line_and_none_is_made_up(tmp_path):
    def faults(text):
        return [(f.code, f.row, f.column, f.why("zh")) for f in _faults(tmp_path, f"{MINIMAL}\n{text}")]

    first = MINIMAL.count("\n") + 3
    wrong = ["sidewalk_m = -3", 'signals = "many"', "signs = 0", "speed_limit = true", "lighting_m = nan", "lamp = 3"]
    told = faults("\n".join(["[safety.mending.prices]", *wrong]))
    assert sorted((code, row, column.rpartition(".")[2]) for code, row, column, _ in told) == [
        *[("E103", first + 5, "lamp"), ("E107", first, "sidewalk_m"), ("E107", first + 1, "signals"), ("E107", first + 2, "signs")],
        *[("E107", first + 3, "speed_limit"), ("E107", first + 4, "lighting_m")],
    ]
    assert {why for code, _, _, why in told if code == "E107"} == {"要大于 0.0", "要写数字"}
    assert "只写一个" in faults("[safety.mending.prices]\nspeed_limit = 3\nspeed_limit_m = 3")[0][3]
    ((code, row, _, why),) = faults('[safety.mending]\nrank = "cost"\nprices = { signals = 5 }')
    assert (code, row) == ("E107", first - 1)
    assert why.endswith("还差 sidewalk_m、speed_limit")
    assert load_city(_project(tmp_path, MINIMAL)).safety.mending.prices.model_dump(exclude_none=True) == {}
