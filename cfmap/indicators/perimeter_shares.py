"""How much of the streets round schools is safe, unsafe, or unknown?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.indicators.existing import date_of, sources_of
from cfmap.indicators.rule import percent
from cfmap.model.edition import Indicator

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray
    from pyproj import Geod

    from cfmap.model.edition import Edition

WORST_FIRST = ("unsafe", "unknown", "safe")
LAYERS = ("schools", "kindergartens")


def perimeter_shares(edition: Edition) -> Iterator[Indicator]:
    """
    Shares of safe and of known streets round schools (``perimeter.safe_length/known_length/safe_schools``, per cent).

    A street that nobody described is unknown, not unsafe: the value is None while any is, between safe (lower) and
    safe + unknown (upper). A street shared by schools counts once, with the worst of its states. No street round any school
    gives None, not 100 %. Nothing when perimeters were not asked for.
    """
    if edition.perimeter is None:
        return
    metres = lengths(edition.perimeter)
    total = sum(metres.values())
    safe, unknown = metres["safe"], metres["unknown"]
    reach = f"{edition.city.walking.perimeter_m:,.0f} m"
    yield _indicator(
        edition, "safe_length", "学校周边安全路段占比（按长度）", "Share of safe streets round schools, by length",
        f"学校出入口沿街道 {reach} 内的机动车道路总长", "安全路段长度 ÷ 全部路段长度；没有资料的算未知：下限不计入，上限计入",
        "length of safe streets / all streets round schools; streets without facts are unknown: left out of the lower bound, within the upper one",
        part=safe, unknown=unknown, total=total,
    )  # fmt: skip
    yield _indicator(
        edition, "known_length", "学校周边路段有资料的占比（按长度）", "Share of streets round schools with facts, by length",
        f"学校出入口沿街道 {reach} 内的机动车道路总长", "判得出安全或不安全的路段长度 ÷ 全部路段长度",
        "length of streets known to be safe or unsafe / all streets round schools",
        part=total - unknown, unknown=0.0, total=total,
    )  # fmt: skip
    worst = edition.perimeter.groupby("school")["state"].agg(lambda states: min(states, key=WORST_FIRST.index))
    yield _indicator(
        edition, "safe_schools", "周边路段全部安全的学校占比", "Share of schools with safe streets all round",
        f"周边 {reach} 内有机动车道路的学校", "周边每一段都安全的学校数 ÷ 学校数；有一段不安全即不算，只有未知的算上限",
        "schools whose every segment is safe / schools; one unsafe segment rules out, unknown ones count in the upper bound",
        part=float((worst == "safe").sum()), unknown=float((worst == "unknown").sum()), total=float(len(worst)),
    )  # fmt: skip


def lengths(perimeter: gpd.GeoDataFrame) -> dict[str, float]:
    """
    Geodesic metres of streets by state, each street side counted once with the worst of its states.

    Parameters
    ----------
    perimeter
        As ``Edition.perimeter`` (EPSG:4326); the same side of an edge may occur for several schools, cut differently.
    """
    import numpy as np
    import pandas as pd
    from pyproj import Geod
    from shapely import difference, to_wkb, union_all

    geod = Geod(ellps="WGS84")
    lines = perimeter.geometry.to_numpy()
    rank = perimeter["state"].map({state: n for n, state in enumerate(WORST_FIRST)}).to_numpy()
    table = pd.DataFrame({"edge": perimeter["edge_id"].to_numpy(), "side": perimeter["side"].to_numpy(), "rank": rank, "wkb": to_wkb(lines)})
    table = table.sort_values("rank", kind="stable").drop_duplicates(["edge", "side", "wkb"])  # one stretch round several schools, once
    group = table.groupby(["edge", "side"], dropna=False, sort=True).ngroup().to_numpy()
    order = np.lexsort((table["rank"].to_numpy(), group))
    group, rank, lines = group[order], table["rank"].to_numpy()[order], lines[table.index.to_numpy()[order]]
    alone = np.bincount(group)[group] == 1
    metres = [_geodesic_m(lines[alone & (rank == n)], geod) for n in range(len(WORST_FIRST))]
    overlapping = np.flatnonzero(~alone)
    for same in np.split(overlapping, np.flatnonzero(np.diff(group[overlapping])) + 1):  # cut differently: only what no worse state took
        taken = None
        for n in np.unique(rank[same]):
            line = union_all(lines[same[rank[same] == n]])
            metres[n] += _geodesic_m(np.array([line if taken is None else difference(line, taken)]), geod)
            taken = line if taken is None else union_all([taken, line])
    return dict(zip(WORST_FIRST, metres, strict=True))


def _geodesic_m(lines: NDArray[np.object_], geod: Geod) -> float:
    """Metres of all lines together."""
    import numpy as np
    from shapely import get_coordinates, get_parts

    xy, of_line = get_coordinates(get_parts(lines), return_index=True)
    joined = np.flatnonzero(np.diff(of_line) == 0)
    return float(geod.inv(*xy[joined].T, *xy[joined + 1].T)[2].sum())


def _indicator(
    edition: Edition, name: str, title: str, title_en: str, denominator: str, zh: str, en: str, *, part: float, unknown: float, total: float
) -> Indicator:
    sure = total > 0 and unknown == 0
    layers = [edition.layers[key] for key in LAYERS if key in edition.layers]
    dates = [d for d in (date_of(data, edition.city) for data in layers) if d]
    return Indicator(
        id=f"perimeter.{name}",
        title=title,
        title_en=title_en,
        value=percent(part, total) if sure else None,
        lower=None if sure else percent(part, total),
        upper=None if sure else percent(part + unknown, total),
        unit="%",
        denominator=denominator,
        definition=zh,
        definition_en=en,
        data_date=min(dates, default=""),
        sources=tuple(dict.fromkeys([s for data in layers for s in sources_of(data, edition.city)] + [edition.city.network.attribution])),
        status="ok" if sure else ("partial" if total > 0 and unknown < total else "unknown"),
    )
