"""Children's homes (儿童之家): community rooms where children are looked after and play."""

from __future__ import annotations

from cfmap.model import Field, Layer
from cfmap.model.fields import AREA, COMMUNITY, SETTING

children_homes = Layer(
    key="children_homes",
    title="儿童之家",
    title_en="Children's community rooms",
    icon="home",
    colour="#9c27b0",
    group="care",
    fields=(
        Field(
            "tier",
            "类型",
            "tier",
            kind="choice",
            vocabulary=("基础型", "示范型"),
            synonyms=("儿童之家类型", "等级", "类别", "星级"),
            public=True,
            hint="基础型或示范型",
        ),
        COMMUNITY,
        SETTING,
        AREA,
        Field(
            "hours_week",
            "每周开放时长",
            "hours open a week",
            kind="number",
            unit="小时/周",
            synonyms=("周开放时长", "每周开放小时数"),
            public=True,
            minimum=0,
            maximum=168,
            hint="每周共开放几小时",
        ),
        Field(
            "activities",
            "年活动次数",
            "activities a year",
            kind="integer",
            unit="次/年",
            synonyms=("活动次数", "年度活动次数"),
            public=True,
            minimum=0,
            hint="每年组织的活动",
        ),
    ),
    coverage="walk15",
    description="村和社区里的儿童之家，分基础型和示范型，以及步行15分钟能到的范围。放学后家里没人时，这里有人陪、有书看、有伴玩。",
    description_en=(
        "Community rooms for children, basic or model, and the streets within a 15-minute walk: company, books and friends when nobody is at home yet."
    ),
    source="瑞安市三年行动计划（2022—2024年）第四部分（三）；重庆市实施方案（2022年）（三十一）",
)
