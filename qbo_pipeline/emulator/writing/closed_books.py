"""Closed books: nothing dated up to the closing date may be made, changed or taken away through the API."""

from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.refusals import books_closed


def check_books_open(desk: Desk, rules: EntityRules, *versions: Record | None) -> None:
    """Refuse a write (6200) where the transaction is, or would be, dated in the closed period; what does not post is free."""
    closed_to = desk.preference("AccountingInfoPrefs", "BookCloseDate")
    if not closed_to or not rules.posts:
        return
    if any(record is not None and record.get("TxnDate", "") <= closed_to[:10] for record in versions):
        raise books_closed()
