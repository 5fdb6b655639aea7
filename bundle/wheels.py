"""Which wheels does cfmap need on a machine: versions and hashes from ``requirements.lock``, the closure from the wheels' own words."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from email.parser import HeaderParser
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from bundle.targets import PYTHON

if TYPE_CHECKING:
    from email.message import Message
    from pathlib import Path

    from bundle.targets import Target

EXTRAS = ("geocode", "planning")  # of cfmap, that the bundle carries


class BundleError(Exception):
    """Something that the bundle needs is not there; the words say what."""


@dataclass(frozen=True)
class Pinned:
    """A line of the lock file with its hashes."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    def line(self) -> str:
        """As pip reads it."""
        return f"{self.name}=={self.version} " + " ".join(f"--hash={h}" for h in self.hashes)


def read_lock(path: Path) -> list[Pinned]:
    """
    Pins of a lock file, in order.

    Raises
    ------
    BundleError
        For a line without version or hash.
    """
    found = []
    for entry in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if not entry.strip() or entry.lstrip().startswith("#"):
            continue
        head, *hashes = entry.split("--hash=")
        name, _, marker = head.partition(";")
        package, equal, version = name.strip().partition("==")
        if not equal or not hashes:
            msg = f"{path.name}: not pinned with a hash: {head.strip()}"
            raise BundleError(msg)
        found.append(Pinned(canonicalize_name(package), version.strip(), marker.strip(), tuple(h.strip() for h in hashes)))
    return found


def pins_for(lock: list[Pinned], target: Target) -> dict[str, Pinned]:
    """The one pin of each package that holds on a machine."""
    environment = target.environment()
    return {p.name: p for p in lock if not p.marker or Requirement(f"x; {p.marker}").marker.evaluate(environment)}  # type: ignore[union-attr]


def about(wheel: Path) -> Message:
    """METADATA of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", n))
        return HeaderParser().parsestr(archive.read(name).decode("utf-8"))


def needs(wheel: Path, target: Target, *, extras: tuple[str, ...] = ()) -> list[Requirement]:
    """What a wheel asks for on a machine."""
    wanted = [Requirement(text) for text in about(wheel).get_all("Requires-Dist") or []]
    environments = [target.environment() | {"extra": extra} for extra in ("", *extras)]
    return [r for r in wanted if r.marker is None or any(r.marker.evaluate(e) for e in environments)]


def collect(project: Path, lock: Path, target: Target, folder: Path) -> list[Path]:
    """
    Fill `folder` with the wheels that the `project` wheel needs, each with a hash of the lock file; nothing is built.

    Returns
    -------
    wheels
        All of them, by name, `project` first.

    Raises
    ------
    BundleError
        Naming every package without a pin or without a wheel for the machine.
    """
    pins = pins_for(read_lock(lock), target)
    wheels = {canonicalize_name(str(about(project)["Name"])): project}
    asked = [(project, EXTRAS)]
    while asked:
        wanted: dict[str, set[str]] = {}
        for wheel, extras in asked:
            for r in needs(wheel, target, extras=extras):
                wanted.setdefault(canonicalize_name(r.name), set()).update(r.extras)
        missing = sorted(n for n in wanted if n not in wheels)
        if unpinned := [n for n in missing if n not in pins]:
            msg = f"not in {lock.name}: {', '.join(unpinned)}"
            raise BundleError(msg)
        wheels |= _download([pins[n] for n in missing], target, folder)
        asked = [(wheels[n], tuple(sorted(wanted[n]))) for n in missing]
    check_complete(list(wheels.values()), target)
    return [project, *(wheels[n] for n in sorted(wheels) if wheels[n] != project)]


def check_complete(wheels: list[Path], target: Target) -> None:
    """
    Hold every demand of every wheel against the wheels that are there.

    Raises
    ------
    BundleError
        Naming each demand that is not met.
    """
    there = {canonicalize_name(str(a["Name"])): Version(str(a["Version"])) for a in map(about, wheels)}
    unmet = []
    for wheel in wheels:
        for r in needs(wheel, target):
            version = there.get(canonicalize_name(r.name))
            if version is None or not r.specifier.contains(version, prereleases=True):
                unmet.append(f"{wheel.name.split('-')[0]} needs {r}, there is {version or 'none'}")
    if unmet:
        raise BundleError("; ".join(unmet))


def _download(pins: list[Pinned], target: Target, folder: Path) -> dict[str, Path]:
    if not pins:
        return {}
    folder.mkdir(parents=True, exist_ok=True)
    if not _pip_download(pins, target, folder):  # which of them has none?
        without = [p.name for p in pins if not _pip_download([p], target, folder)]
        msg = f"no wheel for {target.name} {PYTHON}: {', '.join(without) or '(the download failed)'}"
        raise BundleError(msg)
    names = {canonicalize_name(str(about(w)["Name"])): w for w in sorted(folder.glob("*.whl"))}
    return {p.name: names[p.name] for p in pins}


def _pip_download(pins: list[Pinned], target: Target, folder: Path) -> bool:
    listed = folder / "wanted.txt"
    listed.write_text("\n".join(p.line() for p in pins) + "\n", encoding="utf-8")
    platforms = [word for tag in target.tags for word in ("--platform", tag)]
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--only-binary=:all:",
        *platforms, "--python-version", PYTHON, "--implementation", "cp", "--dest", str(folder), "--requirement", str(listed),
    ]  # fmt: skip
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    listed.unlink()
    return done.returncode == 0
