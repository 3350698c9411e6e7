"""What a link does to the transaction it names, and what undoing it does.

An estimate closes under its one invoice and is open again when that goes; in a company that bills in parts (its preference for
progress invoicing) it takes several and closes once they come to all of it, which no recording settles either; hours and
recharged expenses count as billed; a purchase order closes when bills have taken all of every line; a payment lies in one
deposit only. That an API link closes an estimate as the user interface does is the emulator's choice: no recording settles it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.books.records import Draft
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.line_items import detail_of
from qbo_pipeline.emulator.writing.refusals import cannot_link

# (draft, entity that links, record that links, record linked to) -> whether the latter changed
Change = Callable[[Draft, str, Record, Record], bool]


@dataclass(frozen=True)
class Effect:
    """What linking to a transaction of one kind does (`take`, also when a link stays), and what its end does (`let_go`)."""

    take: Change
    let_go: Change


def _mark(target: Record, entity: str, source_id: str) -> bool:
    """Link back; False when that stood already."""
    mark = {"TxnId": source_id, "TxnType": entity}
    if mark in target.get("LinkedTxn", ()):
        return False
    target["LinkedTxn"] = [*target.get("LinkedTxn", ()), mark]
    return True


def _unmark(target: Record, entity: str, source_id: str) -> bool:
    mark = {"TxnId": source_id, "TxnType": entity}
    target["LinkedTxn"] = [link for link in target.get("LinkedTxn", ()) if link != mark]
    return True


def _is_linked(target: Record, entity: str) -> bool:
    return any(link.get("TxnType") == entity for link in target.get("LinkedTxn", ()))


def _check_same(reference: str, kind: str, source: Record, target: Record) -> None:
    if source.get(reference, {}).get("value") != target.get(reference, {}).get("value"):
        raise cannot_link(kind, target["Id"], "is of another customer or vendor")


def _close_estimate(draft: Draft, entity: str, source: Record, target: Record) -> bool:
    if {"TxnId": source["Id"], "TxnType": entity} in target.get("LinkedTxn", ()):
        return False
    _check_same("CustomerRef", "Estimate", source, target)
    in_parts = _bills_in_parts(draft)
    is_taken = _is_linked(target, entity) and not in_parts
    if is_taken or target.get("TxnStatus") in ("Closed", "Rejected"):
        raise cannot_link("Estimate", target["Id"], f"is {target.get('TxnStatus', 'linked')} already")
    billed = _billed_of(draft, entity, target) + amount(source.get("TotalAmt"))
    if not in_parts or billed >= amount(target.get("TotalAmt")):
        target["TxnStatus"] = "Closed"
    return _mark(target, entity, source["Id"])


def _bills_in_parts(draft: Draft) -> bool:
    preferences = draft.find("Preferences", "1") or {}
    return preferences.get("SalesFormsPrefs", {}).get("UsingProgressInvoicing") is True


def _billed_of(draft: Draft, entity: str, estimate: Record) -> Decimal:
    """What the invoices linked to an estimate come to."""
    ids = [link["TxnId"] for link in estimate.get("LinkedTxn", ()) if link.get("TxnType") == entity]
    return sum((amount((draft.find(entity, each) or {}).get("TotalAmt")) for each in ids), Decimal(0))


def _open_estimate(draft: Draft, entity: str, source: Record, target: Record) -> bool:
    target["TxnStatus"] = "Accepted" if target.get("AcceptedDate") else "Pending"
    return _unmark(target, entity, source["Id"])


def _bill_hours(draft: Draft, entity: str, source: Record, target: Record) -> bool:
    before = draft.records.find(entity, source["Id"]) or {}
    if _names(before, "TimeActivity", target["Id"]):
        return False
    _check_same("CustomerRef", "TimeActivity", source, target)
    if target.get("BillableStatus") != "Billable":
        raise cannot_link("TimeActivity", target["Id"], f"is {target.get('BillableStatus')}")
    target["BillableStatus"] = "HasBeenBilled"
    return True


def _unbill_hours(draft: Draft, entity: str, source: Record, target: Record) -> bool:
    target["BillableStatus"] = "Billable"
    return True


def _invoice_charge(draft: Draft, entity: str, source: Record, target: Record) -> bool:
    if {"TxnId": source["Id"], "TxnType": entity} in target.get("LinkedTxn", ()):
        return False
    _check_same("CustomerRef", "ReimburseCharge", source, target)
    if target.get("HasBeenInvoiced"):
        raise cannot_link("ReimburseCharge", target["Id"], "has been invoiced already")
    target["HasBeenInvoiced"] = True
    for line in target.get("Line", ()):
        _mark(line, entity, source["Id"])
    return _mark(target, entity, source["Id"])


def _release_charge(draft: Draft, entity: str, source: Record, target: Record) -> bool:
    target["HasBeenInvoiced"] = False
    for line in target.get("Line", ()):
        _unmark(line, entity, source["Id"])
    return _unmark(target, entity, source["Id"])


def _receive_order(draft: Draft, entity: str, source: Record, target: Record) -> bool:
    _check_same("VendorRef", "PurchaseOrder", source, target)
    known = {line.get("Id") for line in target.get("Line", ())}
    taken = [line_id for line in source["Line"] for line_id in _order_lines(line, target["Id"])]
    if not taken or not known.issuperset(taken):
        raise cannot_link(
            "PurchaseOrder", target["Id"], "needs a TxnLineId of its own on each line of the bill that takes one"
        )
    is_new = _mark(target, entity, source["Id"])
    if is_new and target.get("POStatus") == "Closed":
        raise cannot_link("PurchaseOrder", target["Id"], "is closed")
    return _settle_order(draft, entity, target) or is_new


def _reopen_order(draft: Draft, entity: str, source: Record, target: Record) -> bool:
    _unmark(target, entity, source["Id"])
    _settle_order(draft, entity, target)
    return True


def _settle_order(draft: Draft, entity: str, order: Record) -> bool:
    """Close a purchase order that its bills have taken up, open any other; whether that changed it."""
    bills = (draft.find(entity, link["TxnId"]) for link in order["LinkedTxn"] if link["TxnType"] == entity)
    taken: dict[str, Decimal] = {}
    for bill in bills:
        for line in (bill or {}).get("Line", ()):
            for line_id in _order_lines(line, order["Id"]):
                taken[line_id] = taken.get(line_id, Decimal(0)) + _size(line)
    is_open = any(taken.get(line.get("Id", ""), Decimal(0)) < _size(line) for line in order["Line"])
    former = order.get("POStatus")
    order["POStatus"] = "Open" if is_open else "Closed"
    return bool(order["POStatus"] != former)


def _size(line: Record) -> Decimal:
    """How much a line is of: its quantity, or its amount where it has none."""
    quantity = detail_of(line).get("Qty")
    return amount(line.get("Amount") if quantity is None else quantity)


def _order_lines(line: Record, order_id: str) -> list[str]:
    return [
        link.get("TxnLineId", "")
        for link in line.get("LinkedTxn", ())
        if link.get("TxnType") == "PurchaseOrder" and link.get("TxnId") == order_id
    ]


def _put_in_deposit(draft: Draft, entity: str, source: Record, target: Record) -> bool:
    if {"TxnId": source["Id"], "TxnType": entity} in target.get("LinkedTxn", ()):
        return False
    account = draft.records.find("Account", target.get("DepositToAccountRef", {}).get("value", "")) or {}
    if _is_linked(target, entity) or account.get("AccountSubType") != "UndepositedFunds":
        raise cannot_link("Payment", target["Id"], "is not in Undeposited Funds")
    return _mark(target, entity, source["Id"])


def _take_from_deposit(draft: Draft, entity: str, source: Record, target: Record) -> bool:
    return _unmark(target, entity, source["Id"])


def _names(record: Record, kind: str, record_id: str) -> bool:
    parts = (record, *record.get("Line", ()))
    return any(
        (link.get("TxnType"), link.get("TxnId")) == (kind, record_id)
        for part in parts
        for link in part.get("LinkedTxn", ())
    )


_IN_DEPOSIT = Effect(_put_in_deposit, _take_from_deposit)

EFFECTS: Mapping[str, Effect] = {
    "Estimate": Effect(_close_estimate, _open_estimate),
    "TimeActivity": Effect(_bill_hours, _unbill_hours),
    "ReimburseCharge": Effect(_invoice_charge, _release_charge),
    "PurchaseOrder": Effect(_receive_order, _reopen_order),
    "Payment": _IN_DEPOSIT,
    "SalesReceipt": _IN_DEPOSIT,
    "RefundReceipt": _IN_DEPOSIT,
}
