"""Shopping areas and malls, and what they have for children."""

from __future__ import annotations

from cfmap.model import Field, Layer, OsmTags
from cfmap.model.fields import ADAPTED, CHILD_AREA, LEVEL, PILOT

business_areas = Layer(
    key="business_areas",
    title="商圈与商场",
    title_en="Shopping areas",
    icon="shop",
    colour="#6b4e16",
    group="place",
    fields=(
        PILOT,
        LEVEL,
        Field(
            "kind",
            "类型",
            "kind",
            kind="choice",
            vocabulary=("商圈", "商业综合体", "特色街区", "其他"),
            synonyms=("商圈类型", "类别"),
            public=True,
            hint="最主要的一种",
        ),
        Field(
            "floor_area_m2",
            "建筑面积",
            "floor area",
            kind="number",
            unit="m²",
            synonyms=("商业面积", "建筑面积（平方米）"),
            public=True,
            minimum=0,
            hint="超过一万平方米属于大型公共场所",
        ),
        Field(
            "visitors",
            "日人流量",
            "visitors a day",
            kind="integer",
            unit="人/天",
            synonyms=("日均人流", "日客流"),
            public=True,
            minimum=0,
            hint="超过一万人属于大型公共场所",
        ),
        CHILD_AREA,
        ADAPTED,
        Field(
            "mother_baby_rooms",
            "母婴室数",
            "mother-and-baby rooms",
            kind="integer",
            unit="间",
            synonyms=("母婴室", "母婴室数量"),
            public=True,
            minimum=0,
            hint="间数，没有就填 0",
        ),
        Field(
            "first_aid",
            "儿童急救设施",
            "first aid for children",
            kind="yesno",
            synonyms=("儿童专用急救设施", "急救设施"),
            public=True,
            hint="配有儿童专用急救设备填“是”",
        ),
    ),
    osm=(OsmTags(having=(("shop", ("mall",)),)),),
    description="商圈和商场，标明母婴室、儿童活动区和急救设施。一家人出门办事，孩子也该有自己的位置。",
    description_en=("Shopping areas and malls, and their rooms for babies, play areas and first aid: when a family runs errands, children need a place too."),
    source="瑞安市三年行动计划（2022—2024年）第71条；重庆市实施方案（2022年）（十八）；大渡口区儿童发展规划（2021—2030年）二（二）6",
)
