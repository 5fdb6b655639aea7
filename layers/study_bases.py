"""Study bases: nature, labour and research camps outside school."""

from __future__ import annotations

from cfmap.model import Field, Layer
from cfmap.model.fields import LEVEL, PILOT

study_bases = Layer(
    key="study_bases",
    title="研学与实践基地",
    title_en="Study bases",
    icon="study-base",
    colour="#1f6391",
    group="learn",
    fields=(
        PILOT,
        LEVEL,
        Field(
            "kind",
            "基地类型",
            "kind",
            kind="choice",
            vocabulary=("研学实践基地", "研学营地", "劳动实践基地", "自然教育基地", "爱国主义教育基地", "校外活动基地", "少年航校", "少年警校", "其他"),
            synonyms=("类型", "类别", "基地类别"),
            public=True,
            hint="最主要的一种",
        ),
        Field(
            "capacity",
            "日接待能力",
            "visitors a day",
            kind="integer",
            unit="人/天",
            synonyms=("接待能力", "日最大接待量", "接待人数"),
            public=True,
            minimum=0,
            hint="每天最多接待的人数",
        ),
        Field("courses", "课程数", "courses", kind="integer", unit="门", synonyms=("研学课程", "课程"), public=True, minimum=0, hint="可供儿童选择的课程数"),
        Field(
            "booking",
            "预约方式",
            "booking",
            kind="choice",
            vocabulary=("无需预约", "电话预约", "线上预约", "团体预约"),
            synonyms=("预约", "是否预约"),
            public=True,
            hint="家长怎样预约",
        ),
    ),
    description="研学、劳动、自然教育等校外实践基地，标明类型、接待能力和预约方式。走出教室动手做，孩子记得最牢。",
    description_en=(
        "Bases for research, labour and nature lessons outside school, what they offer and how to book: children remember best what they did with their hands."
    ),
    source="瑞安市三年行动计划（2022—2024年）第四部分（四）、第95、120条；常州市实施方案（2023—2025年）第18、19条；重庆市实施方案（2022年）（二十一）",
)
