"""Playgrounds: equipment, surface and access for every child."""

from __future__ import annotations

from cfmap.model import Field, Layer, OsmTags
from cfmap.model.fields import AREA, COMMUNITY, FREE

playgrounds = Layer(
    key="playgrounds",
    title="儿童游乐场",
    title_en="Playgrounds",
    icon="playground",
    colour="#4d7c0f",
    group="play",
    fields=(
        Field(
            "kind",
            "类型",
            "kind",
            kind="choice",
            vocabulary=("社区游乐场", "公园游乐场", "学校共享场地", "室内游乐场", "其他"),
            synonyms=("游乐场类型", "类别", "场地类型"),
            public=True,
            hint="最主要的一种",
        ),
        AREA,
        COMMUNITY,
        FREE,
        Field(
            "surface",
            "地面",
            "surface",
            kind="choice",
            vocabulary=("橡胶", "沙", "草", "木屑", "硬地", "其他"),
            synonyms=("地面材料", "铺装", "地面材质"),
            public=True,
            hint="游乐设施下面的地面",
        ),
        Field(
            "equipment",
            "游乐设施数",
            "pieces of equipment",
            kind="integer",
            unit="件",
            synonyms=("设施件数", "器材数", "游戏设施"),
            public=True,
            minimum=0,
            hint="件数",
        ),
        Field(
            "inclusive_play",
            "无障碍游乐设施",
            "inclusive equipment",
            kind="yesno",
            synonyms=("包容性设施", "残疾儿童可用"),
            public=True,
            hint="残疾儿童也能玩的设施",
        ),
    ),
    osm=(OsmTags(having=(("leisure", ("playground", "indoor_play")),), without=(("access", ("private", "no")),)),),
    coverage="walk15",
    description="对外开放的儿童游乐场，以及步行15分钟能到的范围。玩是孩子的权利，也是长身体、学相处的功课。",
    description_en=(
        "Playgrounds open to all, with the streets within a 15-minute walk: play is a child's right, and how children grow and learn to get along."
    ),
    source="常州市实施方案（2023—2025年）第16、19条；重庆市实施方案（2022年）（十八）；大渡口区儿童发展规划（2021—2030年）专栏七；瑞安市三年行动计划（2022—2024年）第53条",
)
