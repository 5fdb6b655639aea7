"""The command that plans walking buses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.cli.bilingual import option
from cfmap.cli.boundary import Answer
from cfmap.cli.command import PATH, command, edition, project_folder

if TYPE_CHECKING:
    from pathlib import Path


@command("walking-bus")
@project_folder
@option(
    "--children",
    required=True,
    type=PATH,
    help="报名表：经度、纬度、学校、监护人同意（或同意人数）；不要姓名和电话"
    " ‖ who joins: longitude, latitude, school, consent (or number with consent); no names, no phones",
)
@option("--out", type=PATH, default=None, help="输出文件夹，默认 output/walking-bus ‖ output folder, output/walking-bus by default")
@edition
@option("--datum", default="wgs84", show_default="wgs84", help="报名表的坐标系 ‖ datum of the table")
@option("--public", is_flag=True, help="给公众看的：只有线路、站点和时刻，没有人数 ‖ for the public: lines, stops and times, no numbers of children")
def walking_bus(project: Path, children: Path, out: Path | None, year: int | None, datum: str, public: bool) -> Answer:  # noqa: FBT001 - click passes flags by name
    """排步行巴士：站点、线路、时刻表，每条线一张可打印的单子 ‖ Plan walking buses: stops, lines, timetables, and a sheet to print for each line"""
    from cfmap.walking_bus import walking_bus as planned

    made = planned(project, children, out=out, year=year, datum=datum, public=public)
    return Answer(made.faults, made.lines(), facts=made.record(), all_shown=True)
