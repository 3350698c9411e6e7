"""Which QuickBooks objects must be there before which: lists, names, items, then documents as they build on each other."""

_ORDER = (
    ("Account", "TaxAgency", "TaxCode", "Term", "PaymentMethod", "Class", "Department"),
    ("Customer", "Vendor", "Employee"),
    ("Item",),
    ("Estimate", "PurchaseOrder"),
    ("Invoice", "SalesReceipt", "CreditMemo", "Bill", "Purchase", "TimeActivity", "JournalEntry"),
    ("Payment", "BillPayment", "RefundReceipt", "VendorCredit"),
    ("Deposit", "Transfer", "Attachable"),
)
_RANKS = {target: rank for rank, targets in enumerate(_ORDER) for target in targets}
_LIST_RANKS = 3  # The ranks before it are lists: Intuit asks to write these one after another.


def rank_of(target: str, operation: str) -> int:
    """The place of a write among a company's others, from 0. What ends a document goes in reverse: payments before invoices."""
    if target not in _RANKS:
        raise ValueError(f"{target!r} is nothing that is pushed to QuickBooks.")
    rank = _RANKS[target]
    return 2 * len(_ORDER) - rank if operation in ("void", "delete") else rank


def is_list(target: str) -> bool:
    """Whether an object is a name of a list rather than a transaction."""
    return _RANKS[target] < _LIST_RANKS
