"""Who would like to walk to school together? An invented list for a few schools: estates' gates with a number of children, no home and no name."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from .join import Joined
    from .pbf import Projection
    from .plan import Plan
    from .sites import Site

NAME = "步行巴士报名_演示.csv"
YEAR = 2024
SCHOOLS, GATES = 4, 8  # so many schools, and gates round each
NEAR_M, FAR_M = 330.0, 760.0  # straight, of a gate from its school: within a walk of 300 to 1,200 m mostly
APART_M = 1500.0  # between the schools
BESIDE_M = 7.0  # a place in the list from its gate: none is a node of the streets, so that its coordinates stand nowhere else
HEADERS = ("编号", "地点", "学校", "同意人数", "经度", "纬度", "说明")
NOTE = "演示数据：程序编的，不是真实的报名"


def write_joining(out: Path, plan: Plan, joined: Joined, sites: dict[str, list[Site]], projection: Projection) -> int:
    """
    Write the list of the last year into its folder; coordinates are WGS 84.

    Returns
    -------
    rows
    """
    rng = np.random.default_rng([plan.seed, 61])
    gates = np.array([joined.places[n] for n in sorted(n for n, tags in joined.tags.items() if "barrier" in tags)]).reshape(-1, 2)
    names = Counter(s.name for s in sites["schools"])
    known = [s for s in sites["schools"] if "小学" in s.name and names[s.name] == 1 and (s.year or 0) < YEAR and s.values.get("status") == "在用"]
    round_each = {s.id: np.flatnonzero((_away(gates, s) >= NEAR_M) & (_away(gates, s) <= FAR_M)) for s in known}
    chosen: list[Site] = []
    for school in sorted(known, key=lambda s: (-len(round_each[s.id]), s.id)):
        if len(chosen) < SCHOOLS and all(np.hypot(*(school.at - c.at)) > APART_M for c in chosen):
            chosen.append(school)
    rows = []
    for school in chosen:
        near = round_each[school.id]
        for number, gate in enumerate(sorted(rng.choice(near, min(GATES, len(near)), replace=False)), start=1):
            turn = rng.uniform(0, 2 * np.pi)
            lon, lat = projection.lonlat(gates[gate : gate + 1] + BESIDE_M * np.array([np.cos(turn), np.sin(turn)]))[0]
            rows.append(
                (f"演示{len(rows) + 1:03d}", f"演示小区{number}的大门", school.name, int(rng.integers(2, 9)), round(float(lon), 6), round(float(lat), 6), NOTE)
            )
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([HEADERS, *rows])
    (out / str(YEAR) / NAME).write_bytes(text.getvalue().encode("utf-8-sig"))
    return len(rows)


def _away(gates: np.ndarray, school: Site) -> np.ndarray:
    return np.hypot(*(gates - school.at).T)
