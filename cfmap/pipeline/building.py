"""An edition, from settings to published version."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cfmap.model import CfmapError, fault, find_layers, load_city
from cfmap.model.errors import Standing
from cfmap.pipeline.computing import compute, with_inside
from cfmap.pipeline.inputs import STEPS, Read, Streets, silent
from cfmap.pipeline.judging import last_results
from cfmap.pipeline.reading import read_all, whole
from cfmap.pipeline.running import noted, report

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.model import Fault
    from cfmap.model.edition import Edition
    from cfmap.model.messages import Lang
    from cfmap.pipeline.inputs import Progress
    from cfmap.publish.release import Release
    from cfmap.publish.reports import Reports


@dataclass(frozen=True)
class BuildResult:
    """A published edition and what was found on the way."""

    edition: Edition
    release: Release
    faults: tuple[Fault, ...]
    streets: Streets
    reports: Reports | None = None

    def record(self) -> dict[str, Any]:
        """As data, for ``--json``."""
        made = self.release
        files = [{"path": w.path.as_posix(), "sha256": w.sha256, "bytes": w.bytes} for w in made.written]
        facts = {"year": self.edition.year, "version": made.version, "folder": str(made.folder), "page": str(made.pointer), "fingerprint": made.fingerprint}
        return facts | {"files": files, "reports": None if self.reports is None else self.reports.record()}

    def summary(self, lang: Lang) -> str:
        """What was made, with sizes, and what to open."""
        files = "\n".join(f"  {w.path.as_posix():<18} {max(1, w.bytes / 1024):9,.0f} KB" for w in self.release.written)
        sites = sum(len(data.sites) for data in self.edition.layers.values())
        name = self.edition.city.name if lang == "zh" else self.edition.city.city.name_en or self.edition.city.name
        mark = self.release.fingerprint
        if lang == "zh":
            head = f"{name} {self.edition.year} 年版已发布（第 {self.release.version} 版）：{len(self.edition.layers)} 个图层，{sites} 处点位。"
            told = f'内容指纹：{mark}（送审的是这一版，就把 review_fingerprint = "{mark}" 和审图号一起写进 cfmap.toml）'
            listed = f"\n全部 {len(self.faults)} 处提示和警告：{self.reports.workbook}" if self.reports and self.faults else ""
            return f"{head}\n{files}\n{told}{listed}\n打开地图：{self.release.pointer}"
        told = f'Content fingerprint: {mark} (if this version goes to map review, write review_fingerprint = "{mark}" beside the number in cfmap.toml)'
        head = f"{name}, edition {self.edition.year}, published as version {self.release.version}: {len(self.edition.layers)} layers, {sites} sites."
        listed = f"\nAll {len(self.faults)} notes and warnings: {self.reports.workbook}" if self.reports and self.faults else ""
        return f"{head}\n{files}\n{told}{listed}\nOpen the map: {self.release.pointer}"


def build(
    project: str | Path = ".",
    *,
    year: int | None = None,
    public: bool = True,
    out: Path | None = None,
    confirm: bool = False,
    acknowledge_changed: bool = False,
    strict: bool = False,
    streets: Streets | None = None,
    progress: Progress | None = None,
) -> BuildResult:
    """
    Build and publish one edition.

    Parameters
    ----------
    project
        Folder of the city project.
    year
        Edition; the one in the settings by default.
    public
        False makes the internal edition, in its own folder ``output/<year>-internal``.
    out
        Output folder; ``output/`` of the project by default.
    confirm
        Publish although the self-check finds the result worse than the last one.
    acknowledge_changed
        Publish although the content is not the one that the map review number was given for; the page then says so.
    strict
        Stop at doubts too: far other numbers of rows than last year, datums without a known accuracy.
    streets
        Those of an edition built before, so that several editions read one network file once.
    progress
        Called with ``(step, steps, 中文, English)``.

    Raises
    ------
    CfmapError
        One of the six, with every record found; nothing is published then and what stood before is unchanged.
    """
    from cfmap.publish import demands, gate, release, tiles

    tell = progress or silent
    city = load_city(project)
    output = out or city.root / "output"
    folder = output / (str(city.edition.year if year is None else year) + ("" if public else "-internal"))
    with noted("build", city, year, output, edition=folder) as run:
        gate.demand_settings(city)
        if public:
            demands.demand(city, find_layers(city), year=year)
        tiles.chosen(city)  # its refusal comes before the work
        read = read_all(project, year=year, streets=streets, strict=strict, tell=tell)
        if read.stop is not None:
            raise _listed(read, read.stop, output)
        inputs = whole(read)
        edition = compute(inputs, public=public, finals=last_results(inputs, output), progress=tell)
        if not public:
            edition = with_inside(edition, inputs)
        tell(STEPS, STEPS, "写出并核对", "writing and checking")
        made = release.publish(edition, out=folder, confirm=confirm, acknowledge_changed=acknowledge_changed)
        run.faults, run.facts["version"] = (*edition.faults, *made.faults), made.version
        listed = None
        try:
            listed = report(read, run.faults, output)
        except CfmapError as error:  # the edition stands; that its problems could not be listed is one more of them
            run.faults = (*run.faults, *(fault("W405", what=f.what("zh"), what_en=f.what("en")) for f in error.faults))
    return BuildResult(edition, made, run.faults, inputs.streets, listed)


def _listed(read: Read, stop: CfmapError, folder: Path) -> CfmapError:
    """Give the error with the list of all it holds; that the list cannot be written is no reason to hide the error."""
    with suppress(CfmapError, OSError):
        stop.standing = Standing(None, listing=report(read, stop.faults, folder).workbook)
    return stop
