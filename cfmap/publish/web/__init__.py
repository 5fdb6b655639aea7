"""What the public sees: one self-contained page with the edition's map."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.model.edition import Edition
    from cfmap.publish.web.cfmap_map import CfMap

INDEX = "index.html"


def build_map(edition: Edition) -> CfMap:
    """
    The edition as a ``folium.Map`` to which an analyst can still add layers; ``.html()`` gives the page, ``.save(path)`` writes it.

    A public edition is stripped first (:func:`cfmap.publish.public.public`), and the page's own allow-list stands behind that.

    Raises
    ------
    EnvironmentFault
        When cfmap was installed without its build step (E451) or an asset was changed (E452).
    ConfigError, SafetyRefusal
        The settings name a map service and its key is missing (E124, E125), or it is one that cannot be used (E557).
    """
    from cfmap.publish import tiles
    from cfmap.publish.public import public
    from cfmap.publish.web import assets, photos
    from cfmap.publish.web.cfmap_map import CfMap
    from cfmap.publish.web.payload import payload

    made = assets.load()
    shown = public(edition)[0] if edition.public else edition
    return CfMap(replace(payload(shown, icons=made.icon_names), photos=photos.embed(shown)), made, tiles=tiles.chosen(edition.city))


def page(edition: Edition) -> str:
    """The self-contained page of an edition; the same edition gives the same text."""
    return build_map(edition).html(public=edition.public, acknowledged=True)  # the release asks before it writes


def write(edition: Edition, folder: Path) -> list[Path]:
    """Write ``index.html`` into an existing folder and return its path."""
    path = folder / INDEX
    path.write_text(page(edition), encoding="utf-8", newline="\n")
    return [path]


__all__ = ["INDEX", "build_map", "page", "write"]
