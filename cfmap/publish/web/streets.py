"""What does the page draw of the streets that children walk: those round schools with their states, and proposed ways to school."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from cfmap.publish.looks import PROPOSED, STATES, for_page
from cfmap.publish.web.geometry import pack_lines
from cfmap.publish.web.shown import site_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfmap.model.edition import Edition

LAYERS = ("schools", "kindergartens")
TOLERANCE_M = 2.0


def perimeter_block(edition: Edition) -> dict[str, Any]:
    """
    Streets round schools: ``states`` with their looks, ``lines`` tagged with them, ``metres`` (how far round), and by the
    key of each school its metres in each state.

    What lies in a ring beyond `metres` is drawn and is in no school's metres.
    """
    around = edition.perimeter
    assert around is not None  # noqa: S101 - asked only then
    known = around[around["state"].isin(STATES)]
    tags = [list(STATES).index(s) for s in known["state"]]
    near = known[~known["ring"].fillna(value=False).astype(bool)] if "ring" in known else known
    lines = pack_lines(known.geometry.to_numpy(), tags, tolerance_m=TOLERANCE_M)
    states = [{"key": key, **for_page(look)} for key, look in STATES.items()]
    return {"states": states, "lines": lines, "metres": round(edition.city.walking.perimeter_m), "schools": dict(_metres(edition, near))}


def _metres(edition: Edition, near: Any) -> Iterator[tuple[str, list[int]]]:
    from pyproj import Geod

    geod = Geod(ellps="WGS84")
    length = pd.Series([geod.geometry_length(line) for line in near.geometry], index=near.index, dtype=float)
    table = length.groupby([near["school"].astype(str), near["state"]]).sum().unstack(fill_value=0).reindex(columns=list(STATES), fill_value=0.0)
    layer_of = {str(i): key for key in reversed(LAYERS) if key in edition.layers for i in edition.layers[key].sites["id"]}
    for school, row in table.sort_index().iterrows():
        if str(school) in layer_of:
            yield site_key(layer_of[str(school)], str(school)), [round(float(m)) for m in row]


def paths_block(edition: Edition) -> dict[str, Any] | None:
    """Proposed ways to school: ``lines``, their colour and what they are; None where the edition has none (a public one has them only when they are listed)."""
    if edition.routes is None or not len(edition.routes.proposed):
        return None
    shapes = edition.routes.proposed.geometry.to_numpy()
    lines = pack_lines(shapes, [0] * len(shapes), tolerance_m=TOLERANCE_M)
    return {"lines": lines, "colour": PROPOSED.colour, "definition": edition.routes.definition, "definition_en": edition.routes.definition_en}


__all__ = ["LAYERS", "paths_block", "perimeter_block"]
