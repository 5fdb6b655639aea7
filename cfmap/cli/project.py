"""The commands that bring a year's data together: start, init, fetch, check, geocode, roll."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cfmap.cli.bilingual import option, say, speaking
from cfmap.cli.boundary import Answer, in_json, tell
from cfmap.cli.command import FILE, PATH, command, edition, project_folder, steps

if TYPE_CHECKING:
    from pathlib import Path


@command("start")
@project_folder
@edition
@option(
    "--no-open", "opening", is_flag=True, default=True, flag_value=False, help="完成后不打开地图或检查结果 ‖ open neither map nor check workbook at the end"
)
def start(project: Path, year: int | None, opening: bool) -> Answer:  # noqa: FBT001 - click passes flags by name
    """每天就用这一条：检查，没错就建图，打开地图；有错就打开标红的表 ‖ The everyday command: check, build, open the map, or the table with its bad cells red"""
    from cfmap.cli.everyday import everyday

    return everyday(project, year=year, opening=opening)


@command("init")
@click.argument("folder", type=PATH)
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


@command("fetch")
@project_folder
@option("--place", default="", help="地名，由 OpenStreetMap 查范围；不写就用项目的边界 ‖ place name; without it the project's boundary is used")
@option("--extract", type=FILE, default=None, help="已下载的区域 .osm.pbf，裁到本市 ‖ a regional .osm.pbf on disk, to be clipped to the city")
@option("--overpass", "overpass_url", default="", help="Overpass 服务地址 ‖ address of the Overpass service")
def fetch(project: Path, place: str, extract: Path | None, overpass_url: str) -> Answer:
    """取本市的街道网络，存进 data/ ‖ Get the city's street network into data/"""
    from cfmap.pipeline import fetch_network

    path, facts = fetch_network(project, place=place, extract=extract, overpass_url=overpass_url, progress=steps())
    lines = [(f"已写好 {path}", f"Wrote {path}"), *((f"  {name}: {value}",) * 2 for name, value in facts.items())]
    return Answer(lines=lines, facts={"file": str(path), "counts": {name: value if isinstance(value, int) else str(value) for name, value in facts.items()}})


@command("check")
@project_folder
@option("--edition", "year", type=int, default=None, help="年份 ‖ year")
@option("--strict", is_flag=True, help="存疑的也停下 ‖ stop at doubts too")
@option("--no-input", is_flag=True, help="找不到列也不问 ‖ never ask which column is which")
def check(project: Path, year: int | None, strict: bool, no_input: bool) -> Answer:  # noqa: FBT001 - click passes flags by name
    """检查全部输入，错处标红，退回各单位的副本在 output/returned/；找不到的列问一次并记住 ‖ Check every input; copies with the bad cells red are in output/returned/; asks once for columns not found"""  # noqa: E501 - one sentence of help
    from cfmap.cli.asking import check_and_ask

    result = check_and_ask(project, year=year, strict=strict, may_ask=not (in_json() or no_input), progress=steps())
    lines = [(result.summary("zh"), result.summary("en"))]
    return Answer(result.faults, lines, facts=result.record(), exit_code=result.exit_code, all_shown=True)


@command("geocode")
@project_folder
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
    result = geocoding.geocode(project, backend=backend, layers=layers, year=year, progress=steps())
    return Answer(result.faults, [(result.summary("zh"), result.summary("en"))], facts=result.record(), all_shown=True)


@command("roll")
@click.argument("year", type=click.IntRange(1990, 2100))
@project_folder
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
