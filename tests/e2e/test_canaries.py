"""A value planted wherever a department could leave one, in every layer: the public edition holds none of them, in no file, however it is packed."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import sqlite3
import struct
from dataclasses import replace
from functools import cache

import geopandas as gpd
import openpyxl
import pytest
import shapely
from openpyxl.comments import Comment
from PIL import Image

from cfmap.model import find_layers, load_city
from cfmap.model.schema import SITE_FIELDS
from cfmap.pipeline import compute, read_inputs
from cfmap.pipeline.computing import with_inside
from cfmap.publish import contents, hosting, published
from cfmap.publish.release import publish
from cfmap.publish.web.geometry import GRID
from tests.e2e import small_city

CANARY = re.compile(r"canary[\w-]*", re.IGNORECASE)
NUMBER = "7654321098"  # begins the numbers planted in columns of numbers
UNKNOWN = ("备注", "notes", "内部意见", "Undeclared")
KINDS = ("xlsx", "csv", "geojson", "gpkg", "shp", "kml")


def cells(layer, n):
    """A row of a layer, by header: what it needs, a canary in everything that must not leave, and in unknown columns."""
    row = {"编号": f"canary-id-{layer.key}-{n}", "名称": f"第{n}处", "状态": "在用", "年份": 2024} | {
        f.title: f.vocabulary[0] for f in layer.fields if f.required
    }
    row |= {f.title: int(f"{NUMBER}{n}") if f.kind in ("integer", "number") else f"canary-field-{f.key}-{n}" for f in layer.fields if not f.public}
    return row | {header: f"canary-{header}-{layer.key}-{n}" for header in UNKNOWN}


def shape(layer, n, number):
    x, y = 0.7 + 0.3 * (number % 28), 1.0 + 2.5 * n
    at = small_city.lonlat(x, y)
    if layer.geometry == "LineString":
        return shapely.LineString([at, small_city.lonlat(x + 0.5, y)])
    return shapely.Point(at).buffer(0.002).envelope if layer.geometry == "Polygon" else shapely.Point(at)


def plant(folder, layer, kind, number):
    """A layer's file of one kind with canaries in and around its rows; returns its path and what the settings must say."""
    rows = [cells(layer, n) for n in range(3)]
    shapes = [shape(layer, n, number) for n in range(3)]
    place = folder / "data" / "canary-folder"
    place.mkdir(exist_ok=True)
    path = place / f"canary-file-{layer.key}.{kind}"
    points = [row | {"经度": g.x, "纬度": g.y} for row, g in zip(rows, shapes, strict=True)] if layer.geometry == "Point" else []
    if kind == "csv":
        text = io.StringIO()
        writer = csv.DictWriter(text, list(points[0]))
        writer.writeheader()
        writer.writerows(points)
        path.write_bytes(text.getvalue().encode("gb18030"))
    elif kind == "xlsx":
        workbook(path, points)
        return path, ', sheet = "canary-sheet"'
    elif kind == "geojson":
        features = [{"type": "Feature", "canary_member": "canary-foreign", "properties": r | {"nested": {"a": "canary-nested"}}, "geometry": g.__geo_interface__} for r, g in zip(rows, shapes, strict=True)]  # fmt: skip
        path.write_text(
            json.dumps({"type": "FeatureCollection", "name": "canary-collection", "canary": "canary-top", "features": features}, ensure_ascii=False),
            encoding="utf-8",
        )
    elif kind == "kml":
        path.write_text(kml(rows, shapes), encoding="utf-8")
    else:
        frame = gpd.GeoDataFrame(rows, geometry=shapes, crs=4326)
        if kind == "shp":
            frame.rename(columns=lambda c: c if c.isascii() else c[:3]).to_file(path, encoding="utf-8")  # ten bytes
        else:
            frame.to_file(path, layer=layer.key, driver="GPKG")
            with sqlite3.connect(path) as package:
                package.execute("CREATE TABLE history (note TEXT)")
                package.execute("INSERT INTO history VALUES ('canary-history')")
                package.execute("UPDATE gpkg_contents SET description = 'canary-description'")
            package.close()
            return path, f', sheet = "{layer.key}"'
    return path, ""


def workbook(path, rows):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "canary-sheet"
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    sheet["B2"].comment = Comment("canary-comment", "canary-author")
    sheet.column_dimensions["H"].hidden = True
    hidden = book.create_sheet("canary-hidden")
    hidden.append(["canary-hidden-cell"])
    hidden.sheet_state = "veryHidden"
    book.properties.creator = book.properties.keywords = "canary-property"
    book.save(path)


def kml(rows, shapes):
    marks = ""
    for row, g in zip(rows, shapes, strict=True):
        data = "".join(f"<Data name='{k}'><value>{v}</value></Data>" for k, v in row.items())
        marks += f"<Placemark><description>canary-mark</description><ExtendedData>{data}</ExtendedData><Point><coordinates>{g.x},{g.y}</coordinates></Point></Placemark>"
    return f"<?xml version='1.0' encoding='UTF-8'?><kml xmlns='http://www.opengis.net/kml/2.2'><Document><!-- canary-xml -->{marks}</Document></kml>"


def joining(folder, name, place):
    """Who joins a walking bus to one school, outside the project: homes round a junction, canaries in every other column, one without consent."""
    x, y = (place.x - small_city.WEST) / small_city.STEP_LON, (place.y - small_city.SOUTH) / small_city.STEP_LAT
    at = small_city.lonlat(round(x) + 2, round(y))
    rng = random.Random(11)
    homes = [tuple(round(v + rng.uniform(-0.0008, 0.0008), 7) for v in at) for _ in range(7)]
    path = folder / "joining.csv"
    rows = [f"canary-join-{n},{lon},{lat},{name},{'否' if n == 6 else '是'},canary-join-home,canary-join-child" for n, (lon, lat) in enumerate(homes)]
    path.write_text("\n".join(["编号,经度,纬度,学校,监护人同意,备注,孩子", *rows]), encoding="utf-8")
    return path, homes


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """The public and the internal edition of one city with canaries in all layers."""
    project = small_city.make(tmp_path_factory.mktemp("canaries") / "city", settings=small_city.EVERY_LAYER)
    text = (project / "cfmap.toml").read_text(encoding="utf-8").partition("[layers.childcare]")[0]
    layers = find_layers(load_city(project))
    for number, (key, layer) in enumerate(layers.items()):
        kind = KINDS[number % len(KINDS)] if layer.geometry == "Point" else "geojson"
        path, more = plant(project, layer, kind, number)
        text += f'[layers.{key}]\nsources = [{{ path = "{path.relative_to(project).as_posix()}", datum = "wgs84"{more} }}]\n'
    school = shape(layers["schools"], 0, list(layers).index("schools"))
    table, homes = joining(project.parent, "第0处", school)
    text += f'[safety.walking_bus]\nchildren = "{table.as_posix()}"\n[publish]\nindicators = ["walking_bus"]\n'
    (project / "cfmap.toml").write_text(text, encoding="utf-8")
    photo = project / "data" / "canary-photo.jpg"
    exif = Image.Exif()
    exif[0x010E] = "canary-exif"
    Image.new("RGB", (40, 30), "green").save(photo, exif=exif, comment=b"canary-jpeg")
    inputs = read_inputs(project)
    assert all(len(data.sites) == 3 for data in inputs.layers.values())
    data = inputs.layers["parks"]
    inputs = replace(inputs, layers=inputs.layers | {"parks": replace(data, sites=data.sites.assign(photo="data/canary-photo.jpg"))})
    edition = compute(inputs, public=False)
    shown = publish(replace(edition, public=True), out=project / "output" / "2024").folder
    house = publish(with_inside(edition, inputs), out=project / "output" / "2024-internal").folder
    return project, shown, house, homes


@cache
def opened(folder):
    """Every file of a folder: its name, its bytes as they stand, and the texts in it."""
    return [(p.name, p.read_bytes(), "\n".join(text for _, text in contents.texts(p))) for p in folder.rglob("*") if p.is_file()]


def found(folder, pattern=CANARY):
    """Canaries in all files of a folder: unpacked, and in the bytes as they stand."""
    hits = set()
    for name, raw, text in opened(folder):
        hits |= {f"{name}: {hit}" for hit in pattern.findall(text)}
        hits |= {f"{name}: {hit} (bytes)" for hit in pattern.findall(raw.decode("latin-1"))}
    return hits


def test_no_canary_of_any_layer_or_format_is_in_the_public_edition(versions):
    _, shown, *_ = versions
    assert found(shown) == set()
    numbers = re.compile(rf"\b{NUMBER}[012]\b")
    assert found(shown, numbers) == set()


def test_nor_in_the_package_that_is_handed_out(versions, tmp_path):
    project, *_ = versions
    hosting.write_folder(published.chosen(project / "output", 2024), tmp_path / "site")
    assert found(tmp_path / "site") == set()


def test_the_internal_edition_is_marked_and_shows_what_it_should(versions):
    project, _, house, _ = versions
    hits = {hit.partition(": ")[2] for hit in found(house)}
    layers = find_layers(load_city(project))
    assert {f"canary-id-{key}-0" for key in layers} <= hits
    assert found(house, re.compile(rf"\b{NUMBER}[012]\b"))  # declared columns that are not public
    assert not {h for h in hits if h.startswith(tuple(f"canary-{u}" for u in UNKNOWN))}  # unknown columns are in no edition
    assert not {h for h in hits if re.match(r"canary-(comment|author|hidden|property|history|description|foreign|nested|exif|jpeg|mark|xml)", h)}
    assert "不得公开" in (house / "index.html").read_text(encoding="utf-8")


def test_no_home_of_a_walking_bus_and_nothing_else_of_who_joins_is_in_any_edition(versions):
    _, shown, house, homes = versions
    wanted = {b"canary-join", "canary-join".encode("utf-16-le"), b"joining.csv"} | {
        form
        for lon, lat in homes
        for v in (lon, lat)
        for form in (struct.pack("<d", v), struct.pack(">d", v), f"{v:.6f}".encode(), f"{v:.5f}".encode(), str(round(v * GRID)).encode())
    }
    for folder in (shown, house):
        lines = gpd.read_file(folder / "coverage.gpkg", layer="walking_bus_lines")
        assert len(lines) == 1
        assert ("members" in lines) == ("adults" in lines) == (folder == house)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["counts"]["walking_bus"] == {"lines": 1, "stops": 1}
        assert ("I395" in manifest["counts"]["faults"]) == (folder == house)
        assert not [i for i in manifest["inputs"] if "joining" in i["path"]]
        for name, raw, text in opened(folder):
            held = raw + text.encode("utf-8", "replace")
            assert not [w for w in wanted if w in held and (w != b"joining.csv" or folder == shown)], name


def test_every_layer_has_its_columns_decided():
    """What a new column is does not come by accident: public ones are declared so, and free text among them passes the cells' gate."""
    from cfmap.model.layers import standard_layers
    from cfmap.model.personal import in_public_cell

    for layer in standard_layers().values():
        for field in (*SITE_FIELDS, *layer.fields):
            if field.public and field.kind == "text" and field.key not in ("phone", "website"):
                assert in_public_cell("联系人：张三丰 13800138000", field.key)
