"""The columns of reports that list transactions: what each is called and what it shows of one entry.

Keys and titles are recorded (general ledger, ageing of payables, list of transactions) or from Intuit's samples.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from qbo_pipeline.emulator.accounting.posting import Posting
from qbo_pipeline.emulator.reports.chart import natural
from qbo_pipeline.emulator.reports.document import Cell, cell, column, terse
from qbo_pipeline.emulator.reports.inquiry import Inquiry

SPLIT = "-Split-"


@dataclass(frozen=True)
class Entry:
    """One row: a posting and what the row says beside it. Amounts have the sign the report shows; None shows nothing."""

    posting: Posting
    amount: Decimal | None
    balance: Decimal | None = None
    open_amount: Decimal | None = None
    due_date: date | None = None
    days_past_due: int | None = None
    is_posting: bool = True

    @property
    def debit(self) -> Decimal | None:
        """The posting's amount if it is a debit."""
        return self.posting.amount if self.posting.amount > 0 else None

    @property
    def credit(self) -> Decimal | None:
        """The posting's amount if it is a credit."""
        return -self.posting.amount if self.posting.amount < 0 else None


@dataclass(frozen=True)
class EntryColumn:
    """A column of a list of transactions; `figure` names the amount of an entry it shows, for totals to show it too."""

    key: str
    title: str
    kind: str
    show: Callable[[Inquiry, Entry], Cell]
    figure: str = ""

    def definition(self) -> dict[str, Any]:
        """The column as the report defines it."""
        return column(self.title, self.kind, self.key)


def _text(key: str, title: str, kind: str, read: Callable[[Entry], str]) -> EntryColumn:
    return EntryColumn(key, title, kind, lambda _, entry: cell(read(entry)))


def _day(key: str, title: str, read: Callable[[Entry], date | None]) -> EntryColumn:
    def show(_: Inquiry, entry: Entry) -> Cell:
        day = read(entry)
        return cell("" if day is None else day.isoformat())

    return EntryColumn(key, title, "Date", show)


def _record(key: str, title: str, entity: str, field: str) -> EntryColumn:
    def show(inquiry: Inquiry, entry: Entry) -> Cell:
        record_id = getattr(entry.posting, field)
        return cell(inquiry.lists.full_name(entity, record_id), record_id)

    return EntryColumn(key, title, "String", show)


def _party(key: str, title: str, kind: str) -> EntryColumn:
    def show(inquiry: Inquiry, entry: Entry) -> Cell:
        return _name(inquiry, entry) if entry.posting.name_kind == kind else cell("", "")

    return EntryColumn(key, title, "String", show)


def _figure(title: str, figure: str, *keys: str) -> list[EntryColumn]:
    def show(_: Inquiry, entry: Entry) -> Cell:
        return cell(terse(getattr(entry, figure)))

    return [EntryColumn(key, title, "Money", show, figure) for key in keys]


def _transaction(_: Inquiry, entry: Entry) -> Cell:
    return cell(entry.posting.display_type, entry.posting.transaction_id)


def _name(inquiry: Inquiry, entry: Entry) -> Cell:
    kind, record_id = entry.posting.name_kind, entry.posting.name_id
    return cell(inquiry.lists.full_name(kind, record_id) if kind else "", record_id)


def _account(inquiry: Inquiry, entry: Entry) -> Cell:
    account = inquiry.books.accounts().get(entry.posting.account_id)
    return cell(account.full_name, account.id) if account else cell("", "")


def _split(inquiry: Inquiry, entry: Entry) -> Cell:
    account = inquiry.books.accounts().get(entry.posting.split_account_id)
    return cell(account.full_name, account.id) if account else cell(SPLIT if entry.is_posting else "", "")


def _foreign(inquiry: Inquiry, entry: Entry) -> Cell:
    amount = entry.posting.foreign_amount
    account = inquiry.books.accounts().get(entry.posting.account_id)
    return cell(terse(amount if amount is None or account is None else natural(account, amount)))


_COLUMNS = [
    _day("tx_date", "Date", lambda entry: entry.posting.date),
    EntryColumn("txn_type", "Transaction Type", "String", _transaction),
    _text("doc_num", "Num", "String", lambda entry: entry.posting.number),
    _text("is_no_post", "Posting", "Boolean", lambda entry: "Yes" if entry.is_posting else "No"),
    EntryColumn("name", "Name", "String", _name),
    _party("cust_name", "Customer", "Customer"),
    _party("vend_name", "Vendor", "Vendor"),
    _party("emp_name", "Employee", "Employee"),
    _record("dept_name", "Department", "Department", "department_id"),
    _record("klass_name", "Class", "Class", "class_id"),
    _record("item_name", "Product/Service", "Item", "item_id"),
    _text("memo", "Memo/Description", "String", lambda entry: entry.posting.memo),
    EntryColumn("account_name", "Account", "String", _account),
    EntryColumn("split_acc", "Split", "String", _split),
    EntryColumn("other_account", "Split", "String", _split),
    _day("due_date", "Due Date", lambda entry: entry.due_date),
    _text("past_due", "Past Due", "String", lambda e: "" if e.days_past_due is None else str(e.days_past_due)),
    _text("currency", "Currency", "String", lambda entry: entry.posting.currency),
    EntryColumn("nat_foreign_amount", "Foreign Amount", "Money", _foreign),
    *_figure("Debit", "debit", "debt_amt"),
    *_figure("Credit", "credit", "credit_amt"),
    *_figure("Amount", "amount", "subt_nat_amount", "subt_nat_home_amount", "subt_amount", "subt_neg_amount"),
    *_figure("Open Balance", "open_amount", "subt_open_bal", "subt_neg_open_bal"),
    *_figure("Balance", "balance", "rbal_nat_amount", "rbal_nat_home_amount", "rbal_open_bal", "rbal_neg_open_bal"),
]
COLUMNS = {each.key: each for each in _COLUMNS}
