"""The columns that sites of every layer share."""

from __future__ import annotations

from cfmap.model.errors import ConfigError
from cfmap.model.layer import Field
from cfmap.model.messages import fault

STATUSES = ("在用", "在建", "规划", "关闭", "未知")
NAMELESS = "（未命名）"  # ends the title that a site without a name is given
OPEN = "在用"  # the only status that counts as reachable today; 未知 counts too, with a warning
IN_USE = (OPEN, "未知")  # what is there today, as far as anybody knows

FACILITIES = ("母婴室", "护理台", "儿童厕所", "饮水点", "无障碍", "遮阳避雨", "急救箱", "婴儿车可达", "停车", "室内", "室外")

#: Columns in output order. Every layer's GeoDataFrame has exactly these, then the layer's own fields, then `geometry`.
SITE_FIELDS: tuple[Field, ...] = (
    Field("id", "编号", "id", synonyms=("序号编码", "ID", "代码", "标识码", "设施编号"), hint="同一处每年不变；空着时由程序按名称和位置生成"),
    Field("name", "名称", "name", synonyms=("设施名称", "单位名称", "机构名称", "学校名称", "点位名称", "项目名称", "全称"), required=True, public=True),
    Field("layer", "图层", "layer", public=True),
    Field(
        "year",
        "年份",
        "year",
        kind="year",
        unit="年",
        synonyms=("建成年份", "命名年份", "授牌年份", "年度", "认定年份"),
        public=True,
        minimum=1900,
        maximum=2100,
    ),
    Field("status", "状态", "status", kind="choice", vocabulary=STATUSES, synonyms=("运营状态", "现状"), public=True),
    Field("town", "乡镇街道", "town", synonyms=("所属乡镇", "街道", "镇街", "所在街道", "所属街道", "乡镇", "镇（街道）"), public=True),
    Field("lead_unit", "牵头单位", "lead unit", synonyms=("责任单位", "主管部门", "主管单位"), public=True),
    Field("age_min", "最小年龄", "youngest age", kind="number", unit="岁", synonyms=("适合年龄下限", "起始年龄"), public=True, minimum=0, maximum=18),
    Field("age_max", "最大年龄", "oldest age", kind="number", unit="岁", synonyms=("适合年龄上限", "截止年龄"), public=True, minimum=0, maximum=18),
    Field("opening", "开放时间", "opening hours", synonyms=("营业时间", "开放时段", "服务时间"), public=True),
    Field("facilities", "设施", "facilities", kind="list", vocabulary=FACILITIES, synonyms=("配套设施", "设施配备"), public=True),
    Field("fee", "收费", "fee", kind="choice", vocabulary=("免费", "收费", "部分收费"), synonyms=("是否收费", "收费情况"), public=True),
    Field("address", "地址", "address", synonyms=("详细地址", "地点", "位置", "机构地址"), public=True),
    Field("phone", "公开电话", "public phone", synonyms=("对外电话", "咨询电话", "服务电话"), public=True),
    Field("website", "网址", "website", synonyms=("官网", "链接"), public=True),
    Field(
        "photo",
        "照片",
        "photo",
        synonyms=("照片文件",),
        public=True,
        hint="data 文件夹里的图片，从项目文件夹写起，例如 data/2024/照片/东山公园.jpg；没有就空着",
    ),
    Field("batch", "批次", "batch", synonyms=("认定批次", "试点批次"), public=True),
    Field("source", "来源", "source", synonyms=("数据来源",), public=True),
    Field("source_date", "数据日期", "data date", kind="date", public=True),
)
SITE_COLUMNS: tuple[str, ...] = tuple(f.key for f in SITE_FIELDS)

#: Headers under which the two coordinates are found.
LON_HEADERS = ("经度", "lng", "lon", "longitude", "x", "东经", "x坐标", "横坐标", "东坐标")
LAT_HEADERS = ("纬度", "lat", "latitude", "y", "北纬", "y坐标", "纵坐标", "北坐标")

#: Ages of children, as columns of population tables: column -> (title, English, first age, last age inclusive).
AGE_BANDS: dict[str, tuple[str, str, int, int | None]] = {
    "pop_0_2": ("0–2岁", "aged 0-2", 0, 2),
    "pop_3_5": ("3–5岁", "aged 3-5", 3, 5),
    "pop_6_11": ("6–11岁", "aged 6-11", 6, 11),
    "pop_12_14": ("12–14岁", "aged 12-14", 12, 14),
    "pop_15_17": ("15–17岁", "aged 15-17", 15, 17),
    "pop_total": ("常住人口", "residents", 0, None),
}
#: Whose ways are looked at: layer -> columns of the children who walk there.
AGES_OF: dict[str, tuple[str, ...]] = {"schools": ("pop_6_11", "pop_12_14"), "kindergartens": ("pop_3_5",)}


def age_bands(age: str) -> tuple[str, ...]:
    """
    Columns of people that make up an age: ``0-2`` is one, ``0-14`` four, ``all`` the residents.

    Raises
    ------
    ConfigError
        E393 when the age is not made of whole bands.
    """
    first, _, last = age.replace("–", "-").partition("-")
    if age == "all":
        return ("pop_total",)
    chosen = tuple(
        key
        for key, (_, _, low, high) in AGE_BANDS.items()
        if high is not None and first.isdigit() and last.isdigit() and low >= int(first) and high <= int(last)
    )
    ends = {(AGE_BANDS[k][2], AGE_BANDS[k][3]) for k in chosen}
    if not chosen or str(min(low for low, _ in ends)) != first or str(max(high or 0 for _, high in ends)) != last:
        known = " ".join(f"{low}-{high}" for _, _, low, high in AGE_BANDS.values() if high is not None)
        raise ConfigError(fault("E393", age=age, known=known))
    return chosen
