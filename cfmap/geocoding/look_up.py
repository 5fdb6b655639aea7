"""Where are the sites that have no coordinates: each address asked once, answers judged, a workbook to review."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from cfmap.geocoding.answers import Answers, Candidate
from cfmap.geocoding.catalogue import SERVICES
from cfmap.geocoding.review import REVIEW, Row, write_review
from cfmap.geocoding.sendable import may_be_sent
from cfmap.intake import datum as datums
from cfmap.intake import load_layer, read_outline
from cfmap.model import ConfigError, EnvironmentFault, fault, find_layers, load_city
from cfmap.network.overpass import Patience, host_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from cfmap.geocoding.catalogue import Service
    from cfmap.model import City, Fault, Layer
    from cfmap.model.messages import Lang

    Progress = Callable[[int, int, str, str], None]

LOG = "geocode.log.jsonl"
WIDE_M = 500.0  # candidates farther apart than this leave doubt about the first
_EARTH_M = 6_371_008.8


@dataclass(frozen=True)
class Site:
    """A site without coordinates, and the words that are sent for it (empty: nothing is)."""

    layer: Layer
    id: str
    name: str
    town: str
    address: str
    source: str
    query: str


@dataclass
class Outcome:
    """What a run found: rows of the workbook, counts, and what to tell."""

    workbook: Path
    rows: list[Row] = field(default_factory=list)
    kept_back: int = 0
    faults: list[Fault] = field(default_factory=list)

    def record(self) -> dict[str, Any]:
        """As data, for ``--json``."""
        return {"sites": len(self.rows), "kept_back": self.kept_back, **self.counts(), "faults": [f.record() for f in self.faults]}

    def counts(self) -> dict[str, int]:
        """Rows by how sure they are; 没有 = nothing found."""
        grades = [r.grade or "没有" for r in self.rows]
        return {grade: grades.count(grade) for grade in ("高", "中", "低", "没有")}

    def summary(self, lang: Lang) -> str:
        """What was found and what to do next."""
        n = self.counts()
        zh = f"没有坐标的点位 {len(self.rows)} 处：可信度高 {n['高']}，中 {n['中']}，低 {n['低']}，没查到 {n['没有']}；没拿去查 {self.kept_back}。"
        en = f"{len(self.rows)} sites without coordinates: sure {n['高']}, fair {n['中']}, poor {n['低']}, not found {n['没有']}; not sent {self.kept_back}."
        if not self.rows:
            return zh if lang == "zh" else en
        zh += f"\n核对：{self.workbook}\n在“采用?”列选好、保存、关闭，再运行 cfmap geocode --accept。数据还没有任何改动。"
        en += f"\nReview: {self.workbook}\nChoose in the first column, save, close, then run cfmap geocode --accept. No data have changed yet."
        return zh if lang == "zh" else en


def geocode(
    project: str | Path = ".",
    *,
    backend: str,
    layers: Iterable[str] = (),
    year: int | None = None,
    out: Path | None = None,
    patience: Patience | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """
    Ask a map service where the sites without coordinates are, and write ``output/geocode.xlsx`` to be reviewed.

    Nothing under ``data/`` changes. Answers are kept in ``.cache/geocode`` one by one, so a run that ends early, for whatever reason,
    loses none; the workbook then holds what is known.

    Parameters
    ----------
    project
        Folder of the city project.
    backend
        ``"tianditu"``, ``"amap"`` or ``"nominatim"``; keys from the environment variables that :data:`SERVICES` names.
    layers
        Keys of the layers to look at; all when empty.
    year, out
        Edition and output folder, as for a build.
    patience
        Limits and clock; by default five tries a question and ``geocoding.minutes`` for everything.
    progress
        Called with (done, all, 中文, English).

    Returns
    -------
    outcome
        With one row for each site that was asked about.

    Raises
    ------
    ConfigError
        E431 no key, E112 no such layer.
    EnvironmentFault
        E430 geopy is missing, E432 the key is refused, E433 quota, E434 no answer, E435 sent elsewhere, E438 out of time.
    InputError, SafetyRefusal
        A table cannot be read as it is.
    """
    city = load_city(project)
    service, url, key = _service(city, backend)
    try:
        from cfmap.geocoding.services import Asked, look_up
    except ImportError:
        raise EnvironmentFault(fault("E430")) from None

    chosen = city.edition.year if year is None else year
    everything = list(sites_without_coordinates(city, chosen, layers))
    folder = out or city.root / "output"
    outcome = Outcome(folder / REVIEW, kept_back=sum(not s.query for s in everything))
    if outcome.kept_back:
        outcome.faults.append(fault("W432", count=outcome.kept_back))
    wanted = [s for s in everything if s.query]
    answers = Answers(city.root / ".cache" / "geocode", service=service.name, url=url)
    patience = patience or Patience(total_seconds=city.geocoding.minutes * 60)
    asked = Asked(service, url, key, patience)
    places = _Places.of(city)
    log = _Log(folder / LOG, service.name, host_of(url), secret=key)
    last: float | None = None

    def ask(site: Site) -> list[Candidate]:
        nonlocal last
        wait = 0.0 if last is None else max(0.0, service.pause_s - (patience.now() - last))
        if patience.left() <= wait:
            raise EnvironmentFault(fault("E438", value=host_of(url), minutes=f"{patience.total_seconds / 60:g}"))
        if wait:
            patience.sleep(wait)
        try:
            found: list[Candidate] = patience.persist(lambda: look_up(site.query, asked), host=host_of(url))
        except EnvironmentFault as error:
            raise _in_our_words(error, service) from None
        finally:
            last = patience.now()
        return found

    try:
        for number, site in enumerate(wanted):
            if progress:
                progress(number, len(wanted), f"查地址 {site.name}", f"looking up {site.name}")
            kept = answers.get(site.query)
            found = ask(site) if kept is None else kept
            if kept is None:
                answers.keep(site.query, found)
            log.write(site.id, "kept" if kept is not None else "found" if found else "nothing", len(found))
            outcome.rows.append(_row(site, found, service, places))
    except EnvironmentFault as error:
        log.write("", "stopped " + error.faults[0].code, 0)
        raise
    finally:
        outcome.faults += answers.faults
        if wanted:
            write_review(outcome.workbook, outcome.rows, city_name=city.name, service=service)
    return outcome


def sites_without_coordinates(city: City, year: int, layers: Iterable[str] = ()) -> Iterable[Site]:
    """
    Sites of point layers that have no position, from tables alone; what may not be sent has an empty `query`.

    Raises
    ------
    ConfigError
        E112 for a layer that is not there.
    """
    known = find_layers(city)
    for wanted in layers:
        if wanted not in known:
            raise ConfigError(fault("E112", key=wanted, known="、".join(sorted(known)), nearest="-"))
    for key, layer in known.items():
        section = city.layers.get(key)
        if section is None or layer.geometry != "Point" or (layers and key not in layers):
            continue
        tables = section.model_copy(update={"sources": tuple(s for s in section.sources if s.path)})
        without_osm = city.model_copy(update={"layers": city.layers | {key: tables}})
        if tables.sources:
            for record in load_layer(layer, without_osm, year=year).unlocated.to_dict("records"):
                yield _site(layer, record, city.city.name)


def _site(layer: Layer, record: Mapping[Any, Any], city_name: str) -> Site:
    name, town, address = (str(record[k] or "").strip() for k in ("name", "town", "address"))
    said = address or name
    words = said if town and town in said else town + said
    words = words if city_name in words else city_name + words
    query = words if said and may_be_sent(said) and may_be_sent(name) else ""
    return Site(layer, str(record["id"]), name, town, address, str(record["source"] or ""), query)


def _service(city: City, backend: str) -> tuple[Service, str, str]:
    service = SERVICES[backend]
    key = os.environ.get(service.key_variable, "").strip() if service.key_variable else ""
    if service.key_variable and not key:
        raise ConfigError(fault("E431", service=service.title, service_en=service.title_en, variable=service.key_variable))
    return service, city.geocoding.url or service.url, key


def _in_our_words(error: EnvironmentFault, service: Service) -> EnvironmentFault:
    """The record of :class:`Patience` speaks of streets."""
    record = error.faults[0]
    if record.code != "E344":
        return error
    return EnvironmentFault(fault("E434", value=record.value, service=service.title, service_en=service.title_en, **record.facts))


# -- judging -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Places:
    """Where the city and its towns are, WGS84; None and empty where the project does not say."""

    outline: BaseGeometry | None
    towns: dict[str, BaseGeometry]

    @classmethod
    def of(cls, city: City) -> _Places:
        def read(relative: str) -> gpd.GeoDataFrame | None:
            return read_outline(city.path(relative), datum=city.boundary.datum, city=city) if relative else None

        outline, towns = read(city.boundary.city), read(city.boundary.towns)
        named = {} if towns is None else dict(zip(towns["name"].astype(str), towns.geometry, strict=True))
        return cls(None if outline is None else outline.union_all(), named)


def _row(site: Site, found: list[Candidate], service: Service, places: _Places) -> Row:
    if not found:
        return Row(site.layer.title, site.id, site.name, site.town, site.address, site.source, service=service.name, note="没查到")
    from shapely import Point

    first = found[0]
    x, y = datums.convert(np.array([c.lon for c in found]), np.array([c.lat for c in found]), source=service.datum, target="wgs84")
    here = Point(float(x[0]), float(y[0]))
    grade, notes = first.grade, []
    apart = max(_metres(x[0], y[0], a, b) for a, b in zip(x, y, strict=True))
    if apart > WIDE_M:
        grade, notes = _at_most(grade, "中"), [f"有 {len(found)} 个候选，最远相差 {apart / 1000:.1f} 公里"]
    if not site.address:
        grade, notes = _at_most(grade, "中"), [*notes, "没有地址，按名称查的"]
    town = places.towns.get(site.town)
    if places.outline is not None and not places.outline.intersects(here):
        grade, notes = "低", [*notes, "不在本市范围内"]
    elif town is not None and not town.intersects(here):
        grade, notes = _at_most(grade, "中"), [*notes, f"不在{site.town}范围内"]
    km = None if town is None else _metres(here.x, here.y, town.centroid.x, town.centroid.y) / 1000
    return Row(
        site.layer.title, site.id, site.name, site.town, site.address, site.source,
        first.address, first.lon, first.lat, service.datum, grade, first.level, km, "；".join(notes), service.name,
    )  # fmt: skip


def _at_most(grade: str, most: str) -> str:
    return max(grade, most, key="高中低".index)


def _metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Metres between two places on a sphere; good to 0.6 %."""
    a, b = np.radians([lat, other_lat])
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(other_lon - lon) / 2) ** 2
    return float(2 * _EARTH_M * np.arcsin(np.sqrt(half)))


class _Log:
    """A line for each question: when, whom, about which site, with what success. No key, no address."""

    def __init__(self, path: Path, service: str, host: str, *, secret: str) -> None:
        self.path, self.service, self.host, self.secret = path, service, host, secret

    def write(self, site: str, outcome: str, candidates: int) -> None:
        stamp = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds")
        line = json.dumps(
            {"time": stamp, "service": self.service, "host": self.host, "site": site, "outcome": outcome, "candidates": candidates}, ensure_ascii=False
        )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8", newline="\n") as file:
            file.write((line.replace(self.secret, "***") if self.secret else line) + "\n")


__all__ = ["Outcome", "geocode", "sites_without_coordinates"]
