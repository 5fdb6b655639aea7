"""
What does Valhalla say? Builds tiles of an OpenStreetMap file and answers routes and places, offline.

A script of its own: it runs in the environment that :mod:`judge.environment` makes and imports nothing of cfmap.

``second_engine.py build FILE FOLDER`` and ``second_engine.py answer FOLDER``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import valhalla
from valhalla.config import get_config

#: Shortest way, whatever it passes: `shortest` makes cost the length, so that factors and penalties count nothing; they
#: are neutral all the same. Difficult paths are allowed. The search's lower bound is metres * 3.6 / walking speed, which
#: a speed above 3.6 km/h keeps below the metres that it costs.
COSTING = {
    "shortest": True,
    "walking_speed": 4.0,
    "max_hiking_difficulty": 6,
    "max_distance": 100_000,
    "use_ferry": 0,
    **dict.fromkeys(("walkway_factor", "sidewalk_factor", "alley_factor", "driveway_factor", "service_factor"), 1),
    **dict.fromkeys(("step_penalty", "elevator_penalty", "gate_cost", "gate_penalty", "private_access_penalty", "destination_only_penalty"), 0),
    **dict.fromkeys(("maneuver_penalty", "service_penalty", "country_crossing_cost", "country_crossing_penalty"), 0),
}
#: The nearest edge, nothing moved to a junction, no edge left out for leading nowhere.
PLACE = {"radius": 0, "minimum_reachability": 0, "node_snap_tolerance": 0, "street_side_tolerance": 0, "rank_candidates": False}


def build(file: Path, folder: Path) -> None:
    """Tiles of a ``.osm.pbf`` file, in a folder."""
    tiles = folder / "tiles"
    tiles.mkdir(parents=True, exist_ok=True)
    config = get_config(tile_extract="", tile_dir=tiles)
    for elsewhere in ("tile_extract", "traffic_extract", "admin", "landmarks", "timezone", "transit_dir", "transit_feeds_dir"):
        config["mjolnir"].pop(elsewhere, None)
    config["mjolnir"].update(include_platforms=True, concurrency=1)
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    program = Path(valhalla.__file__).parent / "bin" / ("valhalla_build_tiles.exe" if sys.platform == "win32" else "valhalla_build_tiles")
    run = subprocess.run([program, "-c", folder / "config.json", file], capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(f"valhalla_build_tiles: {run.stdout[-2000:]}{run.stderr[-2000:]}")


def answer(folder: Path) -> None:
    """
    Answer each line of questions, a JSON list, by a line of answers in their order.

    ``["place", lon, lat]`` gives the nearest edges that people on foot may follow as ``[way_id, metres away, along the way
    (or against it)]``. ``["route", lon, lat, lon, lat]`` gives
    ``{"metres", "shape"}`` or null; the metres are those of Valhalla's own edges, the shape is encoded as it came.
    """
    actor = valhalla.Actor(folder / "config.json")
    for line in sys.stdin:
        answers = [_nearest(actor, *question[1:]) if question[0] == "place" else _route(actor, *question[1:]) for question in json.loads(line)]
        print(json.dumps(answers), flush=True)


def _nearest(actor: Any, lon: float, lat: float) -> list[list[Any]]:
    request = {"locations": [{"lon": lon, "lat": lat, **PLACE}], "costing": "pedestrian", "costing_options": {"pedestrian": COSTING}, "verbose": True}
    try:
        found = actor.locate(request)
    except valhalla.ValhallaError:
        return []
    edges = found[0]["edges"] or []
    return [[e["edge_info"]["way_id"], e["distance"], e["edge"]["forward"]] for e in edges]


def _route(actor: Any, lon: float, lat: float, to_lon: float, to_lat: float) -> dict[str, Any] | None:
    request = {
        "locations": [{"lon": lon, "lat": lat, **PLACE}, {"lon": to_lon, "lat": to_lat, **PLACE}],
        "costing": "pedestrian",
        "costing_options": {"pedestrian": COSTING},
        "directions_type": "none",
    }
    try:
        trip = actor.route(request)["trip"]
    except valhalla.ValhallaError as error:
        if error.code in (171, 442):  # no edge near, no path
            return None
        raise
    return {"metres": trip["summary"]["cost"], "shape": trip["legs"][0]["shape"]}


if __name__ == "__main__":
    if sys.argv[1] == "build":
        build(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        answer(Path(sys.argv[2]))
