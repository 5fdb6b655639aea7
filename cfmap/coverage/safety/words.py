"""Why is a street judged as it is, and what does the rule table say, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from cfmap.coverage.safety.thresholds import SOURCES, THRESHOLDS, written

if TYPE_CHECKING:
    from cfmap.coverage.safety.rule_table import Clause, When
    from cfmap.coverage.safety.thresholds import Thresholds

Lang = Literal["zh", "en"]

STATES: dict[str, tuple[str, str]] = {"safe": ("安全", "safe"), "unsafe": ("不安全", "unsafe"), "unknown": ("未知", "unknown")}
HEARD: dict[str, tuple[str, str]] = {"map": ("地图", "map"), "answer": ("调查、清单", "survey, list"), "any": ("都看", "any")}

#: Why an item is judged as it is: code -> (中文, English); ``{limit}`` km/h, ``{near}`` metres and ``{lanes}`` stand for numbers of the settings.
REASONS: dict[str, tuple[str, str]] = {
    "A-shared": ("步行优先的街道", "street shared with people on foot"),
    "A-taken": ("人行道被占用", "the sidewalk is taken up by other things"),
    "A-sidewalk": ("学校一侧有人行道", "sidewalk on the school's side"),
    "A-wide": ("学校一侧有人行道，净宽够", "sidewalk on the school's side, wide enough"),
    "A-narrow": ("人行道太窄", "the sidewalk is too narrow"),
    "A-unmeasured": ("有人行道，净宽没有量", "there is a sidewalk, its clear width was not measured"),
    "A-separate": ("旁边有单独的人行道", "a separate sidewalk runs beside it"),
    "A-separate-unmatched": ("标注为单独的人行道，但旁边没有找到", "tagged with a separate sidewalk, none was found beside it"),
    "A-none": ("没有人行道", "no sidewalk"),
    "A-far-side": ("人行道只在对面", "sidewalk on the far side only"),
    "A-which-side": ("两侧不一样，不知道学校在哪一侧", "the sides differ, and it is not known on which one the school lies"),
    "A-contradictory": ("人行道的标注互相矛盾", "the tags of the sidewalk contradict each other"),
    "A-unread": ("人行道的写法看不懂", "the tag of the sidewalk cannot be read"),
    "A-untagged": ("不知道有没有人行道", "not known whether there is a sidewalk"),
    "B-shared": ("步行优先的街道", "street shared with people on foot"),
    "B-limit": ("限速不超过 {limit}", "limit of {limit} km/h or less"),
    "B-school-hours": ("上下学时段限速不超过 {limit}", "limit of {limit} km/h or less in school hours"),
    "B-other-hours": ("限速 {limit} 的时段不知道是否包含上下学", "not known whether the {limit} km/h hours cover school hours"),
    "B-outside-hours": ("限速 {limit} 的时段不包括上下学", "the {limit} km/h hours leave school hours out"),
    "B-over": ("限速高于 {limit}", "limit above {limit} km/h"),
    "B-none": ("现场没有限速", "no limit found on the spot"),
    "B-unnumbered": ("有限速，没有写多少", "there is a limit, its number was not noted"),
    "B-one-direction": ("只知道一个方向的限速", "the limit of one direction only is known"),
    "B-variable": ("限速由信号控制，会变", "the limit is set by signals and changes"),
    "B-shared-fast": ("步行优先的街道，却标了高于 {limit} 的限速", "street shared with people on foot, yet tagged with a limit above {limit} km/h"),
    "B-contradictory": ("限速的标注互相矛盾", "the tags of the limit contradict each other"),
    "B-sign-only": ("只有学校警示标志，没有限速", "a school sign, no limit"),
    "B-unread": ("限速写法看不懂", "the limit cannot be read"),
    "B-untagged": ("不知道限速", "limit not known"),
    "C-signals": ("门口 {near} 米内有信号灯过街", "signalled crossing within {near} m of the gate"),
    "C-grade": ("门口 {near} 米内有天桥或地道", "bridge or tunnel for people within {near} m of the gate"),
    "C-marked": ("门口 {near} 米内有斑马线", "marked crossing within {near} m of the gate"),
    "C-marked-no-signals": ("单向 {lanes} 车道以上，斑马线没有信号灯", "marked crossing without signals on {lanes} or more lanes one way"),
    "C-marked-many-lanes": ("有斑马线，但单向 {lanes} 车道以上，不知道有没有信号灯", "marked crossing on {lanes} or more lanes one way, signals not known"),
    "C-marked-lanes-untagged": ("有斑马线，但不知道有几条车道", "marked crossing, number of lanes not known"),
    "C-unmarked-many-lanes": ("单向 {lanes} 车道以上，只有没画线的过街处", "only unmarked crossings on {lanes} or more lanes one way"),
    "C-only-unmarked": ("现场只有没画线的过街处", "only an unmarked crossing found on the spot"),
    "C-unmarked": ("只有没画线或不明的过街处", "only unmarked or unclear crossings"),
    "C-none": ("现场没有过街处", "no crossing found on the spot"),
    "C-no-crossing": ("标明不可过街", "tagged as not to be crossed"),
    "C-untagged": ("地图上门口 {near} 米内没有过街", "the map shows no crossing within {near} m of the gate"),
    "D-lit": ("有路灯", "lit"),
    "D-dark": ("没有路灯", "not lit"),
    "D-unread": ("路灯的写法看不懂", "the tag of the lighting cannot be read"),
    "D-untagged": ("不知道有没有路灯", "not known whether it is lit"),
    "E-sign": ("有注意儿童或学校标志", "a sign for children or a school"),
    "E-none": ("现场没有注意儿童或学校标志", "no sign for children or a school found on the spot"),
    "E-untagged": ("不知道有没有标志", "not known whether there is a sign"),
    "F-calming": ("有减速设施", "traffic calming"),
    "F-none": ("没有减速设施（不算不安全）", "no traffic calming (which is not called unsafe)"),
    "F-untagged": ("不知道有没有减速设施", "not known whether there is traffic calming"),
    "G-loving": ("有爱心斑马线", "a loving-care crossing"),
    "G-unmatched": ("清单上的爱心斑马线对不上过街处", "the listed loving-care crossing matches no crossing"),
    "G-none": ("没有爱心斑马线（不算不安全）", "no loving-care crossing (which is not called unsafe)"),
    "G-unlisted": ("清单上没有爱心斑马线", "no loving-care crossing is listed"),
    "H-guard": ("有护学岗", "a crossing guard"),
    "H-none": ("没有护学岗（不算不安全）", "no crossing guard (which is not called unsafe)"),
    "H-untagged": ("不知道有没有护学岗", "not known whether there is a crossing guard"),
    "dual": ("双幅路的一幅", "one carriageway of a divided road"),
    "gate-assumed": ("校门位置是推定的", "the gate's place is assumed"),
    "gate-crossing": ("校门取道路通进校园的地方", "the gate is taken where a way leads into the grounds"),
}

#: What is read of tags and answers.
READINGS: dict[str, tuple[str, str]] = {
    "street": ("道路类型", "kind of street"),
    "sidewalk": ("学校一侧人行道", "sidewalk on the school's side"),
    "far_sidewalk": ("对面人行道", "sidewalk on the far side"),
    "width": ("人行道宽度", "width of the sidewalk"),
    "beside": ("旁边画有人行道", "a mapped sidewalk beside it"),
    "limit_least": ("上下学时段限速", "limit in school hours"),
    "limit_most": ("上下学时段限速", "limit in school hours"),
    "limit_form": ("限速标注", "how the limit is given"),
    "sign": ("儿童、学校标志", "sign for children or a school"),
    "crossing": ("门口最好的过街处", "best crossing near the gate"),
    "lanes": ("单向车道", "lanes in one direction"),
    "lit": ("路灯", "lighting"),
    "calming": ("减速设施", "traffic calming"),
    "loving": ("爱心斑马线", "loving-care crossing"),
    "guard": ("护学岗", "crossing guard"),
}
#: Tags that each reading looks at; answers name it themselves.
TAGS_READ: dict[str, str] = {
    "street": "highway",
    "sidewalk": "sidewalk, sidewalk:left, sidewalk:right, sidewalk:both (:width, :surface)",
    "far_sidewalk": "sidewalk, sidewalk:left, sidewalk:right, sidewalk:both",
    "width": "sidewalk:left:width, sidewalk:right:width, sidewalk:both:width",
    "beside": "footway=sidewalk",
    "limit_least": "maxspeed, maxspeed:forward, maxspeed:backward, …:conditional, zone:maxspeed, maxspeed:type, source:maxspeed; oneway, junction",
    "limit_most": "maxspeed …",
    "limit_form": "maxspeed …",
    "sign": "hazard=children|school_zone, traffic_sign=…注意儿童…",
    "crossing": "crossing, crossing:markings, crossing:signals; bridge, tunnel",
    "lanes": "lanes, lanes:forward, lanes:backward, lanes:both_ways; oneway, junction",
    "lit": "lit",
    "calming": "traffic_calming=table|hump|bump|cushion|choker|chicane|island",
    "loving": "—",
    "guard": "supervised",
}
#: Words of readings.
VALUE_WORDS: dict[str, tuple[str, str]] = {
    "yes": ("有", "yes"),
    "no": ("无", "no"),
    "separate": ("单独画出", "mapped separately"),
    "taken": ("被占用", "taken up"),
    "contradictory": ("自相矛盾", "contradictory"),
    "unread": ("看不懂", "cannot be read"),
    "living_street": ("living_street 生活街区", "living_street"),
    "pedestrian": ("pedestrian 步行街", "pedestrian"),
    "always": ("全天", "at all times"),
    "hours": ("分时段", "by hours"),
    "none": ("没有", "none"),
    "unnumbered": ("没有写多少", "without a number"),
    "one direction": ("只有一个方向", "one direction only"),
    "variable": ("会变", "variable"),
    "signals": ("信号灯", "signals"),
    "bridge": ("天桥或地道", "bridge or tunnel"),
    "marked": ("斑马线", "marked"),
    "unmarked": ("没画线", "unmarked"),
    "unclear": ("不明", "unclear"),
    "forbidden": ("不可过街", "not to be crossed"),
    "unmatched": ("对不上", "unmatched"),
}


def filled(words: str, thresholds: Thresholds = THRESHOLDS) -> str:
    """Words of :data:`REASONS` with the numbers that were judged by."""
    return words.format(limit=f"{thresholds.limit_kmh:g}", near=f"{thresholds.crossing_m:g}", lanes=thresholds.many_lanes)


def explain(reasons: str, *, lang: Lang = "zh", thresholds: Thresholds = THRESHOLDS) -> str:
    """Reasons of a segment (codes joined by ``;``) in words."""
    return filled(("；" if lang == "zh" else "; ").join(REASONS[code][lang == "en"] for code in reasons.split(";") if code), thresholds)


def told(when: When, *, lang: Lang = "zh", thresholds: Thresholds = THRESHOLDS) -> str:
    """A test of the table in words."""
    reading = READINGS[when.reading][lang == "en"]
    if when.test == "is":
        return f"{reading} = " + (" / ").join(VALUE_WORDS[value][lang == "en"] for value in when.values)
    if when.test == "unknown":
        return f"{reading}：不知道" if lang == "zh" else f"{reading}: not known"
    sign = {"<=": "≤", ">=": "≥"}.get(when.test, when.test)
    return f"{reading} {sign} {written(when.values[0], thresholds)}"


def clause_words(clause: Clause, *, lang: Lang = "zh", thresholds: Thresholds = THRESHOLDS) -> str:
    """All tests of a line of the table; silence has none."""
    if not clause.when:
        return "什么都没有写" if lang == "zh" else "nothing is said"
    return ("，且 " if lang == "zh" else " and ").join(told(when, lang=lang, thresholds=thresholds) for when in clause.when)


__all__ = ["HEARD", "READINGS", "REASONS", "SOURCES", "STATES", "TAGS_READ", "VALUE_WORDS", "Lang", "clause_words", "explain", "filled", "told"]
