"""What should be mended round schools first, and what would come of it: proposals go out as a table, what is kept of them is tried out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cfmap.coverage.perimeter.spoken import interval
from cfmap.pipeline import schools_of
from cfmap.planning.heads import Heads
from cfmap.planning.mending_asked import ranked_asked
from cfmap.planning.mending_words import SPARE, road_words, state_words, where_words, work_words
from cfmap.planning.stand import Outcome, stand

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from cfmap.model import Fault
    from cfmap.model.messages import Lang
    from cfmap.planning.mending import Action
    from cfmap.planning.stand import Stand

FOLDER, FILE = "mending", "整改清单.csv"
NAMES_SHOWN = 3


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
    """

    actions: tuple[Action, ...]
    steps: tuple[tuple[int, Stand], ...]
    sites: Mapping[str, tuple[str, Any]]
    heads: Heads
    file: Path | None
    tried: int | None
    faults: tuple[Fault, ...]

    @property
    def outcome(self) -> Outcome:
        """Before, and after all that is proposed or the edits tried."""
        return Outcome(self.steps[0][1], self.steps[-1][1])

    def printed(self, lang: Lang, *, top: int) -> list[str]:
        """The first actions, some lines each, and before and after."""
        en = lang == "en"
        lines = []
        for number, action in enumerate(self.actions[:top], start=1):
            lines.append(f"{number:>3}  {self._action_words(action, en=en)}")
            lines.append(f"     {self._gain_words(action, en=en)}")
        if len(self.actions) > top:
            more = len(self.actions) - top
            lines.append(f"     … {more} more in the table" if en else f"     …… 另有 {more} 条在表里")
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
        """Children, with the source of each number; a sum that lacks schools is a least one."""
        every = tuple(schools)
        told = []
        for (number, lost), zh, word in ((self.heads.on_roll(every), "在校（园）生", "pupils"), (self.heads.nearest(every), "就近儿童", "nearest children")):
            if number == number:
                least = ("至少 ", "at least ")[en] if lost else ""
                told.append(f"{least}{number:,.0f} {word}" if en else f"{zh}{least or ' '}{number:,.0f} 人")
        if not told:
            return ", number of children not known" if en else "，孩子多少不知道"
        return "".join(f", {text}" if en else f"，{text}" for text in told)

    def _step_words(self, *, en: bool) -> list[str]:
        """Now, and after the first so many."""
        told = []
        for k, one in self.steps:
            if not k:
                name = "now" if en else "现在"
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
            told.append(f"become safe: {', '.join(turned)}" if en else f"变成安全：{'、'.join(turned)}")
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
        told = [{"actions": k} | {key: _number(v) for key, v in zip(keys, one.interval(), strict=True)} for k, one in self.steps]
        intervals = {"before": told[0], "after": told[-1]}
        return {
            "file": None if self.file is None else str(self.file),
            "tried": self.tried,
            "actions": found,
            "steps": told,
            **intervals,
            "turned": self.outcome.turned(),
        }


def propose(project: str | Path = ".", *, year: int | None = None, out: Path | None = None) -> Mending:
    """
    Rank what would make schools safe, and write it as a table of edits.

    Parameters
    ----------
    project, year
        As :func:`cfmap.pipeline.schools_of`.
    out
        Folder; ``output/mending`` of the project by default.

    Raises
    ------
    CfmapError
        As :func:`cfmap.pipeline.schools_of` and :func:`cfmap.intake.read_population`; OSError when the folder cannot be written.
    """
    from cfmap.coverage.safety import thresholds_of
    from cfmap.intake import read_population
    from cfmap.intake.edits import written

    asked = schools_of(project, year=year)
    found = ranked_asked(asked.network, asked.watched, asked.segments(), read_population(asked.city), asked.city, gates=asked.gates_at)
    folder = out or asked.city.root / "output" / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    made = Mending(found.actions, found.steps, found.sites, found.heads, folder / FILE, None, asked.faults)
    rows = [
        (
            answer,
            (
                str(n),
                work_words(a)[0],
                road_words(a)[0],
                where_words(a, found.sites)[0],
                "、".join(made.names_of(a.schools)),
                "、".join(made.names_of(a.alone)),
            ),
        )
        for n, a in enumerate(found.actions, start=1)
        for answer in a.answers(thresholds=thresholds_of(asked.city))
    ]
    (folder / FILE).write_bytes(written(rows))
    return made


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
