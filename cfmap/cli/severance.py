"""The command that lists where children cross main roads, railways and water on the way to school or kindergarten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.cli.bilingual import option
from cfmap.cli.command import FILE, command, done, walked_to

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.cli.boundary import Answer


@command("severance")
@option("--network", required=True, type=FILE, help="街道网络 ‖ street network")
@option(
    "--schools",
    required=True,
    help="学校（幼儿园）表或面文件；写 osm 就取自网络文件 ‖ table or areas of schools (kindergartens); osm takes them from the network file",
)
@option("--origins", required=True, type=FILE, help="社区、小区或网格，各年龄段一列 ‖ communities, estates or cells with a column for each age band")
@walked_to
@option("--age", default=None, show_default="6-14 / 3-5", help="年龄：6-14、6-11…… ‖ age: 6-14, 6-11 ...")
@option("--gates", type=FILE, default=None, help="校门表 ‖ table of school gates")
@option("--datum", default="wgs84", show_default="wgs84", help="表的坐标系 ‖ datum of the tables")
@option("--out", required=True, type=FILE, help="输出 .gpkg ‖ output .gpkg")
def severance(network: Path, schools: str, origins: Path, layer: str, age: str | None, gates: Path | None, datum: str, out: Path) -> Answer:
    """上学、入园路上要横穿的主干道、铁路、河湖，按儿童人数排 ‖ Main roads, railways, water crossed on the way to school or kindergarten, by children"""
    from cfmap.files import round_schools

    return done(round_schools.severance(network, schools, origins, layer=layer, age=age, gates=gates, datum=datum, out=out))
