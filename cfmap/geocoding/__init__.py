"""Where is an address: a map service is asked, a person looks at the answers, and only what was accepted is used."""

from __future__ import annotations

from cfmap.geocoding.accepted import accept
from cfmap.geocoding.look_up import Outcome, geocode

__all__ = ["Outcome", "accept", "geocode"]
