"""Every standard layer is complete, distinct, readable, and says which policy names it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest

from cfmap.intake.headers import find, normal, words_of
from cfmap.intake.templates import columns, header
from cfmap.model import GROUPS, SITE_FIELDS, City, find_layers
from cfmap.model.layers import standard_folder
from cfmap.model.schema import LAT_HEADERS, LON_HEADERS

CHINESE = re.compile(r"[\u4e00-\u9fff]")
COVERAGE_KEYS = {"walk15", "nature30", "perimeter150"}
#: The page's own icon family.
ICONS = {
    *("school", "kindergarten", "hospital", "park", "pocket-park", "route", "childcare", "venue", "library", "community", "street", "shop"),
    *("enterprise", "town", "study-base", "home", "mother-baby", "playground", "shield", "parents", "clinic", "special-education", "area"),
    *("council", "gate", "crossing", "study-route", "bus", "event", "heart", "dot"),
}
#: Classes of places that the policies name; the map must know each.
NAMED_BY_POLICY = {
    *("schools", "kindergartens", "hospitals", "parks", "micro_spaces", "safe_routes", "childcare", "venues", "libraries", "communities"),
    *("streets", "business_areas", "enterprises", "towns", "study_bases", "children_homes", "mother_baby_rooms", "playgrounds"),
    *("protection_stations", "parent_schools", "primary_care", "special_education", "demonstration_areas", "council_seats"),
    *("school_gates", "accessible_crossings", "study_routes", "school_bus_lines", "events"),
}
POLICIES = ("瑞安市三年行动计划（2022—2024年）", "重庆市实施方案（2022年）", "大渡口区儿童发展规划（2021—2030年）", "常州市实施方案（2023—2025年）")


def _standard():
    nowhere = City.model_validate({"root": "/nowhere", "city": {"name": "甲市"}, "edition": {"year": 2024}, "network": {"source": "x"}})
    return find_layers(nowhere, packs=False)


LAYERS = _standard()
EACH = pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)


def _contrast_with_white(colour: str) -> float:
    # WCAG 2.1, relative luminance
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def test_every_class_the_policies_name_is_a_layer():
    assert set(LAYERS) == NAMED_BY_POLICY


def test_titles_icons_and_colours_are_each_used_once():
    for attribute in ("title", "title_en", "icon", "colour"):
        values = [getattr(layer, attribute) for layer in LAYERS.values()]
        assert len(set(values)) == len(values), attribute


def test_every_group_has_layers():
    assert {layer.group for layer in LAYERS.values()} == set(GROUPS)


def test_layers_come_group_by_group():
    groups = [layer.group for layer in LAYERS.values()]
    assert groups == sorted(groups, key=list(GROUPS).index)


@EACH
def test_layer_is_complete(layer):
    assert CHINESE.search(layer.title)
    assert CHINESE.search(layer.description)
    assert not CHINESE.search(layer.title_en + layer.description_en.replace("儿童之家", ""))
    assert len(layer.description) > 20
    assert len(layer.description_en) > 40
    assert layer.icon in ICONS
    assert layer.coverage is None or layer.coverage in COVERAGE_KEYS
    assert layer.fields


@EACH
def test_icon_is_drawn(layer, repository):
    icons = repository / "cfmap" / "publish" / "web" / "icons"
    assert (icons / f"{layer.icon}.svg").is_file()


@EACH
def test_colour_reads_on_white(layer):
    assert re.fullmatch(r"#[0-9a-f]{6}", layer.colour)
    assert _contrast_with_white(layer.colour) >= 4.5


@EACH
def test_source_names_a_policy_and_a_clause(layer):
    for part in layer.source.split("；"):
        policy = next((p for p in POLICIES if part.startswith(p)), None)
        assert policy, part
        assert len(part) > len(policy), f"{part}: which clause?"


@EACH
def test_fields_are_consistent(layer):
    for f in layer.fields:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", f.key)
        assert CHINESE.search(f.title)
        assert f.title_en
        assert f.hint, f"{f.key}: the template needs a hint"
        assert bool(f.vocabulary) == (f.kind in {"choice", "list"}) or f.kind == "date", f.key  # a date may have words in its place
        assert len(set(f.vocabulary)) == len(f.vocabulary), f.key
        if f.kind in {"integer", "number"}:
            assert f.unit, f"{f.key}: a number needs a unit"
            assert f.minimum is not None, f"{f.key}: nothing counted here can be negative"
        else:
            assert f.unit in {"", "年"}, f.key


@EACH
def test_a_header_means_one_column_only(layer):
    headers = {normal(h): "coordinates" for h in (*LON_HEADERS, *LAT_HEADERS)}
    for f in (*SITE_FIELDS, *layer.fields):
        for word in words_of(f):
            owner = headers.setdefault(normal(word), f.key)
            assert owner == f.key, f"{word}: {owner} and {f.key}"


@EACH
def test_every_header_of_the_template_is_read_as_its_column(layer):
    fields = columns(layer)
    headers = [header(f) for f in fields]
    for position, f in enumerate(fields):
        assert find(headers, words_of(f)) == [position], headers[position]


@EACH
def test_no_column_asks_for_a_person(layer):
    for f in layer.fields:
        assert not re.search(r"姓名|身份证|手机|负责人|联系人", f.title + "".join(f.synonyms)), f.key


@EACH
def test_file_is_named_like_its_layer_and_knows_only_the_model(layer):
    path = standard_folder() / f"{layer.key}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"__future__", "cfmap.model", "cfmap.model.fields"}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    assert layer.path.endswith(f"{layer.key}.py")


@EACH
def test_tags_are_complete_rules(layer):
    for rule in layer.osm:
        assert rule.having
        assert rule.matches({key: values[0] if values else "anything" for key, values in rule.having})


@EACH
def test_layer_is_documented(layer, repository):
    text = (repository / "docs" / "layers" / f"{layer.key}.md").read_text(encoding="utf-8")
    assert layer.title in text
    assert layer.source in text


def test_pages_are_up_to_date_with_the_declarations(repository):
    done = subprocess.run([sys.executable, repository / "docs" / "generate.py", "--check"], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"run python docs/generate.py: {done.stdout}{done.stderr}"
