"""What changed between two published editions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cfmap.model import ConfigError, fault, find_layers, load_city
from cfmap.model.city import CONFIG_NAME
from cfmap.pipeline.computing import compute
from cfmap.pipeline.inputs import silent
from cfmap.pipeline.reading import editions_of, read_inputs

if TYPE_CHECKING:
    from cfmap.indicators.diff import Diff
    from cfmap.model.messages import Lang
    from cfmap.pipeline.inputs import Progress


@dataclass(frozen=True)
class DiffResult:
    """What changed between two published editions, and where it is written down (None: nowhere)."""

    diff: Diff
    lines: tuple[str, ...]
    folder: Path | None


def diff(
    old: str,
    new: str,
    project: str | Path = ".",
    *,
    public: bool = True,
    recompute: bool = False,
    write: bool = True,
    out: Path | None = None,
    lang: Lang = "zh",
    progress: Progress | None = None,
) -> DiffResult:
    """
    What changed between two published editions: sites by layer and id, numbers with their causes.

    Parameters
    ----------
    old, new
        Years of the project, or folders of editions (``output/2023``).
    project
        For titles, and for `recompute`.
    public
        False compares the internal editions of two years.
    recompute
        Compute the old year's tables again with today's method, streets and outlines, so that a number's change is split by cause.
    write
        Write ``changes.txt``, ``changes.xlsx`` and ``changes.gpkg`` into ``output/diff-OLD-NEW`` of the project; what stood there goes.
    out
        Another folder instead of ``output/``.
    lang
        Of the text.

    Raises
    ------
    ConfigError
        E145 nothing is published there, E146 two that cannot be compared, E147 `recompute` without the old year in the project.
    SelfCheckError
        E604: a published file is not what was published.
    InputError, SafetyRefusal
        The old year's tables cannot be read again.
    """
    from cfmap.indicators.diff import compare
    from cfmap.publish import diff_files, files, snapshot
    from cfmap.publish.diff_text import lines

    tell = progress or silent
    city = load_city(project)
    base = out or city.root / "output"
    folders = [base / (name if public else f"{name}-internal") if name.isdigit() else Path(name) for name in (old, new)]
    tell(1, 3, "读两版", "reading the two editions")
    (before, first), (after, second) = (snapshot.of(folder) for folder in folders)
    if (reason := _unlike(first.about, second.about)) is not None:
        raise ConfigError(fault("E146", old=old, new=new, reason=reason[0], reason_en=reason[1]))
    middle: dict[str, Any] | None = None
    if recompute:
        tell(2, 3, f"按今天的方法重算 {before.name} 年", f"computing {before.name} again by today's method")
        middle = _figures_of(project, old, public=first.public)
    has = {"streets", "boundary", "method"} | (set() if "{year}" in city.population.table else {"people"})
    found = compare(before, after, middle=middle, middle_has=has)
    layers, note = find_layers(city), str(second.about.get("note", ""))
    note = note if first.public else f"{note} · 内部资料，不得公开".removeprefix(" · ")
    text = tuple(lines(found, title=city.name, note=note, layers=layers, lang=lang))
    if not write:
        return DiffResult(found, text, None)
    tell(3, 3, "写出", "writing")
    folder = base / f"diff-{before.name}-{after.name}{'' if first.public else '-internal'}"
    with files.new_folder(folder) as part:
        diff_files.write(found, part, title=city.name, note=note, layers=layers, lang=lang)
    return DiffResult(found, text, folder)


def _unlike(one: dict[str, Any], other: dict[str, Any]) -> tuple[str, str] | None:
    """Why two editions are not of a kind; None when they are."""
    if one.get("city") != other.get("city"):
        return f"{one.get('city')} ≠ {other.get('city')}", f"{one.get('city_en') or one.get('city')} ≠ {other.get('city_en') or other.get('city')}"
    if one.get("audience") != other.get("audience"):
        return "一个是公开版，一个是内部版", "one is public, the other internal"
    return None


def _figures_of(project: str | Path, year: str, *, public: bool) -> dict[str, Any]:
    """Figures of a year's tables, by today's method, streets and outlines, as they would be published."""
    from cfmap.publish.figures import content
    from cfmap.publish.public import public as strip

    if not year.isdigit() or int(year) not in editions_of(project):
        raise ConfigError(fault("E147", file=CONFIG_NAME, column="edition.editions", old=year))
    edition = compute(read_inputs(project, year=int(year)), public=public)
    return {record["id"]: record for record in content(strip(edition)[0] if public else edition)["indicators"]}
