"""Refusals that only a write meets. Codes are Intuit's; texts are its own or, where none is recorded, in its manner."""

from qbo_pipeline.emulator.faults import QboFault, business_rule


def cannot_link(entity: str, record_id: str, reason: str) -> QboFault:
    """A LinkedTxn that names a transaction which may not, or no longer, be linked."""
    detail = f"Transaction can't be linked : {entity} {record_id} {reason}"
    return QboFault(400, "620", "Transaction can't be linked", detail, "LinkedTxn")


def batch_too_large(limit: int, supplied: int) -> QboFault:
    """A batch of more items than one call may hold."""
    detail = f"Batch size exceeds allowed limit of {limit}. Supplied size: {supplied}"
    return QboFault(400, "1040", "Batch size exceeds allowed limit", detail, "BatchItemRequest")


def invalid_request_id(detail: str) -> QboFault:
    """A `requestid`, or a `bId` beside one, that is too long."""
    return QboFault(400, "2130", "Invalid Request ID", detail, "requestid")


def invalid_date(name: str, value: str, *, is_format: bool) -> QboFault:
    """A date that is written otherwise than YYYY-MM-DD, or one that no calendar has."""
    code, message = ("2060", "Invalid Date Format") if is_format else ("2070", "Invalid Date")
    return QboFault(
        400, code, message, f"{message} : {name} must be a valid date as YYYY-MM-DD. Supplied:{value}", name
    )


def invalid_decimal(name: str, value: object, *, is_format: bool) -> QboFault:
    """An amount, quantity or rate that is no number, or one larger than QuickBooks keeps."""
    code, message = ("2100", "Invalid Decimal Format") if is_format else ("2110", "Invalid Decimal")
    return QboFault(400, code, message, f"{message} : {name} supplied value:{value}", name)


def invalid_enumeration(name: str, value: object) -> QboFault:
    """A word that is not among those a property takes."""
    detail = f"Invalid Enumeration : {value} is not a valid value of {name}"
    return QboFault(400, "2170", "Invalid Enumeration", detail, name)


def invalid_email(name: str, value: str) -> QboFault:
    """An e-mail address that is none."""
    detail = f"Email Address does not conform to the syntax rules of RFC 822. Supplied value:{value}"
    return QboFault(400, "2210", "Invalid Email Address format", detail, name)


def invalid_currency(code: str) -> QboFault:
    """A currency the company does not deal in."""
    return QboFault(400, "2220", "Invalid Currency Type", f"Invalid Currency Type : {code}", "CurrencyRef")


def missing_lines() -> QboFault:
    """A document without a line."""
    return QboFault(400, "2250", "Missing lines", "Missing lines : You must enter at least one split line.", "Line")


def negative_amount(name: str) -> QboFault:
    """An amount below zero where only its side says which way money goes."""
    detail = "Negative amounts aren't supported on transaction lines. Transaction amount must be 0 or greater"
    return QboFault(400, "2290", "Negative amount", detail, name)


def invalid_tax_code(value: str) -> QboFault:
    """A US line whose tax code is another than TAX or NON."""
    detail = f"Invalid Line TaxCode in the request : Line TaxCode must be TAX or NON. Supplied value:{value}"
    return QboFault(400, "6100", "Invalid Line TaxCode in the request", detail, "TaxCodeRef")


def too_deep() -> QboFault:
    """A list record below more than four others."""
    return QboFault(400, "6180", "Sub Level Limit", "You can nest up to 5 levels.", "ParentRef")


def books_closed() -> QboFault:
    """A change of a transaction dated in a period whose books are closed."""
    message = "Account Period Closed, Cannot Update Through Services Error"
    detail = "The account period has closed and the account books cannot be updated through the QBO Services API."
    return QboFault(400, "6200", message, f"{message} : {detail}", "TxnDate")


def before_inventory_start(item: str, start: str) -> QboFault:
    """A transaction with a stock item dated before the item's stock began."""
    detail = f"Transaction date is prior to start date for inventory item {item}: {start}"
    return QboFault(400, "6270", "Transaction date is prior to start date for inventory item", detail, "TxnDate")


def account_not_allowed(name: str, account_type: str) -> QboFault:
    """An account of a type that the property does not take."""
    detail = (
        "Invalid account type used : You need to select a different type of account for this transaction. "
        f"{name} is of type {account_type}."
    )
    return QboFault(400, "6430", "Invalid account type used", detail, name)


def detail_required() -> QboFault:
    """A line with an amount and neither an item nor an account."""
    detail = "You must select a product or service or an account for each split line that has an amount."
    return QboFault(400, "6440", "Transaction Detail Information Required", detail, "Line")


def quantity_required() -> QboFault:
    """A sale of a stock item without a quantity."""
    detail = "The tracked inventory item must have a quantity."
    return QboFault(400, "6520", "Missing Tracked Inventory Item Quantity", detail, "Line")


def deposited() -> QboFault:
    """A change of a payment that lies in a deposit."""
    detail = (
        "This transaction is part of a deposit. If you want to change or delete it, you must edit and remove it from the "
        "deposit it appears on."
    )
    return QboFault(400, "6540", "Deposited Transaction cannot be changed", detail)


def wrong_currency() -> QboFault:
    """A document in another currency than its party's or account's."""
    return business_rule("The currency of the transaction is invalid for customer / vendor / account.")
