"""How does an edition become public? Whole, or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cfmap.model.errors import ConfigError, EnvironmentFault, SelfCheckError
from cfmap.model.events import EVENTS
from cfmap.model.messages import Fault, fault
from cfmap.model.once import once
from cfmap.publish import WRITERS, already_public, before, clock, files, fingerprint, gate, lock, manifest, pointer, published, review, siblings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path
    from typing import Any

    from cfmap.model.city import City
    from cfmap.model.edition import Edition, Written
    from cfmap.publish.published import Published
    from cfmap.publish.writer import Writer

VERSIONS = "versions"
PART = ".part"  # an unfinished version; never pointed to
FIRST_NEED = 20 << 20  # bytes of free space asked for before there is a version to go by
NEED_FACTOR = 3  # times the size of the last version that must be free
LOST_SITES = 0.3  # share of a layer's sites that may be gone since the last version
LOST_REACH = 0.3  # share of a coverage's street length that may be gone
LOST_POINTS = 20.0  # percentage points that a coverage may fall


@dataclass(frozen=True)
class Release:
    """
    A published version.

    Attributes
    ----------
    version
        Its number.
    folder
        Folder of this version, with all its files.
    pointer
        The page that readers open.
    written
        Files with their hashes; the manifest is the last.
    faults
        What is worth telling about publishing (leftovers removed, old versions removed, figures hidden).
    fingerprint
        Of what a map reviewer looks at (:mod:`cfmap.publish.fingerprint`).
    """

    version: int
    folder: Path
    pointer: Path
    written: tuple[Written, ...]
    faults: tuple[Fault, ...] = ()
    fingerprint: str = ""


def publish(
    edition: Edition,
    *,
    out: Path,
    writers: Mapping[str, Writer] = WRITERS,
    confirm: bool = False,
    acknowledge_changed: bool = False,
    progress: Callable[[int, int, str, str], None] | None = None,
) -> Release:
    """
    Write every output of an edition, read all of it back, and only then let readers see it.

    Everything goes into ``out/versions/NNNNNN.part``; when it is complete the folder gets its name and the pointer
    ``out/index.html`` is replaced in one step. Killed, out of disk, or found wrong at any moment: the pointer
    still names the version before, whose bytes are untouched.

    Parameters
    ----------
    edition
        What to publish. A public one is stripped of everything that may not leave first.
    out
        Folder of this edition (``output/<year>``); made when missing.
    writers
        Kinds of output.
    confirm
        Publish although much is gone since the last version.
    acknowledge_changed
        Publish although the content is not the one that the map review number was given for; the page then says so.
    progress
        Called with ``(step, steps, 中文, English)``.

    Raises
    ------
    EnvironmentFault
        Another run, disk full, no right to write, a file held by another program.
    SafetyRefusal
        A public map without review number and exemption, or with a number given for another content (:mod:`cfmap.publish.review`);
        personal data or a key in any file that was built (:mod:`cfmap.publish.gate`).
    SelfCheckError
        What was read back differs from the edition, or the edition is much poorer than the last one.
    """
    from cfmap.publish.public import public
    from cfmap.publish.web import photos

    with files.explained(out, needed=lambda: _need(out)):
        (out / VERSIONS).mkdir(parents=True, exist_ok=True)
        with lock.held(out) as told:
            faults = [*told, *_clean(out)]
            _has_room(out, _need(out))
            shown, hidden = public(edition, said=already_public.look(edition, out)) if edition.public else (edition, ())
            faults += [*hidden, *photos.left_out(shown)]
            if edition.public:
                faults += review.demand(shown, out, acknowledged=acknowledge_changed)
            if not confirm:
                _not_poorer(shown, out)
            shown = replace(shown, before=before.look(shown, out))
            version = max([0, *versions(out)]) + 1
            wanted = {key: writer for key, writer in writers.items() if key not in edition.city.publish.without}
            written = _write(
                out, version=version, fill=lambda part: _fill(part, edition, shown, version=version, writers=wanted, notes=faults, progress=progress or _silent)
            )
            faults += _show(out, version, pointer.page(shown, version, editions=siblings.years(shown, out)))
            siblings.tell(shown, out)
            faults += _prune(out, keep=edition.city.publish.keep_versions, reviewed=review.reviewed_versions(edition.city, out))
            return Release(version, _folder(out, version), out / pointer.NAME, written, tuple(faults), fingerprint.content(shown).fingerprint)


def amend(
    out: Path, change: Callable[[Published], Mapping[str, bytes]], *, about: dict[str, Any], check: Callable[[Path], Iterable[Fault]], city: City
) -> Release:
    """
    Publish a version like the one that readers see, with some of its files changed and all others byte for byte the same.

    As safe as :func:`publish`: the same lock, unfinished folder, reading back, manifest, and pointer last.

    Parameters
    ----------
    out
        Folder of the edition.
    change
        Gives, for the version that readers see, the files that change, by name.
    about
        What the manifest has to say of it, under ``events``; ``base`` (the version whose tables these are) is added.
    check
        Reads the unfinished folder back and yields a record for each thing that is wrong.
    city
        Says how many such versions stay (``publish.keep_versions``), beside as many built ones.

    Raises
    ------
    EnvironmentFault
        Nothing is published yet (E420); as :func:`publish`.
    SelfCheckError
        The version that readers see is not what its manifest says (E604), or what was read back is wrong.
    """
    if current(out) is None:
        raise EnvironmentFault(fault("E420", folder=str(out)))
    with files.explained(out, needed=lambda: _need(out)), lock.held(out) as told:
        faults = [*told, *_clean(out)]
        _has_room(out, _need(out))
        shown = published.find(out)
        if shown is None or not manifest.complete(shown.place):
            raise SelfCheckError(fault("E604", name=f"{out.name}/{VERSIONS}/{pointer.name(current(out) or 0)}"))
        version = max(versions(out)) + 1
        base = shown.about.get(manifest.AMENDED, {}).get("base", pointer.name(shown.version))
        content = {**shown.about, "version": pointer.name(version), manifest.AMENDED: {**about, "base": base}}

        def fill(part: Path) -> tuple[Written, ...]:
            changed = change(shown)
            for name in sorted(shown.names - {manifest.NAME}):
                (part / name).parent.mkdir(parents=True, exist_ok=True)
                files.write_bytes(part / name, changed[name]) if name in changed else shutil.copyfile(shown.place / name, part / name)
            paths = [part / name for name in shown.names - {manifest.NAME}]
            files.sync_files(sorted(paths))
            if wrong := list(check(part)):
                raise SelfCheckError(wrong)
            outputs = manifest.written(part, paths)
            return _sealed(part, content | {"outputs": manifest.outputs_of(outputs)}, outputs)

        written = _write(out, version=version, fill=fill)
        faults += _show(out, version, pointer.moved(out, version))
        faults += _prune(out, keep=city.publish.keep_versions, reviewed=review.reviewed_versions(city, out))
        return Release(version, _folder(out, version), out / pointer.NAME, written, tuple(faults), shown.about.get("content", {}).get("fingerprint", ""))


def versions(folder: Path) -> list[int]:
    """Numbers of the complete versions in an edition's folder, oldest first."""
    parent = folder / VERSIONS
    if not parent.is_dir():
        return []
    return sorted(int(p.name) for p in parent.iterdir() if re.fullmatch(r"\d{6,}", p.name) and (p / manifest.NAME).is_file())


def is_amended(folder: Path, version: int) -> bool:
    """Whether a version differs from a built one in its events alone."""
    return manifest.AMENDED in (manifest.read(_folder(folder, version)) or {})


def finished(folder: Path, version: int) -> str:
    """When a version was written, UTC; empty when it does not say."""
    return str((manifest.read(_folder(folder, version)) or {}).get("finished", ""))


def current(folder: Path) -> int | None:
    """Version that readers of an edition's folder see; None when nothing is published."""
    return pointer.read(folder)


def rollback(folder: Path, version: int) -> Path:
    """
    Let readers see an earlier version again; nothing is removed. Returns the pointer.

    Raises
    ------
    ConfigError
        When there is no such version, or nothing is published.
    SelfCheckError
        When that version's files are no longer what its manifest says.
    EnvironmentFault
        As :func:`publish`.
    """
    known = versions(folder)
    if version not in known or current(folder) is None:
        raise ConfigError(fault("E130", version=version, known="、".join(map(str, known)) or "-"))
    with files.explained(folder, needed=lambda: 0), lock.held(folder):
        if not manifest.complete(_folder(folder, version)):
            raise SelfCheckError(fault("E601", name=f"{VERSIONS}/{pointer.name(version)}", detail="sha256 ≠ manifest.json"))
        pointer.write(folder, pointer.moved(folder, version))
    return folder / pointer.NAME


def _write(out: Path, *, version: int, fill: Callable[[Path], tuple[Written, ...]]) -> tuple[Written, ...]:
    """Make a complete version under its final name, or leave nothing."""
    final = _folder(out, version)
    part = final.with_name(final.name + PART)
    try:
        part.mkdir()
        with once():
            whole = fill(part)
        os.rename(part, final)  # noqa: PTH104 - the primitive the protocol rests on
        files.sync_folder(final.parent)
    except BaseException:  # Ctrl-C too: nothing half-made stays, nor a version that no pointer will name
        _discard(final)
        raise
    return whole


def _fill(
    part: Path,
    whole: Edition,
    edition: Edition,
    *,
    version: int,
    writers: Mapping[str, Writer],
    notes: list[Fault],
    progress: Callable[[int, int, str, str], None],
) -> tuple[Written, ...]:
    """
    Write `edition`, read it back, look for personal data (of which `whole` tells where they came from), and seal with the manifest.

    What reading back found and does not stop is put to `notes`.
    """
    started = clock.now()
    made: set[Path] = set()
    for number, writer in enumerate(writers.values(), start=1):
        progress(number, len(writers) + 1, f"写{writer.title}", f"writing {writer.title_en}")
        made |= set(writer.write(edition, part))
    missing = [name for writer in writers.values() for name in writer.files if not (part / name).is_file()]
    if missing:
        raise SelfCheckError([fault("E602", name=name) for name in missing])
    files.sync_files(sorted(made))
    progress(len(writers) + 1, len(writers) + 1, "读回核对", "reading back")
    found = [record for writer in writers.values() for record in writer.check(edition, part)]
    if wrong := [record for record in found if record.level == "error"]:
        raise SelfCheckError(wrong)
    notes += found
    outputs = manifest.written(part, made)
    sealed = _sealed(part, manifest.manifest(edition, outputs, version=version, started=started, finished=clock.now()), outputs)
    gate.demand(part, [w.path.as_posix() for w in sealed], edition=whole, shown=edition)
    return sealed


def _sealed(part: Path, content: dict[str, Any], outputs: tuple[Written, ...]) -> tuple[Written, ...]:
    """Write the manifest over all that is there."""
    whole = (*outputs, *manifest.written(part, [files.write_bytes(part / manifest.NAME, manifest.dump(content))]))
    if not manifest.complete(part):
        raise SelfCheckError(fault("E601", name=manifest.NAME, detail="files ≠ manifest.json"))
    files.sync_folder(part)
    return whole


def _silent(step: int, steps: int, zh: str, en: str) -> None:
    """No progress wanted."""


def _show(out: Path, version: int, text: bytes) -> list[Fault]:
    """
    Replace the pointer; when that fails the version nobody saw goes.

    When readers see the new version and only the disk's word for it is missing, that is told and no reason to say that nothing was published.
    """
    try:
        pointer.write(out, text)
    except BaseException as error:
        if current(out) != version:
            _discard(_folder(out, version))
            raise
        if not isinstance(error, OSError):
            raise
        return [fault("W406", version=pointer.name(version), detail=error.strerror or str(error))]
    return []


def _discard(folder: Path) -> None:
    """Remove a version: renamed first, so that half-removed it never looks like one. What cannot be removed stays as leftover."""
    part = folder.with_name(folder.name + PART)
    with contextlib.suppress(OSError):
        if folder.exists():
            os.rename(folder, part)  # noqa: PTH104
        files.remove(part)


def _has_room(out: Path, needed: int) -> None:
    if (free := files.free_bytes(out)) < needed:
        raise EnvironmentFault(fault("E402", folder=str(out), needed=files.readable(needed), free=files.readable(free)))


def _folder(out: Path, version: int) -> Path:
    return out / VERSIONS / pointer.name(version)


def _clean(out: Path) -> list[Fault]:
    """Remove what killed runs left behind: unfinished versions and an unused pointer."""
    left = [p for p in (out / VERSIONS).iterdir() if p.name.endswith(PART)]
    for folder in left:
        files.remove(folder)
    for stray in out.glob(f".{pointer.NAME}.*"):
        stray.unlink()
    return [fault("I401", count=len(left))] if left else []


def _need(out: Path) -> int:
    known = versions(out)
    return NEED_FACTOR * files.size_bytes(_folder(out, known[-1])) if known else FIRST_NEED


def _prune(out: Path, *, keep: int, reviewed: Iterable[int]) -> list[Fault]:
    """Remove the oldest versions beyond `keep` built ones and `keep` amended ones, never the one that readers see nor one that was reviewed."""
    spared = {current(out), *reviewed}
    built: list[int] = []
    amended: list[int] = []
    for version in versions(out):
        (amended if is_amended(out, version) else built).append(version)
    old = sorted(v for v in (*built[:-keep], *amended[:-keep]) if v not in spared)
    for version in old:
        _discard(_folder(out, version))
    return [fault("I403", keep=keep, versions="、".join(map(str, old)))] if old else []


def _not_poorer(edition: Edition, out: Path) -> None:
    """Stop when much is gone since the version that readers see: a department's table may be missing."""
    shown = current(out)
    before = manifest.read(_folder(out, shown)) if shown is not None else None
    if before is None:
        return
    now = manifest.counts(edition)
    worse = list(_poorer(edition, before["counts"], now))
    if worse:
        raise SelfCheckError(worse)


def _poorer(edition: Edition, before: dict[str, Any], now: dict[str, Any]) -> list[Fault]:
    found = []
    for key, number in before["sites"].items():
        if key == EVENTS:
            continue  # they come and go
        left = now["sites"].get(key, 0)
        if number and (left == 0 or left < (1 - LOST_SITES) * number):
            layer = edition.layers.get(key)
            title, title_en = (layer.layer.title, layer.layer.title_en) if layer else (key, key)
            found.append(fault("E603", what=f"图层“{title}”的点位", what_en=f"sites of layer “{title_en}”", before=number, now=left))
    for key, facts in before["coverage"].items():
        km, left_km = facts["reached_km"], now["coverage"].get(key, {}).get("reached_km", 0.0)
        if km and left_km < (1 - LOST_REACH) * km:
            found.append(fault("E603", what=f"“{key}”走得到的街道", what_en=f"streets within reach, {key}", before=f"{km} km", now=f"{left_km} km"))
    for key, share in before["indicators"].items():
        left_share = now["indicators"].get(key)
        if share is not None and left_share is not None and left_share < share - LOST_POINTS:
            found.append(fault("E603", what=f"指标 {key}", what_en=f"indicator {key}", before=f"{share:.1f}%", now=f"{left_share:.1f}%"))
    return found


__all__ = ["Release", "amend", "current", "finished", "is_amended", "publish", "rollback", "versions"]
