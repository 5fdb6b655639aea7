"""The commands: parse, call one function, print."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cfmap.cli import perimeter as _perimeter
from cfmap.cli import routes as _routes
from cfmap.cli import severance
from cfmap.cli.bilingual import Command, Group, option, say, speaking
from cfmap.cli.boundary import Answer, in_json, run, tell
from cfmap.cli.mend import add as add_mend
from cfmap.cli.rollup import add as add_rollup
from cfmap.cli.rules import add as add_rules
from cfmap.cli.survey import add as add_survey
from cfmap.cli.walking_bus import add as add_walking_bus
from cfmap.model.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cfmap.model.messages import Fault
    from cfmap.pipeline import BuildResult, VersionLine

PROJECT = click.Path(path_type=Path)
FILE = click.Path(path_type=Path, dir_okay=False)


def main(args: list[str] | None = None) -> int:
    """Entry point of ``cfmap``: returns the exit code."""
    return run(cli, args)


def _lang(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--lang`` on every command; read before parsing, so that help and errors speak it too."""
    return option("--lang", type=click.Choice(["zh", "en"]), expose_value=False, help="界面语言 ‖ language")(function)


def _version(ctx: click.Context, *, on: bool) -> None:
    if on:
        from cfmap import __version__

        click.echo(f"cfmap {__version__}")
        ctx.exit()


def _json(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--json`` on every command; looked for before parsing, so that a wrong command line is told in it too."""
    return option("--json", is_flag=True, expose_value=False, help="把结果写成 JSON（见 docs/records.md） ‖ print the result as JSON (docs/records.md)")(
        function
    )


def _command(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    def decorate(function: Callable[..., Any]) -> click.Command:
        made: click.Command = cli.command(name, cls=Command)(_json(_lang(function)))
        return made

    return decorate


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@option("--version", is_flag=True, is_eager=True, expose_value=False, callback=lambda ctx, _, on: _version(ctx, on=on), help="显示版本号 ‖ show the version")
@_lang
def cli() -> None:
    """
    儿童友好城市地图：部门的表格、街道网络和政策目标，变成每年一版的地图和数字。 ‖
    The child-friendly city map: department tables, streets and policy targets become a yearly edition.
    """


# -- the yearly routine --------------------------------------------------------------------------------------------


@_command("start")
@click.argument("project", type=PROJECT, default=".")
@option("--edition", "year", type=int, default=None, help="年份；不写就用设置里的 ‖ year; the one in the settings by default")
@option(
    "--no-open", "opening", is_flag=True, default=True, flag_value=False, help="完成后不打开地图或检查结果 ‖ open neither map nor check workbook at the end"
)
def start(project: Path, year: int | None, opening: bool) -> Answer:  # noqa: FBT001 - click passes flags by name
    """每天就用这一条：检查，没错就建图，打开地图；有错就打开标红的表 ‖ The everyday command: check, build, open the map, or the table with its bad cells red"""
    from cfmap.cli.everyday import everyday

    return everyday(project, year=year, opening=opening)


@_command("init")
@click.argument("folder", type=PROJECT)
@option("--city", default="", help="城市名，例如 瑞安市 ‖ name of the city")
@option(
    "--boundary",
    type=FILE,
    default=None,
    help="城市边界（GeoJSON、GPKG）：放进项目，模板里的经纬度只收这一带的 ‖ outline of the city: copied in, and templates take coordinates round it alone",
)
def init(folder: Path, city: str, boundary: Path | None) -> Answer:
    """新建一个城市项目：设置、标准图层、Excel 模板 ‖ Make a new city project: settings, standard layers, Excel templates"""
    from cfmap.scaffold import init as make

    files = make(folder, city_name=city or say("我的城市", "My City"), boundary=boundary)
    made = f"已新建 {folder}，共 {len(files)} 个文件。", f"Made {folder} with {len(files)} files."
    after = "下一步：打开其中的 说明.md，收齐四份文件，然后运行 cfmap check。", "Next: open 说明.md in it, collect the four files, then run cfmap check."
    return Answer(lines=[made, after], facts={"folder": str(folder), "files": len(files)})


@_command("fetch")
@click.argument("project", type=PROJECT, default=".")
@option("--place", default="", help="地名，由 OpenStreetMap 查范围；不写就用项目的边界 ‖ place name; without it the project's boundary is used")
@option("--extract", type=FILE, default=None, help="已下载的区域 .osm.pbf，裁到本市 ‖ a regional .osm.pbf on disk, to be clipped to the city")
@option("--overpass", "overpass_url", default="", help="Overpass 服务地址 ‖ address of the Overpass service")
def fetch(project: Path, place: str, extract: Path | None, overpass_url: str) -> Answer:
    """取本市的街道网络，存进 data/ ‖ Get the city's street network into data/"""
    from cfmap.pipeline import fetch_network

    path, facts = fetch_network(project, place=place, extract=extract, overpass_url=overpass_url, progress=_progress())
    lines = [(f"已写好 {path}", f"Wrote {path}"), *((f"  {name}: {value}",) * 2 for name, value in facts.items())]
    return Answer(lines=lines, facts={"file": str(path), "counts": {name: value if isinstance(value, int) else str(value) for name, value in facts.items()}})


@_command("check")
@click.argument("project", type=PROJECT, default=".")
@option("--edition", "year", type=int, default=None, help="年份 ‖ year")
@option("--strict", is_flag=True, help="存疑的也停下 ‖ stop at doubts too")
@option("--no-input", is_flag=True, help="找不到列也不问 ‖ never ask which column is which")
def check(project: Path, year: int | None, strict: bool, no_input: bool) -> Answer:  # noqa: FBT001 - click passes flags by name
    """检查全部输入，错处标红，退回各单位的副本在 output/returned/；找不到的列问一次并记住 ‖ Check every input; copies with the bad cells red are in output/returned/; asks once for columns not found"""
    from cfmap.cli.asking import check_and_ask

    result = check_and_ask(project, year=year, strict=strict, may_ask=not (in_json() or no_input), progress=_progress())
    lines = [(result.summary("zh"), result.summary("en"))]
    return Answer(result.faults, lines, facts=result.record(), exit_code=result.exit_code, all_shown=True)


@_command("geocode")
@click.argument("project", type=PROJECT, default=".")
@option("--backend", type=click.Choice(["tianditu", "amap", "nominatim"]), default=None, help="问哪个地图服务：天地图、高德、Nominatim ‖ map service to ask")
@option("--layer", "layers", multiple=True, help="只查这个图层，可写多次 ‖ only this layer, repeatable")
@option("--accept", "accepting", is_flag=True, help="采用核对表里选了“采用”的行，不联网 ‖ take the rows that are marked; asks nobody")
@option("--all-sure", is_flag=True, help="同 --accept，并采用全部可信度“高”的行 ‖ like --accept, and every row that is sure")
@option("--edition", "year", type=int, default=None, help="年份 ‖ year")
def geocode(project: Path, backend: str | None, layers: tuple[str, ...], accepting: bool, all_sure: bool, year: int | None) -> Answer:  # noqa: FBT001 - click passes flags by name
    """按地址查没有坐标的点位，写成核对表；采用了才用 ‖ Look up sites without coordinates by address, to be reviewed before use"""
    from cfmap import geocoding

    if accepting or all_sure:
        path, count = geocoding.accept(project, all_sure=all_sure, year=year)
        taken = f"已采用 {count} 处，写进 {path}；下次 cfmap build 就用上。", f"{count} taken into {path}; the next cfmap build uses them."
        nothing = "核对表里没有选“采用”的行，没有写任何文件。", "No row is marked; nothing was written."
        return Answer(lines=[taken if count else nothing], facts={"taken": count, "file": str(path) if count else None})
    if backend is None:
        raise click.UsageError(
            say("要写 --backend tianditu、amap 或 nominatim，或者 --accept", "give --backend tianditu, amap or nominatim, or --accept"),
            ctx=click.get_current_context(),
        )
    result = geocoding.geocode(project, backend=backend, layers=layers, year=year, progress=_progress())
    return Answer(result.faults, [(result.summary("zh"), result.summary("en"))], facts=result.record(), all_shown=True)


@_command("roll")
@click.argument("year", type=click.IntRange(1990, 2100))
@click.argument("project", type=PROJECT, default=".")
@option("--from", "former", type=int, default=None, help="从哪一年的数据；不写就是前一版 ‖ from which year's data; the edition before by default")
@option("--settings", is_flag=True, help="同时把 cfmap.toml 改成新的一年，注释都留着 ‖ also change cfmap.toml to the new year; comments stay")
@option("--progress", is_flag=True, help="不发表，只更新收件进度 ‖ hand nothing out, only list who has handed in")
def roll(year: int, project: Path, former: int | None, settings: bool, progress: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """给各部门发新一年的核对表：上年的数据已填好 ‖ Hand out next year's workbooks, filled in with last year's rows"""
    from cfmap import roll as rolling
    from cfmap.pipeline import editions_of

    if progress:
        tell(rolling.list_progress(project, year=year).summary(speaking()))
        return
    before = former if former is not None else max((y for y in editions_of(project) if y < year), default=year)
    tell(rolling.roll(project, year=year, former=before, settings=settings).summary(speaking()))


@_command("build")
@click.argument("project", type=PROJECT, default=".")
@option("--edition", "year", type=int, default=None, help="年份；不写就用设置里的 ‖ year; the one in the settings by default")
@option("--all-editions", is_flag=True, help="设置里的每一年都建 ‖ build every year in the settings")
@option("--public/--internal", default=True, help="公开版（默认）或内部版 ‖ for the public (default) or internal")
@option("--out", type=PROJECT, default=None, help="输出文件夹，默认 output/ ‖ output folder, output/ by default")
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
        result = build_edition(project, year=each, public=public, out=out, streets=streets, progress=_progress(), **choices)
        streets = result.streets
        made.append(result)
    faults = tuple(dict.fromkeys(f for result in made for f in result.faults))
    return Answer(faults, [(r.summary("zh"), r.summary("en")) for r in made], facts={"editions": [r.record() for r in made]})


@_command("events")
@click.argument("project", type=PROJECT, default=".")
@option("--edition", "year", type=int, default=None, help="年份；不写就用设置里的 ‖ year; the one in the settings by default")
@option("--internal", is_flag=True, help="更新内部版 ‖ renew the internal edition")
@option("--out", type=PROJECT, default=None, help="输出文件夹，默认 output/ ‖ output folder, output/ by default")
@option("--check", "only_look", is_flag=True, help="只说会显示什么，不发布 ‖ only tell what would be shown, publish nothing")
def events(project: Path, year: int | None, internal: bool, out: Path | None, only_look: bool) -> Answer:  # noqa: FBT001 - click passes flags by name
    """只更新已发布网页里的活动，不重建 ‖ Renew the events of the published page without rebuilding it"""
    from cfmap.pipeline import renew_events

    result = renew_events(project, year=year, public=not internal, out=out, publish=not only_look, progress=_progress())
    return Answer(result.faults, [(result.summary("zh"), result.summary("en"))], facts=result.record())


@_command("diff")
@click.argument("old")
@click.argument("new")
@option("--project", type=PROJECT, default=".", show_default=".", help="城市项目的文件夹 ‖ folder of the city project")
@option("--internal", is_flag=True, help="比较内部版 ‖ compare the internal editions")
@option(
    "--recompute", is_flag=True, help="用今天的方法重算旧年，把指标变化按原因拆开 ‖ compute the old year again by today's method, to split changes by cause"
)
@option("--out", type=PROJECT, default=None, help="输出文件夹，默认 output/ ‖ output folder, output/ by default")
@option("--check", "only_look", is_flag=True, help="只说有什么变化，不写文件 ‖ only tell, write no files")
def diff(old: str, new: str, project: Path, internal: bool, recompute: bool, out: Path | None, only_look: bool) -> Answer:  # noqa: FBT001 - click passes flags by name
    """两版之间的变化：点位、指标和原因 ‖ What changed between two editions: sites, numbers and why"""
    from cfmap.pipeline import diff as compare

    lang = speaking()
    result = compare(old, new, project, public=not internal, recompute=recompute, write=not only_look, out=out, lang=lang, progress=_progress())
    zh, en = f"更新说明、变化表和变化图层：{result.folder}", f"The text, the workbook and the map layer of changes: {result.folder}"
    return Answer(printed=result.lines, lines=[(zh, en)] if result.folder is not None else [], facts=result.diff.record())


@_command("targets")
@click.argument("project", type=PROJECT, required=False)
@option(
    "--city",
    "city_name",
    default="",
    help="自带台账的城市，不写项目就只列目标 ‖ a city whose ledger comes with cfmap; without a project its targets alone are listed",
)
@option("--edition", "year", type=int, default=None, help="年份；不写就用设置里的 ‖ year; the one in the settings by default")
@option("--summary", "only_counts", is_flag=True, help="只说各状态有几项 ‖ only how many of each status")
@option(
    "--export",
    type=FILE,
    default=None,
    help="写成工作簿：可改的台账，每个牵头单位一页填报表 ‖ write a workbook: the ledger, a sheet for every lead unit to fill in",
)
@option("--template", type=FILE, default=None, help="写一份空台账，下一轮计划用 ‖ write an empty ledger for the next plan")
@option("--out", type=PROJECT, default=None, help="以前各版在哪里，默认 output/ ‖ where former editions are, output/ by default")
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
        result = pipeline.targets(project or Path(), year=year, city_name=city_name, out=out, progress=_progress())
    if export is not None:
        return Answer(result.faults, ledger.write_export(export, result), facts=ledger.facts(result))
    printed = ledger.tally(result) if only_counts else [*ledger.rows(result), *ledger.tally(result)]
    return Answer(result.faults, printed=printed, facts=ledger.facts(result))


add_survey(cli, lambda function: _json(_lang(function)))
add_rollup(cli, lambda function: _json(_lang(function)))


# -- showing it ----------------------------------------------------------------------------------------------------


@_command("serve")
@click.argument("project", type=PROJECT, default=".")
@option("--edition", "year", type=int, default=None, help="先打开哪一年 ‖ year to begin with")
@option("--port", type=click.IntRange(0, 65535), default=0, help="端口；不写就自动选一个空闲的 ‖ port; a free one by default")
@option("--open", "browse", is_flag=True, help="同时打开浏览器 ‖ open the browser too")
@option("--out", type=PROJECT, default=None, help="输出文件夹，默认 output/ ‖ output folder, output/ by default")
def serve(project: Path, year: int | None, port: int, browse: bool, out: Path | None) -> None:  # noqa: FBT001 - click passes flags by name
    """在本机浏览器里看已发布的公开版；别的电脑连不上 ‖ See the published edition in the browser of this computer; no other can reach it"""
    import contextlib
    import webbrowser

    from cfmap.model import load_city
    from cfmap.publish.serve import serve as listen

    city = load_city(project)
    with listen(out or city.root / "output", year or city.edition.year, port=port) as server:
        click.echo(server.address)
        tell(
            say(
                "在浏览器里打开上面的地址；只有这台电脑看得到。按 Ctrl-C 结束。",
                "Open this address in the browser; only this computer sees it. Ctrl-C ends it.",
            )
        )
        with contextlib.suppress(KeyboardInterrupt):
            if browse:
                webbrowser.open(server.address)
            server.serve_forever()
    tell(say("已结束。", "Ended."))


@_command("publish")
@click.argument("project", type=PROJECT, default=".")
@option("--zip", "archive", type=FILE, default=None, help="写成 .zip，上传网站用 ‖ as .zip, to upload")
@option("--folder", type=PROJECT, default=None, help="写成一个新文件夹 ‖ as a new folder")
@option("--review", type=FILE, default=None, help="写送审材料 .zip：清单、样图、地图 ‖ the package for the map review as .zip")
@option("--edition", "year", type=int, default=None, help="年份；不写就用设置里的 ‖ year; the one in the settings by default")
@option("--internal", is_flag=True, help="给内部看的那一版，包里标明 ‖ the internal edition; the package is marked")
@option("--out", type=PROJECT, default=None, help="输出文件夹，默认 output/ ‖ output folder, output/ by default")
def publish(  # click passes flags by name
    project: Path,
    archive: Path | None,
    folder: Path | None,
    review: Path | None,
    year: int | None,
    internal: bool,  # noqa: FBT001
    out: Path | None,
) -> Answer:
    """把已发布的一版打成包，传到任何网站 ‖ Pack the published edition for any website"""
    from cfmap.model import find_layers, load_city
    from cfmap.publish import hosting, published, review_pack

    if archive is None and folder is None and review is None:
        raise click.UsageError(
            say("要写 --zip 文件.zip、--folder 文件夹或 --review 文件.zip", "give --zip FILE.zip, --folder FOLDER or --review FILE.zip"),
            ctx=click.get_current_context(),
        )
    city = load_city(project)
    edition = published.chosen(out or city.root / "output", year or city.edition.year, internal=internal)
    lines = []
    written = {}
    for target, write in ((archive, hosting.write_zip), (folder, hosting.write_folder)):
        if target is not None:
            written[str(target)] = count = write(edition, target)
            zh, en = (
                f"已写好 {target}：{count} 个文件；怎么上传见其中的 {hosting.README}",
                f"Wrote {target}: {count} files; {hosting.README} in it says how to upload",
            )
            lines.append((zh, en))
    if review is not None:
        written[str(review)] = review_pack.write_zip(edition, city, find_layers(city), review)
        mark = edition.about.get("content", {}).get("fingerprint", "—")
        zh = f"已写好送审材料 {review}：先看其中的 {review_pack.LIST}。批准的审图号管的是内容指纹 {mark}"
        lines.append((zh, f"Wrote {review} for the map review; {review_pack.LIST} in it comes first. The number will be for content fingerprint {mark}"))
    if not edition.public:
        lines.append(("这是内部资料，不得对外公开。", "This is internal; not for the public."))
    return Answer(lines=lines, facts={"written": written, "public": edition.public})


# -- single questions, without a project ---------------------------------------------------------------------------


@_command("coverage")
@option("--network", required=True, type=FILE, help="街道网络：.osm.pbf、.osm、GraphML、SHP、GPKG ‖ street network")
@option("--sites", required=True, type=FILE, help="点位表：id, lon, lat ‖ sites: id, lon, lat")
@option(
    "--minutes",
    "minutes",
    multiple=True,
    type=click.FloatRange(0.1, 240),
    default=(15.0,),
    show_default="15",
    help="步行分钟，可写多次 ‖ walking minutes, repeatable",
)
@option("--speed", type=click.FloatRange(0.5, 10), default=4.0, show_default="4.0 km/h", help="步行速度 km/h ‖ walking speed in km/h")
@option("--datum", default="wgs84", show_default="wgs84", help="点位的坐标系 ‖ datum of the sites")
@option(
    "--exact",
    is_flag=True,
    help="范围逐街合并，不用网格描边；并报告两者面积之差 ‖ unite widened streets instead of a contour on a grid, and state how far the two differ",
)
@option("--out", required=True, type=FILE, help="输出 .gpkg ‖ output .gpkg")
def coverage(network: Path, sites: Path, minutes: tuple[float, ...], speed: float, datum: str, exact: bool, out: Path) -> Answer:  # noqa: FBT001
    """步行覆盖范围：走得到的街道、范围、点位 ‖ Service areas: streets reached, catchment, sites"""
    from cfmap import files

    return _done(*files.coverage(network, sites, minutes=sorted(minutes), speed_kmh=speed, datum=datum, out=out, exact=exact))


@_command("reach")
@option("--network", required=True, type=FILE, help="街道网络 ‖ street network")
@option("--sites", required=True, type=FILE, help="点位表：id, lon, lat ‖ sites: id, lon, lat")
@option("--points", required=True, type=FILE, help="出发点表：id, lon, lat ‖ points: id, lon, lat")
@option("--minutes", type=click.FloatRange(0.1, 240), default=15.0, show_default="15", help="步行分钟 ‖ walking minutes")
@option("--speed", type=click.FloatRange(0.5, 10), default=4.0, show_default="4.0 km/h", help="步行速度 km/h ‖ walking speed in km/h")
@option("--datum", default="wgs84", show_default="wgs84", help="两张表的坐标系 ‖ datum of both tables")
@option("--out", required=True, type=FILE, help="输出 .csv / .xlsx / .gpkg ‖ output .csv / .xlsx / .gpkg")
def reach(network: Path, sites: Path, points: Path, minutes: float, speed: float, datum: str, out: Path) -> Answer:
    """每个出发点最近的点位和步行距离 ‖ For every point its nearest site and the walk to it"""
    from cfmap import files

    return _done(*files.reach(network, sites, points, minutes=minutes, speed_kmh=speed, datum=datum, out=out))


@_command("people")
@option("--network", required=True, type=FILE, help="街道网络 ‖ street network")
@option("--sites", required=True, type=FILE, help="点位表：id, lon, lat ‖ sites: id, lon, lat")
@option("--population", required=True, type=FILE, help="社区人口表（点或面），各年龄段一列 ‖ communities with a column for each age band, points or areas")
@option("--age", default="0-2", show_default="0-2", help="年龄：0-2、0-14……；all 是全部常住人口 ‖ age: 0-2, 0-14 ...; all for residents")
@option("--by", "by", type=FILE, default=None, help="乡镇街道界 ‖ outlines of towns")
@option("--datum", default="wgs84", show_default="wgs84", help="各表的坐标系 ‖ datum of the tables")
@option("--public", is_flag=True, help="隐去 1–9 人的小数和能反推出它们的数 ‖ hide counts of 1-9 and what would reveal them")
@option("--out", type=FILE, default=None, help="输出 .csv / .xlsx ‖ output .csv / .xlsx")
def people(
    network: Path,
    sites: Path,
    population: Path,
    age: str,
    by: Path | None,
    datum: str,
    public: bool,  # noqa: FBT001 - click passes flags by name
    out: Path | None,
) -> Answer:
    """多少孩子走得到：各乡镇的人数、范围和最影响它的原因 ‖ How many children are reached: by town, with a range and what moves it most"""
    from cfmap import files

    written, lines, table, faults = files.people(network, sites, population, age=age, by=by, datum=datum, out=out, public=public, lang=speaking())
    rows = [{k: None if isinstance(v, float) and v != v else v for k, v in row.items()} for row in table.to_dict("records")]
    told = [] if written is None else [(f"已写好 {written}", f"Wrote {written}")]
    return Answer(faults, told, lines, {"age": age, "public": public, "towns": rows}, all_shown=True)


_perimeter.add(cli, lambda function: _json(_lang(function)))
_routes.add(cli, lambda function: _json(_lang(function)))


severance.add(_command)


@_command("convert")
@option("--from", "source", required=True, help="原坐标系：wgs84 cgcs2000 gcj02 bd09 EPSG:n ‖ datum of the input")
@option("--to", "target", required=True, help="目标坐标系 ‖ datum of the output")
@click.argument("input_file", metavar="IN", type=FILE)
@click.argument("output_file", metavar="OUT", type=FILE)
def convert(source: str, target: str, input_file: Path, output_file: Path) -> Answer:
    """换坐标系：表格或 GIS 文件 ‖ Convert the datum of a table or GIS file"""
    from cfmap import files

    return _done(*files.convert(input_file, output_file, source=source, target=target))


# -- looking around ------------------------------------------------------------------------------------------------


add_rules(_command)


@_command("layers")
@click.argument("project", type=PROJECT, default=".")
def layers(project: Path) -> Answer:
    """有哪些图层，数据从哪里来 ‖ What layers there are, and where their data come from"""
    from cfmap.model import GROUPS, find_layers, load_city

    city = load_city(project)
    rows = [
        {
            "key": layer.key,
            "title": layer.title,
            "title_en": layer.title_en,
            "group": say(*GROUPS[layer.group]),
            "geometry": layer.geometry,
            "coverage": layer.coverage or "",
            "sources": [s.path or "OpenStreetMap" for s in city.layers[layer.key].sources] if layer.key in city.layers else [],
            "declared_in": layer.path,
        }
        for layer in find_layers(city).values()
    ]
    lines = []
    for row in rows:
        sources = say("、", ", ").join(row["sources"]) or say("（没有数据源）", "(no source)")
        lines.append(f"{row['key']:<22} {say(str(row['title']), str(row['title_en']))} · {row['group']} · {sources}")
    return Answer(printed=lines, facts={"layers": rows})


@_command("versions")
@click.argument("project", type=PROJECT, default=".")
@option("--edition", "year", type=int, default=None, help="年份；不写就用设置里的 ‖ year; the one in the settings by default")
@option("--internal", is_flag=True, help="内部版 ‖ of the internal edition")
@option("--out", type=PROJECT, default=None, help="输出文件夹，默认 output/ ‖ output folder, output/ by default")
def versions(project: Path, year: int | None, internal: bool, out: Path | None) -> Answer:  # noqa: FBT001 - click passes flags by name
    """已发布的版本，箭头是读者现在看到的 ‖ Published versions; the arrow marks the one that readers see"""
    from cfmap.pipeline import version_list

    return _versions(version_list(project, year=year, public=not internal, out=out))


@_command("rollback")
@click.argument("version", required=False)
@click.argument("project", type=PROJECT, default=".")
@option("--edition", "year", type=int, default=None, help="年份；不写就用设置里的 ‖ year; the one in the settings by default")
@option("--internal", is_flag=True, help="内部版 ‖ of the internal edition")
@option("--out", type=PROJECT, default=None, help="输出文件夹，默认 output/ ‖ output folder, output/ by default")
def rollback(version: str | None, project: Path, year: int | None, internal: bool, out: Path | None) -> Answer:  # noqa: FBT001 - click passes flags by name
    """让读者重新看到第 N 版，不写就是上一版；什么都不删 ‖ Let readers see version N again, the one before by default; nothing is removed"""
    from cfmap.pipeline import roll_back

    number = int(version) if version and version.isdecimal() else None
    if version and number is None:  # cfmap rollback PROJECT
        project = Path(version)
    return _versions(roll_back(project, number, year=year, public=not internal, out=out))


@_command("explain")
@click.argument("code")
def explain(code: str) -> Answer:
    """一个代码是什么意思，怎么一步一步改；不用联网 ‖ What a code means and how to mend it step by step; works offline"""
    import difflib

    from cfmap.model.messages import MESSAGES, fault
    from cfmap.model.messages.explain import exit_code, page_of, told

    wanted = code.strip().upper()
    if wanted not in MESSAGES:
        near = difflib.get_close_matches(wanted, MESSAGES, n=3, cutoff=0.5)
        raise ConfigError(fault("E127", value=code, nearest="、".join(near) or "—"))
    facts = {"code": wanted, "exit_code": exit_code(wanted), "page": f"docs/faults/{page_of(wanted)}.md#{wanted.lower()}"}
    return Answer(printed=told(wanted, speaking()), facts={**facts, "text": told(wanted, speaking())})


@_command("doctor")
@click.argument("project", type=PROJECT, default=".")
@option(
    "--bundle",
    is_flag=True,
    help="写一个给维护人员的 zip：版本、设置（去掉密钥）、运行记录；没有数据 ‖ write a zip for the maintainers: versions, settings without keys, logs; no data",
)
def doctor(project: Path, bundle: bool) -> Answer:  # noqa: FBT001 - click passes flags by name
    """装齐了没有，能不能读写；--bundle 打包给维护人员 ‖ Is everything installed and readable; --bundle packs what the maintainers need"""
    from cfmap.cli import bundle as bundles
    from cfmap.cli.doctor import diagnose

    rows = diagnose()
    printed = [f"{say('正常', 'ok  ') if ok else say('缺少', 'MISS')}  {name:<14} {note}" for name, ok, note in rows]
    facts: dict[str, Any] = {"parts": [{"name": name, "ok": ok, "note": note} for name, ok, note in rows]}
    lines = []
    if bundle:
        out = Path.cwd() / bundles.NAME
        held = bundles.write(project, rows, out)
        facts |= {"bundle": str(out), "holds": held}
        zh, en = f"已写好 {out}（{'、'.join(held)}），可以发给维护人员。", f"Wrote {out} ({', '.join(held)}), to be sent to the maintainers."
        lines.append((zh, en))
    return Answer(printed=printed, lines=lines, facts=facts, exit_code=0 if all(ok for _, ok, _ in rows) else 4)


add_walking_bus(cli, lambda function: _json(_lang(function)))
add_mend(cli, lambda function: _json(_lang(function)))


# -- printing ------------------------------------------------------------------------------------------------------


def _versions(found: Iterable[VersionLine]) -> Answer:
    lines = [f"{'→' if v.shown else ' '} {v.number:06d}  {v.finished:<20}  {say('活动', 'events') if v.amended else ''}".rstrip() for v in found]
    return Answer(printed=lines, facts={"versions": [asdict(v) for v in found]})


def _done(out: Path, lines: Iterable[tuple[str, str]], faults: Iterable[Fault]) -> Answer:
    told = list(lines)
    facts = {"file": str(out), "counts": [en for _, en in told]}
    return Answer(tuple(faults), [*told, (f"已写好 {out}", f"Wrote {out}")], facts=facts, all_shown=True)


def _progress() -> Callable[[int, int, str, str], None]:
    import sys
    import time

    started = time.monotonic()

    def report(step: int, steps: int, zh: str, en: str) -> None:
        if sys.stderr.isatty():
            tell(f"[{step}/{steps}] {time.monotonic() - started:5.1f}s  {say(zh, en)}")

    return report
