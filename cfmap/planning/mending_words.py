"""An action of the mending list in words: what, on which road, where that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.geometry.compass import wind
from cfmap.planning.mending import WORKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cfmap.planning.heads import Heads
    from cfmap.planning.mending import Action
    from cfmap.planning.prices import Cost

UNNAMED = ("没有名称的路", "unnamed road")
KNOWN, OPEN = ("已查明不安全", "known to be unsafe"), ("没有资料，先去看", "not known: look first")
SPARE = ("可以不做：前面的都做了，这些学校、幼儿园已经安全", "can be left out: with all the others done these schools are safe")
DEGREE_M = 111_320.0  # of latitude
ROUND_M, BESIDE_M = 10.0, 30.0


def work_words(action: Action) -> tuple[str, str]:
    """What is done, Chinese and English."""
    return WORKS[action.item][1]


def road_words(action: Action) -> tuple[str, str]:
    """The road with its side; "" for a gate on a road without a name."""
    zh, en = (action.road or name for name in (("", "") if action.item == "C" else UNNAMED))
    return f"{zh}{action.side[0]}", f"{en}, {action.side[1]}" if action.side[1] else en


def state_words(action: Action) -> tuple[str, str]:
    """What is known of it today."""
    return KNOWN if action.known else OPEN


def cost_words(cost: Cost | None) -> tuple[str, str]:
    """What it costs and how that is counted, Chinese and English."""
    if cost is None:
        return "费用不知道（没有这一样的单价）", "cost not known (no price of its kind)"
    return f"费用 {money(cost.yuan)} 元（{cost.words[0]}）", f"{money(cost.yuan)} yuan ({cost.words[1]})"


def money(yuan: float) -> str:
    """Yuan with thousands parted, fen only where there are any."""
    return f"{yuan:,.2f}".removesuffix(".00")


def where_words(action: Action, sites: Mapping[str, tuple[str, Any]]) -> tuple[str, str]:
    """
    Which gate, or how far and in which direction from the nearest of its schools.

    Parameters
    ----------
    sites
        Name and place (EPSG:4326) of each school.
    """
    if action.item == "C":
        school, _, number = action.places[0].subject.rpartition("/")
        name = sites[school][0] if school in sites else school
        return f"{name} {number} 号门", f"{name}, gate {number}"
    found = [(*_way(sites[key][1], action.shape), sites[key][0]) for key in action.schools if key in sites]
    if not found:
        return "", ""
    metres, east, north, name = min(found)
    if metres < BESIDE_M:
        return f"{name}旁边", f"beside {name}"
    (zh, en), far = wind(east, north), f"{max(ROUND_M, round(metres / ROUND_M) * ROUND_M):.0f}"
    return f"{name}{zh}面约 {far} 米", f"about {far} m {en} of {name}"


def heads_words(heads: Heads, schools: Iterable[str]) -> tuple[str, str]:
    """Children of schools, with the source of each number; a sum that lacks schools is a least one. Chinese and English."""
    every = tuple(schools)
    zh, en = [], []
    for (number, lost), name, name_en in ((heads.on_roll(every), "在校（园）生", "pupils"), (heads.nearest(every), "就近儿童", "nearest children")):
        if number == number:
            zh.append(f"{name}{'至少 ' if lost else ' '}{number:,.0f} 人")
            en.append(f"{'at least ' if lost else ''}{number:,.0f} {name_en}")
    return "，".join(zh) or "孩子多少不知道", ", ".join(en) or "number of children not known"


def first_words(actions: Sequence[Action], heads: Heads, sites: Mapping[str, tuple[str, Any]], *, yuan: Mapping[int, float] | None = None) -> tuple[str, str]:
    """
    What to do first and why, in one sentence: the top of the list down to where a school becomes safe. Chinese and English; "" without actions.

    Parameters
    ----------
    yuan
        Of each action by its place in the list, from 0; said only where all that is told of have a price.
    """
    if not actions:
        return "", ""
    first = actions[0]
    count = next((n for n, action in enumerate(actions, start=1) if action.turned), len(actions))
    safe = actions[count - 1].turned
    named, named_en = (mark.join(sites[key][0] if key in sites else key for key in safe) for mark in ("、", ", "))
    (work, work_en), (where, where_en), (road, road_en) = work_words(first), where_words(first, sites), road_words(first)
    look, look_en = ("", "") if first.known else ("；现在没有资料，先去看", "; not known today, so look first")
    who, who_en = heads_words(heads, safe)
    if yuan and all(n in yuan for n in range(count)):
        spent = money(round(sum(yuan[n] for n in range(count)), 2))
        who, who_en = f"{who}；费用 {spent} 元", f"{who_en}; {spent} yuan"
    beside, beside_en = f"（{road}）" if road else "", f" ({road_en})" if road_en else ""
    what, what_en = f"{where}{beside}，{work}{look}", f"{work_en}, {where_en}{beside_en}{look_en}"
    if count == 1:
        return (
            f"先做第 1 条：{what}。只差这一条，{named}就安全了：{who}。",
            f"First: {what_en}. It is all that {named_en} lacks to be safe: {who_en}.",
        )
    return (
        f"先做前 {count} 条，第 1 条：{what}。{count} 条都做了，{named}就安全了：{who}。",
        f"First: the top {count}, beginning with {what_en}. With all {count} done {named_en} will be safe: {who_en}.",
    )


def _way(place: Any, shape: Any) -> tuple[float, float, float]:
    """Metres from a place to the nearest of a shape, and that far east and north."""
    scale = np.array([DEGREE_M * np.cos(np.radians(shapely.get_coordinates(place)[0, 1])), DEGREE_M])
    flat, streets = (shapely.transform(g, lambda xy: xy * scale) for g in (place, shape))
    (x, y), (to_x, to_y) = shapely.get_coordinates(shapely.shortest_line(flat, streets))
    return float(np.hypot(to_x - x, to_y - y)), float(to_x - x), float(to_y - y)


__all__ = ["cost_words", "first_words", "heads_words", "money", "road_words", "state_words", "where_words", "work_words"]
