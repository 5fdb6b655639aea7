"""The yearly round: last year's rows go out to the departments for the next year, and what has come back is listed."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cfmap.intake import earlier, handed_out, progress, roll_book
from cfmap.intake.handed_out import Given
from cfmap.intake.layer import load_layer
from cfmap.intake.reader import read_table
from cfmap.model import CfmapError, City, ConfigError, InputError, fault, find_layers, load_city
from cfmap.model.city import CONFIG_NAME

if TYPE_CHECKING:
    from cfmap.model import Fault, Layer, LayerData
    from cfmap.model.city import Source
    from cfmap.model.messages import Lang


@dataclass(frozen=True)
class _Part:
    """Sites of one source that go out again, and where the source stands in the settings."""

    layer: Layer
    source: Source
    number: int
    data: LayerData


@dataclass(frozen=True)
class Handed:
    """
    What was handed out.

    Attributes
    ----------
    year, former
        For which year, from which.
    files
        Workbooks, one for each department.
    rows
        Rows in each.
    apart
        Files of lines and areas that GIS people hand in as ever: department, layer's title, path.
    left_out
        Rows of last year that were faulty and are not handed out again.
    progress
        The workbook of who has handed in.
    settings
        Whether ``cfmap.toml`` was changed.
    data_date
        What the settings still say, to be looked at.
    """

    year: int
    former: int
    files: tuple[Path, ...]
    rows: tuple[int, ...]
    apart: tuple[tuple[str, str, str], ...]
    left_out: int
    progress: Path
    settings: bool
    data_date: str = ""

    def summary(self, lang: Lang) -> str:
        """What was written and what comes next."""
        zh = lang == "zh"
        lines = [f"  {path}  {count} {'行' if zh else 'rows'}" for path, count in zip(self.files, self.rows, strict=True)]
        head = f"{self.year} 年的核对表 {len(self.files)} 本，已填好 {self.former} 年的数据："
        head_en = f"{len(self.files)} workbooks for {self.year}, filled in with {self.former}:"
        lines.insert(0, head if zh else head_en)
        if self.left_out:
            lines.append(f"上年有错、没有进入那一版的 {self.left_out} 行不在里面。" if zh else f"{self.left_out} faulty rows of last year are not in them.")
        if self.apart:
            named = "、".join(dict.fromkeys(path for _, _, path in self.apart))
            lines.append(f"线和面照旧用 GIS 文件交：{named}" if zh else f"Lines and areas come as GIS files, as ever: {named}")
        if self.settings:
            lines.append(f"{CONFIG_NAME} 已改为 {self.year} 年。" if zh else f"{CONFIG_NAME} now says {self.year}.")
            if self.data_date:
                lines.append(
                    f"请自己改数据截止日期，现在是 {self.data_date}。" if zh else f"Please set the date of the data yourself; it still is {self.data_date}."
                )
        else:
            lines.append(f"{CONFIG_NAME} 没有动；要程序来改，加 --settings。" if zh else f"{CONFIG_NAME} is as it was; with --settings the program changes it.")
        lines.append(f"收件进度：{self.progress}" if zh else f"Progress: {self.progress}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Progress:
    """Who has handed in."""

    year: int
    lines: tuple[progress.Line, ...]
    workbook: Path
    counts: dict[str, int] = field(default_factory=dict)

    def summary(self, lang: Lang) -> str:
        """How many files are back, and which are not."""
        files = {line.file: line for line in self.lines}
        still = [line for line in files.values() if line.state != "returned"]
        zh = f"{self.year} 年：{len(files)} 份文件，已交回 {len(files) - len(still)} 份。"
        en = f"{self.year}: {len(files)} files, {len(files) - len(still)} returned."
        if still:
            named = "、".join(f"{line.department}（{line.file}）" for line in still)
            zh, en = f"{zh}\n还没有交回：{named}", f"{en}\nStill out: {named}"
        return f"{zh}\n收件进度：{self.workbook}" if lang == "zh" else f"{en}\nProgress: {self.workbook}"


def roll(project: str | Path = ".", *, year: int, former: int, settings: bool = False) -> Handed:
    """
    Write one workbook for each department, filled in with the rows that the edition of `former` accepted.

    Parameters
    ----------
    project
        Folder of the city project.
    year, former
        For which edition, from which.
    settings
        Also change ``cfmap.toml``: the year, the list of editions, and of every layer the source that reads the new workbook
        from `year` on; what stood there reads the editions up to `former`. Comments and layout stay.

    Returns
    -------
    handed
        Files written: ``data/<year>/<department>_<year>.xlsx``, a record of each in ``data/<year>/发放底稿``, and the workbook of who
        has handed in.

    Raises
    ------
    ConfigError
        E121 no such edition; E287 `year` is not later; E288 a workbook is there already: nothing is written then.
    InputError, SafetyRefusal
        Last year's files cannot be read as they are.
    """
    city = load_city(project)
    known = city.edition.editions or (city.edition.year,)
    if former not in known:
        raise ConfigError(fault("E121", year=former, known="、".join(map(str, known))))
    if year <= former:
        raise ConfigError(fault("E287", year=year, former=former))
    layers = find_layers(city)
    parts, apart = _parts(city, layers, former)
    folder = city.root / "data" / str(year)
    pages = _pages(parts)
    targets = {department: folder / f"{_file_name(department)}_{year}.xlsx" for department in pages}
    there = [p for target in targets.values() for p in (target, handed_out.record_path(target)) if p.exists()]
    if there:
        raise ConfigError([fault("E288", file=city.relative(p)) for p in there])
    changed = _settings(city, pages, parts, targets, year=year, former=former) if settings else None
    _write(city, pages, targets, _used(city, parts, former), year=year, former=former)
    if changed is not None:
        _replace(city.root / CONFIG_NAME, changed.encode())
    after = load_city(city.root)
    told = list_progress(after.root, year=year)
    rows = tuple(sum(len(page.rows) for page in pages[department]) for department in targets)
    left_out = sum(part.data.rows_dropped for part in parts)
    date = city.edition.data_date.isoformat() if city.edition.data_date else ""
    return Handed(year, former, tuple(targets.values()), rows, tuple(apart), left_out, told.workbook, settings, date)


def list_progress(project: str | Path = ".", *, year: int | None = None) -> Progress:
    """
    Look at what has come back for a year and write ``output/收件进度_<year>.xlsx``; replaced each time.
    """
    city = load_city(project)
    chosen = city.edition.year if year is None else year
    found = progress.lines(city, find_layers(city), year=chosen)
    path = city.root / "output" / f"收件进度_{chosen}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, progress.workbook(found, city=city.name, year=chosen))
    return Progress(chosen, tuple(found), path)


# -- last year -----------------------------------------------------------------------------------------------------


def _parts(city: City, layers: dict[str, Layer], year: int) -> tuple[list[_Part], list[tuple[str, str, str]]]:
    """Sources whose rows a workbook can hold, read one by one; and those that it cannot: lines, areas, sites known by their areas."""
    parts: list[_Part] = []
    apart: list[tuple[str, str, str]] = []
    stopped: list[Fault] = []
    for key, layer in layers.items():
        for number, source in enumerate(city.layers[key].sources if key in city.layers else ()):
            if not source.path or not source.holds(year):
                continue
            named = (_department(source), layer.title, source.path)
            if layer.geometry != "Point":
                apart.append(named)
                continue
            alone = city.layers[key].model_copy(update={"sources": (source,)})
            try:
                data = load_layer(layer, city.model_copy(update={"layers": {key: alone}}), year=year)
                data, _ = earlier.with_kept_ids({key: data}, city, year)[key]
            except ConfigError:
                raise
            except CfmapError as error:
                stopped += error.faults
                continue
            if len(data.footprints):
                apart.append(named)
            else:
                parts.append(_Part(layer, source, number, data))
    if stopped:
        raise InputError(stopped)
    return parts, apart


def _department(source: Source) -> str:
    return source.lead_unit or Path(source.path).stem.replace("{year}", "").strip("_ ") or "部门"


def _file_name(department: str) -> str:
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", department).strip(". ")[:60] or "部门"


def _pages(parts: list[_Part]) -> dict[str, list[roll_book.Page]]:
    """Department -> its sheets; several sources of one layer become one sheet."""
    grouped: dict[str, dict[str, list[_Part]]] = {}
    for part in parts:
        grouped.setdefault(_department(part.source), {}).setdefault(part.layer.key, []).append(part)
    return {department: [_page(same) for same in of.values()] for department, of in grouped.items()}


def _page(same: list[_Part]) -> roll_book.Page:
    rows = [row for part in same for row in roll_book.rows_of(part.data, source=part.source)]
    return roll_book.Page(same[0].layer, roll_book.new_datum(same[0].source.datum), tuple(rows))


def _used(city: City, parts: list[_Part], former: int) -> dict[str, set[str]]:
    """Layer -> every id that a site of it has or had, as far as records go back."""
    used: dict[str, set[str]] = {}
    for part in parts:
        used.setdefault(part.layer.key, set()).update(part.data.sites["id"].astype(str), part.data.unlocated["id"].astype(str))
    for page in handed_out.of_year(city.root / "data" / str(former)):
        used.setdefault(page.layer, set()).update(page.used, page.rows)
    return used


# -- writing -------------------------------------------------------------------------------------------------------


def _write(city: City, pages: dict[str, list[roll_book.Page]], targets: dict[str, Path], used: dict[str, set[str]], *, year: int, former: int) -> None:
    """Make all of it beside its place, read it back for the records, then put it there without overwriting anything."""
    folder = city.root / "data" / str(year)
    (folder / handed_out.FOLDER).mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".cfmap-roll-", dir=folder.parent))
    put: list[Path] = []
    try:
        for department, target in targets.items():
            draft = made / target.name
            draft.write_bytes(roll_book.workbook(pages[department], city=city.name, department=department, year=year, former=former))
            given = [_given(page, draft, department, city.relative(target), used, year) for page in pages[department]]
            for path, content in ((target, draft.read_bytes()), (handed_out.record_path(target), handed_out.text_of(given).encode())):
                with path.open("xb") as stream:
                    put.append(path)
                    stream.write(content)
    except BaseException:
        for path in put:
            path.unlink(missing_ok=True)
        raise
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _given(page: roll_book.Page, draft: Path, department: str, file: str, used: dict[str, set[str]], year: int) -> Given:
    """The record of a sheet, of the cells as they are read."""
    headers = tuple(roll_book.headers(page))
    rows: dict[str, tuple[str, ...]] = {}
    if page.rows:
        table = read_table(draft, known_headers=headers, sheet=page.title, file=file)
        rows = {cells[0]: tuple(cells) for cells in table.rows}
    return Given(department, page.layer.key, year, file, page.title, page.datum, headers, rows, tuple(sorted(used[page.layer.key])))


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        part.chmod(path.stat().st_mode if path.exists() else 0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


# -- settings ------------------------------------------------------------------------------------------------------


def _settings(city: City, pages: dict[str, list[roll_book.Page]], parts: list[_Part], targets: dict[str, Path], *, year: int, former: int) -> str:
    """The text of ``cfmap.toml`` for the new edition, everything else as it was; checked before anybody sees it."""
    import tomlkit

    text = (city.root / CONFIG_NAME).read_bytes().decode("utf-8-sig")
    document: Any = tomlkit.parse(text)
    edition = document["edition"]
    editions = [int(y) for y in edition.get("editions", [])] or [former]
    if year not in editions:
        if "editions" in edition:
            edition["editions"].append(year)
        else:
            edition["editions"] = [*editions, year]
    edition["year"] = year
    for department, of in pages.items():
        for page in of:
            mine = [p for p in parts if p.layer.key == page.layer.key and _department(p.source) == department]
            path = city.relative(targets[department])
            if any(p.source.path.replace("{year}", str(year)) == path and p.source.sheet == page.title for p in mine):
                continue  # last year's source reads this year's workbook too
            sources = document["layers"][page.layer.key]["sources"]
            for part in mine:
                sources[part.number]["until"] = former
            pattern = path.replace(f"/{year}/", "/{year}/").replace(f"_{year}.xlsx", "_{year}.xlsx")
            unit = {"lead_unit": department} if mine[0].source.lead_unit else {}
            new = {"path": pattern, "sheet": page.title, "datum": page.datum, **unit, "since": year}
            spelled = ", ".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in new.items())
            sources.append(tomlkit.parse(f"new = {{ {spelled} }}")["new"])
            sources.multiline(multiline=True)
    changed = re.sub(r"(until = \d+)\}", r"\1 }", tomlkit.dumps(document))
    City.model_validate({**tomllib.loads(changed), "root": city.root})
    return changed


__all__ = ["Handed", "Progress", "list_progress", "roll"]
