"""The commands that answer one question from files, without a project: coverage, reach, people, convert."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cfmap.cli.bilingual import option, speaking
from cfmap.cli.boundary import Answer
from cfmap.cli.command import FILE, command, done

if TYPE_CHECKING:
    from pathlib import Path


@command("coverage")
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
    from cfmap.files import reached

    return done(reached.coverage(network, sites, minutes=sorted(minutes), speed_kmh=speed, datum=datum, out=out, exact=exact))


@command("reach")
@option("--network", required=True, type=FILE, help="街道网络 ‖ street network")
@option("--sites", required=True, type=FILE, help="点位表：id, lon, lat ‖ sites: id, lon, lat")
@option("--points", required=True, type=FILE, help="出发点表：id, lon, lat ‖ points: id, lon, lat")
@option("--minutes", type=click.FloatRange(0.1, 240), default=15.0, show_default="15", help="步行分钟 ‖ walking minutes")
@option("--speed", type=click.FloatRange(0.5, 10), default=4.0, show_default="4.0 km/h", help="步行速度 km/h ‖ walking speed in km/h")
@option("--datum", default="wgs84", show_default="wgs84", help="两张表的坐标系 ‖ datum of both tables")
@option("--out", required=True, type=FILE, help="输出 .csv / .xlsx / .gpkg ‖ output .csv / .xlsx / .gpkg")
def reach(network: Path, sites: Path, points: Path, minutes: float, speed: float, datum: str, out: Path) -> Answer:
    """每个出发点最近的点位和步行距离 ‖ For every point its nearest site and the walk to it"""
    from cfmap.files import reached

    return done(reached.reach(network, sites, points, minutes=minutes, speed_kmh=speed, datum=datum, out=out))


@command("people")
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
    from cfmap.files import children

    written, lines, table, faults = children.people(network, sites, population, age=age, by=by, datum=datum, out=out, public=public, lang=speaking())
    rows = [{k: None if isinstance(v, float) and v != v else v for k, v in row.items()} for row in table.to_dict("records")]
    told = [] if written is None else [(f"已写好 {written}", f"Wrote {written}")]
    return Answer(faults, told, lines, {"age": age, "public": public, "towns": rows}, all_shown=True)


@command("convert")
@option("--from", "source", required=True, help="原坐标系：wgs84 cgcs2000 gcj02 bd09 EPSG:n ‖ datum of the input")
@option("--to", "target", required=True, help="目标坐标系 ‖ datum of the output")
@click.argument("input_file", metavar="IN", type=FILE)
@click.argument("output_file", metavar="OUT", type=FILE)
def convert(source: str, target: str, input_file: Path, output_file: Path) -> Answer:
    """换坐标系：表格或 GIS 文件 ‖ Convert the datum of a table or GIS file"""
    from cfmap.files.given import existing
    from cfmap.intake import convert_file

    faults = convert_file(existing(input_file), output_file, source=source, target=target)
    return Answer(faults, [(f"已写好 {output_file}", f"Wrote {output_file}")], facts={"file": str(output_file), "counts": []}, all_shown=True)
