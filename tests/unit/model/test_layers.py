"""Which layers a city has, and what it is told when one of them is broken."""

from __future__ import annotations

import pytest

from cfmap.model import City, ConfigError, find_layers
from cfmap.model.layers import standard_folder

GOOD = """
from cfmap.model import Layer

{key} = Layer(key="{key}", title="{title}", title_en="{key}", icon="dot", colour="#333333", group="{group}")
"""


@pytest.fixture
def city(tmp_path):
    """A city project with the given files in ``layers/`` and settings for its layers."""

    def make(files: dict[str, str] | None = None, **layers: object) -> City:
        if files is not None:
            (tmp_path / "layers").mkdir()
            for name, text in files.items():
                (tmp_path / "layers" / name).write_text(text, encoding="utf-8")
        return City.model_validate(
            {"root": tmp_path, "city": {"name": "甲市"}, "edition": {"year": 2024}, "network": {"source": "x"}, "layers": layers},
        )

    return make


def _codes(raised):
    return [f.code for f in raised.value.faults]


def test_city_without_a_layers_folder_has_the_standard_layers(city):
    standard = {p.stem for p in standard_folder().glob("*.py")}
    assert set(find_layers(city(), packs=False)) == standard
    assert len(standard) == 29


def test_city_with_one_file_has_it_beside_the_standard_ones(city):
    layers = find_layers(city({"wells.py": GOOD.format(key="wells", title="水井", group="place")}), packs=False)
    assert layers["wells"].path == "layers/wells.py"
    assert "schools" in layers


def test_file_of_the_city_wins_over_the_standard_layer_of_its_key(city):
    layers = find_layers(city({"my_schools.py": GOOD.format(key="schools", title="我们的学校", group="learn")}), packs=False)
    assert layers["schools"].title == "我们的学校"
    assert layers["schools"].fields == ()


def test_root_of_the_checkout_does_not_meet_its_own_layers_twice(repository):
    city = City.model_validate({"root": repository, "city": {"name": "甲市"}, "edition": {"year": 2024}, "network": {"source": "x"}})
    assert find_layers(city, packs=False)["schools"].path == "layers/schools.py"


def test_broken_layer_names_its_file(city):
    with pytest.raises(ConfigError) as raised:
        find_layers(city({"bad.py": "1 / 0", "worse.py": "def (", "good.py": GOOD.format(key="wells", title="水井", group="place")}), packs=False)
    assert _codes(raised) == ["E110", "E110"]
    assert [f.facts["path"] for f in raised.value.faults] == ["layers/bad.py", "layers/worse.py"]
    assert "ZeroDivisionError" in raised.value.faults[0].why("zh")


def test_key_declared_in_two_files_names_both(city):
    files = {"a.py": GOOD.format(key="wells", title="水井", group="place"), "b.py": GOOD.format(key="wells", title="井", group="place")}
    with pytest.raises(ConfigError) as raised:
        find_layers(city(files), packs=False)
    assert _codes(raised) == ["E111"]
    assert raised.value.faults[0].facts["first"] == "layers/a.py"
    assert raised.value.faults[0].facts["second"] == "layers/b.py"


def test_layer_by_declaration_alone(city):
    section = {
        "title": "母乳喂养驿站",
        "title_en": "Breastfeeding stations",
        "icon": "heart",
        "group": "care",
        "osm": [{"amenity": "baby_hatch|nursing", "access": "*"}],
        "fields": {"rooms": {"title": "间数", "kind": "integer", "unit": "间", "public": True}},
        "sources": [{"path": "data/stations.csv", "datum": "bd09"}],
    }
    layer = find_layers(city(milk_stations=section), packs=False)["milk_stations"]
    assert (layer.title, layer.title_en, layer.icon, layer.group) == ("母乳喂养驿站", "Breastfeeding stations", "heart", "care")
    assert [(f.key, f.kind, f.unit, f.public) for f in layer.fields] == [("rooms", "integer", "间", True)]
    assert layer.osm[0].matches({"amenity": "nursing", "access": "yes"})
    assert not layer.osm[0].matches({"amenity": "nursing"})
    assert not layer.osm[0].matches({"amenity": "bench", "access": "yes"})


def test_declaration_of_a_key_that_a_file_has_is_a_second_declaration(city):
    with pytest.raises(ConfigError) as raised:
        find_layers(city(schools={"title": "学校"}), packs=False)
    assert _codes(raised) == ["E111"]


def test_unknown_layer_is_answered_with_the_nearest_known_one(city):
    with pytest.raises(ConfigError) as raised:
        find_layers(city(skools={"sources": []}), packs=False)
    assert _codes(raised) == ["E112"]
    assert raised.value.faults[0].facts["nearest"] == "schools"
    assert raised.value.faults[0].column == "layers.skools"


def test_layer_that_is_not_enabled_is_left_out(city):
    layers = find_layers(city(enterprises={"enabled": False}), packs=False)
    assert "enterprises" not in layers
    assert "schools" in layers


def test_settings_say_the_order_inside_a_group(city):
    keys = list(find_layers(city(venues={}, parks={}), packs=False))
    assert keys[:2] == ["venues", "parks"]  # both under "play", the first group
    assert keys[2:5] == ["events", "micro_spaces", "playgrounds"]  # the rest by file name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": "Wells"}, "lower-case"),
        ({"title": ""}, "title"),
        ({"colour": "red;background:url(https://example.com/x)"}, "#rrggbb"),
        ({"fields": "Field('name', '名', 'n'),"}, "already a column"),
        ({"fields": "Field('kind', '类', 'k', kind='choice'),"}, "without a vocabulary"),
        ({"fields": "Field('a', '甲', 'a'), Field('a', '乙', 'b'),"}, "stands twice"),
    ],
)
def test_inconsistent_declaration_is_told(city, change, said):
    values = {"key": "wells", "title": "水井", "fields": "", "colour": "#333333"} | change
    text = (
        "from cfmap.model import Field, Layer\n"
        f"x = Layer(key={values['key']!r}, title={values['title']!r}, title_en='Wells', icon='dot', colour={values['colour']!r}, fields=({values['fields']}))\n"
    )
    with pytest.raises(ConfigError) as raised:
        find_layers(city({"wells.py": text}), packs=False)
    assert _codes(raised) == ["E113"]
    assert said in raised.value.faults[0].facts["detail"]
    assert raised.value.faults[0].file == "layers/wells.py"


def test_two_cities_in_one_process_keep_their_own_layers(tmp_path):
    found = []
    for name in ("甲", "乙"):
        root = tmp_path / name
        (root / "layers").mkdir(parents=True)
        (root / "layers" / "wells.py").write_text(GOOD.format(key="wells", title=f"{name}市水井", group="place"), encoding="utf-8")
        one = City.model_validate({"root": root, "city": {"name": name}, "edition": {"year": 2024}, "network": {"source": "x"}})
        found.append(find_layers(one, packs=False)["wells"].title)
    assert found == ["甲市水井", "乙市水井"]
