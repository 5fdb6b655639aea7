"""Children's councils: where children have a say."""

from __future__ import annotations

from cfmap.model import Field, Layer
from cfmap.model.fields import COMMUNITY

council_seats = Layer(
    key="council_seats",
    title="儿童议事会",
    title_en="Children's councils",
    icon="council",
    colour="#5145a8",
    group="learn",
    fields=(
        Field(
            "tier",
            "层级",
            "tier",
            kind="choice",
            vocabulary=("县（市、区）级", "乡镇（街道）级", "村（社区）级", "学校级"),
            synonyms=("议事会层级", "级别", "类型"),
            public=True,
            hint="由哪一级组织",
        ),
        COMMUNITY,
        Field(
            "communities_reached",
            "辐射村（社区）数",
            "communities reached",
            kind="integer",
            unit="个",
            synonyms=("覆盖村社数", "辐射村社数"),
            public=True,
            minimum=0,
            hint="议事会覆盖的村（社区）个数",
        ),
        Field(
            "members",
            "小议员人数",
            "members",
            kind="integer",
            unit="人",
            synonyms=("成员数", "议事员人数"),
            public=True,
            minimum=0,
            hint="只填人数，不要填儿童姓名",
        ),
        Field(
            "sessions",
            "议事次数",
            "sessions a year",
            kind="integer",
            unit="次/年",
            synonyms=("年议事次数", "活动次数"),
            public=True,
            minimum=0,
            hint="每年开会次数",
        ),
        Field(
            "proposals", "提案数", "proposals a year", kind="integer", unit="件/年", synonyms=("提案", "建议数"), public=True, minimum=0, hint="每年提出的建议"
        ),
        Field(
            "adopted",
            "采纳提案数",
            "proposals adopted a year",
            kind="integer",
            unit="件/年",
            synonyms=("采纳数", "采纳建议数"),
            public=True,
            minimum=0,
            hint="被部门采纳的建议",
        ),
    ),
    description="孩子们开会提建议的地方，标明层级、议事次数和被采纳的提案。城市友不友好，要听孩子自己说。",
    description_en="Where children meet and make proposals, how often, and how many were adopted: whether a city is friendly is for children to say.",
    source="瑞安市三年行动计划（2022—2024年）第9、10条；常州市实施方案（2023—2025年）第3条",
)
