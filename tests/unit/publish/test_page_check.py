"""The page's self-check sees what is missing, cut or wrong."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cfmap.publish import page_check
from tests.factories import tiny_edition

NAMES = ["第一托育园", "第二托育园", "第三托育园</script><b>&", "没坐标托育园", "东山公园"]  # the closed one stays off the page

POLICY = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data: blob:">"""


def page(*, year=2024, demo=True, names=NAMES, head=f'<html lang="zh">{POLICY}<title>图</title>', end="</html>"):
    blocks = {"cfmap-meta": {"year": year, "city": {"demo": demo}, "public": True}, "cfmap-sites": {"name": names}}
    made = "".join(f'<script type="application/json" id="{i}">{json.dumps(b).replace("<", chr(92) + "u003c")}</script>' for i, b in blocks.items())
    return f"<!doctype html>{head}{made}{end}"


def check(tmp_path, text, edition=None):
    (tmp_path / "index.html").write_text(text, encoding="utf-8")
    return [r.code for r in page_check.check(edition or tiny_edition(), tmp_path)]


def test_a_whole_page_passes(tmp_path):
    assert check(tmp_path, page()) == []


@pytest.mark.parametrize(
    "text",
    [
        page(year=2023),
        page(demo=False),
        page(names=NAMES[1:]),
        page(names=[*NAMES, "多出来的"]),
        page(head='<html lang="zh"><title>图</title>'),
        page(head=f"<html>{POLICY}<title>图</title>"),
        page().replace("default-src 'none'; ", ""),
        page().replace("data: blob:", "data: blob: https:"),
        page().replace("data: blob:", "data: blob: *"),
        page(end='<link rel="stylesheet" href="//example.invalid/a.css"></html>'),
        page(end='<script src="https://example.invalid/a.js"></script></html>'),
        page(head=f'<html lang="zh">{POLICY}'),
        page(end=""),
        page()[:-40],
        page().replace('"year": 2024', '"year": 2024,'),
        page().replace("cfmap-sites", "other"),
        "",
    ],
)
def test_a_page_that_is_wrong_is_seen(tmp_path, text):
    assert check(tmp_path, text) == ["E601"]


def test_a_page_that_is_not_there_is_seen(tmp_path):
    assert [r.code for r in page_check.check(tiny_edition(), tmp_path)] == ["E601"]


def test_the_real_page_passes_and_another_year_does_not(tmp_path):
    from cfmap.model import EnvironmentFault
    from cfmap.publish import WRITERS

    writer = WRITERS["web"]
    try:
        list(writer.write(tiny_edition(), tmp_path))
    except EnvironmentFault as error:
        pytest.skip(f"the page's assets are not built here: {error}")
    assert list(writer.check(tiny_edition(), tmp_path)) == []
    assert [r.code for r in writer.check(replace(tiny_edition(), year=2023), tmp_path)] == ["E601"]
