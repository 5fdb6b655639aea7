"""Light stand-ins for the writers, and a run of publishing that can be killed: ``python -m tests.faults.light OUT TEXT [SIZE]``."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cfmap.model.messages import fault
from cfmap.publish.writer import Writer
from tests.factories import tiny_city, tiny_edition

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cfmap.publish.release import Release

NAMES = ("index.html", "sites.gpkg", "coverage.gpkg", "indicators.json")


def writers(text: str, *, size: int = 2000, step: Callable[[], None] = lambda: None) -> dict[str, Writer]:
    """Writers that fill each file with its own `text`, piece by piece; `step` is called before every piece."""

    def one(name: str) -> Writer:
        def write(_edition: object, folder: Path) -> list[Path]:
            with (folder / name).open("w", encoding="utf-8") as file:
                for _ in range(4):
                    step()
                    file.write(f"{text}\n" * (size // 4))
                    file.flush()
            return [folder / name]

        def check(_edition: object, folder: Path):
            if set((folder / name).read_text(encoding="utf-8").split()) != {text}:
                yield fault("E601", name=name, detail="mixed")

        return Writer(name, name, name, (name,), write, check)

    return {name: one(name) for name in NAMES}


def edition(*, keep: int = 5):
    """A small edition that is not looked at."""
    return replace(_whole(), city=tiny_city(publish={"keep_versions": keep}))


@cache
def _whole():
    return replace(tiny_edition(), coverages=(), perimeter=None, population=None)


def publish(out: Path, text: str, *, writers_: Mapping[str, Writer] | None = None, keep: int = 5, **more: object) -> Release:
    """Publish the small edition with light writers."""
    from cfmap.publish.release import publish as real

    return real(edition(keep=keep), out=out, writers=writers(text) if writers_ is None else writers_, **more)


def state(folder: Path) -> dict[str, bytes]:
    """Every published byte in an edition's folder, by path; locks and leftovers left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(".") and ".part/" not in name:
            found[name] = path.read_bytes()
    return found


def shown_text(out: Path) -> str:
    """The one text that all files of the shown version hold; fails when the version is missing, incomplete or mixed."""
    from cfmap.publish import manifest, release

    version = release.current(out)
    assert version is not None
    folder = out / "versions" / f"{version:06d}"
    assert manifest.complete(folder), f"version {version} is not complete"
    texts = {word for name in NAMES for word in (folder / name).read_text(encoding="utf-8").split()}
    assert len(texts) == 1, f"version {version} is mixed: {texts}"
    return texts.pop()


if __name__ == "__main__":
    out, text = Path(sys.argv[1]), sys.argv[2]
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(sys.argv[3]) if len(sys.argv) > 3 else 1):
        publish(out, f"{text}-{os.getpid()}-{number}", writers_=writers(f"{text}-{os.getpid()}-{number}", size=20_000))
    print("done", flush=True)
