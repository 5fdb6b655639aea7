"""Which other years' editions stand beside this one? Their pointers tell each other, so that a page built long ago leads to the newest."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from cfmap.model.errors import EnvironmentFault
from cfmap.publish import lock, pointer, published

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.model.edition import Edition


def years(edition: Edition, out: Path) -> tuple[int, ...]:
    """
    Years of ``edition.editions`` of which an edition of the same audience is published beside `out`, this one included; ascending.

    None where it stands alone, or in a folder that is not called after its year: then no relative address leads to another.
    """
    if out.name != _name(edition, edition.year):
        return ()
    found = [y for y in edition.city.edition.editions if y != edition.year and _is_there(edition, folder(edition, out, y))]
    return tuple(sorted([*found, edition.year])) if found else ()


def tell(edition: Edition, out: Path) -> None:
    """
    Write into the pointers of the others which editions there are now; the versions they lead to stay as they are.

    One that another run is just publishing, or that cannot be written, is left: the next run of any edition finds it.
    """
    known = years(edition, out)
    for year in known:
        place = folder(edition, out, year)
        if year == edition.year:
            continue
        with contextlib.suppress(OSError, ValueError, EnvironmentFault):
            if pointer.editions(place) == known:
                continue
            with lock.held(place):
                pointer.write(place, pointer.told(place, known))


def folder(edition: Edition, out: Path, year: int) -> Path:
    """Where the edition of another year of the same audience stands, when `out` is this one's."""
    return out.parent / _name(edition, year)


def _name(edition: Edition, year: int) -> str:
    return f"{year}{'' if edition.public else published.INTERNAL_SUFFIX}"


def _is_there(edition: Edition, place: Path) -> bool:
    """A whole edition of the same audience, in this very place and not behind a link."""
    try:
        found = published.find(place) if place.resolve() == place.parent.resolve() / place.name else None
    except (OSError, ValueError):  # somebody else's, or damaged: nothing to lead to
        return False
    return found is not None and found.public == edition.public
