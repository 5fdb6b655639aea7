"""The review number goes with the content it was given for: what counts as the same, what is refused, what is told."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import shapely
from shapely import Point

from cfmap.model import ConfigError, SafetyRefusal, load_city
from cfmap.publish import WRITERS, demands, manifest, page_check, release
from cfmap.publish.fingerprint import content
from cfmap.publish.public import public
from cfmap.publish.web import build_map
from tests.factories import tiny_edition

WEB = {"web": WRITERS["web"]}
SECTION = {"year": 2024, "producer": "示例局", "data_date": "2024-12-31"}
CITY = {"name": "示例市", "name_en": "Demo City", "demo": False}


def real(**section):
    """The tiny edition of a city that is no demo."""
    return tiny_edition(city=CITY, edition=SECTION | section)


def with_sites(edition, change, key="childcare"):
    data = edition.layers[key]
    return replace(edition, layers=edition.layers | {key: replace(data, sites=change(data.sites.copy()))})


def renamed(sites):
    sites.loc[0, "name"] = "改了名的托育园"
    return sites


def moved(metres):
    def change(sites):
        at = sites.geometry.iloc[0]
        sites.loc[0, "geometry"] = Point(at.x, at.y + metres / 111_000)
        return sites

    return change


def test_the_check_reminds_of_the_review_long_before_the_build_stops():
    told = lambda edition: [f.what() for f in demands.reminder(edition.city)]  # noqa: E731
    [text] = told(real())
    assert "审图号" in text
    assert "审图号或不需要的理由" not in "".join(told(real(review_number="浙S(2024)1号")))
    assert "审图号或不需要的理由" not in "".join(told(real(exemption="送审样图，不公开")))
    assert demands.reminder(tiny_edition().city) == []  # demo data


def test_fingerprint_does_not_depend_on_rows_directions_or_what_nobody_sees():
    edition = real()
    mark = content(edition).fingerprint
    base = edition.basemap
    turned = base.roads.iloc[::-1].reset_index(drop=True)
    turned["geometry"] = shapely.reverse(turned.geometry.to_numpy())
    other = replace(edition, year=2031, basemap=replace(base, roads=turned, labels=base.labels.iloc[::-1]), towns=edition.towns.iloc[::-1], population=None)
    other = with_sites(other, lambda s: s.iloc[::-1].reset_index(drop=True))
    other = with_sites(other, lambda s: s.assign(year=2020, places=1, phone="000", town="别处"))
    assert content(other).fingerprint == mark
    assert content(public(edition)[0]).fingerprint == mark
    assert content(replace(edition, public=False)).fingerprint == mark
    assert content(with_sites(edition, moved(0.2))).fingerprint == mark  # less than the page's grid
    closed = edition.layers["childcare"].sites["status"] == "关闭"
    assert closed.sum() == 1
    assert content(with_sites(edition, lambda s: s[~closed])).fingerprint == mark


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("sites.childcare", lambda e: with_sites(e, renamed)),
        ("sites.childcare", lambda e: with_sites(e, moved(30))),
        ("sites.childcare", lambda e: with_sites(e, lambda s: s.iloc[1:])),
        ("boundary", lambda e: replace(e, boundary=e.boundary.set_geometry(e.boundary.translate(0.001, 0)))),
        ("towns", lambda e: replace(e, towns=e.towns.assign(name=["甲镇", "乙镇"]))),
        ("streets", lambda e: replace(e, basemap=replace(e.basemap, roads=e.basemap.roads.iloc[1:]))),
        ("streets", lambda e: replace(e, basemap=replace(e.basemap, roads=e.basemap.roads.assign(name="新路名")))),
        ("areas", lambda e: replace(e, basemap=replace(e.basemap, areas=e.basemap.areas.iloc[1:]))),
        ("labels", lambda e: replace(e, basemap=replace(e.basemap, labels=e.basemap.labels.assign(name="新地名")))),
        ("titles", lambda e: replace(e, coverages=tuple(replace(c, title="别的标题") for c in e.coverages))),
    ],
)  # fmt: skip
def test_fingerprint_changes_with_what_a_reviewer_sees_and_names_the_part(part, change):
    before, after = content(real()), content(change(real()))
    assert before.fingerprint != after.fingerprint
    assert [k for k in before.parts if before.parts[k] != after.parts[k]] == [part]


def refused(edition, out, **options):
    with pytest.raises(SafetyRefusal) as caught:
        release.publish(edition, out=out, writers=WEB, **options)
    assert not (out / "index.html").exists() or release.current(out) == 1
    (record,) = caught.value.faults
    return record


def test_public_map_without_number_or_reason_is_refused_whatever_is_acknowledged(tmp_path):
    assert refused(real(), tmp_path).code == "E506"
    assert refused(real(), tmp_path, acknowledge_changed=True).code == "E506"
    assert release.publish(replace(real(), public=False), out=tmp_path / "inside", writers=WEB).version == 1
    assert release.publish(real(exemption="送审样图，不公开"), out=tmp_path / "copy", writers=WEB).version == 1
    assert release.publish(tiny_edition(), out=tmp_path / "demo", writers=WEB).version == 1


def test_number_without_its_content_is_refused_and_the_message_holds_the_line_to_paste(tmp_path):
    edition = real(review_number="示S(2024)001号")
    record = refused(edition, tmp_path)
    assert record.code == "E507"
    assert f'review_fingerprint = "{content(edition).fingerprint}"' in record.how("zh")
    assert f'review_fingerprint = "{content(edition).fingerprint}"' in record.how("en")


def test_from_the_review_copy_to_the_number_to_a_changed_content(tmp_path):
    made = release.publish(real(exemption="送审样图，不公开"), out=tmp_path, writers=WEB)
    assert manifest.read(made.folder)["content"] == content(real()).record()
    settings = {"review_number": "示S(2024)001号", "review_fingerprint": made.fingerprint}
    made = release.publish(real(**settings), out=tmp_path, writers=WEB)
    assert page_check.blocks(made.folder / "index.html")["cfmap-meta"]["changed"] is False

    def change(sites):
        return moved(50)(renamed(sites)).drop(index=1)

    edition = with_sites(real(**settings), change)
    edition = replace(edition, boundary=edition.boundary.set_geometry(edition.boundary.translate(0.001, 0)))
    with pytest.raises(SafetyRefusal) as caught:
        release.publish(edition, out=tmp_path, writers=WEB)
    (record,) = caught.value.faults
    assert record.code == "E508"
    assert record.what("zh").startswith("内容已变化，需重新送审")
    assert record.why("zh").removeprefix("不同的有：") == "城市边界；“托育”减少 1 处、移动 1 处、改名 1 处"
    assert record.why("en").removeprefix("different: ") == "the city's outline; “Childcare”: 1 removed, 1 moved, 1 renamed"
    assert release.current(tmp_path) == 2

    made = release.publish(edition, out=tmp_path, writers=WEB, acknowledge_changed=True)
    assert "W506" in [f.code for f in made.faults]
    meta = page_check.blocks(made.folder / "index.html")["cfmap-meta"]
    assert (meta["review"], meta["changed"]) == ("示S(2024)001号", True)


def test_several_contents_can_have_one_number_and_an_unknown_one_says_that_nothing_is_known(tmp_path):
    first, second = content(real()).fingerprint, content(with_sites(real(), renamed)).fingerprint
    settings = {"review_number": "示S(2024)001号", "review_fingerprint": [first, second]}
    assert release.publish(real(**settings), out=tmp_path, writers=WEB).version == 1
    assert release.publish(with_sites(real(**settings), renamed), out=tmp_path, writers=WEB).version == 2
    record = refused(real(**settings | {"review_fingerprint": "0" * 16}), tmp_path / "elsewhere")
    assert "不在输出文件夹里" in record.why("zh")


def test_the_version_that_was_reviewed_is_kept(tmp_path):
    mark = content(real()).fingerprint
    settings = {"review_number": "示S(2024)001号", "review_fingerprint": mark}
    one_kept = {"publish": {"keep_versions": 1, "contact": "示例局"}, "city": CITY, "edition": SECTION | settings}
    release.publish(tiny_edition(**one_kept), out=tmp_path, writers=WEB)
    for _ in range(3):
        release.publish(with_sites(tiny_edition(**one_kept), renamed), out=tmp_path, writers=WEB, acknowledge_changed=True)
    assert release.versions(tmp_path) == [1, 4]


def test_a_notebook_saves_no_public_page_whose_review_is_not_in_order():
    for section in ({}, {"review_number": "示S(2024)001号"}, {"review_number": "示S(2024)001号", "review_fingerprint": "0" * 16}):
        chart = build_map(real(**section))
        with pytest.raises(SafetyRefusal, match="E555"):
            chart.html(public=True)
        assert '"public":false' in chart.html()
        assert "示S(2024)001号" not in chart.html()
    mark = content(real()).fingerprint
    assert '"public":true' in build_map(real(review_number="示S(2024)001号", review_fingerprint=mark)).html(public=True)


@pytest.mark.parametrize(
    ("written", "read"), [('""', ()), ('" 0123456789abcdef "', ("0123456789abcdef",)), ('["0123456789abcdef", ""]', ("0123456789abcdef",))]
)
def test_settings_take_one_fingerprint_or_several(tmp_path, written, read):
    text = f'[city]\nname = "甲"\n[edition]\nyear = 2024\nreview_fingerprint = {written}\n[network]\nsource = "a.osm"\n'
    (tmp_path / "cfmap.toml").write_text(text, encoding="utf-8")
    assert load_city(tmp_path).edition.review_fingerprint == read


@pytest.mark.parametrize("written", ['"abc"', "7", '["0123456789ABCDEF"]', "[1]"])
def test_settings_refuse_what_is_no_fingerprint(tmp_path, written):
    text = f'[city]\nname = "甲"\n[edition]\nyear = 2024\nreview_fingerprint = {written}\n[network]\nsource = "a.osm"\n'
    (tmp_path / "cfmap.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_city(tmp_path)
    assert [(f.code, f.row) for f in caught.value.faults] == [("E107", 5)]


def test_manifest_s_record_is_plain_data():
    record = content(real()).record()
    assert json.loads(json.dumps(record)) == record
    assert set(record["parts"]) == {"titles", "boundary", "towns", "streets", "areas", "labels", "sites.childcare", "sites.parks"}
