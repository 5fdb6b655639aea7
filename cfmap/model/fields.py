"""Which columns do several layers share beyond the common schema?"""

from __future__ import annotations

from cfmap.model.layer import Field

#: Where a site stands in the city's child-friendly programme; counted by the pilot targets ("试点学校5个").
PILOT = Field(
    "pilot",
    "儿童友好试点",
    "child-friendly pilot",
    kind="choice",
    vocabulary=("已命名", "试点", "培育", "否"),
    synonyms=("试点状态", "试点情况", "是否试点", "命名情况"),
    public=True,
    hint="已命名、试点、培育或否；不清楚就留空",
)

#: Who named it; provincial and municipal demonstration counts need it.
LEVEL = Field(
    "level",
    "命名级别",
    "named by",
    kind="choice",
    vocabulary=("国家级", "省级", "市级", "县（区）级", "乡镇（街道）级"),
    synonyms=("级别", "认定级别", "示范级别"),
    public=True,
    hint="由哪一级认定或命名",
)

AREA = Field(
    "area_m2",
    "面积",
    "area",
    kind="number",
    unit="m²",
    synonyms=("占地面积", "建筑面积", "场地面积", "面积（平方米）", "面积(㎡)", "面积(m²)"),
    public=True,
    minimum=0,
    hint="平方米，只填数字",
)

CHILD_AREA = Field(
    "child_area_m2",
    "儿童活动区面积",
    "children's area",
    kind="number",
    unit="m²",
    synonyms=("儿童区面积", "少儿区面积", "儿童活动面积", "儿童专区面积"),
    public=True,
    minimum=0,
    hint="其中供儿童使用的面积，平方米",
)

ADAPTED = Field(
    "adapted",
    "适儿化改造",
    "adapted for children",
    kind="yesno",
    synonyms=("是否适儿化", "适儿化", "适儿化改造情况"),
    public=True,
    hint="已完成改造填“是”，没有填“否”，不清楚就留空",
)

FREE = Field(
    "low_fee",
    "免费或低收费开放",
    "free or low-fee opening",
    kind="yesno",
    synonyms=("低收费开放", "公益开放", "免费开放"),
    public=True,
    hint="对儿童免费或低收费开放填“是”",
)

COMMUNITY = Field(
    "community",
    "所在村（社区）",
    "village or community",
    synonyms=("村（社区）", "村社", "社区", "所属社区", "所在社区", "村居"),
    public=True,
    hint="写全称，按村（社区）统计覆盖时要用",
)

SETTING = Field(
    "setting",
    "城乡",
    "urban or rural",
    kind="choice",
    vocabulary=("城区", "农村"),
    synonyms=("城乡类型", "城乡分类"),
    public=True,
    hint="城区社区或农村社区（村），覆盖率分开计算",
)

OWNERSHIP = Field(
    "ownership",
    "举办性质",
    "run by",
    kind="choice",
    vocabulary=("公办", "民办", "公建民营", "民办公助", "其他"),
    synonyms=("办学性质", "性质", "举办者性质", "办园性质", "机构性质"),
    public=True,
    hint="公办、民办、公建民营、民办公助或其他",
)
