"""What does an action of the mending list cost, at the prices that the bureau says?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cfmap.model.mending import Prices
    from cfmap.model.survey import ItemKey
    from cfmap.planning.mending import Action

METRE, STREET, GATE = ("米", "m"), ("条路", "street"), ("个校门", "gate")
#: Settings that can price an item, and what each is the price of; metres of a sidewalk are those of each side.
KINDS: Mapping[ItemKey, Mapping[str, tuple[str, str]]] = {
    "A": {"sidewalk_m": METRE},
    "B": {"speed_limit": STREET, "speed_limit_m": METRE},
    "C": {"signals": GATE},
    "D": {"lighting_m": METRE},
    "E": {"signs": STREET},
}


#: What a setting is the price of, Chinese and English.
NAMES: Mapping[str, tuple[str, str]] = {
    "sidewalk_m": ("人行道每侧每米", "a metre of sidewalk on one side"),
    "speed_limit": ("限速每条路", "a limit on one street"),
    "speed_limit_m": ("限速每米", "a metre of limit"),
    "signals": ("校门口信号灯过街每处", "a crossing with signals at a gate"),
    "lighting_m": ("路灯每米街道", "a metre of street with lamps"),
    "signs": ("儿童标志每条路", "signs for children on one street"),
}


class Cost(NamedTuple):
    """How many of what at which price, yuan."""

    quantity: int
    unit: tuple[str, str]
    price: float

    @property
    def yuan(self) -> float:
        """All of it, to the fen."""
        return round(self.quantity * self.price, 2)

    @property
    def words(self) -> tuple[str, str]:
        """The sum as it is done, Chinese and English."""
        return f"{self.quantity:,} {self.unit[0]} × {self.price:,.10g} 元", f"{self.quantity:,} {self.unit[1]} × {self.price:,.10g} yuan"


def cost_of(action: Action, prices: Prices) -> Cost | None:
    """What an action costs, its metres rounded to whole ones; None where the bureau says no price of its kind."""
    for name, unit in KINDS[action.item].items():
        price = getattr(prices, name)
        if price is not None:
            return Cost(max(1, round(action.metres)) if unit == METRE else 1, unit, price)
    return None


def costs_of(actions: Iterable[Action], prices: Prices) -> dict[int, float]:
    """Yuan of each action by its place in the list, from 0; those without a price are left out."""
    found = ((n, cost_of(action, prices)) for n, action in enumerate(actions))
    return {n: cost.yuan for n, cost in found if cost is not None}


def price_words(prices: Prices) -> tuple[str, str]:
    """All prices that the bureau says, Chinese and English."""
    given = prices.model_dump(exclude_none=True)
    zh, en = (", ".join(f"{NAMES[name][n]} {price:,.10g} {unit}" for name, price in given.items()) for n, unit in ((0, "元"), (1, "yuan")))
    return zh.replace(", ", "，"), en


def priced(prices: Prices) -> bool:
    """Whether the bureau says any price."""
    return prices.model_dump(exclude_none=True) != {}


__all__ = ["KINDS", "Cost", "cost_of", "costs_of", "price_words", "priced"]
