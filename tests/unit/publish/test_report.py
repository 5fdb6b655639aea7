"""The annual report: its numbers are the workbook's, unknown is said, the bureau's own template stays, Word and PDF say the same."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn

from cfmap.indicators import compute
from cfmap.publish import report, workbook
from cfmap.publish.atlas import fonts
from cfmap.publish.public import public
from cfmap.publish.report import town_maps as town_maps_module
from cfmap.publish.report import word
from cfmap.publish.report.blocks import Bars, Heading, Picture, Table, Text, TownMaps
from cfmap.publish.report.content import shown
from tests.factories import tiny_edition, with_schools

needs_font = pytest.mark.skipif(fonts.family() is None, reason="no Chinese font on this computer (apt install fonts-noto-cjk)")


def real(**more):
    edition = tiny_edition()
    return replace(edition, indicators=compute(edition), public=False, **more)


def table_of(made, title):
    return next(b for b in made.blocks if isinstance(b, Table) and b.title.startswith(title))


def said(made):
    return [b.text for b in made.blocks if isinstance(b, (Heading, Text))]


def test_its_numbers_are_the_workbook_s(tmp_path):
    from python_calamine import CalamineWorkbook

    edition = real()
    workbook.write(edition, tmp_path)
    rows = CalamineWorkbook.from_path(tmp_path / workbook.NAME).get_sheet_by_name("数据来源与口径").to_python()
    numbers = {row[1]: row[2] for row in rows[2:]}
    counted = {row[0]: row[1] for row in table_of(report.report(edition), "各类点位").rows}
    assert counted
    for title, number in counted.items():
        told = numbers[f"{title}数量"]
        assert number == (f"{told:,.0f}" if isinstance(told, float) else told)


def test_without_plan_towns_people_or_a_former_edition_it_says_so():
    edition = real(towns=None, population=None, changes=None, targets=(), coverages=())
    words = "\n".join(said(report.report(replace(edition, indicators=()))))
    for expected in ("没有目标台账", "没有步行覆盖的比例", "没有乡镇街道界", "没有上一版可比", "没有人口数据"):
        assert expected in words
    assert "nan" not in words.lower()
    assert "None" not in words


def test_unknown_is_never_zero():
    edition = real()
    unknown = tuple(replace(i, value=None, lower=None, upper=None) for i in edition.indicators)
    rows = table_of(report.report(replace(edition, indicators=unknown)), "各类点位").rows
    assert {row[1] for row in rows} == {"未知"}


def test_the_public_report_says_only_what_may_be_said():
    edition = replace(real(), public=True)
    shown = report.report(public(edition)[0])
    whole = report.report(edition)
    assert len(shown.blocks) < len(whole.blocks) or said(shown) != said(whole)
    assert not [b for b in shown.blocks if isinstance(b, Bars)]
    assert "公开版没有列出这类指标" in "".join(said(shown))


@needs_font
def test_word_and_pdf_hold_the_same_text_and_the_same_bytes_each_time(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735603200")
    edition = real()
    paths = report.write(edition, tmp_path)
    assert [p.name for p in paths] == ["report.docx", "report.pdf"]
    assert list(report.check(edition, tmp_path)) == []
    (tmp_path / "again").mkdir()
    assert [p.read_bytes() for p in report.write(edition, tmp_path / "again")] == [p.read_bytes() for p in paths]
    text = "".join("".join(p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(paths[1].read_bytes())).split())
    for block in report.report(edition).blocks:
        if isinstance(block, Table):
            assert all("".join(cell.split()) in text for row in block.rows for cell in row)


def test_chinese_has_a_chinese_face(tmp_path):
    made = word.docx(report.report(real()), font=None)
    document = docx.Document(BytesIO(made))
    runs = [r for p in document.paragraphs for r in p.runs if r.text.strip()]
    faces = {r._r.rPr.rFonts.get(qn("w:eastAsia")) for r in runs if r._r.rPr is not None and r._r.rPr.rFonts is not None}
    assert faces == {"仿宋", "黑体", "方正小标宋简体"}


def test_the_bureau_s_own_template_stays_and_the_report_stands_where_it_says(tmp_path):
    own = docx.Document()
    own.add_paragraph("本局文件头")
    own.add_paragraph("【正文】")
    own.add_paragraph("本局落款")
    own.sections[0].header.paragraphs[0].text = "内部文件"
    own.save(tmp_path / "模板.docx")
    made = docx.Document(BytesIO(word.docx(report.report(real()), font=None, template=tmp_path / "模板.docx")))
    words = [p.text for p in made.paragraphs]
    assert (words[0], words[-1], "【正文】" in words) == ("本局文件头", "本局落款", False)
    assert words.index("一、总览") < words.index("八、数据说明") < len(words) - 1
    assert made.sections[0].header.paragraphs[0].text == "内部文件"
    assert len(made.tables) == sum(isinstance(b, Table) for b in report.report(real()).blocks)


def test_streets_round_schools_are_told_with_bounds_and_never_called_fully_covered_while_any_is_unknown():
    edition = with_schools(tiny_edition(public=False))
    edition = replace(edition, indicators=compute(edition))
    made = report.report(edition)
    verdict = next(t for t in said(made) if "全覆盖" in t)
    assert verdict.startswith("学校周边查明安全的街道占 33.3%；其余没有查明的都安全时是 66.7%")
    assert "不能说“全覆盖”" in verdict
    assert table_of(made, "不安全街道最长的学校").rows == (("S2小学", "0", "98", "0"),)
    assert "另有 1 所学校周边没有通汽车的路：不算安全，也不算不安全，不在比例里。" in said(made)
    safe = replace(edition, perimeter=edition.perimeter.iloc[:1])
    assert any("可以说“全覆盖”" in t for t in said(report.report(replace(safe, indicators=compute(safe)))))


def test_a_public_report_is_silent_on_schools_unless_their_figures_are_listed():
    edition = with_schools(tiny_edition())
    shown_, _ = public(replace(edition, indicators=compute(edition)))
    assert "本版没有学校周边的比例（公开版没有列出这类指标）。" in said(report.report(shown_))


def test_without_a_font_the_word_document_is_there_with_the_chart_in_words(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "family", lambda: None)
    edition = real()
    assert [p.name for p in report.write(edition, tmp_path)] == ["report.docx"]
    assert [f.code for f in report.check(edition, tmp_path)] == ["W605"]


def test_a_number_changed_afterwards_does_not_pass(tmp_path):
    edition = real()
    (tmp_path / "report.docx").write_bytes(word.docx(report.report(replace(edition, indicators=())), font=None))
    assert "E601" in [f.code for f in report.check(edition, tmp_path)]


def test_maps_show_what_is_reached():
    edition = real()
    pictures = [b for b in report.report(edition).blocks if isinstance(b, Picture)]
    assert len(pictures) == sum(len(c.catchment) > 0 for c in edition.coverages)


@pytest.mark.parametrize(
    ("value", "lower", "upper", "written"),
    [(16.0, None, None, "16"), (None, 0.0, 16.0, "0–16"), (None, 12.5, 18.0, "12.5–18"), (None, 0.0, None, "≥0"), (1234567.0, None, None, "1,234,567")],
)
def test_whole_numbers_have_no_decimals_and_every_digit(value, lower, upper, written):
    indicator = compute(tiny_edition())[0]
    assert shown(replace(indicator, value=value, lower=lower, upper=upper)) == written


def town_maps(edition):
    return [b for b in report.report(edition).blocks if isinstance(b, TownMaps)]


def with_shares(edition, by_town, hidden=()):
    return replace(
        edition, indicators=tuple(replace(i, by_town=by_town, hidden=hidden) if i.id.startswith("coverage.") and i.by_town else i for i in edition.indicators)
    )


def test_towns_stand_in_the_classes_that_their_legend_says():
    (page,) = town_maps(with_shares(real(), {"西镇": 30.0, "东镇": 80.0}))
    assert [s.words for s in page.maps[0].legend] == ["多于 55%，到 100%", "55% 以内"]
    assert page.key == ("1 西镇", "2 东镇")
    assert {m.text: m.light for m in page.maps[0].marks} == {"1": False, "2": True}
    (page,) = town_maps(with_shares(real(), {"西镇": None, "东镇": None} | {"东镇": 80.0}, hidden=("西镇",)))
    assert [s.words for s in page.maps[0].legend] == ["80%", "不公布（保护隐私）"]
    (page,) = town_maps(with_shares(real(), {"西镇": None, "东镇": 80.0}))
    assert page.maps[0].legend[-1].words == "没有数据，或没有这样的人"
    assert page.maps[0].svg.count("M") > 10  # hatched


def test_no_map_where_nothing_may_be_said_or_nothing_is_known():
    assert town_maps(replace(real(), towns=None)) == []
    assert town_maps(with_shares(real(), {"西镇": None, "东镇": None})) == []
    assert town_maps(public(replace(real(), public=True))[0]) == []


def test_at_most_two_pages_of_maps_and_the_rest_is_said():
    edition = real()
    share = next(i for i in edition.indicators if i.id.startswith("coverage.") and i.by_town)
    text, *pages = town_maps_module.town_maps(edition, [(str(n), share) for n in range(15)])
    assert [len(p.maps) for p in pages] == [6, 6]
    assert "只画前 12 项" in text.text
