"""Books of random documents, entered, changed, voided and deleted: what must hold whatever happened."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from qbo_pipeline.emulator.accounting.chart import PAYABLE, RECEIVABLE
from qbo_pipeline.emulator.accounting.open_items import Side
from qbo_pipeline.emulator.accounting.posting import Basis
from qbo_pipeline.emulator.source import Record
from qbo_pipeline_tests.emulator.accounting.trading_company import (
    BANK,
    BANK_EUR,
    CUSTOMER,
    CUSTOMER_EUR,
    GOODS,
    VENDOR,
    VENDOR_EUR,
    Trading,
    bought,
    cost,
    euros,
    pays,
    ref,
    sold,
    tax,
)

BASES: tuple[Basis, ...] = ("Accrual", "Cash")
SIDES: tuple[tuple[Side, str, int], ...] = (("receivable", RECEIVABLE, 1), ("payable", PAYABLE, -1))
FIRST, LAST = date(2026, 3, 1), date(2026, 4, 30)
_days = st.dates(FIRST, LAST).map(date.isoformat)
_values = st.integers(1, 99_999).map(lambda cents: Decimal(cents) / 100)
_rates = st.integers(8_000, 13_000).map(lambda points: str(Decimal(points) / 10_000))


class Bookkeeper:
    """Enters one random document after the other and remembers what can still be paid, changed or taken back."""

    def __init__(self, data: DataObject, *, with_goods: bool) -> None:
        self.trading, self.data, self.with_goods = Trading(), data, with_goods
        self.open: dict[str, list[tuple[Record, Decimal]]] = {}
        self.entered: list[tuple[str, Record]] = []

    def act(self) -> None:
        """One random thing a bookkeeper does."""
        action = self.data.draw(st.sampled_from([self.sell, self.buy, self.receive, self.pay, self.bank, self.undo]))
        action()

    def sell(self) -> None:
        entity = self._one("Invoice", "Invoice", "CreditMemo", "SalesReceipt", "RefundReceipt")
        lines = [sold(value) for value in self.data.draw(st.lists(_values, min_size=1, max_size=4))]
        if self.with_goods:
            lines.append(sold(100, GOODS, quantity=self.data.draw(st.integers(1, 9))))
        fields: Record = {"CustomerRef": ref(CUSTOMER), "Line": lines}
        if self.data.draw(st.booleans()):
            state, city = self.data.draw(_values), self.data.draw(_values)
            fields["TxnTaxDetail"] = tax(state + city, ("1", state), ("2", city))
        if entity.endswith("Receipt"):
            self._enter(entity, fields | {"DepositToAccountRef": ref(BANK)})
        else:
            self._enter(entity, fields | self._currency("CustomerRef", CUSTOMER_EUR))

    def buy(self) -> None:
        entity = self._one("Bill", "Bill", "VendorCredit", "Purchase")
        lines = [cost(value) for value in self.data.draw(st.lists(_values, min_size=1, max_size=3))]
        if self.with_goods:
            lines.append(bought(self.data.draw(st.integers(1, 9)), self.data.draw(st.integers(1, 30)) / 4))
        if entity == "Purchase":
            self._enter(entity, {"PaymentType": "Cash", "AccountRef": ref(BANK), "Line": lines})
        else:
            self._enter(entity, {"VendorRef": ref(VENDOR), "Line": lines} | self._currency("VendorRef", VENDOR_EUR))

    def receive(self) -> None:
        self._settle("Payment", "Invoice", "CreditMemo", "CustomerRef", {"DepositToAccountRef": ref(BANK)})

    def pay(self) -> None:
        means = {"PayType": "Check", "CheckPayment": {"BankAccountRef": ref(BANK)}}
        self._settle("BillPayment", "Bill", "VendorCredit", "VendorRef", means)

    def bank(self) -> None:
        value = float(self.data.draw(_values))
        self._enter("Transfer", {"FromAccountRef": ref(BANK), "ToAccountRef": ref(BANK_EUR), "Amount": value})

    def undo(self) -> None:
        """Delete, void or redate something entered before, whether or not it is paid."""
        if self.entered:
            entity, record = self.data.draw(st.sampled_from(self.entered))
            change = self._one("delete", "void", "redate")
            if change == "redate":
                self.trading.company.edit(entity, record["Id"], {"TxnDate": self.data.draw(_days)})
                return
            self.entered.remove((entity, record))
            for still_open in self.open.values():
                still_open[:] = [each for each in still_open if each[0]["Id"] != record["Id"]]
            (self.trading.company.delete if change == "delete" else self.trading.company.void)(entity, record["Id"])

    def _enter(self, entity: str, fields: Record) -> Record:
        record = self.trading.enter(entity, self.data.draw(_days), **fields)
        self.entered.append((entity, record))
        if record.get("Balance"):
            self.open.setdefault(entity, []).append((record, record["Balance"]))
        return record

    def _settle(self, entity: str, charge: str, credit: str, party: str, means: Record) -> None:
        """Pay part or all of some documents of one party, with credits where there are enough, and perhaps too much."""
        charges = self.open.get(charge, [])
        if not charges:
            return
        example, _ = self.data.draw(st.sampled_from(charges))
        party_id = example[party]["value"]
        lines, total = self._take(charges, charge, party, party_id)
        credited, used = self._take(self.open.get(credit, []), credit, party, party_id)
        if used <= total:
            lines, total = [*lines, *credited], total - used
        extra = self.data.draw(_values) if entity == "Payment" and self.data.draw(st.booleans()) else Decimal(0)
        currency = euros(self.data.draw(_rates)) if "ExchangeRate" in example else {}
        if example["CurrencyRef"]["value"] != "EUR":
            currency = {}
        self._enter(entity, {party: ref(party_id), "TotalAmt": float(total + extra), "Line": lines} | means | currency)
        taken = {line["LinkedTxn"][0]["TxnId"]: Decimal(str(line["Amount"])) for line in lines}
        for kind in (charge, credit):
            self.open[kind] = [
                (record, left - taken.get(record["Id"], Decimal(0)))
                for record, left in self.open.get(kind, [])
                if left != taken.get(record["Id"])
            ]

    def _take(
        self, documents: list[tuple[Record, Decimal]], kind: str, party: str, party_id: str
    ) -> tuple[list[Record], Decimal]:
        lines, total = [], Decimal(0)
        for record, left in documents:
            if record[party]["value"] == party_id and self.data.draw(st.booleans()):
                part = left if self.data.draw(st.booleans()) else min(left, self.data.draw(_values))
                lines.append(pays(record, kind, part))
                total += part
        return lines, total

    def _currency(self, party: str, foreign: str) -> Record:
        if self.data.draw(st.booleans()):
            return {}
        return {party: ref(foreign), **euros(self.data.draw(_rates))}

    def _one(self, *choices: str) -> str:
        return self.data.draw(st.sampled_from(choices))


def _days_of_books() -> list[date]:
    return [FIRST + timedelta(days=step) for step in range(0, 62, 6)]


@settings(max_examples=25, deadline=None)
@given(data=st.data(), actions=st.integers(1, 14))
def test_debits_equal_credits_and_open_items_equal_the_control_accounts(data: DataObject, actions: int) -> None:
    keeper = Bookkeeper(data, with_goods=True)
    for _ in range(actions):
        keeper.act()
    books = keeper.trading.books()
    for basis in BASES:
        sums: Counter[tuple[str, date]] = Counter()
        for posting in books.postings(basis):
            sums[posting.transaction_id, posting.date] += posting.amount
        assert not any(sums.values())
    for day in _days_of_books():
        for side, kind, sign in SIDES:
            owed = sum(item.open_amount for item in books.open_items(side, day, counts_later_payments=False))
            assert owed == sign * _balance(keeper.trading, "Accrual", {kind}, day)


@settings(max_examples=25, deadline=None)
@given(data=st.data(), actions=st.integers(1, 14))
def test_nothing_is_owed_on_the_cash_basis_of_income_and_costs(data: DataObject, actions: int) -> None:
    keeper = Bookkeeper(data, with_goods=False)
    for _ in range(actions):
        keeper.act()
    for day in _days_of_books():
        assert _balance(keeper.trading, "Cash", {RECEIVABLE, PAYABLE}, day) == 0
        assert _balance(keeper.trading, "Cash", {"Bank"}, day) == _balance(keeper.trading, "Accrual", {"Bank"}, day)


def _balance(trading: Trading, basis: Basis, account_types: set[str], until: date) -> Decimal:
    books = trading.books()
    return sum(
        (
            posting.amount
            for posting in books.postings(basis)
            if posting.date <= until and books.accounts()[posting.account_id].type in account_types
        ),
        Decimal(0),
    )
