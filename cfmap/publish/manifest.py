"""What is an edition made of, and what came out?"""

from __future__ import annotations

import contextlib
import hashlib
import json
import platform
from functools import cache
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any

from cfmap.model.city import CONFIG_NAME
from cfmap.model.edition import Written
from cfmap.publish import clock, files, fingerprint, pointer
from cfmap.publish.public import source_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from cfmap.model.edition import Edition

NAME = "manifest.json"
AMENDED = "events"  # what a version says that differs from the one before in its events alone
PACKAGES = (
    "fiona",
    "folium",
    "geopandas",
    "networkx",
    "numba",
    "numpy",
    "osmium",
    "osmnx",
    "pandas",
    "pyarrow",
    "pyogrio",
    "pyproj",
    "scipy",
    "shapely",
    "typst",
    "xlsxwriter",
)


def written(folder: Path, paths: Iterable[Path]) -> tuple[Written, ...]:
    """Make records of files in a version's folder, by name."""
    return tuple(Written(p.relative_to(folder), files.sha256(p), p.stat().st_size) for p in sorted(paths))


def manifest(edition: Edition, outputs: Iterable[Written], *, version: int, started: datetime, finished: datetime) -> dict[str, Any]:
    """
    Everything needed to build the edition again and to prove that its files are unchanged.

    Input paths are relative to the project, in a public edition who handed it in stands in their place; no name of a computer or person is in it.
    """
    city = edition.city
    base = city.basemap
    content = fingerprint.content(edition).record()
    names = source_names(edition) if edition.public else {}
    settings = city.root / CONFIG_NAME
    settings_bytes = settings.read_bytes() if settings.is_file() else city.model_dump_json(exclude={"root"}).encode()
    return {
        "edition": edition.year,
        "version": pointer.name(version),
        "city": city.name,
        "city_en": city.city.name_en,
        "demo": city.city.demo,
        "note": "演示数据，不代表任何真实地方" if city.city.demo else "",
        "audience": "public" if edition.public else "internal",
        "cfmap": tool_version(),
        "python": platform.python_version(),
        "packages": packages(),
        "content": content,
        "basis": basis(edition, content["parts"]),
        "settings_sha256": hashlib.sha256(settings_bytes).hexdigest(),
        "inputs": [{"path": names.get(i.path, i.path), "sha256": i.sha256, "rows": i.rows, "datum": i.datum} for i in _distinct(edition)],
        "outputs": outputs_of(outputs),
        "counts": counts(edition),
        "network": {key: value if isinstance(value, (int, float, str, bool, type(None))) else str(value) for key, value in edition.network_summary.items()},
        "attribution": edition.basemap.attribution,
        **({"pictures": {"tiles": base.tiles, "datum": "gcj02" if base.tiles == "amap" else "wgs84", "licence": base.tiles_licence}} if base.tiles else {}),
        "started": clock.stamp(started),
        "finished": clock.stamp(finished),
    }


def basis(edition: Edition, parts: Mapping[str, str]) -> dict[str, Any]:
    """What the figures rest on besides the sites, so that a later edition can say why a number is another one; `parts` of the content's digests."""
    city = edition.city
    rules = {f"layers.{key}.coverage": data.layer.coverage or "" for key, data in sorted(edition.layers.items())}
    settings = {f"walking.{key}": value for key, value in city.walking.model_dump(mode="json").items()}
    return {
        "method": {"cfmap": tool_version(), "crs.metres": city.crs.metres, "network.buffer_m": city.network.buffer_m, **settings, **rules},
        "boundary": [parts["boundary"], parts["towns"]],
        "streets": digest_of(edition, city.network.source),
        "people": people_of(edition),
    }


def digest_of(edition: Edition, source: str) -> str:
    """Digest of an input file by its path in the settings; empty when there is none."""
    path = source.replace("{year}", str(edition.year))
    return next((i.sha256 for i in edition.inputs if i.path == path), "")


def people_of(edition: Edition) -> str:
    """Digests of the files that people come from, the one that counts them (table, or raster where there is none) first; empty without people."""
    section = edition.city.population
    return "".join(digest_of(edition, getattr(section, name)) for name in ("table", "buildings", "raster", "totals"))


def outputs_of(written_files: Iterable[Written]) -> list[dict[str, Any]]:
    """Files as the manifest names them."""
    return [{"path": w.path.as_posix(), "sha256": w.sha256, "bytes": w.bytes} for w in written_files]


def counts(edition: Edition) -> dict[str, Any]:
    """Rows of every table, figures that the next version is compared with, and records by code."""
    codes: dict[str, int] = {}
    for record in edition.faults:
        codes[record.code] = codes.get(record.code, 0) + 1
    return {
        "sites": {key: len(data.sites) for key, data in edition.layers.items()},
        "unlocated": {key: len(data.unlocated) for key, data in edition.layers.items()},
        "rows_dropped": {key: data.rows_dropped for key, data in edition.layers.items()},
        "coverage": {
            c.key: {"sites": len(c.sites), "streets": len(c.streets), "catchment": len(c.catchment), "reached_km": round(_reached_km(c.streets), 3)}
            for c in edition.coverages
        },
        "perimeter": 0 if edition.perimeter is None else len(edition.perimeter),
        **({} if edition.walking_bus is None else {"walking_bus": {"lines": len(edition.walking_bus.lines), "stops": len(edition.walking_bus.stops)}}),
        "indicators": {i.id: i.value for i in edition.indicators if i.id.startswith("coverage.")},
        "faults": dict(sorted(codes.items())),
    }


def dump(content: dict[str, Any]) -> bytes:
    """As UTF-8 JSON that people can read."""
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def read(folder: Path) -> dict[str, Any] | None:
    """Manifest of a version; None where there is none or it cannot be read."""
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def complete(folder: Path) -> bool:
    """Whether a version holds exactly the files that its manifest names, with those hashes."""
    content = read(folder)
    if content is None:
        return False
    named = {o["path"]: o["sha256"] for o in content["outputs"]}
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {NAME}
    return there == set(named) and all(files.sha256(folder / path) == digest for path, digest in named.items())


def _distinct(edition: Edition) -> list[Any]:
    found = {(i.path, i.sha256): i for i in edition.inputs}
    return [found[key] for key in sorted(found)]


def _reached_km(streets: Any) -> float:
    return float((streets["to_m"] - streets["from_m"]).sum()) / 1000.0 if len(streets) else 0.0


def tool_version() -> str:
    """Version of cfmap; asked when needed, since the package's front page names rooms that stand above this one."""
    return str(import_module("cfmap").__version__)


@cache
def packages() -> dict[str, str]:
    """Versions of the libraries that shape the outputs; those not installed are left out."""
    found = {}
    for name in PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found
