"""The map on paper: scales and squares that can be worked out by hand, marks that stand apart, names that do not collide, text that is text."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pypdfium2
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from cfmap.model.edition import Routes
from cfmap.publish import atlas, looks
from cfmap.publish.atlas import fonts, placing, schools, sheets
from cfmap.publish.atlas.drawing import Pen, seen, svg
from cfmap.publish.atlas.frame import COLUMNS, LARGEST, ROWS, Frame, usual_scale
from cfmap.publish.atlas.placing import Name
from tests.factories import tiny_edition, with_schools

needs_font = pytest.mark.skipif(fonts.family() is None, reason="no Chinese font on this computer (apt install fonts-noto-cjk)")


def test_a_frame_is_the_largest_usual_scale_that_holds_the_ground():
    frame = Frame.around((0, 0, 2_740, 1_000), width_mm=286, height_mm=262)  # 2,740 m on 274 mm: exactly 1 : 10,000
    assert frame.scale == 10_000
    assert frame.on_paper(np.array([[0, 1_000.0], [2_740, 0]])).tolist() == [[6, 81], [280, 181]]
    assert Frame.around((0, 0, 2_741, 1_000), width_mm=286, height_mm=262).scale == 12_500
    assert Frame.around((5, 5, 5, 5), width_mm=286, height_mm=262).scale == LARGEST


@pytest.mark.parametrize(("least", "scale"), [(10_000, 10_000), (10_001, 12_500), (26_000, 30_000), (76_000, 100_000), (3_100, 4_000)])
def test_scales_are_usual_numbers(least, scale):
    assert usual_scale(least) == scale


def test_squares_are_named_from_the_upper_left():
    frame = Frame(0, 0, 10_000, 60, 50)
    assert [frame.square(*xy) for xy in ((0, 0), (59.9, 0), (0, 49.9), (25, 25), (60, 50), (-1, 70))] == ["A1", "F1", "A5", "C3", "F5", "A5"]
    assert (COLUMNS, ROWS) == (6, 5)


def test_the_bar_is_a_round_length_that_fits():
    assert Frame(0, 0, 25_000, 1, 1).bar() == (1_000, 40)
    assert Frame(0, 0, 10_000, 1, 1).bar() == (200, 20)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=2, max_size=30))
@settings(max_examples=60)
def test_marks_stay_on_the_paper_near_their_places(places):
    given_ = np.array(places)
    marks = placing.apart(given_, diameter=3.7, width=100, height=100)
    assert (marks >= 0).all()
    assert (marks <= 100).all()
    assert np.hypot(*(marks - given_).T).max() <= placing.FARTHEST * 3.7 + 2 * 3.7  # at the edge a mark is also brought in
    assert placing.apart(given_, diameter=3.7, width=100, height=100).tolist() == marks.tolist()


def test_a_few_marks_at_one_place_part_and_lonely_ones_stay():
    places = np.array([[50, 50]] * 5 + [[10, 10.0]])
    marks = placing.apart(places, diameter=3.7, width=100, height=100)
    apart = [np.hypot(*(marks[i] - marks[j])) for i in range(5) for j in range(i)]
    assert min(apart) >= 3.7
    assert marks[5] == pytest.approx([10, 10], abs=0.1)


def test_names_that_collide_are_left_out_the_lesser_first():
    wanted = [
        Name("甲镇", 20, 20, 10, 0, "town"),
        Name("乙路", 22, 21, 6, 0, "street"),
        Name("丙路", 50, 20, 6, 90, "street"),
        Name("丁路", 99, 20, 6, 0, "street"),
    ]
    kept = placing.without_collisions(wanted, [shapely.box(49, 10, 51, 14)], paper=shapely.box(0, 0, 100, 100))
    assert [n.text for n in kept] == ["甲镇", "丙路"]  # 丁路 would run off the paper
    assert placing.without_collisions(wanted[2:3], [shapely.box(49, 19, 51, 21)], paper=shapely.box(0, 0, 100, 100)) == []


def test_what_is_drawn_is_cut_to_the_sheet():
    frame = Frame(0, 100, 1_000, 100, 100)  # one metre is one millimetre
    shapes = np.array([shapely.LineString([(-50, 50), (50, 50)]), shapely.box(500, 500, 600, 600)], dtype=object)
    drawn, which = seen(shapes, frame)
    assert [g.wkt for g in drawn] == ["LINESTRING (0 50, 50 50)"]
    assert which.tolist() == [0]
    assert 'd="M0.00 50.00L50.00 50.00"' in svg(frame, [(drawn, Pen(stroke="#000000"))])


def test_a_sheet_of_the_whole_and_one_of_each_town_with_every_site_once():
    edition = tiny_edition()
    whole, *towns = sheets.every_sheet(edition)
    assert (whole.town, [s.town for s in towns]) == ("", ["西镇", "东镇"])
    listed = [e["text"] for s in towns for e in s.index if e["kind"] == "site"]
    expected = [
        n for key, d in edition.layers.items() if key not in (*sheets.UNNUMBERED, "events") for n in d.sites[d.sites["status"].isin(("在用", "未知"))]["name"]
    ]
    assert sorted(listed) == sorted(expected)
    for sheet in towns:
        assert [m["number"] for m in sheet.marks] == [e["number"] for e in sheet.index if e["kind"] == "site"]
    assert "没有坐标" in whole.notes[0]


def test_the_code_leads_to_the_town_on_the_page():
    edition = tiny_edition()
    publish = edition.city.publish.model_copy(update={"address": "https://map.example.cn/a/"})
    made = sheets.every_sheet(replace(edition, city=edition.city.model_copy(update={"publish": publish})))
    assert [s.link for s in made] == [
        "https://map.example.cn/a/",
        "https://map.example.cn/a/#town=%E8%A5%BF%E9%95%87",
        "https://map.example.cn/a/#town=%E4%B8%9C%E9%95%87",
    ]
    assert sheets.every_sheet(edition)[1].link == ""


@needs_font
def test_text_is_text_and_the_same_edition_gives_the_same_bytes(tmp_path):
    edition = tiny_edition()
    path = atlas.write(edition, tmp_path)[0]
    assert list(atlas.check(edition, tmp_path)) == []
    assert atlas.pdf(edition, font=fonts.family()) == path.read_bytes()
    pages = ["".join(p.get_textpage().get_text_bounded().split()) for p in pypdfium2.PdfDocument(path.read_bytes())]
    assert len(pages) == 3
    for said in ("附图1/2", "西镇", "图例", "审图号", "数据截至", "演示数据", "1:"):
        assert said in pages[1]
    for data in edition.layers.values():
        for name in data.sites[data.sites["status"] == "在用"]["name"]:
            assert any("".join(name.split()) in page for page in pages)


@needs_font
def test_names_are_never_taken_for_code(tmp_path):
    edition = tiny_edition()
    hostile = '#panic("x") $x$ *b* `raw` \\ @ref <label> "quote" 𠮷'
    data = edition.layers["childcare"]
    named = replace(data, sites=data.sites.assign(name=hostile))
    atlas.write(replace(edition, layers={**edition.layers, "childcare": named}), tmp_path)
    text = "".join(p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument((tmp_path / atlas.NAME).read_bytes()))
    assert '#panic("x")$x$*b*`raw`\\@ref<label>"quote"' in "".join(text.split())


def test_without_a_chinese_font_nothing_is_written_and_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "family", lambda: None)
    assert atlas.write(tiny_edition(), tmp_path) == []
    assert [f.code for f in atlas.check(tiny_edition(), tmp_path)] == ["W605"]


def test_a_damaged_atlas_does_not_pass(tmp_path):
    (tmp_path / atlas.NAME).write_bytes(b"%PDF-1.7 nothing")
    assert [f.code for f in atlas.check(tiny_edition(), tmp_path)] == ["E601"]


def test_a_city_without_towns_has_one_sheet_with_every_site_listed():
    edition = replace(tiny_edition(), towns=None)
    (sheet,) = sheets.every_sheet(edition)
    assert sheet.title == edition.city.city.name
    assert len(sheet.marks) == sum(e["kind"] == "site" for e in sheet.index) > 0


def test_streets_round_schools_are_told_in_metres_and_drawn_by_state():
    (part,) = schools.parts(with_schools(tiny_edition()))
    assert (part.title, part.word, part.unseen) == ("学校周边街道", "学校", ())
    panels = {p.title: p for p in part.panels}
    assert list(panels) == ["S1小学", "S2小学", "S3小学"]
    assert panels["S1小学"].lines == ("150 米内街道 196 米：安全 98 米，不安全 0 米，不清楚 98 米", "安全的占 50–100%；校门前过街：门前没有机动车道")
    assert panels["S2小学"].lines[1:] == ("安全的占 0%；校门前过街：门前没有机动车道", "不安全的原因：没有人行道（98 米）")
    assert panels["S3小学"].lines == ("150 米内没有通汽车的路：不算安全，也不算不安全",)
    drawn = {title: {state for state, look in looks.STATES.items() if f'stroke="{look.colour}"' in p.picture} for title, p in panels.items()}
    assert drawn == {"S1小学": {"safe", "unknown"}, "S2小学": {"unsafe"}, "S3小学": set()}


@needs_font
def test_schools_follow_the_towns_and_only_where_their_streets_are_known(tmp_path):
    edition = with_schools(tiny_edition())
    pages = ["".join(page.get_textpage().get_text_bounded().split()) for page in pypdfium2.PdfDocument(atlas.pdf(edition, font=fonts.family()))]
    assert len(pages) == 4
    assert "S2小学" in pages[-1]
    assert "没有人行道（98米）" in pages[-1]
    assert schools.parts(replace(edition, perimeter=None)) == []


@needs_font
def test_kindergartens_follow_the_schools_and_those_of_which_nothing_is_known_are_named():
    """K1 has an unsafe stretch and so a map; K2's streets are unknown and K3 has none: neither has a map, both are named with the reason."""
    edition = with_schools(tiny_edition(public=False))
    data, around = edition.layers["schools"], edition.perimeter
    own = data.sites.assign(id=["K1", "K2", "K3"], name=["甲幼儿园", "乙幼儿园", "丙幼儿园"])
    unsafe, unclear = (
        around[around["state"].eq(state)].iloc[:1].assign(layer="kindergartens", school=key) for state, key in (("unsafe", "K1"), ("unknown", "K2"))
    )
    kinds = replace(data, layer=replace(data.layer, key="kindergartens", title="幼儿园"), sites=own)
    both = replace(edition, layers=edition.layers | {"kindergartens": kinds}, perimeter=pd.concat([around, unsafe, unclear], ignore_index=True))
    first, second = schools.parts(both)
    assert first == schools.parts(edition)[0]
    assert (second.title, [p.title for p in second.panels]) == ("幼儿园周边街道", ["甲幼儿园"])
    assert "园门前过街" in second.panels[0].lines[1]
    assert [(reason, rows) for reason, rows in second.unseen] == [
        ("周边 150 米内没有机动车道，不算安全，也不算不安全（1 所）", (("东镇", "丙幼儿园"),)),
        ("周边 150 米内的街道都没有资料（1 所）", (("东镇", "乙幼儿园"),)),
    ]
    pages = ["".join(page.get_textpage().get_text_bounded().split()) for page in pypdfium2.PdfDocument(atlas.pdf(both, font=fonts.family()))]
    assert [page.count("学校1/1") for page in pages[-3:]] == [1, 0, 0]
    assert ("幼儿园1/2" in pages[-2], "幼儿园2/2" in pages[-1], "丙幼儿园" in pages[-1]) == (True, True, True)
    settings = tiny_edition(safety={"layers": ["kindergartens"]}).city
    assert [part.word for part in schools.parts(replace(both, city=settings))] == ["幼儿园"]


@needs_font
def test_proposed_routes_lie_below_the_streets_round_schools_and_stand_in_the_legend():
    edition = with_schools(tiny_edition())
    proposed = edition.perimeter.iloc[:1][["geometry"]]
    routes = Routes(proposed.iloc[:0], proposed, pd.DataFrame(), proposed.iloc[:0], pd.DataFrame(), "", "")
    title, colour = looks.PROPOSED.title, looks.PROPOSED.colour
    panel, *others = schools.parts(replace(edition, routes=routes))[0].panels
    assert panel.picture.index(colour) < panel.picture.index(looks.STATES["safe"].colour)
    assert not any(colour in p.picture for p in others if p.title == "S3小学")
    pages = [
        "".join(p.get_textpage().get_text_bounded().split()) for p in pypdfium2.PdfDocument(atlas.pdf(replace(edition, routes=routes), font=fonts.family()))
    ]
    assert title in pages[-1]
    assert title not in "".join(p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(atlas.pdf(edition, font=fonts.family())))
