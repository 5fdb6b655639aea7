"""The form of a survey: what it asks, in which words and order, and that what is filled in comes back as it was meant."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import geopandas as gpd
import pypdfium2
import pytest
from openpyxl import load_workbook
from shapely import LineString, Point

from cfmap.coverage.perimeter import Subjects, perimeter, school_doors, street_metres
from cfmap.intake.survey_sheet import ASKED, GATES, GUIDE, KNOWN, SEGMENTS, headers, read_form, title
from cfmap.model.survey import VALUES
from cfmap.publish import survey_form
from cfmap.publish.atlas import fonts
from cfmap.publish.survey_form import papers
from cfmap.publish.survey_form.places import Places
from cfmap.publish.survey_form.questions import walk
from cfmap.publish.survey_form.workbook import workbook
from cfmap.survey import _off_the_streets
from tests.factories import tiny_city
from tests.unit.coverage.drawn import drawn, lonlat, street

# 学校路 runs east past the school's gate at (0, 0); 平安路 crosses it at (60, 0), 无名路 leaves it at (-60, 0); 平安路's north is known to be safe,
# its south is fast: unsafe, whatever its sidewalk
STREETS = (
    street((-140, 0), (-60, 0), (0, 0), (60, 0), (140, 0), name="学校路", maxspeed="30"),
    street((60, 0), (60, 60), name="平安路", sidewalk="both", maxspeed="30"),
    street((60, 0), (60, -60), name="平安路", maxspeed="60"),
    street((-60, 0), (-60, 80)),
)


@pytest.fixture(scope="module")
def asked():
    network = drawn(*STREETS)
    schools = gpd.GeoDataFrame({"id": ["S1"], "name": ["示例小学"], "town": ["东镇"]}, geometry=[Point(lonlat(0, 20))], crs=4326)
    gates = gpd.GeoDataFrame({"id": ["G1"], "school": ["示例小学"], "name": ["正门"]}, geometry=[Point(lonlat(0, 1))], crs=4326)
    segments = perimeter(network, schools, gates=gates)
    doors, _ = school_doors(network, schools, gates=gates)
    return network, schools, gates, segments, survey_form.rounds(segments, schools, doors, network), doors


def test_only_what_is_unknown_and_could_change_a_verdict_is_asked(asked):
    _, _, _, segments, (around,), _ = asked
    unknown = segments[segments["state"].eq("unknown")]
    assert {q.key for q in around.of(SEGMENTS)} == set(unknown["segment"])
    assert not {q.key for q in around.of(SEGMENTS)} & set(segments.loc[segments["way_id"].isin([2, 3]), "segment"])
    assert [q.key for q in around.of(GATES)] == ["S1/1"]
    by_street = {q.street: q.items for q in around.of(SEGMENTS)}
    assert by_street == {"学校路": ("A", "D", "E", "F"), "无名小路": ("A", "B", "D", "E", "F")}  # the limit of 学校路 is known


def test_a_surveyor_can_follow_the_words(asked):
    questions = asked[4][0].of(SEGMENTS)
    assert [q.number for q in questions] == ["1", "2", "3", "4"]
    words = {(q.street, q.course, q.look) for q in questions}
    assert ("学校路", "从离校门约 60 米处往东走约 120 米，到平安路口", "路的北侧（学校一侧）") in words
    assert ("学校路", "从平安路口往东走约 80 米，到离校门约 140 米处", "路的北侧（学校一侧）") in words
    assert ("无名小路", "从学校路口往北走约 80 米，到离校门约 100 米处", "路的东侧（学校一侧）") in words


def test_a_gate_is_told_by_its_street_and_its_own_name(asked):
    network, schools, _, segments, (around,), doors = asked
    assert [q.street for q in around.of(GATES)] == ["学校路，正门"]
    assert _off_the_streets(schools, doors.assign(status="off_network")) == ["示例小学"]
    assert _off_the_streets(schools, doors) == []
    (guessed,) = survey_form.rounds(segments, schools, doors.assign(kind="assumed", name=""), network)
    assert [q.street for q in guessed.of(GATES)] == ["学校路，推测的门，请看门在哪里"]
    places = Places(network)
    there = dict(zip(("nameless", "far"), places.plane([Point(lonlat(-58, 40)), Point(lonlat(0, 400))]), strict=True))
    assert {k: places.nearest(point) for k, point in there.items()} == {"nameless": "无名小路（靠近学校路）", "far": "无名路"}


def test_the_walk_goes_on_to_the_nearest_end():
    lines = [LineString([(100, 0), (50, 0)]), LineString([(0, 0), (50, 0)]), LineString([(100, 100), (100, 0)])]
    assert walk(lines, start=Point(0, 0)) == [(1, False), (0, True), (2, True)]
    assert walk([]) == []


def filled(content, path, fill):
    """The workbook with every yellow cell filled by `fill(row, column)`; what was written, by sheet and row."""
    book = load_workbook(BytesIO(content))
    for sheet in (SEGMENTS, GATES):
        page = book[sheet]
        for row in range(2, page.max_row + 1):
            for number, header in enumerate(headers(sheet), start=1):
                column = next((c for c in ASKED[sheet] if title(c.field) == header), None)
                if column is not None and page.cell(row, number).value != KNOWN:
                    page.cell(row, number).value = fill(row, column)
            page.cell(row, headers(sheet).index("日期") + 1).value = date(2024, 12, 5)
    book.save(path)
    return path


def best(_, column):
    return {"A": 2, "B": 30, "C": 2}[column.item] if column.part == "number" else next(iter(VALUES[column.item]))


def test_what_is_filled_in_comes_back_and_makes_the_streets_known(asked, tmp_path):
    network, schools, gates, segments, made, doors = asked
    content = workbook(made, settings=tiny_city(), note="演示数据", link=lambda place: f"https://example.org/#at=18/{place[1]}/{place[0]}")
    path = filled(content, tmp_path / "f.xlsx", best)
    told = read_form(path, file="f.xlsx", known=Subjects(network, doors).has, today=date(2024, 12, 31))
    assert told.faults == ()
    (around,) = made
    assert [(a.subject.partition("@")[0], a.item) for a in told.answers] == [
        (q.key, item) for sheet in (SEGMENTS, GATES) for q in around.of(sheet) for item in q.items
    ]
    assert {a.date for a in told.answers} == {"2024-12-05"}
    after = perimeter(network, schools, gates=gates, answers=told.answers)
    assert set(after.loc[~after["way_id"].eq(3), "state"]) == {"safe"}
    assert street_metres(after)["unsafe"] == pytest.approx(street_metres(segments)["unsafe"])
    assert survey_form.rounds(after, schools, doors, network) == []  # nothing left to ask


def test_the_workbook_has_drop_downs_hidden_keys_and_links(asked):
    content = workbook(
        asked[4], settings=tiny_city(safety={"clear_width_m": 2}), note="演示数据", link=lambda place: f"https://example.org/#at=18/{place[1]}/{place[0]}"
    )
    book = load_workbook(BytesIO(content))
    assert book.sheetnames == [SEGMENTS, GATES, GUIDE]
    assert any("2 米以上才算走得下" in str(row[0]) for row in book[GUIDE].iter_rows(values_only=True))
    page = book[SEGMENTS]
    hidden = page.column_dimensions["A"]
    assert (hidden.hidden, hidden.min, hidden.max, page.column_dimensions["D"].hidden) == (True, 1, 3, False)
    lists = {rule.formula1 for rule in page.data_validations.dataValidation if rule.type == "list"}
    assert lists == {'"有,无,占用"', '"限速,没有限速"', '"有,无"'}
    assert len(page.data_validations.dataValidation) == len(ASKED[SEGMENTS]) + 1  # one for a column, however many rows there are
    assert page.auto_filter.ref == f"A1:Q{page.max_row}"  # sorting by its arrows takes the hidden keys along
    place = page["Q2"].hyperlink
    assert (place.target, place.location.split("/")[0]) == ("https://example.org/", "at=18")
    assert page["A2"].number_format == "@"
    assert page.max_row == 1 + len(asked[4][0].of(SEGMENTS))


def test_a_place_is_shown_by_the_citys_own_page_where_it_has_one():
    own = tiny_city(publish={"address": "https://example.org/map/"})
    assert survey_form.link(own, (123.0, 28.5)) == "https://example.org/map/#perimeter=1&at=18/28.50000/123.00000"
    assert survey_form.link(tiny_city(), (123.0, 28.5)).startswith("https://uri.amap.com/marker?position=123.000000,28.500000&coordinate=wgs84")


@pytest.mark.skipif(fonts.family() is None, reason="no Chinese font here")
def test_every_school_has_a_sheet_that_says_what_the_workbook_asks(asked):
    network, made = asked[0], asked[4]
    document = pypdfium2.PdfDocument(papers.pdf(made, Places(network), city="示例市", note="演示数据", font=fonts.family()))
    try:
        text = "".join("".join(page.get_textpage().get_text_bounded().split()) for page in document)
    finally:
        document.close()
    for words in ("示例小学", "演示数据", "从离校门约60米处往东走约120米，到平安路口", "看路的北侧（学校一侧）", "没有限速", "信号灯", "门1"):
        assert words in text


def test_no_form_takes_the_place_of_another(asked, tmp_path):
    network, made = asked[0], asked[4]
    first = survey_form.write(made, network, tiny_city(), tmp_path)
    before = first[0].read_bytes()
    second = survey_form.write(made, network, tiny_city(), tmp_path)
    assert first[0].name == "学校周边现场调查表.xlsx"
    assert second[0].name == "学校周边现场调查表-2.xlsx"
    assert first[0].read_bytes() == before
