"""Are these streets fewer, or older, than those the last edition was made of? A download that stopped early reads without error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.model.messages import fault
from cfmap.publish import published

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cfmap.model.city import City
    from cfmap.model.messages import Fault

LOST_KM = 0.1  # share of the last edition's streets that may be gone without a word


def compare(now: Mapping[str, Any], city: City, year: int) -> list[Fault]:
    """
    Compare a network's facts with those in the manifest of the last edition in the project's own output folder.

    Parameters
    ----------
    now
        :meth:`cfmap.network.Network.summary`.
    year
        Of the edition that is made; editions of later years are not looked at.

    Returns
    -------
    faults
        W313 less of streets by more than :data:`LOST_KM`; W314 older. Nothing without an edition, or where its manifest says nothing of its streets.
    """
    last = _last(city, year)
    before = last.about.get("network") if last else None
    if last is None or not isinstance(before, dict):
        return []
    facts = {"file": city.network.source, "edition": last.about.get("edition", year), "version": last.version}
    found = []
    km, were = float(now["km"]), before.get("km")
    if isinstance(were, (int, float)) and km < (1 - LOST_KM) * were:
        found.append(fault("W313", **facts, km=f"{km:,.1f}", before=f"{were:,.1f}", percent=round(100 * (1 - km / were))))
    date, former = str(now["timestamp"])[:10], str(before.get("timestamp") or "")[:10]
    if date and former and date < former:
        found.append(fault("W314", **facts, date=date, before=former))
    return found


def _last(city: City, year: int) -> published.Published | None:
    """The public edition of the year or the nearest before it, else the internal one."""
    years = sorted({y for y in (*city.edition.editions, year) if y <= year}, reverse=True)
    names = [f"{y}{kind}" for y in years for kind in ("", published.INTERNAL_SUFFIX)]
    found = (published.find(city.root / "output" / name) for name in names)
    return next((edition for edition in found if edition is not None), None)
