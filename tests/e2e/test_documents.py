"""What the documents show, runs: the README's Python, the notebooks."""

from __future__ import annotations

import re
import shutil

import geopandas as gpd
import nbformat
import openpyxl
import pytest
from nbclient import NotebookClient

from cfmap.cli import main

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


def test_first_ten_minutes_go_as_the_readme_says(repository, tmp_path, capsys):
    project = tmp_path / "city"
    shutil.copytree(repository / "data", project / "data", ignore=shutil.ignore_patterns("_generator"))
    shutil.copytree(repository / "layers", project / "layers")
    shutil.copy(repository / "cfmap.toml", project)
    table = project / "data" / "2024" / "教育局.xlsx"

    def write(cell: str, value: object) -> object:
        book = openpyxl.load_workbook(table)
        old, book["学校"][cell].value = book["学校"][cell].value, value
        book.save(table)
        return old

    write("B4", "我的小学")
    right = write("E5", 12.3)
    assert str(right) in (repository / "README.md").read_text(encoding="utf-8")
    sent = table.read_bytes()
    assert main(["--lang", "zh", "check", str(project)]) == 0
    told = capsys.readouterr().err
    assert "data/2024/教育局.xlsx · 工作表“学校” · 第 5 行 · E 列“经度” = 12.3" in told
    assert table.read_bytes() == sent
    book = openpyxl.load_workbook(project / "output" / "returned" / "2024" / "教育局.xlsx")
    cell = book["学校"]["E5"]
    assert cell.fill.fill_type == "solid"
    assert cell.comment is not None
    assert "核对坐标" in cell.comment.text

    write("E5", right)
    assert main(["--lang", "zh", "build", str(project)]) == 0  # looks at the tables as a check does
    assert "第 5 行" not in capsys.readouterr().err
    sites = gpd.read_file(project / "output" / "2024" / "versions" / "000001" / "sites.gpkg", layer="schools")
    assert "我的小学" in set(sites["name"])


NOTEBOOKS = ["01-一张地图.ipynb", "02-谁够不着.ipynb"]


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
