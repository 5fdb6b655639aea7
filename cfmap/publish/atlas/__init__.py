"""The map on paper: ``atlas.pdf``, a sheet of the whole city and one of each town, A3."""

from __future__ import annotations

import json
import tempfile
from importlib.resources import files as resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cfmap.model.layer import GROUPS
from cfmap.model.messages import Fault, fault
from cfmap.publish import files, tables
from cfmap.publish.atlas import fonts, schools, walking_bus
from cfmap.publish.atlas.frame import COLUMNS, ROWS
from cfmap.publish.atlas.placing import Name, text_width_mm
from cfmap.publish.atlas.sheets import MAP_MM, Sheet, every_sheet
from cfmap.publish.looks import BUS_EDGE, PROPOSED, STATES, WALKING_BUS, for_legend

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfmap.model.edition import Edition

NAME = "atlas.pdf"
INDEX_MM = 38.0  # width of a name in the index beside the map
LINE_MM, WRAP_MM, LAYER_MM, GROUP_MM = 2.6, 2.9, 3.1, 5.6  # height of an entry, of each further line of it, of headings
LEGEND_MM, LEGEND_PT, NOTE_MM = 3.35, 2.4, 8.0
STATEMENT_MM, STATEMENT_LINE_MM, GUTTERS_MM = 98.0, 3.1, 13.0  # width of the statement, height of a line of it, what lies round it
LEGEND_COLUMN = 16  # layers that stand below each other; more make two columns
QR_MM = 30.0


def write(edition: Edition, folder: Path) -> list[Path]:
    """
    Write the sheets. Text is text: it can be searched and copied.

    Drawn from the edition's own data alone, without tiles, and the same bytes for the same edition and fonts. Without a Chinese font on
    this computer (:data:`cfmap.publish.atlas.fonts.FAMILIES`) nothing is written, and :func:`check` says so.
    """
    font = fonts.family()
    if font is None:
        return []
    return [files.write_bytes(folder / NAME, pdf(edition, font=font))]


def check(edition: Edition, folder: Path) -> Iterator[Fault]:
    """Tell when there is no atlas for lack of a font; read back what was written: a sheet of the whole, and of each town one that says its name."""
    import pypdfium2

    path = folder / NAME
    if not path.is_file():
        yield fault("W605", name=NAME, known="、".join(fonts.FAMILIES[:4]))
        return
    try:
        pages = ["".join(page.get_textpage().get_text_bounded().split()) for page in pypdfium2.PdfDocument(path.read_bytes())]
    except pypdfium2.PdfiumError as error:
        yield fault("E601", name=NAME, detail=str(error))
        return
    towns = [] if edition.towns is None else [str(name) for name in edition.towns["name"]]
    silent = [t for number, t in enumerate(towns, start=1) if not any("".join(t.split()) in p and f"附图{number}/{len(towns)}" in p for p in pages)]
    if silent or not pages:
        yield fault("E601", name=NAME, detail="、".join(silent) or "0")


def pdf(edition: Edition, *, font: str) -> bytes:
    """The whole atlas as PDF."""
    import typst

    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        made = content(edition, every_sheet(edition), schools.parts(edition), walking_bus.panels(edition), font=font)
        (root / "atlas.json").write_text(json.dumps(made, ensure_ascii=False, allow_nan=False), encoding="utf-8")
        (root / "atlas.typ").write_bytes((resources("cfmap.publish.atlas") / "atlas.typ").read_bytes())
        printed: bytes = typst.compile(str(root / "atlas.typ"), root=str(root))
    return printed


def content(edition: Edition, made: list[Sheet], around: list[schools.Part], buses: list[schools.Panel], *, font: str) -> dict[str, Any]:
    """Everything the template writes, as plain data."""
    city, section = edition.city, edition.city.edition
    stated = (
        f"{section.review_number}" if edition.public and section.review_number else section.exemption or ("内部版，不公开" if not edition.public else "未填写")
    )
    crs = "2000 国家大地坐标系 / WGS 84，米制投影；地图上方为北"
    statement = [
        ("审图号", stated),
        ("数据截至", section.data_date.isoformat() if section.data_date else "未填写"),
        ("编制单位", section.producer or "未填写"),
        ("底图", edition.basemap.attribution or "—"),
        ("坐标", crs),
        ("口径", "画的是在用和状态未知、有坐标的点位；短期活动不在图上；校门和过街设施画点不编号"),
        ("说明", tables.note(edition)),
    ]
    total = len(made) - 1
    below = GUTTERS_MM + STATEMENT_LINE_MM * sum(-(-text_width_mm(f"{title}：{text}", 6.5) // STATEMENT_MM) for title, text in statement)
    return {
        "title": f"{city.name} {edition.year} 年儿童友好地图集",
        "font": [font, "Libertinus Serif"],
        "map": list(MAP_MM),
        "grid": [COLUMNS, ROWS],
        "mark": "演示数据" if city.city.demo else "" if edition.public else "内部资料",
        "statement": statement,
        "rows_note": "各类点位的处数，含没有坐标的；类别：" + "、".join(zh for zh, _ in GROUPS.values()),
        "sheets": [_sheet(s, edition, total, below_mm=below) for s in made],
        "panel": list(schools.PANEL_MM),
        "states": [for_legend(look, width_pt=LEGEND_PT) for look in STATES.values()],
        "proposed": PROPOSED.title if edition.routes is not None and len(edition.routes.proposed) else "",
        "band": PROPOSED.colour,
        "around": [_part(part) for part in around],
        "buses": _pages(buses),
        "bus": [WALKING_BUS.colour, BUS_EDGE],
    }


def _sheet(sheet: Sheet, edition: Edition, total: int, *, below_mm: float) -> dict[str, Any]:
    here, rest = _parted(sheet, below_mm=below_mm)
    metres, bar = sheet.frame.bar()
    name = edition.city.name
    return {
        "title": f"{sheet.title}儿童友好地图" if not sheet.town else sheet.title,
        "subtitle": f"{edition.year} 年版" + (f" · {name}儿童友好地图集" if sheet.town else (" · 演示数据" if edition.city.city.demo else "")),
        "sheet": f"附图 {sheet.number} / {total}" if sheet.town else f"主图（附图 {total} 幅）" if total else "全图",
        "picture": sheet.picture,
        "names": [_name(n) for n in sheet.names],
        "marks": list(sheet.marks),
        "legend": list(sheet.legend),
        "legend_height": _legend_mm(sheet) if len(sheet.legend) > LEGEND_COLUMN else 0,
        "rows": [list(row) for row in sheet.rows],
        "notes": list(sheet.notes),
        "index_here": here,
        "index_rest": rest,
        "index_more": bool(rest),
        "qr": _qr(sheet.link) if sheet.link else "",
        "bar_mm": round(bar, 3),
        "bar_text": f"{metres:,.0f} 米" if metres < 1000 else f"{metres / 1000:g} 公里",
        "scale_text": f"1 : {sheet.frame.scale:,.0f}（A3）",
    }


def _name(name: Name) -> dict[str, Any]:
    place = {"x": round(name.x, 2), "y": round(name.y, 2), "size_pt": name.size_pt, "angle": round(name.angle, 1)}
    return {"text": name.text, "kind": name.kind, "room": round(text_width_mm(name.text, name.size_pt) + 4, 1)} | place


def _part(part: schools.Part) -> dict[str, Any]:
    unseen = [{"reason": reason, "towns": [list(row) for row in rows]} for reason, rows in part.unseen]
    return {"title": part.title, "word": part.word, "gate": part.gate, "pages": _pages(part.panels), "unseen": unseen}


def _pages(panels: Sequence[schools.Panel]) -> list[list[dict[str, Any]]]:
    return [[_panel(p) for p in panels[i : i + schools.PANELS]] for i in range(0, len(panels), schools.PANELS)]


def _panel(panel: schools.Panel) -> dict[str, Any]:
    metres, bar = panel.frame.bar(longest_mm=22.0)
    about = {"title": panel.title, "town": panel.town, "picture": panel.picture, "names": [_name(n) for n in panel.names], "lines": list(panel.lines)}
    about["marks"] = [{"x": round(m.x, 2), "y": round(m.y, 2), "text": m.text, "dark": m.on_dark} for m in panel.marks]
    return about | {"bar_mm": round(bar, 3), "bar_text": f"{metres:,.0f} 米", "scale_text": f"1 : {panel.frame.scale:,.0f}"}


def _parted(sheet: Sheet, *, below_mm: float) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """What of the index fits beside the map in two columns above the statement, and the rest."""
    room = 2 * (MAP_MM[1] - below_mm - max(QR_MM, 8.0 + _legend_mm(sheet)) - NOTE_MM * len(sheet.notes)) * 0.97
    used = 0.0
    for position, entry in enumerate(sheet.index):
        lines = -(-text_width_mm(entry["text"], 6.5) // INDEX_MM)
        used += {"group": GROUP_MM, "layer": LAYER_MM}.get(entry["kind"], LINE_MM + WRAP_MM * (lines - 1))
        if used > room:
            cut = position
            while cut and sheet.index[cut - 1]["kind"] != "site":  # no heading stands alone at the end
                cut -= 1
            return list(sheet.index[:cut]), list(sheet.index[cut:])
    return list(sheet.index), []


def _legend_mm(sheet: Sheet) -> float:
    """Height of the legend: in one column, or in two where it is long."""
    lines = len(sheet.legend) if len(sheet.legend) <= LEGEND_COLUMN else -(-len(sheet.legend) // 2)
    return LEGEND_MM * lines


def _qr(link: str) -> str:
    """A QR code as SVG."""
    import segno

    code: str = segno.make(link, error="m").svg_inline(border=1, scale=4)
    return code if "xmlns" in code else code.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
