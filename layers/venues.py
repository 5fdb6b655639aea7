"""Venues: museums, youth centres, sports halls and stages that children can use."""

from __future__ import annotations

from cfmap.model import Field, Layer, OsmTags
from cfmap.model.fields import ADAPTED, AREA, CHILD_AREA, FREE, LEVEL, PILOT

venues = Layer(
    key="venues",
    title="文体科普场馆",
    title_en="Venues",
    icon="venue",
    colour="#2f6f2f",
    group="play",
    fields=(
        PILOT,
        LEVEL,
        Field(
            "kind",
            "场馆类型",
            "kind",
            kind="choice",
            vocabulary=("青少年活动中心", "妇女儿童活动中心", "博物馆", "科技馆", "美术馆", "文化馆", "体育场馆", "纪念馆", "影剧院", "动植物园", "其他"),
            synonyms=("类型", "类别", "场馆类别"),
            public=True,
            hint="最主要的一种",
        ),
        AREA,
        CHILD_AREA,
        ADAPTED,
        FREE,
    ),
    osm=(
        OsmTags(having=(("tourism", ("museum", "gallery", "zoo", "aquarium", "theme_park")),)),
        OsmTags(having=(("amenity", ("theatre", "arts_centre", "planetarium", "youth_centre")),)),
        OsmTags(having=(("amenity", ("community_centre",)), ("community_centre", ("youth_centre",)))),
        OsmTags(having=(("amenity", ("community_centre",)), ("community_centre:for", ("child", "juvenile", "child;juvenile", "juvenile;child")))),
        OsmTags(having=(("leisure", ("sports_centre", "stadium", "water_park", "ice_rink")),), without=(("access", ("private", "no")),)),
    ),
    description="博物馆、科技馆、体育馆、青少年活动中心等场馆，标明是否免费或低收费、有没有儿童活动区。周末去哪儿，不该只看钱包。",
    description_en=(
        "Museums, science and sports halls, youth centres: whether entry is free or cheap, and whether there is an area for children. "
        "A good weekend should not depend on the purse."
    ),
    source="瑞安市三年行动计划（2022—2024年）第37、70条；重庆市实施方案（2022年）（二十）；大渡口区儿童发展规划（2021—2030年）二（一）4、二（六）4；常州市实施方案（2023—2025年）第14条",
)
