"""Childcare for under-threes: places, affordability, and who can walk there."""

from __future__ import annotations

from cfmap.model import Field, Layer, OsmTags
from cfmap.model.fields import COMMUNITY, LEVEL, OWNERSHIP

childcare = Layer(
    key="childcare",
    title="托育机构",
    title_en="Childcare",
    icon="childcare",
    colour="#7b1fa2",
    group="care",
    fields=(
        Field(
            "places",
            "托位数",
            "places",
            kind="integer",
            unit="个",
            synonyms=("托位", "设置托位数", "托位总数", "备案托位数"),
            public=True,
            minimum=0,
            hint="3岁以下婴幼儿托位总数",
        ),
        Field(
            "enrolled",
            "在托人数",
            "children enrolled",
            kind="integer",
            unit="人",
            synonyms=("在托婴幼儿数", "实际收托", "收托人数"),
            public=True,
            minimum=0,
            hint="目前实际在托的人数",
        ),
        Field(
            "inclusive", "普惠性", "publicly supported fee", kind="yesno", synonyms=("是否普惠", "普惠", "普惠托育"), public=True, hint="认定为普惠托育填“是”"
        ),
        Field(
            "inclusive_places",
            "普惠性托位数",
            "supported places",
            kind="integer",
            unit="个",
            synonyms=("普惠托位", "普惠托位数"),
            public=True,
            minimum=0,
            hint="其中按普惠价格收费的托位",
        ),
        Field(
            "inclusive_enrolled",
            "普惠性托位在托人数",
            "children in supported places",
            kind="integer",
            unit="人",
            synonyms=("普惠在托人数", "普惠托位在托"),
            public=True,
            minimum=0,
            hint="普惠托位上实际在托的人数，用来算使用率",
        ),
        OWNERSHIP,
        Field(
            "kind",
            "举办形式",
            "kind",
            kind="choice",
            vocabulary=("独立托育机构", "幼儿园托班", "社区托育点", "用人单位托育", "家庭托育点", "综合服务中心", "其他"),
            synonyms=("类型", "类别", "机构类型", "托育类型"),
            public=True,
            hint="幼儿园办的托班选“幼儿园托班”",
        ),
        Field(
            "roles",
            "指导功能",
            "guidance roles",
            kind="list",
            vocabulary=("服务指导中心", "实训基地", "示范性机构", "早期发展基地"),
            synonyms=("承担功能", "示范功能"),
            public=True,
            hint="多项用分号隔开，没有就留空",
        ),
        LEVEL,
        COMMUNITY,
        Field("registered", "已备案", "registered", kind="yesno", synonyms=("是否备案", "备案"), public=True, hint="在卫生健康部门备案填“是”"),
    ),
    osm=(OsmTags(having=(("amenity", ("childcare",)),)),),
    coverage="walk15",
    description="三岁以下孩子的托育机构，含托位数、是否普惠，以及步行15分钟能到的范围。托得起、走得到，年轻父母才能安心上班。",
    description_en=(
        "Childcare for under-threes: places, whether fees are supported, and the streets within a 15-minute walk. "
        "Parents can only work at ease when care is affordable and near."
    ),
    source="瑞安市三年行动计划（2022—2024年）第16条、第四部分（二）；重庆市实施方案（2022年）（五）；大渡口区儿童发展规划（2021—2030年）二（四）2、专栏五；常州市实施方案（2023—2025年）第4条",
)
