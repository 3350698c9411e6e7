"""Completing a record before it is stored: defaults, lines, totals and balances, by the `form` of its entity's rules.

Later entities add a form or reuse one; nothing else asks which form it is.
"""

from collections.abc import Callable

from qbo_pipeline.emulator.books.entity_rules import Form
from qbo_pipeline.emulator.writing.account_choices import check_account_types
from qbo_pipeline.emulator.writing.account_form import complete_account
from qbo_pipeline.emulator.writing.attachable_form import complete_attachable
from qbo_pipeline.emulator.writing.banking_forms import complete_card_payment, complete_deposit, complete_transfer
from qbo_pipeline.emulator.writing.entry import Entry
from qbo_pipeline.emulator.writing.journal_form import complete_journal
from qbo_pipeline.emulator.writing.names import complete_name
from qbo_pipeline.emulator.writing.payment_forms import complete_bill_payment, complete_payment
from qbo_pipeline.emulator.writing.sales_form import complete_sale
from qbo_pipeline.emulator.writing.spending_form import complete_spending
from qbo_pipeline.emulator.writing.stock_forms import complete_adjustment, complete_item
from qbo_pipeline.emulator.writing.time_form import complete_time


def complete(entry: Entry) -> None:
    """Complete a record of any entity in place."""
    if entry.rules.id_space in ("transactions", "TimeActivity"):
        entry.record.setdefault("TxnDate", entry.desk.today.isoformat())
    check_account_types(entry.desk, entry.rules.name, entry.record)
    _FORMS[entry.rules.form](entry)


def _name(entry: Entry) -> None:
    complete_name(entry.desk, entry.rules, entry.record)


def _plain(entry: Entry) -> None:
    pass


_FORMS: dict[Form, Callable[[Entry], None]] = {
    "plain": _plain,
    "name": _name,
    "account": complete_account,
    "item": complete_item,
    "attachable": complete_attachable,
    "sales": complete_sale,
    "spending": complete_spending,
    "journal": complete_journal,
    "deposit": complete_deposit,
    "transfer": complete_transfer,
    "card_payment": complete_card_payment,
    "payment": complete_payment,
    "bill_payment": complete_bill_payment,
    "adjustment": complete_adjustment,
    "time": complete_time,
}
