"""Demonstration areas: the seven kinds named by the plan, as outlines."""

from __future__ import annotations

from cfmap.model import Field, Layer
from cfmap.model.fields import LEVEL

demonstration_areas = Layer(
    key="demonstration_areas",
    title="儿童友好示范区域",
    title_en="Demonstration areas",
    icon="area",
    colour="#2f5d62",
    geometry="Polygon",
    group="place",
    fields=(
        Field(
            "kind",
            "示范类型",
            "kind",
            kind="choice",
            vocabulary=(
                "儿童友好主题公园区",
                "儿童智能运动中心区",
                "爱国主义主题教育区",
                "生态道德主题教育区",
                "友好振兴儿童主题村",
                "儿童产业孵化展示区",
                "儿童友好城市综合体",
            ),
            synonyms=("类型", "类别", "区域类型"),
            required=True,
            public=True,
            hint="七类之一",
        ),
        LEVEL,
        Field(
            "area_ha",
            "面积",
            "area",
            kind="number",
            unit="公顷",
            synonyms=("占地面积", "用地面积", "面积（公顷）"),
            public=True,
            minimum=0,
            hint="公顷；空着时按图上范围计算",
        ),
        Field("started", "开工年份", "works started", kind="year", unit="年", synonyms=("启动年份",), public=True, minimum=1990, maximum=2100, hint="四位年份"),
    ),
    description="七类儿童友好示范区域的范围：主题公园区、运动中心区、两类主题教育区、主题村、产业展示区和城市综合体。先在一片地方做好，再推到全城。",
    description_en=("Outlines of the seven kinds of demonstration areas, from theme park to village: do it well in one area first, then across the city."),
    source="瑞安市三年行动计划（2022—2024年）第58—64条、第四部分（四）",
)
