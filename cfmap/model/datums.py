"""How does a setting name the datum of coordinates?"""

from __future__ import annotations

DATUM_PATTERN = r"^(wgs84|cgcs2000|gcj02|bd09|EPSG:\d{4,6}( helmert( (dx|dy|rot|ppm)=-?\d+(\.\d+)?)+)?)$"
