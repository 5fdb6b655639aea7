"""Answers of a survey: which rows of a returned form are good, what is told of the others, and what stays in the project."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from cfmap.intake import survey
from cfmap.intake.survey_sheet import GATES, KEY, KNOWN, SEGMENTS, headers, read_form
from cfmap.model import InputError, load_city
from cfmap.model.survey import VALUES, Answer
from tests.factories import tiny_city

TODAY = date(2024, 12, 31)
KEYS = {"1/10-11", "2/11-12", "S1/1"}


def returned(path, *rows, sheet=SEGMENTS):
    """A form with these rows, each a dict of header -> cell."""
    book = Workbook()
    page = book.active
    page.title = sheet
    page.append(list(headers(sheet)))
    for row in rows:
        page.append([row.get(h) for h in headers(sheet)])
    for other in {SEGMENTS, GATES} - {sheet}:
        book.create_sheet(other).append(list(headers(other)))
    book.save(path)
    return path


def read(path):
    return read_form(path, file=path.name, known=lambda key, item: key in KEYS and key.startswith("S") == (item == "C"), today=TODAY)


def key(text, **cells):
    return {KEY: text, **cells}


def said(told):
    return [(a.subject, a.item, a.value, a.number, a.side, a.date) for a in told.answers]


def test_a_filled_row_is_an_answer_for_each_item_and_empty_or_known_cells_are_none(tmp_path):
    rows = [
        key(
            "1/10-11",
            **{headers(SEGMENTS)[1]: "left", "人行道": "有", "净宽（米）": 1.8, "限速": "限速", "限速值（公里/小时）": "30公里/小时", "日期": "2024年12月5日"},
        ),
        key("2/11-12", **{"人行道": KNOWN, "净宽（米）": KNOWN, "路灯": "无", "日期": date(2024, 11, 2)}),
        key("1/10-11", 路名="人民路"),
    ]
    told = read(returned(tmp_path / "f.xlsx", *rows))
    assert said(told) == [
        ("1/10-11", "A", "有", 1.8, "left", "2024-12-05"),
        ("1/10-11", "B", "限速", 30.0, "", "2024-12-05"),
        ("2/11-12", "D", "无", None, "", "2024-11-02"),
    ]
    assert (told.rows, told.filled, told.faults) == (3, 2, ())


@pytest.mark.parametrize(
    ("cells", "code", "column", "letter"),
    [
        ({"人行道": "有一点"}, "W295", "人行道", "I"),
        ({"人行道": "有", "净宽（米）": 25}, "W296", "净宽（米）", "J"),
        ({"人行道": "有", "净宽（米）": -1}, "W296", "净宽（米）", "J"),
        ({"限速": "限速", "限速值（公里/小时）": 300}, "W296", "限速值（公里/小时）", "L"),
        ({"限速": "限速", "限速值（公里/小时）": "很慢"}, "W296", "限速值（公里/小时）", "L"),
        ({"限速": "限速", "限速值（公里/小时）": "30;50"}, "W296", "限速值（公里/小时）", "L"),
        ({"路灯": "有", "日期": "2025-01-01"}, "W297", "日期", "P"),
        ({"路灯": "有", "日期": "2024-02-30"}, "W297", "日期", "P"),
        ({"路灯": "有", "日期": "2024/13/1"}, "W297", "日期", "P"),
        ({"路灯": "有", "日期": "2024"}, "W297", "日期", "P"),
        ({"限速": "限速"}, "W299", "限速", "K"),
        ({"限速": "没有限速", "限速值（公里/小时）": 30}, "W299", "限速", "K"),
        ({"人行道": "无", "净宽（米）": 2}, "W299", "人行道", "I"),
        ({"净宽（米）": 2}, "W299", "人行道", "I"),
        ({"人行道": '=IF(1,"有","无")'}, "E214", "人行道", "I"),
        ({"人行道": "#N/A"}, "E215", "人行道", "I"),
        ({"行（请勿改动）": "示例小学 3", "学校": "别的小学", "号": 3}, "W293", "学校", "D"),
        ({"行（请勿改动）": "示例小学 3", "学校": "示例小学", "号": "4"}, "W293", "学校", "D"),
        ({"键（请勿改动）": "9/1-2", "路灯": "有"}, "W294", "键（请勿改动）", "A"),
        ({"键（请勿改动）": None, "路灯": "有"}, "W294", "键（请勿改动）", "A"),
        ({"侧（请勿改动）": "north", "路灯": "有"}, "W295", "侧（请勿改动）", "B"),
    ],
)
def test_a_bad_row_is_told_with_its_place_and_gives_no_answer_at_all(tmp_path, cells, code, column, letter):
    good = key("2/11-12", 路灯="有")
    told = read(returned(tmp_path / "f.xlsx", good, key("1/10-11", 标志="有") | cells))
    assert said(told) == [("2/11-12", "D", "有", None, "", "")]
    (fault,) = told.faults
    assert (fault.code, fault.file, fault.sheet, fault.row, fault.column, fault.letter) == (code, "f.xlsx", SEGMENTS, 3, column, letter)
    assert fault.why("zh")
    assert fault.how("en")


def test_one_cell_merged_over_several_rows_answers_for_each_of_them_and_that_is_told(tmp_path):
    path = returned(tmp_path / "f.xlsx", key("1/10-11", 路灯="有"), key("2/11-12"))
    book = load_workbook(path)
    at = headers(SEGMENTS).index("路灯") + 1
    book[SEGMENTS].merge_cells(start_row=2, end_row=3, start_column=at, end_column=at)
    book.save(path)
    told = read(path)
    assert [(a.subject, a.value) for a in told.answers] == [("1/10-11", "有"), ("2/11-12", "有")]
    assert [f.code for f in told.faults] == ["I203"]


@pytest.mark.parametrize(("name", "content", "code"), [("f.ods", b"PK\x03\x04", "E205"), ("f.pdf", b"%PDF-1.4", "E205"), ("f.csv", KEY.encode(), "E294")])
def test_a_form_saved_as_something_else_is_told_as_what_it_is(tmp_path, name, content, code):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as error:
        read(tmp_path / name)
    assert [f.code for f in error.value.faults] == [code]


@pytest.mark.parametrize(
    ("cells", "answers"),
    [
        ({"人行道": "√", "路灯": "×", "标志": "是", "减速设施": "没有"}, ["A有", "D无", "E有", "F无"]),
        ({"人行道": "不清楚", "路灯": "有"}, ["D有"]),
        ({"限速": "没有"}, ["B没有限速"]),
        ({"人行道": "占用", "限速": "限速", "限速值（公里/小时）": "30km/h"}, ["A占用", "B限速"]),
    ],
)
def test_words_that_can_mean_one_thing_only_are_understood(tmp_path, cells, answers):
    told = read(returned(tmp_path / "f.xlsx", key("1/10-11", **cells)))
    assert ([a.item + a.value for a in told.answers], told.faults) == (answers, ())


def changed(path, change):
    book = load_workbook(path)
    change(book[SEGMENTS])
    book.save(path)
    return read(path)


def test_a_sheet_is_known_by_its_columns_whatever_it_is_called_and_a_csv_is_one(tmp_path):
    form = returned(tmp_path / "f.xlsx", key("1/10-11", 路灯="有"))
    assert said(changed(form, lambda page: setattr(page, "title", "李四的"))) == [("1/10-11", "D", "有", None, "", "")]
    row = ["1/10-11" if h == KEY else "√" if h == "路灯" else "" for h in headers(SEGMENTS)]
    (tmp_path / "f.csv").write_bytes("\r\n".join(",".join(cells) for cells in (headers(SEGMENTS), row)).encode("gbk"))
    told = read(tmp_path / "f.csv")
    assert (said(told), [f.code for f in told.faults]) == ([("1/10-11", "D", "有", None, "", "")], ["I201", "W282"])  # in GBK; the gates are in another file


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_sheet_without_its_hidden_columns_is_told_and_not_used(tmp_path, lost):
    told = changed(returned(tmp_path / "f.xlsx", key("1/10-11", 路灯="有")), lambda page: page.delete_cols(lost))
    assert (told.answers, told.filled, told.refused) == ((), 1, 1)
    assert [(f.code, f.sheet, f.facts["columns"]) for f in told.faults] == [("E297", SEGMENTS, headers(SEGMENTS)[lost - 1])]


def test_a_column_that_asks_and_was_renamed_is_told_by_both_names(tmp_path):
    form = returned(tmp_path / "f.xlsx", key("1/10-11", 人行道="有", 路灯="有", **{"净宽（米）": 2}))
    told = changed(form, lambda page: page.cell(1, headers(SEGMENTS).index("人行道") + 1, "有没有人行道"))
    assert [(a.item, a.value) for a in told.answers] == [("D", "有")]
    (fault,) = told.faults
    assert fault.code == "W282"
    assert "“人行道”" in fault.what()
    assert "有没有人行道" in fault.why()


def test_crossings_are_asked_of_gates_alone(tmp_path):
    head = headers(GATES)[0]
    told = read(returned(tmp_path / "f.xlsx", {head: "S1/1", "门口过街": "没有"}, {head: "1/10-11", "门口过街": "信号灯"}, sheet=GATES))
    assert [(a.subject, a.item, a.value) for a in told.answers] == [("S1/1", "C", "没有")]
    assert [f.code for f in told.faults] == ["W294"]


def test_a_workbook_that_is_no_form_is_refused(tmp_path):
    book = Workbook()
    book.active.append(["学校", "人行道"])
    book.save(tmp_path / "f.xlsx")
    with pytest.raises(InputError) as error:
        read(tmp_path / "f.xlsx")
    assert [f.code for f in error.value.faults] == ["E294"]


@pytest.fixture
def project(tmp_path):
    (tmp_path / "cfmap.toml").write_text(
        '# 我们的城市\n[city]\nname = "示例市"\n[edition]\nyear = 2024\n[network]\nsource = "data/network.osm.pbf"  # 街道\n', encoding="utf-8"
    )
    return tmp_path


def answer(subject="1/10-11", value="有", number=None, day="2024-12-05", side="left"):
    return Answer(subject, "A", value, number, side, "survey", "表 一.xlsx 路段 7", day)


def test_what_is_kept_is_read_again_and_named_in_the_settings_beside_what_stood_there(project):
    first = [answer(number=1.5), Answer("S1/1", "C", "斑马线", None, "", "survey", "f.xlsx 校门 2", "")]
    path = survey.keep(load_city(project), first, name="表")
    assert path == project / "data/survey/表.csv"
    city = load_city(project)
    assert city.safety.survey == ("data/survey/表.csv",)
    kept = survey.read(city, today=TODAY)
    assert [(a.subject, a.item, a.value, a.number, a.side, a.date) for a in kept.answers] == [
        ("1/10-11", "A", "有", 1.5, "left", "2024-12-05"),
        ("S1/1", "C", "斑马线", None, "", ""),
    ]
    assert kept.answers[0].id == "data/survey/表.csv 2"
    assert [(f.path, f.rows) for f in kept.files] == [("data/survey/表.csv", 2)]
    before = path.read_bytes()
    other = survey.keep(city, [answer("2/11-12")], name="表")
    assert (other, path.read_bytes()) == (project / "data/survey/表-2.csv", before)
    text = (project / "cfmap.toml").read_text(encoding="utf-8")
    assert text.startswith("# 我们的城市\n")
    assert "# 街道" in text
    assert load_city(project).safety.survey == ("data/survey/表.csv", "data/survey/表-2.csv")


def test_lines_spoiled_by_hand_are_told_and_a_lost_file_stops(project):
    survey.keep(load_city(project), [answer(), answer("2/11-12")], name="a")
    path = project / "data/survey/a.csv"
    path.write_bytes(path.read_bytes().replace("有".encode(), "没准".encode(), 1).replace(b"2024-12-05", b"2042-12-05"))
    kept = survey.read(load_city(project), today=TODAY)
    assert kept.answers == ()
    assert [(f.code, f.file, f.row, f.column) for f in kept.faults] == [("W295", "data/survey/a.csv", 2, "答案"), ("W297", "data/survey/a.csv", 3, "日期")]
    path.unlink()
    with pytest.raises(InputError) as error:
        survey.read(load_city(project), today=TODAY)
    assert [f.code for f in error.value.faults] == ["E200"]


def test_two_answers_of_one_day_that_differ_count_for_nothing_and_the_later_day_wins():
    same_day = [answer(value="有"), answer(value="无")]
    good, faults = survey.settled(same_day)
    assert good == ()
    (fault,) = faults
    assert (fault.code, fault.file, fault.sheet, fault.row) == ("W298", "表 一.xlsx", SEGMENTS, 7)
    assert survey.settled([answer(value="有"), answer(value="无", side="right")])[1] == ()
    assert survey.settled([*same_day, answer(value="占用", day="2024-12-06")]) == ((*same_day, answer(value="占用", day="2024-12-06")), ())


def test_an_import_takes_what_is_new_and_says_what_it_replaces():
    kept = [answer(value="有", day="2024-06-01")]
    told = [answer(value="有", day="2024-06-01"), answer(value="无", day="2024-12-05"), answer("2/11-12")]
    taken = survey.fresh(told, kept)
    assert taken.answers == tuple(told[1:])
    assert (taken.known, [f.code for f in taken.faults]) == (1, ["I298"])
    rival = survey.fresh([answer(value="占用", day="2024-06-01")], kept)
    assert ([f.code for f in rival.faults], rival.disputed) == (["W298"], 1)
    assert survey.settled([*kept, *rival.answers])[0] == ()  # kept, so that neither counts, whoever was imported first
    later = survey.fresh([answer(value="占用", day="2024-06-02")], [*kept, *rival.answers])
    assert [a.value for a in survey.settled([*kept, *rival.answers, *later.answers])[0] if a.date == "2024-06-02"] == ["占用"]


def test_a_former_edition_knows_nothing_of_what_was_seen_after_its_year_and_says_so():
    kept = survey.Kept((answer(day="2025-03-05"), answer("2/11-12", day=""), answer("3/1-2", day="2023-01-01")))
    good, faults = kept.as_of(2023, tiny_city())  # editions 2022 to 2024
    assert [a.subject for a in good] == ["2/11-12", "3/1-2"]
    assert [(f.code, f.facts["count"]) for f in faults] == [("I299", 1)]
    assert [len(part) for part in kept.as_of(2024, tiny_city())] == [3, 0]  # looked at in spring for the year before


ANSWERS = st.builds(
    answer,
    st.sampled_from(sorted(KEYS)),
    st.sampled_from(sorted(VALUES["A"])),
    st.sampled_from([None, 1.0, 2.0]),
    st.sampled_from(["", "2024-01-01", "2024-06-01"]),
)


@given(st.lists(ANSWERS, max_size=8), st.lists(ANSWERS, max_size=8))
def test_importing_twice_changes_nothing(told, kept):
    first = survey.fresh(told, kept)
    assert survey.fresh(told, [*kept, *first.answers]).answers == ()
    assert survey.fresh(list(reversed(told)), [*kept, *first.answers]).answers == ()
