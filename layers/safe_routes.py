"""Safe routes to school: walking buses, study paths, protected stretches."""

from __future__ import annotations

from cfmap.model import Field, Layer
from cfmap.model.fields import PILOT

safe_routes = Layer(
    key="safe_routes",
    title="安全通学路",
    title_en="Safe routes to school",
    icon="route",
    colour="#b45309",
    geometry="LineString",
    group="way",
    fields=(
        PILOT,
        Field(
            "kind",
            "类型",
            "kind",
            kind="choice",
            vocabulary=("步行巴士", "学径", "安全步道", "护学路段", "其他"),
            synonyms=("线路类型", "类别", "通学路类型"),
            public=True,
            hint="最主要的一种",
        ),
        Field("school", "服务学校", "school", synonyms=("学校", "所属学校", "对应学校"), public=True, hint="学校全称，多所用分号隔开"),
        Field(
            "length_m",
            "长度",
            "length",
            kind="number",
            unit="m",
            synonyms=("线路长度", "长度（米）", "全长"),
            public=True,
            minimum=0,
            hint="米；空着时按图上线路计算",
        ),
        Field(
            "crossings",
            "爱心斑马线",
            "child-friendly crossings",
            kind="integer",
            unit="条",
            synonyms=("爱心斑马线数", "斑马线数"),
            public=True,
            minimum=0,
            hint="沿线的爱心斑马线条数",
        ),
        Field("guards", "护学岗", "guarded posts", kind="integer", unit="个", synonyms=("护学岗数", "护学点"), public=True, minimum=0, hint="沿线护学岗个数"),
        Field("separated", "人车分流", "separated from cars", kind="yesno", synonyms=("是否人车分流",), public=True, hint="全程人车分开填“是”"),
    ),
    description="步行巴士、学径、护学路段等上学路线，标明长度、服务学校和护学岗。自己安全走到学校，是孩子独立的第一步。",
    description_en=(
        "Walking buses, study paths and guarded stretches on the way to school: getting there safely on one's own feet is a first step to independence."
    ),
    source="瑞安市三年行动计划（2022—2024年）第56条、第四部分（四）；重庆市实施方案（2022年）（十九）；常州市实施方案（2023—2025年）第17条",
)
