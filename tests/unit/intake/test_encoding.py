"""Encodings: judged by characters, never by luck."""

from __future__ import annotations

import random

import pytest

from cfmap.intake.encoding import decode
from cfmap.model import InputError

COMMON = "市区县镇乡村街道路号第一二三四中心小学幼儿园公共医院社区儿童广场图书馆文化服务站妇幼保健卫生托育"


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("length", [1, 2, 6])
def test_short_chinese_files_are_read_in_their_own_encoding(encoding, length):
    chance = random.Random(length)
    for _ in range(100):
        text = "name,lon,lat\n" + "".join(chance.choice(COMMON) for _ in range(length)) + ",120.1,27.1\n"
        assert decode(text.encode(encoding), file="a.csv").text == text


def test_a_gbk_text_that_is_valid_utf8_is_still_read_as_gbk():
    raw = "name\n园\n".encode("gbk")
    raw.decode("utf-8")  # "UTF-8 first" would take it, and be wrong
    found = decode(raw, file="a.csv")
    assert (found.text, found.encoding) == ("name\n园\n", "gb18030")


@pytest.mark.parametrize("text", ["Café de Paris", "Crèche Saint-Charles\nÉcole", "Müller"])
def test_accented_latin_text_in_utf8_is_not_taken_for_gbk(text):
    assert decode(text.encode(), file="a.csv").text == text


def test_rare_characters_survive():
    text = "名称\n𠮷祥小学\n䶮桥幼儿园\n"
    for encoding in ("utf-8", "gb18030"):
        assert decode(text.encode(encoding), file="a.csv").text == text


def test_big5_is_read_or_at_least_doubted():
    text = "名稱,地址\n兒童醫院,臺北市中正區\n國民小學,學校路\n"
    found = decode(text.encode("big5"), file="a.csv")
    assert found.text == text
    assert found.encoding == "big5"


def test_declared_encoding_that_fails_names_the_line_and_both_readings():
    raw = b"name,lon\nok,1\n" + "幼儿园,2\n".encode("gbk")
    with pytest.raises(InputError) as caught:
        decode(raw, declared="utf-8", file="教育局.csv")
    record = caught.value.faults[0]
    assert (record.code, record.file, record.row) == ("E207", "教育局.csv", 3)
    assert "幼儿园" in record.why("zh")
    assert "GBK" in record.why("en")
    assert "UTF-8" in record.what("zh")


def test_mixed_encodings_stop_at_the_line_of_the_first_bad_byte():
    raw = "第一小学\n第二小学\n".encode() + "幼儿园\n".encode("gbk") + "人民医院儿童分院".encode() + b"\xff"
    with pytest.raises(InputError) as caught:
        decode(raw, file="a.csv")
    assert caught.value.faults[0].code == "E207"


def test_a_clear_choice_is_told_and_a_close_one_is_a_warning_with_both_readings():
    clear = "名称,地址\n中心小学,人民路\n".encode("gbk")
    assert [f.code for f in decode(clear, file="a.csv").faults(clear, "a.csv")] == ["I201"]
    close = "x\n村\n".encode("gbk")  # two bytes that are a common character in Big5 as well
    found = decode(close, file="a.csv")
    assert found.alternative
    record = found.faults(close, "a.csv")[0]
    assert record.code == "W218"
    assert "Big5" in record.why()
    assert "GBK" in record.why()


def test_unknown_declared_encoding_is_an_error_not_a_guess():
    with pytest.raises(InputError) as caught:
        decode(b"abc", declared="klingon", file="a.csv")
    assert caught.value.faults[0].code == "E207"
