"""Stock by first in, first out: what sales take from it costs what was paid for the units that came in first.

Movements are taken in order of date, what comes in before what goes out on one day. Units sold before they were bought wait:
they cost what the next units to come in cost, as QuickBooks restates them, and the item's purchase cost while none have come.

Of these rules the facts give first in, first out alone. That units returned by a customer or found in a count come back at the
cost of the newest purchase, and that a vendor credit takes its own amount out of stock, is this emulator's choice.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from qbo_pipeline.emulator.accounting.entries import ZERO
from qbo_pipeline.emulator.books.amounts import cents


@dataclass(slots=True)
class Movement:
    """Units of one item coming in (positive) or going out, and their worth at home, of the same sign.

    `worth` is given for what was bought, started with or sent back to a vendor, and found by `cost_movements` for the rest.
    """

    item_id: str
    day: date
    created: int
    quantity: Decimal
    worth: Decimal | None = None

    @property
    def order(self) -> tuple[date, bool, int]:
        return self.day, self.quantity < 0, self.created


@dataclass(slots=True)
class _Layer:
    """Units that came in together, and what is left of their cost."""

    quantity: Decimal
    cost: Decimal

    def take(self, quantity: Decimal) -> Decimal:
        """Take some or all of the units; the last ones take all cents that are left."""
        taken = self.cost if quantity == self.quantity else cents(self.cost * quantity / self.quantity)
        self.quantity -= quantity
        self.cost -= taken
        return taken


@dataclass(slots=True)
class _Shortage:
    """Units that went out before they came in."""

    movement: Movement
    quantity: Decimal


@dataclass(slots=True)
class _Stock:
    """One item's layers, oldest first, and the shortages waiting for new ones; never both."""

    unit_cost: Decimal
    layers: deque[_Layer] = field(default_factory=deque)
    shortages: deque[_Shortage] = field(default_factory=deque)
    carried: Decimal = ZERO

    def bring_in(self, movement: Movement) -> None:
        if movement.worth is None:
            movement.worth = cents(movement.quantity * self.unit_cost)
        else:
            self.unit_cost = movement.worth / movement.quantity
        layer = _Layer(movement.quantity, movement.worth + self.carried)
        self.carried = ZERO
        while self.shortages and layer.quantity:
            self._fill(self.shortages[0], layer)
        if layer.quantity:
            self.layers.append(layer)

    def take_out(self, movement: Movement) -> None:
        given, wanted, cost = movement.worth, -movement.quantity, ZERO
        while wanted and self.layers:
            units = min(wanted, self.layers[0].quantity)
            cost += self.layers[0].take(units)
            wanted -= units
            if not self.layers[0].quantity:
                self.layers.popleft()
        movement.worth = -cost
        if given is not None:
            self._carry(-given - cost)
            movement.worth = given
        elif wanted:
            self.shortages.append(_Shortage(movement, wanted))

    def settle(self) -> None:
        """Cost what never came in by the newest cost known."""
        for shortage in self.shortages:
            shortage.movement.worth = (shortage.movement.worth or ZERO) - cents(shortage.quantity * self.unit_cost)

    def _fill(self, shortage: _Shortage, layer: _Layer) -> None:
        units = min(shortage.quantity, layer.quantity)
        shortage.movement.worth = (shortage.movement.worth or ZERO) - layer.take(units)
        shortage.quantity -= units
        if not shortage.quantity:
            self.shortages.popleft()

    def _carry(self, excess: Decimal) -> None:
        """Let the units that stay bear what a vendor credit took out above (or below) their cost."""
        if self.layers:
            self.layers[0].cost -= excess
        else:
            self.carried -= excess


def cost_movements(movements: Iterable[Movement], purchase_costs: dict[str, Decimal]) -> None:
    """Give every movement its worth; `purchase_costs` are the items' own, for units whose cost nothing tells."""
    stocks: dict[str, _Stock] = {}
    for movement in sorted(movements, key=lambda one: one.order):
        stock = stocks.get(movement.item_id)
        if stock is None:
            stock = stocks[movement.item_id] = _Stock(purchase_costs.get(movement.item_id, ZERO))
        (stock.bring_in if movement.quantity > 0 else stock.take_out)(movement)
    for stock in stocks.values():
        stock.settle()
