"""Ids that are computed, not kept: a million of them are one small object that can be sliced, searched and iterated.

As in QuickBooks, all transaction types share one counter. It runs in blocks: twenty invoices, the payments entered meanwhile (of
invoices about a month older), four bills, and the payments of older bills. A number whose payment does not exist stays unused.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import overload

_INVOICES, _BILLS = 20, 4
_BLOCK = 2 * _INVOICES + 2 * _BILLS


class Ids(Sequence[str]):
    """The ids at `positions`, ascending; `number` gives the id at a position."""

    def __init__(self, positions: range, number: Callable[[int], int]) -> None:
        self._positions = positions
        self._number = number

    def __len__(self) -> int:
        return len(self._positions)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> "Ids": ...
    def __getitem__(self, index: int | slice) -> "str | Ids":
        if isinstance(index, slice):
            return Ids(self._positions[index], self._number)
        return str(self._number(self._positions[index]))

    def __iter__(self) -> Iterator[str]:
        return (str(number) for number in map(self._number, self._positions))

    def __contains__(self, value: object) -> bool:
        try:
            self.index(value)
        except ValueError:
            return False
        return True

    def index(self, value: object, start: int = 0, stop: int | None = None) -> int:
        """The place of an id in this sequence, found by bisection."""
        text = str(value)
        if text.isdecimal() and self._positions.step > 0:
            place = bisect_left(self._positions, int(text), key=self._number)
            inside = start <= place < (len(self) if stop is None else stop)
            if inside and place < len(self) and self[place] == text:
                return place
        raise ValueError(f"{value!r} is not among these ids.")


class TransactionNumbers:
    """The ids of invoices, bills and their payments, by the position of the invoice or bill.

    `months` is how much of the company's life one month is: payments are numbered among the documents entered a month later.
    """

    def __init__(self, invoices: int, months: float) -> None:
        self._delay = round(invoices / _INVOICES * months)

    def invoice(self, invoice: int) -> int:
        return 1 + invoice // _INVOICES * _BLOCK + invoice % _INVOICES

    def payment(self, invoice: int) -> int:
        return 1 + (invoice // _INVOICES + self._delay) * _BLOCK + _INVOICES + invoice % _INVOICES

    def bill(self, bill: int) -> int:
        return 1 + bill // _BILLS * _BLOCK + 2 * _INVOICES + bill % _BILLS

    def bill_payment(self, bill: int) -> int:
        return 1 + (bill // _BILLS + self._delay) * _BLOCK + 2 * _INVOICES + _BILLS + bill % _BILLS
