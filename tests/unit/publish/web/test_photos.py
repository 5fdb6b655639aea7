"""Photos go out small, bare and as data; other paths than pictures in the data folder never do."""

from __future__ import annotations

import base64
import io
import json
import random
import re
from dataclasses import replace

import pytest
from PIL import Image

from cfmap.intake import photos as intake
from cfmap.publish.web import page, photos
from tests.factories import tiny_edition


def picture(path, size=(1600, 1200), *, noise=True, **options):
    """A picture that does not compress well, with GPS and a camera's name in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = random.Random(1)
    made = Image.frombytes("RGB", size, rng.randbytes(size[0] * size[1] * 3)) if noise else Image.new("RGB", size, "teal")
    exif = Image.Exif()
    exif[271] = "CANARY-CAMERA"
    exif[274] = options.pop("orientation", 1)
    exif.get_ifd(0x8825)[1] = "N"
    made.save(path, exif=exif, **options)
    return path


def with_photos(root, *texts):
    edition = tiny_edition(root)
    data = edition.layers["parks"]
    sites = data.sites.copy()
    sites["photo"] = [*texts, *[None] * (len(sites) - len(texts))][: len(sites)]
    return replace(edition, layers=edition.layers | {"parks": replace(data, sites=sites)})


def only(made):
    (address,) = made.values()
    return base64.b64decode(address.removeprefix("data:image/jpeg;base64,"))


def test_a_photo_is_at_most_640_pixels_and_30_kb_upright_and_bare(tmp_path):
    picture(tmp_path / "data/photos/park.jpg", quality=95, orientation=6)  # taken with the phone on its side
    data = only(photos.embed(with_photos(tmp_path, "data/photos/park.jpg")))
    assert len(data) <= 30_000
    assert b"CANARY" not in data
    assert b"Exif" not in data
    made = Image.open(io.BytesIO(data))
    assert made.format == "JPEG"
    assert max(made.size) <= 640
    assert made.size[0] < made.size[1]
    assert dict(made.getexif()) == {}


def test_a_plain_photo_keeps_640_pixels_and_is_the_same_each_time(tmp_path):
    picture(tmp_path / "data/p.png", noise=False)
    edition = with_photos(tmp_path, "data\\p.png")  # as Windows writes it
    first = only(photos.embed(edition))
    photos._small.cache_clear()
    assert only(photos.embed(edition)) == first
    assert Image.open(io.BytesIO(first)).size == (640, 480)


def test_what_is_transparent_is_white(tmp_path):
    (tmp_path / "data").mkdir()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(tmp_path / "data/p.png")
    assert Image.open(io.BytesIO(only(photos.embed(with_photos(tmp_path, "data/p.png"))))).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "text",
    ["https://example.com/a.jpg", "javascript:alert(1)//a.jpg", "data:image/png;base64,AA.png", "file:///etc/a.jpg", "C:\\a.jpg", "/etc/a.jpg", "~/a.jpg", "../a.jpg",
     "data/../../a.jpg", "cfmap.toml", "data/table.xlsx", "data/a.svg", "a.jpg", "data/out/a.jpg", "data/\u202ea.jpg", "data/\x00a.jpg", "data/" + "a" * 400 + ".jpg", " "],
)  # fmt: skip
def test_paths_that_are_no_picture_in_the_data_folder_are_refused(tmp_path, text):
    root = tmp_path / "project"
    (root / "data").mkdir(parents=True)
    picture(tmp_path / "elsewhere/a.jpg", (4, 4))
    (root / "data/out").symlink_to(tmp_path / "elsewhere")
    assert intake.locate(root, text) is None
    assert photos.embed(with_photos(root, text)) == {}


def test_missing_broken_and_huge_files_are_no_picture(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/broken.jpg").write_bytes(b"\xff\xd8\xff not a picture")
    (tmp_path / "data/page.png").write_text("<script>1</script>")
    (tmp_path / "data/folder.jpg").mkdir()
    Image.new("1", (9000, 8000)).save(tmp_path / "data/huge.png")
    whole = picture(tmp_path / "data/half.jpg", (600, 400)).read_bytes()
    (tmp_path / "data/half.jpg").write_bytes(whole[: len(whole) // 2])  # its head is good
    for name in ("none", "broken", "folder"):
        assert not intake.is_picture(tmp_path / f"data/{name}.jpg")
    assert not intake.is_picture(tmp_path / "data/page.png")
    assert not intake.is_picture(tmp_path / "data/huge.png")
    assert photos.embed(with_photos(tmp_path, "data/half.jpg", "data/none.jpg")) == {}


def test_many_photos_share_two_megabytes_and_those_beyond_are_told(tmp_path, monkeypatch):
    picture(tmp_path / "data/p.jpg", (900, 700))
    edition = with_photos(tmp_path, *["data/p.jpg"] * 3)
    count = len(photos._wanted(edition))
    monkeypatch.setattr(photos, "MOST_ALL", 5_000 * count)
    made = photos.embed(edition)
    assert len(made) == count
    assert all(len(base64.b64decode(a.split(",")[1])) <= 5_000 for a in made.values())
    assert photos.left_out(edition) == ()
    monkeypatch.setattr(photos, "MOST_PHOTOS", count - 1)
    assert [f.code for f in photos.left_out(edition)] == ["W603"]
    assert len(photos.embed(edition)) == count - 1


def test_photos_stand_last_in_the_page_and_a_page_without_has_no_block(tmp_path):
    picture(tmp_path / "data/p.jpg", (60, 40))
    text = page(with_photos(tmp_path, "data/p.jpg"))
    block = re.search(r'id="cfmap-photos">(.*?)</script>', text)
    assert block
    assert text.index('id="cfmap-photos"') > text.index('id="cfmap-coverage"')
    assert len(json.loads(block[1])) == 1
    assert "data/p.jpg" not in text
    assert "cfmap-photos" not in page(tiny_edition(tmp_path))


def test_photos_of_a_city_that_does_not_list_the_column_stay_at_home(tmp_path):
    picture(tmp_path / "data/p.jpg", (60, 40))
    edition = with_photos(tmp_path, "data/p.jpg")
    listed = edition.city.model_copy(update={"publish": edition.city.publish.model_copy(update={"public_columns": ("address",)})})
    assert photos.embed(replace(edition, city=listed)) == {}
