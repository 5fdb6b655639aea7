"""What does each message look like when it is printed? Facts and places of a made-up city, for the pages that explain."""

from __future__ import annotations

import string
from typing import Any

from cfmap.model.messages import MESSAGES, Fault

BOOK, CSV, GIS = "data/2024/教育局.xlsx", "data/2024/卫健局.csv", "data/2024/公园.gpkg"
SETTINGS, NETWORK, PEOPLE, TOWNS = "cfmap.toml", "data/network.osm.pbf", "data/communities.xlsx", "data/towns.gpkg"
UNTOLD = "…"  # stands for a fact that has no example yet

#: An example of every fact that messages name, by its name; :data:`OWN` has those that differ for one code.
FACTS: dict[str, Any] = {
    "accuracy": "未知", "accuracy_en": "that is not known", "actual": "旧版 Excel 工作簿（.xls）", "actual_en": "an old Excel workbook (.xls)", "age": "0-2",
    "allowed": "在用、在建、规划、关闭、未知", "as_declared": "212", "as_likely": "18", "attribution": "市规划局", "axis": "纬度", "axis_en": "latitude", "bad": 7,
    "before": 120, "bounds": "497321, 3066120 – 523004, 3090877", "byte": 14, "cell": "XFD1048576", "cells": "D17 和 E17", "cells_en": "D17 and E17", "change": "3%",
    "changes": "学校新增 2 处", "changes_en": "2 schools added", "city": "示例市", "closer": 57, "codes": "W231、W242", "columns": "备用1、填表人", "contrast": "2.9",
    "control": "160", "count": 3, "crs": "EPSG:4549", "cut": 214, "data_date": "2024-12-31", "date": "2022-05-01", "datum": "wgs84", "declared": "wgs84",
    "detail": "第 12 行附近读不下去", "detail_en": "it cannot be read near line 12", "detail_zh": "要写数字", "encoding": "GB18030", "example": "120",
    "expected": "整数", "expected_en": "a whole number", "factor": "666.67", "far": 1048576, "file": BOOK, "fingerprint": "afd7233e7fdac444", "first": f"{BOOK} 第 5 行",
    "folder": "output/2024", "former": 2025, "found": "等级 → 类型", "free": "12.0 MB", "gap": 1.4, "gate": "s-3f9a12/2", "gates": "2", "given": "亩", "group": "0–2 岁", "group_en": "aged 0-2",
    "header": 2, "high": "90", "hint": '如果是 CGCS2000，写 datum = "EPSG:4549"', "hint_en": 'if this is CGCS2000, write datum = "EPSG:4549"', "host": "overpass-api.de",
    "ids": "X001、X007", "keep": 5, "key": "schools", "kind": "手机号码", "kind_en": "a mobile phone number", "kinds": "Polygon", "km": "18.4", "km2": "0.3",
    "known": "名称、经度、纬度、状态", "label": "乡镇街道", "lat": "22.300–22.900", "layer": "中小学校", "layer_en": "Schools", "letters": "D、F",
    "likely": "gcj02", "limit": "5%", "line": 'columns = { lon = "X坐标" }', "located": 120, "log": "cfmap-error.log", "lon": "113.700–114.700",
    "lost": "学校全称", "low": "-90", "maximum": "10000", "measured": "118.2", "metres": 12, "minimum": "0", "minutes": 10, "missing": ".dbf", "mode": "bus", "months": 31,
    "most": "2 MB", "name": "第一小学", "named": "", "named_en": "", "names": "第一小学、第二小学", "nearest": "单位名称", "needed": "60.0 MB", "network": NETWORK, "new": "2024", "now": 80, "number": "粤S(2024)001号",
    "old": "2023", "option": "", "origin": f"{BOOK} 第 9 行", "origin_en": f"{BOOK}, row 9", "other": "第一小学（本部）", "outside": 9, "path": "layers/my_layer.py", "percent": 41,
    "pid": 1234, "port": 8765, "present": "学校全称、X坐标、Y坐标", "ranges": "B3:B22", "readings": "“第一小学” / “绗竴灏忓”", "reason": "按常用汉字判断", "reason_en": "judged by common characters",
    "reason_zh": "超时", "record": "data/2024/.handed_out.json", "rows": "9、14", "said": "保留", "scanned": 20, "school": "第一小学", "second": "人民路", "seconds": 61.0, "service": "天地图", "service_en": "Tianditu",
    "share": "41%", "sites": CSV, "size": "5.0 GB", "source": "data/2024/geocoded.csv", "stable": "s-3f9a12", "start": "2024-12-31T07:03:00Z", "state": "空着", "state_en": "empty",
    "suffix": ".xlsx", "systems": "gcj02 40 行、wgs84 12 行", "table": "points.csv", "there": "login.example", "title": "学位数", "title_en": "places", "tolerance": 0.5, "tries": 5, "u": 101,
    "unit": "m²", "used": "#8a4b00", "v": 102, "value": "22.53", "variable": "CFMAP_TIANDITU_KEY", "version": 12, "versions": "000001", "wanted": "学校", "wanted_en": "a number of 0 or more", "missing_en": ".dbf", "apart": "相距 80 米", "apart_en": "80 m apart", "stays": "第一小学", "town": "东街道",
    "lacking": "审图授权", "lacking_en": "a licence", "file_zh": "目标台账", "file_en": "the ledger of targets", "how_zh": "照每一条改正", "how_en": "mend each of them",
    "what_zh": "缺少“编号”一列", "column_zh": "数值", "column_en": "the value", "id": "M01", "was": 120, "way": "123456",
    "what": "图层“学校”的点位", "what_en": "sites of layer “Schools”", "where": f"{BOOK} 第 5 行", "why": "列名说明这是个人信息", "why_en": "its header names personal data", "width": 30,
    "whole": '不用动表，在 cfmap.toml 这个来源里写 columns = { lon = "纬度", lat = "经度" }',
    "whole_en": 'leave the table and write columns = { lon = "纬度", lat = "经度" } for this source in cfmap.toml', "word": "三级路", "slivers": 1, "year": 2024,
}  # fmt: skip

#: Facts, or the place, of one code where the usual ones would not make sense.
OWN: dict[str, dict[str, Any]] = {
    "E102": {"detail": "第 12 行第 9 列：少了引号"},
    "W272": {"count": 1, "names": "和平社区（第 12、48 行）"},
    "W268": {"place": "114.05123, 22.54321", "count": 2, "km2": "0.124"},
    "I264": {"file": "data/住宅.gpkg", "rows": 5200, "count": 4100, "unsaid": 640, "other": 455, "shapeless": 5},
    "W264": {"file": "data/住宅.gpkg", "count": 12, "rows": 4100, "metres": "1,000"},
    "W269": {"file": SETTINGS, "column": "population", "missing": "数据日期", "missing_en": "date"},
    "W273": {"file": "data/乡镇人口.xlsx", "names": "东街道", "count": 1},
    "W274": {"file": "data/乡镇人口.xlsx", "count": 1, "detail": "东街道 社区合计 41,200，官方 48,000", "detail_en": "东街道: communities 41,200, official 48,000"},
    "W275": {"file": "data/人口.tif", "count": 1500},
    "W276": {"file": "data/人口.tif", "count": 2, "detail": "东街道 ×98.4、西镇 ×101", "detail_en": "东街道 ×98.4, 西镇 ×101"},
    "W277": {"file": "data/人口.tif", "metres": "930"},
    "W278": {"file": SETTINGS, "column": "population.raster", "key": "raster", "reason_zh": "写了 table，按社区表算", "reason_en": "table is given, and communities count"},
    "W279": {"file": "data/人口.tif", "count": 1, "names": "西镇 62%"},
    "E258": {"file": "data/人口.tif", "bounds": "114.0500、22.5200、114.1500、22.6000"},
    "E103": {"known": "path、sheet、datum、columns", "nearest": "datum", "column": "layers.schools.sources.datun"},
    "E106": {"column": "city.name"},
    "E107": {"column": "walking.headline_m", "value": "一千", "detail": "a number is needed"},
    "E110": {"detail": "SyntaxError: line 3"},
    "E111": {"first": "layers/a.py", "second": "layers/b.py"},
    "E112": {"key": "scools", "known": "childcare、schools、parks", "nearest": "schools"},
    "E113": {"detail": "coverage: walk51"},
    "E114": {"known": "name、address、opening", "column": "publish.public_columns", "value": "phone2"},
    "E121": {"known": "2023、2024", "year": 2026},
    "E123": {"layer": "events"},
    "E126": {"what": "没有 biuld 这个命令；是不是想写 build", "what_en": "No such command 'biuld'. Did you mean 'build'?", "hint": "cfmap --help"},
    "E127": {"value": "E2003", "nearest": "E203"},
    "E128": {"detail": "没有写入权限"},
    "E129": {"known": "name、lon、lat", "nearest": "lon", "value": "lng2"},
    "E130": {"known": "10、11、13"},
    "E133": {"size": "5.2 MB"},
    "E134": {"known": "PNG、JPEG、WebP"},
    "E148": {"found": "甲区 2024、乙区 2023"},
    "E146": {"reason": "一个是公开版，一个是内部版", "reason_en": "one is public, the other internal"},
    "E200": {"file": "data/2024/教育局.xlxs"},
    "E202": {"detail": "BadZipFile: File is not a zip file"},
    "E203": {"column": "经度", "letter": "D", "value": "22.53"},
    "E205": {"suffix": ".numbers", "known": ".csv .tsv .txt .xlsx .xlsm .xls .et", "file": "data/2024/教育局.numbers"},
    "E208": {"detail": "只有第 1 行的表头", "detail_en": "only the header in row 1"},
    "E210": {"title": "名称", "title_en": "name"},
    "E211": {"title": "经度"},
    "E212": {"present": "Sheet1、说明"},
    "E213": {"present": "2023年、2024年"},
    "E218": {"detail": "pyogrio 120 ≠ fiona 119"},
    "E219": {"present": "parks、parks_old", "file": GIS},
    "E222": {"column": "编号", "letter": "A", "value": "3.30381E+17"},
    "E223": {"title": "年份", "title_en": "year", "expected": "年份", "expected_en": "a year", "example": "2024", "value": "去年"},
    "W223": {"value": "约六十个"},
    "W224": {"title": "状态", "title_en": "status", "value": "天天", "nearest": "在用"},
    "W225": {"value": "99999999"},
    "W226": {"value": "锟斤拷"},
    "E227": {"rows": "1、40"},
    "W227": {"given": "人", "title": "占地面积", "title_en": "area"},
    "E228": {"detail": "12 x ↵", "row": 40, "file": CSV},
    "W231": {"rows": 80, "year": 2023, "percent": 33},
    "W234": {"value": "114.9813"},
    "E232": {"value": "225.3"},
    "E231": {"value": "看不懂"},
    "E236": {"lon": "505142.96", "lat": "3065872.1"},
    "E237": {"datum": "EPSG:4549", "lon": "38505142.96"},
    "E239": {"datum": "火星", "detail": "unknown"},
    "E246": {"column": "坐标系", "value": "火星"},
"W247": {"count": 9, "closer": 8},
    "W248": {"columns": 6, "rows": 5, "count": 30},
    "I217": {"count": 3, "reason": "点位不到 5 个", "reason_en": "fewer than 5 sites"},
    "W244": {"value": "第一小学"},
    "I201": {"encoding": "GBK/GB18030"},
    "W218": {"encoding": "GB18030"},
    "W219": {"what": "第 5–9 行", "what_en": "rows 5-9"},
    "I214": {"what": "第 5–9 行", "what_en": "rows 5-9"},
    "E216": {"rows": 100, "limit": "5%"},
    "I212": {"header": "学校全称", "title": "名称", "title_en": "name"},
    "W250": {"detail": "Self-intersection", "change": "0.20%"},
    "E251": {"detail": "Self-intersection"},
    "E253": {"expected": "点", "expected_en": "points", "actual": "Polygon"},
    "E254": {"detail": "ParseException: Expected number"},
    "W260": {"names": "东街道"},
    "W261": {"names": "东街道 → 西镇"},
    "W266": {"names": "六一游园：2024-06-02 → 2024-06-01"},
    "E257": {"cells": "9,000,000,000", "most": "400,000,000"},
    "E280": {"year": 2023},
    "E282": {"rows": 14},
    "W283": {"columns": "地址、电话"},
    "W284": {"known": "保留、变更、撤销、新增"},
    "W285": {"old": "老第一小学"},
    "I286": {"rows": 120},
    "W292": {"rows": 120},
    "E294": {"file": "调查表.xlsx", "sheets": "路段、校门", "header": "键（请勿改动）"},
    "E297": {"file": "调查表.xlsx", "sheet": "路段", "columns": "键（请勿改动）"},
    "W281": {"file": None, "count": 1, "names": "第九小学"},
    "W282": {"file": "调查表.xlsx", "sheet": "路段", "lost": "列“人行道”", "lost_en": "column 人行道", "more": "；表里多出来的列：人行道有没有", "more_en": "; columns that do not belong: 人行道有没有"},
    "E295": {"file": "data/survey/调查表.csv", "columns": "键、项目、侧、答案"},
    "E296": {"file": "整改清单.csv", "columns": "键、项目、侧、答案"},
    "E298": {"file": None, "names": "第九小学", "count": 120},
    "W293": {"meant": "第一小学 3", "shown": "第二小学 3", "column": "学校", "value": "第二小学"},
    "W294": {"where": "人民路", "column": "键（请勿改动）", "value": "12/3-4"},
    "W295": {"known": "有、无、占用", "column": "人行道", "letter": "H", "value": "有一点"},
    "W296": {"minimum": "5", "maximum": "120", "unit": "公里/小时", "column": "限速值（公里/小时）", "letter": "K", "value": "300"},
    "W297": {"today": "2024-12-31", "column": "日期", "letter": "O", "value": "2042-12-05"},
    "W298": {"one": "人行空间 有 2", "other": "人行空间 无", "first": "调查表.xlsx 路段 9"},
    "I298": {"one": "人行空间 无", "other": "人行空间 有 2", "first": "data/survey/调查表.csv 9"},
    "I299": {"file": None, "count": 12, "year": 2023},
    "W299": {"reason": "选了“限速”，没有填限多少", "reason_en": "it says 限速 without the number", "column": "限速", "letter": "J", "value": "限速"},
    "E287": {"year": 2024},
    "W291": {"old": "第二小学"},
    "W311": {"percent": 0},
    "W232": {"count": 20, "year": 2023, "layers": "亲子研学线路 7 → 12、儿童友好企业 11 → 18、儿童之家 79 → 124", "layers_en": "Family routes 7 → 12, Enterprises 11 → 18"},
    "W313": {"km": "612.4", "before": "1,530.2", "percent": 60, "edition": 2023, "version": 4},
    "W314": {"date": "2022-05-01", "before": "2023-12-01", "edition": 2023, "version": 4},
    "E308": {"share": "3%"},
    "E310": {"km": "-1"},
    "E347": {"cells": "120", "most": "50"},
    "E362": {"known": "highway、name、width", "nearest": "highway"},
    "W350": {"given": 100.0, "measured": 118.2},
    "W357": {"first": "解放路", "lat": 22.51234, "lon": 114.01234},
    "W359": {"first": "解放路", "lat": 22.51234, "lon": 114.01234},
    "W356": {"lat": 22.51234, "lon": 114.01234},
    "E383": {"detail": "0 km/h"},
    "W385": {"limit": 300},
    "W370": {"file": "data/2024/教育局.xlsx", "sheet": "学校出入口", "row": 5, "column": "所属学校", "value": "第一小学", "metres": "1,520", "limit": "500", "name": "东门", "school": "第一小学"},
    "W362": {"file": "data/2024/教育局.xlsx", "sheet": "学校出入口", "row": 5, "column": "所属学校", "value": "第一小学", "metres": "210", "walk": "1,940 米", "walk_en": "1,940 m", "name": "东门", "school": "第一小学"},
    "W390": {"file": "data/2024/教育局.xlsx", "sheet": "学校出入口", "row": 5, "column": "所属学校", "value": "一小", "name": "东门", "reason": "学校表里没有在用的“一小”", "reason_en": "no school in use is called 一小", "nearest": "第一小学"},
    "I390": {"count": 3, "names": "示例幼儿园（出入口）"},
    "W363": {"file": "data/2024/交警_通学路.shp", "row": 3, "name": "第一小学学径", "school": "第一小学", "metres": "430"},
    "W371": {"file": "data/2024/交警_通学路.shp", "row": 3, "name": "第一小学学径", "metres": "20", "percent": "80"},
    "W372": {"file": "data/2024/交警_通学路.shp", "row": 3, "name": "第一小学学径", "count": 2},
    "W373": {"file": "data/2024/交警_通学路.shp", "row": 3, "name": "第一小学学径"},
    "W375": {"first": "第一小学学径", "second": "第二小学学径", "gap": "3.2", "lat": "22.51234", "lon": "114.01234"},
    "W364": {"layer": "幼儿园", "layer_en": "Kindergartens", "missing": "3–5岁", "missing_en": "aged 3-5"},
    "W376": {"count": 12, "metres": "1500", "off_zh": "（其中 2 个旁边没有路）", "off_en": " (2 of them have no street near)"},
    "E390": {"first": "X001"},
    "W392": {"file": "data/2024/教育局.xlsx", "sheet": "学校出入口", "row": 5, "name": "东门", "school": "第一小学", "lon": "113.951234", "lat": "22.541234"},
    "W394": {"file": "data/2024/公安局.xlsx", "sheet": "无障碍过街设施", "row": 3, "name": "一小门前", "lon": "113.951234", "lat": "22.541234", "metres": "25"},
    "W361": {"file": "data/survey/调查表.csv", "row": 3, "column": "答案", "value": "无", "item": "人行空间", "item_en": "walking space", "one": "现场调查（2026-05-01）写“无”", "one_en": "a survey on the spot (2026-05-01): 无", "other": "地图 way/123456 sidewalk=both", "other_en": "way/123456 sidewalk=both"},
    "W360": {"osm": "way/123456", "lon": "113.951234", "lat": "22.541234"},
    "W367": {"osm": "way/123456", "lon": "113.951234", "lat": "22.541234", "detail_zh": "限速", "detail_en": "limit of speed", "tags": "maxspeed=30;50"},
    "W374": {
        "osm": "way/123456", "lon": "113.951234", "lat": "22.541234", "detail_zh": "限速", "detail_en": "limit of speed",
        "tags": "maxspeed=30 maxspeed:forward=50", "counted_zh": "有的高于 30 有的不高于，不知道哪个对，限速算“不清楚”",
        "counted_en": "one is above 30 km/h, another is not, and nobody can tell which is right: unknown",
    },
    "E389": {"known": "0-2、3-5、6-11", "missing": "6-11"},
    "E398": {"known": "第一小学、第二小学"},
    "W399": {"detail_zh": "5 个孩子附近的路口凑不够 3 个孩子", "detail_en": "5 children: fewer than 3 children round any junction"},
    "E401": {"host": "gh-pc-07", "start": "2024-12-31T07:03:00Z"},
    "E402": {"needed": "60.0 MB"},
    "E403": {"detail": "Permission denied"},
    "E404": {"name": "check.xlsx", "seconds": 2.5},
    "E405": {"detail": "Input/output error"},
    "W405": {"what": "check.xlsx 正被别的程序打开，换不成新版本", "what_en": "check.xlsx is open in another program and cannot be replaced"},
    "W406": {"version": "000012", "detail": "Input/output error"},
    "E408": {"detail": "Address already in use"},
    "E410": {"detail": "Resource temporarily unavailable"},
    "E411": {"needed": "60 GB", "limit": "3.6 GB"},
    "E431": {"variable": "TIANDITU_KEY"},
    "E432": {"detail": "301001 非法key", "variable": "TIANDITU_KEY"},
    "E433": {"service": "高德", "service_en": "Amap", "detail": "10003 DAILY_QUERY_OVER_LIMIT", "variable": "AMAP_KEY"},
    "E451": {"detail": "app.js"},
    "E490": {"detail": "KeyError"},
    "E492": {"detail": "No space left on device"},
    "E493": {"detail": "Permission denied", "file": "check.xlsx"},
    "E494": {"detail": "sites.csv", "file": "sites.csv"},
    "E497": {"known": ".csv .xlsx .gpkg"},
    "E501": {"cells": "17,179,869,184", "limit": "2,000,000"},
    "E502": {"actual": "虚拟数据源（VRT）"},
    "E504": {"detail": "900 : 1 > 200 : 1"},
    "E511": {"name": "index.html"},
    "E512": {"name": "index.html"},
    "E513": {"detail": "sites.gpkg"},
    "E515": {"title": "数据日期", "title_en": "the date of the data", "table": "edition", "line": "data_date = 2024-12-31"},
    "E516": {"layer": "困境儿童之家", "layer_en": "Homes of children in need", "key": "children_homes", "word": "困境儿童"},
    "E551": {"name": "底图", "detail": "https://tiles.example"},
    "E552": {"name": "临时图层"},
    "E554": {"detail": "没有坐标系", "detail_en": "it has no CRS"},
    "E601": {"name": "sites.gpkg", "detail": "schools: 119 ≠ 120"},
    "E602": {"name": "sites.parquet"},
    "W601": {"name": "coverage.walk51", "known": "coverage、people"},
    "W603": {"count": 90, "most": 60},
    "E604": {"name": "2024/versions/000012"},
}  # fmt: skip

_CELL = {"E203", "E214", "E215", "W215", "E220", "E221", "E222", "E223", "W223", "W224", "W225", "W226", "E231", "E232", "W233", "W234", "W235", "E236", "E237", "E238", "E246", "W262", "W263"}  # fmt: skip
_ROW = {"E207", "E228", "W244", "W250", "E251", "W252", "E253", "E254", "W283", "W284", "I284", "I285", "W285", "W286", "W287", "W288", "W289", "W290", "W291"}
_SHEET = {"I202", "I203", "I204", "I206", "E209", "E210", "E211", "E216", "I208", "I211", "W219", "I214", "I215", "I216", "W220", "E224", "E225", "E226", "E227", "W227", "W228", "E229", "E230", "W230", "E235", "W242", "W243", "W248", "E501", "E503", "W503"}  # fmt: skip


def example(code: str) -> Fault:
    """
    Give an example of a message, as a run prints it.

    Raises
    ------
    KeyError
        No such code.
    """
    own = OWN.get(code, {})
    facts = {name: own.get(name, FACTS.get(name, UNTOLD)) for name in facts_of(code)}
    place: dict[str, Any] = {"file": own.get("file", _file(code)), **{k: own[k] for k in ("sheet", "row", "column", "letter", "value") if k in own}}
    if code in _CELL:
        place = {"sheet": "学校", "row": 17, "column": "经度", "letter": "D"} | place
    elif code in _ROW:
        place = {"sheet": "学校", "row": 17} | place
    elif code in _SHEET:
        place = {"sheet": "学校"} | place
    return Fault(code, facts=facts, **place)


def facts_of(code: str) -> list[str]:
    """Names of the facts that a message needs."""
    message = MESSAGES[code]
    texts = (text for part in (message.what, message.why, message.how) for text in part)
    return sorted({name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name})


def _file(code: str) -> str | None:
    number = int(code[1:])
    if (
        number in (101, 126, 127, 128, 130, 131, 136, 145, 146, 147)
        or (400 <= number < 490 and code not in {"E411", "W431", "E437", "W432"})
        or 550 <= number < 700
    ):
        return None
    if number < 200:
        return SETTINGS
    if number in (217, 218, 219, 241, 250, 251, 252, 253, 255):
        return GIS
    if number in (207, 228):
        return CSV
    if number < 300 or number in (411, 501, 502, 503, 504, 270, 271, 272):
        return BOOK
    if number < 380 or number in (495, 496):
        return NETWORK
    return None
