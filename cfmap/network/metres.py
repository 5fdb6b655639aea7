"""Which plane is good for metres here."""

from __future__ import annotations


def utm(lon: float, lat: float) -> str:
    """
    Give the UTM zone of a place (degrees) as ``EPSG:326nn`` (north) or ``EPSG:327nn`` (south).

    Scale errors stay below 0.1 % over a city: good enough for half-metre tolerances and buffers, never used for lengths of streets.
    """
    zone = min(max(int((lon + 180.0) // 6.0) + 1, 1), 60)
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"
