"""The command of the mending list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cfmap.cli.bilingual import option, say, speaking
from cfmap.cli.boundary import Answer
from cfmap.cli.command import PATH, command, edition, project_folder

if TYPE_CHECKING:
    from pathlib import Path


@command("mend")
@project_folder
@option(
    "--edits",
    "edits",
    type=PATH,
    default=None,
    help="删改过的整改清单（CSV 或 Excel）：算一算照它改了以后怎样 ‖ a list with rows deleted or changed (CSV or Excel): what would come of it",
)
@option("--top", type=click.IntRange(1, 1000), default=10, show_default="10", help="屏幕上列几条 ‖ how many are listed on the screen")
@option(
    "--budget",
    type=click.FloatRange(min=0, min_open=True, max=1e12),
    default=None,
    help="预算（元）：够做清单里的哪些，哪几所变成安全；先写 [safety.mending.prices] ‖ yuan: what they buy of the list; prices: [safety.mending.prices]",
)
@edition
@option("--out", type=PATH, default=None, help="输出文件夹，默认 output/mending ‖ output folder, output/mending by default")
def mend(project: Path, edits: Path | None, top: int, budget: float | None, year: int | None, out: Path | None) -> Answer:
    """学校周边先改哪里：按能帮到的学校和学生排好，改前改后对比 ‖ What to mend round schools first, by schools and pupils helped; before and after"""
    from cfmap import mend as mending

    if edits is not None and budget is not None:
        raise click.UsageError(say("--edits 和 --budget 只写一个", "write one of --edits and --budget"), ctx=click.get_current_context())
    if edits is not None:
        made = mending.try_out(edits, project, year=year)
        return Answer(made.faults, printed=made.printed(speaking(), top=top)[1:], facts=made.record(), all_shown=True)
    made = mending.propose(project, year=year, out=out, budget=budget)
    said = [
        (f"已写好 {made.file}：删去不做的行，再 cfmap mend --edits 它", f"Wrote {made.file}: delete what will not be done, then cfmap mend --edits with it")
    ]
    return Answer(made.faults, said, printed=made.printed(speaking(), top=top), facts=made.record())
