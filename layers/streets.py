"""Child-friendly street blocks."""

from __future__ import annotations

from cfmap.model import Field, Layer
from cfmap.model.fields import ADAPTED, AREA, LEVEL, PILOT

streets = Layer(
    key="streets",
    title="儿童友好街区",
    title_en="Child-friendly street blocks",
    icon="street",
    colour="#5f5a2e",
    group="place",
    fields=(
        PILOT,
        LEVEL,
        AREA,
        ADAPTED,
        Field(
            "traffic_works",
            "交通适儿化微改造",
            "small traffic works",
            kind="integer",
            unit="个",
            synonyms=("微改造项目", "交通微改造项目数"),
            public=True,
            minimum=0,
            hint="街区内完成的项目数",
        ),
        Field(
            "child_places",
            "儿童相关场所",
            "places for children",
            kind="integer",
            unit="个",
            synonyms=("儿童场所数", "儿童相关场所数"),
            public=True,
            minimum=0,
            hint="街区内学校、公园、场馆等的个数",
        ),
    ),
    description="整体按孩子需要改造的街区，标明面积和交通微改造。一条街慢下来、亮起来，孩子才敢自己出门。",
    description_en="Street blocks redesigned with children in mind: when a street slows down and lights up, children dare to go out on their own.",
    source="瑞安市三年行动计划（2022—2024年）第68条；常州市实施方案（2023—2025年）第15、17条；重庆市实施方案（2022年）第一部分",
)
