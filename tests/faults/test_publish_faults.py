"""Publishing is whole or not at all: disk full, no right, a file held open, Ctrl-C, an error at any step."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cfmap.model import ConfigError, EnvironmentFault, SelfCheckError, fault
from cfmap.publish import files, lock, manifest, pointer, release
from tests.faults.light import NAMES, edition, publish, shown_text, state, writers

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def out(tmp_path):
    """An edition's folder with one version of text ``old``."""
    folder = tmp_path / "output" / "2024"
    publish(folder, "old")
    return folder


def test_the_pointer_leads_to_the_version_by_relative_address(out):
    page = (out / "index.html").read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in page
    assert re.search(r"<title>.*示例市（演示数据）.*2024</title>", page)
    for target in re.findall(r'(?:href|url|replace\()[="(]*"?([^";)]+index\.html)', page):
        assert target.strip(' "') == "versions/000001/index.html"
    assert (out / "versions" / "000001" / "index.html").is_file()


def test_a_name_in_the_pointer_is_text_and_not_markup(tmp_path):
    from dataclasses import replace

    from tests.factories import tiny_city

    odd = replace(edition(), city=tiny_city(city={"name": '</title><script>alert("x")</script>'}))
    page = pointer.page(odd, 1).decode()
    assert page.count("<script>") == 1
    assert "&lt;script&gt;" in page


def test_versions_are_numbered_and_the_newest_is_shown(out):
    made = publish(out, "new")
    assert made.version == 2
    assert made.folder == out / "versions" / "000002"
    assert made.pointer == out / "index.html"
    assert release.versions(out) == [1, 2]
    assert shown_text(out) == "new"


def test_the_manifest_names_every_file_with_its_hash(out):
    content = manifest.read(out / "versions" / "000001")
    assert {o["path"] for o in content["outputs"]} == set(NAMES)
    assert content["edition"] == 2024
    assert content["version"] == "000001"
    assert content["demo"] is True
    assert {"path", "sha256", "rows", "datum"} == set(content["inputs"][0])
    assert sorted(i["path"] for i in content["inputs"]) == ["数据文件", "数据文件", "街道数据"]  # the public is not told what a file is called
    assert {i["sha256"][0] for i in content["inputs"]} == set("cde")
    assert str(out) not in (out / "versions" / "000001" / "manifest.json").read_text(encoding="utf-8")


def test_equal_editions_have_equal_manifests(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735603200")
    for name in "ab":
        publish(tmp_path / name, "same")
    assert state(tmp_path / "a") == state(tmp_path / "b")


def test_only_the_last_versions_are_kept_and_the_shown_one_always(out):
    for number in range(2, 5):
        publish(out, f"v{number}", keep=3)
    assert release.versions(out) == [2, 3, 4]
    release.rollback(out, 2)
    assert shown_text(out) == "v2"
    made = publish(out, "v5", keep=1)
    assert release.versions(out) == [5]
    assert "I403" in {r.code for r in made.faults}


def test_an_earlier_version_that_readers_see_is_never_removed(out, monkeypatch):
    for number in range(2, 5):
        publish(out, f"v{number}")
    release.rollback(out, 1)
    release._prune(out, keep=2, reviewed=set())
    assert release.versions(out) == [1, 3, 4]
    assert shown_text(out) == "old"


def test_rollback_moves_only_the_pointer(out):
    publish(out, "new")
    before = state(out)
    assert release.rollback(out, 1) == out / "index.html"
    after = state(out)
    assert {name for name in before if before[name] != after[name]} == {"index.html"}
    assert release.current(out) == 1
    assert shown_text(out) == "old"


def test_rollback_to_a_version_that_is_not_there_names_those_that_are(out):
    with pytest.raises(ConfigError) as caught:
        release.rollback(out, 7)
    assert caught.value.faults[0].code == "E130"
    assert "1" in caught.value.faults[0].why("zh")


def test_rollback_refuses_a_version_that_somebody_changed(out):
    publish(out, "new")
    (out / "versions" / "000001" / "sites.gpkg").write_text("touched")
    with pytest.raises(SelfCheckError):
        release.rollback(out, 1)
    assert shown_text(out) == "new"


class Nth:
    """Raises at the nth call, never again."""

    def __init__(self, number: int, error: BaseException) -> None:
        self.left, self.error, self.raised = number, error, False

    def __call__(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.raised = True
            raise self.error


def count_steps(monkeypatch, step):
    """Call `step` before every primitive that changes the disk, in our own code and in the light writers."""
    for name in ("rename", "replace", "fsync"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, _real=real, **k: (step(), _real(*a, **k))[1])
    for name in ("mkdir", "write_text", "unlink"):
        real = getattr(Path, name)
        monkeypatch.setattr(Path, name, lambda *a, _real=real, **k: (step(), _real(*a, **k))[1])
    real_open = Path.open

    def opened(path, mode="r", *a, **k):
        if set(mode) & set("wax+"):
            step()
        return real_open(path, mode, *a, **k)

    monkeypatch.setattr(Path, "open", opened)


def run_with(out, error, number):
    """Publish with `error` at the nth change of the disk; tells whether it struck and what came out."""
    step = Nth(number, error)
    with pytest.MonkeyPatch.context() as patch:
        count_steps(patch, step)
        try:
            publish(out, "new", writers_=writers("new", step=step))
        except BaseException as raised:  # noqa: BLE001 - whatever comes out is looked at
            return step.raised, raised
    return step.raised, None


def steps_of_a_run(tmp_path):
    """How many changes of the disk one run makes."""
    step = Nth(10**9, RuntimeError())
    publish(tmp_path / "count", "old")
    with pytest.MonkeyPatch.context() as patch:
        count_steps(patch, step)
        publish(tmp_path / "count", "new", writers_=writers("new", step=step))
    return 10**9 - step.left


def check_whole(out, before, raised):
    """After a fault: old version byte-identical, and shown unless the run had come to its end; nothing half-made; the next run succeeds."""
    after = state(out)
    kept = {name: data for name, data in after.items() if name.startswith("versions/000001/")}
    assert kept == {name: data for name, data in before.items() if name.startswith("versions/000001/")}
    text = shown_text(out)
    assert text in ("old", "new")
    if raised is not None and text == "old":
        assert after == before, "something of the failed run stayed"
    if raised is None:
        assert text == "new"
    publish(out, "next")
    assert shown_text(out) == "next"
    assert not [p for p in (out / "versions").iterdir() if p.name.endswith(".part")]


@pytest.mark.parametrize("code, expected, every", [(errno.ENOSPC, "E402", 1), (errno.EACCES, "E403", 3), (errno.EIO, "E405", 3)])
def test_an_error_at_any_write_leaves_the_last_version_as_it_was(tmp_path, code, expected, every):
    """Every (or every third) single change of the disk in a run fails once."""
    steps = steps_of_a_run(tmp_path)
    assert steps > 30
    publish(tmp_path / "template", "old")
    before = state(tmp_path / "template")
    struck = 0
    for number in range(1, steps + 1, every):
        out = Path(shutil.copytree(tmp_path / "template", tmp_path / str(number)))
        raised, error = run_with(out, OSError(code, os.strerror(code)), number)
        struck += raised
        if error is not None:
            assert isinstance(error, EnvironmentFault), repr(error)
            assert error.faults[0].code == expected
            assert error.exit_code == 4
        check_whole(out, before, error)
    assert struck == len(range(1, steps + 1, every))


def test_ctrl_c_at_any_write_leaves_the_last_version_as_it_was(tmp_path):
    publish(tmp_path / "template", "old")
    before = state(tmp_path / "template")
    for number in range(2, steps_of_a_run(tmp_path) + 1, 2):
        out = Path(shutil.copytree(tmp_path / "template", tmp_path / str(number)))
        _, error = run_with(out, KeyboardInterrupt(), number)
        assert error is None or isinstance(error, KeyboardInterrupt)
        check_whole(out, before, error)


def test_a_fault_of_ours_in_a_writer_is_raised_as_it_is(out):
    before = state(out)
    _, error = run_with(out, ZeroDivisionError("ours"), 12)
    assert isinstance(error, ZeroDivisionError)
    check_whole(out, before, error)


def test_disk_full_says_where_how_much_and_that_nothing_changed(out, monkeypatch):
    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(EnvironmentFault) as caught:
        publish(out, "new", writers_=writers("new", step=full))
    record = caught.value.faults[0]
    assert record.code == "E402"
    assert str(out) in record.why("zh")
    assert "以前发布的版本没有改动" in record.how("zh")


def test_too_little_space_is_told_before_anything_is_written(out, monkeypatch):
    before = state(out)
    monkeypatch.setattr(files, "free_bytes", lambda _folder: 1000)
    with pytest.raises(EnvironmentFault) as caught:
        publish(out, "new", writers_={"never": pytest.fail})
    assert caught.value.faults[0].code == "E402"
    assert "1,000 B" in caught.value.faults[0].why("zh")
    assert state(out) == before


def test_a_file_in_the_way_of_the_folder_is_named(tmp_path):
    (tmp_path / "output").write_text("a file")
    with pytest.raises(EnvironmentFault) as caught:
        publish(tmp_path / "output" / "2024", "new")
    assert caught.value.faults[0].code == "E406"


def test_a_pointer_that_windows_holds_is_tried_again(out, monkeypatch):
    real, waits = os.replace, []
    monkeypatch.setattr(files.time, "sleep", waits.append)

    def held(source, target):
        if len(waits) < 3:
            error = PermissionError(13, "held")
            error.winerror = 32
            raise error
        real(source, target)

    monkeypatch.setattr(os, "replace", held)
    publish(out, "new")
    assert len(waits) == 3
    assert shown_text(out) == "new"


def test_a_pointer_that_windows_never_gives_back_is_named(out, monkeypatch):
    before, waits = state(out), []
    monkeypatch.setattr(files.time, "sleep", waits.append)

    def held(_source, _target):
        error = PermissionError(13, "held")
        error.winerror = 5
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", held)
        with pytest.raises(EnvironmentFault) as caught:
            publish(out, "new")
    assert sum(waits) == pytest.approx(2.5)
    assert caught.value.faults[0].code == "E404"
    assert "index.html" in caught.value.faults[0].what("zh")
    assert state(out) == before


def test_outputs_that_read_back_wrong_are_not_published(out):
    before, broken = state(out), writers("new")
    from dataclasses import replace

    broken["sites.gpkg"] = replace(broken["sites.gpkg"], check=lambda _e, _f: [fault("E601", name="sites.gpkg", detail="rows")])
    with pytest.raises(SelfCheckError) as caught:
        publish(out, "new", writers_=broken)
    assert caught.value.exit_code == 6
    assert state(out) == before


def test_a_writer_that_makes_no_file_is_found_out(out):
    from dataclasses import replace

    lazy = writers("new")
    lazy["sites.gpkg"] = replace(lazy["sites.gpkg"], write=lambda _e, _f: [])
    with pytest.raises(SelfCheckError) as caught:
        publish(out, "new", writers_=lazy)
    assert caught.value.faults[0].code == "E602"


def test_a_file_that_no_writer_owns_up_to_is_found_out(out):
    from dataclasses import replace

    def stray(edition, folder):
        (folder / "stray.txt").write_text("?")
        return writers("new")["sites.gpkg"].write(edition, folder)

    odd = writers("new")
    odd["sites.gpkg"] = replace(odd["sites.gpkg"], write=stray)
    with pytest.raises(SelfCheckError):
        publish(out, "new", writers_=odd)
    assert shown_text(out) == "old"


def test_a_version_much_poorer_than_the_last_waits_for_confirmation(out):
    from dataclasses import replace

    before, poor = state(out), edition()
    data = poor.layers["childcare"]
    poor = replace(poor, layers={**poor.layers, "childcare": replace(data, sites=data.sites.iloc[:2])})
    with pytest.raises(SelfCheckError) as caught:
        release.publish(poor, out=out, writers=writers("poor"))
    assert caught.value.faults[0].code == "E603"
    assert "托育" in caught.value.faults[0].what("zh")
    assert "4" in caught.value.faults[0].why("zh")
    assert state(out) == before
    release.publish(poor, out=out, writers=writers("poor"), confirm=True)
    assert shown_text(out) == "poor"


def test_one_site_less_is_no_reason_to_stop(out):
    from dataclasses import replace

    fewer = edition()
    data = fewer.layers["childcare"]
    fewer = replace(fewer, layers={**fewer.layers, "childcare": replace(data, sites=data.sites.iloc[:3])})
    assert release.publish(fewer, out=out, writers=writers("fewer")).version == 2


def test_leftovers_of_a_killed_run_are_removed_and_told(out):
    left = out / "versions" / "000002.part"
    left.mkdir()
    (left / "sites.gpkg").write_text("half")
    (out / ".index.html.123").write_text("half")
    made = publish(out, "new")
    assert [r.code for r in made.faults] == ["I401"]
    assert not left.exists()
    assert not (out / ".index.html.123").exists()


def test_a_run_that_died_with_the_lock_is_told_and_taken_over(out):
    (out / lock.HOLDER).write_text('{"pid": 4242, "host": "pc", "start": "2024-01-01T00:00:00Z"}')
    made = publish(out, "new")
    assert [r.code for r in made.faults] == ["I402"]
    assert "4242" in made.faults[0].what("zh")
    assert not (out / lock.HOLDER).exists()


def test_a_second_run_is_refused_while_the_first_one_writes(out):
    before = state(out)
    seen = []

    def second() -> None:
        if not seen:
            script = "import sys; from pathlib import Path; from tests.faults.light import publish; publish(Path(sys.argv[1]), 'second')"
            done = subprocess.run([sys.executable, "-c", script, str(out)], cwd=ROOT, capture_output=True, text=True, check=False)
            seen.append(done)
            assert {n: d for n, d in state(out).items() if n in before} == before

    publish(out, "first", writers_=writers("first", step=second))
    assert seen[0].returncode != 0
    assert f"process {os.getpid()}" in seen[0].stderr
    assert "E401" in seen[0].stderr
    assert shown_text(out) == "first"
    assert release.versions(out) == [1, 2]


def test_an_internal_edition_keeps_what_a_public_one_loses(tmp_path):
    from dataclasses import replace

    from tests.factories import tiny_edition

    seen = []
    spy = {n: replace(w, write=lambda e, f, _w=w: (seen.append(e), _w.write(e, f))[1]) for n, w in writers("x").items()}
    release.publish(tiny_edition(public=True), out=tmp_path / "a", writers=spy)
    release.publish(tiny_edition(public=False), out=tmp_path / "b", writers=spy)
    assert {e.population is None for e in seen[:4]} == {True}
    assert {e.population is None for e in seen[4:]} == {False}


def test_paths_with_chinese_spaces_and_emoji_work(tmp_path):
    out = tmp_path / "输出 文件夹 🧒" / "2024"
    publish(out, "new")
    assert shown_text(out) == "new"


def test_a_version_that_readers_see_is_not_said_to_be_unpublished(out, monkeypatch):
    def fails(folder):
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(folder))

    whole = files.sync_folder
    monkeypatch.setattr(pointer.files, "sync_folder", lambda folder: fails(folder) if folder == out and release.current(out) == 2 else whole(folder))
    made = publish(out, "new")
    assert [f.code for f in made.faults if f.code.startswith("W4")] == ["W406"]
    assert (made.version, shown_text(out)) == (2, "new")
