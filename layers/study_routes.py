"""Study routes: lines that join places worth learning at."""

from __future__ import annotations

from cfmap.model import Field, Layer
from cfmap.model.fields import LEVEL

study_routes = Layer(
    key="study_routes",
    title="亲子研学线路",
    title_en="Study routes",
    icon="study-route",
    colour="#0b5f8a",
    geometry="LineString",
    group="learn",
    fields=(
        LEVEL,
        Field(
            "kind",
            "主题",
            "theme",
            kind="choice",
            vocabulary=("自然生态", "历史文化", "红色教育", "乡村体验", "科技工业", "其他"),
            synonyms=("线路主题", "类型", "类别"),
            public=True,
            hint="最主要的一种",
        ),
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
        Field("stops", "站点数", "stops", kind="integer", unit="个", synonyms=("途经点", "站点"), public=True, minimum=0, hint="沿线停留点的个数"),
        Field("hours", "所需时间", "time needed", kind="number", unit="小时", synonyms=("游览时长", "时长"), public=True, minimum=0, hint="走完全程大约几小时"),
    ),
    description="把研学点串起来的亲子线路，标明主题、站点和所需时间。照着走就是一堂课，家长不用自己做攻略。",
    description_en="Routes that join places worth learning at, with theme, stops and time needed: a lesson that a family can simply walk.",
    source="常州市实施方案（2023—2025年）第22条；瑞安市三年行动计划（2022—2024年）第四部分（四）",
)
