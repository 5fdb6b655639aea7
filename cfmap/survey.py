"""The round of a survey: what is not known of the streets round schools goes out as a form, and what was seen comes back into the project."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from cfmap.intake import survey as kept_answers
from cfmap.intake.survey_sheet import GATES, SEGMENTS, read_form
from cfmap.intake.table import is_ignored
from cfmap.model import ConfigError, InputError, fault
from cfmap.pipeline import schools_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

    from cfmap.intake.survey_sheet import Told
    from cfmap.model import Fault
    from cfmap.model.messages import Lang
    from cfmap.model.survey import Answer

FOLDER = "survey"  # in output/
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


@dataclass(frozen=True)
class Form:
    """
    What went out.

    Attributes
    ----------
    files
        Workbook, and the sheets of paper where this computer has a Chinese font; none when nothing is unknown.
    schools, segments, gates
        How many are asked about, kindergartens among the schools; a segment between two schools counts at each.
    bare
        How many have no road for motor traffic near: nothing is asked about them.
    faults
        About answers of earlier rounds, about gates, and about sites that nothing can be asked about (W281).
    """

    files: tuple[Path, ...]
    schools: int
    segments: int
    gates: int
    bare: int
    faults: tuple[Fault, ...] = ()

    def record(self) -> dict[str, Any]:
        """As data, for ``--json``."""
        return {"files": [str(p) for p in self.files], "schools": self.schools, "segments": self.segments, "gates": self.gates, "bare": self.bare}

    def summary(self, lang: Lang) -> str:
        """What is asked, and what comes next."""
        if not self.files and any(f.code == "W281" for f in self.faults):
            return "没有能看的路段，没有写任何文件：先改校门。" if lang == "zh" else "Nothing can be asked, and no file was written: mend the gates first."
        if not self.files:
            return "没有不清楚的路段，不用调查，没有写任何文件。" if lang == "zh" else "Nothing is unknown; no file was written."
        files = "\n".join(f"  {path}" for path in self.files)
        if lang == "zh":
            paper = "" if len(self.files) > 1 else "\n这台电脑没有中文字体，没有写打印用的 PDF。"
            none = f"（另有 {self.bare} 所周边没有机动车道，不用看）" if self.bare else ""
            head = f"{self.schools} 所学校和幼儿园，{self.segments} 段路、{self.gates} 个校门要去看{none}："
            return f"{head}\n{files}{paper}\n填好以后：cfmap survey import 填好的文件"
        paper = "" if len(self.files) > 1 else "\nNo Chinese font on this computer: no PDF to print."
        none = f" ({self.bare} more have no road for motor traffic near)" if self.bare else ""
        head = f"{self.schools} schools and kindergartens, {self.segments} segments and {self.gates} gates to look at{none}:"
        return f"{head}\n{files}{paper}\nOnce filled in: cfmap survey import FILE"


@dataclass(frozen=True)
class Imported:
    """
    What came back.

    Attributes
    ----------
    files
        Of each form: its name, rows in it, rows filled in, rows of these that cannot be used, answers taken, answers that were there already,
        answers that differ from another of the same day (kept too, but none counts), where they are kept (None: nothing new).
    faults
        About rows that were not used, and about answers that take the place of older ones.
    """

    files: tuple[tuple[str, int, int, int, int, int, int, str | None], ...]
    faults: tuple[Fault, ...]

    @property
    def in_vain(self) -> bool:
        """Whether something was filled in and not one answer of it could be used."""
        return any(filled for _, _, filled, *_ in self.files) and not any(taken or known or open_ for *_, taken, known, open_, _ in self.files)

    def record(self) -> dict[str, Any]:
        """As data, for ``--json``."""
        keys = ("file", "rows", "filled", "refused", "taken", "known", "disputed", "kept_in")
        return {"files": [dict(zip(keys, file, strict=True)) for file in self.files]}

    def summary(self, lang: Lang) -> str:
        """A line for each form."""
        lines = []
        for name, rows, filled, refused, taken, known, disputed, kept in self.files:
            where = kept or ("—" if lang == "en" else "没有新的，什么都没有改")
            if lang == "zh":
                bad = f"（{refused} 行没有采用）" if refused else ""
                odd = f"，和同一天别的答案不一致、都不算的 {disputed} 个" if disputed else ""
                lines.append(f"{name}：{rows} 行，填了 {filled} 行{bad}；采用 {taken} 个答案，已经有的 {known} 个{odd} → {where}")
            else:
                bad = f" ({refused} not used)" if refused else ""
                odd = f", {disputed} that differ from others of the same day and count for nothing" if disputed else ""
                lines.append(f"{name}: {rows} rows, {filled} filled in{bad}; {taken} answers taken, {known} known already{odd} → {where}")
        if self.in_vain:
            lines.append("没有一行能采用，什么都没有改。" if lang == "zh" else "Not one row can be used; nothing was changed.")
        elif any(taken for *_, taken, _, _, _ in self.files):
            lines.append("下次 cfmap build 就用上。" if lang == "zh" else "The next cfmap build uses them.")
        return "\n".join(lines)


def form(project: str | Path = ".", *, year: int | None = None, schools: Sequence[str] = (), out: Path | None = None) -> Form:
    """
    Write the form about everything that is unknown round a project's schools.

    Parameters
    ----------
    project, year
        As :func:`cfmap.pipeline.build`.
    schools
        Names, or parts of names, of the schools to ask about; all by default.
    out
        Folder to write into; ``output/survey`` of the project by default. What is there stays.

    Raises
    ------
    ConfigError
        E298: no school has such a name; else as :func:`cfmap.pipeline.schools_of`.
    CfmapError
        As :func:`cfmap.pipeline.schools_of`.
    """
    from cfmap.coverage.perimeter import school_summary
    from cfmap.publish import survey_form

    asked = schools_of(project, year=year)
    sites, segments = _chosen(asked.sites, schools), asked.segments()
    made = survey_form.rounds(segments, sites, asked.doors, asked.network, rule_set=asked.city.safety.rule_set)
    states = school_summary(segments, sites, doors=asked.doors)["every"]
    bare = sites.loc[sites["id"].isin(states.index[states.eq("none")]), "name"].astype(str).tolist()
    folder = out or asked.city.root / "output" / FOLDER
    files = survey_form.write(made, asked.network, asked.city, folder, bare=bare) if made else []
    counts = [sum(len(r.of(sheet)) for r in made) for sheet in (SEGMENTS, GATES)]
    off = _off_the_streets(sites, asked.doors)
    told = [fault("W281", count=len(off), names="、".join(off))] if off else []
    return Form(tuple(files), len(made), counts[0], counts[1], len(bare), (*asked.faults, *told))


def take_in(files: Sequence[Path], project: str | Path = ".", *, year: int | None = None, today: date | None = None) -> Imported:
    """
    Take returned forms into the project: the answers of good rows are kept in ``data/survey/`` and named in the settings.

    Parameters
    ----------
    files
        Workbooks as :func:`form` wrote them, filled in. The same answer again changes nothing.
    project, year
        As :func:`cfmap.pipeline.build`.
    today
        No answer can be of a later day.

    Raises
    ------
    InputError
        E494 there is no such file, E294 it is no such form, or it cannot be read; nothing of any of the files is taken then.
    CfmapError
        As :func:`cfmap.pipeline.schools_of`.
    """
    today = today or date.today()  # noqa: DTZ011 - the day where the person sits
    if lost := [fault("E494", file=str(path), detail=str(path.absolute().parent)) for path in files if not path.is_file()]:
        raise InputError(lost)
    asked = schools_of(project, year=year)
    from cfmap.coverage.perimeter import Subjects

    subjects = Subjects(asked.network, asked.doors)
    told: list[tuple[Path, Told]] = []
    stops: list[Fault] = []
    left = [path for path in files if is_ignored(path)] if not all(map(is_ignored, files)) else []  # what Excel keeps beside an open workbook
    for path in (p for p in files if p not in left):
        try:
            told.append((path, read_form(path, file=path.name, known=subjects.has, today=today)))
        except InputError as error:
            stops += error.faults
    if stops:
        raise InputError(stops)
    kept: list[Answer] = list(kept_answers.read(asked.city, today=today).answers)
    lines, faults = [], [fault("I205", file=path.name) for path in left]
    for path, read in told:
        taken = kept_answers.fresh(read.answers, kept)
        where = kept_answers.keep(asked.city, taken.answers, name=_NOT_IN_NAMES.sub("_", path.stem))
        kept += taken.answers
        faults += [*read.faults, *taken.faults]
        counts = (read.rows, read.filled, read.refused, len(taken.answers) - taken.disputed, taken.known, taken.disputed)
        lines.append((path.name, *counts, None if where is None else asked.city.relative(where)))
    return Imported(tuple(lines), tuple(faults))


def _off_the_streets(sites: gpd.GeoDataFrame, doors: gpd.GeoDataFrame) -> list[str]:
    """Names of the sites none of whose gates stands at a street: which streets to look at there is not known."""
    off = doors["status"].eq("off_network").groupby(doors["school"]).all()
    return [str(name) for key, name in zip(sites["id"], sites["name"], strict=True) if off.get(key, False)]


def _chosen(sites: gpd.GeoDataFrame, names: Sequence[str]) -> gpd.GeoDataFrame:
    if not names:
        return sites
    lost = [name for name in names if not sites["name"].str.contains(name, regex=False).any()]
    if lost:
        raise ConfigError(fault("E298", names="、".join(lost), count=len(sites)))
    return sites[[any(name in str(own) for name in names) for own in sites["name"]]]
