"""Primary and mother-and-child care: health centres near home, general practitioners, vaccination."""

from __future__ import annotations

from cfmap.model import Field, Layer, OsmTags

primary_care = Layer(
    key="primary_care",
    title="妇幼与基层卫生机构",
    title_en="Primary and mother-and-child care",
    icon="clinic",
    colour="#ad1f4b",
    group="health",
    fields=(
        Field(
            "kind",
            "类别",
            "kind",
            kind="choice",
            vocabulary=("乡镇卫生院", "社区卫生服务中心", "社区卫生服务站", "村卫生室", "妇幼保健机构", "其他"),
            synonyms=("机构类别", "机构类型"),
            public=True,
            hint="全科医生达标率只统计乡镇卫生院和社区卫生服务机构",
        ),
        Field(
            "general_practitioners",
            "全科医生",
            "general practitioners",
            kind="integer",
            unit="名",
            synonyms=("全科医生数", "全科医师", "全科医师数"),
            public=True,
            minimum=0,
            hint="只填人数",
        ),
        Field(
            "child_doctors",
            "儿童保健医生",
            "child-health doctors",
            kind="integer",
            unit="名",
            synonyms=("儿保医生", "儿童保健医生数", "儿保医生数"),
            public=True,
            minimum=0,
            hint="只填人数",
        ),
        Field(
            "paediatricians",
            "儿科执业（助理）医师",
            "paediatricians",
            kind="integer",
            unit="名",
            synonyms=("儿科医师", "儿科医师数", "儿科医生", "儿科医生数"),
            public=True,
            minimum=0,
            hint="只填人数",
        ),
        Field(
            "child_beds",
            "儿童床位",
            "children's beds",
            kind="integer",
            unit="张",
            synonyms=("儿童床位数", "儿科床位", "儿科床位数"),
            public=True,
            minimum=0,
            hint="供儿童使用的床位数",
        ),
        Field(
            "vaccination", "预防接种", "vaccination", kind="yesno", synonyms=("预防接种门诊", "接种点", "是否接种"), public=True, hint="设预防接种门诊填“是”"
        ),
        Field("public_run", "政府办", "run by government", kind="yesno", synonyms=("是否政府办", "政府举办"), public=True, hint="政府举办的机构填“是”"),
        Field("standard", "标准化", "meets the standard", kind="yesno", synonyms=("标准化建设", "是否标准化"), public=True, hint="通过标准化建设验收填“是”"),
        Field(
            "grade",
            "机构等级",
            "grade",
            kind="choice",
            vocabulary=("三级", "二级甲等", "二级乙等", "二级", "一级", "未定级"),
            synonyms=("等级", "级别"),
            public=True,
            hint="妇幼保健机构填写",
        ),
        Field(
            "early_development",
            "儿童早期发展基地",
            "early-development base",
            kind="yesno",
            synonyms=("早期发展基地", "早期发展示范基地"),
            public=True,
            hint="列入儿童早期发展基地填“是”",
        ),
    ),
    osm=(
        OsmTags(having=(("amenity", ("clinic", "doctors")),)),
        OsmTags(
            having=(("healthcare", ("clinic", "centre", "doctor", "midwife", "birthing_centre", "vaccination_centre")),), without=(("amenity", ("hospital",)),)
        ),
    ),
    coverage="walk15",
    description="乡镇卫生院、社区卫生服务机构和妇幼保健机构，含全科医生、儿童保健医生和步行15分钟范围。打预防针、做体检、看小病，走路就能到最好。",
    description_en=(
        "Health centres close to home with general practitioners and child-health doctors, and the streets within a "
        "15-minute walk: vaccinations and check-ups should be a walk away."
    ),
    source="瑞安市三年行动计划（2022—2024年）第34条；重庆市实施方案（2022年）（十）；大渡口区儿童发展规划（2021—2030年）专栏一、专栏二；常州市实施方案（2023—2025年）第8条",
)
