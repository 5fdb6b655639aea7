"""What the documents show, runs: the README's Python, the notebooks."""

from __future__ import annotations

import re

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = pytest.mark.slow


def test_readme_python_runs_as_printed(repository, monkeypatch, tmp_path, capsys):
    text = (repository / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert sum(bool(line.strip()) for line in code.splitlines()) <= 10
    saved = tmp_path / "childcare.html"
    monkeypatch.chdir(repository)
    scope: dict[str, object] = {}
    exec(compile(code.replace("childcare.html", saved.as_posix()), "README.md", "exec"), scope)
    assert scope["childcare"].crs == "EPSG:4326"
    assert scope["streets"] > 100_000  # metres of street in a county
    assert list(scope["area"].catchment["minutes"]) == [5, 10, 15]
    assert "MultiPolygon" in saved.read_text(encoding="utf-8")


NOTEBOOKS = ["01-一张地图.ipynb"]


def test_every_notebook_is_listed_here(repository):
    assert sorted(p.name for p in (repository / "notebooks").glob("*.ipynb")) == NOTEBOOKS


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning")  # the kernel's own start-up
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_runs_from_top_to_bottom(name, repository):
    notebook = nbformat.read(repository / "notebooks" / name, as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells if cell.cell_type == "code"), "outputs are not committed"
    NotebookClient(notebook, timeout=240, kernel_name="python3", resources={"metadata": {"path": str(repository / "notebooks")}}).execute()
    printed = "".join(str(output) for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs)
    assert "演示数据" in printed
    assert "leaflet" in printed.lower()
