"""Versions of an edition: which there are, and which one readers see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cfmap.model import ConfigError, fault, load_city
from cfmap.pipeline.reading import edition_year

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class VersionLine:
    """A version of an edition: when it was finished (UTC), whether readers see it, whether only its events differ from a built one."""

    number: int
    finished: str
    shown: bool
    amended: bool


def version_list(project: str | Path, *, year: int | None = None, public: bool = True, out: Path | None = None) -> list[VersionLine]:
    """Versions of an edition, newest last."""
    return _version_lines(_edition_folder(project, year, public=public, out=out))


def roll_back(project: str | Path, version: int | None = None, *, year: int | None = None, public: bool = True, out: Path | None = None) -> list[VersionLine]:
    """
    Let readers see an earlier version again, the one before by default; returns the versions then.

    Raises
    ------
    ConfigError, EnvironmentFault, SelfCheckError
        As :func:`cfmap.publish.release.rollback`.
    """
    from cfmap.publish import release

    folder = _edition_folder(project, year, public=public, out=out)
    if version is None:
        earlier = [v for v in release.versions(folder) if v < (release.current(folder) or 0)]
        if not earlier:
            raise ConfigError(fault("E136", folder=str(folder)))
        version = earlier[-1]
    release.rollback(folder, version)
    return _version_lines(folder)


def _version_lines(folder: Path) -> list[VersionLine]:
    from cfmap.publish import release

    shown = release.current(folder)
    return [VersionLine(v, release.finished(folder, v), v == shown, release.is_amended(folder, v)) for v in release.versions(folder)]


def _edition_folder(project: str | Path, year: int | None, *, public: bool, out: Path | None) -> Path:
    city = load_city(project)
    return (out or city.root / "output") / (str(edition_year(city, year)) + ("" if public else "-internal"))
