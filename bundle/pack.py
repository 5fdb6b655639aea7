"""What lies where in the zip, and how it is written so that the same parts give the same bytes."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

from bundle import papers
from bundle.targets import PYTHON
from bundle.wheels import BundleError

STICK = Path(__file__).parent / "stick"
TOP = "儿童友好城市地图"
_TEXT = {".txt", ".bat", ".md"}
_EARLIEST = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Entry:
    """A file of the zip: its name below the top folder, and its bytes or where they are."""

    name: str
    content: bytes | Path

    def size(self) -> int:
        """Bytes."""
        return self.content.stat().st_size if isinstance(self.content, Path) else len(self.content)

    def digest(self) -> str:
        """SHA-256."""
        return papers.digest(self.content) if isinstance(self.content, Path) else hashlib.sha256(self.content).hexdigest()


def windows_text(text: str) -> bytes:
    """Text that every Windows editor shows right: UTF-8 with a mark, CRLF."""
    return b"\xef\xbb\xbf" + text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8")


def starter(name: str) -> bytes:
    """The file that is double-clicked: a .bat has CRLF and ASCII alone, a shell script LF."""
    text = (STICK / name).read_text(encoding="utf-8").replace("\r\n", "\n")
    return text.replace("\n", "\r\n").encode("ascii") if name.endswith(".bat") else text.encode("utf-8")


def contents(wheels: list[Path], scripts: list[dict[str, str]], root: Path, target: papers.Target, *, python: Path | None = None) -> list[Entry]:
    """
    Everything in the zip, by name.

    Parameters
    ----------
    wheels
        cfmap's first.
    scripts
        Of the page, as ``assets.json`` lists them.
    root
        The repository: its demo city goes along.
    target
        The kind of machine.
    python
        ``python-3.13.*-embed-amd64.zip``, put into its place when given.
    """
    sums = "".join(f"{papers.digest(w)}  {w.name}\n" for w in wheels)
    source, name = target.starter
    entries = [
        Entry(name, starter(source)),
        Entry("先读我.txt", windows_text((STICK / "read-me.txt").read_text(encoding="utf-8"))),
        Entry("更新说明.txt", windows_text((root / "CHANGELOG.md").read_text(encoding="utf-8"))),
        Entry("app/start.py", (STICK / "start.py").read_bytes().replace(b"\r\n", b"\n")),
        Entry("app/no-python.txt", windows_text((STICK / "no-python.txt").read_text(encoding="utf-8"))),
        Entry("app/python.txt", f"{PYTHON}\n".encode("ascii")),
        Entry("app/wheels/sha256.txt", sums.encode("ascii")),
        Entry("app/LICENSES.txt", windows_text(papers.licences(wheels, scripts))),
        Entry("app/sbom.cdx.json", papers.dumped(papers.sbom(wheels, scripts, target)).encode("utf-8")),
        *(Entry(f"app/wheels/{w.name}", w) for w in wheels),
        *(Entry(f"示例市/{p.relative_to(root).as_posix()}", p) for p in demo_files(root)),
    ]
    if python is not None:
        entries.append(Entry(f"app/{python.name}", python))
    entries.sort(key=lambda e: e.name)
    listed = "".join(f"{e.digest()}  {e.name}\n" for e in entries)
    return [*entries, Entry("SHA256SUMS.txt", listed.encode("utf-8"))]


def demo_files(root: Path) -> list[Path]:
    """The demo city's project: settings and data, without what makes them."""
    found = [p for p in (root / "data").rglob("*") if p.is_file() and not p.name.startswith((".", "~$")) and not {"_generator", "__pycache__"} & set(p.parts)]
    return sorted([root / "cfmap.toml", *found])


def write(entries: list[Entry], target: Path) -> None:
    """Write the zip; it appears whole or not at all. Names are UTF-8, times fixed, wheels stored as they are."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".part.{target.name}")
    with zipfile.ZipFile(part, "w") as archive:
        for entry in entries:
            info = zipfile.ZipInfo(f"{TOP}/{entry.name}", _EARLIEST)
            info.compress_type = zipfile.ZIP_STORED if entry.name.endswith((".whl", ".zip")) else zipfile.ZIP_DEFLATED
            info.external_attr = (0o755 if entry.name.endswith((".command", ".sh")) else 0o644) << 16
            info.create_system = 3
            with archive.open(info, "w") as file:
                if isinstance(entry.content, Path):
                    with entry.content.open("rb") as source:
                        while block := source.read(2**20):
                            file.write(block)
                else:
                    file.write(entry.content)
    part.replace(target)


def page_scripts(wheel: Path) -> list[dict[str, str]]:
    """
    What the page carries from npm, as the cfmap wheel says.

    Raises
    ------
    BundleError
        When the wheel was built without the page.
    """
    with zipfile.ZipFile(wheel) as archive:
        try:
            data = json.loads(archive.read("cfmap/publish/web/assets/assets.json"))
        except KeyError:
            msg = f"{wheel.name} holds no page: run python hatch_build.py first"
            raise BundleError(msg) from None
    return list(data["packages"])
