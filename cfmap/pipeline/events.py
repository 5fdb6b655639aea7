"""Events change weekly: renewed in an edition that is published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cfmap.model import ConfigError, fault, find_layers, load_city
from cfmap.model.city import CONFIG_NAME
from cfmap.model.events import AHEAD_DAYS, EVENTS, WHENS
from cfmap.model.layers import check_public_columns
from cfmap.pipeline.inputs import silent
from cfmap.pipeline.reading import city_outline, edition_year, load_one
from cfmap.pipeline.running import noted

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from cfmap.model import Fault
    from cfmap.model.events import When
    from cfmap.model.messages import Lang
    from cfmap.pipeline.inputs import Progress
    from cfmap.publish.release import Release


@dataclass(frozen=True)
class EventsResult:
    """What the table of events holds on the day it was read, and the version that shows it (None: nothing was published)."""

    year: int
    read: date
    tally: dict[When, int]
    coming: tuple[str, ...]
    faults: tuple[Fault, ...]
    release: Release | None

    def record(self) -> dict[str, Any]:
        """As data, for ``--json``."""
        version = None if self.release is None else f"{self.release.version:06d}"
        return {"year": self.year, "read": self.read.isoformat(), "version": version, "events": dict(self.tally), "coming": list(self.coming)}

    def summary(self, lang: Lang) -> str:
        """How many are shown and how many not, and what to open."""
        now, soon, undated, later, over = (self.tally[kind] for kind in WHENS)
        zh = f"{self.read} 这天网页上有 {now + soon + undated} 个活动：正在进行 {now}，{AHEAD_DAYS} 天内开始 {soon}，日期待定 {undated}。"
        zh += f"不显示：已结束 {over}，{AHEAD_DAYS} 天以后才开始 {later}。"
        en = (
            f"On {self.read} the page shows {now + soon + undated} events: {now} on now, {soon} that begin within {AHEAD_DAYS} days, {undated} without a date. "
        )
        en += f"Not shown: {over} over, {later} that begin later."
        lines = "".join(f"\n  {line}" for line in self.coming)
        if self.release is None:
            zh, en = zh + lines + "\n只是看一看，没有发布。", en + lines + "\nOnly looked at; nothing was published."
        else:
            zh += f"\n活动已更新（第 {self.release.version} 版），其他内容没有变。打开地图：{self.release.pointer}"
            en += f"\nEvents renewed as version {self.release.version}; nothing else changed. Open the map: {self.release.pointer}"
        return zh if lang == "zh" else en


def renew_events(
    project: str | Path = ".",
    *,
    year: int | None = None,
    public: bool = True,
    out: Path | None = None,
    publish: bool = True,
    progress: Progress | None = None,
) -> EventsResult:
    """
    Read the table of events anew and put it into the edition that is published; nothing else of it is computed or changes.

    Coordinates are checked against the city's outline; against the streets (is the datum the one declared?) only by :func:`build`.

    Parameters
    ----------
    project, year, public, out, progress
        As :func:`build`.
    publish
        False only tells what would be shown.

    Raises
    ------
    ConfigError
        No such year, or no table of events in the settings (E123).
    InputError, SafetyRefusal
        As :func:`cfmap.intake.load_layer`; nothing is published then.
    EnvironmentFault, SelfCheckError
        As :func:`cfmap.publish.release.amend`.
    """
    from cfmap.intake.towns import with_towns
    from cfmap.publish.web import renew

    tell = progress or silent
    city = load_city(project)
    layers = find_layers(city)
    check_public_columns(city, layers)
    chosen = edition_year(city, year)
    if EVENTS not in layers or EVENTS not in city.layers or not city.layers[EVENTS].sources:
        raise ConfigError(fault("E123", file=CONFIG_NAME, column=f"layers.{EVENTS}", layer=EVENTS))
    folder = (out or city.root / "output") / (str(chosen) if public else f"{chosen}-internal")
    target = renew.target(folder, year=chosen, public=public)
    tell(1, 3, "读活动表", "reading the table of events")
    with noted("events", city, year, out or city.root / "output", edition=folder) as run:
        towns = city_outline(city, city.boundary.towns)
        data = with_towns(load_one(city, layers, EVENTS, chosen), towns)
        tell(2, 3, "放进网页", "putting them into the page")
        found = renew.events_for(target, data, city)
        made = None
        if publish:
            tell(3, 3, "写出并核对", "writing and checking")
            made = renew.publish(folder, found, data, city)
        run.faults = (*found.data.faults, *(made.faults if made else ()))
    return EventsResult(chosen, found.read, found.tally, found.coming, run.faults, made)
