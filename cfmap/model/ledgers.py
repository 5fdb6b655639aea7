"""Which target ledgers come with cfmap, and is a ledger in order?"""

from __future__ import annotations

import difflib
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cfmap.model.city import CONFIG_NAME
from cfmap.model.errors import ConfigError
from cfmap.model.messages import fault
from cfmap.model.target import Binding, Plan, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cfmap.model.layer import Layer

FOLDER = Path(__file__).resolve().parents[1] / "ledgers"


class Head(BaseModel):
    """Whose plan: the head of a ledger."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    city: str = Field(min_length=1)
    title: str = Field(min_length=1)
    document: str = ""
    first: int = Field(ge=1990, le=2100)
    last: int = Field(ge=1990, le=2100)


class Row(BaseModel):
    """One target as a ledger's file has it; the columns of the workbook are the same."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    id: str = Field(min_length=1)
    item: str = Field(min_length=1)
    item_en: str = ""
    tier: Literal["A", "B", "C"]
    target: str = ""
    value: float | None = None
    upto: float | None = None
    operator: Literal[">=", ">", "<=", "<", ""] = ""
    unit: str = ""
    year: str = ""
    due: int | None = None
    yearly: bool = False
    head: bool = False
    softened: Literal["", "basically", "about"] = ""
    clause: str = ""
    task: str = ""
    lead: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()
    rule: str = "reported"
    layers: dict[str, dict[str, str]] = {}
    having: dict[str, str] = {}
    column: str = ""
    over: str = ""
    per: Literal["town", "community"] = "town"
    people: str = ""
    names: tuple[str, ...] = ()
    each: dict[str, str] = {}
    statistic: str = ""
    minimum: float = 0.0
    bound: Literal["", "lower", "upper"] = ""
    first: float | None = None
    step: float | None = None
    what: Literal["", "map", "yearly", "events"] = ""
    note: tuple[str, str] = ("", "")

    def target_row(self) -> Target:
        """As the rooms see it."""
        own = {name: getattr(self, name) for name in Row.model_fields}
        binding = {name: own.pop(name) for name in list(own) if name in Binding.__dataclass_fields__}
        return Target(**own, binding=Binding(**binding))


def standard_ledgers() -> tuple[str, ...]:
    """Keys of the ledgers that come with cfmap."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def standard_ledger(key: str) -> Plan:
    """
    A ledger that comes with cfmap.

    Raises
    ------
    ConfigError
        E170 when there is none of that name.
    """
    path = FOLDER / f"{key}.toml"
    known = standard_ledgers()
    if key not in known:
        near = difflib.get_close_matches(key, known, n=1)
        raise ConfigError(fault("E170", file=CONFIG_NAME, column="targets.ledger", value=key, known="、".join(known), nearest="".join(near) or "—"))
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    head = Head.model_validate(data["plan"])
    rows = tuple(Row.model_validate(row).target_row() for row in data["target"])
    return Plan(key, head.city, head.title, head.document, head.first, head.last, rows)


def ledgers_of(city: str) -> tuple[Plan, ...]:
    """The ledgers of a city that come with cfmap; 瑞安 finds 瑞安市."""
    plans = [standard_ledger(key) for key in standard_ledgers()]
    return tuple(p for p in plans if p.city == city) or tuple(p for p in plans if city and p.city.endswith((f"{city}市", f"{city}区", city)))


def inconsistencies(plan: Plan, layers: Mapping[str, Layer], columns: Iterable[str], rules: Iterable[str]) -> list[tuple[Target, str, str]]:
    """
    What a ledger names that does not exist: a rule, a layer, a column of it.

    Parameters
    ----------
    layers
        The city's.
    columns
        Columns that every layer has.
    rules
        Keys of the rules.

    Returns
    -------
    found
        Target, 中文, English.
    """
    known, common = set(rules), set(columns)
    found: list[tuple[Target, str, str]] = []
    for target in plan.targets:
        binding = target.binding
        if binding.rule not in known:
            found.append(
                (target, f"没有“{binding.rule}”这个规则，有：{'、'.join(sorted(known))}", f"no rule {binding.rule!r}; there are {', '.join(sorted(known))}")
            )
        for key, where in binding.layers.items():
            if key not in layers:
                near = difflib.get_close_matches(key, layers, n=1)
                hint = f"，是不是 {near[0]}" if near else ""
                found.append((target, f"没有“{key}”这个图层{hint}", f"no layer {key!r}" + (f", perhaps {near[0]}" if near else "")))
                continue
            own = {f.key for f in layers[key].fields} | common
            asked = [*where, *binding.having, *binding.each, *(c for c in (binding.column, binding.over) if c)]
            found += [(target, f"图层 {key} 没有“{c}”这一列", f"layer {key} has no column {c!r}") for c in asked if c not in own]
    return found


def detail(error: ValidationError) -> tuple[str, str]:
    """What is wrong with a row of a ledger: the columns, in both languages."""
    parts = [(".".join(map(str, e["loc"])), str(e["msg"])) for e in error.errors()]
    zh = "；".join(f"“{column}”填得不对" for column, _ in parts)
    return zh, "; ".join(f"{column}: {msg}" for column, msg in parts)
