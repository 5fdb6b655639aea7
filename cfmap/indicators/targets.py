"""What does an edition say about each target of a plan: met, short, or why it cannot be told?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cfmap.indicators import target_rules
from cfmap.indicators.target_rules import Found, Rule, Sight
from cfmap.model.once import once
from cfmap.model.target import STATUS_WORDS, Plan, Reported, Statistic, Target, TargetResult, TargetStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cfmap.model.city import TargetsSection
    from cfmap.model.edition import Edition

Words = tuple[str, str]

#: Every rule that a ledger may name.
RULES: dict[str, Rule] = {
    "count": target_rules.count,
    "new": target_rules.new,
    "added": target_rules.added,
    "steps": target_rules.count,
    "growth": target_rules.growth,
    "share": target_rules.share,
    "total": target_rules.total,
    "per_thousand": target_rules.per_thousand,
    "presence": target_rules.presence,
    "people_reach": target_rules.people_reach,
    "safe_streets": target_rules.safe_streets,
    "length": target_rules.length,
    "named": target_rules.named,
    "statistic": target_rules.statistic,
    "every_town": target_rules.every_town,
    "towns_with": target_rules.towns_with,
    "edition": target_rules.edition_itself,
    "reported": target_rules.reported,
}
#: What each rule counts, for the guide of the workbook.
RULE_TITLES: dict[str, Words] = {
    "count": ("现存的点位，符合条件的处数（累计）", "existing sites that meet the conditions, all up to the year"),
    "new": ("当年新增的处数", "sites of the edition's year"),
    "added": ("计划期内新增的处数", "sites since the plan's first year"),
    "steps": ("“首批 x，逐年增长 y”，读法见设置 targets.growth", "'first x, y more every year', read as targets.growth says"),
    "growth": ("比上一年增长百分之几", "growth over the year before, per cent"),
    "share": ("符合“要求”的占比（按处数；写了数值列就按数）", "share that meets the requirement, by sites or by a column"),
    "total": ("数值列之和", "sum of a column"),
    "per_thousand": ("数值列之和 ÷ 人数 × 1000", "sum of a column per 1,000 people"),
    "presence": ("至少有一处的乡镇街道（或村、社区）占比", "share of towns or communities with at least one"),
    "people_reach": ("步行可达的人数占比", "share of people within walking reach"),
    "safe_streets": ("学校周边安全路段占比", "share of safe streets round schools"),
    "length": ("线路总长，米", "length of lines, metres"),
    "named": ("列名的点位已有几处", "how many of the named sites there are"),
    "statistic": ("统计表里全市的数", "a statistic of the whole city"),
    "every_town": ("统计表里最低的乡镇街道", "a statistic of the lowest town"),
    "towns_with": ("统计表里为 1 的区域个数（人群写 share 就是占比）", "areas with a statistic of 1; their share with people = share"),
    "edition": ("本版地图本身：已绘制、每年一版、有活动", "the edition itself: drawn, yearly, with events"),
    "reported": ("由牵头单位上报", "reported by the lead unit"),
}
NEEDS_LAYERS = frozenset(
    {"count", "new", "added", "steps", "growth", "share", "total", "per_thousand", "presence", "people_reach", "safe_streets", "length", "named"}
)
NEEDS_FIELD = frozenset({"total", "per_thousand", "length"})
NEEDS_STATISTIC = frozenset({"statistic", "every_town", "towns_with"})
#: Rules whose number of a former year cannot be made from today's data: people and streets are those of now.
OF_NOW = frozenset({"per_thousand", "people_reach", "safe_streets"})
THOUSAND = 1000.0
CHILDREN = {"0-17": "children_0_17", "0-14": "children_0_14"}
GROWTH_READINGS: dict[str, Words] = {
    "total": ("“逐年增长”读作每年再增加这么多，看累计数", "yearly growth read as so many more each year, judged by the total"),
    "each_year": ("“逐年增长”读作每年新增这么多，只看当年", "yearly growth read as so many new ones each year, judged by the year alone"),
    "rising": ("“逐年增长”读作每年的新增数比上年多这么多，看累计数", "yearly growth read as the new ones rising by so many each year, judged by the total"),
}


@once()
def evaluate(
    plans: Iterable[Plan],
    edition: Edition,
    *,
    reports: Mapping[int, Mapping[str, Reported]] | None = None,
    statistics: Sequence[Statistic] = (),
    finals: Mapping[str, TargetResult] | None = None,
) -> tuple[TargetResult, ...]:
    """
    Judge every target of every plan; none is dropped.

    Parameters
    ----------
    plans
        Ledgers, in order.
    edition
        With layers, coverages and perimeters; its indicators are not looked at.
    reports
        Year -> target id -> what the unit told; a year without any workbook is absent.
    statistics
        Numbers that the bureau supplies.
    finals
        Target id -> result of an ended plan as the edition of its last year stated it.

    Returns
    -------
    results
        In the ledgers' order. What is missing is None and said in `reason`, never 0.
    """
    told, settings = reports or {}, edition.city.targets
    results: list[TargetResult] = []
    for plan in plans:
        ended = plan.last < edition.year
        seen = replace(edition, year=plan.last) if ended else edition
        sight = Sight(seen, plan.first, CHILDREN[settings.children], tuple(statistics))
        for target in plan.targets:
            if ended and finals and target.id in finals:
                results.append(_expired(finals[target.id], plan, target))
                continue
            of_now = ended and target.binding.rule in OF_NOW
            found = _only_then(plan) if of_now else _rule(target, settings)(target.binding, sight)
            result = judge(plan, target, found, year=seen.year, settings=settings, told=told.get(seen.year))
            results.append(_expired(result, plan, target) if ended else result)
    return tuple(results)


def unjudged(plan: Plan) -> tuple[TargetResult, ...]:
    """The rows of a ledger without any project: nothing is known of any."""
    no_project: Words = ("没有项目数据，只列出目标", "no project's data: the targets alone are listed")
    told_only: Words = ("不是地图上能数的事，由牵头单位上报", "nothing that a map can count; the lead unit reports it")
    return tuple(
        TargetResult(plan, t, "not spatial" if t.tier == "C" else "cannot tell", goal=t.value, reason=told_only if t.tier == "C" else no_project)
        for t in plan.targets
    )


def goal(plan: Plan, target: Target, *, year: int, settings: TargetsSection) -> tuple[float | None, tuple[Words, ...]]:
    """
    The number that a target asks for by a year, and how its wording was read.

    ``[targets] growth`` reads "first 6, 6 more every year"; ``basically`` and ``about`` say from which per cent of the number on a softened target
    counts as met (100 = the whole number); ``no_number`` whether a target without a number asks for any at all.
    """
    read: list[Words] = []
    binding = target.binding
    wanted = target.value
    if binding.first is not None and binding.step is not None:
        years = max(0, min(year, plan.last) - plan.first)
        if settings.growth == "each_year":
            wanted = binding.first if years == 0 else binding.step
        elif settings.growth == "rising":
            wanted = sum(binding.first + binding.step * n for n in range(years + 1))
        else:
            wanted = binding.first + binding.step * years
        read.append(GROWTH_READINGS[settings.growth])
    elif wanted is None:
        if settings.no_number == "any" and binding.rule in ("count", "new", "added", "length"):
            wanted = 1.0
            read.append(("文件没有给数，读作至少有一处", "no number in the text: read as at least one"))
    elif target.upto is not None:
        read.append(("区间取下端", "of a range, the lower end"))
    if wanted is not None and target.softened:
        percent = settings.basically if target.softened == "basically" else settings.about
        word: Words = ("“基本”", "'basically'") if target.softened == "basically" else ("“约、左右”", "'about'")
        wanted *= percent / 100
        read.append((f"{word[0]}读作达到所写数的 {percent:g}%", f"{word[1]} read as {percent:g}% of the number"))
    if target.head:
        last = target.due if settings.head_year == "paragraph" else plan.last
        read.append((f"年份随段首，读作 {last} 年", f"the year of the paragraph's head, read as {last}"))
    if any(binding.note):
        read.append(binding.note)
    return wanted, tuple(read)


def judge(plan: Plan, target: Target, found: Found, *, year: int, settings: TargetsSection, told: Mapping[str, Reported] | None) -> TargetResult:
    """
    Compare what was found, and what a unit reported, with the target.

    A number with bounds is met only if even the bad bound meets, short only if even the good one fails, else it cannot be told. What a unit reports
    is repeated and compared, but stays unchecked; it never overrules what the data say.

    Parameters
    ----------
    told
        Reports of that year; None when no unit has been asked (no workbook).
    """
    wanted, read = goal(plan, target, year=year, settings=settings)
    own = (told or {}).get(target.id)
    low, high = (found.lower, found.upper) if found.now is None else (found.now, found.now)
    status = _compare(target.operator or ">=", wanted, low, high)
    result = TargetResult(
        plan,
        target,
        status,
        now=found.now,
        lower=found.lower,
        upper=found.upper,
        goal=wanted,
        gap=_gap(target, wanted, found.now),
        reading=_joined((found.basis, *read)),
        places=found.places,
        lacking=found.lacking,
        unsure=found.unsure,
        sources=found.sources,
        data_date=found.data_date,
        reported=own,
        indicator=found.indicator,
    )
    if status in ("met", "short"):
        return replace(result, reason=_said(result, found, year=year))
    if own is not None and (own.value is not None or own.text):
        return _told(result, found)
    if target.binding.rule == "reported":
        return _untold(result, asked=told is not None)
    why = list(found.missing)
    if wanted is None and result.known:
        why.append(("文件没有给数，只列现状", "the text gives no number; only the present state is listed"))
    elif not why:
        why.append(("没有数据", "no data"))
    return replace(result, reason=_joined(why))


def summary(results: Iterable[TargetResult]) -> dict[str, dict[str, int]]:
    """Tier -> status -> number of rows, with ``computed`` (rows for which the data give a number or a bound) and ``all``."""
    counts: dict[str, dict[str, int]] = {}
    for result in results:
        tier = counts.setdefault(result.target.tier, {"all": 0, "computed": 0, **dict.fromkeys(STATUS_WORDS, 0)})
        tier["all"] += 1
        tier["computed"] += result.known
        tier[result.status] += 1
    return dict(sorted(counts.items()))


def _rule(target: Target, settings: TargetsSection) -> Rule:
    """The rule of a target; a batch of every year is judged by the year alone where the settings read it so."""
    return RULES["new" if target.binding.rule == "steps" and settings.growth == "each_year" else target.binding.rule]


# -- words -----------------------------------------------------------------------------------------------------------


def _compare(operator: str, wanted: float | None, low: float | None, high: float | None) -> TargetStatus:
    if wanted is None:
        return "cannot tell"
    if operator in ("<=", "<"):
        strict = operator == "<"
        if high is not None and (high < wanted or (high == wanted and not strict)):
            return "met"
        return "short" if low is not None and (low > wanted or (low == wanted and strict)) else "cannot tell"
    strict = operator == ">"
    if low is not None and (low > wanted or (low == wanted and not strict)):
        return "met"
    return "short" if high is not None and (high < wanted or (high == wanted and strict)) else "cannot tell"


def _gap(target: Target, wanted: float | None, now: float | None) -> float | None:
    if wanted is None or now is None:
        return None
    return round(max(0.0, now - wanted if target.operator in ("<=", "<") else wanted - now), target_rules.DIGITS)


def _said(result: TargetResult, found: Found, *, year: int) -> Words:
    target, unit = result.target, _short_unit(result.target)
    unit = unit if unit == "%" else f" {unit}".rstrip()
    now = figure(result)
    zh, en = [f"现为 {now}{unit}"], [f"now {now}{unit}"]
    if result.status == "short":
        least = result.gap is None
        gap = result.gap
        if gap is None and result.goal is not None and result.upper is not None:
            gap = result.goal - result.upper
        if gap:
            points = (" 个百分点", " points") if unit == "%" else (unit, unit)
            zh.append(f"{'至少' if least else ''}还差 {number(gap)}{points[0]}")
            en.append(f"{'at least ' if least else ''}{number(gap)}{points[1]} short")
        if target.due is not None and target.due > year:
            zh.append(f"{target.due} 年到期，还没有到")
            en.append(f"due in {target.due}")
    if found.missing and result.now is None:
        zh.append("；".join(m[0] for m in found.missing) + ("，但不影响结论" if result.status in ("met", "short") else ""))
        en.append("; ".join(m[1] for m in found.missing) + ", which does not change the answer")
    own = result.reported
    if own is not None and own.value is not None and not _within(own.value, result):
        zh.append(f"单位上报 {number(own.value)}，和数据算出来的不一致")
        en.append(f"the unit reported {number(own.value)}, which differs")
    return "；".join(zh), "; ".join(en)


def _within(value: float, result: TargetResult) -> bool:
    if result.now is not None:
        return abs(value - result.now) < 0.05 * max(1.0, abs(result.now))
    return (result.lower is None or value >= result.lower) and (result.upper is None or value <= result.upper)


def _told(result: TargetResult, found: Found) -> TargetResult:
    """A row with what its unit reported: repeated, compared, unchecked."""
    own = result.reported
    assert own is not None  # noqa: S101 - the caller looked
    value = own.value
    shown = own.text if value is None else number(value)
    zh, en = [f"单位上报：{shown}"], [f"the unit reports: {shown}"]
    gap = result.gap
    if value is not None and result.goal is not None:
        gap = _gap(result.target, result.goal, value)
        compared = _compare(result.target.operator or ">=", result.goal, value, value)
        zh.append(f"按上报数{'已达到' if compared == 'met' else '未达到'}")
        en.append("enough by that number" if compared == "met" else "short by that number")
    if not own.evidence:
        zh.append("没有附证据")
        en.append("no evidence given")
    missing = [m for m in found.missing if result.target.binding.rule != "reported"]
    if missing:
        zh.append("数据算不清：" + "；".join(m[0] for m in missing))
        en.append("the data leave it open: " + "; ".join(m[1] for m in missing))
    date = own.as_of.isoformat() if own.as_of else ""
    return replace(
        result,
        status="reported, unchecked",
        now=value if result.now is None else result.now,
        gap=gap,
        reason=("；".join(zh), "; ".join(en)),
        sources=(own.file, *((own.evidence,) if own.evidence else ())),
        data_date=date,
    )


def _untold(result: TargetResult, *, asked: bool) -> TargetResult:
    if asked or result.target.tier != "C":
        return replace(result, status="not reported", reason=("牵头单位还没有上报", "the lead unit has not reported"))
    why: Words = ("不是地图上能数的事；还没有发填报表", "nothing that a map can count; no sheet has been handed out")
    return replace(result, status="not spatial", reason=why)


def _expired(result: TargetResult, plan: Plan, target: Target) -> TargetResult:
    words = STATUS_WORDS[result.status]
    zh = f"计划 {plan.last} 年到期，最后结果：{words[0]}（{figure(result)}）；{result.reason[0]}"
    en = f"the plan ended in {plan.last}; final result: {words[1]} ({figure(result)}); {result.reason[1]}"
    return replace(result, plan=plan, target=target, status="expired", judged=result.status, final_year=plan.last, reason=(zh, en))


def _only_then(plan: Plan) -> Found:
    words: Words = (
        f"这个数要用 {plan.last} 年的人口和道路算；没有找到 {plan.last} 年版的台账",
        f"it needs the people and streets of {plan.last}; no ledger of the edition of {plan.last} was found",
    )
    return Found(basis=("以计划最后一年的版本为准", "as the edition of the plan's last year states it"), missing=(words,))


def figure(result: TargetResult) -> str:
    """The number as it is shown: ``12``, ``3–5``, ``≥3``; 未知 / unknown as ``—``."""
    if result.now is not None:
        return number(result.now)
    if result.lower is None and result.upper is None:
        return "—"
    if result.upper is None:
        return f"≥{number(result.lower or 0.0)}"
    return f"≤{number(result.upper)}" if result.lower is None else f"{number(result.lower)}–{number(result.upper)}"


def number(value: float) -> str:
    """Four digits that count, whole numbers in full: ``17,000``, ``8.47``, ``0.008``."""
    shown = f"{value:,.0f}" if abs(value) >= THOUSAND or float(value).is_integer() else f"{value:.4g}"
    return "0" if shown == "-0" else shown


def _short_unit(target: Target) -> str:
    """The unit without its remark in brackets: ``名/机构(…)`` is a share of institutions, in per cent."""
    rule = target.binding.rule
    if rule in ("share", "presence", "people_reach", "safe_streets", "growth") or (rule == "towns_with" and target.binding.people == "share"):
        return "%"
    return target.unit.split("(")[0].removesuffix("/年") if target.unit != "—" else ""


def _joined(words: Iterable[Words]) -> Words:
    zh, en = zip(*words, strict=True) if (words := tuple(words)) else ((), ())
    return "；".join(w for w in zh if w), "; ".join(w for w in en if w)
