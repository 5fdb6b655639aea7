"""An edition, from settings to published version: the only file that knows the order of the rooms."""

from __future__ import annotations

import difflib
import hashlib
import traceback
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from cfmap.model import CfmapError, ConfigError, InputError, fault, find_layers, load_city
from cfmap.model.city import CONFIG_NAME, setting_line
from cfmap.model.edition import Basemap, Changes, Edition, InputFile
from cfmap.model.errors import Standing
from cfmap.model.events import AHEAD_DAYS, EVENTS, WHENS
from cfmap.model.layers import check_public_columns
from cfmap.model.once import once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    import geopandas as gpd
    import pandas as pd

    from cfmap.indicators.diff import Diff
    from cfmap.intake.columns import Question
    from cfmap.intake.coordinates import Extent
    from cfmap.intake.datum_guard import StreetPoints
    from cfmap.intake.datum_tables import Judged
    from cfmap.intake.events import Place
    from cfmap.intake.ledger import Ledgers
    from cfmap.intake.osm import OsmExtract
    from cfmap.intake.survey import Kept
    from cfmap.model import City, Coverage, Fault, Layer, LayerData, Population
    from cfmap.model.events import When
    from cfmap.model.messages import Lang
    from cfmap.model.survey import Answer
    from cfmap.model.target import Plan, TargetResult
    from cfmap.network import Network
    from cfmap.publish.release import Release
    from cfmap.publish.reports import Reports

    Progress = Callable[[int, int, str, str], None]

T = TypeVar("T")
Table = TypeVar("Table", bound="pd.DataFrame")
STREET_POINT_STEP_M = 20.0  # points along the streets that the datum guard compares with
SCHOOLS, GATES, CROSSINGS, SEVERANCE = "schools", "school_gates", "accessible_crossings", "severance"
GROUNDS = ("water", "green")  # settings of [basemap] that name a file of areas
STEPS = 9


@dataclass(frozen=True)
class Inputs:
    """Everything an edition reads, checked and in WGS84."""

    city: City
    year: int
    streets: Streets
    boundary: gpd.GeoDataFrame | None
    towns: gpd.GeoDataFrame | None
    population: Population | None
    ground: dict[str, gpd.GeoDataFrame]
    layers: dict[str, LayerData]
    faults: tuple[Fault, ...]
    files: tuple[InputFile, ...]
    former_year: int | None = None
    former: dict[str, LayerData] = field(default_factory=dict)
    ledgers: Ledgers | None = None
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class Streets:
    """What comes out of the network file, read once for all editions of one run; and their layers, each the next one's former."""

    source: Path
    network: Network
    osm: OsmExtract | None
    tables: dict[tuple[int, str], LayerData] = field(default_factory=dict)


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
        files = "\n".join(f"  {w.path.as_posix():<18} {w.bytes / 1024:9,.0f} KB" for w in self.release.written)
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


@dataclass(frozen=True)
class EventsResult:
    """What the table of events holds on the day it was read, and the version that shows it (None: nothing was published)."""

    year: int
    read: date
    tally: dict[When, int]
    coming: tuple[str, ...]
    faults: tuple[Fault, ...]
    release: Release | None

    def record(self) -> dict[str, Any]:
        """As data, for ``--json``."""
        version = None if self.release is None else f"{self.release.version:06d}"
        return {"year": self.year, "read": self.read.isoformat(), "version": version, "events": dict(self.tally), "coming": list(self.coming)}

    def summary(self, lang: Lang) -> str:
        """How many are shown and how many not, and what to open."""
        now, soon, undated, later, over = (self.tally[kind] for kind in WHENS)
        zh = f"{self.read} 这天网页上有 {now + soon + undated} 个活动：正在进行 {now}，{AHEAD_DAYS} 天内开始 {soon}，日期待定 {undated}。"
        zh += f"不显示：已结束 {over}，{AHEAD_DAYS} 天以后才开始 {later}。"
        en = (
            f"On {self.read} the page shows {now + soon + undated} events: {now} on now, {soon} that begin within {AHEAD_DAYS} days, {undated} without a date. "
        )
        en += f"Not shown: {over} over, {later} that begin later."
        lines = "".join(f"\n  {line}" for line in self.coming)
        if self.release is None:
            zh, en = zh + lines + "\n只是看一看，没有发布。", en + lines + "\nOnly looked at; nothing was published."
        else:
            zh += f"\n活动已更新（第 {self.release.version} 版），其他内容没有变。打开地图：{self.release.pointer}"
            en += f"\nEvents renewed as version {self.release.version}; nothing else changed. Open the map: {self.release.pointer}"
        return zh if lang == "zh" else en


# -- doors ---------------------------------------------------------------------------------------------------------


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

    tell = progress or _silent
    city = load_city(project)
    output = out or city.root / "output"
    folder = output / (str(city.edition.year if year is None else year) + ("" if public else "-internal"))
    with _noted("build", city, year, output, edition=folder) as run:
        gate.demand_settings(city)
        if public:
            demands.demand(city, find_layers(city), year=year)
        tiles.chosen(city)  # its refusal comes before the work
        read = _read(project, year=year, streets=streets, strict=strict, tell=tell)
        if read.stop is not None:
            raise _listed(read, read.stop, output)
        inputs = _whole(read)
        edition = compute(inputs, public=public, finals=_finals(inputs, output), progress=tell)
        if not public:
            edition = _with_inside(edition, inputs)
        tell(STEPS, STEPS, "写出并核对", "writing and checking")
        made = release.publish(edition, out=folder, confirm=confirm, acknowledge_changed=acknowledge_changed)
        run.faults, run.facts["version"] = (*edition.faults, *made.faults), made.version
        listed = None
        try:
            listed = _report(read, run.faults, output)
        except CfmapError as error:  # the edition stands; that its problems could not be listed is one more of them
            run.faults = (*run.faults, *(fault("W405", what=f.what("zh"), what_en=f.what("en")) for f in error.faults))
    return BuildResult(edition, made, run.faults, inputs.streets, listed)


def _listed(read: _Read, stop: CfmapError, folder: Path) -> CfmapError:
    """Give the error with the list of all it holds; that the list cannot be written is no reason to hide the error."""
    with suppress(CfmapError, OSError):
        stop.standing = Standing(None, listing=_report(read, stop.faults, folder).workbook)
    return stop


@dataclass(frozen=True)
class TargetsResult:
    """What an edition says about every target of the city's ledgers, and what was found in ledgers, reports and statistics."""

    city: str
    year: int | None
    plans: tuple[Plan, ...]
    results: tuple[TargetResult, ...]
    faults: tuple[Fault, ...] = ()


def targets(
    project: str | Path = ".", *, year: int | None = None, city_name: str = "", out: Path | None = None, progress: Progress | None = None
) -> TargetsResult:
    """
    Judge the targets of a project's edition; publishes nothing.

    Parameters
    ----------
    project, year, progress
        As :func:`build`; a street network that is not there yet is told (W495) and stops nothing, what rests on it cannot be told.
    city_name
        Answer to the ledgers of this city that come with cfmap instead of those in the settings.
    out
        Where former editions are, for plans that have ended; ``output/`` of the project by default.

    Raises
    ------
    ConfigError
        E172 no ledger of that city, E173 none in the settings.
    CfmapError
        As :func:`read_inputs`.
    """
    from cfmap.indicators.targets import evaluate
    from cfmap.intake.ledger import read_told
    from cfmap.model.ledgers import standard_ledgers

    city = load_city(project)
    plans = _ledgers_named(city_name) if city_name else ()
    if not plans and not city.targets.ledgers:
        known = "、".join(standard_ledgers())
        raise ConfigError(fault("E173", file=CONFIG_NAME, row=setting_line(city.root, "targets", "ledger"), column="targets.ledger", known=known))
    read = _read(project, year=year, strict=False, tell=progress or _silent)
    output = out or city.root / "output"
    lacking: tuple[Fault, ...] = ()
    if read.streets is None and read.stop is not None and {f.code for f in read.stop.faults if f.level == "error"} == {"E495"}:
        edition, lacking = _without_streets(read, output), (fault("W495", file=read.city.network.source),)
    elif read.stop is not None:
        raise read.stop
    else:
        inputs = _whole(read)
        edition = compute(inputs, public=False, finals=_finals(read, output), progress=progress)
    if not plans:
        asked = read.ledgers.plans if read.ledgers else ()
        return TargetsResult(edition.city.name, read.year, asked, edition.targets, (*lacking, *(read.ledgers.faults if read.ledgers else ())))
    told = read_told(edition.city, plans, years={read.year, *(p.last for p in plans if p.last < read.year)}, towns=read.towns)
    results = evaluate(plans, edition, reports=told.reports, statistics=told.statistics)
    return TargetsResult(edition.city.name, read.year, plans, results, (*lacking, *told.faults))


def _without_streets(read: _Read, output: Path) -> Edition:
    """What can be said of the targets before there is a street network: no reach, no streets round schools, everything else."""
    import geopandas as gpd

    from cfmap.indicators.targets import evaluate

    layers = {
        key: data if key == EVENTS else replace(data, sites=_as_of(data.sites, read.year), unlocated=_as_of(data.unlocated, read.year))
        for key, data in read.layers.items()
    }
    nothing = gpd.GeoDataFrame(geometry=[], crs=4326)
    edition = Edition(
        city=read.city.in_year(read.year),
        year=read.year,
        layers=layers,
        coverages=(),
        perimeter=None,
        indicators=(),
        population=read.population,
        boundary=read.boundary,
        towns=read.towns,
        basemap=Basemap(nothing, nothing, nothing, ""),
        network_summary={},
        faults=read.faults,
        inputs=(),
        public=False,
    )
    asked = read.ledgers
    judged = evaluate(asked.plans, edition, reports=asked.reports, statistics=asked.statistics, finals=_finals(read, output)) if asked else ()
    return replace(edition, targets=judged)


def ledger_of(city_name: str) -> TargetsResult:
    """
    The rows of a city's ledgers that come with cfmap, without any project.

    Raises
    ------
    ConfigError
        E172 no ledger of that city.
    """
    from cfmap.indicators.targets import unjudged

    plans = _ledgers_named(city_name)
    return TargetsResult(plans[0].city, None, plans, tuple(r for plan in plans for r in unjudged(plan)))


def _ledgers_named(city_name: str) -> tuple[Plan, ...]:
    from cfmap.model.ledgers import ledgers_of, standard_ledger, standard_ledgers

    plans = ledgers_of(city_name)
    if not plans:
        known = "、".join(dict.fromkeys(standard_ledger(key).city for key in standard_ledgers()))
        raise ConfigError(fault("E172", city=city_name, known=known))
    return plans


def _finals(inputs: Inputs | _Read, output: Path) -> dict[str, TargetResult]:
    from cfmap.publish import target_file

    return target_file.finals(inputs.ledgers.plans if inputs.ledgers else (), output, year=inputs.year)


def renew_events(
    project: str | Path = ".",
    *,
    year: int | None = None,
    public: bool = True,
    out: Path | None = None,
    publish: bool = True,
    progress: Progress | None = None,
) -> EventsResult:
    """
    Read the table of events anew and put it into the edition that is published; nothing else of it is computed or changes.

    Coordinates are checked against the city's outline; against the streets (is the datum the one declared?) only by :func:`build`.

    Parameters
    ----------
    project, year, public, out, progress
        As :func:`build`.
    publish
        False only tells what would be shown.

    Raises
    ------
    ConfigError
        No such year, or no table of events in the settings (E123).
    InputError, SafetyRefusal
        As :func:`cfmap.intake.load_layer`; nothing is published then.
    EnvironmentFault, SelfCheckError
        As :func:`cfmap.publish.release.amend`.
    """
    from cfmap.intake.towns import with_towns
    from cfmap.publish.web import renew

    tell = progress or _silent
    city = load_city(project)
    layers = find_layers(city)
    check_public_columns(city, layers)
    chosen = _edition_year(city, year)
    if EVENTS not in layers or EVENTS not in city.layers or not city.layers[EVENTS].sources:
        raise ConfigError(fault("E123", file=CONFIG_NAME, column=f"layers.{EVENTS}", layer=EVENTS))
    folder = (out or city.root / "output") / (str(chosen) if public else f"{chosen}-internal")
    target = renew.target(folder, year=chosen, public=public)
    tell(1, 3, "读活动表", "reading the table of events")
    with _noted("events", city, year, out or city.root / "output", edition=folder) as run:
        towns = _outline(city, city.boundary.towns)
        data = with_towns(_load_one(city, layers, EVENTS, chosen), towns)
        tell(2, 3, "放进网页", "putting them into the page")
        found = renew.events_for(target, data, city)
        made = None
        if publish:
            tell(3, 3, "写出并核对", "writing and checking")
            made = renew.publish(folder, found, data, city)
        run.faults = (*found.data.faults, *(made.faults if made else ()))
    return EventsResult(chosen, found.read, found.tally, found.coming, run.faults, made)


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
    with _noted("check", city, year, folder) as run:
        taken = remember(city, _answered(city, folder / "check.xlsx", year))
        decisions.remember(city, review_sheet.read_answers(folder / "check.xlsx"))
        found = _read(project, year=year, strict=strict, tell=progress or _silent)
        faults, stop = (*found.faults, *taken, *demands.reminder(found.city)), found.stop
        counts = {} if stop is not None else {key: len(data.sites) for key, data in found.layers.items()}
        asked = _asked(found.city, faults, found.year) if stop is not None else ()
        run.faults, run.exit_code = faults, 0 if stop is None else stop.exit_code
        made = _report(found, faults, folder, asked=asked)
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


@dataclass
class _Run:
    """What the log says of a run."""

    faults: tuple[Fault, ...] = ()
    exit_code: int = 0
    facts: dict[str, Any] = field(default_factory=dict)


@contextmanager
def _noted(command: str, city: City, year: int | None, folder: Path, *, edition: Path | None = None) -> Iterator[_Run]:
    """Keep the log of a run, however it ends; an error learns what readers of `edition` still see."""
    from cfmap.publish import reports

    run, started = _Run(), monotonic()
    try:
        yield run
    except CfmapError as error:
        run.faults, run.exit_code = error.faults, error.exit_code
        if edition is not None:
            stands = reports.standing(edition)
            error.standing = stands if error.standing is None else replace(stands, listing=error.standing.listing)
        raise
    except BaseException as error:
        run.exit_code = 130 if isinstance(error, KeyboardInterrupt) else 1 if isinstance(error, Exception) else 143
        if isinstance(error, Exception):
            run.facts["traceback"] = traceback.format_exc()
        raise
    finally:
        seconds = round(monotonic() - started, 1)
        chosen = city.edition.year if year is None else year
        reports.log(folder, run.faults, command=command, city=city.name, edition=chosen, exit=run.exit_code, seconds=seconds, **run.facts)


def _report(read: _Read, faults: tuple[Fault, ...], folder: Path, *, asked: tuple[Question, ...] = ()) -> Reports:
    from cfmap.intake import Checked
    from cfmap.publish import reports

    return reports.write(Checked(read.city, read.year, faults, layers=read.layers, streets=read.beside, asked=asked, datums=read.datums), folder)


def sites(layer: str, project: str | Path = ".", *, year: int | None = None) -> gpd.GeoDataFrame:
    """
    The sites of one layer as of an edition, read from the project's sources.

    Parameters
    ----------
    layer
        Key of the layer, e.g. ``"childcare"``.
    project, year
        As :func:`build`.

    Returns
    -------
    sites
        GeoDataFrame in EPSG:4326, one row per site with coordinates, columns as ``cfmap.model.SITE_COLUMNS`` and the
        layer's own.

    Raises
    ------
    ConfigError
        No such layer or year.
    InputError
        The sources cannot be used as they are.
    """
    city = load_city(project)
    layers = find_layers(city)
    if layer not in layers:
        near = difflib.get_close_matches(layer, layers, n=1)
        raise ConfigError(fault("E112", key=layer, known="、".join(sorted(layers)), nearest="".join(near) or "-"))
    chosen = _edition_year(city, year)
    return _as_of(_load_one(city, layers, layer, chosen).sites, chosen)


@dataclass(frozen=True)
class Schools:
    """What streets round schools are looked at with: of one edition, the schools' layer, their gates, the street network and what surveys say."""

    city: City
    year: int
    network: Network
    layer: LayerData
    gates: gpd.GeoDataFrame | None
    answers: tuple[Answer, ...]
    faults: tuple[Fault, ...]


def schools_of(project: str | Path = ".", *, year: int | None = None) -> Schools:
    """
    Read what is needed for the streets round schools, and nothing else of the project.

    Raises
    ------
    ConfigError
        E112 there is no layer of schools with a source; E121 no such year.
    InputError
        E495 there is no street network; the tables cannot be used as they are.
    """
    from cfmap.intake import survey

    city = load_city(project)
    layers, chosen = find_layers(city), _edition_year(city, year)
    if SCHOOLS not in layers or SCHOOLS not in city.layers:
        raise ConfigError(fault("E112", key=SCHOOLS, known="、".join(sorted(layers)), nearest="-"))
    streets = _read_streets(city, city.path(city.network.source, year=chosen), {})
    kept = survey.read(city)
    answers, faults = kept.as_of(chosen, city)
    schools, gates = (_load_one(city, layers, key, chosen) if key in layers and key in city.layers else None for key in (SCHOOLS, GATES))
    assert schools is not None  # noqa: S101 - asked for above
    layer = replace(schools, sites=_as_of(schools.sites, chosen))
    doors = _as_of(gates.sites, chosen) if gates is not None and len(gates.sites) else None
    return Schools(city.in_year(chosen), chosen, streets.network, layer, doors, answers, (*kept.faults, *faults))


def _load_one(city: City, layers: dict[str, Layer], key: str, year: int) -> LayerData:
    from cfmap import intake
    from cfmap.intake.earlier import with_kept_ids
    from cfmap.intake.osm import OsmExtract

    uses_osm = key in city.layers and any(s.osm for s in city.layers[key].sources)
    osm = OsmExtract.read(city.path(city.network.source, year=year), [layers[key]]) if uses_osm else None
    data = intake.load_layer(layers[key], city, year=year, osm=osm)
    return with_kept_ids({key: data}, city, year)[key][0]


def editions_of(project: str | Path) -> tuple[int, ...]:
    """The years in the settings, ascending."""
    city = load_city(project)
    return tuple(sorted(city.edition.editions)) or (city.edition.year,)


def fetch_network(
    project: str | Path, *, place: str = "", extract: Path | None = None, overpass_url: str = "", progress: Progress | None = None
) -> tuple[Path, dict[str, object]]:
    """
    Bring the city's street network to where ``[network] source`` says: downloaded, or clipped from a regional extract.

    Returns
    -------
    path, facts
        The file written, and counts to print.
    """
    from cfmap.intake import read_outline
    from cfmap.network.clip import clip
    from cfmap.network.fetch import fetch

    city = load_city(project)
    out = city.path(city.network.source)
    outline = read_outline(city.path(city.boundary.city), datum=city.boundary.datum, city=city) if city.boundary.city else None
    if extract is not None:
        if outline is None:
            raise ConfigError(fault("E122"))
        report = clip(extract, outline, buffer_m=city.network.buffer_m, out=out)
        return out, report.facts()
    if outline is None and not place:
        raise ConfigError(fault("E122"))
    rules = tuple(rule for layer in find_layers(city).values() for rule in layer.osm)
    polygon = None if place or outline is None else outline.union_all()
    path = fetch(city, place=place or None, polygon=polygon, overpass_url=overpass_url or None, out=out, tags=rules, progress=progress)
    return path, {"bytes": path.stat().st_size}


@dataclass(frozen=True)
class DiffResult:
    """What changed between two published editions, and where it is written down (None: nowhere)."""

    diff: Diff
    lines: tuple[str, ...]
    folder: Path | None


def diff(
    old: str,
    new: str,
    project: str | Path = ".",
    *,
    public: bool = True,
    recompute: bool = False,
    write: bool = True,
    out: Path | None = None,
    lang: Lang = "zh",
    progress: Progress | None = None,
) -> DiffResult:
    """
    What changed between two published editions: sites by layer and id, numbers with their causes.

    Parameters
    ----------
    old, new
        Years of the project, or folders of editions (``output/2023``).
    project
        For titles, and for `recompute`.
    public
        False compares the internal editions of two years.
    recompute
        Compute the old year's tables again with today's method, streets and outlines, so that a number's change is split by cause.
    write
        Write ``changes.txt``, ``changes.xlsx`` and ``changes.gpkg`` into ``output/diff-OLD-NEW`` of the project; what stood there goes.
    out
        Another folder instead of ``output/``.
    lang
        Of the text.

    Raises
    ------
    ConfigError
        E145 nothing is published there, E146 two that cannot be compared, E147 `recompute` without the old year in the project.
    SelfCheckError
        E604: a published file is not what was published.
    InputError, SafetyRefusal
        The old year's tables cannot be read again.
    """
    from cfmap.indicators.diff import compare
    from cfmap.publish import diff_files, files, snapshot
    from cfmap.publish.diff_text import lines

    tell = progress or _silent
    city = load_city(project)
    base = out or city.root / "output"
    folders = [base / (name if public else f"{name}-internal") if name.isdigit() else Path(name) for name in (old, new)]
    tell(1, 3, "读两版", "reading the two editions")
    (before, first), (after, second) = (snapshot.of(folder) for folder in folders)
    if (reason := _unlike(first.about, second.about)) is not None:
        raise ConfigError(fault("E146", old=old, new=new, reason=reason[0], reason_en=reason[1]))
    middle: dict[str, Any] | None = None
    if recompute:
        tell(2, 3, f"按今天的方法重算 {before.name} 年", f"computing {before.name} again by today's method")
        middle = _figures_of(project, old, public=first.public)
    has = {"streets", "boundary", "method"} | (set() if "{year}" in city.population.table else {"people"})
    found = compare(before, after, middle=middle, middle_has=has)
    layers, note = find_layers(city), str(second.about.get("note", ""))
    note = note if first.public else f"{note} · 内部资料，不得公开".removeprefix(" · ")
    text = tuple(lines(found, title=city.name, note=note, layers=layers, lang=lang))
    if not write:
        return DiffResult(found, text, None)
    tell(3, 3, "写出", "writing")
    folder = base / f"diff-{before.name}-{after.name}{'' if first.public else '-internal'}"
    with files.new_folder(folder) as part:
        diff_files.write(found, part, title=city.name, note=note, layers=layers, lang=lang)
    return DiffResult(found, text, folder)


def _unlike(one: dict[str, Any], other: dict[str, Any]) -> tuple[str, str] | None:
    """Why two editions are not of a kind; None when they are."""
    if one.get("city") != other.get("city"):
        return f"{one.get('city')} ≠ {other.get('city')}", f"{one.get('city_en') or one.get('city')} ≠ {other.get('city_en') or other.get('city')}"
    if one.get("audience") != other.get("audience"):
        return "一个是公开版，一个是内部版", "one is public, the other internal"
    return None


def _figures_of(project: str | Path, year: str, *, public: bool) -> dict[str, Any]:
    """Figures of a year's tables, by today's method, streets and outlines, as they would be published."""
    from cfmap.publish.figures import content
    from cfmap.publish.public import public as strip

    if not year.isdigit() or int(year) not in editions_of(project):
        raise ConfigError(fault("E147", file=CONFIG_NAME, column="edition.editions", old=year))
    edition = compute(read_inputs(project, year=int(year)), public=public)
    return {record["id"]: record for record in content(strip(edition)[0] if public else edition)["indicators"]}


@dataclass(frozen=True)
class VersionLine:
    """A version of an edition: when it was finished (UTC), whether readers see it, whether only its events differ from a built one."""

    number: int
    finished: str
    shown: bool
    amended: bool


def version_list(project: str | Path, *, year: int | None = None, public: bool = True, out: Path | None = None) -> list[VersionLine]:
    """Versions of an edition, newest last."""
    return _version_lines(_edition_folder(project, year, public=public, out=out))


def roll_back(project: str | Path, version: int | None = None, *, year: int | None = None, public: bool = True, out: Path | None = None) -> list[VersionLine]:
    """
    Let readers see an earlier version again, the one before by default; returns the versions then.

    Raises
    ------
    ConfigError, EnvironmentFault, SelfCheckError
        As :func:`cfmap.publish.release.rollback`.
    """
    from cfmap.publish import release

    folder = _edition_folder(project, year, public=public, out=out)
    if version is None:
        earlier = [v for v in release.versions(folder) if v < (release.current(folder) or 0)]
        if not earlier:
            raise ConfigError(fault("E136", folder=str(folder)))
        version = earlier[-1]
    release.rollback(folder, version)
    return _version_lines(folder)


def _version_lines(folder: Path) -> list[VersionLine]:
    from cfmap.publish import release

    shown = release.current(folder)
    return [VersionLine(v, release.finished(folder, v), v == shown, release.is_amended(folder, v)) for v in release.versions(folder)]


def _edition_folder(project: str | Path, year: int | None, *, public: bool, out: Path | None) -> Path:
    city = load_city(project)
    return (out or city.root / "output") / (str(_edition_year(city, year)) + ("" if public else "-internal"))


# -- reading -------------------------------------------------------------------------------------------------------


def read_inputs(
    project: str | Path, *, year: int | None = None, streets: Streets | None = None, strict: bool = False, progress: Progress | None = None
) -> Inputs:
    """
    Read and check everything an edition needs.

    Faults of all layers are collected before anything is raised, so that one pass tells all. With `strict` the doubts
    that :data:`cfmap.intake.earlier.STRICT` names stop as well.

    Raises
    ------
    ConfigError, InputError, SafetyRefusal
        With all records found, those that only warn included.
    """
    read = _read(project, year=year, streets=streets, strict=strict, tell=progress or _silent)
    if read.stop is not None:
        raise read.stop
    return _whole(read)


@dataclass(frozen=True)
class _Read:
    """What could be read of an edition, and the error with every record when something stops it."""

    city: City
    year: int
    streets: Streets | None
    beside: StreetPoints | None
    boundary: gpd.GeoDataFrame | None
    towns: gpd.GeoDataFrame | None
    population: Population | None
    ground: dict[str, gpd.GeoDataFrame]
    layers: dict[str, LayerData]
    former_year: int | None
    former: dict[str, LayerData]
    ledgers: Ledgers | None
    surveys: Kept
    faults: tuple[Fault, ...]
    stop: CfmapError | None
    datums: tuple[Judged, ...] = ()


def _read(project: str | Path, *, year: int | None, streets: Streets | None = None, strict: bool, tell: Progress) -> _Read:
    """Read and check all that can be, whatever of it stops an edition."""
    from cfmap import intake
    from cfmap.indicators.targets import RULES as TARGET_RULES
    from cfmap.intake import datum_guard, decisions, duplicates, earlier, survey
    from cfmap.intake.datum_tables import judge_tables
    from cfmap.intake.ledger import read_ledgers
    from cfmap.intake.osm import OsmExtract
    from cfmap.intake.towns import gaps, overlaps, with_towns
    from cfmap.publish import last_streets, tiles
    from cfmap.publish.web.theme import look

    tell(1, STEPS, "读设置", "reading settings")
    city = load_city(project)
    layers = find_layers(city)
    check_public_columns(city, layers)
    chosen = _edition_year(city, year)
    themed = look(city)
    stopped: list[CfmapError] = []

    def tried(read: Callable[[], T]) -> T | None:
        """What could be read; what could not is told with everything else, at the end."""
        try:
            return read()
        except ConfigError:
            raise
        except CfmapError as error:
            stopped.append(error)
            return None

    tell(2, STEPS, "读街道网络", "reading the street network")
    source = city.path(city.network.source, year=chosen)
    if streets is None or streets.source != source:
        streets = tried(lambda: _read_streets(city, source, layers))
    osm = streets.osm if streets else OsmExtract.nothing(source, layers.values())

    tell(3, STEPS, "读边界和人口", "reading boundary and population")
    faults: list[Fault] = [*themed, *(streets.network.faults if streets else ()), *(osm.faults if osm else ())]
    faults += [*_unnamed_source(city, streets), *tiles.remarks(city)]
    boundary = tried(lambda: _outline(city, city.boundary.city))
    towns = tried(lambda: _outline(city, city.boundary.towns))
    faults += overlaps(towns, file=city.boundary.towns) if towns is not None else []
    faults += gaps(towns, boundary, file=city.boundary.towns) if towns is not None else []
    population = tried(lambda: intake.read_population(city, towns=towns))
    faults += population.faults if population else ()
    ledgers = tried(lambda: read_ledgers(city, layers, TARGET_RULES, year=chosen, towns=towns))
    faults += ledgers.faults if ledgers else ()
    surveys = tried(lambda: survey.read(city)) or survey.Kept()
    faults += (*surveys.faults, *surveys.as_of(chosen, city)[1])

    ground: dict[str, gpd.GeoDataFrame] = {}
    for name in (name for name in GROUNDS if getattr(city.basemap, name)):
        if (read := tried(lambda name=name: intake.read_ground(name, city, year=chosen))) is not None:  # type: ignore[misc]
            ground[name] = read[0]
            faults += read[1]

    tell(4, STEPS, f"读 {len(layers)} 个图层", f"reading {len(layers)} layers")
    extent = _extent(boundary, streets)
    tables, unread = _read_layers(city, layers, chosen, osm, extent)
    stopped += unread.values()
    if streets is not None:
        streets.tables.update({(chosen, key): data for key, data in tables.items()})
    before = max((y for y in city.edition.editions if y < chosen), default=None)
    former = tried(lambda: earlier.layers_of(city, layers, before, extent, streets.tables if streets else {})) or {}
    kept = tried(lambda: earlier.with_kept_ids(tables, city, chosen, former=former)) or {key: (data, []) for key, data in tables.items()}
    faults += [f for _, asked in kept.values() for f in asked]
    loaded = {key: with_towns(data, towns) for key, (data, _) in kept.items()}
    loaded |= _events_at_places(loaded)
    faults += [f for data in loaded.values() for f in data.faults] + duplicates.across(loaded, tried(lambda: decisions.read(city)) or decisions.Decisions())

    tell(5, STEPS, "核对坐标系和位置", "checking datums and places")
    misfits: list[Fault] = []
    beside: StreetPoints | None = None
    datums: tuple[Judged, ...] = ()
    if streets is not None:
        beside = datum_guard.StreetPoints(*streets.network.points_along(STREET_POINT_STEP_M))
        datums = tuple(judge_tables(loaded, city, chosen, beside, streets.osm))
        misfits = [f for judged in datums for f in judged.faults()]
        misfits += _uncovered(streets.network, boundary, city)
        faults += [f for f in misfits if f.level != "error"] + _aged(streets.network, city) + last_streets.compare(streets.network.summary(), city, chosen)
        misfits = [f for f in misfits if f.level == "error"]
    faults += earlier.other_counts(loaded, former, before)
    misfits += earlier.vanished(loaded, {key: error.faults for key, error in unread.items()}, former, before)
    misfits += earlier.doubts(faults) if strict else []
    records = tuple(dict.fromkeys([*(f for error in stopped for f in error.faults), *misfits, *faults]))
    kind = max((type(e) for e in stopped), key=lambda t: t.exit_code, default=InputError)
    stop = kind(records) if stopped or misfits or streets is None else None
    return _Read(city, chosen, streets, beside, boundary, towns, population, ground, loaded, before, former, ledgers, surveys, records, stop, datums)


def _whole(read: _Read) -> Inputs:
    """All that an edition needs, from what was read without a stop."""
    city, streets = read.city, read.streets
    assert streets is not None  # noqa: S101 - else it would have been stopped
    files = [_input_file(city, streets.source), *(f for data in read.layers.values() for f in data.inputs)]
    files += [*(read.population.inputs if read.population else ())]
    files += [_input_file(city, city.path(p)) for p in (city.boundary.city, city.boundary.towns) if p]
    files += [_input_file(city, city.path(getattr(city.basemap, name), year=read.year)) for name in read.ground]
    files += [f for data in read.former.values() for f in data.inputs]
    files += [_input_file(city, city.path(name)) for name in (read.ledgers.files if read.ledgers else ())]
    files += read.surveys.files
    inputs, here = tuple(dict.fromkeys(files)), city.in_year(read.year)
    ground = (read.boundary, read.towns, read.population, read.ground)
    answers = read.surveys.as_of(read.year, city)[0]
    return Inputs(here, read.year, streets, *ground, read.layers, read.faults, inputs, read.former_year, read.former, read.ledgers, answers)


def _read_layers(
    city: City, layers: dict[str, Layer], year: int, osm: OsmExtract | None, extent: tuple[float, float, float, float] | None
) -> tuple[dict[str, LayerData], dict[str, CfmapError]]:
    """Layers that could be read, and what stopped the others."""
    from cfmap import intake

    read: dict[str, LayerData] = {}
    unread: dict[str, CfmapError] = {}
    for key, layer in layers.items():
        try:
            read[key] = intake.load_layer(layer, city, year=year, osm=osm, extent=extent)
        except ConfigError:
            raise
        except CfmapError as error:
            unread[key] = error
    return read, unread


def _events_at_places(loaded: dict[str, LayerData]) -> dict[str, LayerData]:
    """The layer of events, where there is one, with events where the places are that they name."""
    from cfmap.intake.events import placed

    places = (place for key, data in loaded.items() if key != EVENTS for place in _places(data))
    return {EVENTS: placed(loaded[EVENTS], places)} if EVENTS in loaded else {}


def _places(data: LayerData) -> Iterable[Place]:
    """Sites that an event can name; a line's or an area's stands at a point on it."""
    from cfmap.intake.events import Place

    sites, unlocated = (table[table["status"] != "关闭"] for table in (data.sites, data.unlocated))
    points = [*sites.geometry.representative_point(), *[None] * len(unlocated)]
    ids, names = ([*sites[column], *unlocated[column]] for column in ("id", "name"))
    return (Place(data.layer.key, str(i), str(name), point) for i, name, point in zip(ids, names, points, strict=True))


def _read_streets(city: City, source: Path, layers: dict[str, Layer]) -> Streets:
    from cfmap.intake.osm import OsmExtract
    from cfmap.network import Network

    if not source.is_file():
        raise InputError(fault("E495", file=city.network.source, city=city.city.name))
    network = Network.from_file(source, datum=city.network.datum, cache=True)
    is_osm = source.name.endswith((".pbf", ".osm", ".osm.gz", ".osm.bz2"))
    osm = OsmExtract.read(source, layers.values()) if is_osm else None
    return Streets(source, network, replace(osm, attribution=city.network.attribution) if osm is not None else None)


def _edition_year(city: City, year: int | None) -> int:
    known = city.edition.editions or (city.edition.year,)
    chosen = city.edition.year if year is None else year
    if chosen not in known:
        raise ConfigError(fault("E121", year=chosen, known="、".join(map(str, known))))
    return chosen


def _outline(city: City, relative: str) -> gpd.GeoDataFrame | None:
    from cfmap.intake import read_outline

    return read_outline(city.path(relative), datum=city.boundary.datum, city=city) if relative else None


def _extent(boundary: gpd.GeoDataFrame | None, streets: Streets | None) -> tuple[float, float, float, float] | None:
    """West, south, east, north in degrees within which a site is plausible; None when nothing says where the city is."""
    if boundary is not None and len(boundary):
        west, south, east, north = (float(v) for v in boundary.total_bounds)
        return west, south, east, north
    return streets.network.bounds if streets is not None else None


def _uncovered(network: Network, boundary: gpd.GeoDataFrame | None, city: City) -> list[Fault]:
    """The network must reach over the whole city: share of the outline's area inside the streets' own extent."""
    from shapely import box

    if boundary is None or not len(boundary):
        return []
    outline = boundary.union_all()
    extent = box(network.node_lon.min(), network.node_lat.min(), network.node_lon.max(), network.node_lat.max())
    share = outline.intersection(extent).area / outline.area if outline.area else 1.0
    if share >= WELL_COVERED_SHARE:
        return []
    return [fault("E496" if share < MIN_COVERED_SHARE else "W312", file=city.network.source, percent=round(100 * (1 - share)))]


MIN_COVERED_SHARE = 0.5  # of the outline's area inside the streets' extent; less means another city's network
WELL_COVERED_SHARE = 0.9  # the rest may be water or hills without streets
OLD_DAYS = 366


def _aged(network: Network, city: City) -> list[Fault]:
    """Streets much older than the sites they are measured with."""
    from datetime import date

    try:
        streets = date.fromisoformat(network.timestamp[:10])
    except ValueError:
        return []
    reference = city.edition.data_date
    if reference is None or (reference - streets).days <= OLD_DAYS:
        return []
    return [fault("W311", file=city.network.source, date=streets.isoformat(), data_date=reference.isoformat(), months=round((reference - streets).days / 30.4))]


def _input_file(city: City, path: Path) -> InputFile:
    return InputFile(city.relative(path), hashlib.sha256(path.read_bytes()).hexdigest())


# -- computing -----------------------------------------------------------------------------------------------------


@once()
def compute(inputs: Inputs, *, public: bool = True, finals: Mapping[str, TargetResult] | None = None, progress: Progress | None = None) -> Edition:
    """
    From checked inputs to everything the edition shows; reads and writes nothing.

    `finals` are the last results of plans that have ended (:func:`cfmap.indicators.targets.evaluate`).
    """
    from cfmap.coverage import RULES, perimeter_of
    from cfmap.coverage.perimeter import perimeter_asked
    from cfmap.coverage.severance import severance_of
    from cfmap.indicators import compute as compute_indicators
    from cfmap.indicators.targets import evaluate
    from cfmap.planning.asked import routes_asked
    from cfmap.publish.public import ROUTES

    tell = progress or _silent
    city, network = inputs.city, inputs.streets.network
    inputs = _for_the_public(inputs) if public else inputs
    faults = list(inputs.faults)
    layers = {
        key: data if key == EVENTS else replace(data, sites=_as_of(data.sites, inputs.year), unlocated=_as_of(data.unlocated, inputs.year))
        for key, data in inputs.layers.items()
    }  # events have days of their own; the year of their list says nothing

    coverages: list[Coverage] = []
    gates, crossings = (layers[key].sites if key in layers and len(layers[key].sites) else None for key in (GATES, CROSSINGS))
    wanted = [(layer, data) for key, data in layers.items() if (layer := data.layer).coverage in RULES and len(data.sites)]
    for number, (layer, data) in enumerate(wanted, start=1):
        tell(6, STEPS, f"算覆盖 {number}/{len(wanted)}：{layer.title}", f"coverage {number}/{len(wanted)}: {layer.title_en}")
        own, over = (gates, crossings) if layer.key == SCHOOLS else (None, None)
        result = RULES[layer.coverage or ""].compute(network, data, inputs.population, inputs.towns, city, gates=own, answers=inputs.answers, crossings=over)
        coverages.append(result)
        faults += result.faults

    tell(7, STEPS, "看学校周边", "looking at school perimeters")
    schools = layers.get(SCHOOLS)
    around = next((perimeter_of(c) for c in coverages if c.layer == SCHOOLS and c.rule == "perimeter150"), None)
    if around is None and schools is not None and len(schools.sites):
        around = perimeter_asked(network, schools, city, gates=gates, crossings=crossings, answers=inputs.answers)
    routes = None
    if not public or ROUTES in city.publish.indicators:
        routes, found = routes_asked(network, layers, inputs.population, city, answers=inputs.answers)
        faults += found

    crossed = None
    if not public or any(name.startswith(SEVERANCE) for name in city.publish.indicators):  # of the public's only the numbers asked for
        file = inputs.streets.source if inputs.streets.osm is not None else None
        crossed = severance_of(network, file, schools, inputs.population, inputs.towns, gates)
        faults += crossed.faults if crossed is not None else ()

    tell(8, STEPS, "算指标", "computing indicators")
    edition = Edition(
        city=city,
        year=inputs.year,
        layers=layers,
        coverages=tuple(coverages),
        perimeter=around,
        indicators=(),
        population=inputs.population,
        boundary=inputs.boundary,
        towns=inputs.towns,
        basemap=_basemap(inputs),
        network_summary=network.summary(),
        faults=tuple(dict.fromkeys(faults)),
        inputs=inputs.files,
        public=public,
        changes=_changes(inputs, layers),
        routes=routes,
        severance=crossed,
    )
    asked = inputs.ledgers
    judged = evaluate(asked.plans, edition, reports=asked.reports, statistics=asked.statistics, finals=finals) if asked else ()
    return replace(edition, indicators=compute_indicators(edition), targets=judged)


def _for_the_public(inputs: Inputs) -> Inputs:
    """Without layers that stay in the house, and with coordinates as coarse as the settings ask; all that follows is made of these."""
    from cfmap.publish.public import coarse

    kept = {key: d for key, d in inputs.layers.items() if key not in inputs.city.layers or not inputs.city.layers[key].internal}
    gone = {f.path for key, d in inputs.layers.items() if key not in kept for f in d.inputs} - {f.path for d in kept.values() for f in d.inputs}
    former = {key: coarse(d, inputs.city) for key, d in inputs.former.items() if key in kept}
    files = tuple(f for f in inputs.files if f.path not in gone)
    return replace(inputs, layers={key: coarse(d, inputs.city) for key, d in kept.items()}, former=former, files=files)


def _with_inside(edition: Edition, inputs: Inputs) -> Edition:
    """The internal edition with the bureau's own layers and the proposed sites of ``[internal]``."""
    import geopandas as gpd

    from cfmap.coverage import service_area
    from cfmap.intake.inside import read_overlay, read_proposed
    from cfmap.model.edition import Inside, Scenario

    city, wanted = inputs.city, inputs.city.internal
    read = [read_overlay(section, city, year=inputs.year) for section in wanted.layers]
    files = [file for _, file in read]
    faults: list[Fault] = []
    scenario = None
    if wanted.scenario is not None:
        sites, faults, file = read_proposed(wanted.scenario, city, year=inputs.year)
        files.append(file)
        area = service_area(inputs.streets.network, sites, minutes=[wanted.scenario.minutes], mode="map", metres_crs=city.crs.metres)
        reach = gpd.GeoSeries(area.catchment.geometry, crs="EPSG:4326")
        section = wanted.scenario
        scenario = Scenario(section.title, section.title_en or section.title, sites, section.minutes, reach)
    inside = Inside(tuple(overlay for overlay, _ in read), scenario)
    return replace(edition, inside=inside, faults=(*edition.faults, *faults), inputs=tuple(dict.fromkeys((*edition.inputs, *files))))


def _changes(inputs: Inputs, layers: dict[str, LayerData]) -> Changes:
    from cfmap.intake.changes import between, since_year

    since = inputs.year - 1 if inputs.former_year is None else inputs.former_year
    former = {key: replace(d, sites=_as_of(d.sites, since), unlocated=_as_of(d.unlocated, since)) for key, d in inputs.former.items()}
    items = (change for key, data in layers.items() for change in (between(data, former[key]) if key in former else since_year(data, since)))
    return Changes(since, frozenset(former), tuple(items))


def _as_of(sites: Table, year: int) -> Table:
    """Sites of this year and before; those without a year stay."""
    return sites[sites["year"].isna() | (sites["year"] <= year)].reset_index(drop=True)


def _basemap(inputs: Inputs) -> Basemap:
    import geopandas as gpd
    import pandas as pd

    from cfmap.intake.sea import sea
    from cfmap.network.roads import map_roads, map_roads_of

    streets, own = inputs.streets, inputs.ground
    if streets.osm is not None:
        roads, areas, labels = map_roads(streets.source, boundary=inputs.boundary), streets.osm.areas, streets.osm.labels
        water = sea(streets.osm.coastline, inputs.boundary.union_all()) if inputs.boundary is not None else []
        if water:
            areas = pd.concat([gpd.GeoDataFrame({"kind": "water"}, index=range(len(water)), geometry=water, crs="EPSG:4326"), areas], ignore_index=True)
    else:
        roads = map_roads_of(streets.network, boundary=inputs.boundary)
        areas = labels = gpd.GeoDataFrame({"kind": [], "name": [], "rank": []}, geometry=[], crs="EPSG:4326")
    if own:  # what the bureau gives takes the place of the network file's
        areas = pd.concat([*own.values(), areas.loc[~areas["kind"].isin(list(own)), ["kind", "geometry"]]], ignore_index=True)
    return Basemap(roads, areas, labels, _attribution(inputs.city, own=bool(own)))


def _unnamed_source(city: City, streets: Streets | None) -> list[Fault]:
    """W123 when a real city's streets are OpenStreetMap's by their file and the attribution says otherwise."""
    said = city.network.attribution
    if city.city.demo or streets is None or streets.osm is None or "openstreetmap" in said.lower():
        return []
    return [fault("W123", file=CONFIG_NAME, row=setting_line(city.root, "network", "attribution"), column="network.attribution", attribution=said or "—")]


def _attribution(city: City, *, own: bool) -> str:
    """
    What must stand beside the background. The bureau's own centre-lines are not OpenStreetMap's unless the settings say so.
    """
    known = "attribution" in city.network.model_fields_set or not city.network.source.endswith((".shp", ".gpkg", ".geojson", ".json"))
    parts = [city.network.attribution if known else "", city.basemap.attribution if own else ""]
    return " · ".join(dict.fromkeys(p for p in parts if p))


def _silent(step: int, steps: int, zh: str, en: str) -> None:
    """No progress wanted."""


__all__ = [
    "BuildResult",
    "CheckResult",
    "EventsResult",
    "Inputs",
    "Schools",
    "TargetsResult",
    "VersionLine",
    "build",
    "check",
    "compute",
    "editions_of",
    "fetch_network",
    "ledger_of",
    "read_inputs",
    "renew_events",
    "roll_back",
    "schools_of",
    "sites",
    "targets",
    "version_list",
]
