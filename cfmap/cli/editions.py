"""The commands that make an edition and what stands beside it: build, events, diff, targets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cfmap.cli.bilingual import option, speaking
from cfmap.cli.boundary import Answer
from cfmap.cli.command import FILE, PATH, command, edition, output, project_folder, steps

if TYPE_CHECKING:
    from cfmap.pipeline import BuildResult


@command("build")
@project_folder
@edition
@option("--all-editions", is_flag=True, help="设置里的每一年都建 ‖ build every year in the settings")
@option("--public/--internal", default=True, help="公开版（默认）或内部版 ‖ for the public (default) or internal")
@output
@option(
    "--strict",
    is_flag=True,
    help="存疑的也停下：行数和上年相差三成以上，坐标系精度不明 ‖ stop at doubts too: rows more than 30 % from last year's, datums of unknown accuracy",
)
@option("--confirm", is_flag=True, help="明知结果比上一版差也发布 ‖ publish although the result is worse than before")
@option(
    "--acknowledge-changed-content",
    "acknowledge_changed",
    is_flag=True,
    help="明知内容和审图号对应的不同也发布，网页会写明 ‖ publish although the content is not what the review number was given for; the page says so",
)
def build(project: Path, year: int | None, all_editions: bool, public: bool, out: Path | None, **choices: bool) -> Answer:  # noqa: FBT001 - click passes flags by name
    """建一版地图和数字 ‖ Build the whole edition: the map and its numbers"""
    from cfmap.pipeline import build as build_edition
    from cfmap.pipeline import editions_of

    streets = None
    made: list[BuildResult] = []
    for each in editions_of(project) if all_editions else (year,):
        result = build_edition(project, year=each, public=public, out=out, streets=streets, progress=steps(), **choices)
        streets = result.streets
        made.append(result)
    faults = tuple(dict.fromkeys(f for result in made for f in result.faults))
    return Answer(faults, [(r.summary("zh"), r.summary("en")) for r in made], facts={"editions": [r.record() for r in made]})


@command("events")
@project_folder
@edition
@option("--internal", is_flag=True, help="更新内部版 ‖ renew the internal edition")
@output
@option("--check", "only_look", is_flag=True, help="只说会显示什么，不发布 ‖ only tell what would be shown, publish nothing")
def events(project: Path, year: int | None, internal: bool, out: Path | None, only_look: bool) -> Answer:  # noqa: FBT001 - click passes flags by name
    """只更新已发布网页里的活动，不重建 ‖ Renew the events of the published page without rebuilding it"""
    from cfmap.pipeline import renew_events

    result = renew_events(project, year=year, public=not internal, out=out, publish=not only_look, progress=steps())
    return Answer(result.faults, [(result.summary("zh"), result.summary("en"))], facts=result.record())


@command("diff")
@click.argument("old")
@click.argument("new")
@option("--project", type=PATH, default=".", show_default=".", help="城市项目的文件夹 ‖ folder of the city project")
@option("--internal", is_flag=True, help="比较内部版 ‖ compare the internal editions")
@option(
    "--recompute", is_flag=True, help="用今天的方法重算旧年，把指标变化按原因拆开 ‖ compute the old year again by today's method, to split changes by cause"
)
@output
@option("--check", "only_look", is_flag=True, help="只说有什么变化，不写文件 ‖ only tell, write no files")
def diff(old: str, new: str, project: Path, internal: bool, recompute: bool, out: Path | None, only_look: bool) -> Answer:  # noqa: FBT001 - click passes flags by name
    """两版之间的变化：点位、指标和原因 ‖ What changed between two editions: sites, numbers and why"""
    from cfmap.pipeline import diff as compare

    lang = speaking()
    result = compare(old, new, project, public=not internal, recompute=recompute, write=not only_look, out=out, lang=lang, progress=steps())
    zh, en = f"更新说明、变化表和变化图层：{result.folder}", f"The text, the workbook and the map layer of changes: {result.folder}"
    return Answer(printed=result.lines, lines=[(zh, en)] if result.folder is not None else [], facts=result.diff.record())


@command("targets")
@click.argument("project", type=PATH, required=False)
@option(
    "--city",
    "city_name",
    default="",
    help="自带台账的城市，不写项目就只列目标 ‖ a city whose ledger comes with cfmap; without a project its targets alone are listed",
)
@edition
@option("--summary", "only_counts", is_flag=True, help="只说各状态有几项 ‖ only how many of each status")
@option(
    "--export",
    type=FILE,
    default=None,
    help="写成工作簿：可改的台账，每个牵头单位一页填报表 ‖ write a workbook: the ledger, a sheet for every lead unit to fill in",
)
@option("--template", type=FILE, default=None, help="写一份空台账，下一轮计划用 ‖ write an empty ledger for the next plan")
@option("--out", type=PATH, default=None, help="以前各版在哪里，默认 output/ ‖ where former editions are, output/ by default")
def targets(
    project: Path | None,
    city_name: str,
    year: int | None,
    only_counts: bool,  # noqa: FBT001 - click passes flags by name
    export: Path | None,
    template: Path | None,
    out: Path | None,
) -> Answer:
    """目标台账：每个目标达到了没有，差多少，为什么 ‖ The target ledger: is each target met, how far off, and why"""
    from cfmap import pipeline
    from cfmap.cli import ledger

    if template is not None:
        return Answer(lines=[ledger.write_template(template)], facts={"file": str(template)})
    if city_name and project is None:
        result = pipeline.ledger_of(city_name)
    else:
        result = pipeline.targets(project or Path(), year=year, city_name=city_name, out=out, progress=steps())
    if export is not None:
        return Answer(result.faults, ledger.write_export(export, result), facts=ledger.facts(result))
    printed = ledger.tally(result) if only_counts else [*ledger.rows(result), *ledger.tally(result)]
    return Answer(result.faults, printed=printed, facts=ledger.facts(result))
