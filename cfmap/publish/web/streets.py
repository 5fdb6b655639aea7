"""What does the page draw of the streets that children walk: those round schools with their states, and proposed ways to school."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.coverage.perimeter.figures import NONE
from cfmap.publish.looks import PROPOSED, STATES, for_page
from cfmap.publish.web.geometry import pack_lines
from cfmap.publish.web.shown import plain, site_key

if TYPE_CHECKING:
    from cfmap.model.edition import Edition

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
    metres: dict[str, list[int]] = {}
    bare = []
    for kind in kinds:
        (key,) = kind.layers
        figures = perimeter_figures(edition, kind)[0]
        sites = [site_key(key, site_id(key, str(site))) for site in figures.index]
        rows = zip(sites, figures[[f"{state}_m" for state in STATES]].to_numpy(dtype=float).tolist(), figures["metres"], strict=True)
        metres |= {site: [round(m) for m in row] for site, row, every in rows if every > 0}
        bare += [site for site, state in zip(sites, figures["every"], strict=True) if state == NONE]
    return {
        "states": [{"key": key, **for_page(look)} for key, look in STATES.items()],
        "lines": lines,
        "metres": round(edition.city.walking.perimeter_m),
        "limit": plain(edition.city.safety.limit_kmh),
        "schools": metres,
        "bare": bare,
    }


def paths_block(edition: Edition) -> dict[str, Any] | None:
    """Proposed ways to school: ``lines``, their colour and what they are; None where the edition has none (a public one has them only when they are listed)."""
    if edition.routes is None or not len(edition.routes.proposed):
        return None
    shapes = edition.routes.proposed.geometry.to_numpy()
    lines = pack_lines(shapes, [0] * len(shapes), tolerance_m=TOLERANCE_M)
    return {"lines": lines, "colour": PROPOSED.colour, "definition": edition.routes.definition, "definition_en": edition.routes.definition_en}


__all__ = ["paths_block", "perimeter_block"]
