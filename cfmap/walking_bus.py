"""Plan a city's walking buses: who joins, the city's streets, schools and gates, and the files that come of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cfmap.model import InputError, fault

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.model import City, Fault
    from cfmap.planning.walking_bus import SchoolPlan


@dataclass(frozen=True)
class Planned:
    """
    What came of it.

    Attributes
    ----------
    plans
        School by school.
    files
        Written, all in `folder`.
    without_consent
        Children left out because nobody said a clear yes for them.
    """

    plans: tuple[SchoolPlan, ...]
    folder: Path
    files: tuple[Path, ...]
    without_consent: int
    faults: tuple[Fault, ...]

    def lines(self) -> list[tuple[str, str]]:
        """What was planned, in words."""
        from cfmap.planning.walking_bus import REASONS

        said = []
        for plan in self.plans:
            served = sum(line.children for line in plan.lines)
            zh = f"{plan.name}：{len(plan.lines)} 条线，{served} 个孩子，共 {plan.children} 个报名"
            en = f"{plan.name}: {len(plan.lines)} lines for {served} of {plan.children} children"
            said.append((zh, en))
            said += [(f"  没排上 {n} 个：{REASONS[r][0]}", f"  {n} on no line: {REASONS[r][1]}") for r, n in plan.unserved.items()]
            if not plan.proven:
                said.append((f"  没有算到底：最多还能多排上 {plan.more} 个", f"  not proven best: at most {plan.more} more could be served"))
        return [*said, (f"已写好 {self.folder}：{len(self.files)} 个文件", f"Wrote {len(self.files)} files to {self.folder}")]

    def record(self) -> dict[str, Any]:
        """The same for programs; numbers of a school as a whole."""
        schools = [
            {"school": p.school, "name": p.name, "lines": len(p.lines), "children": p.children, "served": sum(x.children for x in p.lines)}
            | {"unserved": dict(p.unserved), "proven": p.proven, "more": p.more}
            for p in self.plans
        ]
        return {"folder": str(self.folder), "files": [f.name for f in self.files], "schools": schools, "without_consent": self.without_consent}


def walking_bus(
    project: str | Path, children: Path, *, out: Path | None = None, year: int | None = None, datum: str = "wgs84", public: bool = False
) -> Planned:
    """
    Plan walking buses and write them down.

    Parameters
    ----------
    project
        City project with a layer of schools, and of gates where there is one.
    children
        As :func:`cfmap.intake.joining.read_joining`; lies anywhere, better outside the project.
    out
        Folder; None = ``output/walking-bus`` of the project (``walking-bus-public`` for the public).
    year
        Edition whose schools and gates are taken; None = the one in the settings.
    datum
        Of the children's table.
    public
        Without any number of children.

    Returns
    -------
    planned
        Also when no line is possible: then W399 says why.

    Raises
    ------
    CfmapError
        E415 without OR-Tools (before anything is read), E398 no school is known, or as the readers.
    """
    from cfmap.intake.joining import at_schools, read_joining
    from cfmap.pipeline import schools_of
    from cfmap.planning.bus_asked import plans_asked
    from cfmap.planning.bus_lines import demand_solver
    from cfmap.publish.walking_bus import About, write

    demand_solver()
    if not children.is_file():
        raise InputError(fault("E494", file=str(children), detail=str(children.parent)))
    joining = read_joining(children, datum=datum)
    asked = schools_of(project, year=year)
    city, network = asked.city, asked.network
    joining = at_schools(joining, asked.layer.sites)
    plans, faults = plans_asked(network, asked.layer, asked.gates, joining, city, answers=asked.answers)
    folder = out or city.root / "output" / ("walking-bus-public" if public else "walking-bus")
    about = About(city.city.name, city.city.demo, _streets(city, network.timestamp), public=public, without_consent=joining.without_consent)
    files, more = write(plans, network, city.safety.walking_bus, about, folder)
    return Planned(tuple(plans), folder, tuple(files), joining.without_consent, (*asked.faults, *joining.faults, *faults, *more))


def _streets(city: City, timestamp: str) -> str:
    return f"{city.network.attribution}{f' · {timestamp[:10]}' if timestamp else ''}"
