"""School gates: where the way to school really ends."""

from __future__ import annotations

from cfmap.model import Field, Layer, OsmTags

SCHOOLS = (("amenity", ("school", "kindergarten", "childcare")),)
CLOSED = (("access", ("private", "no")),)

school_gates = Layer(
    key="school_gates",
    title="学校出入口",
    title_en="School gates",
    icon="gate",
    colour="#8a4b08",
    group="way",
    fields=(
        Field("school", "所属学校", "school", synonyms=("学校", "服务学校", "对应学校"), public=True, hint="学校全称"),
        Field(
            "kind",
            "类型",
            "kind",
            kind="choice",
            vocabulary=("主出入口", "次出入口", "后勤出入口", "其他"),
            synonyms=("出入口类型", "校门类型", "类别"),
            public=True,
            hint="最主要的一种",
        ),
        Field("pupils_use", "学生通行", "used by pupils", kind="yesno", synonyms=("学生是否通行", "供学生使用"), public=True, hint="学生上下学走这个门填“是”"),
        Field(
            "waiting_area_m2",
            "等候区面积",
            "waiting area",
            kind="number",
            unit="m²",
            synonyms=("家长等候区面积", "接送区面积"),
            public=True,
            minimum=0,
            hint="门前供家长等候的面积",
        ),
        Field(
            "separated",
            "人车分流",
            "separated from cars",
            kind="yesno",
            synonyms=("是否人车分流", "地下接送"),
            public=True,
            hint="人和车各走各的门或通道填“是”",
        ),
        Field("guarded", "护学岗", "guarded", kind="yesno", synonyms=("是否设护学岗",), public=True, hint="上下学时段有护学岗填“是”"),
        Field("planned", "出入口规划", "planned", kind="yesno", synonyms=("交通出入口规划", "是否规划"), public=True, hint="已经过交通出入口规划填“是”"),
    ),
    osm=(
        OsmTags(having=(("barrier", ("gate", "entrance", "swing_gate", "sliding_gate", "wicket_gate")),), without=CLOSED, on_outline_of=SCHOOLS),
        OsmTags(having=(("entrance", ("yes", "main", "school", "secondary")),), without=CLOSED, on_outline_of=SCHOOLS),
    ),
    description="学校和幼儿园的大门在哪一边，有没有人车分流和护学岗。接送时段最挤的就是校门口，路线要算到门，而不是算到校园中心。",
    description_en=(
        "On which side the school gates are, and whether people and cars are kept apart: routes must end at the gate, not in the middle of the campus."
    ),
    source="瑞安市三年行动计划（2022—2024年）第四部分（四）；常州市实施方案（2023—2025年）第17条",
)
