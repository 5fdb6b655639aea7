"""How does the command line show the target ledger?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.cli.bilingual import say
from cfmap.indicators.targets import RULE_TITLES, figure, number, summary
from cfmap.model.target import NOT_NAMED, STATUS_WORDS, TIERS, TRANSLATED
from cfmap.publish import ledger_sheets

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.pipeline import TargetsResult

WORDS = {key: title[0] for key, title in RULE_TITLES.items()}


def rows(result: TargetsResult) -> list[str]:
    """Two lines for every row, under the title of its plan."""
    lines = []
    for plan in result.plans:
        lines.append(f"{plan.title} · {plan.document}" + (f" · {result.city} {result.year}" if result.year else ""))
        if translated := say("", TRANSLATED[1]):
            lines.append(f"({translated})")
        for r in (r for r in result.results if r.plan == plan):
            t = r.target
            gap = "" if not r.gap else say(f"，差 {number(r.gap)}", f", {number(r.gap)} short")
            item = say(t.item, t.item_en or t.item)
            lines.append(f"{t.id}  [{say(*STATUS_WORDS[r.status])}]  {item}：{t.target} {t.unit}（{t.year}，{t.clause}）  {say('现', 'now')} {figure(r)}{gap}")
            lines.append(f"    {say(*r.reason)}　{say('牵头', 'lead')}：{'、'.join(t.lead) or NOT_NAMED}")
    return lines


def tally(result: TargetsResult) -> list[str]:
    """How many rows of each tier have which status, a line for each tier."""
    lines = []
    for tier, title in TIERS.items():
        counts = summary(result.results).get(tier)
        if counts is None:
            continue
        by_status = say("，", ", ").join(f"{say(*STATUS_WORDS[s])} {counts[s]}" for s in STATUS_WORDS if counts[s])
        zh = f"{tier}（{title[0]}）{counts['all']} 项，数据能算 {counts['computed']} 项：{by_status}"
        en = f"{tier} ({title[1]}) {counts['all']} rows, {counts['computed']} computed: {by_status}"
        lines.append(say(zh, en))
    return lines


def facts(result: TargetsResult) -> dict[str, Any]:
    """Everything for programs."""
    plans = [{"key": p.key, "city": p.city, "title": p.title, "document": p.document, "first": p.first, "last": p.last} for p in result.plans]
    targets = [r.record() for r in result.results]
    return {"city": result.city, "year": result.year, "plans": plans, "summary": summary(result.results), "targets": targets}


def write_export(path: Path, result: TargetsResult) -> list[tuple[str, str]]:
    """Write the ledgers as workbooks, the first at `path`, others beside it under their own names; say what was written."""
    said = []
    for plan in result.plans:
        target = path if plan is result.plans[0] else path.with_name(f"{path.stem}-{plan.key}{path.suffix}")
        shown = [r for r in result.results if r.plan == plan] if result.year else []
        ledger_sheets.write_export(target, plan, WORDS, results=shown)
        said.append(
            (f"已写好 {target}：{len(plan.targets)} 个目标，每个牵头单位一页", f"Wrote {target}: {len(plan.targets)} targets, a sheet for every lead unit")
        )
    return said


def write_template(path: Path) -> tuple[str, str]:
    """Write an empty ledger; say so."""
    ledger_sheets.write_template(path, WORDS)
    return f"已写好空台账 {path}", f"Wrote an empty ledger {path}"
