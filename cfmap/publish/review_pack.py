"""What does a bureau hand to the map review (送审)? A list that an official can read and sign, a sample picture, and the map itself."""

from __future__ import annotations

import html
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cfmap.model.errors import InputError, SafetyRefusal, SelfCheckError
from cfmap.model.messages import fault
from cfmap.publish import demands, files, hosting
from cfmap.publish.public import public_columns
from cfmap.publish.sheets import OPTIONS, Pen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import geopandas as gpd

    from cfmap.model.city import City
    from cfmap.model.layer import Layer
    from cfmap.publish.published import Published

LIST, SHEETS, PICTURE, PAGE = "送审清单.html", "送审清单.xlsx", "样图.svg", "地图.html"
DATUMS = {"wgs84": "WGS84", "cgcs2000": "CGCS2000", "gcj02": "GCJ-02（高德、腾讯）", "bd09": "BD-09（百度）"}
WIDTH = 1000.0  # of the sample picture
Rows = list[tuple[Any, ...]]


def write_zip(edition: Published, city: City, layers: Mapping[str, Layer], out: Path) -> int:
    """
    Write the package for the review as ZIP, whole or not at all. Returns how many files are in it.

    Raises
    ------
    InputError
        `out` does not end in ``.zip``, or its folder is not there.
    SafetyRefusal
        The edition is internal (E505): what is reviewed is what the public will see.
    SelfCheckError
        The page is not the one that was published (E604).
    """
    if out.suffix.lower() != ".zip":
        raise InputError(fault("E497", file=str(out), known=".zip"))
    if not out.parent.is_dir():
        raise InputError(fault("E494", file=str(out.parent), detail=str(out.parent)))
    made = package(edition, city, layers)
    part = out.with_name(f".part.{out.name}")
    with files.explained(out.parent, needed=lambda: sum(map(len, made.values()))):
        try:
            files.write_bytes(part, hosting.zipped(made))
            files.replace(part, out)
        finally:
            part.unlink(missing_ok=True)
    return len(made)


def package(edition: Published, city: City, layers: Mapping[str, Layer]) -> dict[str, bytes]:
    """The list as page and workbook, the sample picture and the map, by name; of what is published, not of what the inputs say today."""
    import geopandas as gpd

    year = int(edition.about.get("edition", city.edition.year))
    if not edition.public:
        raise SafetyRefusal(fault("E505", year=year))
    path = edition.file("sites.parquet")
    if path is None:
        raise SelfCheckError(fault("E604", name="sites.parquet"))
    sites = gpd.read_parquet(path)
    shown = {key: layer for key, layer in layers.items() if key in edition.about["counts"]["sites"]}
    tables = {
        "基本情况": (
            ("项目", "内容"),
            [*_about(edition, city, year), *(("各图层都公开的列", _columns(la, city, shared=True)) for la in [*shown.values()][:1])],
        ),
        "图层": (("图层", "类型", "点位数", "没有坐标", "本图层另外公开的列"), _layers(edition, city, shown)),
        "来源": (("内容", "来源", "坐标系", "数据日期"), _sources(city, shown)),
        "敏感内容核对": (("核对", "结果"), _checks(city, layers, year)),
    }
    picture = _picture(sites, shown, city)
    return {LIST: _page(tables, picture, shown, city, year).encode(), SHEETS: _book(tables, city, year), PICTURE: picture.encode(), PAGE: edition.page()}


def _about(edition: Published, city: City, year: int) -> Rows:
    section, about = city.edition, edition.about
    return [
        ("图名", f"{city.name}儿童友好城市地图（{year} 年版）"),
        ("制作单位", section.producer or "（没有填写）"),
        ("联系方式", city.publish.contact or "（没有填写）"),
        ("数据截止日期", section.data_date.isoformat() if section.data_date else "（没有填写）"),
        ("版次", f"第 {edition.version} 版，{about.get('finished', '')}（UTC）"),
        ("内容指纹", str(about.get("content", {}).get("fingerprint", ""))),
        ("指纹管什么", "点位的名称和位置、边界、街道和路名、水面绿地、地名、标题；改了其中任何一样，指纹就变，要重新送审"),
        ("审图号", section.review_number or "待批准；批准后和内容指纹一起写进设置"),
        ("不送审的理由", section.exemption or "无"),
        ("成图坐标系", "WGS84 经纬度（EPSG:4326），网页按网络墨卡托显示；各来源的坐标系见“来源”，换算后画图"),
        ("用途", "公开发布的网页；交互地图见同一包里的“地图.html”，双击打开，不联网"),
    ]


def _layers(edition: Published, city: City, layers: Mapping[str, Layer]) -> Rows:
    counts = edition.about["counts"]
    kinds = {"Point": "点", "LineString": "线", "Polygon": "面"}
    return [
        (
            layer.title,
            kinds[layer.geometry],
            counts["sites"].get(key, 0),
            counts["unlocated"].get(key, 0),
            _columns(layer, city),
        )
        for key, layer in layers.items()
    ]


def _columns(layer: Layer, city: City, *, shared: bool = False) -> str:
    own = {f.key for f in layer.fields}
    return "、".join(f.title for f in public_columns(layer, city) if (f.key not in own) == shared) or "—"


def _sources(city: City, layers: Mapping[str, Layer]) -> Rows:
    base, date = city.basemap, city.edition.data_date
    when = date.isoformat() if date else "没有填写"
    rows: Rows = [("街道和路名（底图）", city.network.attribution or "没有填写", DATUMS.get(city.network.datum, city.network.datum), "见来源")]
    if city.boundary.city or city.boundary.towns:
        rows.append(("行政边界", city.boundary.source or "没有填写", DATUMS.get(city.boundary.datum, city.boundary.datum), "见来源"))
    if base.water or base.green:
        rows.append(("水面、绿地（底图）", base.attribution or "没有填写", DATUMS.get(base.datum, base.datum), "见来源"))
    if base.tiles:
        rows.append(("读者可选的在线底图图片", base.tiles_attribution or "没有填写", "随服务商", "随服务商"))
    for key, layer in layers.items():
        for source in city.layers[key].sources if key in city.layers else ():
            who = city.network.attribution if source.osm else source.lead_unit or "没有填写牵头单位"
            day = source.data_date.isoformat() if source.data_date else when
            rows.append((layer.title, who, "WGS84" if source.osm else DATUMS.get(source.datum, source.datum), day))
    return rows


def _checks(city: City, layers: Mapping[str, Layer], year: int) -> Rows:
    exposed = demands.exposed(city, layers, year=year)
    inside = [layers[key].title for key, section in city.layers.items() if section.internal and key in layers]
    coarse = [f"{layers[key].title} {section.round_m:g} 米" for key, section in city.layers.items() if section.round_m and key in layers]
    lacking = [str(f.column) for f in demands.missing(city, year=year)]
    return [
        ("困境儿童、儿童住所一类的图层（按名称核对）", "、".join(str(f.column) for f in exposed) or "没有"),
        ("只在内部版、不公开的图层", "、".join(inside) or "没有"),
        ("公开坐标放粗的图层", "、".join(coarse) or "没有"),
        ("个人信息和密钥", "发布时逐个文件查过，没有查到（查不到不等于一定没有，范围见 docs/privacy.md）"),
        ("必须写明而没有写的", "、".join(lacking) or "没有"),
        ("军事、涉密和其他不得公开的内容", "程序不能判断，请人工核对：□ 已核对　　核对人：　　　　　　日期："),
        ("边界画法", "程序照提供的边界画，请人工核对与标准画法一致：□ 已核对　　核对人：　　　　　　日期："),
    ]


# -- as a page, a workbook, a picture ------------------------------------------------------------------------------

_STYLE = (
    "body{font:16px/1.6 'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#202124}"
    "h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}table{border-collapse:collapse;width:100%}th,td{border:1px solid #b0b0b0;padding:.4rem .6rem;"
    "text-align:left;vertical-align:top}th{background:#e8f3ef;white-space:nowrap}td.n{text-align:right;white-space:nowrap}"
    "svg{width:100%;height:auto;border:1px solid #b0b0b0}"
    ".key{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;padding:0;list-style:none}"
    ".key b{display:inline-block;width:.8em;height:.8em;border-radius:50%;margin-right:.4em}"
    "@media print{h2{break-after:avoid}tr,svg{break-inside:avoid}}"
)


def _page(tables: Mapping[str, tuple[tuple[str, ...], Rows]], picture: str, layers: Mapping[str, Layer], city: City, year: int) -> str:
    title = html.escape(f"送审清单：{city.name}儿童友好城市地图 {year}")
    counts = {row[0]: row[2] for row in tables["图层"][1]}
    key = "".join(f'<li><b style="background:{layer.colour}"></b>{html.escape(layer.title)}</li>' for layer in layers.values() if counts[layer.title])
    parts = [f"<h1>{title}</h1>"]
    for number, (name, (headers, rows)) in enumerate(tables.items(), start=1):
        head = "".join(f"<th>{html.escape(h)}</th>" for h in headers)
        body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
        parts.append(f"<h2>{number}　{html.escape(name)}</h2><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
        if number == 1:
            parts.append(
                f'<h2>样图</h2>{picture}<ul class="key">{key}</ul><p>样图只画边界、乡镇界和全部有坐标的公开点位；街道、水面、绿地和地名见“{PAGE}”。</p>'
            )
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="zh-CN"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def _cell(value: Any) -> str:
    return f'<td class="n">{value:,}</td>' if isinstance(value, int) else f"<td>{html.escape(str(value))}</td>"


def _book(tables: Mapping[str, tuple[tuple[str, ...], Rows]], city: City, year: int) -> bytes:
    import xlsxwriter

    from cfmap.publish import clock

    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    title = f"送审清单：{city.name}儿童友好城市地图 {year}"
    book.set_properties({"title": title, "author": "cfmap", "company": "", "created": clock.now().replace(tzinfo=None)})
    pen = Pen(book, title)
    for name, (headers, rows) in tables.items():
        widths = (24, 70) if len(headers) == 2 else (24, 30, 16, 14, 70)[: len(headers)]
        sheet = pen.sheet(name, headers, widths)
        for number, row in enumerate(rows, start=2):
            pen.row(sheet, number, row)
    book.close()
    return buffer.getvalue()


def _picture(sites: gpd.GeoDataFrame, layers: Mapping[str, Layer], city: City) -> str:
    """Outlines, and every public site with coordinates in the colour of its layer, as SVG; north is up."""
    import numpy as np

    from cfmap.intake import read_outline

    thin, thick = 'stroke="#9aa0a6" stroke-width="1" fill="none"', 'stroke="#202124" stroke-width="2.5" fill="none"'
    given = [(path, style) for path, style in ((city.boundary.towns, thin), (city.boundary.city, thick)) if path]
    outlines, styles = [read_outline(city.path(path), datum=city.boundary.datum, city=city) for path, _ in given], [style for _, style in given]
    boxes = np.array([f.total_bounds for f in (*outlines, sites) if len(f) and not f.geometry.is_empty.all()])
    if not len(boxes):
        return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"></svg>'
    (west, south), (east, north) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    narrow = float(np.cos(np.radians((south + north) / 2)))
    scale = WIDTH / max((east - west) * narrow, north - south, 1e-6)
    wide, high = (east - west) * narrow * scale, (north - south) * scale

    def path(shape: Any) -> str:
        return "".join(_line(ring, west, north, narrow * scale, scale) for ring in _rings(shape))

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-20 -20 {wide + 40:.0f} {high + 40:.0f}" role="img"><title>{html.escape(city.name)} 样图</title>'
    ]
    for frame, style in zip(outlines, styles, strict=True):
        parts += [f'<path d="{path(shape)}" {style}/>' for shape in frame.geometry]
    for key, layer in layers.items():
        shapes = sites.geometry[(sites["layer"] == key).to_numpy(dtype=bool, na_value=False)]
        dots = {(round((g.x - west) * narrow * scale, 1), round((north - g.y) * scale, 1)) for g in shapes if g.geom_type == "Point"}
        drawn = "".join(f'<circle cx="{x}" cy="{y}" r="4"/>' for x, y in sorted(dots))
        parts.append(f'<g fill="{layer.colour}" stroke="#ffffff" stroke-width=".8">{drawn}</g>')
        parts += [f'<path d="{path(g)}" stroke="{layer.colour}" stroke-width="2" fill="none"/>' for g in shapes if g is not None and g.geom_type != "Point"]
    return "".join([*parts, "</svg>"])


def _rings(shape: Any) -> Iterator[Any]:
    for part in getattr(shape, "geoms", [shape]):
        yield from (part.exterior, *part.interiors) if part.geom_type == "Polygon" else (part,)


def _line(ring: Any, west: float, north: float, across: float, up: float) -> str:
    return "M" + "L".join(f"{(x - west) * across:.1f} {(north - y) * up:.1f}" for x, y, *_ in ring.coords)


__all__ = ["package", "write_zip"]
