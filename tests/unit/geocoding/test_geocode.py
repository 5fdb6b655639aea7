"""Sites without coordinates: asked for at a stand-in that speaks the services' protocols, reviewed, accepted, used; nothing else changes."""

from __future__ import annotations

import json
from datetime import date

import openpyxl
import pytest

from cfmap import geocoding
from cfmap.cli import main
from cfmap.geocoding.catalogue import SERVICES
from cfmap.geocoding.sendable import may_be_sent
from cfmap.intake import datum, load_layer
from cfmap.model import CfmapError, find_layers, load_city
from cfmap.network.overpass import Patience
from tests.e2e import small_city
from tests.unit.geocoding.standin import KEY, Standin

pytest.importorskip("geopy", reason="the extra cfmap[geocode] is not installed")

LEVELS = {"tianditu": ("门址", 95), "amap": ("门牌号", 0), "nominatim": (30, 0)}
ROWS = [
    ["编号", "名称", "乡镇街道", "地址", "经度", "纬度", "状态"],
    ["T1", "甲托育园", "西镇", "横五街1号", "", "", "在用"],
    ["T2", "乙托育园", "东镇", "横六街2号", "", "", "在用"],
    ["T3", "丙托育园", "西镇", "和平小区12栋3单元502室", "", "", "在用"],
    ["T4", "丁托育园", "西镇", "", "", "", "在用"],
    ["T5", "戊托育园", "西镇", "横五街9号", *small_city.lonlat(1, 5), "在用"],
]
ASKED = ["小城西镇横五街1号", "小城东镇横六街2号", "小城西镇丁托育园"]


class Clock:
    """Time that passes only while somebody waits."""

    def __init__(self):
        self.time, self.waits = 0.0, []

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.time += seconds

    def patience(self, **limits):
        return Patience(sleep=self.sleep, now=lambda: self.time, chance=lambda: 0.0, **limits)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("TIANDITU_KEY", KEY)
    monkeypatch.setenv("AMAP_KEY", KEY)
    with Standin() as running:
        yield running


@pytest.fixture
def project(tmp_path):
    folder = small_city.make(tmp_path / "小 城")
    small_city.childcare_csv(folder, ROWS)
    return folder


def at(server, project, service):
    settings = small_city.SETTINGS.replace('datum = "gcj02"', 'datum = "wgs84"') + f'[geocoding]\nurl = "{server.url(service)}"\n'
    (project / "cfmap.toml").write_text(settings, encoding="utf-8")
    level, score = LEVELS[service]
    west, east = small_city.lonlat(2, 5), small_city.lonlat(8, 6)
    server.places = {ASKED[0]: [(*west, "横五街1号", level, score)], ASKED[1]: [(*east, "横六街2号", level, score)], ASKED[2]: [(*west, "丁", level, score)]}
    return project


def run(project, service, clock=None, **limits):
    return geocoding.geocode(project, backend=service, layers=["childcare"], patience=(clock or Clock()).patience(**limits))


def rows_of(project):
    book = openpyxl.load_workbook(project / "output" / "geocode.xlsx")
    head, *rows = book["核对"].iter_rows(values_only=True)
    return {row[2]: dict(zip(head, row, strict=True)) for row in rows}


def mark(project, **marks):
    path = project / "output" / "geocode.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["核对"]
    for cells in sheet.iter_rows(min_row=2):
        if cells[2].value in marks:
            cells[0].value = marks[cells[2].value]
    book.save(path)


def everything(folder):
    return "\n".join(p.read_bytes().decode("utf-8", "replace") for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_answers_become_rows_to_review_and_data_stay_untouched(service, server, project):
    before = small_city.tree(at(server, project, service) / "data")
    outcome = run(project, service)
    rows = rows_of(project)
    assert small_city.tree(project / "data") == before
    assert server.asked == ASKED, "the flat's door was not sent, the site with coordinates not asked about"
    assert set(rows) == {"T1", "T2", "T4"}
    assert rows["T1"]["可信度"] == "高"
    assert (rows["T1"]["经度"], rows["T1"]["纬度"]) == pytest.approx(small_city.lonlat(2, 5))
    assert rows["T1"]["坐标系"] == {"tianditu": "cgcs2000", "amap": "gcj02", "nominatim": "wgs84"}[service]
    assert rows["T4"]["可信度"] == "中"
    assert "按名称" in rows["T4"]["提示"]
    assert outcome.kept_back == 1
    assert outcome.counts() == {"高": 2, "中": 1, "低": 0, "没有": 0}
    assert all("cfmap" in agent for agent in server.agents)
    assert KEY not in everything(project)


def test_accepted_rows_place_the_sites_and_the_departments_table_is_not_touched(server, project):
    table = (at(server, project, "amap") / "data" / "2024" / "childcare.csv").read_bytes()
    run(project, "amap")
    assert geocoding.accept(project) == (project / "data" / "2024" / "geocoded.csv", 0)
    assert not (project / "data" / "2024" / "geocoded.csv").exists(), "nothing marked, nothing written"
    mark(project, T1="采用", T2="不采用")
    path, count = geocoding.accept(project, today=date(2025, 1, 2))
    assert count == 1
    assert (project / "data" / "2024" / "childcare.csv").read_bytes() == table
    city = load_city(project)
    data = load_layer(find_layers(city)["childcare"], city, year=2024)
    assert sorted(data.sites["id"]) == ["T1", "T5"]
    place = data.sites.set_index("id").geometry["T1"]
    lon, lat = datum.convert([small_city.lonlat(2, 5)[0]], [small_city.lonlat(2, 5)[1]], source="gcj02", target="wgs84")
    assert (place.x, place.y) == pytest.approx((lon[0], lat[0]), abs=1e-9)
    assert any(f.code == "I430" and f.facts["count"] == 1 for f in data.faults)
    assert {f.row for f in data.faults if f.code == "W233"} == {3, 4, 5}
    assert any(i.path == "data/2024/geocoded.csv" for i in data.inputs)
    assert geocoding.accept(project, all_sure=True)[1] == 1, "the refused one stays out, the unsure one too"
    text = path.read_text(encoding="utf-8-sig")
    small_city.childcare_csv(project, [[*row[:3], row[3].replace("1号", "11号"), *row[4:]] for row in ROWS])
    assert "T1" in text
    assert "T1" in set(load_layer(find_layers(city)["childcare"], city, year=2024).unlocated["id"]), "another address by now: not used"


def test_a_second_run_asks_nothing_and_keeps_the_marks(server, project):
    run(at(server, project, "tianditu"), "tianditu")
    mark(project, T1="采用")
    for kept in (project / ".cache" / "geocode").iterdir():
        if "横六街" in kept.read_text(encoding="utf-8"):
            kept.write_bytes(b'{"query": "')
    server.asked.clear()
    outcome = run(project, "tianditu")
    assert server.asked == [ASKED[1]], "only the damaged answer is asked for again"
    assert [f.code for f in outcome.faults] == ["W432", "W430"]
    assert rows_of(project)["T1"]["采用?"] == "采用"


def test_not_found_is_told_and_not_kept(server, project):
    at(server, project, "amap")
    server.places = {}
    assert run(project, "amap").counts()["没有"] == 3
    assert not (project / ".cache" / "geocode").exists()


def test_doubt_lowers_confidence(server, project):
    at(server, project, "nominatim")
    far, west, beside = (small_city.lonlat(x, 5) for x in (40, 2, 4))
    server.places = {ASKED[0]: [(*west, "a", 30, 0), (*beside, "b", 30, 0)], ASKED[1]: [(*west, "c", 30, 0)], ASKED[2]: [(*far, "d", 30, 0)]}
    run(project, "nominatim")
    rows = rows_of(project)
    assert (rows["T1"]["可信度"], "候选" in rows["T1"]["提示"]) == ("中", True)
    assert (rows["T2"]["可信度"], "不在东镇" in rows["T2"]["提示"]) == ("中", True)
    assert (rows["T4"]["可信度"], "不在本市" in rows["T4"]["提示"]) == ("低", True)
    assert rows["T1"]["离乡镇中心（公里）"] == pytest.approx(0.2, abs=0.03), "half a cell of 400 m from the middle of the west"


@pytest.mark.parametrize(
    "service, script, code",
    [
        ("amap", [{"status": "0", "info": "INVALID_USER_KEY", "infocode": "10001"}], "E432"),
        ("amap", [{"status": "0", "info": "DAILY_QUERY_OVER_LIMIT", "infocode": "10003"}], "E433"),
        ("amap", [{"status": "0", "info": "USER_DAILY_QUERY_OVER_LIMIT", "infocode": "10044"}], "E433"),
        ("tianditu", [{"http": 403, "code": 301001, "msg": "非法key"}], "E432"),
        ("tianditu", [{"http": 418, "code": 302001, "msg": "日配额超限"}], "E433"),
        ("tianditu", [{"msg": "出错", "status": "404"}] * 5, "E434"),
        ("nominatim", [403], "E434"),
        ("nominatim", [500] * 5, "E434"),
        ("nominatim", ["garbage"] * 5, "E434"),
        ("nominatim", ["drop"] * 5, "E434"),
        ("nominatim", ["huge"], "E434"),
        ("nominatim", [{"error": {"code": 400, "message": "Bad"}}], "E434"),
        ("amap", [{"status": "1", "info": "OK", "infocode": "10000", "geocodes": [{"location": "somewhere", "level": "门牌号"}]}] * 5, "E434"),
        ("amap", [(302, {"Location": "http://192.0.2.1/v3/geocode/geo"})], "E435"),
    ],
)
def test_a_service_that_will_not_is_named_and_what_was_found_stays(service, script, code, server, project):
    before = small_city.tree(at(server, project, service) / "data")
    server.script.extend(["answer", *script])
    with pytest.raises(CfmapError) as stopped:
        run(project, service)
    record = stopped.value.faults[0]
    assert (record.code, stopped.value.exit_code) == (code, 4)
    assert server.host in record.render()
    assert KEY not in record.render() + everything(project)
    assert list(rows_of(project)) == ["T1"], "the workbook holds what is known"
    assert small_city.tree(project / "data") == before
    server.script.clear()
    server.asked.clear()
    assert run(project, service).counts()["高"] == 2
    assert server.asked == ASKED[1:], "the run goes on where it stopped"


def test_busy_then_good_waits_as_told(server, project):
    at(server, project, "nominatim")
    server.script.extend([(429, {"Retry-After": "7"}), 503, "answer"])
    clock = Clock()
    assert run(project, "nominatim", clock).counts()["高"] == 2
    assert clock.waits[0] == 7.0
    assert clock.waits[1] > 0
    assert clock.waits[2:] == [1.0, 1.0], "one question a second"


def test_amap_slow_down_is_waited_for(server, project):
    at(server, project, "amap")
    server.script.extend([{"status": "0", "info": "CUQPS_HAS_EXCEEDED_THE_LIMIT", "infocode": "10021"}, "answer"])
    assert run(project, "amap").counts()["高"] == 2


def test_silence_ends(server, project, monkeypatch):
    monkeypatch.setattr("cfmap.geocoding.services.READ_S", 0.2)
    at(server, project, "amap")
    server.script.extend(["silence"] * 2)
    with pytest.raises(CfmapError) as stopped:
        run(project, "amap", max_tries=2)
    assert stopped.value.faults[0].code == "E434"


def test_total_time_is_limited(server, project):
    at(server, project, "nominatim")
    with pytest.raises(CfmapError) as stopped:
        run(project, "nominatim", total_seconds=1.5)
    assert stopped.value.faults[0].code == "E438"
    assert len(server.asked) == 2


def test_broken_off_run_keeps_its_answers(server, project):
    at(server, project, "amap")

    def interrupt(done, *_):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        geocoding.geocode(project, backend="amap", layers=["childcare"], patience=Clock().patience(), progress=interrupt)
    assert list(rows_of(project)) == ["T1", "T2"]
    server.asked.clear()
    run(project, "amap")
    assert server.asked == [ASKED[2]]
    log = [json.loads(line) for line in (project / "output" / "geocode.log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(e["site"], e["outcome"]) for e in log] == [("T1", "found"), ("T2", "found"), ("T1", "kept"), ("T2", "kept"), ("T4", "found")]
    assert "横五街" not in json.dumps(log, ensure_ascii=False), "the log holds no address"


def test_command_says_what_is_missing(server, project, capsys, monkeypatch):
    at(server, project, "amap")
    monkeypatch.delenv("AMAP_KEY")
    assert main(["--lang", "zh", "geocode", str(project), "--backend", "amap"]) == 2
    assert "AMAP_KEY" in capsys.readouterr().err
    assert main(["--lang", "zh", "geocode", str(project)]) == 2
    assert main(["--lang", "zh", "geocode", str(project), "--accept"]) == 3
    assert "E436" in capsys.readouterr().err
    assert main(["--lang", "zh", "geocode", str(project), "--backend", "tianditu", "--layer", "childcare_"]) == 2
    assert server.asked == []


def test_a_marked_row_that_is_no_position_is_named(server, project):
    run(at(server, project, "amap"), "amap")
    path = project / "output" / "geocode.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["核对"]
    sheet["A2"], sheet["I2"] = "采用", "一百二十"
    book.save(path)
    with pytest.raises(CfmapError) as refused:
        geocoding.accept(project)
    assert [(f.code, f.row) for f in refused.value.faults] == [("E437", 2)]
    assert not (project / "data" / "2024" / "geocoded.csv").exists()


@pytest.mark.parametrize(
    "content, code",
    [("编号,图层\nT1,x\n", "E439"), ("编号,图层,名称,地址,经度,纬度,坐标系\nT1,托育,甲,横五街1号,x,28,wgs84\n", "W431"), (b"\xff\xfe\x00", "E439")],
)
def test_a_spoilt_file_of_positions_is_a_record(content, code, project):
    (project / "data" / "2024" / "geocoded.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    city = load_city(project)
    try:
        faults = load_layer(find_layers(city)["childcare"], city, year=2024).faults
    except CfmapError as error:
        faults = error.faults
    assert code in {f.code for f in faults}


@pytest.mark.parametrize(
    "text, sent",
    [
        ("人民路12号", True), ("人民路12号3楼", True), ("东山街道广场路1-3号", True), ("第一幼儿园（东校区）", True), ("锦绣花园社区卫生服务站", True), ("解放路1号2幢", True),
        ("和平小区12栋3单元502室", False), ("锦绣花园3-502", False), ("12幢1101室", False), ("王小明家", False), ("横街1号 13800138000", False), ("11010519491231002X", False),
        ("１２栋３单元５０２室", False),
    ],
)  # fmt: skip
def test_what_could_lead_to_a_familys_door_is_not_sent(text, sent):
    assert may_be_sent(text) is sent
