"""Micro-spaces: play and reading corners inside communities."""

from __future__ import annotations

from cfmap.model import Field, Layer
from cfmap.model.fields import AREA, COMMUNITY, PILOT

micro_spaces = Layer(
    key="micro_spaces",
    title="儿童友好微空间",
    title_en="Micro-spaces",
    icon="pocket-park",
    colour="#0f766e",
    group="play",
    fields=(
        PILOT,
        Field(
            "kind",
            "类型",
            "kind",
            kind="choice",
            vocabulary=("游戏角落", "文化角", "阅读角", "运动角", "自然角", "口袋空间", "其他"),
            synonyms=("微空间类型", "类别", "空间类型"),
            public=True,
            hint="最主要的一种",
        ),
        AREA,
        COMMUNITY,
        Field(
            "old_estate",
            "老旧小区改造",
            "part of estate renewal",
            kind="yesno",
            synonyms=("是否老旧小区改造", "结合老旧小区改造"),
            public=True,
            hint="结合老旧小区改造建设填“是”",
        ),
        Field(
            "co_design",
            "儿童参与设计",
            "designed with children",
            kind="yesno",
            synonyms=("儿童参与", "是否有儿童参与"),
            public=True,
            hint="设计时征求过儿童意见填“是”",
        ),
    ),
    coverage="walk15",
    description="社区里的游戏角落、阅读角等小地方，以及步行15分钟能到的范围。放学后、饭后的半小时，孩子最常去的就是楼下这一小块。",
    description_en=(
        "Small corners for play or reading inside communities, with the streets within a 15-minute walk: where children go in the half hour after school."
    ),
    source="瑞安市三年行动计划（2022—2024年）第72条；重庆市实施方案（2022年）（三十一）；常州市实施方案（2023—2025年）第15条",
)
