"""What stands beside the program: every part with version, licence and digest (CycloneDX), the licence texts, sums of all files."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
import zipfile
from typing import TYPE_CHECKING, Any

from packaging.utils import canonicalize_name

from bundle.wheels import about, needs

if TYPE_CHECKING:
    from pathlib import Path

    from bundle.targets import Target

_TEXTS = re.compile(r"[^/]+\.dist-info/(licenses/.+|licen[cs]e[^/]*|copying[^/]*|notice[^/]*|authors[^/]*)", re.IGNORECASE)
_LONGEST = 300  # characters; some packages put the whole text into the field
_NAMESPACE = uuid.UUID("6f0a3a86-6a55-5d0c-9a35-0f5a3b7e2d51")


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def licence(wheel: Path) -> str:
    """What a wheel says about its licence: the SPDX expression, else the field, else the classifiers; "not stated" where none says."""
    said = about(wheel)
    if said["License-Expression"]:
        return str(said["License-Expression"])
    classified = [c.rpartition(" :: ")[2] for c in said.get_all("Classifier") or [] if c.startswith("License ::") and c.count("::") > 1]
    field = " ".join(str(said["License"] or "").split())
    return field if field and len(field) <= _LONGEST else ", ".join(classified) or (field[:80] + "…" if field else "not stated")


def sbom(wheels: list[Path], scripts: list[dict[str, str]], target: Target) -> dict[str, Any]:
    """
    CycloneDX 1.6 of a bundle: `wheels` (cfmap first), and `scripts` of the page (``name``, ``version``, ``licence``).

    The same wheels give the same document; the serial number is made of their digests.
    """
    parts = [_component(w) for w in wheels]
    refs = {canonicalize_name(p["name"]): p["bom-ref"] for p in parts}
    depends = [{"ref": p["bom-ref"], "dependsOn": sorted({refs[n] for n in _needed(w, target) if n in refs})} for p, w in zip(parts, wheels, strict=True)]
    page = [
        {"type": "library", "bom-ref": f"pkg:npm/{s['name']}@{s['version']}", "name": s["name"], "version": s["version"],
         "purl": f"pkg:npm/{s['name']}@{s['version']}", "licenses": [{"license": {"id": s["licence"]}}]}
        for s in scripts
    ]  # fmt: skip
    depends[0]["dependsOn"] += [p["bom-ref"] for p in page]
    serial = uuid.uuid5(_NAMESPACE, "".join(p["hashes"][0]["content"] for p in parts))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": parts[0] | {"type": "application"}, "properties": [{"name": "cfmap:target", "value": target.name}]},
        "components": [*parts[1:], *page],
        "dependencies": [*depends, *({"ref": p["bom-ref"]} for p in page)],
    }


def _component(wheel: Path) -> dict[str, Any]:
    said = about(wheel)
    name, version = str(said["Name"]), str(said["Version"])
    purl = f"pkg:pypi/{canonicalize_name(name)}@{version}"
    words = licence(wheel)
    stated = [{"expression": words}] if said["License-Expression"] else [{"license": {"name": words}}]
    return {
        "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "licenses": stated,
        "hashes": [{"alg": "SHA-256", "content": digest(wheel)}], "properties": [{"name": "cfmap:file", "value": wheel.name}],
    }  # fmt: skip


def _needed(wheel: Path, target: Target) -> list[str]:
    return [canonicalize_name(r.name) for r in needs(wheel, target)]


def licences(wheels: list[Path], scripts: list[dict[str, str]]) -> str:
    """A table of all parts with their licences, then every licence text that the wheels carry."""
    rows = [(str((a := about(w))["Name"]), str(a["Version"]), licence(w)) for w in wheels] + [(s["name"], s["version"], s["licence"]) for s in scripts]
    width = max(len(r[0]) + len(r[1]) for r in rows) + 3
    table = "\n".join(f"{f'{name} {version}':<{width}}{words}" for name, version, words in rows)
    texts = []
    for wheel in wheels:
        name = wheel.name.split("-")[0]
        with zipfile.ZipFile(wheel) as archive:
            members = sorted(n for n in archive.namelist() if _TEXTS.fullmatch(n) and not n.endswith("/"))
            texts += [f"{'=' * 100}\n{name}: {m.partition('/')[2]}\n\n{archive.read(m).decode('utf-8', 'replace').strip()}\n" for m in members]
    return f"{table}\n\n" + "\n".join(texts)


def dumped(data: dict[str, Any]) -> str:
    """JSON as it is written into the bundle."""
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
