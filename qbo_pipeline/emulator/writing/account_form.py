"""Accounts: a type and a subtype that belong together, a parent of the same type, and the balance of nothing posted yet."""

from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.faults import QboFault, business_rule
from qbo_pipeline.emulator.writing.account_types import ACCOUNT_TYPES, type_of_subtype
from qbo_pipeline.emulator.writing.currencies import home_currency, reference
from qbo_pipeline.emulator.writing.entry import Entry
from qbo_pipeline.emulator.writing.names import complete_name
from qbo_pipeline.emulator.writing.refusals import invalid_enumeration


def complete_account(entry: Entry) -> None:
    """Complete an account."""
    record, desk = entry.record, entry.desk
    if '"' in str(record.get("Name", "")):
        detail = "Property value:Name has invalid characters"
        raise QboFault(400, "2040", "Invalid String. The string contains invalid character", detail, "Name")
    if entry.is_new or entry.changes("AccountType", "AccountSubType"):
        _classify(entry)
    complete_name(desk, entry.rules, record)
    parent = desk.referred(record, "ParentRef", "Account")
    record["SubAccount"] = bool(parent)
    if parent and parent.get("AccountType") != record.get("AccountType"):
        raise business_rule("The type of a subaccount must be the type of its parent account.")
    if home_currency(desk):
        record["CurrencyRef"] = reference(desk, (record.get("CurrencyRef") or {}).get("value", home_currency(desk)))


def _classify(entry: Entry) -> None:
    record, before = entry.record, entry.before or {}
    subtype = record.get("AccountSubType")
    if "AccountType" in entry.content and "AccountSubType" not in entry.content:
        subtype = subtype if before.get("AccountType") == record["AccountType"] else None
    account_type = record.get("AccountType") or (type_of_subtype(subtype) if subtype else None)
    if account_type is None and subtype is None:
        detail = "You must specify either an Account.AccountType or an Account.AccountSubType."
        raise QboFault(400, "6010", "Invalid Account.AccountType && Account.SubType", detail, "AccountType")
    found = ACCOUNT_TYPES.get(account_type or "")
    if account_type is None or found is None:
        raise invalid_enumeration("AccountType", record.get("AccountType") or subtype)
    if subtype is not None and subtype not in found.subtypes:
        raise invalid_enumeration("AccountSubType", subtype)
    if before.get("AccountType", account_type) != account_type and amount(before.get("CurrentBalance")):
        raise business_rule("The type of an account with a balance cannot be changed.")
    record |= {
        "AccountType": account_type,
        "AccountSubType": subtype or found.subtypes[0],
        "Classification": found.classification,
    }
