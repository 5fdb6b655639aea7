"""
How fast does Valhalla give minutes from sites to the places near them? A script of its own for the judge's environment.

``_valhalla.py CONFIG < requests.json > answers.json``: requests are ``[[lon, lat], [[lon, lat], ...]]``, a site and its places;
the answer holds CPU and wall seconds of all requests, and metres (null = none) in their order.
"""

import json
import sys
import time

import valhalla

WALK = {"shortest": True, "walking_speed": 4.0, "step_penalty": 0, "max_hiking_difficulty": 6, "use_ferry": 0}


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123 - a script without the project's rules
        config = json.load(file)
    config["service_limits"]["pedestrian"].update(max_matrix_location_pairs=10**9, max_matrix_distance=10**6)
    with open(sys.argv[1], "w", encoding="utf-8") as file:  # noqa: PTH123
        json.dump(config, file)
    requests = json.load(sys.stdin)
    actor = valhalla.Actor(sys.argv[1])
    metres = []
    matrix(actor, *requests[0])  # loads the tiles
    cpu, wall = time.process_time(), time.perf_counter()
    answers = [matrix(actor, *request) for request in requests]
    seconds = time.process_time() - cpu, time.perf_counter() - wall
    for answer in answers:
        found = answer["sources_to_targets"][0]
        metres.append([None if pair["distance"] is None else pair["distance"] * 1000 for pair in found])
    json.dump({"seconds": seconds, "metres": metres}, sys.stdout)


def matrix(actor, site, places):
    request = {
        "sources": [{"lon": site[0], "lat": site[1], "radius": 0}],
        "targets": [{"lon": lon, "lat": lat, "radius": 0} for lon, lat in places],
        "costing": "pedestrian",
        "costing_options": {"pedestrian": WALK},
        "verbose": True,
    }
    return actor.matrix(request)


if __name__ == "__main__":
    main()
