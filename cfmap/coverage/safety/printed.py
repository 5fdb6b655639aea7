"""The rule table for reading: line by line in words, and as plain data for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.coverage.safety.rule_table import ITEMS, RULE_SETS, lines
from cfmap.coverage.safety.thresholds import SOURCES, THRESHOLDS, written
from cfmap.coverage.safety.words import HEARD, STATES, clause_words, explain
from cfmap.model.survey import ITEM_WORDS

if TYPE_CHECKING:
    from cfmap.coverage.safety.rule_table import RuleSet
    from cfmap.coverage.safety.thresholds import Thresholds
    from cfmap.coverage.safety.words import Lang
    from cfmap.model.survey import ItemKey

_INTRO = (
    "每一项从上到下，第一条说中的算数；没有资料是未知，不当作安全，也不当作不安全。",
    "In each item the first line that holds decides; what nobody says is unknown, neither safe nor unsafe.",
)


def table(*, lang: Lang = "zh", thresholds: Thresholds = THRESHOLDS) -> dict[ItemKey, list[tuple[str, str, str, str]]]:
    """Lines of each item in their order, the first that holds decides: state, tests, whom they listen to, reason; in words."""
    en = lang == "en"
    found: dict[ItemKey, list[tuple[str, str, str, str]]] = {key: [] for key in ITEMS}
    for item, clause in lines():
        words = clause_words(clause, lang=lang, thresholds=thresholds)
        found[item.key].append((STATES[clause.state][en], words, HEARD[clause.heard][en], explain(clause.reason, lang=lang, thresholds=thresholds)))
    return found


def set_words(rules: RuleSet, *, lang: Lang = "zh") -> str:
    """What a set needs, in words."""
    needs = (" + ").join(f"{key} {ITEM_WORDS[key][lang == 'en']}" for key in rules.needs)
    told = f"{needs} 都安全（C 只看校门前的路段）" if lang == "zh" else f"{needs}, all of them safe (C on segments before a gate only)"
    for key, (other, streets) in rules.instead.items():
        classes = " ".join(streets)
        more = (
            f"；{classes} 上不知道{ITEM_WORDS[key][0]}时，{other} {ITEM_WORDS[other][0]}安全也算"
            if lang == "zh"
            else f"; on {classes} streets whose {ITEM_WORDS[key][1]} is not known, {other} {ITEM_WORDS[other][1]} stands in"
        )
        told += more
    return told


def printed(*, lang: Lang = "zh", thresholds: Thresholds = THRESHOLDS) -> list[str]:
    """The whole table for a terminal."""
    en = lang == "en"
    told = [_INTRO[en]]
    for key, rows in table(lang=lang, thresholds=thresholds).items():
        told += ["", f"{key} {ITEM_WORDS[key][en]}"]
        for (state, words, heard, _), clause in zip(rows, [c for item, c in lines() if item.key == key], strict=True):
            whom = "" if clause.heard == "any" else f" ({heard})" if en else f"（{heard}）"
            told.append(f"  {state:<7} {words}{whom}" if en else f"  {state}{'　' * (3 - len(state))} {words}{whom}")
    told += ["", "What makes a segment safe" if en else "怎样算安全的路段"]
    told += [f"  {key}: {set_words(rules, lang=lang)}" if en else f"  {rules.title} {key}：{set_words(rules)}" for key, rules in RULE_SETS.items()]
    told += ["", "Numbers and where they come from" if en else "数值和出处"]
    told += [f"  {words[en]} {written(name, thresholds)}  [{source[en]}]" for name, (_, *words, source) in SOURCES.items()]
    return told


def as_facts(thresholds: Thresholds = THRESHOLDS) -> dict[str, Any]:
    """The same for programs: codes, words of both languages."""
    zh, en = table(thresholds=thresholds), table(lang="en", thresholds=thresholds)
    seen: dict[str, int] = dict.fromkeys(ITEMS, 0)
    items: dict[str, list[dict[str, Any]]] = {key: [] for key in ITEMS}
    for item, clause in lines():
        n = seen[item.key]
        seen[item.key] += 1
        items[item.key].append(
            {
                "state": clause.state,
                "reason": clause.reason,
                "heard": clause.heard,
                "when": [{"reading": w.reading, "test": w.test, "values": list(w.values)} for w in clause.when],
                "words": zh[item.key][n][1],
                "words_en": en[item.key][n][1],
                "because": zh[item.key][n][3],
                "because_en": en[item.key][n][3],
            }
        )
    sets = [
        {
            "key": rules.key,
            "needs": list(rules.needs),
            "instead": {key: {"item": other, "streets": list(streets)} for key, (other, streets) in rules.instead.items()},
            "words": set_words(rules),
            "words_en": set_words(rules, lang="en"),
        }
        for rules in RULE_SETS.values()
    ]
    return {
        "items": [{"key": key, "title": ITEM_WORDS[key][0], "title_en": ITEM_WORDS[key][1], "lines": items[key]} for key in ITEMS],
        "sets": sets,
        "thresholds": [
            {"key": name, "value": written(name, thresholds), "title": title, "title_en": title_en, "source": source, "source_en": source_en}
            for name, (_, title, title_en, (source, source_en)) in SOURCES.items()
        ],
    }


__all__ = ["as_facts", "printed", "set_words", "table"]
