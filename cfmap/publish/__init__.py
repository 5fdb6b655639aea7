"""What leaves the house? ``WRITERS`` holds every kind of output; :mod:`cfmap.publish.release` publishes them together."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from cfmap.publish.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cfmap.model.edition import Edition
    from cfmap.model.messages import Fault


def _writer(module: str, title: str, title_en: str, *files: str, checked_by: str = "", maybe: tuple[str, ...] = ()) -> Writer:
    """Make a writer whose module is only loaded when used: ``write(edition, folder)``, and ``check(edition, folder)`` in it or in `checked_by`."""

    def write(edition: Edition, folder: Path) -> Iterable[Path]:
        found: Iterable[Path] = import_module(f"cfmap.publish.{module}").write(edition, folder)
        return found

    def check(edition: Edition, folder: Path) -> Iterable[Fault]:
        found: Iterable[Fault] = import_module(f"cfmap.publish.{checked_by or module}").check(edition, folder)
        return found

    return Writer(module, title, title_en, files, write, check, maybe)


WRITERS: dict[str, Writer] = {
    writer.key: writer
    for writer in (
        _writer("web", "网页地图", "web map", "index.html", checked_by="page_check"),
        _writer("site_package", "点位（GeoPackage，每个图层一张表）", "sites as GeoPackage, a table for each layer", "sites.gpkg"),
        _writer("site_parquet", "点位（GeoParquet，全部图层一张表）", "sites as GeoParquet, all layers in one table", "sites.parquet"),
        _writer("coverage_package", "覆盖范围（GeoPackage）", "coverage as GeoPackage", "coverage.gpkg"),
        _writer("qgis_project", "QGIS 工程（打开上面两个 GeoPackage）", "QGIS project over both GeoPackages", "edition.qgz"),
        _writer("figures", "指标（JSON）", "indicators as JSON", "indicators.json"),
        _writer("target_file", "目标台账（JSON）", "target ledger as JSON", "targets.json"),
        _writer("workbook", "指标表（Excel）", "indicators as workbook", "indicators.xlsx"),
        _writer("report", "年度报告（Word 和 PDF）", "annual report as Word document and PDF", "report.docx", maybe=("report.pdf",)),
        _writer("atlas", "图集（PDF，主图和各乡镇附图）", "atlas, a sheet of the whole and one of each town", maybe=("atlas.pdf",)),
    )
}

__all__ = ["WRITERS", "Writer"]
