"""Our answers to 225 tag cases: equal to all engines where they agree, documented where they do not."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from cfmap.network import EdgeFlag, Network
from cfmap.network.walkability import Access, node_access, way_rule

pytestmark = pytest.mark.truth
POLICY = Path(__file__).with_name("walkability_policy.csv")
WORDS = {Access.OPEN: "open", Access.PRIVATE: "destination", Access.CLOSED: "closed"}


@pytest.fixture(scope="module")
def cases(outside_data):
    folder = outside_data("walkability-cases")
    places = {c["id"]: c for c in json.loads((folder / "cases.json").read_text("utf-8"))}
    return [case | {"from": places[case["id"]], "way": places[case["id"]]["way_id"]} for case in json.loads((folder / "engines.json").read_text("utf-8"))]


def answer(case) -> tuple[Access, str]:
    rule = way_rule(case["way_tags"])
    access = min(rule.access, node_access(case["mid_node_tags"]))
    if access == Access.CLOSED:
        return access, "-"
    return access, "both" if rule.forward and rule.backward else "forward" if rule.forward else "backward"


def test_every_case_on_which_all_engines_agree_is_answered_like_them(cases):
    agreed = [case for case in cases if case["consensus"] is not None]
    assert len(agreed) == 152
    assert [c["id"] for c in agreed if (answer(c)[0] == Access.OPEN) != c["consensus"]] == []


def test_directions_of_agreed_walkable_cases_are_those_of_the_published_tests(cases):
    wrong = []
    for case in cases:
        forward, backward = case["from"]["osrm_forward"], case["from"]["osrm_backward"]
        if case["consensus"] and backward is not None:
            rule = way_rule(case["way_tags"])
            if (rule.forward, rule.backward) != (forward, backward):
                wrong.append(case["id"])
    assert wrong == []


def test_every_disputed_case_has_the_documented_answer(cases, repository):
    policy = {int(row["case"]): row for row in csv.DictReader(POLICY.read_text("utf-8").splitlines())}
    disputed = [case for case in cases if case["consensus"] is None]
    assert {case["id"] for case in disputed} == set(policy)
    assert len(policy) == 73
    assert [c["id"] for c in disputed if (WORDS[answer(c)[0]], answer(c)[1]) != (policy[c["id"]]["answer"], policy[c["id"]]["direction"])] == []
    page = (repository / "docs" / "walkability.md").read_text("utf-8")
    for case, row in policy.items():
        assert f"| {case} |" in page
        assert f"| {row['answer']} | {row['direction']} | {row['reason']} |\n" in page
        assert f"| {row['reason']} | " in page


def test_the_network_of_the_cases_can_be_walked_where_the_rules_say_so(cases, outside_data):
    network = Network.from_osm(outside_data("walkability-cases") / "cases.osm.pbf")
    ends = {
        side: network.snap(gpd.GeoSeries([shapely.Point(case["from"][f"{side}_lonlat"]) for case in cases], crs=4326), limit_m=20, main_component_first=False)
        for side in ("from", "to")
    }
    private_ways = set(network.edge_way[network.has(EdgeFlag.PRIVATE)].tolist())
    total, _ = network.travel(ends["to"]).at(ends["from"])  # every case lies on its own, so its only source is its own end
    wrong = []
    for i, case in enumerate(cases):
        reached = total[i] >= 0 and int(case["way"]) not in private_ways
        access, direction = answer(case)
        if reached != (access == Access.OPEN and direction in ("both", "forward")):
            wrong.append((case["id"], case["way_tags"], case["mid_node_tags"]))
    assert wrong == []
