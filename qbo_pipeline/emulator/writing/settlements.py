"""Payments against what they pay: applying one moves the balance of each invoice or bill it links, and links it back.

A document whose balance moves becomes a new version, as in QuickBooks. A document that goes away gives its payments their
money back: they lose the line and the amount is unapplied again.
"""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from qbo_pipeline.emulator.books.amounts import amount, cents
from qbo_pipeline.emulator.books.records import Draft
from qbo_pipeline.emulator.faults import business_rule, not_found
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.refusals import cannot_link

Target = tuple[str, str]


@dataclass(frozen=True)
class _Settlement:
    """What an entity pays (`charges`), what it pays with besides money (`credits`), and how it is called in links to it.

    `link_names` maps the value of its PayType to the name; `has_unapplied` says whether it shows what is left of it.
    """

    charges: frozenset[str]
    credits: frozenset[str]
    party_reference: str
    link_names: dict[str | None, str] = field(default_factory=dict)
    has_unapplied: bool = False


_SETTLEMENTS = {
    "Payment": _Settlement(
        charges=frozenset({"Invoice", "JournalEntry", "Expense"}),
        credits=frozenset({"CreditMemo"}),
        party_reference="CustomerRef",
        link_names={None: "Payment"},
        has_unapplied=True,
    ),
    "BillPayment": _Settlement(
        charges=frozenset({"Bill", "JournalEntry", "Deposit"}),
        credits=frozenset({"VendorCredit"}),
        party_reference="VendorRef",
        link_names={"Check": "BillPaymentCheck", "CreditCard": "BillPaymentCreditCard"},
    ),
}
_PAYERS = {name: entity for entity, paid in _SETTLEMENTS.items() for name in paid.link_names.values()}


def settles(entity: str) -> bool:
    """Whether records of an entity pay others."""
    return entity in _SETTLEMENTS


def unapplied(entity: str, record: Record) -> Decimal:
    """What is left of a payment: its total and the credits it uses, less what it pays."""
    settlement = _SETTLEMENTS[entity]
    left = amount(record.get("TotalAmt"))
    for (target, _), paid in _applied(record).items():
        left += paid if target in settlement.credits else -paid
    return left


def settle(draft: Draft, entity: str, record_id: str, before: Record | None, after: Record | None) -> None:
    """Move the documents that a payment paid before or pays now; `after` is None for one that is deleted."""
    former, now = _applied(before), _applied(after)
    name = _link_name(entity, after or before or {})
    for target in {**former, **now}:
        if former.get(target) != now.get(target):
            if target in now:
                _check_target(draft, entity, after or {}, target)
            _move(draft, target, now.get(target, Decimal(0)) - former.get(target, Decimal(0)))
            _link_back(draft, target, {"TxnId": record_id, "TxnType": name}, is_paid=target in now)


def release(draft: Draft, entity: str, record: Record) -> None:
    """Give the payments of a document that is voided or deleted their money back."""
    for link in record.get("LinkedTxn", ()):
        payer = _PAYERS.get(link.get("TxnType"))
        payment = draft.find(payer, link["TxnId"]) if payer else None
        if payer is None or payment is None:
            continue
        kept = [line for line in payment.get("Line", ()) if (entity, record["Id"]) not in _targets(line)]
        payment["Line"] = kept
        if _SETTLEMENTS[payer].has_unapplied:
            payment["UnappliedAmt"] = unapplied(payer, payment)
        draft.save(payer, payment)


def _applied(record: Record | None) -> Counter[Target]:
    applied: Counter[Target] = Counter()
    for line in (record or {}).get("Line", ()):
        for target in _targets(line):
            applied[target] += amount(line.get("Amount"))
    return applied


def _targets(line: Record) -> list[Target]:
    return [(link["TxnType"], link["TxnId"]) for link in line.get("LinkedTxn", ())]


def _check_target(draft: Draft, entity: str, payment: Record, target: Target) -> None:
    """Refuse what this kind of payment cannot pay, and what is of another party (620); jobs pay with their family."""
    settlement = _SETTLEMENTS[entity]
    if target[0] not in settlement.charges | settlement.credits:
        raise cannot_link(*target, f"from a {entity}")
    document = draft.find(*target) if target[0] in draft.records else None
    of_payment = payment.get(settlement.party_reference, {}).get("value", "")
    of_document = (document or {}).get(settlement.party_reference, {}).get("value", of_payment)
    if of_document != of_payment:
        party = settlement.party_reference.removesuffix("Ref")
        if _root(draft, party, of_document) != _root(draft, party, of_payment):
            raise cannot_link(*target, f"is of another {party.lower()}")


def _root(draft: Draft, party: str, party_id: str) -> str:
    record = draft.records.find(party, party_id) or {}
    while parent_id := record.get("ParentRef", {}).get("value"):
        party_id, record = parent_id, draft.records.find(party, parent_id) or {}
    return party_id


def _link_name(entity: str, record: Record) -> str:
    names = _SETTLEMENTS[entity].link_names
    return names.get(record.get("PayType")) or next(iter(names.values()))


def _move(draft: Draft, target: Target, paid: Decimal) -> None:
    if target[0] not in draft.records:
        return
    document = draft.find(*target)
    if document is None and paid > 0:
        raise not_found(element="LinkedTxn")
    if document is None or "Balance" not in document:
        return
    balance = amount(document["Balance"]) - paid
    if balance < 0:
        raise business_rule(f"The amount applied to {target[0]} {target[1]} is more than its open balance.")
    document["Balance"] = balance
    if "RemainingCredit" in document:
        document["RemainingCredit"] = balance
    if "HomeBalance" in document:
        document["HomeBalance"] = cents(balance * amount(document.get("ExchangeRate", 1)))
    draft.save(target[0], document)


def _link_back(draft: Draft, target: Target, link: Record, *, is_paid: bool) -> None:
    document = draft.find(*target) if target[0] in draft.records else None
    if document is None:
        return
    others = [other for other in document.get("LinkedTxn", ()) if other.get("TxnId") != link["TxnId"]]
    document["LinkedTxn"] = [*others, link] if is_paid else others
    draft.save(target[0], document)
