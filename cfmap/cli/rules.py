"""Which rules say that a street beside a school is safe?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cfmap.cli.bilingual import speaking
from cfmap.cli.boundary import Answer
from cfmap.cli.command import command, project_folder

if TYPE_CHECKING:
    from cfmap.model import City


@command("rules")
@project_folder
def rules(project: Path) -> Answer:
    """学校周边怎么算安全：全部规则、数值和出处 ‖ When streets round schools are safe: all rules, numbers and their sources"""
    from cfmap.coverage.safety.printed import as_facts, printed
    from cfmap.coverage.safety.thresholds import THRESHOLDS, thresholds_of

    city = _city(project)
    asked = THRESHOLDS if city is None else thresholds_of(city)
    return Answer(printed=printed(lang=speaking(), thresholds=asked), facts=as_facts(asked))


def _city(project: Path) -> City | None:
    """The project's settings; outside a project the usual numbers are told."""
    from cfmap.model import load_city

    there = (project if project.is_dir() else project.parent) / "cfmap.toml"
    return load_city(project) if there.is_file() or project != Path() else None
