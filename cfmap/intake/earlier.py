"""What did the edition before have, and does this one have about as much?"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from cfmap.intake import decisions
from cfmap.intake.identity import carried
from cfmap.intake.layer import NO_ROWS, is_generated, load_layer
from cfmap.model.errors import InputError, SafetyRefusal
from cfmap.model.events import EVENTS
from cfmap.model.messages import fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cfmap.intake.coordinates import Extent
    from cfmap.model.city import City
    from cfmap.model.edition import LayerData
    from cfmap.model.layer import Layer
    from cfmap.model.messages import Fault

MOST_APART = 0.3  # share of last year's rows by which a layer may differ
FEW_LAYERS = 3  # so many may have grown far before they are told in one record
FEW_ROWS = 5  # of fewer rows every one is much
CONFIRMED = ("I280", "I281")  # there are none, and that is known to be right
STRICT = ("W231", "W232", "W245", "W313")  # warnings that stop a strict run: far other numbers of rows; a datum of unknown accuracy; streets that have gone


def layers_of(
    city: City, layers: Mapping[str, Layer], year: int | None, extent: Extent | None = None, read: Mapping[tuple[int, str], LayerData] | None = None
) -> dict[str, LayerData]:
    """
    Layers of an earlier edition, where the settings name a file for each year (``{year}``) and that file can still be read,
    with the ids that they had in it.

    What cannot be read is not compared, and the page's list of changes says so. `read` holds what this run has read already.
    None where there is no earlier edition gives none.
    """
    found: dict[str, LayerData] = {}
    if year is None:
        return found
    for key, layer in layers.items():
        sources = [s for s in city.layers[key].sources if s.holds(year)] if key in city.layers else []
        if any("{year}" in s.path for s in sources) and not any(s.osm for s in sources):
            with suppress(InputError, SafetyRefusal):
                found[key] = (read or {}).get((year, key)) or load_layer(layer, city, year=year, extent=extent)
    return {key: data for key, (data, _) in with_kept_ids(found, city, year, extent, read).items()}


def with_kept_ids(
    now: Mapping[str, LayerData],
    city: City,
    year: int,
    extent: Extent | None = None,
    read: Mapping[tuple[int, str], LayerData] | None = None,
    *,
    former: Mapping[str, LayerData] | None = None,
) -> dict[str, tuple[LayerData, list[Fault]]]:
    """
    Layers of an edition with ids carried over from the one before, edition by edition, and what must be asked.

    Only layers that have sites without ids of their own look back; `former` spares reading the edition before once more.
    """
    bare = {key: data.layer for key, data in now.items() if key != EVENTS and _has_generated(data)}
    before = max((y for y in city.edition.editions if y < year), default=None)
    if former is None:
        former = layers_of(city, bare, before, extent, read) if bare else {}
    decided = decisions.read(city)
    return {key: carried(data, former[key], decided, city) if key in bare and key in former else (data, []) for key, data in now.items()}


def _has_generated(data: LayerData) -> bool:
    return any(is_generated(data.layer.key, str(site)) for table in (data.sites, data.unlocated) for site in table["id"])


def other_counts(now: Mapping[str, LayerData], former: Mapping[str, LayerData], year: int | None) -> list[Fault]:
    """
    Layers with far more or far fewer rows than the edition before: a table of half a city looks like any other.

    One record for each layer (W231); where more than :data:`FEW_LAYERS` have grown, one for all of these (W232): a city that grows is no news.
    """
    found: list[Fault] = []
    grown: list[Fault] = []
    for key, before in former.items():
        if key not in now:
            continue
        rows, was = now[key].rows_read, before.rows_read
        if was >= FEW_ROWS and rows and abs(rows - was) > MOST_APART * was:
            file = next((i.path for i in now[key].inputs), None)
            layer = now[key].layer
            percent = round(100 * abs(rows - was) / was)
            told = fault("W231", file=file, layer=layer.title, layer_en=layer.title_en, rows=rows, was=was, year=year, percent=percent)
            (grown if rows > was else found).append(told)
    if len(grown) <= FEW_LAYERS:
        return [*found, *grown]
    each = [f.facts for f in sorted(grown, key=lambda f: -f.facts["percent"])]
    layers = "、".join(f"{f['layer']} {f['was']} → {f['rows']}" for f in each)
    layers_en = ", ".join(f"{f['layer_en']} {f['was']} → {f['rows']}" for f in each)
    return [*found, fault("W232", count=len(grown), year=year, layers=layers, layers_en=layers_en)]


def vanished(now: Mapping[str, LayerData], unread: Mapping[str, Iterable[Fault]], former: Mapping[str, LayerData], year: int | None) -> list[Fault]:
    """
    Layers that had sites in the edition before and have none now, though nobody confirmed that.

    Parameters
    ----------
    now
        Layers of this edition; one with rows that were all withdrawn has none.
    unread
        What stopped each layer that could not be read.
    former, year
        Layers of the edition before, and its year.
    """
    found = []
    for key, before in former.items():
        was, layer = before.rows_read, before.layer
        files = [f.file for f in unread.get(key, ()) if f.code in NO_ROWS]
        if key in now and now[key].sites.empty and now[key].unlocated.empty and not any(f.code in CONFIRMED for f in now[key].faults):
            files = [next((i.path for i in now[key].inputs), None)]
        found += [fault("E280", file=file, layer=layer.title, layer_en=layer.title_en, was=was, year=year) for file in files if was]
    return found


def doubts(faults: Iterable[Fault]) -> list[Fault]:
    """What a strict run makes of the warnings in :data:`STRICT`: one record that stops, or none."""
    count = Counter(f.code for f in faults if f.code in STRICT)
    if not count:
        return []
    return [fault("E281", count=count.total(), codes="、".join(f"{code} × {n}" for code, n in sorted(count.items())))]
