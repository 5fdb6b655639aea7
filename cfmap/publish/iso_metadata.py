"""What must be said of a data set, so that a catalogue understands it? A record after ISO 19115 in the XML of ISO 19139, for ``gpkg_metadata``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from cfmap.publish import clock, tables
from cfmap.publish.public import source_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfmap.model.edition import Edition

STANDARD_URI = "http://www.isotc211.org/2005/gmd"
GMD, GCO, GML = f"{{{STANDARD_URI}}}", "{http://www.isotc211.org/2005/gco}", "{http://www.opengis.net/gml/3.2}"
CODES = "http://standards.iso.org/iso/19139/resources/gmxCodelists.xml"
STORED_IN = "EPSG:4326"
UNSAID = "未填写"
_UNWANTED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML has no such characters


def record(edition: Edition, *, name: str, title: str, abstract: str, accuracy: str) -> str:
    """
    Title, abstract, dates, CRS, extent, lineage, licence and accuracy of one file as XML.

    Lineage names every input with the datum it was handed in with: by its path in an internal edition, by who handed it in in a public one.

    Parameters
    ----------
    name
        Of the file.
    title, abstract
        What it holds.
    accuracy
        How good positions and lengths are, in words.
    """
    for prefix, uri in (("gmd", GMD), ("gco", GCO), ("gml", GML)):
        ET.register_namespace(prefix, uri.strip("{}"))
    section = edition.city.edition
    whole = " · ".join([*tables.marks(edition), title])
    root = ET.Element(f"{GMD}MD_Metadata")
    _string(root, "fileIdentifier", f"{name}.{edition.year}.{'public' if edition.public else 'internal'}")
    _string(root, "language", "zho")
    _code(root, "characterSet", "MD_CharacterSetCode", "utf8")
    _code(root, "hierarchyLevel", "MD_ScopeCode", "dataset")
    _contact(root, "contact", edition)
    _date(root, "dateStamp", clock.now().date().isoformat())
    _string(root, "metadataStandardName", "ISO 19115:2003/19139")
    _string(root, "metadataStandardVersion", "1.0")
    identifier = _under(root, "referenceSystemInfo", "MD_ReferenceSystem", "referenceSystemIdentifier", "RS_Identifier")
    _string(identifier, "code", STORED_IN)
    _identification(root, edition, whole, abstract)
    quality = _under(root, "dataQualityInfo", "DQ_DataQuality")
    _code(_under(quality, "scope", "DQ_Scope"), "level", "MD_ScopeCode", "dataset")
    report = _under(quality, "report", "DQ_AbsoluteExternalPositionalAccuracy")
    _string(report, "evaluationMethodDescription", accuracy)
    ET.SubElement(report, f"{GMD}result", {f"{GCO}nilReason": "unknown"})
    lineage = _under(quality, "lineage", "LI_Lineage")
    _string(lineage, "statement", f"由 cfmap 用下列数据编制，数据截至 {section.data_date or UNSAID}；文件的校验值在 manifest.json")
    for words in _inputs(edition):
        _string(_under(lineage, "source", "LI_Source"), "description", words)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}'


def _identification(root: ET.Element, edition: Edition, title: str, abstract: str) -> None:
    about = _under(root, "identificationInfo", "MD_DataIdentification")
    citation = _under(about, "citation", "CI_Citation")
    _string(citation, "title", title)
    dates = [(edition.city.edition.data_date, "revision"), (clock.now().date(), "publication")]
    for when, kind in dates:
        if when:
            date = _under(citation, "date", "CI_Date")
            _date(date, "date", when.isoformat())
            _code(date, "dateType", "CI_DateTypeCode", kind)
    _string(about, "abstract", abstract)
    _contact(about, "pointOfContact", edition)
    legal = _under(about, "resourceConstraints", "MD_LegalConstraints")
    _code(legal, "useConstraints", "MD_RestrictionCode", "otherRestrictions")
    for licence in filter(None, (edition.basemap.attribution, edition.city.boundary.source and f"边界：{edition.city.boundary.source}")):
        _string(legal, "otherConstraints", licence)
    _string(about, "language", "zho")
    topic = ET.SubElement(ET.SubElement(about, f"{GMD}topicCategory"), f"{GMD}MD_TopicCategoryCode")
    topic.text = "society"
    whole = next((t for t in (edition.boundary, edition.towns, edition.basemap.roads) if t is not None and len(t)), None)
    if whole is not None:
        west, south, east, north = whole.total_bounds
        box = _under(about, "extent", "EX_Extent", "geographicElement", "EX_GeographicBoundingBox")
        for side, value in (("westBoundLongitude", west), ("eastBoundLongitude", east), ("southBoundLatitude", south), ("northBoundLatitude", north)):
            ET.SubElement(ET.SubElement(box, f"{GMD}{side}"), f"{GCO}Decimal").text = f"{value:.6f}"


def _inputs(edition: Edition) -> Iterable[str]:
    """Every input once: what it is, and its datum where one was declared."""
    names = source_names(edition) if edition.public else {}
    told = (f"{names.get(i.path, i.path)}（{i.datum}）" if i.datum else names.get(i.path, i.path) for i in sorted(edition.inputs, key=lambda i: i.path))
    return dict.fromkeys(told)


def _contact(above: ET.Element, tag: str, edition: Edition) -> None:
    party = _under(above, tag, "CI_ResponsibleParty")
    _string(party, "organisationName", edition.city.edition.producer or UNSAID)
    if edition.city.publish.contact:
        _string(party, "positionName", edition.city.publish.contact)
    _code(party, "role", "CI_RoleCode", "pointOfContact")


def _under(above: ET.Element, *names: str) -> ET.Element:
    for name in names:
        above = ET.SubElement(above, f"{GMD}{name}")
    return above


def _string(above: ET.Element, name: str, value: str) -> None:
    ET.SubElement(_under(above, name), f"{GCO}CharacterString").text = _UNWANTED.sub("", value)


def _date(above: ET.Element, name: str, value: str) -> None:
    ET.SubElement(_under(above, name), f"{GCO}Date").text = value


def _code(above: ET.Element, name: str, kind: str, value: str) -> None:
    ET.SubElement(_under(above, name), f"{GMD}{kind}", {"codeList": f"{CODES}#{kind}", "codeListValue": value}).text = value
