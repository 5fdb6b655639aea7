"""What a bureau uploads: complete, the same every time, nothing in it that is not for the public."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile

import pytest

from cfmap.cli import main
from cfmap.model.errors import EnvironmentFault, SelfCheckError
from cfmap.publish import WRITERS, hosting, published, release
from tests.browser.synthetic import synthetic_edition
from tests.factories import tiny_edition

WEB = {"web": WRITERS["web"]}
SETTINGS = '[city]\nname = "示例市"\ndemo = true\n[edition]\nyear = 2024\n[network]\nsource = "data/network.osm"\n'


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = tmp_path_factory.mktemp("project")
    (root / "cfmap.toml").write_text(SETTINGS, encoding="utf-8")
    release.publish(synthetic_edition(), out=root / "output" / "2024", writers=WEB)
    release.publish(tiny_edition(root, public=False), out=root / "output" / "2024-internal", writers=WEB)
    release.publish(tiny_edition(root, public=False), out=root / "output" / "2022", writers=WEB)  # internal under a public name
    return root


@pytest.fixture(scope="module")
def packed(project):
    return hosting.package(published.chosen(project / "output", 2024))


def data_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'<script type="application/json" id="([\w-]+)">(.*?)</script>', page, re.DOTALL))


def test_package_holds_the_page_in_parts_and_whole_with_licences_and_instructions(project, packed):
    whole = (project / "output/2024/versions/000001/index.html").read_bytes()
    assert packed["map.html"] == whole
    assert {"index.html", "LICENSES.txt", "README.txt"} <= set(packed)
    assert {re.sub(r"\.[0-9a-f]{12}\.", ".", n) for n in packed if "/" in n} >= {
        "assets/app.js",
        "assets/leaflet.js",
        "assets/style.css",
        "assets/cfmap-sites.js",
    }
    assert "leaflet" in packed["LICENSES.txt"].decode()
    told = packed["README.txt"].decode("utf-8-sig")
    for words in ("演示数据", "Demo data", "map.html", "上传", "Unpack", "<iframe"):
        assert words in told
    assert "\r\n" in told
    assert "INTERNAL.txt" not in packed


def test_names_carry_the_fingerprint_of_the_content(packed):
    for name, data in packed.items():
        if found := re.fullmatch(r"assets/[\w-]+\.([0-9a-f]{12})\.(js|css)", name):
            assert hashlib.sha256(data).hexdigest().startswith(found[1])


def test_page_asks_for_exactly_the_files_beside_it(packed):
    asked = re.findall(r'(?:src|href)="(assets/[^"]+)"', packed["index.html"].decode())
    assert sorted(asked) == sorted(n for n in packed if n.startswith("assets/"))
    assert not re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="(?!assets/)', packed["index.html"].decode())
    assert len(packed["index.html"]) < len(packed["map.html"]) / 3


def test_parts_hold_every_script_and_all_data_of_the_page(packed):
    page = packed["map.html"].decode()
    parts = packed["index.html"].decode()
    carried = data_of(parts)
    for name, data in packed.items():
        if found := re.search(rb'id:"([\w-]+)",textContent:(".*")\}\)\);\n$', data):
            assert name.startswith(f"assets/{found[1].decode()}.")
            carried[found[1].decode()] = json.loads(found[2])
            data.decode("ascii")
    assert carried == data_of(page)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    left = set(re.findall(r"<script>(.*?)</script>", parts, re.DOTALL)) | {d.decode() for n, d in packed.items() if n.endswith(".js")}
    assert set(scripts) <= left


def test_policy_allows_the_own_site_and_the_lines_that_stayed_and_nothing_else(packed):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', packed["index.html"].decode())[1]
    whole = re.search(r'Content-Security-Policy" content="([^"]+)"', packed["map.html"].decode())[1]
    assert "unsafe" not in policy
    scripts = re.search(r"script-src ([^;]+)", policy)[1].split()
    assert scripts[0] == "'self'"
    assert set(scripts[1:]) < set(re.search(r"script-src ([^;]+)", whole)[1].split())
    assert re.search(r"style-src ([^;]+)", policy)[1] == "'self'"
    others = [d for d in policy.split("; ") if not d.startswith(("script-src", "style-src"))]
    assert others == [d for d in whole.split("; ") if not d.startswith(("script-src", "style-src"))]


def test_same_version_gives_the_same_bytes(project, tmp_path):
    for name in ("one.zip", "two.zip"):
        assert main(["publish", str(project), "--zip", str(tmp_path / name)]) == 0
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(archive.namelist())
        assert {e.date_time for e in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert all(re.fullmatch(r"[\w./-]+", n, re.ASCII) for n in archive.namelist())
        content = {n: archive.read(n) for n in archive.namelist()}
    assert main(["publish", str(project), "--folder", str(tmp_path / "site")]) == 0
    assert {p.relative_to(tmp_path / "site").as_posix(): p.read_bytes() for p in (tmp_path / "site").rglob("*") if p.is_file()} == content
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one.zip", "site", "two.zip"], "no leftovers"


def test_internal_edition_stays_in_unless_asked_for_and_is_marked(project, tmp_path, capsys):
    assert main(["--lang", "zh", "publish", str(project), "--edition", "2022", "--zip", str(tmp_path / "a.zip")]) == 5
    assert "E505" in capsys.readouterr().err
    assert not (tmp_path / "a.zip").exists()
    assert main(["--lang", "zh", "publish", str(project), "--internal", "--zip", str(tmp_path / "b.zip")]) == 0
    assert "内部资料" in capsys.readouterr().err
    with zipfile.ZipFile(io.BytesIO((tmp_path / "b.zip").read_bytes())) as archive:
        assert "不得对外公开" in archive.read("INTERNAL.txt").decode("utf-8-sig")
        assert archive.read("README.txt").decode("utf-8-sig").startswith("【内部资料")
        for page in ("index.html", "map.html"):
            assert json.loads(data_of(archive.read(page).decode())["cfmap-meta"])["public"] is False


def test_page_that_was_changed_is_not_packed(tmp_path):
    release.publish(tiny_edition(tmp_path), out=tmp_path / "2024", writers=WEB)
    with (tmp_path / "2024/versions/000001/index.html").open("a", encoding="utf-8") as file:
        file.write("<!-- -->")
    with pytest.raises(SelfCheckError, match="E604"):
        hosting.write_zip(published.chosen(tmp_path, 2024), tmp_path / "a.zip")
    assert not list(tmp_path.glob("*.zip"))


def test_what_stands_in_the_way_is_said(project, tmp_path, capsys):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(EnvironmentFault, match="E409"):
        hosting.write_folder(published.chosen(project / "output", 2024), tmp_path / "site")
    assert [p.name for p in (tmp_path / "site").iterdir()] == ["mine.txt"]
    for arguments, code, words in (
        (["--zip", str(tmp_path / "a.rar")], 3, ".zip"),
        (["--zip", str(tmp_path / "no" / "a.zip")], 3, "找不到"),
        ([], 2, "--zip"),
        (["--edition", "2023", "--zip", str(tmp_path / "a.zip")], 2, "cfmap build"),
    ):
        assert main(["--lang", "zh", "publish", str(project), *arguments]) == code
        assert words in capsys.readouterr().err
