"""What is personal is found, what only looks like it is left alone; many more of each by ``make privacy``."""

from __future__ import annotations

import pytest

from cfmap.model.personal import all_values, hits, in_public_cell, is_person, masked
from tests.privacy.rates import measure


def test_generated_personal_data_are_found_and_harmless_data_left_alone():
    personal, harmless = measure(400, seed=7)
    assert {r.title: r.share for r in personal if r.share < 0.98} == {}
    assert {r.title: r.share for r in harmless if r.share > 0.005} == {}


@pytest.mark.parametrize("text", ["1380\u200b0138\u200b000", "(86)13800138000", "+86 138-0013-8000", "手机:１３８００１３８０００"])
def test_a_mobile_is_found_however_it_is_split(text):
    assert [h.kind for h in hits(text)] == ["mobile"]


@pytest.mark.parametrize("text", ["明德小学", "王朝阳中学", "黄山", "江东", "周三", "高桥", "王老师", "李某某"])
def test_places_weekdays_and_titles_are_nobody(text):
    assert not is_person(text)


def test_an_institution_may_print_its_own_phone_and_nothing_else_of_a_person():
    assert in_public_cell("13800138000", "phone") == ()
    assert in_public_cell("13800138000", "opening") == ("mobile",)
    assert in_public_cell("张家村 3幢2单元501室", "address") == ("home",)
    assert in_public_cell("建设路12号文化大厦3号楼", "address") == ()


def test_values_are_masked_and_can_be_told_from_each_other():
    assert masked("家长：张三丰，电话 13800138000") == "家长：***，电话 ***"
    assert all_values(["0577-1234567", "13800138000"]) == {"13800138000"}
