"""The command that looks at the streets round schools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cfmap.cli.bilingual import option
from cfmap.cli.command import FILE, command, done

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.cli.boundary import Answer


@command("perimeter")
@option("--network", required=True, type=FILE, help="街道网络 ‖ street network")
@option("--schools", required=True, help="学校表或面文件；写 osm 就取自网络文件 ‖ table or areas of schools; osm takes them from the network file")
@option("--gates", type=FILE, default=None, help="校门表 ‖ table of school gates")
@option("--crossings", type=FILE, default=None, help="爱心斑马线表 ‖ table of the city's loving-care crossings")
@option("--metres", type=click.FloatRange(10, 2000), default=150.0, show_default="150", help="周边看多远，米 ‖ how far the perimeter reaches, metres")
@option(
    "--method",
    type=click.Choice(("network", "radius", "wall", "all")),
    default="network",
    show_default="network",
    help="怎么量：沿街走、校门画圆、围墙外扩，all 三种并列 ‖ along streets, round the gates, beside the wall; all puts the three side by side",
)
@option("--ring", "ring_m", type=click.FloatRange(0, 2000), default=0.0, help="再往外看一圈到多少米，如 300、500 ‖ outer limit of a ring round it, metres")
@option("--strict", is_flag=True, help="按严格规则：再加路灯和标志 ‖ by the strict rules: lighting and signs too")
@option("--datum", default="wgs84", show_default="wgs84", help="表的坐标系 ‖ datum of the tables")
@option("--out", required=True, type=FILE, help="输出 .gpkg ‖ output .gpkg")
def perimeter(
    network: Path,
    schools: str,
    gates: Path | None,
    crossings: Path | None,
    metres: float,
    method: str,
    ring_m: float,
    strict: bool,  # noqa: FBT001 - click passes flags by name
    datum: str,
    out: Path,
) -> Answer:
    """学校周边街道：安全、不安全、不清楚，附理由 ‖ Streets round schools: safe, unsafe, unknown, with reasons"""
    from cfmap.files import round_schools

    return done(
        round_schools.perimeter(
            network, schools, gates=gates, crossings=crossings, metres=metres, method=method, ring_m=ring_m, strict=strict, datum=datum, out=out
        )
    )
