"""What lies in a zipped hand-in: one table or one GIS file, unpacked where nothing else is, by names that lead nowhere else."""

from __future__ import annotations

import io
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cfmap.intake.opening import expect, guard, read_bytes
from cfmap.intake.workbook_facts import refuse_bombs
from cfmap.model.errors import InputError, SafetyRefusal
from cfmap.model.messages import fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SUFFIXES = (".zip", ".kmz")
_LEFT_BY_SYSTEMS = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
_UTF8_NAMES = 0x800
_GEODATABASE = ".gdb"


def held(path: Path, *, suffixes: Sequence[str], file: str) -> str:
    """
    Name of the one file of an archive that has one of the suffixes; a geodatabase counts as one, and so do the files of a shapefile.

    Raises
    ------
    InputError
        E233 none, or several; as :func:`cfmap.intake.opening.read_bytes`.
    SafetyRefusal
        E504 a compressed bomb, or a name that leads out of the archive.
    """
    with _opened(path, file) as archive:
        return _the_one(_names(archive, file), suffixes, file)


@contextmanager
def unpacked(path: Path, *, suffixes: Sequence[str], file: str) -> Iterator[tuple[Path, str]]:
    """
    Give the file that :func:`held` names, and what messages call it, in a folder that is gone afterwards.

    Anything that is no archive is given as it is.
    """
    if path.suffix.lower() not in SUFFIXES or path.is_dir():
        yield path, file
        return
    with _opened(path, file) as archive, tempfile.TemporaryDirectory(prefix="cfmap-") as folder:
        names = _names(archive, file)
        chosen = _the_one(names, suffixes, file)
        whole = PurePosixPath(chosen)
        for name, entry in names.items():
            member = PurePosixPath(name)
            if whole in member.parents or (member.parent == whole.parent and member.stem == whole.stem):
                target = Path(folder, *member.parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                with guard(file):
                    target.write_bytes(archive.read(entry))
        yield Path(folder, *whole.parts), f"{file}/{chosen}"


@contextmanager
def _opened(path: Path, file: str) -> Iterator[zipfile.ZipFile]:
    raw = read_bytes(path, file)
    expect(raw, ("zip", "xlsx", "word", "slides"), suffix=path.suffix.lower(), file=file)  # all of them archives; their names are somewhere in it
    with guard(file):
        archive = zipfile.ZipFile(io.BytesIO(raw))
        refuse_bombs(archive, raw, file)
    with archive:
        yield archive


def _names(archive: zipfile.ZipFile, file: str) -> dict[str, zipfile.ZipInfo]:
    """Every file of an archive by its name as it was meant: UTF-8 where it says so, else what Chinese Windows writes."""
    names = {}
    for entry in archive.infolist():
        name = entry.filename
        if not entry.flag_bits & _UTF8_NAMES:
            try:
                name = name.encode("cp437").decode("gb18030")
            except UnicodeError:
                name = entry.filename
        name = name.replace("\\", "/")
        member = PurePosixPath(name)
        is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
        if member.is_absolute() or ".." in member.parts or ":" in name or "\0" in name or is_link:
            raise SafetyRefusal(fault("E504", file=file, detail=name[:120]))
        if not name.endswith("/") and not any(part in _LEFT_BY_SYSTEMS or part.startswith(("._", "~$")) for part in member.parts):
            names[str(member)] = entry
    return names


def _the_one(names: dict[str, zipfile.ZipInfo], suffixes: Sequence[str], file: str) -> str:
    inside = {_whole(PurePosixPath(name)) for name in names}
    fitting = sorted(name for name in inside if PurePosixPath(name).suffix.lower() in suffixes)
    if len(fitting) != 1:
        present = "、".join(sorted(inside)[:10]) or "—"
        raise InputError(fault("E233", file=file, count=len(fitting), present=present, known=" ".join(suffixes)))
    return fitting[0]


def _whole(member: PurePosixPath) -> str:
    """A member's name, or that of the geodatabase it lies in."""
    return next((str(folder) for folder in member.parents if folder.suffix.lower() == _GEODATABASE), str(member))
