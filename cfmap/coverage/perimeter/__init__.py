"""Which stretches of road must a child pass or cross close to school, and what is known about their safety."""

from __future__ import annotations

from cfmap.coverage.perimeter.asked import METHOD_WORDS, perimeter_asked, perimeter_words
from cfmap.coverage.perimeter.compared import Compared, compared
from cfmap.coverage.perimeter.doors import school_doors
from cfmap.coverage.perimeter.figures import (
    COVERED,
    COVERED_WORDS,
    Covered,
    is_full,
    outline_faults,
    perimeter_faults,
    school_summary,
    street_metres,
    town_figures,
)
from cfmap.coverage.perimeter.fronts import CROSSING_M
from cfmap.coverage.perimeter.ground import METHODS, WALL, Method
from cfmap.coverage.perimeter.kinds import KINDERGARTENS, KINDS, SCHOOLS, doors_of, gates_of, perimeters_asked, scored, site_id, sites_of
from cfmap.coverage.perimeter.lists import crossing_faults, matched_crossings
from cfmap.coverage.perimeter.subjects import Subjects, gate_key, lost_answers
from cfmap.coverage.perimeter.table import COLUMNS, PERIMETER_M, perimeter, perimeter_of
from cfmap.coverage.perimeter.tagging import tag_faults

__all__ = [
    "COLUMNS",
    "COVERED",
    "COVERED_WORDS",
    "CROSSING_M",
    "KINDERGARTENS",
    "KINDS",
    "METHODS",
    "METHOD_WORDS",
    "PERIMETER_M",
    "SCHOOLS",
    "WALL",
    "Compared",
    "Covered",
    "Method",
    "Subjects",
    "compared",
    "crossing_faults",
    "doors_of",
    "gate_key",
    "gates_of",
    "is_full",
    "lost_answers",
    "matched_crossings",
    "outline_faults",
    "perimeter",
    "perimeter_asked",
    "perimeter_faults",
    "perimeter_of",
    "perimeter_words",
    "perimeters_asked",
    "school_doors",
    "school_summary",
    "scored",
    "site_id",
    "sites_of",
    "street_metres",
    "tag_faults",
    "town_figures",
]
