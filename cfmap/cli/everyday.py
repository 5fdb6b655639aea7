"""The whole routine in one go, for a person who double-clicks: check, build, open what came out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from cfmap.cli.bilingual import say
from cfmap.cli.boundary import Answer, in_json, tell

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def everyday(project: Path, *, year: int | None, opening: bool) -> Answer:
    """
    Check a project, build its public edition when nothing stops it, and open the result.

    Columns that are not found are asked for once, as by ``cfmap check``. Where the street network is missing and ``data/`` holds
    one regional ``.osm.pbf``, it is clipped to the city first. What is opened is the map, or, when the tables have errors, the
    list of them, which leads to the copies with the bad cells red; `opening` False only says where they are.

    Returns
    -------
    answer
        Exit code 0 when a map was published, else the check's; then nothing is published.

    Raises
    ------
    CfmapError
        Whatever the check and :func:`cfmap.pipeline.build` raise.
    """
    from cfmap.cli.asking import check_and_ask
    from cfmap.pipeline import build

    told = _progress()
    _clip_streets(project, told)
    tell(say("第一步：检查各部门的表格", "First: checking the departments' tables"))
    found = check_and_ask(project, year=year, may_ask=not in_json(), progress=told)
    summary = found.summary("zh"), found.summary("en")
    if found.stops:
        mend = (
            "请照标红的格子改好、保存，再来一次。什么都没有发布，原来的地图没有改动。",
            "Mend the red cells, save, and start again. Nothing was published; the map is as it was.",
        )
        if opening:
            click.launch(str(found.workbook))
        errors = [f for f in found.faults if f.level == "error"]
        return Answer(errors, [summary, mend], facts={"check": found.record()}, exit_code=found.exit_code)
    tell(say(*summary))
    tell(say("第二步：建地图", "Second: building the map"))
    made = build(project, year=year, progress=told)
    if opening:
        click.launch(str(made.release.pointer.resolve()))  # as a path: Chinese folders in file addresses are misread by some systems
    errors = [f for f in made.faults if f.level == "error"]
    return Answer(errors, [(made.summary("zh"), made.summary("en"))], facts={"check": found.record(), "editions": [made.record()]})


def _clip_streets(project: Path, told: Callable[[int, int, str, str], None]) -> None:
    from cfmap.model import load_city
    from cfmap.pipeline import fetch_network

    city = load_city(project)
    regional = sorted((city.root / "data").glob("*.osm.pbf"))
    if len(regional) == 1 and not city.path(city.network.source).exists():
        tell(say(f"街道网络：从 {regional[0].name} 裁出本市", f"Streets: clipping the city out of {regional[0].name}"))
        fetch_network(project, extract=regional[0], progress=told)


def _progress() -> Callable[[int, int, str, str], None]:
    """Every step on a line, always: somebody who waits wants to see that it goes on."""
    started = time.monotonic()

    def report(step: int, steps: int, zh: str, en: str) -> None:
        tell(say(f"  [{step}/{steps}] {time.monotonic() - started:4.0f} 秒  {zh}", f"  [{step}/{steps}] {time.monotonic() - started:4.0f} s  {en}"))

    return report
