"""Is a street beside a school safe for a child: the rule table, what tags and answers say, and the judgement."""

from __future__ import annotations

from cfmap.coverage.safety.evidence import Evidence, by_subject
from cfmap.coverage.safety.judge import Judged, Near, Verdict, judge, judge_segment
from cfmap.coverage.safety.limits import kmh
from cfmap.coverage.safety.mistakes import Mistake, mistakes
from cfmap.coverage.safety.rule_table import ITEMS, RULE_SETS
from cfmap.coverage.safety.states import State, all_of
from cfmap.coverage.safety.tags import Reading, lanes_one_way, lanes_reading
from cfmap.coverage.safety.thresholds import THRESHOLDS, Thresholds, thresholds_of
from cfmap.coverage.safety.words import REASONS, explain, filled
from cfmap.model.survey import Side

__all__ = [
    "ITEMS",
    "REASONS",
    "RULE_SETS",
    "THRESHOLDS",
    "Evidence",
    "Judged",
    "Mistake",
    "Near",
    "Reading",
    "Side",
    "State",
    "Thresholds",
    "Verdict",
    "all_of",
    "by_subject",
    "explain",
    "filled",
    "judge",
    "judge_segment",
    "kmh",
    "lanes_one_way",
    "lanes_reading",
    "mistakes",
    "thresholds_of",
]
