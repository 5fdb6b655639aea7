"""Events: what is on for children, when, for which ages, and how to book."""

from __future__ import annotations

from cfmap.model import Field, Layer

events = Layer(
    key="events",
    title="活动点位",
    title_en="Events",
    icon="event",
    colour="#2e6b4f",
    group="play",
    fields=(
        Field("starts_on", "开始日期", "starts on", kind="date", synonyms=("活动日期", "日期", "开始时间"), public=True, hint="例如 2024-06-01；没有定就空着"),
        Field(
            "ends_on",
            "结束日期",
            "ends on",
            kind="date",
            vocabulary=("长期", "待定"),
            synonyms=("截止日期", "结束时间"),
            public=True,
            hint="一天的活动可以不填；一直办下去的填“长期”，没有定的填“待定”",
        ),
        Field("time", "活动时间", "time", synonyms=("时间", "具体时间"), public=True, hint="例如 周六 14:00–16:00"),
        Field("place", "活动地点", "place", synonyms=("场地", "举办地点"), public=True, hint="场馆名称和房间"),
        Field(
            "at_site",
            "所在点位",
            "at the place",
            synonyms=("所在场所", "举办点位", "点位编号"),
            public=True,
            hint="地图上已有的地方：写它的名称或编号，就不用再填坐标",
        ),
        Field(
            "kind",
            "活动类型",
            "kind",
            kind="choice",
            vocabulary=("阅读", "运动", "科学", "艺术", "自然", "参观", "安全教育", "家庭教育", "儿童议事", "其他"),
            synonyms=("类型", "类别"),
            public=True,
            hint="最主要的一种",
        ),
        Field(
            "booking",
            "预约方式",
            "booking",
            kind="choice",
            vocabulary=("无需预约", "电话预约", "线上预约", "现场报名"),
            synonyms=("预约", "报名方式"),
            public=True,
            hint="家长怎样报名",
        ),
        Field("capacity", "名额", "places", kind="integer", unit="人", synonyms=("人数", "活动名额"), public=True, minimum=0, hint="最多参加人数"),
        Field("organiser", "主办单位", "organiser", synonyms=("主办", "举办单位"), public=True, hint="单位名称，不要填个人"),
        Field("series", "活动系列", "series", synonyms=("系列", "主题活动"), public=True, hint="属于哪个系列活动"),
        Field("about", "活动简介", "about", synonyms=("简介", "活动内容", "内容", "活动说明"), public=True, hint="一两句话：做什么，要带什么"),
    ),
    description="面向孩子的活动：什么时间、在哪里、适合几岁、怎么报名。地图不只告诉孩子有什么地方，也告诉他们那里在做什么。",
    description_en=(
        "What is on for children: when, where, for which ages and how to book. A map should tell not only which places exist but what happens there."
    ),
    source="瑞安市三年行动计划（2022—2024年）第11、38、120条",
)
