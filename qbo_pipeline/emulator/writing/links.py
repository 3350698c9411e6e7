"""What a document links to besides what it pays: an invoice its estimate, hours and recharged expenses, a bill its purchase
order, a deposit the payments in it.

A link has an effect on what it names (`link_effects`) and, but for hours, a link back. Which links an entity may write stands
in the schema; the rest of LinkedTxn are marks that others left, which no client can write or remove.
"""

from collections.abc import Iterable

from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.books.records import Draft
from qbo_pipeline.emulator.faults import not_found
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.line_items import flattened
from qbo_pipeline.emulator.writing.link_effects import EFFECTS
from qbo_pipeline.emulator.writing.refusals import cannot_link, deposited

Target = tuple[str, str]

# Kinds of links whose place in another document than theirs is an error; others are read-only marks, ignored on input.
_NEVER_IGNORED = frozenset({"Estimate", "PurchaseOrder", "TimeActivity"})
# What of a deposited payment the deposit has counted on.
_DEPOSITED = ("TotalAmt", "DepositToAccountRef", "CurrencyRef", "TxnDate")


def written_links(rules: EntityRules, given: Iterable[Record], before: Record | None) -> list[Record]:
    """The LinkedTxn of a record: the marks others left on it, and of what the client gave the links it may write."""
    marks = [link for link in (before or {}).get("LinkedTxn", ()) if link.get("TxnType") not in rules.links]
    standing = {(link.get("TxnType"), link.get("TxnId")) for link in marks}
    written = []
    for link in given:
        kind = link.get("TxnType")
        if kind in rules.links:
            written.append(link)
        elif kind in _NEVER_IGNORED and (kind, link.get("TxnId")) not in standing:
            raise cannot_link(str(kind), str(link.get("TxnId")), f"from a {rules.name}")
    return [*marks, *written]


def repeat_in_head(rules: EntityRules, record: Record) -> None:
    """Let the head of a document show what only its lines link to."""
    shown = {(link["TxnType"], link["TxnId"]) for link in record.get("LinkedTxn", ())}
    for target in _linked(rules.links, record):
        if target not in shown:
            record.setdefault("LinkedTxn", []).append({"TxnId": target[1], "TxnType": target[0]})


def follow_links(draft: Draft, rules: EntityRules, before: Record | None, after: Record | None) -> None:
    """Let what a record links to follow it; `after` is None for one that is deleted."""
    kinds = rules.links | rules.line_links
    former, now = _linked(kinds, before), _linked(kinds, after)
    source = after or before or {}
    for kind, record_id in {**former, **now}:
        target = draft.find(kind, record_id) if kind in draft.records else None
        if target is None and (kind, record_id) in now and (kind, record_id) not in former:
            raise not_found(element="LinkedTxn")
        if target is not None:
            link = EFFECTS[kind].take if (kind, record_id) in now else EFFECTS[kind].let_go
            if link(draft, rules.name, source, target):
                draft.save(kind, target)


def forget_links(draft: Draft, rules: EntityRules, record: Record) -> None:
    """Take the links to a record that goes away out of the documents that link to it."""
    for mark in record.get("LinkedTxn", ()):
        holder = mark.get("TxnType", "")
        linking = (
            draft.find(holder, mark["TxnId"]) if holder in ("Invoice", "Bill") and holder in draft.records else None
        )
        if linking is None:
            continue
        for part in (linking, *flattened(linking.get("Line", ()))):
            if "LinkedTxn" in part:
                part["LinkedTxn"] = [
                    link for link in part["LinkedTxn"] if (link["TxnType"], link["TxnId"]) != (rules.name, record["Id"])
                ]
        draft.save(holder, linking)


def check_not_deposited(before: Record, after: Record | None) -> None:
    """Refuse to take away, or to change the money of, what lies in a deposit (6540); `after` is None when it goes away."""
    is_deposited = any(link.get("TxnType") == "Deposit" for link in before.get("LinkedTxn", ()))
    if is_deposited and (after is None or any(_of(before, name) != _of(after, name) for name in _DEPOSITED)):
        raise deposited()


def _of(record: Record, name: str) -> object:
    value = record.get(name)
    return value.get("value") if isinstance(value, dict) else value


def _linked(kinds: frozenset[str], record: Record | None) -> dict[Target, None]:
    parts = (record, *flattened(record.get("Line", ()))) if record else ()
    return {
        (link["TxnType"], link["TxnId"]): None
        for part in parts
        for link in part.get("LinkedTxn", ())
        if link.get("TxnType") in kinds and link.get("TxnId")
    }
