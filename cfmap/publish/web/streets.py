"""What does the page draw of the streets that children walk: those round schools with their states, and proposed ways to school."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from cfmap.publish.looks import PROPOSED, STATES, for_page
from cfmap.publish.web.geometry import pack_lines
from cfmap.publish.web.shown import plain, site_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfmap.model.edition import Edition

NONE = "none"
TOLERANCE_M = 2.0


def perimeter_block(edition: Edition) -> dict[str, Any]:
    """
    Streets round schools and kindergartens: ``states`` with their looks, ``lines`` tagged with them, ``metres`` (how far round), ``limit`` (km/h),
    ``schools`` (by the key of each site its metres in each state) and ``bare`` (keys of sites without a road for motor traffic near).

    What lies in a ring beyond `metres` is drawn and is in no site's metres. A stretch that lies round several sites is drawn once.
    """
    from cfmap.coverage.perimeter import site_id
    from cfmap.indicators.perimeter_shares import kinds_shown, perimeter_figures

    around = edition.perimeter
    assert around is not None  # noqa: S101 - asked only then
    kinds = kinds_shown(edition)
    known = around[around["state"].isin(STATES) & around["layer"].isin([key for kind in kinds for key in kind.layers])]
    drawn = known.drop_duplicates(["segment", "from_m", "to_m", "state"])
    lines = pack_lines(drawn.geometry.to_numpy(), [list(STATES).index(s) for s in drawn["state"]], tolerance_m=TOLERANCE_M)
    bare = []
    for kind in kinds:
        (key,) = kind.layers
        states = perimeter_figures(edition, kind)[0]["every"]
        bare += [site_key(key, site_id(key, str(site))) for site in states.index[states.eq(NONE)]]
    return {
        "states": [{"key": key, **for_page(look)} for key, look in STATES.items()],
        "lines": lines,
        "metres": round(edition.city.walking.perimeter_m),
        "limit": plain(edition.city.safety.limit_kmh),
        "schools": dict(_metres(known[~known["ring"].astype(bool)])),
        "bare": bare,
    }


def _metres(near: pd.DataFrame) -> Iterator[tuple[str, list[int]]]:
    """By the key of each site how many metres are in each state."""
    from cfmap.coverage.perimeter import site_id

    length = pd.Series((near["to_m"] - near["from_m"]).to_numpy(dtype=float), index=near.index)
    table = length.groupby([near["layer"], near["school"].astype(str), near["state"]]).sum().unstack(fill_value=0)
    table = table.reindex(columns=list(STATES), fill_value=0.0).sort_index()
    for layer, school, *row in table.reset_index().itertuples(index=False):
        yield site_key(str(layer), site_id(str(layer), str(school))), [round(float(m)) for m in row]


def paths_block(edition: Edition) -> dict[str, Any] | None:
    """Proposed ways to school: ``lines``, their colour and what they are; None where the edition has none (a public one has them only when they are listed)."""
    if edition.routes is None or not len(edition.routes.proposed):
        return None
    shapes = edition.routes.proposed.geometry.to_numpy()
    lines = pack_lines(shapes, [0] * len(shapes), tolerance_m=TOLERANCE_M)
    return {"lines": lines, "colour": PROPOSED.colour, "definition": edition.routes.definition, "definition_en": edition.routes.definition_en}


__all__ = ["paths_block", "perimeter_block"]
