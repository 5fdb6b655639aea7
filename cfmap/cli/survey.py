"""The commands of a survey of the streets round schools."""

from __future__ import annotations

from pathlib import Path

import click

from cfmap.cli.bilingual import Group, option, say, speaking
from cfmap.cli.boundary import Answer
from cfmap.cli.command import PATH, command, edition, project_folder
from cfmap.model.errors import InputError


@command("survey", cls=Group)
def survey() -> None:
    """学校周边道路的现场调查：写调查表，收回填好的表 ‖ Surveys of the streets round schools: write the form, take it back"""


@command("form")
@project_folder
@option("--school", "schools", multiple=True, help="只写这所学校（名称或其中几个字），可写多次 ‖ only this school (name or part of it), repeatable")
@edition
@option("--out", type=PATH, default=None, help="输出文件夹，默认 output/survey ‖ output folder, output/survey by default")
def form(project: Path, schools: tuple[str, ...], year: int | None, out: Path | None) -> Answer:
    """写调查表：只问不清楚的路段和校门，Excel 一份，可打印的 PDF 一份 ‖ Write the form: only what is unknown, as a workbook and as sheets to print"""
    from cfmap import survey as rounds

    made = rounds.form(project, year=year, schools=schools, out=out)
    return Answer(made.faults, [(made.summary("zh"), made.summary("en"))], facts=made.record())


@command("import")
@click.argument("given", metavar="FILE...", nargs=-1, required=True, type=PATH)
@edition
def take_in(given: tuple[Path, ...], year: int | None) -> Answer:
    """收回填好的调查表：看不懂的行逐行说明，其余的存进 data/survey/ ‖ Take filled-in forms back: bad rows are told, the others kept in data/survey/"""
    from cfmap import survey as rounds

    files, project = (given[:-1], given[-1]) if given[-1].is_dir() else (given, Path())
    if not files:
        raise click.UsageError(say("要写填好的调查表，例如 cfmap survey import 调查表.xlsx", "name the filled-in form, e.g. cfmap survey import FORM.xlsx"))
    made = rounds.take_in(files, project, year=year)
    every = [f"{fault.where(speaking())}：{fault.what(speaking())}" for fault in made.faults]  # the full text only of the first of a kind
    code = InputError.exit_code if made.in_vain else 0
    return Answer(made.faults, [(made.summary("zh"), made.summary("en"))], printed=every, facts=made.record(), all_shown=True, exit_code=code)


survey.add_command(form)
survey.add_command(take_in)
