"""The commands: parse, call one function, print."""

from __future__ import annotations

import click

from cfmap.cli import editions, looking, mend, perimeter, project, published, questions, rollup, routes, rules, severance, survey, walking_bus
from cfmap.cli.bilingual import Group, option
from cfmap.cli.boundary import run
from cfmap.cli.command import in_language


def main(args: list[str] | None = None) -> int:
    """Entry point of ``cfmap``: returns the exit code."""
    return run(cli, args)


def _version(ctx: click.Context, *, on: bool) -> None:
    if on:
        from cfmap import __version__

        click.echo(f"cfmap {__version__}")
        ctx.exit()


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@option("--version", is_flag=True, is_eager=True, expose_value=False, callback=lambda ctx, _, on: _version(ctx, on=on), help="显示版本号 ‖ show the version")
@in_language
def cli() -> None:
    """
    儿童友好城市地图：部门的表格、街道网络和政策目标，变成每年一版的地图和数字。 ‖
    The child-friendly city map: department tables, streets and policy targets become a yearly edition.
    """


for _each in (  # in the order of help: the yearly routine, showing it, single questions, looking around
    *(project.start, project.init, project.fetch, project.check, project.geocode, project.roll),
    *(editions.build, editions.events, editions.diff, editions.targets, survey.survey, rollup.rollup),
    *(published.serve, published.publish),
    *(questions.coverage, questions.reach, questions.people, perimeter.perimeter, routes.routes, severance.severance, questions.convert),
    *(rules.rules, looking.layers, published.versions, published.rollback, looking.explain, looking.doctor),
    *(walking_bus.walking_bus, mend.mend),
):
    cli.add_command(_each)
