"""Child-friendly villages and communities."""

from __future__ import annotations

from cfmap.model import Field, Layer
from cfmap.model.fields import LEVEL, PILOT, SETTING

communities = Layer(
    key="communities",
    title="儿童友好村（社区）",
    title_en="Child-friendly communities",
    icon="community",
    colour="#57534e",
    group="place",
    fields=(
        PILOT,
        LEVEL,
        Field("kind", "类型", "kind", kind="choice", vocabulary=("社区", "村", "其他"), synonyms=("村社类型", "类别"), public=True, hint="社区或村"),
        SETTING,
        Field(
            "child_directors",
            "儿童主任",
            "child directors",
            kind="integer",
            unit="名",
            synonyms=("儿童主任数", "儿童主任人数"),
            public=True,
            minimum=0,
            hint="只填人数，不要填姓名",
        ),
        Field("children_home", "儿童之家", "children's community room", kind="yesno", synonyms=("是否有儿童之家",), public=True, hint="已建立填“是”"),
        Field(
            "parent_school",
            "家长学校",
            "parent school",
            kind="yesno",
            synonyms=("家庭教育指导站", "是否有家长学校"),
            public=True,
            hint="有家长学校或家庭教育指导服务站填“是”",
        ),
        Field(
            "childcare_point",
            "普惠托育设施",
            "supported childcare",
            kind="yesno",
            synonyms=("社区普惠托育", "普惠托育点"),
            public=True,
            hint="有社区普惠托育服务设施填“是”",
        ),
        Field(
            "council_reach",
            "儿童议事覆盖",
            "reached by a children's council",
            kind="yesno",
            synonyms=("儿童议事会", "议事覆盖"),
            public=True,
            hint="有议事会，或由镇街议事会覆盖，填“是”",
        ),
    ),
    description="儿童友好村和社区，标明有没有儿童主任、儿童之家、家长学校和托育点。出了家门，社区就是孩子的世界。",
    description_en=(
        "Child-friendly villages and communities, and whether they have a child director, a children's room, a parent "
        "school and childcare: beyond the door, this is a child's world."
    ),
    source="瑞安市三年行动计划（2022—2024年）第65条、第四部分（三）；重庆市实施方案（2022年）（三十一）；大渡口区儿童发展规划（2021—2030年）二（四）5、二（六）1；常州市实施方案（2023—2025年）第4、15、21、22条",
)
