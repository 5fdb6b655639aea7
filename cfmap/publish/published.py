"""Which files of an output folder may readers see? Those that a version's manifest names, and no others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from cfmap.model.errors import ConfigError, SafetyRefusal, SelfCheckError
from cfmap.model.messages import fault
from cfmap.publish import files, manifest, pointer

VERSIONS = "versions"
PUBLIC = "public"
INTERNAL_SUFFIX = "-internal"
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Published:
    """
    The version of an edition that readers see.

    Attributes
    ----------
    folder
        Folder of the edition (``output/2024``), which holds the pointer.
    version
        Its number.
    about
        Its manifest.
    """

    folder: Path
    version: int
    about: dict[str, Any]

    @property
    def place(self) -> Path:
        """Folder of this version's files."""
        return self.folder / VERSIONS / pointer.name(self.version)

    @property
    def public(self) -> bool:
        """Whether it was built for the public; what does not say so was not."""
        return self.about.get("audience") == PUBLIC

    @property
    def names(self) -> frozenset[str]:
        """Files of this version by their names in the manifest, the manifest included."""
        return frozenset(str(o["path"]) for o in self.about["outputs"]) | {manifest.NAME}

    def file(self, name: str) -> Path | None:
        """A file by its name in the manifest; None when it is not named there, is no plain file, or a link leads out of this version."""
        if name not in self.names or not _is_inside(name):
            return None
        path = self.place / name
        place = self.place.resolve()
        return path if path.is_file() and path.resolve() == place / name else None

    def page(self) -> bytes:
        """
        The page, unchanged since it was published.

        Raises
        ------
        SelfCheckError
            When it is missing or its bytes are not those of the manifest.
        """
        path = self.file(pointer.NAME)
        digest = next((o["sha256"] for o in self.about["outputs"] if o["path"] == pointer.NAME), None)
        if path is None or files.sha256(path) != digest:
            raise SelfCheckError(fault("E604", name=f"{self.folder.name}/{VERSIONS}/{pointer.name(self.version)}/{pointer.NAME}"))
        return path.read_bytes()


def find(folder: Path) -> Published | None:
    """The version that the pointer in an edition's folder names; None where nothing whole is published."""
    version = pointer.read(folder) if folder.is_dir() else None
    if version is None:
        return None
    about = manifest.read(folder / VERSIONS / pointer.name(version))
    return Published(folder, version, about) if about is not None and isinstance(about.get("outputs"), list) else None


def public_editions(output: Path) -> dict[int, Published]:
    """Every public edition in an output folder, by year; internal ones and anything else are not among them."""
    if not output.is_dir():
        return {}
    home = output.resolve()
    found = {}
    for folder in sorted(output.iterdir()):
        if _YEAR.fullmatch(folder.name) and folder.resolve() == home / folder.name and (edition := find(folder)) is not None and edition.public:
            found[int(folder.name)] = edition
    return found


def chosen(output: Path, year: int, *, internal: bool = False) -> Published:
    """
    The published edition of a year, of the kind asked for.

    Raises
    ------
    ConfigError
        E131 when there is none.
    SafetyRefusal
        E505 when the public edition was asked for and an internal one stands in its place.
    """
    edition = find(output / f"{year}{INTERNAL_SUFFIX if internal else ''}")
    if edition is None:
        raise ConfigError(fault("E131", year=year, folder=str(output), option=" --internal" if internal else ""))
    if not internal and not edition.public:
        raise SafetyRefusal(fault("E505", year=year))
    return edition


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and not {"..", ""} & set(path.parts) and "\\" not in name and ":" not in name
