"""Colour and logo of the city: readable, made anew, or refused with the reason."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from cfmap.model import ConfigError
from cfmap.publish.web.payload import payload
from cfmap.publish.web.theme import contrast, logo, look, readable
from tests.factories import tiny_city, tiny_edition


def picture(path, *, size=(900, 300), mode="RGBA", form="PNG", **options):
    Image.new(mode, size, "#b3261e").save(path, form, **options)
    return path


def decoded(found):
    return Image.open(io.BytesIO(base64.b64decode(found["src"].removeprefix("data:image/png;base64,"))))


@pytest.mark.parametrize(("colour", "ratio"), [("#ffffff", 1.0), ("#000000", 21.0), ("#777777", 4.48), ("#0b6e4f", 6.255)])
def test_contrast_is_that_of_wcag(colour, ratio):
    assert contrast(colour) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("colour", ["#ffffff", "#ffd54f", "#00ff00", "#777777", "#0b6e4f", "#000000"])
def test_white_letters_can_be_read_on_every_colour_of_the_page(colour):
    used = payload(tiny_edition(theme={"colour": colour})).meta["colour"]
    assert contrast(used) >= 4.5
    assert (used == colour) == (contrast(colour) >= 4.5)
    assert readable(used) == used
    told = look(tiny_city(theme={"colour": colour}))
    assert [f.code for f in told] == ([] if used == colour else ["W131"])
    assert all(used in f.how("zh") for f in told)


@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB"), ("JPEG", "CMYK"), ("WEBP", "RGBA")])
def test_logo_is_made_anew_small_and_without_what_else_was_in_the_file(tmp_path, form, mode):
    exif = Image.Exif()
    exif[0x010E] = "canary-exif"
    path = tmp_path / "logo.bin"
    if mode == "P":
        Image.new("RGB", (900, 300), "#b3261e").quantize().save(path, form)
    else:
        picture(path, mode=mode, form=form, exif=exif)
    path.write_bytes(path.read_bytes() + b"canary-tail<script>")
    found = logo(tiny_city(tmp_path, theme={"logo": "logo.bin"}))
    assert (found["width"], found["height"]) == (132, 44)
    assert decoded(found).size == (264, 88)
    data = base64.b64decode(found["src"].split(",")[1])
    assert b"canary" not in data
    assert len(data) < 40_000


def test_transparency_stays_and_small_logos_are_not_blown_up(tmp_path):
    Image.new("RGBA", (40, 20), (0, 0, 0, 0)).save(tmp_path / "a.png")
    found = logo(tiny_city(tmp_path, theme={"logo": "a.png"}))
    assert decoded(found).size == (40, 20)
    assert decoded(found).convert("RGBA").getpixel((5, 5))[3] == 0
    assert logo(tiny_city(tmp_path)) is None


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda p: None, "E132"),
        (lambda p: p.mkdir(), "E132"),
        (lambda p: p.write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), "E134"),
        (lambda p: p.write_bytes(b""), "E134"),
        (lambda p: p.write_bytes(picture(p).read_bytes()[:60]), "E134"),
        (lambda p: Image.new("RGB", (9, 9)).save(p, "GIF"), "E134"),
        (lambda p: p.write_bytes(b"\x00" * 2_000_001), "E133"),
        (lambda p: Image.new("1", (4_001, 2)).save(p, "PNG"), "E133"),
    ],
    ids=["missing", "folder", "svg", "empty", "cut", "gif", "bytes", "pixels"],
)
def test_what_is_no_usable_logo_is_told_before_anything_is_built(tmp_path, make, code):
    make(tmp_path / "logo.png")
    with pytest.raises(ConfigError) as caught:
        look(tiny_city(tmp_path, theme={"logo": "logo.png"}))
    (record,) = caught.value.faults
    assert (record.code, record.column) == (code, "theme.logo")


def test_logo_outside_the_project_is_refused(tmp_path):
    picture(tmp_path / "logo.png")
    (tmp_path / "project").mkdir()
    with pytest.raises(ConfigError, match="E104"):
        look(tiny_city(tmp_path / "project", theme={"logo": "../logo.png"}))
