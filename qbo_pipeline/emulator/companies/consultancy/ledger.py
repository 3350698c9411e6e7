"""The consultancy's books while they are being written: dates, ids, balances and the order of events.

The company's year is played from its first day to the day before `as_of`; "today" is counted in days before `as_of`. Whatever is
entered or changed today gets today's instant, so ids, CreateTime and LastUpdatedTime agree as they do in QuickBooks. Amounts are
Decimal here and become JSON numbers only when the company is finished.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from qbo_pipeline.emulator.companies.consultancy.lists import HOME_CURRENCY, Lists
from qbo_pipeline.emulator.source import Record

_PENNY = Decimal("0.01")
_PACIFIC = ZoneInfo("America/Los_Angeles")
_FIRST_DAY = 390
_STOCK, _OPENING_EQUITY = "44", "52"
_OPENING = time(9, tzinfo=UTC)
# Units of home currency for one unit of the foreign one; each week's rate is the next of these.
_RATES = {
    "EUR": [
        Decimal(rate) for rate in ("0.861204", "0.858915", "0.855333", "0.8602", "0.864471", "0.866018", "0.862997")
    ],
    "USD": [Decimal(rate) for rate in ("0.789402", "0.783115", "0.77981", "0.774256", "0.779033")],
}


def pennies(amount: Decimal) -> Decimal:
    """An amount rounded to two places, halves up, as QuickBooks rounds."""
    return amount.quantize(_PENNY, ROUND_HALF_UP)


class Ledger:
    """Every document entered so far and the balances it left.

    `post` keeps the accounts of the balance sheet in their own currency, debits positive; income and expense accounts show no
    CurrentBalance in QuickBooks and are left out.
    """

    def __init__(self, lists: Lists, as_of: date) -> None:
        self.lists, self._as_of = lists, as_of
        self.documents: dict[str, list[Record]] = defaultdict(list)
        self.balances: dict[str, Decimal] = defaultdict(Decimal)
        self.on_hand: dict[str, Decimal] = defaultdict(Decimal)
        self.today = _FIRST_DAY
        self._transactions, self._hours, self._minutes = count(1), count(1), count(0)
        self._diary: list[tuple[int, int, Callable[[], object]]] = []
        self._entries = count()
        self.stock_starts = [self._start_stock(item) for item in lists.entries["Item"].values() if _is_counted(item)]

    def at(self, days_ago: int, action: Callable[[], object]) -> None:
        """Write an event into the diary; one that would lie after yesterday has not happened yet and is left out."""
        if days_ago >= 1:
            heapq.heappush(self._diary, (-days_ago, next(self._entries), action))

    def play(self) -> None:
        """Let everything in the diary happen, oldest first; events may write further ones."""
        while self._diary:
            earlier, _, action = heapq.heappop(self._diary)
            if -earlier != self.today:
                self.today, self._minutes = -earlier, count(0)
            action()

    def date(self, days_ago: int | None = None) -> str:
        """A day as QuickBooks writes it, today's by default; negative days are still to come."""
        return (self._as_of - timedelta(days=self.today if days_ago is None else days_ago)).isoformat()

    def due_date(self, term: str) -> str:
        """Today plus a term; the one that names a day of the month means the end of next month."""
        days = self.lists.get("Term", term).get("DueDays")
        if days is not None:
            return self.date(self.today - days)
        today = self._as_of - timedelta(days=self.today)
        return (
            date(today.year + (today.month + 1) // 12, (today.month + 1) % 12 + 1, 1) - timedelta(days=1)
        ).isoformat()

    def moment(self) -> str:
        """The next instant of today, a minute after the last one."""
        return self.instant(self.today, next(self._minutes))

    def instant(self, days_ago: int, minute: int) -> str:
        """A minute of a day's work, with the Pacific offset QuickBooks writes."""
        opening = datetime.combine(self._as_of - timedelta(days=days_ago), _OPENING)
        return (opening + timedelta(minutes=minute)).astimezone(_PACIFIC).isoformat()

    def rate(self, currency: str, days_ago: int | None = None) -> Decimal:
        """Home units for one unit of a currency; rates change every seventh day."""
        if currency == HOME_CURRENCY:
            return Decimal(1)
        week = -(-(self.today if days_ago is None else days_ago) // 7)
        rates = _RATES[currency]
        return rates[week % len(rates)]

    def next_number(self, entity: str) -> str:
        """The next id of an entity's counter; every transaction but TimeActivity shares one."""
        return str(next(self._hours if entity == "TimeActivity" else self._transactions))

    def enter(self, entity: str, fields: Record) -> Record:
        """Keep a new record, entered now."""
        moment = self.moment()
        record = {
            **fields,
            "domain": "QBO",
            "sparse": False,
            "Id": self.next_number(entity),
            "SyncToken": "0",
            "MetaData": {"CreateTime": moment, "LastUpdatedTime": moment},
        }
        self.documents[entity].append(record)
        return record

    def change(self, record: Record) -> None:
        """Note that a record was changed today."""
        record["SyncToken"] = str(int(record["SyncToken"]) + 1)
        record["MetaData"]["LastUpdatedTime"] = self.moment()

    def link(self, record: Record, other: Record, kind: str) -> None:
        """Note on a record that today's document points to it; the caller writes the link's other end."""
        record.setdefault("LinkedTxn", []).append({"TxnId": other["Id"], "TxnType": kind})
        self.change(record)

    def post(self, account: str, amount: Decimal) -> None:
        """Debit an account (credit it when negative), in its own currency."""
        self.balances[account] += amount

    def currency_fields(self, currency: str) -> Record:
        """What every document of a multi-currency company says about its currency."""
        return {"CurrencyRef": self.lists.currency(currency), "ExchangeRate": self.rate(currency)}

    def _start_stock(self, item: Mapping[str, Any]) -> Record:
        """Set up an item's stock: a transaction with an id of the common counter, though no entity of the API shows it."""
        number, quantity = item["Id"], Decimal(item["StartQuantity"])
        worth = quantity * self.lists.cost(number)
        self.on_hand[number] = quantity
        self.post(_STOCK, worth)
        self.post(_OPENING_EQUITY, -worth)
        moment = self.moment()
        return {
            "Id": self.next_number("InventoryStart"),
            "TxnDate": self.date(),
            "ItemRef": self.lists.reference("Item", number),
            "Quantity": quantity,
            "Worth": worth,
            "PrivateNote": f"{item['Name']} - Opening inventory and value",
            "MetaData": {"CreateTime": moment, "LastUpdatedTime": moment},
        }


def _is_counted(item: Mapping[str, Any]) -> bool:
    return "StartQuantity" in item
