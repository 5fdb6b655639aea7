"""``make bundle``: python -m bundle [windows|macos|linux] [--python ZIP --sha256 HEX] [--out FOLDER]."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from bundle import pack, papers
from bundle.targets import PYTHON, TARGETS
from bundle.wheels import BundleError, collect

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Make one bundle and print what is in it."""
    words = argparse.ArgumentParser(prog="python -m bundle", description="An offline bundle of cfmap for one kind of machine.")
    words.add_argument("target", nargs="?", default="windows", choices=sorted(TARGETS))
    words.add_argument("--python", type=Path, help=f"python-{PYTHON}.*-embed-amd64.zip from python.org, to be put into the bundle")
    words.add_argument("--sha256", default="", help="its digest, as python.org states it")
    words.add_argument("--out", type=Path, default=ROOT / "dist")
    given = words.parse_args()
    target = TARGETS[given.target]
    try:
        python = checked(given.python, given.sha256.lower().strip())
        wheel = _own_wheel(given.out / "wheels-own")
        wheels = collect(wheel, ROOT / "requirements.lock", target, given.out / f"wheels-{target.name}")
        entries = pack.contents(wheels, pack.page_scripts(wheel), ROOT, target, python=python)
    except BundleError as error:
        print(f"no bundle: {error}")
        return 1
    archive = given.out / f"{wheel.name.split('-py3')[0]}-{target.name}.zip"
    pack.write(entries, archive)
    for entry in entries:
        print(f"{entry.size() / 1024:11,.0f} KB  {entry.name}")
    if python is None and target.name == "windows":
        print(f"Python is not in it: app/ has room for python-{PYTHON}.*-embed-amd64.zip (or give --python and --sha256)")
    print(f"{archive}: {len(entries)} files, {archive.stat().st_size / 2**20:.0f} MB, {len(wheels)} wheels, all with a hash of requirements.lock")
    print(f"sha256 {papers.digest(archive)}")
    return 0


def checked(python: Path | None, digest: str) -> Path | None:
    """
    Give back the embeddable Python when it is what its publisher says it is.

    Raises
    ------
    BundleError
        Another file name, or another digest.
    """
    if python is None:
        return None
    if not python.is_file() or not (python.name.startswith(f"python-{PYTHON}.") and python.name.endswith("-embed-amd64.zip")):
        msg = f"not python-{PYTHON}.*-embed-amd64.zip: {python}"
        raise BundleError(msg)
    if papers.digest(python) != digest:
        msg = f"{python.name}: its SHA-256 is {papers.digest(python)}, --sha256 says {digest or 'nothing'}"
        raise BundleError(msg)
    return python


def _own_wheel(folder: Path) -> Path:
    """Build cfmap's wheel, without its dependencies."""
    with tempfile.TemporaryDirectory() as made:
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "--wheel-dir", made, str(ROOT)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise BundleError("the wheel of cfmap: " + done.stderr.strip()[-800:])
        built = next(Path(made).glob("cfmap-*.whl"))
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / built.name
        target.write_bytes(built.read_bytes())
    return target


if __name__ == "__main__":
    sys.exit(main())
