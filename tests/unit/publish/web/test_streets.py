"""What the page knows of streets round schools and of ways to school, and when it may."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString

from cfmap.model.edition import Routes
from cfmap.publish.public import public
from cfmap.publish.web.shown import site_key
from cfmap.publish.web.streets import paths_block, perimeter_block
from tests.factories import LAT, LON, PARKS, sites, tiny_city, tiny_edition


def test_each_school_has_its_metres_by_state_and_what_lies_in_the_ring_is_only_drawn():
    tiny = tiny_edition(public=False)
    schools = replace(PARKS, key="schools")
    table = sites(schools, [{"id": "S1", "at": (2, 1)}, {"id": "S2", "at": (3, 1)}])
    around = tiny.perimeter.assign(ring=[False, False, True])
    edition = replace(tiny, perimeter=around, layers={**tiny.layers, "schools": replace(tiny.layers["parks"], layer=schools, sites=table)})
    block = perimeter_block(edition)
    assert ([state["key"] for state in block["states"]], block["metres"]) == (["safe", "unsafe", "unknown"], 150)
    assert block["schools"] == {site_key("schools", "S1"): [98, 0, 98]}  # 0.001 degrees east at 28 degrees north
    without_ring = perimeter_block(replace(edition, perimeter=tiny.perimeter))["schools"]
    assert without_ring[site_key("schools", "S2")] == [0, 98, 0]
    assert perimeter_block(replace(edition, public=True))["schools"] == {}  # not listed in publish.indicators


def test_a_kindergarten_without_a_road_is_named_and_stays_in_the_house_unless_it_is_asked_for():
    """K1 shares S1's safe stretch, drawn once; K2 has no road near."""
    tiny = tiny_edition(public=False)
    kinds = replace(PARKS, key="kindergartens")
    table = sites(kinds, [{"id": "K1", "at": (2, 1)}, {"id": "K2", "at": (0.5, 0.5)}])
    around = pd.concat([tiny.perimeter, tiny.perimeter.iloc[:1].assign(layer="kindergartens", school="K1")], ignore_index=True)
    edition = replace(tiny, perimeter=around, layers={**tiny.layers, "kindergartens": replace(tiny.layers["parks"], layer=kinds, sites=table)})
    block = perimeter_block(edition)
    assert block["schools"][site_key("kindergartens", "K1")] == [98, 0, 0]
    assert block["bare"] == [site_key("kindergartens", "K2")]
    assert block["lines"] == perimeter_block(tiny)["lines"]
    for listed, shown in (("perimeter", []), ("perimeter_kindergartens", [site_key("kindergartens", "K1")])):
        out = public(replace(edition, city=tiny_city(publish={"indicators": [listed]})))[0]
        kept = perimeter_block(out)["schools"]
        assert set(out.perimeter["layer"]) == {"schools" if listed == "perimeter" else "kindergartens"}
        assert len(kept) == (2 if listed == "perimeter" else 1)
        assert not set(shown) & set(kept)  # under public ids, no longer the bureau's


@pytest.mark.parametrize("rows", [0, 1])
def test_ways_to_school_are_there_when_the_edition_has_them(rows):
    assert paths_block(tiny_edition()) is None
    lines = gpd.GeoDataFrame({"id": ["学径1"]}, geometry=[LineString([(LON, LAT), (LON + 0.01, LAT)])], crs=4326).iloc[:rows]
    found = paths_block(replace(tiny_edition(), routes=Routes(lines, lines, pd.DataFrame(), lines, pd.DataFrame(), "建议", "proposed")))
    assert (found is not None) == bool(rows)
    assert found is None or (found["definition"], bool(found["lines"])) == ("建议", True)
