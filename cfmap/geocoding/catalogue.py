"""Which map services can be asked: where they are, what datum they answer in, where their key is kept, how often they may be asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Service:
    """
    A geocoding service.

    Parameters
    ----------
    name
        As the user types it.
    title, title_en
        As the user reads it.
    url
        Address that is asked; another one can be set for an intranet.
    key_variable
        Environment variable that holds the key; empty when none is needed.
    datum
        Of its answers.
    pause_s
        Least seconds between two questions.
    """

    name: str
    title: str
    title_en: str
    url: str
    key_variable: str
    datum: str
    pause_s: float


SERVICES = {
    s.name: s
    for s in (
        Service("tianditu", "天地图", "Tianditu", "https://api.tianditu.gov.cn/geocoder", "TIANDITU_KEY", "cgcs2000", 0.3),
        Service("amap", "高德", "Amap", "https://restapi.amap.com/v3/geocode/geo", "AMAP_KEY", "gcj02", 0.35),
        # at most one question a second: operations.osmfoundation.org/policies/nominatim
        Service("nominatim", "Nominatim（OpenStreetMap）", "Nominatim (OpenStreetMap)", "https://nominatim.openstreetmap.org/search", "", "wgs84", 1.0),
    )
}
