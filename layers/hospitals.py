"""Hospitals that treat children: beds, paediatricians, wards."""

from __future__ import annotations

from cfmap.model import Field, Layer, OsmTags
from cfmap.model.fields import PILOT

hospitals = Layer(
    key="hospitals",
    title="医院",
    title_en="Hospitals",
    icon="hospital",
    colour="#c62828",
    group="health",
    fields=(
        PILOT,
        Field(
            "kind",
            "类别",
            "kind",
            kind="choice",
            vocabulary=("综合医院", "儿童医院", "妇幼保健院", "中医医院", "专科医院", "其他"),
            synonyms=("医院类别", "机构类别", "医院类型"),
            public=True,
            hint="按执业许可证上的类别",
        ),
        Field(
            "grade",
            "医院等级",
            "grade",
            kind="choice",
            vocabulary=("三级甲等", "三级乙等", "三级", "二级甲等", "二级乙等", "二级", "一级", "未定级"),
            synonyms=("等级", "级别", "医院级别", "机构等级"),
            public=True,
            hint="例如 二级甲等",
        ),
        Field(
            "child_beds",
            "儿童床位",
            "children's beds",
            kind="integer",
            unit="张",
            synonyms=("儿童床位数", "儿科床位", "儿科床位数", "床位"),
            public=True,
            minimum=0,
            hint="供儿童使用的床位数，不是全院床位",
        ),
        Field(
            "paediatricians",
            "儿科执业（助理）医师",
            "paediatricians",
            kind="integer",
            unit="名",
            synonyms=("儿科医师", "儿科医师数", "儿科医生", "儿科医生数", "儿科执业医师", "儿科执业(助理)医师数", "儿科执业（助理）医师数"),
            public=True,
            minimum=0,
            hint="只填人数，不要填姓名",
        ),
        Field("child_ward", "儿科病房", "children's ward", kind="yesno", synonyms=("是否有儿科病房", "设儿科病房"), public=True, hint="设有儿科病房填“是”"),
        Field(
            "child_emergency",
            "儿科急诊",
            "children's emergency",
            kind="yesno",
            synonyms=("夜间儿科急诊", "24小时儿科急诊"),
            public=True,
            hint="全天能看儿科急诊填“是”",
        ),
        Field(
            "child_focus",
            "儿科重点建设",
            "strengthened for children",
            kind="yesno",
            synonyms=("儿科能力重点医院",),
            public=True,
            hint="列入儿科服务能力重点建设填“是”",
        ),
        Field(
            "rescue_centres",
            "危重救治中心",
            "critical-care centres",
            kind="list",
            vocabulary=("危重孕产妇救治中心", "危重新生儿救治中心"),
            synonyms=("救治中心",),
            public=True,
            hint="两类都有时用分号隔开",
        ),
        Field(
            "regional_centre",
            "区域妇幼保健中心",
            "regional mother-and-child centre",
            kind="yesno",
            synonyms=("区域妇幼中心",),
            public=True,
            hint="列入区域妇幼保健中心填“是”",
        ),
    ),
    osm=(OsmTags(having=(("amenity", ("hospital",)),)), OsmTags(having=(("healthcare", ("hospital",)),))),
    coverage="walk15",
    description="医院和它的儿童床位、儿科医师数（有登记的），以及步行15分钟能到的范围。孩子的病来得急，家长要先知道最近的儿科在哪里。",
    description_en=(
        "Hospitals, their children's beds and paediatricians where known, and the streets within a 15-minute walk: a sick "
        "child cannot wait, so parents need to know the nearest one."
    ),
    source="瑞安市三年行动计划（2022—2024年）第34、67条；重庆市实施方案（2022年）（十）；大渡口区儿童发展规划（2021—2030年）二（一）1；常州市实施方案（2023—2025年）第8、14条",
)
