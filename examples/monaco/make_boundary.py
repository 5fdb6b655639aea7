"""Where does the example's boundary come from: an outline round the extract's own streets, because no official one is complete in it."""

from __future__ import annotations

import json
from pathlib import Path

import osmium
import shapely

DATA = Path(__file__).resolve().parent / "data"
RATIO = 0.15  # of shapely.concave_hull: small enough to follow the coast, large enough to leave no holes
DIGITS = 5  # about one metre


def street_points(extract: Path) -> list[tuple[float, float]]:
    """Longitude and latitude of every node of every way tagged ``highway``."""
    streets = osmium.FileProcessor(str(extract), osmium.osm.NODE | osmium.osm.WAY).with_locations().with_filter(osmium.filter.KeyFilter("highway"))
    return [(node.lon, node.lat) for thing in streets if thing.is_way() for node in thing.nodes if node.location.valid()]


def main() -> None:
    """Write ``data/boundary.geojson``."""
    hull = shapely.concave_hull(shapely.MultiPoint(street_points(DATA / "network.osm.pbf")), ratio=RATIO, allow_holes=False)
    ring = [[round(x, DIGITS), round(y, DIGITS)] for x, y in hull.exterior.coords]
    outline = {"type": "Feature", "properties": {"name": "Monaco（路网数据范围）", "code": ""}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    text = json.dumps({"type": "FeatureCollection", "features": [outline]}, ensure_ascii=False)
    (DATA / "boundary.geojson").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
