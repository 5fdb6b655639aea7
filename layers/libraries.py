"""Libraries and reading rooms with a corner for children."""

from __future__ import annotations

from cfmap.model import Field, Layer, OsmTags
from cfmap.model.fields import CHILD_AREA, COMMUNITY, PILOT

libraries = Layer(
    key="libraries",
    title="图书馆与阅览室",
    title_en="Libraries",
    icon="library",
    colour="#4338ca",
    group="learn",
    fields=(
        PILOT,
        Field(
            "kind",
            "类型",
            "kind",
            kind="choice",
            vocabulary=("公共图书馆", "少儿图书馆", "社区图书室", "农家书屋", "自助图书馆", "其他"),
            synonyms=("图书馆类型", "类别"),
            public=True,
            hint="城市书房按“自助图书馆”填写",
        ),
        COMMUNITY,
        CHILD_AREA,
        Field(
            "family_reading",
            "亲子阅读区",
            "family reading area",
            kind="yesno",
            synonyms=("是否设亲子阅读区", "设亲子阅读区"),
            public=True,
            hint="设亲子阅读区填“是”",
        ),
        Field(
            "child_books",
            "少儿藏书",
            "children's books",
            kind="integer",
            unit="册",
            synonyms=("少儿藏书量", "儿童藏书", "少儿图书"),
            public=True,
            minimum=0,
            hint="册数",
        ),
        Field("open_24h", "24小时自助", "open round the clock", kind="yesno", synonyms=("24小时", "24小时开放"), public=True, hint="全天自助开放填“是”"),
        Field(
            "accessible_books",
            "盲文或有声读物",
            "braille or audio books",
            kind="yesno",
            synonyms=("盲文读物", "有声读物"),
            public=True,
            hint="有其中一种就填“是”",
        ),
    ),
    osm=(OsmTags(having=(("amenity", ("library",)),)),),
    coverage="walk15",
    description="公共图书馆、社区图书室和自助图书馆，标明有没有亲子阅读区，以及步行15分钟能到的范围。书在身边，阅读才会变成习惯。",
    description_en=(
        "Public libraries and community reading rooms, whether they have a family corner, and the streets within a "
        "15-minute walk: reading becomes a habit when books are near."
    ),
    source="常州市实施方案（2023—2025年）第9、14条；重庆市实施方案（2022年）（二十）；大渡口区儿童发展规划（2021—2030年）二（六）4",
)
