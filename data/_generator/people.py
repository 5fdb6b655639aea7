"""Who lives where? Communities with residents by age, adding up to the city."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.cluster.vq import kmeans2

from .names import Names
from .plan import TOWNS, Plan, Town

if TYPE_CHECKING:
    from .streetwork import Place, Streetwork

#: Shares of the age bands in a town, in thousandths: column of `AGE_BANDS` -> (core, town and valley, mountain and island).
SHARES = {"pop_0_2": (24, 21, 13), "pop_3_5": (34, 30, 19), "pop_6_11": (76, 74, 55), "pop_12_14": (36, 37, 33), "pop_15_17": (33, 34, 31)}


@dataclass
class Community:
    """A community (社区) or village (村)."""

    id: str
    name: str
    town: Town
    x: float
    y: float
    rural: bool
    people: dict[str, int]


def build_communities(plan: Plan, work: Streetwork, town_of: object) -> list[Community]:
    """Every village is one; built-up blocks of each town are gathered into communities of about 2,500 people."""
    rng = np.random.default_rng([plan.seed, 14])
    names = Names(np.random.default_rng([plan.seed, 15]))
    by_town: dict[str, list[Place]] = {t.code: [] for t in TOWNS}
    villages: dict[str, list[Place]] = {t.code: [] for t in TOWNS}
    for place in work.places:
        c = place.shape.representative_point()
        (villages if place.use == "village" else by_town)[town_of(c.x, c.y).code].append(place)
    urban_count = max(1, plan.communities - sum(map(len, villages.values())))
    weights = {t.code: t.people for t in TOWNS if any(p.use in ("estate", "homes") for p in by_town[t.code])}
    result: list[Community] = []
    for town in TOWNS:
        rural = villages[town.code]
        homes = [p for p in by_town[town.code] if p.use in ("estate", "homes")]
        count = min(len(homes), max(1, round(urban_count * weights.get(town.code, 0) / sum(weights.values())))) if homes else 0
        spots, raw = _urban(homes, count, rng)
        rural_raw = rng.lognormal(np.log(900 if town.kind in ("core", "town") else 620), 0.4, len(rural))
        people = town.people * plan.size**2
        rural_total = min(float(rural_raw.sum()), people * (0.45 if homes else 1.0)) if len(rural) else 0.0
        if not homes:
            rural_total = people
        sizes = np.concatenate([raw / max(raw.sum(), 1e-9) * (people - rural_total), rural_raw / max(rural_raw.sum(), 1e-9) * rural_total])
        points = [*spots, *(p.at for p in rural)]
        titles = [*(names.stem("community") + "社区" for _ in spots), *(p.name for p in rural)]
        for k, (size, point, title) in enumerate(zip(sizes, points, titles, strict=True)):
            result.append(
                Community(
                    f"C{town.code[1:]}{k + 1:03d}",
                    title,
                    town,
                    float(point[0]),
                    float(point[1]),
                    k >= len(spots),
                    _ages(max(60, round(float(size))), town, rng),
                )
            )
    return result


def _urban(homes: list[Place], count: int, rng: np.random.Generator) -> tuple[list[np.ndarray], np.ndarray]:
    if not count:
        return [], np.zeros(0)
    centres = np.array([[p.shape.representative_point().x, p.shape.representative_point().y] for p in homes])
    floors = np.array([p.shape.area * (1.6 if p.use == "estate" else 1.0) for p in homes]) * rng.uniform(0.6, 1.4, len(homes))
    start = centres[np.sort(rng.choice(len(homes), count, replace=False))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a cluster may come out empty; it is left out below
        middle, label = kmeans2(centres, start, iter=15, minit="matrix") if count > 1 else (centres.mean(axis=0, keepdims=True), np.zeros(len(homes), int))
    spots, weights = [], []
    for k in range(count):
        mine = np.flatnonzero(label == k)
        if len(mine) == 0:
            continue
        nearest = mine[np.argmin(np.hypot(*(centres[mine] - middle[k]).T))]
        spots.append(centres[nearest])
        weights.append(floors[mine].sum())
    weight = np.array(weights) ** 0.8
    return spots, np.minimum(weight, 2.2 * weight.mean())


def _ages(people: int, town: Town, rng: np.random.Generator) -> dict[str, int]:
    column = 0 if town.kind == "core" else 2 if town.kind in ("mountain", "island") else 1
    lean = rng.lognormal(0, 0.16)
    bands = {key: int(rng.poisson(people * shares[column] / 1000 * lean * rng.uniform(0.92, 1.08))) for key, shares in SHARES.items()}
    return {**bands, "pop_total": people}


def as_frame(communities: list[Community], lonlat: np.ndarray) -> pd.DataFrame:
    """The table as the statistics bureau hands it in."""
    from cfmap.model.schema import AGE_BANDS

    frame = pd.DataFrame(
        {
            "社区代码": [c.id for c in communities],
            "社区名称": [c.name for c in communities],
            "乡镇街道": [c.town.name for c in communities],
            "经度": lonlat[:, 0].round(6),
            "纬度": lonlat[:, 1].round(6),
        }
    )
    for key, (title, *_rest) in AGE_BANDS.items():
        frame[title] = pd.array([c.people[key] for c in communities], dtype="Int64")
    return frame


def near(communities: list[Community]) -> shapely.STRtree:
    """Index of the communities' points."""
    return shapely.STRtree(shapely.points([[c.x, c.y] for c in communities]))
