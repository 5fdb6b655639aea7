"""What should be mended round schools first, and what would come of it: proposals go out as a table, what is kept of them is tried out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cfmap.coverage.perimeter.spoken import interval
from cfmap.model.city import CONFIG_NAME
from cfmap.model.errors import ConfigError
from cfmap.model.messages import fault
from cfmap.pipeline import schools_of
from cfmap.planning.heads import Heads
from cfmap.planning.mending_asked import bought_asked, ranked_asked
from cfmap.planning.mending_words import SPARE, cost_words, first_words, heads_words, money, road_words, state_words, where_words, work_words
from cfmap.planning.prices import cost_of, costs_of, priced
from cfmap.planning.stand import Outcome, stand

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from cfmap.model import Fault
    from cfmap.model.mending import Prices
    from cfmap.model.messages import Lang
    from cfmap.model.survey import Answer
    from cfmap.planning.budget import Purchase
    from cfmap.planning.mending import Action
    from cfmap.planning.stand import Stand

FOLDER, FILE, BOUGHT = "mending", "整改清单.csv", "预算内.csv"
NAMES_SHOWN = 3
#: How it was found what a budget buys, Chinese and English.
HOW = {
    "best": (
        "怎么选：整组买（一所学校少一条都不算安全），没有更好的选法",
        "how: whole sets (lacking one action no school is safe); nothing better is possible",
    ),
    "found": (
        "怎么选：整组买（一所学校少一条都不算安全）；限定的步数内找到的最好的，按排序的口径是 {found}，再好也不超过 {bound}",
        "how: whole sets (lacking one action no school is safe); the best that was found, {found} as the order counts, and no more than {bound} is possible",
    ),
    "greedy": (
        "怎么选：贪心，一组一组买每一万元孩子最多的（一所学校少一条都不算安全），不一定最好；装 cfmap[planning] 可以精确地选",
        "how: greedy, set by set that of most children for the money (lacking one action no school is safe); there may be better: install cfmap[planning]",
    ),
}


@dataclass(frozen=True, eq=False)
class Mending:
    """
    Proposals, or the result of trying some out.

    Attributes
    ----------
    actions
        Ranked; empty when edits were tried.
    steps
        How safe it is now, and after so many of the actions; when edits were tried, after all of them.
    sites
        Name and place of each school.
    heads
        Children of each school.
    file
        Table of edits that was written, or read.
    tried
        Answers that were tried; None when proposals were written.
    prices
        What things cost; None where the bureau says no price.
    budget, bought
        Yuan, and what they buy by the place of actions in the list, from 0; None where nobody asked.
    """

    actions: tuple[Action, ...]
    steps: tuple[tuple[int, Stand], ...]
    sites: Mapping[str, tuple[str, Any]]
    heads: Heads
    file: Path | None
    tried: int | None
    faults: tuple[Fault, ...]
    prices: Prices | None = None
    budget: float | None = None
    bought: Purchase | None = None

    @property
    def yuan(self) -> dict[int, float]:
        """Cost of each action by its place in the list, from 0; those without a price are left out."""
        return {} if self.prices is None else costs_of(self.actions, self.prices)

    @property
    def outcome(self) -> Outcome:
        """Before, and after all that is proposed, that is bought, or the edits tried."""
        return Outcome(self.steps[0][1], self.steps[-1][1])

    def printed(self, lang: Lang, *, top: int) -> list[str]:
        """The first actions, some lines each, and before and after."""
        en = lang == "en"
        lines = [first_words(self.actions, self.heads, self.sites, yuan=self.yuan)[en], ""] if self.actions and self.bought is None else []
        shown = [n for n in range(len(self.actions)) if self.bought is None or n in self.bought.actions]
        for n in shown[:top]:
            lines.append(f"{n + 1:>3}  {self._action_words(self.actions[n], en=en)}")
            lines.append(f"     {self._gain_words(self.actions[n], en=en)}")
        if len(shown) > top:
            more = len(shown) - top
            lines.append(f"     … {more} more in the table" if en else f"     …… 另有 {more} 条在表里")
        if self.bought is not None:
            lines += ["", *self._bought_words(self.bought, en=en)]
        lines += ["", *(self._tried_words(en=en) if self.tried is not None else self._step_words(en=en))]
        return lines

    def _action_words(self, action: Action, *, en: bool) -> str:
        long = "" if action.item == "C" else f"{action.metres:,.0f} m" if en else f"{action.metres:,.0f} 米"
        told = (work_words(action)[en], road_words(action)[en], long, where_words(action, self.sites)[en], "" if action.known else state_words(action)[en])
        return ("; " if en else "，").join(part for part in told if part)

    def _gain_words(self, action: Action, *, en: bool) -> str:
        names = self.names_of(action.schools)
        shown = ("、", ", ")[en].join(names[:NAMES_SHOWN]) + (f" +{len(names) - NAMES_SHOWN}" if len(names) > NAMES_SHOWN else "")
        who = self._heads_words(action.schools, en=en)
        if self.prices is not None:
            who += ("，", ", ")[en] + cost_words(cost_of(action, self.prices))[en]
        if action.spare:
            does = f"; {SPARE[1]}" if en else f"；{SPARE[0]}"
        elif len(action.alone) == len(names):
            does = f"; makes {'it' if len(names) == 1 else 'all of them'} safe by itself" if en else "；只做这一条就安全了"
        elif action.alone:
            does = f"; makes {len(action.alone)} of them safe by itself" if en else f"；只做这一条，其中 {len(action.alone)} 所就安全了"
        elif action.turned:
            turned = ("、", ", ")[en].join(self.names_of(action.turned))
            does = f"; done down to here, safe: {turned}" if en else f"；做到这一条，{turned}就安全了"
        else:
            does = ""
        return (
            f"needed by {len(names)} {'school' if len(names) == 1 else 'schools'} ({shown}){who}{does}" if en else f"{len(names)} 所需要（{shown}）{who}{does}"
        )

    def _heads_words(self, schools: Iterable[str], *, en: bool) -> str:
        return ("，", ", ")[en] + heads_words(self.heads, schools)[en]

    def _bought_words(self, bought: Purchase, *, en: bool) -> list[str]:
        """How far the budget reaches, and how that was found."""
        assert self.budget is not None and self.prices is not None  # noqa: S101, PT018 - asked only with both
        told = (money(self.budget), len(bought.actions), money(bought.yuan), money(self.budget - bought.yuan), len(bought.schools))
        first = (
            "{0} yuan: {1} actions for {2} yuan, {3} yuan left; {4} schools become safe"
            if en
            else "预算 {0} 元：做 {1} 条，用 {2} 元，剩 {3} 元，{4} 所学校、幼儿园变成安全"
        )
        lines = [first.format(*told) + (self._heads_words(bought.schools, en=en) if bought.schools else "")]
        look = [cost_of(self.actions[n], self.prices) for n in bought.actions if not self.actions[n].known]
        if look:
            spent = money(round(sum(cost.yuan for cost in look if cost is not None), 2))
            lines.append(
                f"of it {spent} yuan for {len(look)} actions of which nobody knows yet whether they are needed: look first"
                if en
                else f"其中 {len(look)} 条、{spent} 元现在没有资料：先去看，可能不用花"
            )
        unpriced = sum(cost_of(a, self.prices) is None for a in self.actions)
        if unpriced:
            lines.append(
                f"{unpriced} actions of the list have no price; schools that need one are not among them"
                if en
                else f"清单里有 {unpriced} 条没有单价；少不了它们的学校不在内"
            )
        if bought.schools:
            lines.append(_turned_words(self.names_of(bought.schools), en=en))
        return [*lines, HOW[bought.how][en].format(bound=f"{bought.bound:,.0f}", found=f"{bought.weight:,.0f}")]

    def _step_words(self, *, en: bool) -> list[str]:
        """Now, and after the first so many."""
        told = []
        for k, one in self.steps:
            if not k:
                name = "now" if en else "现在"
            elif self.bought is not None:
                name = "after these" if en else "这些做了以后"
            elif k == len(self.actions):
                name = f"after all {k}" if en else f"{k} 条全做"
            else:
                name = f"after the first {k}" if en else f"做前 {k} 条"
            told.append(_stand_words(name, one, en=en))
        return told

    def _tried_words(self, *, en: bool) -> list[str]:
        outcome = self.outcome
        told = [f"{self.tried} rows of the list tried" if en else f"照清单试了 {self.tried} 行"]
        told += [_stand_words(("现在", "now")[en], outcome.before, en=en), _stand_words(("改了以后", "after")[en], outcome.after, en=en)]
        turned = self.names_of(outcome.turned())
        if turned:
            told.append(_turned_words(turned, en=en))
        return told

    def names_of(self, keys: Iterable[str]) -> list[str]:
        """Names of schools."""
        return [self.sites[key][0] if key in self.sites else key for key in keys]

    def record(self) -> dict[str, Any]:
        """As data, for ``--json``."""
        keys = ("lower", "upper", "schools_safe", "schools_perhaps", "schools")
        found = [
            {"rank": n, "item": a.item, "subjects": [p.subject for p in a.places], "side": [p.side for p in a.places] if a.item == "A" else []}
            | {"road": a.road, "side_words": a.side[1], "where": where_words(a, self.sites)[1], "metres": round(a.metres, 1), "known": a.known}
            | {"schools": list(a.schools), "alone": list(a.alone), "turned": list(a.turned), "spare": a.spare, "share": round(a.share, 2)}
            | {f"{name}pupils": _number(self.heads.on_roll(ids)[0]) for name, ids in (("", a.schools), ("alone_", a.alone))}
            | {f"{name}children": _number(self.heads.nearest(ids)[0]) for name, ids in (("", a.schools), ("alone_", a.alone))}
            for n, a in enumerate(self.actions, start=1)
        ]
        if self.prices is not None:
            costs = [cost_of(a, self.prices) for a in self.actions]
            found = [
                one | ({"yuan": None} if c is None else {"quantity": c.quantity, "price": c.price, "yuan": c.yuan}) for one, c in zip(found, costs, strict=True)
            ]
        told = [{"actions": k} | {key: _number(v) for key, v in zip(keys, one.interval(), strict=True)} for k, one in self.steps]
        intervals = {"before": told[0], "after": told[-1]}
        return {
            "file": None if self.file is None else str(self.file),
            "tried": self.tried,
            "actions": found,
            "steps": told,
            **intervals,
            "turned": self.outcome.turned(),
        } | self._bought_record()

    def _bought_record(self) -> dict[str, Any]:
        if self.bought is None:
            return {}
        b = self.bought
        ranks = [n + 1 for n in sorted(b.actions)]
        return {"budget": {"yuan": self.budget, "spent": b.yuan, "ranks": ranks, "schools": list(b.schools), "how": b.how, "bound": _number(b.bound)}}


def propose(project: str | Path = ".", *, year: int | None = None, out: Path | None = None, budget: float | None = None) -> Mending:
    """
    Rank what would make schools safe, and write it as a table of edits.

    Parameters
    ----------
    project, year
        As :func:`cfmap.pipeline.schools_of`.
    out
        Folder; ``output/mending`` of the project by default.
    budget
        Yuan: what they buy of the list is written as a table of its own, too.

    Raises
    ------
    ConfigError
        E115: a budget without a price.
    CfmapError
        As :func:`cfmap.pipeline.schools_of` and :func:`cfmap.intake.read_population`; OSError when the folder cannot be written.
    """
    from cfmap.coverage.safety import thresholds_of
    from cfmap.intake import read_population
    from cfmap.intake.edits import written

    asked = schools_of(project, year=year)
    prices = asked.city.safety.mending.prices
    if budget is not None and not priced(prices):
        raise ConfigError(fault("E115", file=CONFIG_NAME, column="safety.mending.prices"))
    found = ranked_asked(asked.network, asked.watched, asked.segments(), read_population(asked.city), asked.city, gates=asked.gates_at)
    folder = out or asked.city.root / "output" / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    made = Mending(found.actions, found.steps, found.sites, found.heads, folder / FILE, None, asked.faults, prices if priced(prices) else None)
    rows: list[tuple[int, tuple[Answer, Sequence[str]]]] = []
    for n, a in enumerate(found.actions):
        words = (work_words(a)[0], road_words(a)[0], where_words(a, found.sites)[0], "、".join(made.names_of(a.schools)), "、".join(made.names_of(a.alone)))
        rows += [(n, (answer, (f"{n + 1}", *words))) for answer in a.answers(thresholds=thresholds_of(asked.city))]
    (folder / FILE).write_bytes(written(row for _, row in rows))
    if budget is None:
        return made
    bought, stands = bought_asked(found, asked.city, budget)
    (folder / BOUGHT).write_bytes(written(row for n, row in rows if n in bought.actions))
    return replace(made, file=folder / BOUGHT, steps=stands, budget=budget, bought=bought)


def try_out(edits_file: Path, project: str | Path = ".", *, year: int | None = None) -> Mending:
    """
    What a table of edits would change; nothing is written.

    Raises
    ------
    InputError
        As :func:`cfmap.intake.edits.read_edits`.
    CfmapError
        As :func:`cfmap.pipeline.schools_of`.
    """
    from cfmap.coverage.perimeter import Subjects
    from cfmap.intake.edits import read_edits

    asked = schools_of(project, year=year)
    told = read_edits(edits_file, known=Subjects(asked.network, asked.doors).has)
    settings, strict, used = asked.city.safety, asked.city.safety.rule_set == "strict", asked.sites
    before, after = (stand(asked.segments(more), used, covered=settings.covered, doors=asked.doors, strict=strict) for more in ((), told.answers))
    sites = {str(key): (str(name), place) for key, name, place in zip(used["id"], used["name"], used.geometry, strict=True)}
    return Mending((), ((0, before), (len(told.answers), after)), sites, Heads(), edits_file, len(told.answers), (*asked.faults, *told.faults))


def _turned_words(names: Sequence[str], *, en: bool) -> str:
    return f"become safe: {', '.join(names)}" if en else f"变成安全：{'、'.join(names)}"


def _stand_words(name: str, one: Stand, *, en: bool) -> str:
    low, high, safe, maybe, every = one.interval()
    length, schools = interval(low, high), f"{safe}" if safe == maybe else f"{safe}–{maybe}"
    return (
        f"{name}: safe {length} of the length, {schools} of {every} schools"
        if en
        else f"{name}：安全路段 {length}，安全的学校、幼儿园 {schools} 所，共 {every} 所"
    )


def _number(value: float) -> float | None:
    return None if value != value else round(value, 2)


__all__ = ["FILE", "FOLDER", "Mending", "propose", "try_out"]
