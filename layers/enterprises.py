"""Child-friendly enterprises."""

from __future__ import annotations

from cfmap.model import Field, Layer
from cfmap.model.fields import LEVEL, PILOT

enterprises = Layer(
    key="enterprises",
    title="儿童友好企业",
    title_en="Child-friendly enterprises",
    icon="enterprise",
    colour="#37474f",
    group="place",
    fields=(
        PILOT,
        LEVEL,
        Field(
            "industry",
            "行业",
            "industry",
            kind="choice",
            vocabulary=("儿童用品", "文化旅游", "教育服务", "商业服务", "孵化平台", "其他"),
            synonyms=("所属行业", "行业类别"),
            public=True,
            hint="最主要的一种",
        ),
        Field(
            "products",
            "儿童友好产品",
            "products for children",
            kind="integer",
            unit="个",
            synonyms=("产品数", "儿童友好产品数"),
            public=True,
            minimum=0,
            hint="本年度研发的产品数",
        ),
        Field(
            "childcare", "职工托育", "childcare for staff", kind="yesno", synonyms=("用人单位托育", "企业托育"), public=True, hint="为职工办托育或托管班填“是”"
        ),
    ),
    description="为孩子做产品、为职工带娃提供方便的企业。父母在什么样的单位上班，也关系到孩子过得好不好。",
    description_en="Enterprises that make good things for children or help their staff with childcare: how parents work shapes how children live.",
    source="瑞安市三年行动计划（2022—2024年）第115、116条",
)
