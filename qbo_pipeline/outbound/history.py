"""History that is in the books already: documents found there by number and total are linked, and never pushed.

It is looked for until a company is armed, so that its first push exports nothing that somebody once typed in. Only what leaves
no doubt is linked; the rest is listed for a person.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qbo_pipeline.state.intents import Intent
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.store import StateStore

Row = Mapping[str, Any]


@dataclass(frozen=True, order=True)
class InDoubt:
    """A document of ours whose number the books hold too, and why it may not be the same one."""

    target: str
    source: str
    number: str
    reason: str


@dataclass(frozen=True)
class Adopted:
    """How many documents were found in the books, and those in doubt."""

    linked: int
    in_doubt: list[InDoubt]


def adopt_history(store: StateStore, realm_id: str, candidates: Iterable[Row], books: Iterable[Row]) -> Adopted:
    """Link what is in the books already; `candidates` and `books` are rows as `warehouse.history` has them."""
    by_number: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in books:
        by_number[row["target"], _folded(row["number"])].append(row)
    linked, in_doubt = 0, []
    for candidate in candidates:
        if store.links.find(realm_id, candidate["target"], candidate["source_kind"], candidate["source_id"]):
            continue
        numbers = {_folded(number) for number in (candidate["full_number"], candidate["source_number"]) if number}
        same = [row for number in sorted(numbers) for row in by_number[candidate["target"], number]]
        if not same:
            continue
        reason = _doubt(store, realm_id, candidate, same)
        if reason is None:
            _adopt(store, realm_id, candidate, same[0])
            linked += 1
        else:
            source = f"{candidate['source_kind']}:{candidate['source_id']}"
            in_doubt.append(InDoubt(candidate["target"], source, candidate["source_number"], reason))
    return Adopted(linked, sorted(in_doubt))


def _doubt(store: StateStore, realm_id: str, candidate: Row, same: list[Row]) -> str | None:
    if len(same) > 1:
        return f"The books hold {len(same)} of that number."
    (row,) = same
    if store.links.by_qbo_id(realm_id, candidate["target"], row["id"]):
        return f"{candidate['target']} {row['id']} stands for another source already."
    if not _is_same_amount(candidate, row):
        ours = candidate["total"] if candidate["total"] is not None else candidate["net"]
        return f"{candidate['target']} {row['id']} comes to {row['total']} in the books, and to {ours} here."
    party = store.links.find(realm_id, "Customer", "customer", candidate["party_id"])
    if party is not None and row["party_id"] not in (None, party.qbo_id):
        return f"{candidate['target']} {row['id']} is another customer's in the books."
    return None


def _is_same_amount(candidate: Row, row: Row) -> bool:
    """Where the source knows no tax, its net amount is compared with the books' net."""
    if candidate["total"] is not None and row["total"] == candidate["total"]:
        return True
    return candidate["tax_total"] is None and row["total"] - (row["total_tax"] or Decimal(0)) == candidate["net"]


def _adopt(store: StateStore, realm_id: str, candidate: Row, row: Row) -> None:
    source = {name: candidate[name] for name in ("target", "source_kind", "source_id")}
    intent = Intent(realm_id=realm_id, operation="create", natural_key=row["number"], **source)
    link = Link(
        realm_id=realm_id,
        **source,
        qbo_id=row["id"],
        origin="matched",
        linked_at=store.clock(),
        doc_number=row["number"],
        total=row["total"],
    )
    store.outbox.adopt(intent, link)


def _folded(number: str) -> str:
    return number.strip().casefold()
