"""Mother-and-baby rooms: where a baby can be fed and changed."""

from __future__ import annotations

from cfmap.model import Field, Layer, OsmTags
from cfmap.model.fields import AREA

mother_baby_rooms = Layer(
    key="mother_baby_rooms",
    title="母婴室与护理台",
    title_en="Mother-and-baby rooms",
    icon="mother-baby",
    colour="#a3246e",
    group="care",
    fields=(
        Field(
            "kind",
            "类型",
            "kind",
            kind="choice",
            vocabulary=("独立母婴室", "移动母婴室", "婴儿护理台", "其他"),
            synonyms=("母婴室类型", "类别"),
            public=True,
            hint="只有护理台时选“婴儿护理台”",
        ),
        Field("venue", "所在场所", "in which place", synonyms=("场所名称", "所在单位", "场所"), public=True, hint="例如 某某商场三楼"),
        Field(
            "venue_kind",
            "场所类型",
            "kind of place",
            kind="choice",
            vocabulary=("商场", "交通枢纽", "医院", "景区", "政务服务", "文体场馆", "公园", "其他"),
            synonyms=("场所类别", "所在场所类型"),
            public=True,
            hint="最主要的一种",
        ),
        AREA,
        Field(
            "venue_area_m2",
            "场所建筑面积",
            "floor area of the place",
            kind="number",
            unit="m²",
            synonyms=("所在场所建筑面积",),
            public=True,
            minimum=0,
            hint="判断是否属于大型公共场所",
        ),
        Field(
            "venue_visitors",
            "场所日人流量",
            "visitors a day",
            kind="integer",
            unit="人/天",
            synonyms=("日人流量", "日均人流"),
            public=True,
            minimum=0,
            hint="判断是否属于大型公共场所",
        ),
    ),
    osm=(
        OsmTags(having=(("changing_table", ("yes",)),), without=(("access", ("private", "no")),)),
        OsmTags(having=(("baby_feeding", ("yes", "room")),), without=(("access", ("private", "no")),)),
    ),
    description="能喂奶、换尿布的母婴室和婴儿护理台。带着婴儿出门，先知道哪里能歇下来，才走得远。",
    description_en="Rooms and tables where a baby can be fed and changed: families with a baby go further when they know where to stop.",
    source="常州市实施方案（2023—2025年）第14条；重庆市实施方案（2022年）（十八）",
)
