"""Kindergartens: places for three- to five-year-olds, and how many of them are affordable."""

from __future__ import annotations

from cfmap.model import Field, Layer, OsmTags
from cfmap.model.fields import LEVEL, OWNERSHIP, PILOT

kindergartens = Layer(
    key="kindergartens",
    title="幼儿园",
    title_en="Kindergartens",
    icon="kindergarten",
    colour="#0369a1",
    group="learn",
    fields=(
        PILOT,
        LEVEL,
        OWNERSHIP,
        Field(
            "inclusive",
            "普惠性",
            "publicly supported fee",
            kind="yesno",
            synonyms=("是否普惠", "普惠", "普惠园", "普惠性幼儿园"),
            public=True,
            hint="公办园和认定的普惠性民办园填“是”",
        ),
        Field(
            "children",
            "在园幼儿",
            "children enrolled",
            kind="integer",
            unit="人",
            synonyms=("在园幼儿数", "在园人数", "幼儿数"),
            public=True,
            minimum=0,
            hint="当学年在园幼儿总数",
        ),
        Field(
            "places",
            "学位数",
            "places",
            kind="integer",
            unit="个",
            synonyms=("设计规模", "设计学位", "学位"),
            public=True,
            minimum=0,
            hint="设计可容纳的幼儿数",
        ),
        Field(
            "nursery_places",
            "托班托位数",
            "nursery places",
            kind="integer",
            unit="个",
            synonyms=("托班托位", "托班学位", "托幼一体托位"),
            public=True,
            minimum=0,
            hint="招收3岁以下幼儿的托班托位",
        ),
        Field(
            "grade",
            "等级",
            "grade",
            kind="choice",
            vocabulary=("省一级", "省二级", "省三级", "市级", "其他", "未评级"),
            synonyms=("办园等级", "幼儿园等级", "等级评定"),
            public=True,
            hint="当地评定的办园等级",
        ),
        Field(
            "works",
            "建设类型",
            "works",
            kind="choice",
            vocabulary=("无", "新建", "改建", "扩建", "改扩建", "续建"),
            synonyms=("建设性质", "工程类型", "新改扩建"),
            public=True,
            hint="本规划期内的新建、扩建、续建情况",
        ),
        Field(
            "entrance_plan",
            "出入口规划",
            "entrances planned",
            kind="yesno",
            synonyms=("交通出入口规划", "出入口已规划", "园门规划"),
            public=True,
            hint="交通出入口是否已经过规划",
        ),
    ),
    osm=(OsmTags(having=(("amenity", ("kindergarten",)),)),),
    coverage="walk15",
    description="幼儿园的位置、性质和普惠情况，以及步行15分钟能到的范围。家门口有园、上得起园，三到五岁的孩子才不用每天远路奔波。",
    description_en=(
        "Kindergartens, who runs them and whether they are affordable, with the streets within a 15-minute walk: small "
        "children should not have to travel far every day."
    ),
    source="瑞安市三年行动计划（2022—2024年）第20条、第四部分（二）；重庆市实施方案（2022年）（六）；大渡口区儿童发展规划（2021—2030年）专栏一；常州市实施方案（2023—2025年）第5条",
)
