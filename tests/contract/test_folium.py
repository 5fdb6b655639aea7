"""folium's text sinks run what stands in them: only one module may touch branca's elements, and nobody makes popups, tooltips or templates of data."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
THE_MODULE = "cfmap/publish/web/cfmap_map.py"  # carries our page; text goes in as it is, see _Raw
READS_ONLY = "cfmap/publish/web/added.py"  # looks at what an analyst added
ROOMS = ("folium", "branca", "jinja2")
SINKS = {"Popup", "Tooltip", "GeoJsonTooltip", "GeoJsonPopup", "LayerControl", "DivIcon", "Element", "Html", "IFrame", "Template", "from_string", "explore"}


def findings(text: str, path: str) -> list[str]:
    """Uses of folium's rooms outside the module, and of a sink anywhere."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            module = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            names = [m for m in module if m.split(".")[0] in ROOMS]
            if names and path not in (THE_MODULE, READS_ONLY):
                found.append(f"{path}:{node.lineno} imports {names[0]}")
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
            constant = all(_constant(a) for a in node.args)
            if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == "ET":
                continue  # elements of an XML file of ours, by the standard library's own name
            if name in SINKS and not (path == THE_MODULE and name == "Template" and constant):
                found.append(f"{path}:{node.lineno} calls {name}")
    return found


def _constant(node: ast.expr) -> bool:
    """A text written out in the source, or such texts and constants (NAMES IN CAPITALS) put together."""
    if isinstance(node, ast.BinOp):
        return _constant(node.left) and _constant(node.right)
    return (isinstance(node, ast.Constant) and isinstance(node.value, str)) or (isinstance(node, ast.Name) and node.id.isupper())


def sources() -> list[Path]:
    return sorted(p for folder in ("cfmap", "layers") for p in (ROOT / folder).rglob("*.py") if "node_modules" not in p.parts)


def test_no_source_hands_text_to_a_sink_of_folium():
    paths = sources()
    assert any(p.as_posix().endswith(THE_MODULE) for p in paths)
    assert [f for p in paths for f in findings(p.read_text(encoding="utf-8"), p.relative_to(ROOT).as_posix())] == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("import folium", "cfmap/pipeline/computing.py"),
        ("from folium.plugins import MarkerCluster", "layers/schools.py"),
        ("from branca.element import Element", "cfmap/publish/hosting.py"),
        ("folium.Popup(name)", THE_MODULE),
        ("Element(f'<h3>{name}</h3>')", THE_MODULE),
        ("Template(text)", THE_MODULE),
        ("Template(f'<h3>{name}</h3>')", THE_MODULE),
        ("environment.from_string(text)", READS_ONLY),
        ("table.explore()", "cfmap/files/reached.py"),
    ],
)
def test_each_kind_is_found(text, path):
    assert len(findings(text, path)) == 1
