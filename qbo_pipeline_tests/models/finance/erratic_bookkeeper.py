"""Somebody erratic who keeps a US company's books over HTTP: every type of transaction, on any day, changed and taken back."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from qbo_pipeline.emulator.source import Record
from qbo_pipeline_tests.emulator.writing.bookkeeper import (
    Bookkeeper,
    bought,
    journal_line,
    linked,
    paid,
    reference,
    sold,
    spent,
)

CHECKING, SAVINGS, MASTERCARD, UNDEPOSITED, RECEIVABLE, PAYABLE, FEES, EQUITY = (
    *("35", "36", "41", "4", "84", "33", "8", "34"),
)
CUSTOMERS, VENDOR, PUMP = ("1", "7", "8", "24"), "41", "11"
BY_CHECK = {"PayType": "Check", "CheckPayment": {"BankAccountRef": reference(CHECKING)}}
DAYS = 150


class ErraticBookkeeper:
    """Does random things to the books, the same ones for the same `seed`; `today` is the last day anything is dated."""

    def __init__(self, books: Bookkeeper, seed: int, today: date) -> None:
        self._books, self._chance, self._today = books, random.Random(seed), today
        self._written: list[tuple[str, str]] = []
        self.done: dict[str, int] = {}

    def act(self) -> None:
        """One thing; what QuickBooks refuses is left."""
        actions = (
            *(self._sell, self._sell, self._receive, self._receive, self._use_credit, self._receipt, self._deposit),
            *(self._buy, self._buy, self._pay, self._spend, self._transfer, self._journal, self._refund),
            *(self._change, self._redate, self._delete, self._void),
        )
        self._chance.choice(actions)()

    def _sell(self) -> None:
        kind = self._chance.choice(("invoice", "invoice", "creditmemo"))
        lines = [sold(self._amount(500)) for _ in range(self._chance.randint(1, 3))]
        if self._chance.random() < 0.3:
            lines.append(sold(None, PUMP, Qty=self._chance.randint(1, 4), UnitPrice=15))
        self._write(kind, CustomerRef=reference(self._chance.choice(CUSTOMERS)), Line=lines)

    def _receive(self) -> None:
        invoice = self._one("invoice")
        if invoice and invoice["Balance"]:
            part = min(invoice["Balance"], self._amount(400))
            more = self._amount(50) if self._chance.random() < 0.3 else Decimal(0)
            to = reference(self._chance.choice((CHECKING, UNDEPOSITED)))
            self._write(
                "payment", CustomerRef=invoice["CustomerRef"], TotalAmt=part + more, DepositToAccountRef=to,
                Line=[paid(part, "Invoice", invoice["Id"])],
            )  # fmt: skip

    def _use_credit(self) -> None:
        memo, invoice = self._one("creditmemo"), self._one("invoice")
        if memo and invoice and memo["CustomerRef"]["value"] == invoice["CustomerRef"]["value"]:
            used = min(memo["Balance"], invoice["Balance"])
            lines = [paid(used, "CreditMemo", memo["Id"]), paid(used, "Invoice", invoice["Id"])]
            if used:
                self._write("payment", CustomerRef=invoice["CustomerRef"], TotalAmt=0, Line=lines)

    def _receipt(self) -> None:
        kind = self._chance.choice(("salesreceipt", "refundreceipt"))
        to = reference(CHECKING if kind == "refundreceipt" else UNDEPOSITED)
        customer = reference(self._chance.choice(CUSTOMERS))
        self._write(kind, CustomerRef=customer, DepositToAccountRef=to, Line=[sold(self._amount(200))])

    def _deposit(self) -> None:
        payment = self._one("payment")
        if payment and payment["TotalAmt"]:
            line = {"LinkedTxn": linked("Payment", payment["Id"], TxnLineId="0")}
            fee = {"Amount": -self._amount(3), "DetailType": "DepositLineDetail"}
            fee["DepositLineDetail"] = {"AccountRef": reference(FEES)}
            self._write("deposit", DepositToAccountRef=reference(CHECKING), Line=[line, fee])

    def _buy(self) -> None:
        kind = self._chance.choice(("bill", "bill", "vendorcredit"))
        lines = [spent(self._amount(300)), bought(PUMP, self._chance.randint(1, 5), 10)]
        self._write(kind, VendorRef=reference(VENDOR), Line=lines[: self._chance.randint(1, 2)])

    def _pay(self) -> None:
        bill = self._one("bill")
        if bill and bill["Balance"]:
            part = min(bill["Balance"], self._amount(300))
            line = paid(part, "Bill", bill["Id"])
            self._write("billpayment", VendorRef=bill["VendorRef"], TotalAmt=part, Line=[line], **BY_CHECK)

    def _spend(self) -> None:
        kind, account = self._chance.choice((("Cash", CHECKING), ("CreditCard", MASTERCARD)))
        self._write("purchase", PaymentType=kind, AccountRef=reference(account), Line=[spent(self._amount(90))])

    def _transfer(self) -> None:
        there = {"FromAccountRef": reference(CHECKING), "ToAccountRef": reference(SAVINGS)}
        self._write("transfer", Amount=self._amount(100), **there)

    def _journal(self) -> None:
        amount = self._amount(80)
        lines = [journal_line("Debit", FEES, amount), journal_line("Credit", EQUITY, amount)]
        if self._chance.random() < 0.5:
            customer = {"Entity": {"Type": "Customer", "EntityRef": reference(self._chance.choice(CUSTOMERS))}}
            lines[0] = journal_line("Debit", RECEIVABLE, amount, **customer)
        self._write("journalentry", Line=lines)

    def _refund(self) -> None:
        line = spent(self._amount(40), RECEIVABLE, CustomerRef=reference(self._chance.choice(CUSTOMERS)))
        self._write("purchase", PaymentType="Cash", AccountRef=reference(CHECKING), Line=[line])

    def _change(self) -> None:
        record = self._one(kind := self._chance.choice(("invoice", "creditmemo", "bill", "vendorcredit")))
        if record:
            line = sold(self._amount(600)) if "CustomerRef" in record else spent(self._amount(300))
            self._try(kind, self._named(record) | {"sparse": True, "Line": [line]})

    def _redate(self) -> None:
        kind, record = self._any()
        if record and kind != "transfer":
            self._try(kind, self._named(record) | {"sparse": True, "TxnDate": self._day()})

    def _delete(self) -> None:
        kind, record = self._any()
        if record and self._chance.random() < 0.6:
            self._try(kind, record, operation="delete")

    def _void(self) -> None:
        record = self._one(kind := self._chance.choice(("invoice", "salesreceipt", "payment")))
        if record and self._chance.random() < 0.6:
            named = {"Id": record["Id"], "SyncToken": record["SyncToken"], "sparse": True}
            how = {"operation": "update", "include": "void"} if kind != "invoice" else {"operation": "void"}
            self._try(kind, named, **how)

    def _write(self, kind: str, **content: Any) -> None:
        made = self._try(kind, {"TxnDate": self._day(), **content})
        if made:
            self._written.append((kind, made["Id"]))

    def _try(self, kind: str, content: Record, **params: str) -> Record | None:
        body = self._books.answer(kind, content, **params)
        if "Fault" in body:
            return None
        self.done[kind] = self.done.get(kind, 0) + 1
        return next(iter(body.values()))

    def _one(self, kind: str) -> Record | None:
        ids = [record_id for each, record_id in self._written if each == kind]
        return self._current(kind, self._chance.choice(ids)) if ids else None

    def _any(self) -> tuple[str, Record | None]:
        kind, record_id = self._chance.choice(self._written or [("invoice", "0")])
        return kind, self._current(kind, record_id)

    def _current(self, kind: str, record_id: str) -> Record | None:
        answer = self._books.call("GET", f"{kind}/{record_id}")
        return self._books.read(kind, record_id) if answer.ok else None

    def _named(self, record: Record) -> Record:
        names = ("Id", "SyncToken", "CustomerRef", "VendorRef", "PaymentType", "PayType")
        return {name: record[name] for name in names if name in record}

    def _amount(self, most: int) -> Decimal:
        return Decimal(self._chance.randint(1, most * 100)) / 100

    def _day(self) -> str:
        return (self._today - timedelta(days=self._chance.randint(0, DAYS))).isoformat()
