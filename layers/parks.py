"""Parks: nature within half an hour, and room for children in it."""

from __future__ import annotations

from cfmap.model import Field, Layer, OsmTags
from cfmap.model.fields import ADAPTED, AREA, CHILD_AREA, PILOT

parks = Layer(
    key="parks",
    title="公园绿地",
    title_en="Parks",
    icon="park",
    colour="#1b7f3b",
    group="play",
    fields=(
        PILOT,
        Field(
            "kind",
            "公园类型",
            "kind",
            kind="choice",
            vocabulary=("综合公园", "专类公园", "社区公园", "游园", "郊野公园", "湿地公园", "自然公园", "其他"),
            synonyms=("类型", "类别", "公园类别"),
            public=True,
            hint="口袋公园按“游园”填写",
        ),
        AREA,
        CHILD_AREA,
        ADAPTED,
        Field(
            "open_green",
            "绿地开放",
            "lawns open to play",
            kind="yesno",
            synonyms=("绿地开放共享", "草坪开放"),
            public=True,
            hint="草坪、林下空间对儿童开放填“是”",
        ),
        Field(
            "play_equipment",
            "儿童游乐设施",
            "play equipment",
            kind="integer",
            unit="件",
            synonyms=("游乐设施数", "儿童游乐设施数", "游戏设施"),
            public=True,
            minimum=0,
            hint="件数，没有就填 0",
        ),
    ),
    osm=(
        OsmTags(having=(("leisure", ("park", "nature_reserve")),), without=(("access", ("private", "no")),)),
        OsmTags(having=(("boundary", ("national_park",)),)),
    ),
    coverage="nature30",
    description="可以自由进入的公园和自然地，以及半小时内能到的范围。跑跳、观察虫鸟、躺在草地上，是城市孩子离自然最近的机会。",
    description_en=(
        "Parks and nature open to everyone, with the streets from which they are reached within half an hour: the nearest chance to run, climb and watch birds."
    ),
    source="瑞安市三年行动计划（2022—2024年）第69条；常州市实施方案（2023—2025年）第19条；重庆市实施方案（2022年）（二十一）；大渡口区儿童发展规划（2021—2030年）专栏七",
)
