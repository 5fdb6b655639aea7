"""The city's street network, downloaded or clipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.model import ConfigError, fault, find_layers, load_city

if TYPE_CHECKING:
    from pathlib import Path

    from cfmap.pipeline.inputs import Progress


def fetch_network(
    project: str | Path, *, place: str = "", extract: Path | None = None, overpass_url: str = "", progress: Progress | None = None
) -> tuple[Path, dict[str, object]]:
    """
    Bring the city's street network to where ``[network] source`` says: downloaded, or clipped from a regional extract.

    Returns
    -------
    path, facts
        The file written, and counts to print.
    """
    from cfmap.intake import read_outline
    from cfmap.network.clip import clip
    from cfmap.network.fetch import fetch

    city = load_city(project)
    out = city.path(city.network.source)
    outline = read_outline(city.path(city.boundary.city), datum=city.boundary.datum, city=city) if city.boundary.city else None
    if extract is not None:
        if outline is None:
            raise ConfigError(fault("E122"))
        report = clip(extract, outline, buffer_m=city.network.buffer_m, out=out)
        return out, report.facts()
    if outline is None and not place:
        raise ConfigError(fault("E122"))
    rules = tuple(rule for layer in find_layers(city).values() for rule in layer.osm)
    polygon = None if place or outline is None else outline.union_all()
    path = fetch(city, place=place or None, polygon=polygon, overpass_url=overpass_url or None, out=out, tags=rules, progress=progress)
    return path, {"bytes": path.stat().st_size}
