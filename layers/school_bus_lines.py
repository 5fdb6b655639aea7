"""School bus lines: public transport fitted to school hours."""

from __future__ import annotations

from cfmap.model import Field, Layer

school_bus_lines = Layer(
    key="school_bus_lines",
    title="校园公交与校车线路",
    title_en="School bus lines",
    icon="bus",
    colour="#a04515",
    geometry="LineString",
    group="way",
    fields=(
        Field(
            "kind",
            "类型",
            "kind",
            kind="choice",
            vocabulary=("校园公交", "校车", "学生专线", "其他"),
            synonyms=("线路类型", "类别"),
            public=True,
            hint="最主要的一种",
        ),
        Field("line", "线路号", "line", synonyms=("线路编号", "线路名称", "路线号"), public=True, hint="例如 学1路"),
        Field("schools", "服务学校", "schools", synonyms=("学校", "途经学校"), public=True, hint="多所用分号隔开"),
        Field("stops", "站点数", "stops", kind="integer", unit="个", synonyms=("站数", "停靠站数"), public=True, minimum=0, hint="全程停靠站个数"),
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
            "departures", "每日班次", "departures a day", kind="integer", unit="班/天", synonyms=("班次", "日班次"), public=True, minimum=0, hint="上学日的班次"
        ),
        Field("operator", "运营单位", "operator", synonyms=("运营公司", "承运单位"), public=True, hint="单位名称"),
    ),
    description="为上下学定制的公交和校车线路，标明服务学校、站点和班次。住得远的孩子不必靠私家车，校门口也就不那么堵。",
    description_en=(
        "Buses fitted to school hours, which schools they serve and how often: children who live far need no private car, and the gate is less crowded."
    ),
    source="常州市实施方案（2023—2025年）第17条；重庆市实施方案（2022年）（二十六）",
)
