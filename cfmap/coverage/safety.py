"""Is a street beside a school safe for a child, going by its tags: safe, unsafe or unknown, with the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

State = Literal["safe", "unsafe", "unknown"]
Side = Literal["left", "right", ""]

SAFE_KMH = 30.0  # GA/T 1215-2014, GB 5768.8-2018
MANY_LANES = 2  # lanes in one direction from which a crossing needs signals
KMH_PER_MPH = 1.609344
#: Minutes of the day by which a limit for certain hours must hold; a setting, no standard names them.
SCHOOL_HOURS = ((7 * 60 + 30, 8 * 60), (16 * 60 + 30, 17 * 60))

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


@dataclass(frozen=True)
class Clause:
    """One line of the rule table: when all of `when` hold, the item is `state` because of `reason`."""

    state: State
    reason: str
    when: tuple[Condition, ...]


@dataclass(frozen=True)
class Condition:
    """
    A test of one tag.

    Parameters
    ----------
    key
        Tag, or several joined by ``|`` (any of them); ``{side}`` and ``{far}`` stand for the school's side and the other one.
    test
        ``in`` (one of `values`), ``set`` (tagged at all), ``slow`` / ``fast`` (a limit up to / above 30 km/h),
        ``slow_school_hours`` / ``slow_some_hours`` (a conditional limit).
    values
        For ``in``; the same placeholders.
    """

    key: str
    test: str = "in"
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """One item of the rule table; the first clause that holds decides, none of them means unknown."""

    key: str
    title: str
    title_en: str
    clauses: tuple[Clause, ...]
    otherwise: str


_SHARED = ("living_street", "pedestrian")
_SIDES = "sidewalk:both|sidewalk:{side}"

#: METHODS 2.3, items of the segment. Survey values will come before the tags.
ITEMS: dict[str, Item] = {
    "A": Item(
        "A",
        "人行空间",
        "walking space",
        (
            Clause("safe", "A-shared", (Condition("highway", values=_SHARED),)),
            Clause("safe", "A-sidewalk", (Condition("sidewalk", values=("both", "yes", "{side}")),)),
            Clause("safe", "A-sidewalk", (Condition(_SIDES, values=("yes",)),)),
            Clause("safe", "A-separate", (Condition("sidewalk|" + _SIDES, values=("separate",)), Condition("cfmap:beside", values=("yes",)))),
            Clause("unknown", "A-separate-unmatched", (Condition("sidewalk|" + _SIDES, values=("separate",)),)),
            Clause("unsafe", "A-none", (Condition("sidewalk", values=("no", "none")),)),
            Clause("unsafe", "A-none", (Condition(_SIDES, values=("no", "none")),)),
            Clause("unsafe", "A-far-side", (Condition("sidewalk", values=("{far}",)),)),
        ),
        "A-untagged",
    ),
    "B": Item(
        "B",
        "限速",
        "speed",
        (
            Clause("safe", "B-shared", (Condition("highway", values=_SHARED),)),
            Clause("safe", "B-limit", (Condition("maxspeed", "slow"),)),
            Clause("safe", "B-school-hours", (Condition("maxspeed:conditional", "slow_school_hours"),)),
            Clause("unknown", "B-other-hours", (Condition("maxspeed:conditional", "slow_some_hours"),)),
            Clause("unsafe", "B-over", (Condition("maxspeed", "fast"),)),
            Clause("unknown", "B-unread", (Condition("maxspeed", "set"),)),
            Clause("unknown", "B-sign-only", (Condition("hazard", values=("school_zone", "children")),)),
        ),
        "B-untagged",
    ),
}


def judge(item: Item, tags: Mapping[str, str], *, side: Side = "") -> tuple[State, str]:
    """
    State and reason of one item.

    Parameters
    ----------
    tags
        Of the way; ``cfmap:beside=yes`` when a sidewalk of its own runs beside at least 80 % of it.
    side
        On which side of the way, in its direction, the school lies; "" = not known, then only tags for both
        sides decide.
    """
    names = {"side": side or "?", "far": {"left": "right", "right": "left", "": "?"}[side]}
    for clause in item.clauses:
        if all(_holds(c, tags, names) for c in clause.when):
            return clause.state, clause.reason
    return "unknown", item.otherwise


def judge_crossing(kinds: Iterable[str], *, lanes: float | None, grade_separated: bool = False, tags: Mapping[str, str] | None = None) -> tuple[State, str]:
    """
    Item C, the crossing at the gate.

    Parameters
    ----------
    kinds
        Of the crossings within 50 m of the access along streets: signalled, marked, unmarked, unknown.
    lanes
        Lanes in one direction of the road before the gate; None = not tagged.
    grade_separated
        Whether a foot bridge or tunnel lies within the 50 m.
    tags
        Of the road before the gate (``crossing=no``).
    """
    found = set(kinds)
    many = lanes is not None and lanes >= MANY_LANES
    if "signalled" in found:
        return "safe", "C-signals"
    if grade_separated:
        return "safe", "C-grade"
    if "marked" in found:
        if lanes is None:
            return "unknown", "C-marked-lanes-untagged"
        return ("unknown", "C-marked-many-lanes") if many else ("safe", "C-marked")
    if (tags or {}).get("crossing") == "no":
        return "unsafe", "C-no-crossing"
    if found == {"unmarked"} and many:
        return "unsafe", "C-unmarked-many-lanes"
    return ("unknown", "C-unmarked") if found else ("unknown", "C-untagged")


def all_of(states: Iterable[State]) -> State:
    """Kleene's "and": any unsafe is unsafe; all safe is safe; else unknown. Of nothing: unknown."""
    found = set(states)
    if "unsafe" in found:
        return "unsafe"
    return "safe" if found == {"safe"} else "unknown"


def explain(reasons: str, *, lang: Literal["zh", "en"] = "zh") -> str:
    """Reasons of a segment (codes joined by ``;``) in words."""
    return ("；" if lang == "zh" else "; ").join(REASONS[code][0 if lang == "zh" else 1] for code in reasons.split(";") if code)


def kmh(text: str) -> float | None:
    """Limit of a ``maxspeed`` in km/h (``30``, ``20 mph``, ``walk``, ``none``); None where it names no number (``CN:urban``)."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph)?", text.strip().lower())
    if found:
        return float(found[1]) * (KMH_PER_MPH if found[2] == "mph" else 1.0)
    return {"walk": 7.0, "none": float("inf")}.get(text.strip().lower())


def lanes_one_way(tags: Mapping[str, str]) -> float | None:
    """Lanes in the busier direction; None when not tagged or not a number."""
    each = [n for key in ("lanes:forward", "lanes:backward") if (n := _number(tags.get(key))) is not None]
    if each:
        return max(each)
    every = _number(tags.get("lanes"))
    if every is None:
        return None
    return every if tags.get("oneway") in ("yes", "1", "true", "-1") else every / 2


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _holds(condition: Condition, tags: Mapping[str, str], names: Mapping[str, str]) -> bool:
    values = tuple(v.format_map(names) for v in condition.values)
    for key in condition.key.split("|"):
        text = tags.get(key.format_map(names))
        if text is not None and _TESTS[condition.test](text, values):
            return True
    return False


def _conditional(text: str) -> list[tuple[float | None, str]]:
    """``30 @ (Mo-Fr 07:00-08:30); 40 @ wet`` as [(30, "Mo-Fr 07:00-08:30"), (40, "wet")]."""
    found = re.findall(r"([^;@]+)@\s*(\([^)]*\)|[^;]+)", text)
    return [(kmh(limit), when.strip("() ")) for limit, when in found]


def _covers_school_hours(when: str) -> bool:
    if re.search(r"\b(SH|PH)\b(?!\s*off)", when) or (re.search(r"\b(Sa|Su)\b", when) and not re.search(r"\bMo\b", when)):
        return False
    spans = [(int(a) * 60 + int(b), int(c) * 60 + int(d)) for a, b, c, d in re.findall(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", when)]
    return all(any(start <= first and last <= end for start, end in spans) for first, last in SCHOOL_HOURS)


def _slow(text: str) -> bool:
    limit = kmh(text)
    return limit is not None and limit <= SAFE_KMH


def _fast(text: str) -> bool:
    limit = kmh(text)
    return limit is not None and limit > SAFE_KMH


_TESTS: dict[str, Callable[[str, tuple[str, ...]], bool]] = {
    "in": lambda text, values: text in values,
    "set": lambda _text, _values: True,
    "slow": lambda text, _values: _slow(text),
    "fast": lambda text, _values: _fast(text),
    "slow_school_hours": lambda text, _values: any(k is not None and k <= SAFE_KMH and _covers_school_hours(w) for k, w in _conditional(text)),
    "slow_some_hours": lambda text, _values: any(k is not None and k <= SAFE_KMH for k, _ in _conditional(text)),
}
