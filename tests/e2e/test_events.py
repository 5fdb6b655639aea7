"""Events are renewed alone: the page's one block changes, every other byte stays; nothing wrong ever gets out."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil

import pytest

from cfmap.cli import cli
from cfmap.cli.boundary import run
from cfmap.publish import lock, manifest, page_check, published, release
from tests.e2e import small_city
from tests.faults.light import state

HEADER = ["编号", "名称", "开始日期", "结束日期", "活动时间", "所在点位", "主办单位", "收费", "公开电话", "网址", "活动简介", "经度", "纬度"]
TREE = ["HD1", "植树", "2024-12-07", "", "9:30", "第3托育园", "测试局", "免费", "000-0000000", "example.invalid/tree", "带上手套", "", ""]
STORY = ["HD2", "故事会", "2024-06-01", "长期", "", "X001", "", "", "", "", "", "", ""]
FAR = ["HD3", "夏令营", "2025-07-01", "2025-07-10", "", "", "", "", "", "", "", *small_city.lonlat(4, 4)]
OVER = ["HD4", "春游", "2024-03-01", "", "", "", "", "", "", "", "", *small_city.lonlat(4, 5)]
BACK = 1_733_011_200  # 2024-12-01, as SOURCE_DATE_EPOCH


def write(folder, *rows, header=HEADER):
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    path = folder / "data" / "2024" / "events.csv"
    path.write_bytes(text.getvalue().encode("gb18030"))
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The small city with two events, published once."""
    more = '[layers.events]\nsources = [{ path = "data/{year}/events.csv", datum = "wgs84" }]\n'
    folder = small_city.make(tmp_path_factory.mktemp("events"), settings=small_city.settings("events") + more)
    write(folder, TREE, OVER)
    shutil.copy(folder / "data/2024/events.csv", folder / "data/2023/events.csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(BACK))
        assert run(cli, ["build", str(folder)]) == 0
    return folder


@pytest.fixture
def city(built, tmp_path, monkeypatch):
    """A copy of it, for one test."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(BACK + 86_400))
    return shutil.copytree(built, tmp_path / "city")


def version(city, number):
    return city / "output" / "2024" / "versions" / f"{number:06d}"


def spoil_file(path):
    path.write_bytes(path.read_bytes() + b" ")


def block(folder):
    return page_check.blocks(folder / "index.html")["cfmap-events"]


def digests(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.name not in {"index.html", "manifest.json"}}


def test_a_build_has_its_events_in_a_block_of_their_own(city):
    page = page_check.blocks(version(city, 1) / "index.html")
    events, sites = page["cfmap-events"], page["cfmap-sites"]
    assert sorted(events["name"]) == ["春游", "植树"]
    assert "植树" not in sites["name"]
    row = events["site"][events["name"].index("植树")]
    assert sites["name"][row] == "第3托育园"
    assert (events["lon"][events["name"].index("植树")], events["lat"][events["name"].index("植树")]) == (sites["lon"][row], sites["lat"][row])
    assert events["read"] == "2024-12-01"


def test_events_are_renewed_and_nothing_else_changes(city, capsys):
    table = write(city, TREE, STORY, FAR)
    assert run(cli, ["events", str(city), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["events"] == {"now": 1, "soon": 1, "undated": 0, "later": 1, "over": 0}
    assert (told["version"], told["read"]) == ("000002", "2024-12-02")
    old, new = version(city, 1), version(city, 2)
    assert digests(old) == digests(new)
    before, after = ((v / "index.html").read_text(encoding="utf-8") for v in (old, new))
    cut = [text.split('id="cfmap-events">', 1) for text in (before, after)]
    assert cut[0][0] == cut[1][0]
    assert cut[0][1].split("</script>", 1)[1] == cut[1][1].split("</script>", 1)[1]
    assert sorted(block(new)["name"]) == ["夏令营", "故事会", "植树"]

    about = manifest.read(new)
    assert manifest.complete(new)
    assert release.current(city / "output" / "2024") == 2
    assert {k: v for k, v in about.items() if k not in {"version", "outputs", "events"}} == {
        k: v for k, v in manifest.read(old).items() if k not in {"version", "outputs"}
    }
    assert about["events"]["base"] == "000001"
    assert about["events"]["read"] == "2024-12-02T00:00:00Z"
    assert about["events"]["inputs"] == [{"path": "数据文件", "sha256": hashlib.sha256(table.read_bytes()).hexdigest(), "rows": 3, "datum": "wgs84"}]


def test_the_same_table_gives_the_block_that_a_build_gives(city, built, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(BACK))
    assert run(cli, ["events", str(city)]) == 0
    assert (version(city, 2) / "index.html").read_bytes() == (version(built, 1) / "index.html").read_bytes()


def test_a_place_is_found_by_the_departments_own_number_which_does_not_get_out(city):
    write(city, STORY)
    assert run(cli, ["events", str(city)]) == 0
    page = page_check.blocks(version(city, 2) / "index.html")
    assert page["cfmap-sites"]["name"][page["cfmap-events"]["site"][0]] == "第1小学"
    assert "X001" not in json.dumps(page["cfmap-events"])
    assert "HD2" not in json.dumps(page["cfmap-events"])


def test_one_can_go_back(city):
    write(city, STORY)
    assert run(cli, ["events", str(city)]) == 0
    assert run(cli, ["rollback", "1", str(city)]) == 0
    assert sorted(block(published.find(city / "output/2024").place)["name"]) == ["春游", "植树"]
    assert run(cli, ["events", str(city)]) == 0
    assert release.current(city / "output" / "2024") == 3
    assert manifest.read(version(city, 3))["events"]["base"] == "000001"


def test_daily_renewals_do_not_push_out_what_was_built(city):
    settings = (city / "cfmap.toml").read_text(encoding="utf-8")
    (city / "cfmap.toml").write_text(settings + "[publish]\nkeep_versions = 2\n", encoding="utf-8")
    for _ in range(4):
        assert run(cli, ["events", str(city)]) == 0
    assert release.versions(city / "output" / "2024") == [1, 4, 5]


def test_a_look_publishes_nothing(city, capsys):
    write(city, TREE, STORY, FAR)
    before = state(city / "output" / "2024")
    assert run(cli, ["--lang", "zh", "events", str(city), "--check"]) == 0
    said = capsys.readouterr().err
    assert "2024-12-07  植树" in said
    assert "夏令营" not in said
    assert state(city / "output" / "2024") == before


@pytest.mark.parametrize(
    ("spoil", "code", "message"),
    [
        (lambda city: (city / "data/2024/events.csv").unlink(), 3, "E"),
        (lambda city: write(city, [""] * len(HEADER), ["HD9", "", "2024-12-01", *[""] * 10]), 3, "E2"),
        (lambda city: write(city, [*OVER[:11], 12.0, 98.0]), 3, "E2"),
        (lambda city: write(city, [*TREE, "张三"], header=[*HEADER, "监护人姓名"]), 5, "E503"),
        (lambda city: (city / "cfmap.toml").write_text(small_city.SETTINGS, encoding="utf-8"), 2, "E123"),
        (lambda city: spoil_file(version(city, 1) / "index.html"), 6, "E604"),
        (lambda city: spoil_file(version(city, 1) / "indicators.json"), 6, "E604"),
        (lambda city: shutil.rmtree(city / "output"), 4, "E420"),
    ],
    ids=["no file", "no name", "far away", "personal data", "no table in the settings", "page changed", "another file changed", "nothing published"],
)
def test_what_is_wrong_is_told_and_nothing_is_published(city, capsys, spoil, code, message):
    spoil(city)
    before = state(city / "output" / "2024") if (city / "output").exists() else {}
    assert run(cli, ["events", str(city)]) == code
    assert message in capsys.readouterr().err
    assert (state(city / "output" / "2024") if (city / "output").exists() else {}) == before


def test_while_another_run_writes_nothing_happens(city, capsys):
    write(city, STORY)
    before = state(city / "output" / "2024")
    with lock.held(city / "output" / "2024"):
        assert run(cli, ["events", str(city)]) == 4
    assert "E401" in capsys.readouterr().err
    assert state(city / "output" / "2024") == before


def test_stopped_at_the_pointer_nothing_is_left(city, monkeypatch):
    from cfmap.publish import pointer

    def stop(*_):
        raise KeyboardInterrupt

    write(city, STORY)
    before = state(city / "output" / "2024")
    monkeypatch.setattr(pointer, "write", stop)
    assert run(cli, ["events", str(city)]) == 130
    assert state(city / "output" / "2024") == before


def test_no_project(tmp_path, capsys):
    assert run(cli, ["events", str(tmp_path)]) == 2
    assert "E101" in capsys.readouterr().err


def test_an_internal_edition_is_not_taken_for_the_public_one(city, capsys):
    about = manifest.read(version(city, 1))
    (version(city, 1) / "manifest.json").write_bytes(manifest.dump(about | {"audience": "internal"}))
    assert run(cli, ["events", str(city)]) == 5
    assert "E505" in capsys.readouterr().err


def test_a_page_without_a_place_for_events_says_so(city, capsys):
    page = version(city, 1) / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace('id="cfmap-events"', 'id="cfmap-other"'), encoding="utf-8")
    about = manifest.read(version(city, 1))
    for output in about["outputs"]:
        if output["path"] == "index.html":
            output["sha256"] = hashlib.sha256(page.read_bytes()).hexdigest()
    (version(city, 1) / "manifest.json").write_bytes(manifest.dump(about))
    assert run(cli, ["events", str(city)]) == 4
    assert "E421" in capsys.readouterr().err


def test_the_package_has_the_renewed_page(city, tmp_path):
    write(city, STORY)
    assert run(cli, ["events", str(city)]) == 0
    assert run(cli, ["publish", str(city), "--folder", str(tmp_path / "site")]) == 0
    assert (tmp_path / "site" / "map.html").read_bytes() == (version(city, 2) / "index.html").read_bytes()
