"""Special education and rehabilitation: places for children with disabilities."""

from __future__ import annotations

from cfmap.model import Field, Layer, OsmTags
from cfmap.model.fields import OWNERSHIP

special_education = Layer(
    key="special_education",
    title="特殊教育与康复机构",
    title_en="Special education and rehabilitation",
    icon="special-education",
    colour="#8a1c5c",
    group="health",
    fields=(
        Field(
            "kind",
            "机构类型",
            "kind",
            kind="choice",
            vocabulary=("特殊教育学校", "特教中心", "资源教室", "康复机构", "儿童福利机构", "其他"),
            synonyms=("类型", "类别", "机构类别"),
            public=True,
            hint="最主要的一种",
        ),
        OWNERSHIP,
        Field(
            "serves",
            "服务对象",
            "serves",
            kind="list",
            vocabulary=("视力", "听力", "言语", "肢体", "智力", "孤独症", "多重"),
            synonyms=("服务类别", "招生类别", "残疾类别"),
            public=True,
            hint="多项用分号隔开",
        ),
        Field(
            "places",
            "学位数",
            "places",
            kind="integer",
            unit="个",
            synonyms=("设计规模", "康复床位", "可服务人数"),
            public=True,
            minimum=0,
            hint="可同时接收的儿童数",
        ),
        Field("teachers", "专任教师", "teachers", kind="integer", unit="名", synonyms=("专任教师数", "康复师"), public=True, minimum=0, hint="只填人数"),
        Field(
            "designated",
            "定点康复机构",
            "designated for rehabilitation",
            kind="yesno",
            synonyms=("是否定点", "定点机构"),
            public=True,
            hint="残疾儿童康复救助定点机构填“是”",
        ),
    ),
    osm=(OsmTags(having=(("amenity", ("school",)), ("school", ("special_education_needs", "special_education")))),),
    description="特殊教育学校、特教中心和儿童康复机构，标明服务对象和是否定点。残疾儿童同样要有学上、有康复做。",
    description_en=(
        "Special schools and rehabilitation places for children, whom they serve and whether they are designated: "
        "children with disabilities have the same right to learn and get well."
    ),
    source="瑞安市三年行动计划（2022—2024年）第22、46条；重庆市实施方案（2022年）（七）（十四）；大渡口区儿童发展规划（2021—2030年）二（三）5；常州市实施方案（2023—2025年）第12条",
)
