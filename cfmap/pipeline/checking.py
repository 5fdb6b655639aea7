"""Is everything there that an edition needs, and is it right?"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cfmap.model import CfmapError, find_layers, load_city
from cfmap.pipeline.inputs import silent
from cfmap.pipeline.reading import read_all
from cfmap.pipeline.running import noted, report

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cfmap.intake.columns import Question
    from cfmap.intake.coordinates import Extent
    from cfmap.model import City, Fault
    from cfmap.model.messages import Lang
    from cfmap.pipeline.inputs import Progress
    from cfmap.publish.reports import Reports


@dataclass(frozen=True)
class CheckResult:
    """What a check found: every record, the exit code that a build would stop with (0 = it would not), and what shows it."""

    year: int
    faults: tuple[Fault, ...]
    exit_code: int
    counts: dict[str, int]
    reports: Reports
    asked: tuple[Question, ...] = ()

    @property
    def stops(self) -> bool:
        """Whether a build would stop."""
        return self.exit_code != 0

    @property
    def workbook(self) -> Path:
        """The list of all problems."""
        return self.reports.workbook

    def record(self) -> dict[str, Any]:
        """As data, for ``--json``; the records themselves are the command's."""
        return {"year": self.year, "stops": self.stops, "counts": self.counts, "reports": self.reports.record()}

    def summary(self, lang: Lang) -> str:
        """One line for the terminal, and where the workbook is."""
        levels = [sum(f.level == level for f in self.faults) for level in ("error", "warning", "info")]
        sites = sum(self.counts.values())
        found_zh = "有错误，现在不能建图" if self.stops else f"可以建图：{len(self.counts)} 个图层，{sites} 处点位"
        found_en = "errors, nothing can be built yet" if self.stops else f"ready to build: {len(self.counts)} layers, {sites} sites"
        zh = f"{self.year} 年：{found_zh}；错误 {levels[0]}，警告 {levels[1]}，提示 {levels[2]}。"
        en = f"{self.year}: {found_en}; {levels[0]} errors, {levels[1]} warnings, {levels[2]} notes."
        zh += f"\n全部 {len(self.faults)} 处：{self.workbook}；位置：{self.reports.package}"
        en += f"\nAll {len(self.faults)}: {self.workbook}; on the map: {self.reports.package}"
        for path in self.reports.returned.values():
            zh += f"\n标红的副本，可以退给原单位：{path}"
            en += f"\nA copy with the cells marked, to be sent back: {path}"
        if self.asked:
            zh += f"\n有 {len(self.asked)} 列没有找到：在 check.xlsx 的工作表“列对应”里选好、保存，再运行一次 cfmap check"
            en += f"\n{len(self.asked)} columns were not found: choose them in the sheet 列对应 of check.xlsx, save it, and run cfmap check again"
        return zh if lang == "zh" else en


def check(
    project: str | Path = ".", *, year: int | None = None, out: Path | None = None, strict: bool = False, progress: Progress | None = None
) -> CheckResult:
    """
    Check every input of one edition; publishes nothing. `strict` as :func:`build`.

    Writes ``check.xlsx``, ``check.gpkg``, ``returned/`` and ``run.jsonl`` in the output folder, and into the settings what was chosen
    in the sheet 列对应 of the ``check.xlsx`` before, into ``data/核对.csv`` what was chosen in its sheet 重复待核.

    Returns
    -------
    result
        Every record in one pass; ``stops`` tells whether :func:`build` would refuse.

    Raises
    ------
    ConfigError
        The settings themselves are wrong: nothing else can be read then.
    """
    from cfmap.intake import decisions, review_sheet
    from cfmap.intake.columns import remember
    from cfmap.publish import demands

    city = load_city(project)
    folder = out or city.root / "output"
    with noted("check", city, year, folder) as run:
        taken = remember(city, _answered(city, folder / "check.xlsx", year))
        decisions.remember(city, review_sheet.read_answers(folder / "check.xlsx"))
        found = read_all(project, year=year, strict=strict, tell=progress or silent)
        faults, stop = (*found.faults, *taken, *demands.reminder(found.city)), found.stop
        counts = {} if stop is not None else {key: len(data.sites) for key, data in found.layers.items()}
        asked = _asked(found.city, faults, found.year) if stop is not None else ()
        run.faults, run.exit_code = faults, 0 if stop is None else stop.exit_code
        made = report(found, faults, folder, asked=asked)
    return CheckResult(found.year, faults, run.exit_code, counts, made, asked)


def _answered(city: City, workbook: Path, year: int | None) -> list[tuple[Question, int]]:
    """What a clerk chose in the workbook of the check before."""
    from cfmap.intake.column_sheet import read_answers

    extent = _rough_extent(city) if workbook.is_file() else None
    return read_answers(workbook, city, find_layers(city), year=year or city.edition.year, extent=extent)


def _asked(city: City, faults: Iterable[Fault], year: int | None) -> tuple[Question, ...]:
    """Which columns must be named before the tables can be read."""
    from cfmap.intake.columns import ASKED, open_questions

    told = [f for f in faults if f.code in ASKED]
    return tuple(open_questions(city, find_layers(city), told, year=year or city.edition.year, extent=_rough_extent(city))) if told else ()


def _rough_extent(city: City) -> Extent | None:
    from cfmap.intake.layer import extent_of

    with suppress(CfmapError):  # what is wrong with the outline is told elsewhere
        return extent_of(city)
    return None
