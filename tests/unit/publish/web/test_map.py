"""The page as a folium map: what may be added, what may not, and what its bytes depend on."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html import unescape

import folium
import geopandas as gpd
import numpy as np
import pytest
from branca.element import JavascriptLink
from folium.plugins import MarkerCluster
from shapely import Point, box

from cfmap.model import MinutesGrid
from cfmap.model.errors import ConfigError, EnvironmentFault, SafetyRefusal
from cfmap.publish.public import public
from cfmap.publish.web import assets, build_map, page, write
from cfmap.publish.web.cfmap_map import safe_json
from cfmap.publish.web.geometry import pack_minutes
from cfmap.publish.web.payload import payload
from cfmap.publish.web.pinyin import readings
from tests.factories import CRS, LAT, LON, tiny_edition, with_indicators


def block(html: str, name: str):
    return json.loads(re.search(rf'<script type="application/json" id="cfmap-{name}">(.*?)</script>', html, re.DOTALL)[1])


def test_same_edition_gives_the_same_bytes():
    assert page(tiny_edition()) == page(tiny_edition())


def test_write_gives_one_file_that_holds_everything(tmp_path):
    assert write(tiny_edition(), tmp_path) == [tmp_path / "index.html"]
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert text == page(tiny_edition())
    assert not re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="(?!data:)', text)


def test_policy_allows_exactly_the_scripts_that_stand_in_the_page():
    html = page(tiny_edition())
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts}
    assert set(re.search(r"script-src ([^;]+)", policy)[1].split()) == hashes


def test_green_inside_green_is_packed_once():
    edition = tiny_edition()
    park, lawn = box(LON, LAT, LON + 0.01, LAT + 0.01), box(LON + 0.002, LAT + 0.002, LON + 0.004, LAT + 0.004)
    both, one = (
        replace(edition, basemap=replace(edition.basemap, areas=gpd.GeoDataFrame({"kind": ["green"] * len(s)}, geometry=s, crs=CRS)))
        for s in ([park, lawn], [park])
    )
    assert payload(both).basemap["green"] == payload(one).basemap["green"]


def test_stock_layers_can_be_added_and_get_the_same_names_every_time():
    def made() -> str:
        chart = build_map(tiny_edition())
        folium.GeoJson({"type": "Point", "coordinates": [LON, LAT]}, name="my points").add_to(chart)
        folium.CircleMarker([LAT, LON], popup="here", tooltip="there").add_to(chart)
        return chart.html()

    assert made() == made()
    assert "L.circleMarker" in made()
    assert "map_cfmap" in made()


@pytest.mark.parametrize(
    "layer",
    [lambda: MarkerCluster(name="clusters"), lambda: folium.TileLayer("OpenStreetMap"), lambda: folium.WmsTileLayer("https://example.invalid", layers="x")],
)
def test_what_asks_another_site_fails_by_name(layer):
    chart = build_map(tiny_edition())
    added = layer()
    folium.FeatureGroup().add_to(chart).add_child(added)
    with pytest.raises(ConfigError) as error:
        chart.html()
    assert [f.code for f in error.value.faults] == ["E551"]
    assert type(added).__name__ in error.value.faults[0].what("zh")
    assert "http" in error.value.faults[0].what("en")


def test_a_link_added_to_one_map_does_not_leak_into_the_next():
    chart = build_map(tiny_edition())
    chart.add_js_link("x", "https://example.invalid/x.js")
    with pytest.raises(ConfigError, match="E551"):
        chart.html()
    page(tiny_edition())


def test_public_save_refuses_added_layers_by_name_and_the_internal_one_says_so():
    chart = build_map(tiny_edition())
    assert block(chart.html(), "meta")["public"] is True
    assert chart.html(public=True) == page(tiny_edition())
    assert block(chart.html(public=False), "meta")["public"] is False
    folium.GeoJson({"type": "Point", "coordinates": [LON, LAT]}, name="my points").add_to(chart)
    chart.get_root().html.add_child(folium.Element("<p>mine</p>"))
    with pytest.raises(SafetyRefusal) as error:
        chart.html(public=True)
    assert [f.code for f in error.value.faults] == ["E552", "E552"]
    assert "GeoJson my points" in error.value.faults[0].what("zh")
    assert block(chart.html(), "meta")["public"] is False
    assert "<p>mine</p>" in chart.html()


def test_an_internal_edition_cannot_be_saved_as_public(tmp_path):
    with pytest.raises(SafetyRefusal, match="E553"):
        build_map(tiny_edition(public=False)).save(tmp_path / "x.html", public=True)
    assert not list(tmp_path.iterdir())


def test_every_way_out_gives_the_same_page_however_often_it_is_shown(tmp_path):
    chart = build_map(tiny_edition())
    folium.Marker([LAT, LON], popup="here", icon=folium.Icon(color="red")).add_to(chart)
    shown = [chart.html(), chart.get_root().render(), unescape(re.search(r'srcdoc="([^"]*)"', chart._repr_html_())[1])]
    chart.save(tmp_path / "a.html")
    chart.get_root().save(str(tmp_path / "b.html"))
    with (tmp_path / "c.html").open("wb") as file:
        chart.save(file)
    shown += [(tmp_path / name).read_text(encoding="utf-8") for name in ("a.html", "b.html", "c.html")]
    folium.Figure(width=400, height=300).add_child(chart)  # as notebooks do for another size
    shown.append(chart.html())
    assert set(shown) == {chart.html()}
    assert "Content-Security-Policy" in shown[0]


def test_text_of_added_layers_is_never_run_as_a_template():
    chart = build_map(tiny_edition())
    name = "{{ cycler.__init__.__globals__.os.getcwd() }}"
    folium.GeoJson({"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Point", "coordinates": [LON, LAT]}}).add_to(chart)
    chart.get_root().html.add_child(folium.Element("<p>{{ 6 * 7 }}</p>"))
    assert name in chart.html()
    assert "<p>{{ 6 * 7 }}</p>" in chart.html()


@pytest.mark.parametrize(
    "add",
    [
        lambda chart: folium.raster_layers.ImageOverlay("https://example.invalid/x.png", [[LAT, LON], [LAT + 1, LON + 1]]).add_to(chart),
        lambda chart: folium.Marker([LAT, LON], icon=folium.CustomIcon("https://example.invalid/x.png")).add_to(chart),
        lambda chart: folium.CircleMarker([LAT, LON], popup=folium.Popup('<img src="//example.invalid/x.png">')).add_to(chart),
        lambda chart: chart.get_root().header.add_child(folium.Element('<script src="https://example.invalid/x.js"></script>')),
        lambda chart: chart.get_root().header.add_child(JavascriptLink("https://example.invalid/x.js")),
    ],
    ids=["overlay", "icon", "popup", "script", "link"],
)
def test_pictures_and_scripts_of_another_site_fail_by_name_too(add):
    chart = build_map(tiny_edition())
    add(chart)
    with pytest.raises(ConfigError, match="E551") as error:
        chart.html()
    assert "//example.invalid/x" in error.value.faults[0].what("en")


def test_policy_lets_looks_in_attributes_only_where_layers_were_added():
    chart = build_map(tiny_edition())
    assert "unsafe-inline" not in chart.html()
    folium.CircleMarker([LAT, LON]).add_to(chart)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', chart.html())[1]
    assert policy.count("unsafe-inline") == 1
    assert "style-src-attr 'unsafe-inline'" in policy


def test_data_cannot_leave_its_block():
    text = safe_json({"a": "</script><!--&\u2028\u2029"})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == {"a": "</script><!--&\u2028\u2029"}


def test_public_page_holds_only_public_columns():
    edition = tiny_edition()
    data = payload(edition)
    assert set(data.sites["own"]["childcare"]) == {"places"}
    assert "canary-phone-1" not in page(edition)
    assert "canary-phone-1" not in page(tiny_edition(public=False))
    assert "canary-source" not in page(edition)


def test_listed_columns_narrow_the_allow_list_and_never_widen_it():
    columns = payload(tiny_edition(publish={"public_columns": ["address", "head_phone", "id"]})).sites
    assert set(columns["columns"]) == {"address"}
    assert columns["own"] == {"childcare": {}, "parks": {}}


def test_closed_sites_stay_out_and_unplaced_ones_come_without_a_place():
    sites = payload(tiny_edition()).sites
    assert sites["name"] == ["第一托育园", "第二托育园", "第三托育园</script><b>&", "没坐标托育园", "东山公园"]
    assert sites["lon"] == [12302500, 12303500, 12301000, None, 12303000]
    assert sites["rows"] == [4, 1]
    assert sites["own"]["childcare"]["places"] == {"v": [60, 40, None, 20]}


def test_figures_leave_only_when_listed_or_inside_the_house():
    def figures(**sections) -> set[str]:
        edition = with_indicators(tiny_edition(**sections))
        return {i["id"] for i in block(page(edition), "meta")["indicators"]}

    inside = figures(public=False)
    share = next(i for i in sorted(inside) if i.startswith("coverage."))
    assert not [i for i in figures() if i.startswith(("coverage.", "people."))]
    assert share in figures(publish={"indicators": [share]})
    assert not [i for i in inside if i.startswith(("counts.", "years."))]


def test_perimeter_leaves_only_when_listed_or_inside_the_house():
    assert block(page(tiny_edition()), "coverage")["perimeter"] is None
    assert block(page(tiny_edition(public=False)), "coverage")["perimeter"] is not None
    assert block(page(tiny_edition(publish={"indicators": ["perimeter"]})), "coverage")["perimeter"] is not None


def test_minutes_go_with_their_reach_and_a_reach_without_any_says_so():
    plain = tiny_edition()
    layer = plain.coverages[0].layer
    ids = [str(i) for i in plain.layers[layer].sites["id"]]
    grid = MinutesGrid(12_300_000, 2_800_000, 51, 45, 3, (ids[2], ids[3]), np.array([0, 0, 1]), np.array([0, 1, 5]), np.array([1, 2, 15], dtype=np.uint8), 4.0)
    packed = pack_minutes(grid, [2, -1])  # the fourth is closed and not on the page, but the walk to it was asked for
    known = replace(plain, coverages=tuple(replace(c, minutes=grid) for c in plain.coverages))
    assert [i["minutes"] for i in payload(plain).coverage["items"]] == [None]
    assert [i["minutes"] for i in payload(known).coverage["items"]] == [{"cells": packed, "pace": 66.667, "most": 15}]
    shown = public(known)[0]
    assert [i["minutes"] for i in payload(shown).coverage["items"]] == [{"cells": packed, "pace": 66.667, "most": 15}]
    assert not {site for c in shown.coverages for site in c.minutes.sites} & set(ids)  # the bureau's own numbers stay inside


def test_icon_that_is_not_in_the_family_becomes_a_dot():
    assert {layer["icon"] for layer in payload(tiny_edition(), icons={"tree"}).meta["layers"]} == {"dot", "tree"}


def test_every_layer_of_the_project_has_a_picture(repository):
    from cfmap.model.layers import find_layers
    from tests.factories import tiny_city

    layers = find_layers(tiny_city(repository, layers={}), packs=False).values()
    assert {layer.icon for layer in layers} <= assets.load().icon_names


def test_edition_without_streets_areas_boundary_or_sites_still_makes_a_page():
    edition = tiny_edition()
    base = edition.basemap
    bare = replace(
        edition,
        layers={k: replace(d, sites=d.sites.iloc[:0], unlocated=d.unlocated.iloc[:0]) for k, d in edition.layers.items()},
        coverages=(),
        perimeter=None,
        boundary=None,
        towns=None,
        basemap=replace(base, roads=base.roads.iloc[:0], areas=base.areas.iloc[:0], labels=base.labels.iloc[:0]),
    )
    assert "cfmap-coverage" in page(bare)


def test_areas_get_a_marker_of_their_own():
    edition = tiny_edition()
    parks = edition.layers["parks"]
    area = parks.sites.set_geometry([Point(LON, LAT).buffer(0.01).difference(Point(LON, LAT).buffer(0.005))])  # a ring: its middle is outside
    sites = payload(replace(edition, layers={"parks": replace(parks, sites=area)})).sites
    assert area.geometry.iloc[0].contains(Point(sites["lon"][0] / 1e5, sites["lat"][0] / 1e5))


def test_readings_hold_every_sound_of_the_characters_used():
    assert readings(["长沙", "abc"]) == {"沙": readings(["沙"])["沙"], "长": readings(["长"])["长"]}
    assert {"chang", "zhang"} <= set(readings(["长"])["长"].split())
    assert readings(["绿"])["绿"].split()[0] == "lv"


def test_missing_assets_say_how_to_make_them(tmp_path):
    with pytest.raises(EnvironmentFault) as error:
        assets.load(tmp_path)
    assert error.value.faults[0].code == "E451"
    assert "pip install" in error.value.faults[0].how("zh")


def test_changed_asset_is_refused(tmp_path):
    import shutil

    shutil.copytree(assets.FOLDER, tmp_path / "assets")
    (tmp_path / "assets/app.js").write_text("alert(1)", encoding="utf-8")
    with pytest.raises(EnvironmentFault, match="E452"):
        assets.load(tmp_path / "assets")


def test_assets_say_what_they_carry_and_under_which_licence():
    made = assets.load()
    assert {(p["name"], p["licence"]) for p in made.packages} == {("leaflet", "BSD-2-Clause"), ("supercluster", "ISC"), ("kdbush", "ISC"), ("fflate", "MIT")}
    for package in made.packages:
        assert f"{package['name']} {package['version']}" in made.licences
