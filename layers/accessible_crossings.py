"""Accessible crossings: where a child, a pushchair or a wheelchair gets across."""

from __future__ import annotations

from cfmap.model import Field, Layer, OsmTags

CROSSING = ("highway", ("crossing", "traffic_signals"))

accessible_crossings = Layer(
    key="accessible_crossings",
    title="无障碍过街设施",
    title_en="Accessible crossings",
    icon="crossing",
    colour="#9a5500",
    group="way",
    fields=(
        Field(
            "kind",
            "类型",
            "kind",
            kind="choice",
            vocabulary=("爱心斑马线", "斑马线", "信号灯路口", "人行天桥", "地下通道", "其他"),
            synonyms=("过街类型", "设施类型", "类别"),
            public=True,
            hint="最主要的一种",
        ),
        Field("school", "邻近学校", "near school", synonyms=("学校", "服务学校", "周边学校"), public=True, hint="在哪所学校附近"),
        Field("tactile", "盲道", "tactile paving", kind="yesno", synonyms=("提示盲道", "是否有盲道"), public=True, hint="两端有提示盲道填“是”"),
        Field(
            "kerb",
            "缘石坡道",
            "dropped kerb",
            kind="choice",
            vocabulary=("齐平", "坡道", "无"),
            synonyms=("路缘石", "坡道"),
            public=True,
            hint="推婴儿车能否上下",
        ),
        Field("sound", "过街音响", "sound signal", kind="yesno", synonyms=("音响提示", "过街音响提示"), public=True, hint="有声音提示填“是”"),
        Field("island", "安全岛", "refuge island", kind="yesno", synonyms=("是否有安全岛", "二次过街安全岛"), public=True, hint="路中有安全岛填“是”"),
        Field("lift", "电梯或坡道", "lift or ramp", kind="yesno", synonyms=("电梯", "无障碍电梯"), public=True, hint="天桥、地下通道填写"),
        Field(
            "warning",
            "警示标识或灯光",
            "warning sign or light",
            kind="yesno",
            synonyms=("地面警示标识", "灯光投影", "警示标识"),
            public=True,
            hint="有地面警示标识或人行灯光填“是”",
        ),
    ),
    osm=(
        OsmTags(having=(CROSSING, ("tactile_paving", ("yes", "contrasted")))),
        OsmTags(having=(CROSSING, ("kerb", ("lowered", "flush", "no")))),
        OsmTags(having=(CROSSING, ("traffic_signals:sound", ("yes", "locate", "walk")))),
        OsmTags(having=(CROSSING, ("wheelchair", ("yes",)))),
    ),
    description="有盲道、缘石坡道或声音提示的过街点。个子小、推着车、看不见的人能过的路口，所有人都能过。",
    description_en="Crossings with tactile paving, dropped kerbs or sound: where the small, the pushed and the blind can cross, everybody can.",
    source="瑞安市三年行动计划（2022—2024年）第55、56条；重庆市实施方案（2022年）（十九）；常州市实施方案（2023—2025年）第17条",
)
