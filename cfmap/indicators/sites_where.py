"""Which sites meet conditions on their columns: yes, no, or unknown because a cell is empty?"""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_COMPARE: dict[str, Callable[[pd.Series, float], pd.Series]] = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
_NUMBER = re.compile(r"(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)")
_YES = {"是": True, "否": False}
LISTED = "；"


def meets(sites: pd.DataFrame, where: Mapping[str, str]) -> pd.Series:
    """
    Tell for every site whether it meets all conditions, by the logic of three values.

    Parameters
    ----------
    sites
        One row per site.
    where
        Column -> condition. ``A|B`` is one of these values (of a list joined by ``；``: it holds one of them), ``是`` and ``否``
        a yes or no, ``>=2`` a number compared, ``~词`` a word within the text.

    Returns
    -------
    met
        Float, index kept: 1 yes, 0 no, NaN unknown (an empty cell, or no such column) unless another condition says no.
    """
    found = pd.Series(1.0, index=sites.index)
    for column, condition in where.items():
        one = _one(sites[column], condition) if column in sites else pd.Series(np.nan, index=sites.index)
        found = pd.Series(np.where((found == 0) | (one == 0), 0.0, np.where(found.isna() | one.isna(), np.nan, 1.0)), index=sites.index)
    return found


def _one(cells: pd.Series, condition: str) -> pd.Series:
    compared = _NUMBER.fullmatch(condition.strip())
    if compared:
        numbers = pd.to_numeric(cells, errors="coerce").astype("Float64").astype(float)
        answer = _COMPARE[compared[1]](numbers, float(compared[2])).astype(float)
        return answer.mask(numbers.isna())
    if condition in _YES:
        wanted = _YES[condition]
        answers = [np.nan if _empty(c) else float((_YES.get(c, False) if isinstance(c, str) else bool(c)) == wanted) for c in cells]
        return pd.Series(answers, index=cells.index, dtype=float)
    if condition.startswith("~"):
        answers = [np.nan if _empty(c) else float(condition[1:] in str(c)) for c in cells]
        return pd.Series(answers, index=cells.index, dtype=float)
    values = set(condition.split("|"))
    answers = [np.nan if _empty(c) else float(not values.isdisjoint(str(c).split(LISTED))) for c in cells]
    return pd.Series(answers, index=cells.index, dtype=float)


def _empty(cell: object) -> bool:
    return cell is None or cell is pd.NA or cell == "" or (isinstance(cell, float) and np.isnan(cell))
