"""What does an action of the mending list cost, at the prices that the bureau says?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cfmap.model.mending import Prices
    from cfmap.model.survey import ItemKey
    from cfmap.planning.mending import Action

METRE, STREET, GATE = ("米", "m"), ("处", "street"), ("处", "gate")
#: Settings that can price an item, and what each is the price of; metres of a sidewalk are those of each side.
KINDS: Mapping[ItemKey, Mapping[str, tuple[str, str]]] = {
    "A": {"sidewalk_m": METRE},
    "B": {"speed_limit": STREET, "speed_limit_m": METRE},
    "C": {"signals": GATE},
    "D": {"lighting_m": METRE},
    "E": {"signs": STREET},
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


def priced(prices: Prices) -> bool:
    """Whether the bureau says any price."""
    return prices.model_dump(exclude_none=True) != {}


__all__ = ["KINDS", "Cost", "cost_of", "costs_of", "priced"]
