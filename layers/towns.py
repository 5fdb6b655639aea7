"""Child-friendly towns and subdistricts."""

from __future__ import annotations

from cfmap.model import Field, Layer
from cfmap.model.fields import LEVEL, PILOT

towns = Layer(
    key="towns",
    title="儿童友好乡镇（街道）",
    title_en="Child-friendly towns",
    icon="town",
    colour="#475569",
    group="place",
    fields=(
        PILOT,
        LEVEL,
        Field(
            "kind",
            "类型",
            "kind",
            kind="choice",
            vocabulary=("街道", "镇", "乡", "功能区"),
            synonyms=("行政区划类型", "类别"),
            public=True,
            hint="街道、镇、乡或功能区",
        ),
        Field(
            "communities",
            "村（社区）数",
            "communities",
            kind="integer",
            unit="个",
            synonyms=("村社数", "村居数"),
            public=True,
            minimum=0,
            hint="辖区内村和社区总数，是各项覆盖率的分母",
        ),
        Field(
            "protection_station",
            "未成年人保护工作站",
            "child-protection station",
            kind="yesno",
            synonyms=("未保站", "是否有未保站"),
            public=True,
            hint="已建立填“是”",
        ),
        Field("council", "儿童议事机构", "children's council", kind="yesno", synonyms=("儿童议事会", "是否有儿童议事会"), public=True, hint="已建立填“是”"),
    ),
    description="参与儿童友好建设的乡镇和街道，标明试点状态和基层机构是否齐全。孩子的事最后都落在身边这一级。",
    description_en=(
        "Towns and subdistricts in the programme, and whether their local services exist: what concerns children is in the end done at this level."
    ),
    source="瑞安市三年行动计划（2022—2024年）第四部分（四）；重庆市实施方案（2022年）（二十六）",
)
