"""What is a target of a plan, and what may be said about it?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from datetime import date

Tier = Literal["A", "B", "C"]
Operator = Literal[">=", ">", "<=", "<", ""]
TargetStatus = Literal["met", "short", "cannot tell", "reported, unchecked", "not reported", "expired", "not spatial"]

#: What may be said about a target: key -> (中文, English). The only place of these words.
STATUS_WORDS: dict[TargetStatus, tuple[str, str]] = {
    "met": ("达到", "met"),
    "short": ("未达到", "short"),
    "cannot tell": ("说不清", "cannot tell"),
    "reported, unchecked": ("已上报，未核", "reported, unchecked"),
    "not reported": ("未上报", "not reported"),
    "expired": ("计划已到期", "plan ended"),
    "not spatial": ("不上图", "not spatial"),
}
#: How a target is tied to data: A computed from layers, B from layers or statistics, C told by the unit.
TIERS: dict[Tier, tuple[str, str]] = {
    "A": ("图上可算", "computed from the map's layers"),
    "B": ("要统计数", "needs a statistic"),
    "C": ("只记台账", "ledger only"),
}
#: Statistics that the ledgers which come with cfmap ask for: id -> (中文, English). A ledger of one's own may ask for others.
STATISTICS: dict[str, tuple[str, str]] = {
    "kindergarten_demand_met": ("适龄儿童入园需求满足率", "share of children who wanted a kindergarten place and got one, %"),
    "preschool_places": ("学前教育资源覆盖适龄儿童比例", "share of children with a pre-school place, %"),
    "preschool_enrolment": ("学前三年毛入园率", "gross enrolment in the three pre-school years, %"),
    "compulsory_retention": ("九年义务教育巩固率", "retention in compulsory education, %"),
    "upper_secondary_enrolment": ("高中阶段毛入学率", "gross enrolment in upper secondary education, %"),
    "migrant_enrolment": ("流动儿童入学率", "enrolment of migrant children, %"),
    "disabled_enrolment": ("残疾儿童十五年基础教育入学率", "enrolment of disabled children over fifteen years, %"),
    "pe_lessons": ("中小学体育与健康课程开课率", "schools that teach physical education in full, %"),
    "child_health_managed": ("儿童健康监测管理覆盖率", "children in health monitoring, %"),
    "myopia_screened": ("儿童近视筛查人口覆盖率", "children screened for myopia, %"),
    "myopia_monitoring": ("开展儿童近视监测（是填 1）", "area that monitors myopia (1 = yes)"),
    "children_insured": ("户籍儿童参保率", "registered children insured, %"),
    "vaccination": ("适龄儿童免疫规划疫苗接种率", "children vaccinated by the programme, %"),
    "rural_tap_water": ("农村自来水普及率", "rural homes with tap water, %"),
    "green_space_per_person": ("人均公共绿地面积", "public green space per person, m2"),
    "new_estates_with_library": ("新建小区同步建自助图书馆或阅览室的比例", "new estates built with a library, %"),
    "national_pilot": ("国家儿童友好城市建设试点（是填 1）", "national pilot (1 = yes)"),
    "municipal_pilot": ("市级儿童友好城市（是填 1）", "municipal child-friendly city (1 = yes)"),
    "programme_started": ("开展儿童友好城市建设（是填 1）", "programme under way (1 = yes)"),
    "balanced_education": ("义务教育优质均衡发展县（是填 1）", "balanced compulsory education (1 = yes)"),
}
TRANSLATED = ("英文由我们译，以中文为准", "our translation; the Chinese text decides")  # of `Target.item_en`, wherever it stands
NOT_NAMED = "文件未列明"  # a target for which the document names no unit


@dataclass(frozen=True)
class Binding:
    """
    Which data answer a target, and by which rule.

    Parameters
    ----------
    rule
        Key of :data:`cfmap.indicators.targets.RULES`.
    layers
        Layer key -> conditions on its sites (:mod:`cfmap.indicators.sites_where`); several layers are counted together.
    having
        Conditions of the sites that a share counts, among those that `layers` chooses.
    column, over
        Column that is summed; column of the denominator where it is another one.
    per
        Units of a test of presence: ``town`` or ``community``.
    people
        Group of :data:`cfmap.indicators.people.GROUPS` in the denominator; ``children`` leaves the age to the settings.
    names
        Words, each of which must stand in the name of a site.
    each
        Column and the values of which every town needs one.
    statistic
        Id in the sheet of statistics.
    minimum
        Residents below which a town is not asked.
    bound
        ``lower`` or ``upper`` where the number found is only that bound of the one asked for.
    first, step
        First batch and yearly growth of "first 6, then 6 more each year".
    what
        Which fact about the edition itself: ``map``, ``yearly``, ``events``.
    note
        How the text is read, in our words (中文, English), where it could be read otherwise.
    """

    rule: str = "reported"
    layers: dict[str, dict[str, str]] = field(default_factory=dict)
    having: dict[str, str] = field(default_factory=dict)
    column: str = ""
    over: str = ""
    per: Literal["town", "community"] = "town"
    people: str = ""
    names: tuple[str, ...] = ()
    each: dict[str, str] = field(default_factory=dict)
    statistic: str = ""
    minimum: float = 0.0
    bound: Literal["", "lower", "upper"] = ""
    first: float | None = None
    step: float | None = None
    what: str = ""
    note: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Target:
    """
    One row of a ledger: facts of the document, in our own short words.

    Parameters
    ----------
    id, item, tier, unit, clause
        As in the document's numbering; `clause` joins several by ``;``.
    item_en
        `item` in English, our translation: the Chinese text decides. Empty where a city's own ledger has none.
    target
        What is asked for, as a reader sees it (">=91", "首批6,逐年+6").
    value, upto
        The number to reach and, of a range, its other end; None where the text gives none.
    operator
        How `value` is compared; empty without a value.
    year
        When, as the text says it (2024, 每年, 期内 …).
    due
        Last year for it.
    yearly
        Asked anew every year.
    head
        Whether the year comes from the head of the paragraph, not from the sentence.
    softened
        ``basically`` (基本) or ``about`` (约, 左右): the text does not ask for the whole number.
    task
        Number of the task in the document, where there is one.
    lead, supporting
        Units named in the document; empty where it names none.
    """

    id: str
    item: str
    tier: Tier
    target: str
    unit: str
    year: str
    clause: str
    value: float | None = None
    upto: float | None = None
    operator: Operator = ""
    due: int | None = None
    yearly: bool = False
    head: bool = False
    softened: Literal["", "basically", "about"] = ""
    task: str = ""
    lead: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()
    binding: Binding = field(default_factory=Binding)
    item_en: str = ""


@dataclass(frozen=True)
class Plan:
    """A document with targets: who answers to it, from which year to which."""

    key: str
    city: str
    title: str
    document: str
    first: int
    last: int
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Reported:
    """What a unit told about a target: number or words, with evidence; `file` and `row` say where it stands."""

    id: str
    value: float | None
    text: str
    as_of: date | None
    evidence: str
    note: str
    file: str
    row: int


@dataclass(frozen=True)
class Statistic:
    """One number of a town (``""`` = the whole city) for one year, with its source."""

    town: str
    id: str
    value: float
    year: int
    source: str
    file: str = ""


@dataclass(frozen=True)
class Place:
    """A site that was counted, or a town or community (then `layer` says which of the two)."""

    layer: str
    id: str
    name: str


@dataclass(frozen=True)
class TargetResult:
    """
    What an edition says about a target.

    Attributes
    ----------
    plan, target
        Which.
    status
        One of :data:`STATUS_WORDS`.
    now, lower, upper
        The number today in the target's unit; bounds where attributes are missing. None = unknown, never 0.
    goal
        The number asked for by this edition's year, after the settings' readings; None where the text gives none.
    gap
        `goal` - `now` where it is short, 0 where met, None where unknown.
    reason, reading
        Why this status; how the text was read (中文, English).
    places, lacking, unsure
        The sites, towns or communities counted, those without, and those of which it is unknown.
    sources, data_date
        Where the number comes from, ISO date.
    reported
        What the unit told, if anything.
    judged
        What would be said if the plan had not ended: the final result of an expired plan.
    final_year
        Year of that result.
    indicator
        Id of the edition's indicator that this number repeats; what hides it for privacy hides this one.
    """

    plan: Plan
    target: Target
    status: TargetStatus
    now: float | None = None
    lower: float | None = None
    upper: float | None = None
    goal: float | None = None
    gap: float | None = None
    reason: tuple[str, str] = ("", "")
    reading: tuple[str, str] = ("", "")
    places: tuple[Place, ...] = ()
    lacking: tuple[Place, ...] = ()
    unsure: tuple[Place, ...] = ()
    sources: tuple[str, ...] = ()
    data_date: str = ""
    reported: Reported | None = None
    judged: TargetStatus | None = None
    final_year: int | None = None
    indicator: str = ""

    @property
    def known(self) -> bool:
        """Whether the map's data say anything about it."""
        return self.target.binding.rule != "reported" and not (self.now is None and self.lower is None and self.upper is None)

    def record(self) -> dict[str, Any]:
        """As data, for ``--json`` and ``targets.json``; ``null`` is unknown, never zero."""
        t, told = self.target, self.reported
        return {
            "id": t.id,
            "item": t.item,
            "item_en": t.item_en,
            "tier": t.tier,
            "target": t.target,
            "unit": t.unit,
            "year": t.year,
            "clause": t.clause,
            "status": self.status,
            "status_zh": STATUS_WORDS[self.status][0],
            "now": self.now,
            "gap": self.gap,
            "lower": self.lower,
            "upper": self.upper,
            "operator": t.operator,
            "value": t.value,
            "goal": self.goal,
            "due": t.due,
            "task": t.task,
            "plan": self.plan.key,
            "document": self.plan.document,
            "lead": list(t.lead),
            "supporting": list(t.supporting),
            "rule": t.binding.rule,
            "layers": list(t.binding.layers),
            "reason": self.reason[0],
            "reason_en": self.reason[1],
            "reading": self.reading[0],
            "reading_en": self.reading[1],
            "places": [{"layer": p.layer, "id": p.id, "name": p.name} for p in self.places],
            "unsure": [{"layer": p.layer, "id": p.id, "name": p.name} for p in self.unsure],
            "lacking": [{"layer": p.layer, "id": p.id, "name": p.name} for p in self.lacking],
            "sources": list(self.sources),
            "data_date": self.data_date,
            "reported": None
            if told is None
            else {"value": told.value, "text": told.text, "date": told.as_of.isoformat() if told.as_of else "", "evidence": told.evidence, "note": told.note},
            "judged": self.judged,
            "final_year": self.final_year,
        }
