"""The reader of sidewalks, crossings and limits against cases of other projects' public test suites: tags in, meaning out."""

from __future__ import annotations

import pytest

from cfmap.coverage.safety.limits import kmh
from cfmap.coverage.safety.tags import lanes_one_way, sidewalk
from cfmap.network.streets import crossing_kind

#: Facts carried over from streetcomplete/StreetComplete, app/src/test/java/de/westnordost/streetcomplete/osm/sidewalk/SidewalkParserKtTest.kt
#: at 1e944547fa3b305fbaf7b85db76dc2058a02e5e6: tags, left, right; None = nothing is said, "unread" = no valid value.
STREETCOMPLETE = [
    ({"sidewalk": "something"}, "unread", "unread"),
    ({"sidewalk:both": "something"}, "unread", "unread"),
    ({"sidewalk:left": "something", "sidewalk:right": "something"}, "unread", "unread"),
    ({"sidewalk": "something", "sidewalk:left": "something"}, "unread", "unread"),
    ({"sidewalk:left": "yes", "sidewalk:right": "yes", "sidewalk": "something"}, "unread", "unread"),
    ({"sidewalk:left": "something", "sidewalk:right": "yes"}, "unread", "yes"),
    ({"sidewalk:left": "something", "sidewalk:right": "no"}, "unread", "no"),
    ({"sidewalk:left": "something", "sidewalk:right": "separate"}, "unread", "separate"),
    ({"sidewalk:right": "something", "sidewalk:left": "yes"}, "yes", "unread"),
    ({"sidewalk:right": "something", "sidewalk:left": "no"}, "no", "unread"),
    ({"sidewalk:right": "something", "sidewalk:left": "separate"}, "separate", "unread"),
    ({"sidewalk": "both"}, "yes", "yes"),
    ({"sidewalk:both": "yes"}, "yes", "yes"),
    ({"sidewalk:left": "yes", "sidewalk:right": "yes"}, "yes", "yes"),
    ({"sidewalk": "no"}, "no", "no"),
    ({"sidewalk": "none"}, "no", "no"),
    ({"sidewalk:both": "no"}, "no", "no"),
    ({"sidewalk:both": "none"}, "no", "no"),
    ({"sidewalk:left": "no", "sidewalk:right": "no"}, "no", "no"),
    ({"sidewalk:left": "none", "sidewalk:right": "none"}, "no", "no"),
    ({"sidewalk": "left"}, "yes", "no"),
    ({"sidewalk:left": "yes", "sidewalk:right": "no"}, "yes", "no"),
    ({"sidewalk:left": "yes", "sidewalk:right": "separate"}, "yes", "separate"),
    ({"sidewalk": "right"}, "no", "yes"),
    ({"sidewalk:right": "yes", "sidewalk:left": "no"}, "no", "yes"),
    ({"sidewalk:right": "yes", "sidewalk:left": "separate"}, "separate", "yes"),
    ({"sidewalk": "separate"}, "separate", "separate"),
    ({"sidewalk:both": "separate"}, "separate", "separate"),
    ({"sidewalk:left": "separate", "sidewalk:right": "separate"}, "separate", "separate"),
    ({"sidewalk:left": "separate"}, "separate", None),
    ({"sidewalk:left": "no"}, "no", None),
    ({"sidewalk:left": "none"}, "no", None),
    ({"sidewalk:left": "yes"}, "yes", None),
    ({"sidewalk:left": "something"}, "unread", None),
    ({"sidewalk:right": "separate"}, None, "separate"),
    ({"sidewalk:right": "no"}, None, "no"),
    ({"sidewalk:right": "none"}, None, "no"),
    ({"sidewalk:right": "yes"}, None, "yes"),
    ({"sidewalk:right": "something"}, None, "unread"),
]

#: graphhopper/graphhopper, core/src/test/java/com/graphhopper/routing/util/parsers/OSMSidewalkParserTest.java
#: at 7716530f91f3c352b8a13817ea9e6a64b01dc699 (its directions: forward = right, backward = left).
GRAPHHOPPER = [
    ({"highway": "residential"}, None, None),
    ({"sidewalk": "both"}, "yes", "yes"),
    ({"sidewalk": "yes"}, "yes", "yes"),
    ({"sidewalk": "no"}, "no", "no"),
    ({"sidewalk": "none"}, "no", "no"),
    ({"sidewalk": "separate"}, "separate", "separate"),
    ({"sidewalk:right": "yes"}, None, "yes"),
    ({"sidewalk:left": "yes"}, "yes", None),
    ({"sidewalk:both": "separate"}, "separate", "separate"),
    ({"sidewalk": "both", "sidewalk:right": "separate"}, "yes", "separate"),
    ({"sidewalk:right": "yes", "sidewalk:left": "no"}, "no", "yes"),
]

#: a-b-street/osm2streets, osm2lanes/src/tests.rs at 32ac741482356a9c5992c7d29d863b2a30172dc1: sidewalks at the left and right end of a road's parts.
OSM2LANES = [
    ({"lanes": "2", "oneway": "yes", "sidewalk": "both"}, "yes", "yes"),
    ({"lanes": "2", "oneway": "yes", "sidewalk": "left"}, "yes", "no"),
    ({"lanes": "5", "sidewalk": "none"}, "no", "no"),
    ({"highway": "cycleway", "oneway": "no", "segregated": "yes", "sidewalk": "right"}, "no", "yes"),
    ({"highway": "cycleway", "oneway": "yes", "segregated": "yes", "sidewalk": "left"}, "yes", "no"),
]

#: Where we read otherwise, and why: tags, what the suite says of both sides, what we say.
OTHERWISE = [
    # StreetComplete asks again where a key is there twice; what agrees needs no question, what does not is a finding
    ({"sidewalk:left": "yes", "sidewalk": "left"}, ("unread", "unread"), ("yes", "no")),
    ({"sidewalk:left": "yes", "sidewalk:right": "yes", "sidewalk": "both"}, ("unread", "unread"), ("yes", "yes")),
    ({"sidewalk:right": "no", "sidewalk": "both"}, ("unread", "unread"), ("yes", "contradictory")),
    ({"sidewalk:both": "separate", "sidewalk": "left"}, ("unread", "unread"), ("separate", "contradictory")),
    ({"sidewalk:left": "yes", "sidewalk:right": "no", "sidewalk:both": "yes"}, ("unread", "unread"), ("yes", "contradictory")),
    # GraphHopper leaves the other side out; the key names the one side that has a sidewalk
    ({"sidewalk": "right"}, (None, "yes"), ("no", "yes")),
    ({"sidewalk": "left"}, ("yes", None), ("yes", "no")),
    # GraphHopper drops what it cannot read; we say so
    ({"sidewalk": "something_unknown"}, (None, None), ("unread", "unread")),
    # osm2lanes draws none; who gives its width has seen it
    ({"highway": "residential", "lanes": "1", "oneway": "yes", "sidewalk:left:width": "0.9"}, (None, None), ("yes", None)),
]


def read(tags):
    return tuple(None if (found := sidewalk(tags, side)) is None else found[0] for side in ("left", "right"))


@pytest.mark.parametrize(("tags", "left", "right"), STREETCOMPLETE + GRAPHHOPPER + OSM2LANES)
def test_sidewalks_are_read_as_others_read_them(tags, left, right):
    assert read(tags) == (left, right)


@pytest.mark.parametrize(("tags", "theirs", "ours"), OTHERWISE)
def test_where_we_read_otherwise_it_is_on_purpose(tags, theirs, ours):
    assert read(tags) == ours != theirs


#: graphhopper/graphhopper, OSMCrossingParserTest.java at 0fd25513d11613a7bcf51d9f409714f50b733785. Two cases differ: a bare
#: ``highway=crossing`` and ``crossing:signals=no`` alone are "unmarked" there and unknown here, for nobody has said a word about paint.
CROSSINGS = [
    ({"crossing": "traffic_signals"}, "signalled"),
    ({"crossing:signals": "yes"}, "signalled"),
    ({"crossing:signals": "no"}, "unknown"),
    ({"highway": "crossing"}, "unknown"),
    ({"crossing": "marked"}, "marked"),
    ({"crossing:markings": "yes"}, "marked"),
    ({"crossing:markings": "no"}, "unmarked"),
    ({"crossing:signals": "no", "crossing:markings": "yes"}, "marked"),
    # METHODS 2.3 and older words
    ({"crossing": "zebra"}, "marked"),
    ({"crossing": "uncontrolled"}, "marked"),
    ({"crossing_ref": "zebra"}, "marked"),
    ({"crossing": "unmarked"}, "unmarked"),
    ({"crossing": "informal"}, "unmarked"),
    ({"crossing": "toucan"}, "signalled"),
    ({"crossing": "uncontrolled;traffic_signals"}, "signalled"),
    ({"crossing": "marked", "crossing:signals": "yes"}, "signalled"),
]


@pytest.mark.parametrize(("tags", "kind"), CROSSINGS)
def test_words_for_crossings_are_made_one(tags, kind):
    assert crossing_kind(tags) == kind


#: graphhopper/graphhopper, OSMValueExtractorTest.java at 0f9145b0ffbfcc71cab5c7bb4aa9bb1d6ff40fa7 and OSMMaxSpeedParserTest.java at
#: 18117106e26a40c3e753a30e46ce87795944286f. A country's usual limit ("RO:urban" is 50 there) is no posted one here; knots are for boats.
LIMITS = [("40 km/h", 40), ("40km/h", 40), ("40kmh", 40), ("40mph", 64.374), ("30 mph", 48.28), ("19 kph", 19), ("19kph", 19), ("3mph", 4.828), ("5", 5)]


@pytest.mark.parametrize(("text", "value"), LIMITS)
def test_limits_are_read_as_others_read_them(text, value):
    assert kmh(text) == pytest.approx(value, abs=0.001)


@pytest.mark.parametrize("text", ["0", "-20", "3", "RO:urban", "10 knots", "30z"])
def test_what_is_no_posted_limit_is_none(text):
    assert kmh(text) is None


#: osm2lanes as above: lanes for cars in the direction that has more.
@pytest.mark.parametrize(
    ("tags", "lanes"),
    [
        ({"lanes": "4"}, 2),
        ({"lanes": "3", "sidewalk": "both"}, 2),
        ({"lanes": "5", "sidewalk": "none"}, 3),
        ({"lanes": "3", "lanes:backward": "2", "lanes:forward": "1"}, 2),
        ({"highway": "motorway", "lanes": "5", "oneway": "yes"}, 5),
        ({"highway": "secondary_link", "lanes": "2", "oneway": "yes"}, 2),
        ({"lanes": "1", "sidewalk": "none"}, 1),
    ],
)
def test_lanes_are_shared_out_as_others_do(tags, lanes):
    assert lanes_one_way(tags) == lanes
