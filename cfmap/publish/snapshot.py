"""What does a published edition say, for comparing it with another?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd

from cfmap.indicators.diff import Snapshot
from cfmap.model.errors import ConfigError, SelfCheckError
from cfmap.model.messages import fault
from cfmap.publish import dictionary, figures, files, fingerprint, manifest, published, site_package, tables

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.model.edition import Edition
    from cfmap.publish.published import Published

UNLOCATED = "unlocated"
NO_SITES = ("layer_styles", dictionary.NAME)
_NONE = pd.DataFrame({"layer": [], "id": [], "geometry": []})


def of(folder: Path) -> tuple[Snapshot, Published]:
    """
    The edition that the pointer in a folder leads to, from its own files alone.

    Parameters
    ----------
    folder
        Of the edition (``output/2024``).

    Raises
    ------
    ConfigError
        E145: nothing is published there.
    SelfCheckError
        E604: a file is not the one that was published.
    """
    edition = published.find(folder)
    if edition is None:
        raise ConfigError(fault("E145", folder=str(folder)))
    records = json.loads(_file(edition, figures.NAME).read_bytes())["indicators"]
    return Snapshot(
        name=str(edition.about["edition"]),
        sites=_sites(_file(edition, site_package.NAME)),
        figures={record["id"]: record for record in records},
        basis=edition.about.get("basis", {}),
    ), edition


def of_edition(edition: Edition) -> Snapshot:
    """An edition in the making, as :func:`of` will read it when it is published."""
    found = [tables.sites(data, edition).assign(layer=key) for key, data in edition.layers.items()]
    found = [pd.DataFrame(t).astype(object) for t in (*found, tables.unlocated(edition)) if len(t)]
    sites = pd.concat([t.assign(geometry=t.get("geometry")) for t in found], ignore_index=True) if found else _NONE
    records = figures.content(edition)["indicators"]
    basis = json.loads(json.dumps(manifest.basis(edition, fingerprint.content(edition).record()["parts"])))
    return Snapshot(str(edition.year), sites, {record["id"]: record for record in records}, basis)


def _file(edition: Published, name: str) -> Path:
    path = edition.file(name)
    digest = next((o["sha256"] for o in edition.about["outputs"] if o["path"] == name), None)
    if path is None or files.sha256(path) != digest:
        raise SelfCheckError(fault("E604", name=f"{edition.folder.name}/{edition.place.parent.name}/{edition.place.name}/{name}"))
    return path


def _sites(package: Path) -> pd.DataFrame:
    """Tables of all layers below each other; a whole number stays one where others in its column are missing."""
    import pyogrio

    found = []
    for name, _ in pyogrio.list_layers(package):
        if name in NO_SITES:
            continue
        table = pd.DataFrame(pyogrio.read_dataframe(package, layer=name))
        information = pyogrio.read_info(package, layer=name)
        for column, dtype in zip(information["fields"], information["dtypes"], strict=True):
            kind = "Int64" if dtype.startswith("int") else "boolean" if dtype == "bool" else None
            table[column] = table[column].astype(kind).astype(object) if kind else table[column].astype(object)
        if name != UNLOCATED:
            table["layer"] = name
        if len(table):
            found.append(table.assign(geometry=table.get("geometry")))
    return pd.concat(found, ignore_index=True) if found else _NONE
