"""The offline bundle: complete, verifiable, right in every code page, set up once, and nothing of the machine that made it."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bundle import pack, papers, wheels
from bundle.__main__ import checked
from bundle.stick import start
from bundle.targets import PYTHON, TARGETS

WINDOWS = TARGETS["windows"]
SCRIPTS = [{"name": "leaflet", "version": "1.9.4", "licence": "BSD-2-Clause"}]
COMMAND = "import sys\nfrom pathlib import Path\nimport extra\nprint('started', sys.argv[1:], Path(extra.__file__).parent.name)\nsys.exit(3)\n"


def make_wheel(folder, name, version="1.0", *, requires=(), files=None, licence="MIT"):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    about = f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\nLicense-Expression: {licence}\n" + "".join(f"Requires-Dist: {r}\n" for r in requires)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{info}/METADATA", about + "\n")
        archive.writestr(f"{info}/licenses/LICENSE", f"licence of {name}")
        for member, text in (files or {f"{name}.py": ""}).items():
            archive.writestr(member, text)
    return path


@pytest.fixture
def parts(tmp_path):
    folder = tmp_path / "w"
    program = {"cfmap/__init__.py": "", "cfmap/__main__.py": COMMAND, "cfmap/publish/web/assets/assets.json": json.dumps({"packages": SCRIPTS})}
    own = make_wheel(folder, "cfmap", "0.1.0", requires=["extra>=1", "colorama; sys_platform == 'win32'"], files=program)
    return [
        own,
        make_wheel(folder, "colorama"),
        make_wheel(folder, "extra", files={"extra-1.0.data/purelib/extra.py": "", "extra-1.0.data/scripts/extra": "", "extra_data/中文.txt": "x"}),
    ]


@pytest.fixture
def unpacked(parts, tmp_path, repository):
    archive = tmp_path / "out" / "bundle.zip"
    pack.write(pack.contents(parts, SCRIPTS, repository, WINDOWS), archive)
    target = tmp_path / "桌面 (1) & 文件"
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(target)
    return target / pack.TOP


@pytest.mark.parametrize("target", TARGETS.values(), ids=str)
def test_lock_has_one_pin_with_hashes_for_every_direct_dependency_on_every_machine(target, repository, monkeypatch):
    import tomllib

    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    lock = wheels.read_lock(repository / "requirements.lock")
    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", h) for p in lock for h in p.hashes)
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for python in ("3.11", "3.12", "3.13", "3.14"):
        monkeypatch.setattr("bundle.targets.PYTHON", python)
        environment = target.environment()
        held = [p for p in lock if not p.marker or Requirement(f"x; {p.marker}").marker.evaluate(environment)]
        assert len({p.name for p in held}) == len(held), "one pin each"
        pins = wheels.pins_for(lock, target)
        for text in (*project["dependencies"], *(text for extra in wheels.EXTRAS for text in project["optional-dependencies"][extra])):
            wanted = Requirement(text)
            if wanted.marker is None or wanted.marker.evaluate(environment):
                assert wanted.specifier.contains(pins[canonicalize_name(wanted.name)].version), (python, text)


def test_bundle_is_complete_and_every_file_has_its_digest(unpacked):
    lines = (unpacked / "SHA256SUMS.txt").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    there = {p.relative_to(unpacked).as_posix() for p in unpacked.rglob("*") if p.is_file()}
    assert set(listed) == there - {"SHA256SUMS.txt"}
    assert all(hashlib.sha256((unpacked / name).read_bytes()).hexdigest() == digest for name, digest in listed.items())
    assert {
        "开始.bat",
        "先读我.txt",
        "更新说明.txt",
        "app/start.py",
        "app/no-python.txt",
        "app/LICENSES.txt",
        "app/sbom.cdx.json",
        "示例市/cfmap.toml",
    } <= there
    assert "示例市/data/network.osm.pbf" in there
    assert not [n for n in there if "_generator" in n or "~$" in n]


def test_texts_are_right_on_windows_and_tell_nothing_of_the_machine(unpacked, repository):
    starter = (unpacked / "开始.bat").read_bytes()
    assert starter.isascii()
    assert starter.count(b"\n") == starter.count(b"\r\n") > 10
    assert b'pushd "%~dp0"' in starter
    assert b"pause" in starter
    for text in (*unpacked.glob("*.txt"), *unpacked.glob("app/*.txt")):  # what the demo city holds is as departments send it
        if text.name not in {"python.txt", "SHA256SUMS.txt"}:
            data = text.read_bytes()
            assert data.startswith(b"\xef\xbb\xbf"), text.name
            assert data.count(b"\n") == data.count(b"\r\n"), text.name
            data.decode("utf-8-sig")
    assert "Windows 未实测" in (unpacked / "先读我.txt").read_text(encoding="utf-8-sig")
    for path in (p for p in unpacked.rglob("*") if p.suffix in {".txt", ".bat", ".py", ".json", ".toml"}):
        words = path.read_text(encoding="utf-8-sig")
        assert not re.search(r"(?<![\w.])/(work|tmp|root|home/\w)/|" + re.escape(str(repository)), words), path.name


def test_same_parts_give_the_same_bytes(parts, tmp_path, repository):
    for name in ("a.zip", "b.zip"):
        pack.write(pack.contents(parts, SCRIPTS, repository, WINDOWS), tmp_path / name)
    assert papers.digest(tmp_path / "a.zip") == papers.digest(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert all(i.flag_bits & 0x800 for i in archive.infolist() if not i.filename.isascii()), "names are marked as UTF-8"


def test_bill_of_materials_and_licences_name_every_part(parts, unpacked):
    bill = json.loads((unpacked / "app" / "sbom.cdx.json").read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["purl"] == "pkg:pypi/cfmap@0.1.0"
    assert {c["purl"] for c in bill["components"]} == {"pkg:pypi/colorama@1.0", "pkg:pypi/extra@1.0", "pkg:npm/leaflet@1.9.4"}
    assert bill["components"][0]["hashes"][0]["content"] == papers.digest(parts[1])
    own = next(d for d in bill["dependencies"] if d["ref"].startswith("pkg:pypi/cfmap"))
    assert set(own["dependsOn"]) == {c["bom-ref"] for c in bill["components"]}
    text = (unpacked / "app" / "LICENSES.txt").read_text(encoding="utf-8-sig")
    for words in ("extra 1.0", "leaflet 1.9.4", "BSD-2-Clause", "licence of colorama"):
        assert words in text


def run(unpacked, *arguments):
    (unpacked / "app" / "python.txt").write_text(f"{sys.version_info[0]}.{sys.version_info[1]}\n", encoding="ascii")
    done = subprocess.run(
        [sys.executable, "-X", "utf8", str(unpacked / "app" / "start.py"), *arguments], capture_output=True, text=True, encoding="utf-8", check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_first_start_sets_up_and_the_second_goes_straight_on(unpacked, tmp_path):
    code, said = run(unpacked)
    assert code == 3, "the program's own exit code comes through"
    assert f"started ['start', '{unpacked / '示例市'}'] site-packages" in said
    assert "第一次使用" in said
    site = unpacked / "app" / "site-packages"
    assert (site / "extra_data" / "中文.txt").is_file()
    assert not (site / "extra-1.0.data").exists()
    before = {p: p.stat().st_mtime_ns for p in site.rglob("*") if p.suffix != ".pyc" and p.is_file()}

    own = unpacked / "项目"
    own.mkdir()
    (own / "cfmap.toml").write_text("", encoding="utf-8")
    code, said = run(unpacked)
    assert (code, "第一次使用" in said) == (3, False)
    assert str(own) in said, "the clerk's own project comes before the demo"
    assert {p: p.stat().st_mtime_ns for p in site.rglob("*") if p in before} == before
    assert f"['start', '{tmp_path}', '--no-open']" in run(unpacked, str(tmp_path), "--no-open")[1]
    assert run(unpacked, str(tmp_path / "none"))[0] == 4


def test_another_bundle_is_set_up_anew_and_a_broken_set_up_is_begun_again(unpacked):
    run(unpacked)
    (unpacked / "app" / "site-packages" / start.READY).write_text("older", encoding="ascii")
    (unpacked / "app" / "site-packages.part").mkdir()
    (unpacked / "app" / "site-packages.part" / "half.py").write_text("", encoding="ascii")
    assert "第一次使用" in run(unpacked)[1]
    assert not (unpacked / "app" / "site-packages" / "half.py").exists()


@pytest.mark.parametrize("spoil", ["missing", "changed"])
def test_a_damaged_file_is_named_and_nothing_is_started(spoil, unpacked):
    wheel = unpacked / "app" / "wheels" / "extra-1.0-py3-none-any.whl"
    if spoil == "missing":
        wheel.unlink()
    else:
        wheel.write_bytes(wheel.read_bytes() + b"x")
    code, said = run(unpacked)
    assert code == 4
    assert "extra-1.0" in said
    assert "started" not in said
    assert "Traceback" not in said
    assert not (unpacked / "app" / "site-packages").exists()


@pytest.mark.parametrize("name", ["../evil.py", "/etc/evil", "C:/evil", "a\\..\\evil"])
def test_a_wheel_cannot_write_outside(name, tmp_path):
    wheel = make_wheel(tmp_path, "evil", files={name: "x"})
    with zipfile.ZipFile(wheel) as archive:
        member = archive.namelist()[-1]
    with pytest.raises(start.NotReady):
        start._place(member)


def test_a_scanner_that_holds_the_folder_is_waited_for(tmp_path, monkeypatch):
    real, held = start.os.replace, [PermissionError(13, "in use")] * 2

    def replace(source, target):
        if held:
            raise held.pop()
        real(source, target)

    monkeypatch.setattr(start, "PAUSE_S", 0.0)
    monkeypatch.setattr(start.os, "replace", replace)
    (tmp_path / "a").mkdir()
    start._move(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").is_dir()


def test_another_python_is_told(unpacked, monkeypatch):
    (unpacked / "app" / "python.txt").write_text("3.99\n", encoding="ascii")
    with pytest.raises(start.NotReady, match=r"3\.99"):
        start.set_up(unpacked / "app")


def test_embeddable_python_is_told_where_the_parts_are(unpacked, monkeypatch, tmp_path):
    listed = unpacked / "app" / "python" / "python313._pth"
    listed.parent.mkdir()
    listed.write_text("python313.zip\n.\n", encoding="utf-8")
    (unpacked / "app" / "python.txt").write_text(f"{sys.version_info[0]}.{sys.version_info[1]}\n", encoding="ascii")
    monkeypatch.setattr(sys, "executable", str(listed.parent / "python.exe"))
    libraries = unpacked / "app" / "site-packages"
    start.set_up(unpacked / "app")
    assert not (listed.parent / "msvcp140.dll").exists(), "no wheel carries it"
    for folder in ("abc.libs", "numpy.libs"):
        (libraries / folder).mkdir()
        (libraries / folder / "msvcp140-0123.dll").write_text(folder, encoding="ascii")
    start.set_up(unpacked / "app")
    assert (listed.parent / "msvcp140.dll").read_text(encoding="ascii") == "numpy.libs"
    lines = listed.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["python313.zip", "."]
    assert (listed.parent / lines[2]).resolve() == (unpacked / "app" / "site-packages").resolve()
    assert "PYTHONPATH" not in {k for k in start.surroundings(unpacked / "app") if k not in __import__("os").environ}


def test_closure_is_followed_and_what_is_missing_is_named(tmp_path, monkeypatch):
    lock = tmp_path / "requirements.lock"
    lines = [f"{n}==1.0 \\\n    --hash=sha256:{'0' * 64}" for n in ("a", "b", "only-linux", "nowhere")]
    lock.write_text("\n".join(lines) + "\nc==1.0 ; sys_platform == 'darwin' \\\n    --hash=sha256:" + "0" * 64 + "\n", encoding="utf-8")
    folder = tmp_path / "wheels"
    world = {"a": ["b[x]>=1", "only-linux; sys_platform == 'linux'"], "b": ["a", "d; extra == 'y'"], "nowhere": []}

    def download(pins, _target, to):
        if any(p.name == "nowhere" for p in pins):
            return False
        for p in pins:
            make_wheel(to, p.name, requires=world[p.name])
        return True

    monkeypatch.setattr(wheels, "_pip_download", download)
    found = wheels.collect(make_wheel(tmp_path, "cfmap", requires=["a"]), lock, WINDOWS, folder)
    assert [w.name.split("-")[0] for w in found] == ["cfmap", "a", "b"]
    with pytest.raises(wheels.BundleError, match=r"not in requirements.lock: c$"):
        wheels.collect(make_wheel(tmp_path, "cfmap", requires=["c"]), lock, WINDOWS, folder)
    with pytest.raises(wheels.BundleError, match=r"no wheel for windows 3\.13: nowhere"):
        wheels.collect(make_wheel(tmp_path, "cfmap", requires=["nowhere", "a"]), lock, WINDOWS, folder)
    with pytest.raises(wheels.BundleError, match=r"b needs a>=2, there is 1\.0"):
        wheels.check_complete([make_wheel(tmp_path / "x", "a"), make_wheel(tmp_path / "x", "b", requires=["a>=2"])], WINDOWS)


def test_starters_ask_for_the_python_that_the_wheels_are_for(repository):
    for name in ("start.bat", "start.command", "no-python.txt"):
        text = (repository / "bundle" / "stick" / name).read_text(encoding="utf-8")
        assert PYTHON in text or PYTHON.replace(".", ", ") in text, name


def test_embeddable_python_goes_in_only_with_its_publishers_digest(parts, tmp_path, repository):
    python = tmp_path / f"python-{PYTHON}.9-embed-amd64.zip"
    python.write_bytes(b"PK")
    with pytest.raises(wheels.BundleError, match="--sha256 says nothing"):
        checked(python, "")
    with pytest.raises(wheels.BundleError, match="not python-3"):
        checked(tmp_path / "python-3.12.1-embed-amd64.zip", "")
    assert checked(None, "") is None
    assert checked(python, papers.digest(python)) == python
    names = [e.name for e in pack.contents(parts, SCRIPTS, repository, WINDOWS, python=python)]
    assert f"app/{python.name}" in names


@pytest.mark.skipif(sys.platform == "win32", reason="the shell starter is for macOS and Linux")
def test_shell_starter_runs_without_terminal(unpacked, repository):
    """The one for macOS and Linux, here with the Python of this test."""
    script = unpacked / "开始.command"
    text = pack.starter("start.command").decode().replace("(3, 13)", repr(sys.version_info[:2])).replace("app/python/bin/python3", sys.executable)
    script.write_text(text, encoding="utf-8")
    (unpacked / "app" / "python.txt").write_text(f"{sys.version_info[0]}.{sys.version_info[1]}\n", encoding="ascii")
    done = subprocess.run(["sh", str(script)], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 3, done.stderr
    assert "started" in done.stdout
    assert Path(unpacked / "app" / "site-packages").is_dir()


def test_actions_are_pinned_and_may_only_read(repository):
    text = (repository / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action) for action in used)
    assert "permissions:\n  contents: read\n" in text
    assert text.count("persist-credentials: false") == text.count("actions/checkout@")
    assert "secrets." not in text
