"""Parent schools: guidance on bringing up children."""

from __future__ import annotations

from cfmap.model import Field, Layer
from cfmap.model.fields import COMMUNITY, SETTING

parent_schools = Layer(
    key="parent_schools",
    title="家长学校与家庭教育指导站",
    title_en="Parent schools",
    icon="parents",
    colour="#854d9e",
    group="care",
    fields=(
        Field(
            "kind",
            "类型",
            "kind",
            kind="choice",
            vocabulary=("社区家长学校", "中小幼家长学校", "家庭教育指导服务站", "家庭教育指导中心", "其他"),
            synonyms=("机构类型", "类别"),
            public=True,
            hint="最主要的一种",
        ),
        COMMUNITY,
        SETTING,
        Field(
            "sessions",
            "年开课次数",
            "sessions a year",
            kind="integer",
            unit="次/年",
            synonyms=("开课次数", "活动次数", "年活动次数"),
            public=True,
            minimum=0,
            hint="每年面向家长的课程和活动",
        ),
    ),
    description="家长学校和家庭教育指导服务站，可按城区、农村分别统计覆盖的村和社区。怎样当父母也需要学，这里有人教。",
    description_en=("Parent schools and family-guidance stations, counted for urban and rural communities: being a parent can be learnt, and here is where."),
    source="大渡口区儿童发展规划（2021—2030年）专栏一30、31；常州市实施方案（2023—2025年）第22条；瑞安市三年行动计划（2022—2024年）第80条",
)
