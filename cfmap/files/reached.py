"""Who is within reach of what, without a project?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.coverage import reach as reach_of
from cfmap.coverage.service_area import area_difference, service_area
from cfmap.files.given import points_of, streets_of
from cfmap.files.written import Found, expect, write_layers, write_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

STATUSES = {
    "ok": "正常", "far": "离街道 50 米以上", "island": "在断开的街道上", "off_network": "离街道太远",
    "reached": "走得到", "beyond": "超过时间", "unreachable": "没有路走到",
}  # fmt: skip


def coverage(network: Path, sites: Path, *, minutes: Sequence[float], speed_kmh: float, datum: str, out: Path, exact: bool = False) -> Found:
    """
    Service areas of the sites in a table: layers ``streets``, ``catchment``, ``sites`` of a GeoPackage.

    Parameters
    ----------
    network
        Any file that :meth:`cfmap.network.Network.from_file` reads.
    sites
        Table or GIS file with ``id, lon, lat``.
    minutes, speed_kmh, datum
        Bands, pace, and datum of the sites.
    out
        GeoPackage to write; replaced only when all went well.
    exact
        Unite widened streets instead of drawing the contour of a grid; the lines then say how far the two are apart.

    Returns
    -------
    found
        Lines count sites by status and kilometres of streets.

    Raises
    ------
    CfmapError
        The input cannot be used or the output not written.
    """
    expect(out, (".gpkg",))
    streets = streets_of(network)
    table, faults = points_of(sites, datum=datum)
    area = service_area(streets, table, minutes=minutes, speed_kmh=speed_kmh, mode="exact" if exact else "map")
    write_layers(out, {"streets": area.streets, "catchment": area.catchment, "sites": area.sites})
    km = area.streets.geometry.to_crs(area.streets.estimate_utm_crs()).length.sum() / 1000 if len(area.streets) else 0.0
    longest = f"{max(minutes):g}"
    lines = [
        _counted("点位", "sites", area.sites["status"]),
        (f"{longest} 分钟内的街道：{km:.1f} 公里", f"streets within {longest} min: {km:.1f} km"),
    ]
    if exact:
        drawn = service_area(streets, table, minutes=minutes, speed_kmh=speed_kmh, mode="map")
        for row in area_difference(area.catchment, drawn.catchment).itertuples():
            apart = f"{row.minutes:g}", f"{row.exact_km2:.3f}", f"{row.area:+.2%}", f"{row.symmetric:.2%}"
            lines.append(
                (
                    "{} 分钟范围：{} 平方公里；不加 --exact 画出来大小相差 {}，只在其中一个里的地面占 {}".format(*apart),
                    "area within {} min: {} km²; drawn without --exact {}, ground in one of them only {}".format(*apart),
                )
            )
    return Found(out, lines, [*streets.faults, *faults])


def reach(network: Path, sites: Path, points: Path, *, minutes: float, speed_kmh: float, datum: str, out: Path) -> Found:
    """
    For every point its nearest site: the columns of :func:`cfmap.coverage.reach` as CSV, workbook or GeoPackage.

    Parameters, returns and errors as :func:`coverage`; `out` ends in ``.csv`` (UTF-8 with BOM), ``.xlsx`` or ``.gpkg``.
    """
    expect(out, (".csv", ".xlsx", ".gpkg"))
    streets = streets_of(network)
    where, faults = points_of(sites, datum=datum)
    who, more = points_of(points, datum=datum)
    table = reach_of(streets, where, who, minutes=minutes, speed_kmh=speed_kmh)
    if out.suffix.lower() == ".gpkg":
        write_layers(out, {"reach": who[["geometry"]].join(table)})
    else:
        write_table(out, table)
    return Found(out, [_counted("地点", "points", table["status"])], [*streets.faults, *faults, *more])


def _counted(zh: str, en: str, status: pd.Series) -> tuple[str, str]:
    counts = status.value_counts().to_dict()
    return (
        f"{zh}：{len(status)}（{'，'.join(f'{STATUSES[str(s)]} {n}' for s, n in counts.items())}）",
        f"{en}: {len(status)} ({', '.join(f'{s} {n}' for s, n in counts.items())})",
    )
