"""Voiding what was pushed: as QuickBooks does where it lets programs, else by zeroes, by deleting, or by a person.

A void keeps the number and leaves a trail, deleting leaves none; so zeroes are what a void is where there is none. What money
was applied to is not voided over the heads of those who applied it, and closed books stay as they are: what can be
taken back from outside them `reversing` does.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from qbo_pipeline.outbound.delivery.composing import Ready
from qbo_pipeline.outbound.delivery.freezing import frozen_bytes, is_voided, thawed
from qbo_pipeline.outbound.delivery.recording import held
from qbo_pipeline.outbound.delivery.targets import target_of
from qbo_pipeline.outbound.payloads.dating import first_open_day
from qbo_pipeline.outbound.reversals import REVERSED_BY
from qbo_pipeline.quickbooks.record import Record
from qbo_pipeline.quickbooks.writing import Operation as Write
from qbo_pipeline.quickbooks.writing import can_be_voided
from qbo_pipeline.state.intents import IntentState, StoredIntent
from qbo_pipeline.state.settling import Settlement

_NOTE_MAX = 4000
# What is left of a document, and less than all of it once something was applied.
_LEFT = {"Invoice": "Balance", "Bill": "Balance", "CreditMemo": "RemainingCredit", "VendorCredit": "Balance"}
# QuickBooks takes no change of these without them, and works nothing of them out.
_REQUIRED = (
    "CustomerRef",
    "VendorRef",
    "AccountRef",
    "PaymentType",
    "DepositToAccountRef",
    "APAccountRef",
    "CurrencyRef",
)
_MOVES_NO_BOOKS = ("Estimate", "PurchaseOrder")
_UNWRITTEN = ("SubTotalLineDetail", "DiscountLineDetail", "TaxLineDetail", "GroupLineDetail")
_EMPTIED = ("Qty", "UnitPrice", "TaxInclusiveAmt", "TaxAmount")
_SPARSE = {"sparse": True}


def void_request(intent: StoredIntent, ready: Ready, live: Record) -> bytes | Settlement:
    """The bytes that void a document as it now stands, or how the intent stands instead."""
    record = thawed(live.payload)
    if is_voided(record):
        return Settlement(state=IntentState.PUSHED)
    standing = _why_it_stands(intent, ready, record)
    if standing is not None:
        return standing
    identity = {"Id": live.id, "SyncToken": live.sync_token}
    if can_be_voided(target_of(intent.target).entity):
        return frozen_bytes({**identity, **_SPARSE})
    if ready.void_by == "delete":
        return frozen_bytes(identity)
    if ready.void_by == "zero":
        return frozen_bytes({**_zeroed(record), **identity, **_SPARSE})
    reason = f"QuickBooks lets no program void {intent.target} {live.id}: void it in its pages, then wake this."
    return held("cannot_be_voided", reason)


def sent_as(intent: StoredIntent, payload: bytes) -> Write:
    """What a frozen request is to QuickBooks: a void of what it voids for no program is a change, or a deletion."""
    if intent.operation == "send":
        raise ValueError("A mail is no write of a record.")
    if intent.operation != "void" or can_be_voided(target_of(intent.target).entity):
        return intent.operation
    return "update" if "Line" in thawed(payload) else "delete"


def closed_day(record: Mapping[str, Any], closed_to: date | None) -> date | None:
    """The day of a document that lies in closed books, None for one of an open day."""
    dated = record.get("TxnDate")
    day = date.fromisoformat(dated) if dated else None
    return day if day is not None and closed_to is not None and day <= closed_to else None


def _why_it_stands(intent: StoredIntent, ready: Ready, record: Mapping[str, Any]) -> Settlement | None:
    named = f"{intent.target} {record['Id']}"
    day = None if intent.target in _MOVES_NO_BOOKS else closed_day(record, ready.closed_to)
    if day is not None:
        return held(
            "closed_period",
            f"{named} is dated {day}, and the books are closed to {ready.closed_to}: a void would change a closed period. "
            f"Reopen the books in QuickBooks and wake this, or {_other_way(intent.target, ready.closed_to)}.",
        )
    left = record.get(_LEFT.get(intent.target, ""))
    if left is not None and Decimal(left) != Decimal(record["TotalAmt"]):
        return held(
            "applied",
            f"Money or credit is applied to {named}: {Decimal(left):.2f} of {Decimal(record['TotalAmt']):.2f} is left. "
            "Take it off in QuickBooks or void the payment, then wake this.",
        )
    return None


def _other_way(target: str, closed_to: date | None) -> str:
    reversed_by = REVERSED_BY.get(target)
    if reversed_by is None or closed_to is None:
        return "correct it there with a document of an open day, which no program makes of its kind"
    day = first_open_day(closed_to)
    return f"choose closed_period=redate and wake this to have a {reversed_by} of {day} take it back"


def _zeroed(record: Mapping[str, Any]) -> dict[str, Any]:
    note = record.get("PrivateNote")
    required = {name: record[name] for name in _REQUIRED if name in record}
    tax = {"TxnTaxDetail": {"TotalTax": 0}} if "TxnTaxDetail" in record else {}
    lines = [_empty(line) for line in record.get("Line", ()) if line.get("DetailType") not in _UNWRITTEN]
    told = f"Voided - {note}"[:_NOTE_MAX] if note else "Voided"
    return {**required, **tax, "Line": lines, "PrivateNote": told}


def _empty(line: Mapping[str, Any]) -> dict[str, Any]:
    kind = line.get("DetailType", "")
    detail = {name: 0 if name in _EMPTIED else value for name, value in line.get(kind, {}).items()}
    kept = {name: value for name, value in line.items() if name in ("Id", "DetailType", "Description")}
    amount = {} if kind == "DescriptionOnly" else {"Amount": 0}
    return {**kept, **amount, kind: detail}
