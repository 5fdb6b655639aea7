"""Made files of every encoding: read right, or told to be in doubt; never silently wrong."""

from __future__ import annotations

import pytest

from cfmap.intake.encoding import decode
from tests.proofs.encodings.files import make
from tests.proofs.encodings.run import is_ordinary, run

COUNT = 400  # make encodings N=10000 for many


def test_made_files_are_read_right_or_doubted():
    report = run(COUNT, seed=7)
    assert [(m.kind, m.encoding, m.names[:3], o) for _, m, o in report.findings if o == "silently wrong"] == []
    assert report.share(is_ordinary) >= 0.99
    assert report.share(lambda m: m.length in {"6-20", "21-200", "201-5000"}) == 1.0
    doubted = sum(o == "right, in doubt" and m.length in {"21-200", "201-5000"} for m, o in report.made)
    assert doubted <= COUNT / 100, "a doubt that is told of every file is no help"


def test_the_same_number_makes_the_same_file():
    assert [make(n, 3).raw for n in range(20)] == [make(n, 3).raw for n in range(20)]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("name\n路\n".encode("gbk"), "路"),  # C2 B7, in UTF-8 the dot of a foreign name
        ("name\nA片\n".encode("gbk"), "A片"),
        ("area m²\n12\n".encode(), "area m²"),
        ("name\n阿·凡提\n".encode(), "阿·凡提"),
        ("name\nМосква\n".encode(), "Москва"),
        ("name\nÉcole Saint-Charles\nCrèche\n".encode(), "École Saint-Charles"),
        ("园".encode("utf-16-le"), "园"),
    ],
)
def test_bytes_that_two_encodings_share(raw, text):
    assert text in decode(raw, file="a.csv").text


def test_a_reading_that_makes_no_sense_is_doubted_even_when_it_is_the_only_one():
    raw = "name\nMüller\nSchröder\nGärtner\n".encode("latin-1")
    found = decode(raw, file="a.csv")
    assert found.doubtful
    assert [f.code for f in found.faults(raw, "a.csv")] == ["W218"]
