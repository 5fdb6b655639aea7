"""Child-protection stations: where children find help."""

from __future__ import annotations

from cfmap.model import Field, Layer

protection_stations = Layer(
    key="protection_stations",
    title="未成年人保护站",
    title_en="Child-protection stations",
    icon="shield",
    colour="#6a3093",
    group="care",
    fields=(
        Field(
            "kind",
            "类型",
            "kind",
            kind="choice",
            vocabulary=("未成年人救助保护中心", "未成年人保护工作站", "关爱之家", "其他"),
            synonyms=("机构类型", "类别"),
            public=True,
            hint="最主要的一种",
        ),
        Field(
            "tier",
            "层级",
            "tier",
            kind="choice",
            vocabulary=("县（市、区）级", "乡镇（街道）级", "村（社区）级"),
            synonyms=("级别", "站点层级"),
            public=True,
            hint="乡镇（街道）覆盖率按这一列统计",
        ),
        Field("staff", "工作人员", "staff", kind="integer", unit="名", synonyms=("工作人员数", "专职人员"), minimum=0, hint="只填人数，不要填姓名"),
        Field("legal_aid", "法律援助", "legal aid", kind="yesno", synonyms=("法律援助站", "是否提供法律援助"), public=True, hint="能提供法律援助填“是”"),
    ),
    description="未成年人保护工作站等求助的地方。遇到伤害或困难时，孩子和家长要知道门在哪里、电话是多少。",
    description_en="Stations where children and parents find help against harm: everyone should know the door and the number before it is needed.",
    source="重庆市实施方案（2022年）（二十六）；大渡口区儿童发展规划（2021—2030年）专栏一39；常州市实施方案（2023—2025年）第10条",
)
