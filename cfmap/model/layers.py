"""Which layers a city has: its own files in ``layers/``, installed packs, the standard ones, and declarations in ``cfmap.toml``."""

from __future__ import annotations

import difflib
import hashlib
import importlib.util
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from cfmap.model.city import CONFIG_NAME, setting_line
from cfmap.model.errors import ConfigError
from cfmap.model.layer import GROUPS, Field, Layer, OsmTags
from cfmap.model.messages import Fault, fault
from cfmap.model.schema import SITE_COLUMNS, SITE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

    from cfmap.model.city import City, LayerSection

ENTRY_POINTS = "cfmap.layers"


def find_layers(city: City, *, packs: bool = True) -> dict[str, Layer]:
    """
    All layers of a city, in display order.

    Layers come from four places, the first that declares a key wins: the city's own files in ``layers/``, installed
    packs, the standard layers that every city has, and whole declarations in ``cfmap.toml``. A layer with settings
    ``enabled = false`` is left out. Order: group (:data:`cfmap.model.layer.GROUPS`), then the order of the settings,
    then file name.

    Raises
    ------
    ConfigError
        Broken files (named, with the error), a key declared twice, settings for a layer nobody declares,
        inconsistent declarations: all of them together.
    """
    faults: list[Fault] = []
    found: dict[str, Layer] = {}
    own = city.root / "layers"
    for layer in _from_folder(own, faults, "layers"):
        if layer.key in found:
            faults.append(fault("E111", key=layer.key, first=found[layer.key].path, second=layer.path))
        found.setdefault(layer.key, layer)
    for layer in _from_packs(faults) if packs else ():
        found.setdefault(layer.key, layer)
    standard = standard_folder()
    for layer in _from_folder(standard, faults, "cfmap/_layers") if standard.resolve() != own.resolve() else ():
        found.setdefault(layer.key, layer)
    for key, section in city.layers.items():
        if key in found and section.title:
            faults.append(fault("E111", file=CONFIG_NAME, key=key, first=found[key].path, second=CONFIG_NAME))
        elif key not in found and section.title:
            found[key] = _declared(key, section)
        elif key not in found:
            near = difflib.get_close_matches(key, found, n=1)
            faults.append(fault("E112", file=CONFIG_NAME, column=f"layers.{key}", key=key, known="、".join(sorted(found)), nearest="".join(near) or "-"))
    for layer in found.values():
        faults += [fault("E113", file=layer.path or CONFIG_NAME, key=layer.key, detail=d) for d in _inconsistencies(layer)]
    if faults:
        raise ConfigError(faults)
    wanted = [layer for key, layer in found.items() if key not in city.layers or city.layers[key].enabled]
    groups, settings = list(GROUPS), list(city.layers)
    wanted.sort(key=lambda layer: (groups.index(layer.group), settings.index(layer.key) if layer.key in settings else len(settings)))
    return {layer.key: layer for layer in wanted}


def standard_layers() -> dict[str, Layer]:
    """The layers every city has, before any project's own."""
    faults: list[Fault] = []
    layers = {layer.key: layer for layer in _from_folder(standard_folder(), faults, "cfmap/_layers")}
    if faults:
        raise ConfigError(faults)
    return layers


def standard_folder() -> Path:
    """Where the standard layers are: in the installed package, or beside it in a checkout; one source of truth."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_layers"
    return installed if installed.is_dir() else package.parent / "layers"


def _from_folder(folder: Path, faults: list[Fault], shown: str) -> Iterator[Layer]:
    for path in sorted(folder.glob("*.py")):
        if path.name.startswith("_"):
            continue
        try:
            module = _load(path)
        except Exception as error:  # noqa: BLE001 - whatever a layer file does wrong is its author's to mend
            faults.append(fault("E110", path=f"{shown}/{path.name}", detail=f"{type(error).__name__}: {error}"))
            continue
        yield from _layers_of(module, f"{shown}/{path.name}")


def _from_packs(faults: list[Fault]) -> Iterator[Layer]:
    for entry in metadata.entry_points(group=ENTRY_POINTS):
        try:
            module = entry.load()
        except Exception as error:  # noqa: BLE001 - see above
            faults.append(fault("E110", path=entry.value, detail=f"{type(error).__name__}: {error}"))
            continue
        yield from _layers_of(module, entry.value)


def _load(path: Path) -> ModuleType:
    # the name comes from the path, so that two cities in one process never get each other's layers
    digest = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
    name = f"_cfmap_layers_{digest}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        msg = f"cannot import {path.name}"
        raise ImportError(msg)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def check_public_columns(city: City, layers: Mapping[str, Layer]) -> None:
    """
    Refuse names in ``publish.public_columns`` that no layer declares public: the list narrows what leaves, it never widens it.

    Raises
    ------
    ConfigError
        E114 for every such name, with its line.
    """
    listed = city.publish.public_columns
    if listed == "default":
        return
    public = {f.key for f in (*SITE_FIELDS, *(f for layer in layers.values() for f in layer.fields)) if f.public}
    row = setting_line(city.root, "publish", "public_columns")
    lost = [name for name in listed if name not in public]
    if lost:
        column, known = "publish.public_columns", "、".join(sorted(public))
        raise ConfigError([fault("E114", file=CONFIG_NAME, row=row, column=column, value=name, known=known) for name in lost])


def _layers_of(module: ModuleType, path: str) -> Iterator[Layer]:
    from dataclasses import replace

    for value in vars(module).values():
        if isinstance(value, Layer):
            yield replace(value, path=path)


def _declared(key: str, section: LayerSection) -> Layer:
    fields = tuple(
        Field(k, f.title, f.title_en or k, kind=f.kind, unit=f.unit, vocabulary=f.vocabulary, synonyms=f.synonyms, public=f.public)
        for k, f in section.fields.items()
    )
    osm = tuple(OsmTags(having=tuple((k, () if v == "*" else tuple(v.split("|"))) for k, v in rule.items())) for rule in section.osm)
    return Layer(
        key=key,
        title=section.title,
        title_en=section.title_en or key,
        icon=section.icon,
        colour=section.colour,
        geometry=section.geometry,
        group=section.group,
        fields=fields,
        osm=osm,
        coverage=section.coverage or None,
        description=section.description,
        description_en=section.description_en,
        source=section.policy,
        path=CONFIG_NAME,
    )


def _inconsistencies(layer: Layer) -> Iterator[str]:
    if not layer.key.isidentifier() or layer.key != layer.key.lower():
        yield f"key {layer.key!r} is not lower-case ASCII with underscores"
    if not layer.title or not layer.title_en:
        yield "title and title_en are needed"
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", layer.colour):  # it becomes part of the page's style
        yield f"colour {layer.colour!r} is not written as #rrggbb"
    keys = [f.key for f in layer.fields]
    for key in {k for k in keys if keys.count(k) > 1}:
        yield f"field {key!r} stands twice"
    for key in set(keys) & {*SITE_COLUMNS, "geometry"}:
        yield f"field {key!r} is already a column of every layer"
    for f in layer.fields:
        if f.kind == "choice" and not f.vocabulary:
            yield f"field {f.key!r} is a choice without a vocabulary"
