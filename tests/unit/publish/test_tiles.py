"""A map service's pictures: only by name and with a key, the key nowhere but in the page, the page's policy no wider than that."""

from __future__ import annotations

import re

import pytest

from cfmap.model import ConfigError, SafetyRefusal
from cfmap.publish import hosting, page_check, published, release, tiles
from cfmap.publish.web import page
from tests.factories import tiny_city, tiny_edition

CANARY = "c0ffee00c0ffee00c0ffee00c0ffee00"
NAMED = {"tiles": "tianditu", "tiles_attribution": "测试署名 GS（0000）0000号"}


def policy(html: str) -> dict[str, list[str]]:
    text = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)[1]
    return {name: sources for name, *sources in (part.split() for part in text.split(";"))}


@pytest.fixture
def key(monkeypatch):
    monkeypatch.setenv(tiles.KEY, CANARY)


def test_by_default_there_is_none_even_with_a_key_in_the_environment(key):
    assert tiles.chosen(tiny_city()) is None
    assert tiles.remarks(tiny_city()) == []
    html = page(tiny_edition())
    assert policy(html)["img-src"] == ["data:", "blob:"]
    assert CANARY not in html
    assert "tianditu.gov.cn" not in html


@pytest.mark.parametrize(("value", "code"), [("", "E124"), ("  ", "E124"), ("short", "E125"), (f"{CANARY}&x=<script>", "E125"), (f"tk={CANARY}", "E125")])
def test_without_a_proper_key_it_is_refused_and_the_key_is_not_repeated(value, code):
    with pytest.raises(ConfigError) as caught:
        tiles.chosen(tiny_city(basemap=NAMED), {tiles.KEY: value})
    assert [f.code for f in caught.value.faults] == [code]
    assert caught.value.exit_code == 2
    told = "".join(f.render(lang) + str(f.record()) for f in caught.value.faults for lang in ("zh", "en"))
    assert tiles.KEY in told
    assert CANARY not in told


def test_amap_is_refused_with_the_reason():
    with pytest.raises(SafetyRefusal) as caught:
        tiles.chosen(tiny_city(basemap={"tiles": "amap"}), {tiles.KEY: CANARY})
    assert [f.code for f in caught.value.faults] == ["E557"]
    assert "GCJ-02" in caught.value.faults[0].why("zh")
    assert tiles.hosts(tiny_city(basemap={"tiles": "amap"})) == ()


def test_what_the_bureau_must_know_is_told():
    assert [f.code for f in tiles.remarks(tiny_city(basemap={"tiles": "tianditu"}))] == ["W124", "W125"]
    assert [f.code for f in tiles.remarks(tiny_city(basemap=NAMED))] == ["W125"]


def test_a_key_does_not_show_itself():
    assert CANARY not in repr(tiles.chosen(tiny_city(basemap=NAMED), {tiles.KEY: CANARY}))


def test_policy_lets_pictures_come_from_the_eight_hosts_and_nothing_else_changes(key):
    plain, with_tiles = policy(page(tiny_edition())), policy(page(tiny_edition(basemap=NAMED)))
    assert with_tiles["img-src"] == ["data:", "blob:", *(f"https://t{n}.tianditu.gov.cn" for n in range(8))]
    assert {k: v for k, v in with_tiles.items() if k not in ("img-src", "script-src")} == {k: v for k, v in plain.items() if k not in ("img-src", "script-src")}
    assert len(with_tiles["script-src"]) == len(plain["script-src"]) + 1


def test_the_page_check_wants_exactly_the_hosts_of_the_settings(key, tmp_path):
    def codes(html, edition):
        (tmp_path / "index.html").write_text(html, encoding="utf-8")
        return [f.code for f in page_check.check(edition, tmp_path)]

    plain, named = tiny_edition(), tiny_edition(basemap=NAMED)
    html = page(named)
    assert codes(html, named) == []
    assert codes(page(plain), plain) == []
    assert codes(html, plain) == ["E601"]
    assert codes(page(plain), named) == ["E601"]
    assert codes(html.replace("https://t3.tianditu.gov.cn", "https://t3.example.invalid"), named) == ["E601"]
    assert codes(html.replace("https://t3.tianditu", "http://t3.tianditu"), named) == ["E601"]
    assert codes(html.replace("connect-src 'none'", "connect-src https://t0.tianditu.gov.cn"), named) == ["E601"]
    assert codes(html.replace("</body>", '<img src="https://t0.tianditu.gov.cn/x.png"></body>'), named) == ["E601"]


def test_the_key_is_in_the_page_alone_also_when_it_is_packed(key, tmp_path):
    edition = tiny_edition(tmp_path, basemap=NAMED)
    release.publish(edition, out=tmp_path / "output" / "2024")
    holds = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file() and CANARY.encode() in p.read_bytes()}
    assert holds == {"output/2024/versions/000001/index.html"}
    packed = hosting.package(published.chosen(tmp_path / "output", 2024))
    assert {name for name, data in packed.items() if CANARY.encode() in data} == {"index.html", "map.html"}
    assert any(name.startswith("assets/tiles.") for name in packed)
    readme = packed["README.txt"].decode("utf-8-sig")
    assert "t0.tianditu.gov.cn" in readme
    assert "不向别的网站请求任何东西" not in readme
    assert policy(packed["index.html"].decode())["img-src"] == policy(page(edition))["img-src"]
