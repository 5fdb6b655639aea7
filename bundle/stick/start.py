"""
The first thing that runs in an unpacked bundle: set up once, offline, beside this file; then ``cfmap start``.

Needs nothing but Python. Setting up means: check every wheel against its digest, unpack them into ``site-packages``, tell the
embeddable Python where they are. Nothing is written outside this folder, no registry, no pip. A second start goes straight on.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path, PurePosixPath

HERE = Path(__file__).resolve().parent
WHEELS, SITE, READY = "wheels", "site-packages", "ready.txt"
OWN, DEMO = "项目", "示例市"
TRIES, PAUSE_S = 60, 0.5


class NotReady(Exception):
    """Why it cannot start, in a sentence for a clerk."""


def main(arguments: list[str]) -> int:
    """Set up if needed, then check, build and open the project; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        set_up(HERE)
        project = chosen(HERE.parent, arguments)
    except NotReady as error:
        print(error)
        return 4
    except OSError as error:
        print(f"准备不成：{error.strerror or error}。请把整个文件夹复制到本机硬盘上（例如桌面）再试。")
        print("Cannot set up: copy the whole folder to this computer's disk and try again.")
        return 4
    print(f"项目 / project: {project}\n", flush=True)
    return subprocess.call([sys.executable, "-P", "-X", "utf8", "-m", "cfmap", "start", str(project), *arguments[1:]], env=surroundings(HERE))


def chosen(folder: Path, arguments: list[str]) -> Path:
    """The project: the folder dropped on the starter, else 项目 beside it, else the demo city."""
    if arguments:
        given = Path(arguments[0])
        if not given.exists():
            raise NotReady(f"找不到 {given}。\nNot found: {given}")
        return given.resolve()
    own = folder / OWN
    return own if (own / "cfmap.toml").is_file() else folder / DEMO


def surroundings(here: Path) -> dict[str, str]:
    """Environment in which cfmap finds its parts: by the embeddable Python's own list, elsewhere by PYTHONPATH."""
    if isolated():
        return dict(os.environ)
    return {**os.environ, "PYTHONPATH": str(here / SITE)}


def isolated() -> list[Path]:
    """``python3xx._pth`` beside the running Python: only the embeddable one has it."""
    return sorted(Path(sys.executable).parent.glob("python3*._pth"))


def set_up(here: Path) -> None:
    """
    Unpack the wheels, unless these very wheels are unpacked already.

    Raises
    ------
    NotReady
        Another Python than the wheels are for, or a file that is not what was packed.
    OSError
        The folder cannot be written to, or the disk is full.
    """
    sums = (here / WHEELS / "sha256.txt").read_text(encoding="ascii")
    stamp = hashlib.sha256(sums.encode("ascii")).hexdigest()
    ready = here / SITE / READY
    if not (ready.is_file() and ready.read_text(encoding="ascii") == stamp):
        _right_python(here)
        part = here / f"{SITE}.part"
        shutil.rmtree(_long(part), ignore_errors=True)
        lines = [line.split("  ", 1) for line in sums.splitlines() if line]
        print("第一次使用，正在准备（只做一次，几分钟，不用联网）…\nFirst start: setting up, once, offline, a few minutes …", flush=True)
        for number, (digest, name) in enumerate(lines, start=1):
            print(f"  [{number}/{len(lines)}] {name.split('-')[0]}", flush=True)
            unpack(here / WHEELS / name, digest, part)
        (part / READY).write_text(stamp, encoding="ascii")
        shutil.rmtree(_long(here / SITE), ignore_errors=True)
        _move(part, here / SITE)
    for listed in isolated():
        lines = [f"{listed.stem}.zip", ".", os.path.relpath(here / SITE, listed.parent), "import site"]
        listed.write_text("\n".join(lines) + "\n", encoding="utf-8")
        _runtime(here / SITE, listed.parent)


def _runtime(site: Path, python: Path) -> None:
    """
    Put Microsoft's C++ library beside the embeddable Python, which comes without it.

    numba asks for it by its plain name; other wheels carry a copy of their own under another one. A computer without the
    Visual C++ redistributable has none, and installing that takes an administrator.
    """
    carried = sorted(site.glob("*.libs/msvcp140-*.dll"), key=lambda p: (p.parent.name != "numpy.libs", p.name))
    if carried and not (python / "msvcp140.dll").exists():
        shutil.copyfile(_long(carried[0]), _long(python / "msvcp140.dll"))


def unpack(wheel: Path, digest: str, target: Path) -> None:
    """Unpack one wheel into a folder, as pip would lay it out but without commands."""
    if not wheel.is_file() or hashlib.sha256(wheel.read_bytes()).hexdigest() != digest:
        raise NotReady(
            f"文件坏了或缺了：{wheel.name}。请重新解压或重新拷贝整个文件夹。\nDamaged or missing: {wheel.name}. Unpack or copy the whole folder again."
        )
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            place = _place(member.filename)
            if place is None or member.is_dir():
                continue
            to = target.joinpath(*place.parts)
            os.makedirs(_long(to.parent), exist_ok=True)
            with archive.open(member) as source, open(_long(to), "wb") as file:
                shutil.copyfileobj(source, file)


def _place(name: str) -> PurePosixPath | None:
    """Where a member of a wheel belongs, None for what is not needed to run."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or ":" in name or "\\" in name:
        raise NotReady(f"文件内容不对：{name}\nUnsafe name in a wheel: {name}")
    if path.parts[0].endswith(".data"):
        return PurePosixPath(*path.parts[2:]) if len(path.parts) > 2 and path.parts[1] in {"purelib", "platlib"} else None
    return path


def _right_python(here: Path) -> None:
    wanted = (here / "python.txt").read_text(encoding="ascii").split()[0]
    if f"{sys.version_info[0]}.{sys.version_info[1]}" != wanted:
        raise NotReady(
            f"要用 Python {wanted}（64 位），现在是 {sys.version.split()[0]}。\nPython {wanted} (64 bit) is needed, this is {sys.version.split()[0]}."
        )


def _move(source: Path, target: Path) -> None:
    """Rename a folder; a virus scanner that is still reading it gets half a minute."""
    for attempt in range(TRIES):
        try:
            return os.replace(_long(source), _long(target))
        except PermissionError:
            if attempt == TRIES - 1:
                raise
            time.sleep(PAUSE_S)
    return None


def _long(path: Path) -> str:
    """A path that Windows takes beyond 260 characters."""
    text = os.path.abspath(path)
    if os.name != "nt" or text.startswith("\\\\?\\"):
        return text
    return "\\\\?\\UNC" + text[1:] if text.startswith("\\\\") else "\\\\?\\" + text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
