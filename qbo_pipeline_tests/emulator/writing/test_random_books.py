"""Whatever is written, in whatever order: the books balance, every balance ties to them, and no link points one way."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, multiple, rule

from qbo_pipeline.emulator.books.answers import encode
from qbo_pipeline.emulator.books.company import Company
from qbo_pipeline.emulator.clock import ManualClock
from qbo_pipeline.emulator.companies import company_seeds
from qbo_pipeline.emulator.faults import QboFault
from qbo_pipeline.emulator.settings import EmulatorSettings
from qbo_pipeline.emulator.source import Record
from qbo_pipeline_tests.emulator.coherence import one_way_links
from qbo_pipeline_tests.emulator.writing.bookkeeper import bought, linked, paid, reference, sold, spent

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 16, 17, 0, tzinfo=UTC)
amounts = st.decimals(1, 500, places=2)
customers = st.sampled_from(["1", "7", "8", "24"])  # 8 is a job of 7
CHECK = {"PayType": "Check", "CheckPayment": {"BankAccountRef": reference("35")}}


class RandomBooks(RuleBasedStateMachine):
    """The landscaping company in the hands of somebody erratic."""

    sales = Bundle("sales")
    receipts = Bundle("receipts")
    bills = Bundle("bills")
    others = Bundle("others")

    def __init__(self) -> None:
        super().__init__()
        (seed,) = company_seeds(["landscaping"], date(2026, 8, 16), taken={})
        self.company = Company(seed, EmulatorSettings(), ManualClock(NOW))

    def write(self, entity: str, content: Any, **params: str) -> Record | None:
        """What was written, None where the books would not have it."""
        try:
            return next(iter(self._decoded(self.company.write(entity, encode(content), params)).values()))
        except QboFault:
            return None

    def current(self, entity: str, record_id: str) -> Record | None:
        """The record as it stands, None once it is gone."""
        try:
            return next(iter(self._decoded(self.company.read(entity, record_id)).values()))
        except QboFault:
            return None

    def everything(self, entity: str) -> list[Record]:
        """All records of an entity, inactive ones too."""
        active = " where Active in (true, false)" if entity in ("Customer", "Vendor", "Account") else ""
        answer = self.company.query(f"select * from {entity}{active} maxresults 1000")
        return self._decoded(answer)["QueryResponse"].get(entity, [])

    @staticmethod
    def _decoded(body: bytes) -> Any:
        return json.loads(body, parse_float=Decimal)

    @rule(target=sales, customer=customers, amount=amounts, kind=st.sampled_from(["invoice", "creditmemo"]))
    def sell(self, customer: str, amount: Decimal, kind: str) -> tuple[str, str]:
        made = self.write(kind, {"CustomerRef": reference(customer), "Line": [sold(amount)]})
        assert made is not None
        return kind, made["Id"]

    @rule(target=sales, customer=customers, quantity=st.integers(1, 9))
    def sell_stock_of_an_estimate(self, customer: str, quantity: int) -> tuple[str, str]:
        content = {"CustomerRef": reference(customer), "Line": [sold(None, "11", Qty=quantity, UnitPrice=15)]}
        estimate = self.write("estimate", content)
        assert estimate is not None
        made = self.write("invoice", content | {"LinkedTxn": linked("Estimate", estimate["Id"])})
        assert made is not None
        return "invoice", made["Id"]

    @rule(target=receipts, sale=sales, total=amounts)
    def receive(self, sale: tuple[str, str], total: Decimal) -> Any:
        document = self.current(*sale)
        if document is None or sale[0] != "invoice":
            return multiple()
        lines = [paid(min(total, document["Balance"]), "Invoice", document["Id"])]
        made = self.write("payment", {"CustomerRef": document["CustomerRef"], "TotalAmt": total, "Line": lines})
        assert made is not None
        return "payment", made["Id"]

    @rule(target=others, credit=sales, sale=sales)
    def use_credit(self, credit: tuple[str, str], sale: tuple[str, str]) -> Any:
        memo, invoice = self.current(*credit), self.current(*sale)
        if memo is None or invoice is None or (credit[0], sale[0]) != ("creditmemo", "invoice"):
            return multiple()
        used = min(memo["Balance"], invoice["Balance"])
        lines = [paid(used, "CreditMemo", memo["Id"]), paid(used, "Invoice", invoice["Id"])]
        made = self.write("payment", {"CustomerRef": invoice["CustomerRef"], "TotalAmt": 0, "Line": lines})
        return multiple() if made is None else ("payment", made["Id"])

    @rule(target=others, receipt=receipts)
    def deposit(self, receipt: tuple[str, str]) -> Any:
        line = {"LinkedTxn": linked("Payment", receipt[1])}
        made = self.write("deposit", {"DepositToAccountRef": reference("35"), "Line": [line]})
        return multiple() if made is None else ("deposit", made["Id"])

    @rule(target=bills, amount=amounts, kind=st.sampled_from(["bill", "vendorcredit"]))
    def buy(self, amount: Decimal, kind: str) -> tuple[str, str]:
        made = self.write(kind, {"VendorRef": reference("41"), "Line": [spent(amount), bought("11", 2, 10)]})
        assert made is not None
        return kind, made["Id"]

    @rule(target=others, bill=bills)
    def pay(self, bill: tuple[str, str]) -> Any:
        document = self.current(*bill)
        if document is None or bill[0] != "bill":
            return multiple()
        lines = [paid(document["Balance"], "Bill", document["Id"])]
        made = self.write(
            "billpayment", {"VendorRef": reference("41"), "TotalAmt": document["Balance"], "Line": lines, **CHECK}
        )
        assert made is not None
        return "billpayment", made["Id"]

    @rule(one=st.one_of(sales, bills), amount=amounts)
    def change(self, one: tuple[str, str], amount: Decimal) -> None:
        record = self.current(*one)
        if record is not None:
            line = sold(amount) if "CustomerRef" in record else spent(amount)
            kept = {name: record[name] for name in ("Id", "SyncToken", "CustomerRef", "VendorRef") if name in record}
            self.write(one[0], kept | {"sparse": True, "Line": [line]})

    @rule(one=st.one_of(sales, receipts, bills, others))
    def delete(self, one: tuple[str, str]) -> None:
        record = self.current(*one)
        if record is not None:
            self.write(one[0], record, operation="delete")

    @rule(one=st.one_of(sales, receipts, others))
    def void(self, one: tuple[str, str]) -> None:
        record = self.current(*one)
        if record is not None:
            named = {"Id": record["Id"], "SyncToken": record["SyncToken"], "sparse": True}
            if self.write(one[0], named, operation="void") is None:
                self.write(one[0], named, operation="update", include="void")

    def teardown(self) -> None:
        postings = self.company.books().postings("Accrual")
        assert sum(posting.amount for posting in postings) == 0
        balances = {one["Id"]: one["CurrentBalance"] for one in self.everything("Account")}
        assert balances["84"] == sum(one["Balance"] for one in self.everything("Customer"))
        assert balances["33"] == -sum(one.get("Balance", 0) for one in self.everything("Vendor"))
        linking = ("Invoice", "CreditMemo", "Payment", "Deposit", "Bill", "VendorCredit", "BillPayment", "Estimate")
        others = ("SalesReceipt", "ReimburseCharge", "TimeActivity", "PurchaseOrder")
        found = one_way_links({entity: self.everything(entity) for entity in (*linking, *others)})
        assert [link for link in found if "StatementCharge" not in link] == []


TestRandomBooks = RandomBooks.TestCase
TestRandomBooks.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
