"""The yearly round: last year's rows go out, come back changed, and the next edition says exactly what was changed."""

from __future__ import annotations

import json
import shutil
import tomllib

import openpyxl
import pytest

from cfmap import pipeline
from cfmap import roll as rolling
from cfmap.cli import main
from cfmap.intake import load_layer
from cfmap.intake.changes import between
from cfmap.intake.handed_out import DONE, SITUATION, STABLE
from cfmap.model import ConfigError, find_layers, load_city
from tests.e2e import small_city

CHILDCARE, SCHOOLS = "data/2025/卫健局_2025.xlsx", "data/2025/schools_2025.xlsx"


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory):
    """The small city whose nurseries have no ids of their own, handed out for 2025."""
    project = small_city.make(tmp_path_factory.mktemp("roll") / "city")
    settings = project / "cfmap.toml"
    text = settings.read_text(encoding="utf-8").replace("[city]", "# 我们的城市\n[city]  # 在这里改")
    settings.write_text(text, encoding="utf-8")
    for year in (2023, 2024):
        small_city.childcare_csv(project, [row[1:] for row in small_city.childcare_rows(year)], year=year)
    before = small_city.tree(project / "data")
    rolling.roll(project, year=2025, former=2024, settings=True)
    assert {k: v for k, v in small_city.tree(project / "data").items() if not k.startswith("2025/")} == before
    return project


@pytest.fixture
def project(handed_out, tmp_path):
    return shutil.copytree(handed_out, tmp_path / "city")


def edit(project, change, file=CHILDCARE, sheet="托育机构"):
    """Open a workbook as a clerk does, change rows by the name of the site, save."""
    path = project / file
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    columns = {cell.value.rstrip("*"): cell.column for cell in page[1]}
    rows = {page.cell(r, columns["名称"]).value: r for r in range(2, page.max_row + 1) if page.cell(r, columns["名称"]).value}
    change(page, columns, rows)
    book.save(path)


def put(page, columns, row, **values):
    for header, value in values.items():
        page.cell(row, columns[header]).value = value


def ids(project, year, layer="childcare"):
    sites = pipeline.sites(layer, project, year=year)
    return dict(zip(sites["name"], sites["id"], strict=True))


def findings(project, layer="childcare"):
    city = load_city(project)
    return load_layer(find_layers(city)[layer], city, year=2025).faults


def told(project, layer="childcare"):
    codes = {"W283", "W284", "I284", "W285", "I285", "W286", "W287", "W288", "W289", "W290", "W291"}
    return {(f.code, f.facts.get("name")) for f in findings(project, layer) if f.code in codes}


def changed(project):
    """What the edition says is new, gone, moved and renamed."""
    return {(c.kind, c.name) for c in pipeline.compute(pipeline.read_inputs(project, year=2025)).changes.items}


def test_nothing_changed_means_the_same_sites_with_the_same_ids(project):
    now, before = (pipeline.read_inputs(project, year=y) for y in (2025, 2024))
    for key in ("childcare", "schools"):
        a, b = now.layers[key].sites, before.layers[key].sites
        assert a["id"].tolist() == b["id"].tolist()
        assert a["name"].tolist() == b["name"].tolist()
        assert max(abs(a.geometry.x - b.geometry.x).max(), abs(a.geometry.y - b.geometry.y).max()) < 2e-7  # degrees: two centimetres
        assert a.drop(columns=["geometry", "source"]).equals(b.drop(columns=["geometry", "source"]))
    assert {(c.kind, c.name) for key in now.layers for c in between(now.layers[key], before.layers[key])} == set()
    assert {f.code for f in now.faults if f.file and "2025" in f.file} == {"W292"}  # still out, and nothing else to tell


def test_a_clerk_s_edits_are_exactly_the_edition_s_changes(project):
    before = ids(project, 2024)

    def change(page, columns, rows):
        put(page, columns, rows["第0托育园"], 名称="新名托育园", 本年情况="变更")
        put(page, columns, rows["第1托育园"], **{"经度（度）": page.cell(rows["第1托育园"], columns["经度（度）"]).value + 0.002, "本年情况": "变更"})
        put(page, columns, rows["第2托育园"], 本年情况="撤销")
        put(page, columns, rows["第3托育园"], **{"托位数（个）": 66, "本年情况": "变更"})
        lon, lat = small_city.lonlat(3, 8)
        put(page, columns, page.max_row + 1, **{"本年情况": "新增", "名称": "春天托育园", "经度（度）": lon, "纬度（度）": lat, "坐标系": "WGS84"})

    edit(project, change)
    assert changed(project) == {("renamed", "新名托育园"), ("moved", "第1托育园"), ("removed", "第2托育园"), ("added", "春天托育园")}
    after = ids(project, 2025)
    assert (after["新名托育园"], after["第1托育园"], after["第3托育园"]) == (before["第0托育园"], before["第1托育园"], before["第3托育园"])
    assert after["春天托育园"] not in before.values()
    assert told(project) == {("I284", "第2托育园")}
    (withdrawn,) = [f for f in findings(project) if f.code == "I284"]
    assert (withdrawn.file, withdrawn.sheet, withdrawn.row) == (CHILDCARE, "托育机构", 4)


def test_new_ids_are_the_same_whatever_the_order_of_the_rows(project):
    def change(page, columns, rows):
        last = page.max_row
        for n in range(3):
            lon, lat = small_city.lonlat(2 + n, 8)
            put(page, columns, last + 1 + n, **{"本年情况": "新增", "名称": f"新{n}", "经度（度）": lon, "纬度（度）": lat, "坐标系": "WGS84"})

    def turn(page, columns, rows):
        cells = [[cell.value for cell in row] for row in page.iter_rows(min_row=2) if any(cell.value for cell in row)]
        for r, row in enumerate(reversed(cells), start=2):
            for c, value in enumerate(row, start=1):
                page.cell(r, c).value = value

    edit(project, change)
    first, again = ids(project, 2025), ids(project, 2025)
    edit(project, turn)
    assert first == again == ids(project, 2025)
    assert len(set(first.values())) == 13


def test_what_contradicts_itself_is_told(project):
    def change(page, columns, rows):
        put(page, columns, rows["第0托育园"], **{"托位数（个）": 61})  # 保留, and changed
        put(page, columns, rows["第1托育园"], 本年情况="变更")  # changed, and nothing is
        put(page, columns, rows["第2托育园"], 本年情况="留着")
        put(page, columns, rows["第3托育园"], 本年情况="新增")  # new, and it is last year's
        put(page, columns, rows["第4托育园"], 本年情况="新增", 名称="改写的园")  # typed over an old one
        put(page, columns, rows["第5托育园"], **{STABLE: "别的编号"})
        put(page, columns, rows["第6托育园"], **{STABLE: None})
        page.delete_rows(rows["第9托育园"])

    before = ids(project, 2024)
    edit(project, change)
    assert told(project) == {
        ("W283", "第0托育园"),
        ("I285", "第1托育园"),
        ("W284", "第2托育园"),
        ("W288", "第3托育园"),
        ("W285", "改写的园"),
        ("W286", "第4托育园"),
        ("W287", "第5托育园"),
        ("W290", "第5托育园"),
        ("W290", "第6托育园"),
        ("W286", "第9托育园"),
    }
    after = ids(project, 2025)
    assert after.pop("改写的园") not in before.values()
    assert after == {name: site for name, site in before.items() if name not in {"第4托育园", "第9托育园"}}


def test_a_number_that_another_site_had_is_not_given_again(project):
    def change(page, columns, rows):
        put(page, columns, rows["第3小学"], 本年情况="撤销")
        lon, lat = small_city.lonlat(6, 8.5)
        put(page, columns, page.max_row + 1, **{"本年情况": "新增", "编号": "X003", "名称": "新小学", "经度（度）": lon, "纬度（度）": lat, "坐标系": "WGS84"})

    edit(project, change, SCHOOLS, "中小学校")
    assert ("W291", "新小学") in told(project, "schools")
    assert ids(project, 2025, "schools")["新小学"].startswith("schools-")


def test_a_site_that_comes_back_where_it_was_gets_an_id_of_its_own(project):
    name, place = "第2托育园", {}

    def change(page, columns, rows):
        place.update({h: page.cell(rows[name], columns[h]).value for h in ("经度（度）", "纬度（度）", "坐标系")})
        put(page, columns, rows[name], 本年情况="撤销")
        put(page, columns, page.max_row + 1, 本年情况="新增", 名称=name, **place)

    edit(project, change)
    assert ids(project, 2025)[name] not in ids(project, 2024).values()


def test_all_withdrawn_stops_until_it_is_confirmed(project):
    edit(project, lambda page, columns, rows: [put(page, columns, r, 本年情况="撤销") for r in rows.values()])
    found = pipeline.check(project, year=2025)
    assert found.stops
    assert "E280" in {f.code for f in found.faults}


def test_sites_without_ids_keep_theirs_from_edition_to_edition(tmp_path):
    project = small_city.make(tmp_path)
    for year in (2023, 2024):
        rows = [row[1:] for row in small_city.childcare_rows(year)]
        if year == 2024:
            rows[1][0], rows[1][1] = "小城第0托育园", rows[1][1] + 0.0003  # its city before its name, 30 m off
            rows[2][0] = "喜羊羊"  # another name at one place
        small_city.childcare_csv(project, rows, year=year)
    before, after = ids(project, 2023), ids(project, 2024)
    assert after["小城第0托育园"] == before["第0托育园"]
    assert after["喜羊羊"] != before["第1托育园"]
    found = pipeline.check(project, year=2024).faults
    (asked,) = [f for f in found if f.code == "W271"]
    assert (asked.value, asked.facts["other"], asked.row) == ("喜羊羊", "第1托育园", 3)
    rolling.roll(project, year=2025, former=2024, settings=True)
    assert ids(project, 2025) == after  # what is handed out has the ids that were published


def test_settings_keep_their_comments_and_both_years_can_be_built(handed_out):
    text = (handed_out / "cfmap.toml").read_text(encoding="utf-8")
    assert "# 我们的城市\n[city]  # 在这里改" in text
    settings = tomllib.loads(text)
    assert (settings["edition"]["year"], settings["edition"]["editions"]) == (2025, [2023, 2024, 2025])
    old, new = settings["layers"]["childcare"]["sources"]
    assert (old["path"], old["until"]) == ("data/{year}/childcare.csv", 2024)
    assert (new["path"], new["sheet"], new["since"], new["datum"]) == ("data/{year}/卫健局_{year}.xlsx", "托育机构", 2025, "gcj02")


def test_the_year_after_needs_no_new_settings_and_forgets_no_number(project):
    gone = ids(project, 2024)["第2托育园"]
    edit(project, lambda page, columns, rows: put(page, columns, rows["第2托育园"], 本年情况="撤销"))
    sources = tomllib.loads((project / "cfmap.toml").read_text(encoding="utf-8"))["layers"]["childcare"]["sources"]
    rolling.roll(project, year=2026, former=2025, settings=True)
    assert tomllib.loads((project / "cfmap.toml").read_text(encoding="utf-8"))["layers"]["childcare"]["sources"] == sources
    assert ids(project, 2026) == ids(project, 2025)
    (record,) = json.loads((project / "data/2026/发放底稿/卫健局_2026.json").read_text(encoding="utf-8"))
    assert gone in record["used"]
    assert gone not in dict(record["rows"])


def test_nothing_is_ever_overwritten(project, capsys):
    before = small_city.tree(project)
    with pytest.raises(ConfigError) as raised:
        rolling.roll(project, year=2025, former=2024)
    assert {(f.code, f.file) for f in raised.value.faults} >= {("E288", CHILDCARE), ("E288", SCHOOLS)}
    assert small_city.tree(project) == before
    assert main(["--lang", "zh", "roll", "2025", str(project), "--from", "2024"]) == 2
    assert "从不覆盖" in capsys.readouterr().err


@pytest.mark.parametrize(("year", "former", "code"), [(2026, 2019, "E121"), (2024, 2024, "E287")])
def test_years_that_make_no_sense_are_refused(project, year, former, code):
    with pytest.raises(ConfigError) as raised:
        rolling.roll(project, year=year, former=former)
    assert [f.code for f in raised.value.faults] == [code]


def test_without_the_switch_the_settings_stay(tmp_path):
    project = small_city.make(tmp_path)
    before = (project / "cfmap.toml").read_bytes()
    assert main(["roll", "2025", str(project)]) == 0
    assert (project / "cfmap.toml").read_bytes() == before


def _progress(project):
    assert main(["--lang", "zh", "roll", "2025", str(project), "--progress"]) == 0
    page = openpyxl.load_workbook(project / "output/收件进度_2025.xlsx")["收件进度"]
    headers = [cell.value for cell in page[3]]
    return {row[0]: dict(zip(headers, row, strict=True)) for row in page.iter_rows(min_row=4, values_only=True)}


def test_progress_tells_by_content_who_has_handed_in(project):
    assert {line["状态"] for line in _progress(project).values()} == {"未交回"}
    edit(project, lambda page, columns, rows: put(page, columns, rows["第2托育园"], 本年情况="撤销"))
    book = openpyxl.load_workbook(project / SCHOOLS)
    book["填写说明"]["B3"] = DONE
    book.save(project / SCHOOLS)
    found = _progress(project)
    assert {line["状态"] for line in found.values()} == {"已交回"}
    assert [found["卫健局"][h] for h in ("上年行数", "保留", "变更", "撤销", "新增", "缺行", "错误")] == [10, 9, 0, 1, 0, 0, 0]
    (project / SCHOOLS).unlink()
    assert _progress(project)["schools"]["状态"] == "文件不在"


def test_the_workbook_is_ready_to_be_filled_in(handed_out):
    book = openpyxl.load_workbook(handed_out / CHILDCARE)
    assert book.sheetnames == ["填写说明", "托育机构"]
    page = book["托育机构"]
    assert page["A1"].value == STABLE
    assert page.column_dimensions["A"].hidden
    assert page["A2"].number_format == "@"
    assert page["B1"].value == SITUATION
    assert page["C2"].value is None  # an id that the program made is not shown as the department's
    lists = {str(v.sqref): v.formula1 for v in page.data_validations.dataValidation if v.type == "list"}
    assert lists["B2:B311"] == '"保留,变更,撤销,新增"'  # ten rows of last year and three hundred empty ones
    assert page.freeze_panes == "E2"
    assert page.max_row == 11
