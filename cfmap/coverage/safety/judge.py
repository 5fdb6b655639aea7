"""Is a street beside a school safe for a child: each item of the rule table, by answers first and tags after them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cfmap.coverage.safety.evidence import Evidence, said, strongest_first
from cfmap.coverage.safety.limits import limit
from cfmap.coverage.safety.rule_table import ITEMS, RULE_SETS
from cfmap.coverage.safety.states import all_of
from cfmap.coverage.safety.tags import crossing, readings, side_readings, sidewalk
from cfmap.coverage.safety.thresholds import THRESHOLDS
from cfmap.model.survey import ITEM_KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cfmap.coverage.safety.rule_table import Item, RuleSet, When
    from cfmap.coverage.safety.states import State
    from cfmap.coverage.safety.tags import OneSide, Reading
    from cfmap.coverage.safety.thresholds import Thresholds
    from cfmap.model.survey import Answer, ItemKey, Side

#: Readings by which an answer that decides nothing may still contradict a weaker word.
_TELLING = ("sidewalk", "crossing", "lit", "sign", "calming", "loving", "guard")
_ALIKE = {"separate": "yes"}
#: How the keys begin that anything is read of; streets that differ in nothing else are judged once.
_ASKED = (
    *("cfmap:", "crossing", "hazard", "highway", "junction", "lanes", "lit", "maxspeed", "oneway", "sidewalk", "source:maxspeed"),
    *("supervised", "traffic_", "zone:maxspeed"),
)


@dataclass(frozen=True)
class Verdict:
    """
    One item of one segment.

    Parameters
    ----------
    state
        Safe, unsafe or unknown.
    reasons
        Codes of :data:`cfmap.coverage.safety.REASONS`; several only for C before several gates.
    evidence
        What decided.
    conflicts
        Pairs that disagree, the stronger first.
    """

    state: State
    reasons: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    conflicts: tuple[tuple[Evidence, Evidence], ...] = ()


@dataclass(frozen=True)
class Near:
    """
    What lies within 50 m of a gate along streets.

    Parameters
    ----------
    crossings
        (OSM id, kind), each crossing once; kinds as the network knows them: signalled, marked, unmarked, unknown.
    over
        OSM id of a bridge or tunnel for people, "" = none.
    lanes
        Lanes one way, and of which tags, where a crossing leads over another way than the segment's, by its id; None = not known.
    """

    crossings: tuple[tuple[str, str], ...] = ()
    over: str = ""
    lanes: Mapping[str, Reading | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """
    All items of one segment.

    Parameters
    ----------
    items
        Verdict by item; None where it does not apply (C before no gate).
    street
        ``highway`` of the segment.
    notes
        Reasons that decide nothing: tags that contradict each other.
    gates
        State of C before each gate, by its key.
    """

    items: Mapping[ItemKey, Verdict | None]
    street: str = ""
    notes: tuple[str, ...] = ()
    gates: Mapping[str, State] = field(default_factory=dict)

    def state(self, rule_set: str = "default") -> State:
        """Kleene's "and" of the items that the set needs."""
        return all_of(verdict.state for _, verdict in self.needed(rule_set))

    def reasons(self, rule_set: str = "default") -> tuple[str, ...]:
        """Codes of the items that the set needs, then the notes."""
        return tuple(dict.fromkeys([code for _, verdict in self.needed(rule_set) for code in verdict.reasons] + list(self.notes)))

    def needed(self, rule_set: str = "default") -> list[tuple[ItemKey, Verdict]]:
        """The items that count in a set, with the one that stands in for another in its place."""
        rules: RuleSet = RULE_SETS[rule_set]
        found: list[tuple[ItemKey, Verdict]] = []
        for key in rules.needs:
            verdict = self.items[key]
            if verdict is None:
                continue
            other, streets = rules.instead.get(key, (key, ()))
            stand_in = self.items[other]
            helps = verdict.state == "unknown" and self.street in streets and stand_in is not None and stand_in.state == "safe"
            found.append((other, stand_in) if helps and stand_in is not None else (key, verdict))
        return found

    def evidence_text(self) -> str:
        """``A way/12@2024-05-01 sidewalk=both; B survey/3@2024-06-01 限速 30``; items of which nobody said anything are left out."""
        return "; ".join(f"{key} {e.text()}" for key, verdict in self.items.items() if verdict for e in verdict.evidence if e.read)

    def conflict_text(self) -> str:
        """``A survey/3@2024-06-01 无 ≠ way/12@2024-05-01 sidewalk=both``, "" = nobody disagrees."""
        return "; ".join(f"{key} {a.text()} ≠ {b.text()}" for key, verdict in self.items.items() if verdict for a, b in verdict.conflicts)


class _Word(NamedTuple):
    """What one source says about one item."""

    state: State
    reason: str
    evidence: Evidence
    telling: Mapping[str, str | float]


class _OnMap(NamedTuple):
    """What the map says about one item: all readings, and what comes of them."""

    found: Mapping[str, Reading]
    state: State
    reason: str
    read: str
    telling: Mapping[str, str | float]


def judge_segment(
    tags: Mapping[str, str],
    *,
    side: Side = "",
    way: str = "",
    date: str = "",
    segment: str = "",
    gates: Mapping[str, Near] | None = None,
    answers: Mapping[str, Sequence[Answer]] | None = None,
    thresholds: Thresholds = THRESHOLDS,
) -> Judged:
    """
    Every item of one segment.

    Parameters
    ----------
    tags
        Of the way, with what was found beside it: ``cfmap:beside:left`` and ``cfmap:beside:right`` yes or no (a mapped sidewalk along
        at least the share of :class:`Thresholds`), ``cfmap:calming``, ``cfmap:loving``, ``cfmap:supervised``.
    side
        Where the school lies, looking along the way; "" = not known: then only what is the same on both sides decides A.
    way, date
        OSM id (``way/12``) and day of the tags, for the evidence.
    segment
        Key that answers name.
    gates
        Before which gates the segment lies: gate key -> what is near it. None or empty = before none, and C does not apply.
    answers
        As :func:`cfmap.coverage.safety.by_subject` gives them.

    Returns
    -------
    judged
        A stronger source decides, an unknown never hides what a weaker one knows unless it contradicts it, and every
        disagreement is listed.
    """
    answers = answers or {}
    frozen = _asked_of(tags)
    here = [a for a in answers.get(segment, ()) if a.item != "C"]
    items: dict[ItemKey, Verdict | None] = dict.fromkeys(ITEM_KEYS)
    mapped = _mapped(frozen, thresholds)
    before = _at_gates(mapped, tags, way, date, gates or {}, answers, thresholds)
    for key in ITEM_KEYS:
        mine = [a for a in here if a.item == key]
        if key == "A":
            items[key] = _walking_space(mapped, side, way, date, mine, thresholds)
        elif key == "C":
            items[key] = _for_all(list(before.values()))
        else:
            items[key] = _decide(_words(ITEMS[key], mapped[key], mine, way, date, thresholds))
    return Judged(items, tags.get("highway", ""), _notes(frozen, thresholds), {gate: verdict.state for gate, verdict in before.items()})


def judge(item: Item, tags: Mapping[str, str], *, side: Side = "", thresholds: Thresholds = THRESHOLDS) -> tuple[State, str]:
    """
    State and reason of one item by tags alone, for callers that know of no gates and no answers; parameters as :func:`judge_segment`.
    """
    mapped = _mapped(_asked_of(tags), thresholds)
    if item.key == "A":
        verdict = _walking_space(mapped, side, "", "", [], thresholds)
        return verdict.state, verdict.reasons[0]
    return mapped[item.key].state, mapped[item.key].reason


def _walking_space(mapped: Mapping[str, _OnMap], side: Side, way: str, date: str, answers: list[Answer], thresholds: Thresholds) -> Verdict:
    """Item A; where the school's side is not known, what both sides say alike."""
    sides: tuple[OneSide, ...] = (side,) if side else ("left", "right")
    found = [_decide(_words(ITEMS["A"], mapped[f"A {s}"], [a for a in answers if a.side in ("", s)], way, date, thresholds)) for s in sides]
    worse = min(found, key=lambda verdict: (verdict.reasons, verdict.evidence))
    if len({verdict.state for verdict in found}) == 1:
        return worse
    both = tuple(sorted({e for verdict in found for e in verdict.evidence if e.read}))
    return Verdict("unknown", ("A-which-side",), both, tuple(sorted({pair for verdict in found for pair in verdict.conflicts})))


def _at_gates(
    mapped: Mapping[str, _OnMap],
    tags: Mapping[str, str],
    way: str,
    date: str,
    gates: Mapping[str, Near],
    answers: Mapping[str, Sequence[Answer]],
    thresholds: Thresholds,
) -> dict[str, Verdict]:
    """Item C, for each gate that the segment lies before, in order of their keys."""
    found = mapped["C"].found
    verdicts = {}
    for key in sorted(gates):
        front = gates[key]
        near = crossing(front.crossings, over=front.over, tags=tags, lanes=front.lanes, thresholds=thresholds)
        mine = [a for a in answers.get(key, ()) if a.item == "C"]
        seen = mapped["C"]
        if near:
            seen = _on_map(ITEMS["C"], {reading: said for reading, said in {**found, **near}.items() if said is not None}, thresholds)
        verdicts[key] = _decide(_words(ITEMS["C"], seen, mine, way, date, thresholds))
    return verdicts


def _for_all(verdicts: list[Verdict]) -> Verdict | None:
    """One verdict for several gates; None before no gate."""
    if not verdicts:
        return None
    return Verdict(
        all_of(v.state for v in verdicts),
        tuple(sorted({code for v in verdicts for code in v.reasons})),
        tuple(dict.fromkeys(e for v in verdicts for e in v.evidence)),
        tuple(dict.fromkeys(pair for v in verdicts for pair in v.conflicts)),
    )


def _words(item: Item, seen: _OnMap, answers: Sequence[Answer], way: str, date: str, thresholds: Thresholds) -> list[_Word]:
    """What each source says, the strongest first; answers that say nothing about the item are left out."""
    words = []
    for answer in strongest_first(answers) if answers else ():
        own = said(answer)
        context = {key: reading for key, reading in seen.found.items() if key in ("street", "lanes")}
        state, reason, used = _first(item, {**context, **own}, "answer", thresholds)
        if any(reading in own for reading in used):
            telling = {key: own[key][0] for key in _TELLING if key in own}
            words.append(_Word(state, reason, Evidence(answer.source, answer.id, answer.date, next(iter(own.values()))[1]), telling))
    words.append(_Word(seen.state, seen.reason, Evidence("osm", way, date, seen.read), seen.telling))
    return words


def _decide(words: list[_Word]) -> Verdict:
    """
    The strongest word that is known; one that leaves the item open lets a weaker one decide unless that contradicts it.
    """
    silent = words[-1]
    if len(words) == 1:
        return Verdict(silent.state, (silent.reason,), (silent.evidence,))
    chosen, open_ = None, None
    for word in words:
        if word.state != "unknown":
            chosen = word if open_ is None or _agree(open_, word) else open_
            break
        open_ = open_ or (word if word is not silent else None)
    chosen = chosen or open_ or silent
    return Verdict(
        chosen.state,
        (chosen.reason,),
        (chosen.evidence,),
        tuple(dict.fromkeys((chosen.evidence, word.evidence) for word in words if word is not chosen and _disagree(chosen, word))),
    )


def _agree(one: _Word, other: _Word) -> bool:
    return all(one.telling[key] == other.telling[key] for key in one.telling.keys() & other.telling.keys())


def _disagree(one: _Word, other: _Word) -> bool:
    known = {one.state, other.state} - {"unknown"}
    return len(known) > 1 or (len(known) == 1 and one.state != other.state and not _agree(one, other))


def _first(item: Item, found: Mapping[str, Reading], heard: str, thresholds: Thresholds) -> tuple[State, str, tuple[str, ...]]:
    """State, reason and readings used of the first clause that holds."""
    for clause in item.clauses:
        if clause.heard in (heard, "any") and all(_holds(when, found, thresholds) for when in clause.when):
            return clause.state, clause.reason, tuple(when.reading for when in clause.when)
    return "unknown", item.otherwise, ()


def _holds(when: When, found: Mapping[str, Reading], thresholds: Thresholds) -> bool:
    if when.reading not in found:
        return when.test == "unknown"
    value = found[when.reading][0]
    if when.test == "is":
        return value in when.values
    if when.test == "unknown":
        return False
    bound, number = float(getattr(thresholds, when.values[0])), float(value)
    return {"<=": number <= bound, "<": number < bound, ">=": number >= bound, ">": number > bound}[when.test]


def _asked_of(tags: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, text) for key, text in tags.items() if key.startswith(_ASKED)))


def _on_map(item: Item, found: Mapping[str, Reading], thresholds: Thresholds) -> _OnMap:
    state, reason, used = _first(item, found, "map", thresholds)
    read = " ".join(dict.fromkeys(found[reading][1] for reading in used if reading in found))
    telling = {key: _ALIKE.get(str(found[key][0]), found[key][0]) for key in _TELLING if key in found}
    return _OnMap(found, state, reason, read, telling)


@lru_cache(maxsize=1 << 15)
def _mapped(frozen: tuple[tuple[str, str], ...], thresholds: Thresholds) -> dict[str, _OnMap]:
    """What the map says about every item, by its key; of A by side; of C without any crossing."""
    tags = dict(frozen)
    found = readings(tags, thresholds=thresholds)
    by_side: tuple[OneSide, ...] = ("left", "right")
    seen = {f"A {side}": _on_map(ITEMS["A"], side_readings(tags, side), thresholds) for side in by_side}
    return seen | {key: _on_map(item, found, thresholds) for key, item in ITEMS.items() if key != "A"}


@lru_cache(maxsize=1 << 15)
def _notes(frozen: tuple[tuple[str, str], ...], thresholds: Thresholds) -> tuple[str, ...]:
    tags = dict(frozen)
    sides: tuple[OneSide, ...] = ("left", "right")
    walks = any((found := sidewalk(tags, side)) is not None and found[0] == "contradictory" for side in sides)
    return (*(("A-contradictory",) if walks else ()), *(("B-contradictory",) if limit(tags, thresholds=thresholds).contradicts else ()))


__all__ = ["Judged", "Near", "Verdict", "judge", "judge_segment"]
