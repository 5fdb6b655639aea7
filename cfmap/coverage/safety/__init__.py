"""Is a street beside a school safe for a child: the rule table, what tags say, and the judgement."""

from __future__ import annotations

from cfmap.coverage.safety.judge import judge, judge_crossing
from cfmap.coverage.safety.rule_table import ITEMS
from cfmap.coverage.safety.states import State, all_of
from cfmap.coverage.safety.tags import kmh, lanes_one_way
from cfmap.coverage.safety.words import REASONS, explain
from cfmap.model.survey import Side

__all__ = ["ITEMS", "REASONS", "Side", "State", "all_of", "explain", "judge", "judge_crossing", "kmh", "lanes_one_way"]
