"""The command that finds safe routes to school."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cfmap.cli.bilingual import option
from cfmap.cli.command import FILE, command, done, walked_to

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.cli.boundary import Answer


@command("routes")
@option("--network", required=True, type=FILE, help="街道网络 ‖ street network")
@option(
    "--schools",
    required=True,
    help="学校（幼儿园）表或面文件；写 osm 就取自网络文件 ‖ table or areas of schools (kindergartens); osm takes them from the network file",
)
@option("--origins", required=True, type=FILE, help="社区人口表，各年龄段一列；不要用住址 ‖ communities with a column for each age band; never homes")
@walked_to
@option("--gates", type=FILE, default=None, help="校门表 ‖ table of school gates")
@option("--bureau", type=FILE, default=None, help="部门已有的通学路，线文件 ‖ the bureau's own routes, a file of lines")
@option("--detour", type=click.FloatRange(1, 3), default=1.25, show_default="1.25", help="最多是最短路的几倍 ‖ at most so many times the shortest way")
@option("--metres", type=click.FloatRange(100, 5000), default=1500.0, show_default="1500", help="最短路超过多少米不算 ‖ longest shortest way, metres")
@option("--children", type=click.FloatRange(10, 10_000), default=30.0, show_default="30", help="多少孩子共走才列为建议 ‖ children that make a proposed route")
@option("--datum", default="wgs84", show_default="wgs84", help="各表的坐标系 ‖ datum of the tables")
@option("--out", required=True, type=FILE, help="输出 .gpkg ‖ output .gpkg")
def routes(
    network: Path,
    schools: str,
    origins: Path,
    layer: str,
    gates: Path | None,
    bureau: Path | None,
    detour: float,
    metres: float,
    children: float,
    datum: str,
    out: Path,
) -> Answer:
    """学径：绕路不多、最安全的上学、入园路，附最差的一段 ‖ Safe routes to school or kindergarten: the safest ways within a detour, with their worst place"""
    from cfmap.files import round_schools

    return done(
        round_schools.routes(
            network, schools, origins, layer=layer, gates=gates, bureau=bureau, cap=detour, limit_m=metres, shared=children, datum=datum, out=out
        )
    )
