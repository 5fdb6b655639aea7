"""A map service's pictures: only by name and with a key, the key nowhere but in the page, the page's policy no wider than that."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest

from cfmap.model import ConfigError, SafetyRefusal
from cfmap.publish import hosting, manifest, page_check, published, release, tiles
from cfmap.publish.web import page
from tests.factories import tiny_city, tiny_edition

CANARY = "c0ffee00c0ffee00c0ffee00c0ffee00"
EPOCH = datetime(2024, 12, 31, tzinfo=UTC)
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
    assert "https://t0.tianditu.gov.cn" not in html  # a card leads to its front page only when tapped


@pytest.mark.parametrize(("value", "code"), [("", "E124"), ("  ", "E124"), ("short", "E125"), (f"{CANARY}&x=<script>", "E125"), (f"tk={CANARY}", "E125")])
def test_without_a_proper_key_it_is_refused_and_the_key_is_not_repeated(value, code):
    with pytest.raises(ConfigError) as caught:
        tiles.chosen(tiny_city(basemap=NAMED), {tiles.KEY: value})
    assert [f.code for f in caught.value.faults] == [code]
    assert caught.value.exit_code == 2
    told = "".join(f.render(lang) + str(f.record()) for f in caught.value.faults for lang in ("zh", "en"))
    assert tiles.KEY in told
    assert CANARY not in told


AMAP = {
    "tiles": "amap",
    "tiles_attribution": "测试署名 GS（0000）0000号",
    "tiles_licence": "测试协议 0000-0000",
    "tiles_url": "https://tiles.amap.com/v1/{z}/{x}/{y}.png?auth={key}",
}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"tiles_licence": ""}, "tiles_licence"),
        ({"tiles_licence": "  "}, "tiles_licence"),
        ({"tiles_url": ""}, "协议给的图片网址"),
        ({"tiles_url": "http://tiles.amap.com/{z}/{x}/{y}"}, "https"),
        ({"tiles_url": "https://tiles.amap.com.example.invalid/{z}/{x}/{y}"}, "https"),
        ({"tiles_url": "https://example.invalid/tiles.amap.com/{z}/{x}/{y}"}, "https"),
        ({"tiles_url": "https://user@tiles.amap.com/{z}/{x}/{y}"}, "https"),
        ({"tiles_url": "https://tiles.amap.com/{z}/{x}/"}, "https"),
        ({"tiles_url": "https://tiles.amap.com/{z}/{x}/{y}/{secret}"}, "https"),
        ({"tiles_url": f"https://tiles.amap.com/{{z}}/{{x}}/{{y}}?key={CANARY}"}, "https"),
        ({"tiles_url": "https://tiles.amap.com/{z}/{x}/{y}'>"}, "https"),
    ],
)
def test_amap_is_refused_without_an_agreement_and_an_address_of_its_own(change, told):
    with pytest.raises(SafetyRefusal) as caught:
        tiles.chosen(tiny_city(basemap=AMAP | change), {tiles.AMAP_KEY: CANARY})
    [found] = caught.value.faults
    assert found.code == "E557"
    assert told in found.what("zh")
    assert "GCJ-02" in found.why("zh")
    assert CANARY not in found.render("zh")


def test_amap_by_agreement_names_its_host_datum_and_licence_and_takes_the_key_from_its_own_place(monkeypatch):
    monkeypatch.setenv(tiles.AMAP_KEY, CANARY)
    edition = tiny_edition(basemap=AMAP)
    html = page(edition)
    assert policy(html)["img-src"] == ["data:", "blob:", "https://tiles.amap.com"]
    meta = json.loads(re.search(r'id="cfmap-meta">(.*?)</script>', html)[1])
    assert (meta["tiles"]["datum"], meta["tiles"]["licence"], meta["tiles"]["key"]) == ("gcj02", AMAP["tiles_licence"], CANARY)
    assert tiles.chosen(edition.city).record(shifted=False)["datum"] == "wgs84"  # abroad Amap draws in WGS84
    told = manifest.manifest(edition, (), version=1, started=EPOCH, finished=EPOCH)["pictures"]
    assert told == {"tiles": "amap", "datum": "gcj02", "licence": AMAP["tiles_licence"]}
    assert CANARY not in json.dumps(told)
    with pytest.raises(ConfigError) as caught:
        tiles.chosen(edition.city, {tiles.KEY: CANARY})  # Tianditu's key is not Amap's
    assert "高德" in caught.value.faults[0].what("zh")
    open_address = tiny_city(basemap=AMAP | {"tiles_url": "https://a.autonavi.com/{z}-{x}-{y}"})
    assert tiles.chosen(open_address, {}).key == ""
    assert [f.code for f in tiles.remarks(open_address)] == []
    assert [f.code for f in tiles.remarks(edition.city)] == ["W125"]


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
