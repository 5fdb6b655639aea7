"""What should be mended round schools first, and what would come of it: proposals go out as a table, what is kept of them is tried out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cfmap.pipeline import schools_of
from cfmap.planning.mending import WORKS, actions, edits, outcome

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from cfmap.model import Fault
    from cfmap.model.messages import Lang
    from cfmap.model.survey import Answer
    from cfmap.pipeline import Schools
    from cfmap.planning.mending import Action, Outcome

FOLDER, FILE = "mending", "整改清单.csv"
NAMES_SHOWN = 3


@dataclass(frozen=True)
class Mending:
    """
    Proposals, or the result of trying some out.

    Attributes
    ----------
    actions
        Ranked; empty when edits were tried.
    outcome
        Before, and after all that is proposed or the edits tried.
    names
        Name of each school.
    file
        Table of edits that was written, or read.
    tried
        Answers that were tried; 0 when proposals were written.
    """

    actions: tuple[Action, ...]
    outcome: Outcome
    names: dict[str, str]
    file: Path | None
    tried: int
    faults: tuple[Fault, ...]

    def printed(self, lang: Lang, *, top: int) -> list[str]:
        """The first actions, a line each, and before and after."""
        en = lang == "en"
        lines = []
        for number, action in enumerate(self.actions[:top], start=1):
            lines.append(f"{number:>3}  {_action_words(action, lang)}")
            lines.append(f"     {self._gain_words(action, lang)}")
        if len(self.actions) > top:
            more = len(self.actions) - top
            lines.append(f"     … {more} more in the table" if en else f"     …… 另有 {more} 条在表里")
        lines += ["", *self._outcome_words(lang)]
        return lines

    def _gain_words(self, action: Action, lang: Lang) -> str:
        en = lang == "en"
        names = [self.names.get(key, key) for key in action.schools]
        shown = ("、", ", ")[en].join(names[:NAMES_SHOWN]) + (f" +{len(names) - NAMES_SHOWN}" if len(names) > NAMES_SHOWN else "")
        pupils = "" if action.pupils != action.pupils else (f", {action.pupils:,.0f} pupils" if en else f"，在校生 {action.pupils:,.0f} 人")
        alone = (
            "" if not action.alone else (f"; makes {len(action.alone)} of them safe by itself" if en else f"；做了这一条，其中 {len(action.alone)} 所就安全了")
        )
        return f"needed by {len(names)} schools ({shown}){pupils}{alone}" if en else f"{len(names)} 所学校需要（{shown}）{pupils}{alone}"

    def _outcome_words(self, lang: Lang) -> list[str]:
        en = lang == "en"
        told = []
        for after in (False, True):
            low, high, safe, maybe, every = self.outcome.interval(after=after)
            name = (("现在", "now"), ("改了以后", "after"))[after][en]
            length = "—" if low != low else f"{_span(f'{low:.1f}', f'{high:.1f}')} %"
            schools = _span(f"{safe}", f"{maybe}")
            told.append(
                f"{name}: safe {length} of the length, {schools} of {every} schools"
                if en
                else f"{name}：安全路段 {length}，安全的学校 {schools} 所，共 {every} 所"
            )
        turned = [self.names.get(key, key) for key in self.outcome.turned()]
        if self.tried and turned:
            told.append(f"become safe: {', '.join(turned)}" if en else f"变成安全：{'、'.join(turned)}")
        return told

    def record(self) -> dict[str, Any]:
        """As data, for ``--json``."""
        keys = ("lower", "upper", "schools_safe", "schools_perhaps", "schools")
        found = [
            {"rank": n, "item": a.item, "subjects": list(a.subjects), "side": a.side, "road": a.road, "metres": round(a.metres, 1), "known": a.known}
            | {"schools": list(a.schools), "alone": list(a.alone), "pupils": _number(a.pupils), "pupils_alone": _number(a.pupils_alone)}
            | {"share": round(a.share, 2)}
            for n, a in enumerate(self.actions, start=1)
        ]
        intervals = {w: {k: _number(v) for k, v in zip(keys, self.outcome.interval(after=w == "after"), strict=True)} for w in ("before", "after")}
        return {"file": None if self.file is None else str(self.file), "tried": self.tried, "actions": found, **intervals, "turned": self.outcome.turned()}


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
        As :func:`cfmap.pipeline.schools_of`; OSError when the folder cannot be written.
    """
    from cfmap.coverage.safety import thresholds_of
    from cfmap.intake.edits import written

    asked = schools_of(project, year=year)
    thresholds, names = thresholds_of(asked.city), _names(asked)
    before = _stretches(asked, ())
    found = actions(before, asked.layer.sites, roads=_roads(asked), rule_set=asked.city.safety.rule_set)
    after = _stretches(asked, edits(found, thresholds=thresholds))
    folder = out or asked.city.root / "output" / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        (answer, (str(n), WORKS[action.item][1][0], action.road, "、".join(names.get(key, key) for key in action.schools)))
        for n, action in enumerate(found, start=1)
        for answer in action.answers(thresholds=thresholds)
    ]
    (folder / FILE).write_bytes(written(rows))
    return Mending(tuple(found), _outcome(asked, before, after), names, folder / FILE, 0, asked.faults)


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
    from cfmap.coverage.perimeter import Subjects, school_doors
    from cfmap.coverage.rules import sites_in_use
    from cfmap.intake.edits import read_edits

    asked = schools_of(project, year=year)
    doors = school_doors(asked.network, sites_in_use(asked.layer)[0], footprints=asked.layer.footprints, gates=asked.gates)[0]
    told = read_edits(edits_file, known=Subjects(asked.network, doors).has)
    before, after = _stretches(asked, ()), _stretches(asked, told.answers)
    return Mending((), _outcome(asked, before, after), _names(asked), edits_file, len(told.answers), (*asked.faults, *told.faults))


def _stretches(asked: Schools, more: tuple[Answer, ...] | list[Answer]) -> gpd.GeoDataFrame:
    from cfmap.coverage.perimeter import perimeter_asked

    return perimeter_asked(asked.network, asked.layer, asked.city, gates=asked.gates, answers=[*asked.answers, *more])


def _outcome(asked: Schools, before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> Outcome:
    settings = asked.city.safety
    return outcome(before, after, asked.layer.sites, covered=settings.covered, strict=settings.rule_set == "strict")


def _names(asked: Schools) -> dict[str, str]:
    sites = asked.layer.sites
    return {str(key): str(name) for key, name in zip(sites["id"], sites["name"], strict=True)}


def _roads(asked: Schools) -> dict[int, str]:
    tags = asked.network.way_tags
    return {} if "name" not in tags else {way: name for way, name in zip(tags.index.tolist(), tags["name"], strict=True) if isinstance(name, str)}


def _action_words(action: Action, lang: Lang) -> str:
    en = lang == "en"
    what = WORKS[action.item][1][en]
    where = _place(action, en=en)
    side = {"left": ("左侧", "left side"), "right": ("右侧", "right side"), "": ("", "")}[action.side][en]
    long = "" if action.item == "C" else f"{action.metres:,.0f} m"
    first = "" if action.known else ("not known: look first" if en else "现状不清楚，先去看")
    return ("  ".join if en else "　".join)(part for part in (what, where, side, long, first) if part)


def _place(action: Action, *, en: bool) -> str:
    first, _, number = action.subjects[0].partition("/")
    if action.item == "C":  # the school itself is named in the next line
        gate = f"gate {number}" if en else f"{number} 号门"
        return f"{action.road} {gate}".strip()
    return action.road or (f"unnamed road (way {first})" if en else f"没有名称的路（OSM 道路 {first}）")


def _span(low: str, high: str) -> str:
    return low if low == high else f"{low}–{high}"


def _number(value: float) -> float | None:
    return None if value != value else round(value, 2)


__all__ = ["FILE", "FOLDER", "Mending", "propose", "try_out"]
