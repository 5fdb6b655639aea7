"""Public by default: everything that the page and the files of a public edition hold is on a list; nothing that must stay in is in them."""

from __future__ import annotations

import re
import sqlite3
import zipfile
from dataclasses import replace

import pandas as pd
import pytest

from cfmap.model import fault
from cfmap.model.schema import SITE_FIELDS
from cfmap.publish import WRITERS, contents, page_check, release
from tests.factories import tiny_edition, with_indicators

#: What the public page may hold, by place (``*`` is a name of a layer or column, ``[]`` any row). Before a line is added: does it show a gap, an unmet target,
#: an unsafe or unknown street, or who is not covered in which town? Then it belongs in the internal page, or behind ``publish.indicators`` (docs/adr/0005).
ALLOWED = """
cfmap-meta: year editions[] data_date producer review changed exemption public contact shifted colour logo.src logo.width logo.height attribution bounds[] groups[][]
cfmap-meta.city: name name_en demo
cfmap-meta.layers[]: key title title_en icon colour geometry group count unlocated description description_en source
cfmap-meta.layers[].fields[]: key title title_en kind unit
cfmap-meta.fields.*: title title_en kind unit
cfmap-meta.indicators[]: id title title_en value lower upper unit denominator definition definition_en data_date status sources[]
cfmap-sites: rows[] key[] lon[] lat[] name[] lines polygons pinyin.*
cfmap-sites.columns.*: v[] d[] i[]
cfmap-sites.own.*.*: v[] d[] i[]
cfmap-basemap: roads names[] water green boundary towns
cfmap-basemap.labels: name[] rank[] lon[] lat[]
cfmap-coverage.items[]: key layer title title_en definition definition_en headline areas sites.* minutes
cfmap-coverage.items[].bands[]: metres minutes
cfmap-coverage.items[].minutes: cells pace most
cfmap-coverage: perimeter
cfmap-changes: since compared[] added[] removed[][] moved[][] renamed[][]
"""
NAMED = r"(cfmap-meta\.fields|cfmap-sites\.(?:columns|own(?:\.\*)?|pinyin)|cfmap-coverage\.items\[\]\.sites)\.[^.\[]+"
NUMBER, SHARE, TOWN = 7654321.25, 87.654321, 6543217.75  # of people, in per cent, of a town: found again however they are written


def allowed() -> set[str]:
    lines = [line.split(":") for line in ALLOWED.strip().splitlines()]
    return {f"{where}.{what}" for where, names in lines for what in names.split()}


def places(value, at: str):
    """Every place in a block that holds something, with names of layers and columns as ``*``."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, re.sub(f"^{NAMED}$", r"\1.*", f"{at}.{key}"))
    elif isinstance(value, list):
        for inner in value:
            yield from places(inner, f"{at}[]")
    elif value is not None:
        yield at


def planted(**sections):
    """The tiny edition with a canary in everything that must not leave."""
    edition = with_indicators(tiny_edition(**sections))
    layers = {}
    for key, data in edition.layers.items():
        tables = []
        for table in (data.sites, data.unlocated):
            full = table.copy()
            for field in (*SITE_FIELDS, *data.layer.fields):
                if not field.public:
                    full[field.key] = [f"canary-{field.key}-{n}" for n in range(len(full))]
            full["undeclared"] = "canary-undeclared"
            tables.append(full)
        finding = fault("W244", file="canary-file.csv", row=3, value="canary-value", other="canary-other", where="canary-where", metres=7)
        layers[key] = replace(data, sites=tables[0], unlocated=tables[1], faults=(finding,))
    coverages = tuple(
        replace(
            c,
            streets=c.streets.assign(state="canary-state", reasons="canary-reason"),
            sites=c.sites.assign(state="canary-state", town="canary-town"),
            people=c.people.replace(6.0, NUMBER).replace(20.0, NUMBER),
            points=pd.DataFrame({"network_m": [1.0], "connector_m": [1.0], "minutes": [1.0], "site": ["canary-site"], "status": ["canary-status"]}, index=["canary-point"]),
            faults=(finding,),
        )
        for c in edition.coverages
    )  # fmt: skip
    gaps = ("presence", "coverage", "people", "places", "perimeter")
    indicators = tuple(
        replace(i, value=SHARE if i.unit == "%" else NUMBER, lower=NUMBER, by_town={"西镇": TOWN, "东镇": TOWN}, definition=f"canary-definition-{i.id}")
        if i.id.startswith(gaps)
        else i
        for i in edition.indicators
    )
    assert any(i.id.startswith("coverage") for i in indicators)
    points = edition.population.points.assign(name="canary-community")
    return replace(
        edition,
        layers=layers,
        coverages=coverages,
        indicators=indicators,
        perimeter=edition.perimeter.assign(school="canary-school", reasons="canary-reasons", item_A="canary-item"),
        population=replace(edition.population, points=points, source="canary-population", faults=(finding,)),
        faults=(finding,),
    )


def everything(folder) -> str:
    """All text of all files of a version, compressed parts opened; numbers of tables as text."""
    import pyarrow.parquet as pq

    text = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.name == "index.html":
            text += [repr(block) for block in page_check.blocks(path).values()]
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as parts:
                text += [parts.read(n).decode("utf-8", "replace") for n in parts.namelist()]
        elif path.suffix == ".parquet":
            text.append(pq.read_table(path).drop_columns("geometry").to_pandas().to_csv() + repr(pq.read_schema(path).metadata))
        elif path.suffix == ".gpkg":
            with sqlite3.connect(path) as package:
                text += ["\n".join(package.iterdump())]
            package.close()
        else:
            text += [words for _, words in contents.texts(path)]
    return "\n".join(text)


def leaked(text: str) -> list[str]:
    numbers = [str(n) for n in (NUMBER, SHARE, TOWN) if str(n) in text or str(n).rstrip("5") in text]
    return sorted({*re.findall(r"canary-[\w-]+", text), *numbers})


@pytest.fixture(scope="module")
def public_version(tmp_path_factory):
    """Files of the planted edition, published for the public, nothing listed in ``publish.indicators``."""
    return release.publish(planted(), out=tmp_path_factory.mktemp("public")).folder


def test_public_page_holds_nothing_that_is_not_on_the_list(public_version):
    found = {place for name, data in page_check.blocks(public_version / "index.html").items() for place in places(data, name)}
    assert sorted(found - allowed()) == []
    assert "cfmap-coverage.perimeter" not in found
    assert {"cfmap-sites.name[]", "cfmap-sites.own.*.*.v[]", "cfmap-coverage.items[].areas"} <= found


def test_no_canary_is_in_any_file_of_the_public(public_version):
    assert leaked(everything(public_version)) == []


def test_the_canaries_can_be_found(tmp_path):
    made = release.publish(replace(planted(), public=False), out=tmp_path, writers={k: w for k, w in WRITERS.items() if k != "web"})
    found = leaked(everything(made.folder))
    assert {str(NUMBER), str(TOWN), "canary-head_phone-0", "canary-school", "canary-item"} <= set(found)


def test_a_figure_on_perimeters_lets_no_segment_out(tmp_path):
    edition = planted(publish={"indicators": ["perimeter.safe_length"]})
    made = release.publish(edition, out=tmp_path)
    text = everything(made.folder)
    assert "canary-definition-perimeter.safe_length" in text
    assert "canary-school" not in text
    assert "canary-item" not in text
    assert page_check.blocks(made.folder / "index.html")["cfmap-coverage"]["perimeter"] is None
