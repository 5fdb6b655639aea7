"""Which department hands in which layer, in which file, datum and words? No two do it alike."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sheet:
    """
    One source of one layer.

    Parameters
    ----------
    layer
        Key of the layer.
    file
        Name inside the year's folder; its ending decides the format.
    sheet
        Worksheet of a workbook.
    datum
        As `cfmap.toml` declares it.
    encoding
        Of CSV and shapefile text.
    headers
        Field key -> the header this department uses; others use the layer's own titles.
    title
        A title row above the header, as offices like to have it.
    merged
        Towns as merged cells.
    total
        A 合计 row at the end.
    degrees
        Coordinates as degrees, minutes and seconds.
    """

    layer: str
    file: str
    sheet: str = ""
    datum: str = "wgs84"
    encoding: str = "utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    title: str = ""
    merged: bool = False
    total: bool = False
    degrees: bool = False


#: CGCS2000 three-degree zone 41 (central meridian 123 E): without and with the zone's number in the easting.
ZONE_PLAIN, ZONE_PREFIXED = "EPSG:4550", "EPSG:4529"

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "schools",
        "教育局.xlsx",
        "学校",
        "gcj02",
        headers={"name": "学校名称", "town": "所属乡镇", "year": "建成年份", "pupils": "在校学生数", "ownership": "办学性质"},
        title="示例市中小学校基本情况表（演示数据）",
    ),
    Sheet("kindergartens", "教育局.xlsx", "幼儿园", "gcj02", headers={"town": "所属乡镇", "ownership": "办园性质"}),
    Sheet("school_gates", "教育局.xlsx", "校门", "gcj02"),
    Sheet("special_education", "教育局.xlsx", "特殊教育", "gcj02"),
    Sheet("childcare", "卫健局.xlsx", "托育", "bd09", headers={"name": "机构名称", "town": "街道", "opening": "服务时间"}, total=True),
    Sheet("hospitals", "卫健局.xlsx", "医院", "bd09", headers={"name": "机构名称"}),
    Sheet("primary_care", "卫健局.xlsx", "基层卫生", "bd09", headers={"name": "机构名称", "town": "镇街"}, merged=True),
    Sheet("parks", "园林局_公园.csv", datum=ZONE_PLAIN, encoding="gb18030", headers={"area_m2": "面积（平方米）"}),
    Sheet("playgrounds", "住建局.xlsx", "儿童游乐场", ZONE_PREFIXED),
    Sheet("micro_spaces", "住建局.xlsx", "微空间", ZONE_PREFIXED),
    Sheet("streets", "住建局.xlsx", "儿童友好街区", ZONE_PREFIXED),
    Sheet("venues", "文旅局_场馆.geojson", datum="wgs84"),
    Sheet("libraries", "文旅局_图书馆.geojson", datum="wgs84"),
    Sheet("study_routes", "文旅局_研学线路.shp", datum="cgcs2000", encoding="gbk"),
    Sheet("study_bases", "团委.xlsx", "研学基地", "gcj02"),
    Sheet("council_seats", "团委.xlsx", "儿童议事会", "gcj02"),
    Sheet("events", "团委.xlsx", "活动点位", "gcj02"),
    Sheet("children_homes", "妇联.xlsx", "儿童之家", "gcj02", headers={"year": "认定年份"}),
    Sheet("parent_schools", "妇联.xlsx", "家长学校", "gcj02"),
    Sheet("communities", "妇联.csv", datum="gcj02", encoding="utf-8-sig", headers={"year": "命名年份"}),
    Sheet("milk_stations", "妇联_母乳喂养驿站.csv", datum="bd09", encoding="utf-8-sig"),
    Sheet("mother_baby_rooms", "总工会_母婴室.csv", datum="bd09", encoding="utf-8"),
    Sheet("towns", "民政局.xlsx", "示范乡镇", "wgs84", degrees=True),
    Sheet("protection_stations", "民政局.xlsx", "未成年人保护", "wgs84", degrees=True),
    Sheet("business_areas", "商务局.xlsx", "商圈", "gcj02"),
    Sheet("enterprises", "商务局.xlsx", "企业", "gcj02"),
    Sheet("accessible_crossings", "交警_过街设施.csv", datum="cgcs2000", encoding="gb18030"),
    Sheet("safe_routes", "交警_通学路.shp", datum="cgcs2000", encoding="gbk"),
    Sheet("school_bus_lines", "教育局_校车线路.shp", datum="cgcs2000", encoding="gbk"),
    Sheet("demonstration_areas", "发改局_示范区域.gpkg", datum="cgcs2000"),
)
