"""The erratic bookkeeper at a UK firm: VAT in and on top of prices, euros and dollars at any rate, classes and locations."""

from decimal import Decimal
from typing import Any

from qbo_pipeline_tests.emulator.writing.bookkeeper import bought, journal_line, linked, paid, reference
from qbo_pipeline_tests.models.finance.erratic_bookkeeper import ErraticBookkeeper

CURRENT, RESERVE, CARD, UNDEPOSITED, DEBTORS, CREDITORS = "60", "61", "48", "4", "41", "40"
BANKS = {"GBP": CURRENT, "EUR": "1150040000", "USD": "1150040001"}
CONTROL = {"GBP": (DEBTORS, CREDITORS), "EUR": ("1150040002", "1150040004"), "USD": ("1150040003", "1150040005")}
CUSTOMERS = {"GBP": ("1", "2", "8", "9"), "EUR": ("14", "15"), "USD": ("17",)}
VENDORS = {"GBP": ("33", "36"), "EUR": ("38",), "USD": ("39",)}
EXPENSES, LOAN, BANK_CHARGES = ("20", "23", "26", "11", "31"), "49", "25"
SERVICES, HANDBOOK = ("2", "3", "6", "8", "12"), "9"
CLASSES = ("5000000000000085682", "5000000000000085683", "5000000000000085684")
DEPARTMENTS = ("1", "2", "3")
CODES = {"GBP": ("2", "3", "4", "5"), "EUR": ("4",), "USD": ("6",)}
RATES = {"EUR": (Decimal("0.79"), Decimal("0.93")), "USD": (Decimal("0.71"), Decimal("0.88"))}


class ErraticConsultant(ErraticBookkeeper):
    """Does random things to the books of a firm with several currencies."""

    def _sell(self) -> None:
        kind = self._chance.choice(("invoice", "invoice", "creditmemo"))
        currency = self._currency()
        lines = [self._sold(currency, 900) for _ in range(self._chance.randint(1, 3))]
        if currency == "GBP" and self._chance.random() < 0.3:
            detail = {"ItemRef": reference(HANDBOOK), "Qty": self._chance.randint(1, 3), "UnitPrice": 24.5}
            detail["TaxCodeRef"] = reference("4")
            lines.append({"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail})
        if kind == "invoice" and self._chance.random() < 0.2:
            percent = {"PercentBased": True, "DiscountPercent": self._chance.choice((5, 12.5, 100))}
            lines.append({"DetailType": "DiscountLineDetail", "DiscountLineDetail": percent})
        self._write(kind, **self._sale(currency, lines))

    def _receive(self) -> None:
        invoice = self._one("invoice")
        if invoice and invoice["Balance"]:
            currency = invoice["CurrencyRef"]["value"]
            part = invoice["Balance"] if self._chance.random() < 0.4 else min(invoice["Balance"], self._amount(700))
            more = self._amount(50) if self._chance.random() < 0.3 else Decimal(0)
            to = reference(self._chance.choice((BANKS[currency], UNDEPOSITED)))
            lines = [paid(part, "Invoice", invoice["Id"])]
            other = self._one("invoice")
            if other and other["CustomerRef"] == invoice["CustomerRef"] and other["Id"] != invoice["Id"]:
                second = min(other["Balance"], self._amount(90))
                lines += [paid(second, "Invoice", other["Id"])] if second else []
            self._write(
                "payment", CustomerRef=invoice["CustomerRef"], TotalAmt=sum(line["Amount"] for line in lines) + more,
                DepositToAccountRef=to, Line=lines, **self._rate(currency),
            )  # fmt: skip

        self._pay_journal()

    def _pay_journal(self) -> None:
        entry = self._one("journalentry")
        line = entry["Line"][0]["JournalEntryLineDetail"] if entry else {}
        if entry and not entry.get("LinkedTxn") and line.get("Entity", {}).get("Type") == "Customer":
            whole = sum(
                each["Amount"] for each in entry["Line"] if each["JournalEntryLineDetail"]["PostingType"] == "Debit"
            )
            part = self._chance.choice((whole, whole / 2)).quantize(Decimal("0.01"))
            currency = entry["CurrencyRef"]["value"]
            self._write(
                "payment", CustomerRef=line["Entity"]["EntityRef"], TotalAmt=part,
                DepositToAccountRef=reference(BANKS[currency]), Line=[paid(part, "JournalEntry", entry["Id"])],
                **self._rate(currency),
            )  # fmt: skip

    def _use_credit(self) -> None:
        memo, invoice = self._one("creditmemo"), self._one("invoice")
        if memo and invoice and memo["CustomerRef"]["value"] == invoice["CustomerRef"]["value"]:
            used = min(memo["Balance"], invoice["Balance"], self._amount(300))
            lines = [paid(used, "CreditMemo", memo["Id"]), paid(used, "Invoice", invoice["Id"])]
            if used:
                rate = self._rate(invoice["CurrencyRef"]["value"])
                self._write("payment", CustomerRef=invoice["CustomerRef"], TotalAmt=0, Line=lines, **rate)

    def _receipt(self) -> None:
        kind, currency = self._chance.choice(("salesreceipt", "refundreceipt")), self._currency()
        to = reference(BANKS[currency] if kind == "refundreceipt" else UNDEPOSITED)
        self._write(kind, DepositToAccountRef=to, **self._sale(currency, [self._sold(currency, 200)]))

    def _deposit(self) -> None:
        payment = self._one(kind := self._chance.choice(("payment", "salesreceipt")))
        if payment and payment["TotalAmt"]:
            name = {"payment": "Payment", "salesreceipt": "SalesReceipt"}[kind]
            currency = payment["CurrencyRef"]["value"]
            lines = [{"LinkedTxn": linked(name, payment["Id"], TxnLineId="0")}]
            fee = {"Amount": -self._amount(3), "DetailType": "DepositLineDetail"}
            lines.append(fee | {"DepositLineDetail": {"AccountRef": reference(BANK_CHARGES)}})
            back = {"CashBack": {"AccountRef": reference(LOAN), "Amount": self._amount(4)}}
            self._write(
                "deposit", DepositToAccountRef=reference(BANKS[currency]), Line=lines, CurrencyRef=reference(currency),
                **self._rate(currency), **(back if currency == "GBP" else {}),
            )  # fmt: skip

    def _buy(self) -> None:
        kind, currency = self._chance.choice(("bill", "bill", "vendorcredit")), self._currency()
        lines = [self._spent(currency, 300), self._spent(currency, 80)]
        if currency == "GBP":
            books = bought(HANDBOOK, self._chance.randint(1, 5), 10)
            books["ItemBasedExpenseLineDetail"]["TaxCodeRef"] = reference("4")
            lines.append(books)
        vendor = reference(self._chance.choice(VENDORS[currency]))
        lines = lines[: self._chance.randint(1, 3)]
        self._write(kind, VendorRef=vendor, Line=lines, **self._taxed(currency), **self._rate(currency))

    def _pay(self) -> None:
        bill, credit = self._one("bill"), self._one("vendorcredit")
        if bill and bill["Balance"]:
            currency = bill["CurrencyRef"]["value"]
            part = bill["Balance"] if self._chance.random() < 0.4 else min(bill["Balance"], self._amount(300))
            lines, total = [paid(part, "Bill", bill["Id"])], part
            if (
                credit
                and credit["VendorRef"] == bill["VendorRef"]
                and credit["Balance"]
                and self._chance.random() < 0.6
            ):
                used = min(part, credit["Balance"])
                lines.append(paid(used, "VendorCredit", credit["Id"]))
                total = part - used
            by_card = currency == "GBP" and self._chance.random() < 0.5
            means: dict[str, Any] = {"PayType": "CreditCard", "CreditCardPayment": {"CCAccountRef": reference(CARD)}}
            if not by_card:
                means = {"PayType": "Check", "CheckPayment": {"BankAccountRef": reference(BANKS[currency])}}
            self._write(
                "billpayment", VendorRef=bill["VendorRef"], TotalAmt=total, Line=lines, **means, **self._rate(currency)
            )

    def _spend(self) -> None:
        kind, account = self._chance.choice((("Cash", CURRENT), ("CreditCard", CARD)))
        back = {"Credit": True} if kind == "CreditCard" and self._chance.random() < 0.3 else {}
        line = self._spent("GBP", 90)
        self._write(
            "purchase", PaymentType=kind, AccountRef=reference(account), Line=[line], **self._taxed("GBP"), **back
        )

    def _transfer(self) -> None:
        there = {"FromAccountRef": reference(CURRENT), "ToAccountRef": reference(RESERVE)}
        self._write("transfer", Amount=self._amount(100), **there)

    def _journal(self) -> None:
        amount, currency = self._amount(80), self._currency()
        common = {"ClassRef": reference(self._chance.choice(CLASSES))}
        common["DepartmentRef"] = reference(self._chance.choice(DEPARTMENTS))
        lines = [
            journal_line("Debit", self._chance.choice(EXPENSES), amount, **common), journal_line("Credit", LOAN, amount)
        ]  # fmt: skip
        receivable, payable = CONTROL[currency]
        if self._chance.random() < 0.4:
            party = {"Type": "Customer", "EntityRef": reference(self._chance.choice(CUSTOMERS[currency]))}
            first = Decimal(self._chance.randint(0, int(amount * 100))) / 100
            lines[:1] = [
                journal_line("Debit", receivable, part, Entity=party) for part in (first, amount - first) if part
            ]
        elif self._chance.random() < 0.4:
            party = {"Type": "Vendor", "EntityRef": reference(self._chance.choice(VENDORS[currency]))}
            lines[1] = journal_line("Credit", payable, amount, Entity=party)
        self._write("journalentry", Line=lines, CurrencyRef=reference(currency), **self._rate(currency))

    def _refund(self) -> None:
        """Money back to a customer for what was paid too much, linked to it or not."""
        payment = self._one("payment")
        if payment and payment["UnappliedAmt"]:
            currency, back = payment["CurrencyRef"]["value"], payment["UnappliedAmt"]
            line = {"Amount": back, "DetailType": "AccountBasedExpenseLineDetail"}
            detail = {"AccountRef": reference(CONTROL[currency][0]), "CustomerRef": payment["CustomerRef"]}
            line["AccountBasedExpenseLineDetail"] = detail
            party = {"EntityRef": payment["CustomerRef"] | {"type": "Customer"}}
            bank = reference(BANKS[currency])
            self._write(
                "purchase", PaymentType="Cash", AccountRef=bank, Line=[line], GlobalTaxCalculation="NotApplicable",
                CurrencyRef=reference(currency), **party, **self._rate(currency),
            )  # fmt: skip
            made = self._one("purchase")
            if made and made["Line"][0]["AccountBasedExpenseLineDetail"]["AccountRef"]["value"] == CONTROL[currency][0]:
                lines = [*payment["Line"], paid(min(back, made["TotalAmt"]), "Expense", made["Id"])]
                self._try("payment", self._named(payment) | {"sparse": True, "Line": lines})

    def _change(self) -> None:
        record = self._one(kind := self._chance.choice(("invoice", "creditmemo", "bill", "vendorcredit")))
        if record:
            currency = record["CurrencyRef"]["value"]
            line = self._sold(currency, 900) if "CustomerRef" in record else self._spent(currency, 300)
            changes = {"Line": [line]} if self._chance.random() < 0.6 else self._rate(currency)
            self._try(kind, self._named(record) | {"sparse": True} | changes)

    def _currency(self) -> str:
        return self._chance.choice(("GBP", "GBP", "EUR", "USD"))

    def _rate(self, currency: str) -> dict[str, Any]:
        if currency == "GBP":
            return {}
        low, high = RATES[currency]
        return {"ExchangeRate": low + (high - low) * self._chance.randint(0, 999_999) / 1_000_000}

    def _taxed(self, currency: str) -> dict[str, Any]:
        fields = {"GlobalTaxCalculation": self._chance.choice(("TaxExcluded", "TaxInclusive"))}
        if currency != "GBP":
            fields["GlobalTaxCalculation"] = "TaxExcluded"
        return fields | {
            "DepartmentRef": reference(self._chance.choice(DEPARTMENTS)),
            "CurrencyRef": reference(currency),
        }

    def _sale(self, currency: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
        customer = reference(self._chance.choice(CUSTOMERS[currency]))
        after = {"ApplyTaxAfterDiscount": self._chance.random() < 0.5}
        return {"CustomerRef": customer, "Line": lines, **self._taxed(currency), **self._rate(currency), **after}

    def _sold(self, currency: str, most: int) -> dict[str, Any]:
        detail = {"ItemRef": reference(self._chance.choice(SERVICES)), **self._coded(currency)}
        kind = "SalesItemLineDetail"
        return {"Amount": self._amount(most), "DetailType": kind, kind: detail}

    def _spent(self, currency: str, most: int) -> dict[str, Any]:
        detail = {"AccountRef": reference(self._chance.choice(EXPENSES)), **self._coded(currency)}
        kind = "AccountBasedExpenseLineDetail"
        return {"Amount": self._amount(most), "DetailType": kind, kind: detail}

    def _coded(self, currency: str) -> dict[str, Any]:
        coded = {"TaxCodeRef": reference(self._chance.choice(CODES[currency]))}
        if self._chance.random() < 0.7:
            coded["ClassRef"] = reference(self._chance.choice(CLASSES))
        return coded
