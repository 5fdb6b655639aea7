"""Why is a street judged as it is, in words."""

from __future__ import annotations

from typing import Literal

#: Why a segment is judged as it is: code -> (中文, English).
REASONS: dict[str, tuple[str, str]] = {
    "A-shared": ("步行优先的街道", "street shared with people on foot"),
    "A-sidewalk": ("学校一侧有人行道", "sidewalk on the school's side"),
    "A-separate": ("旁边有单独的人行道", "a separate sidewalk runs beside it"),
    "A-separate-unmatched": ("标注为单独的人行道，但旁边没有找到", "tagged with a separate sidewalk, none was found beside it"),
    "A-none": ("没有人行道", "no sidewalk"),
    "A-far-side": ("人行道只在对面", "sidewalk on the far side only"),
    "A-untagged": ("不知道有没有人行道", "not known whether there is a sidewalk"),
    "B-shared": ("步行优先的街道", "street shared with people on foot"),
    "B-limit": ("限速不超过 30", "limit of 30 km/h or less"),
    "B-school-hours": ("上下学时段限速不超过 30", "limit of 30 km/h or less in school hours"),
    "B-other-hours": ("限速 30 的时段不知道是否包含上下学", "not known whether the 30 km/h hours cover school hours"),
    "B-over": ("限速高于 30", "limit above 30 km/h"),
    "B-sign-only": ("只有学校警示标志，没有限速", "a school sign, no limit"),
    "B-unread": ("限速写法看不懂", "the limit cannot be read"),
    "B-untagged": ("不知道限速", "limit not known"),
    "C-signals": ("门口 50 米内有信号灯过街", "signalled crossing within 50 m of the gate"),
    "C-grade": ("门口 50 米内有天桥或地道", "bridge or tunnel for people within 50 m of the gate"),
    "C-marked": ("门口 50 米内有斑马线", "marked crossing within 50 m of the gate"),
    "C-marked-many-lanes": ("有斑马线，但单向两车道以上，不知道有没有信号灯", "marked crossing on two or more lanes one way, signals not known"),
    "C-marked-lanes-untagged": ("有斑马线，但不知道有几条车道", "marked crossing, number of lanes not known"),
    "C-unmarked-many-lanes": ("单向两车道以上，只有没画线的过街处", "only unmarked crossings on two or more lanes one way"),
    "C-unmarked": ("只有没画线或不明的过街处", "only unmarked or unclear crossings"),
    "C-no-crossing": ("标明不可过街", "tagged as not to be crossed"),
    "C-untagged": ("地图上门口 50 米内没有过街", "the map shows no crossing within 50 m of the gate"),
    "dual": ("双幅路的一幅", "one carriageway of a divided road"),
    "gate-assumed": ("校门位置是推定的", "the gate's place is assumed"),
}


def explain(reasons: str, *, lang: Literal["zh", "en"] = "zh") -> str:
    """Reasons of a segment (codes joined by ``;``) in words."""
    return ("；" if lang == "zh" else "; ").join(REASONS[code][0 if lang == "zh" else 1] for code in reasons.split(";") if code)
