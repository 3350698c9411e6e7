"""History that is in the books already: documents found there by number and total are linked, and never pushed.

It is looked for until a company is armed, so that its first push exports nothing that somebody once typed in. Only what leaves
no doubt is linked. What is in doubt (the number without the total, or the party, day and total without the number) is held until
a person says which it is, and the rest goes out. A vendor's bill goes by its vendor and the vendor's number.
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

_PARTIES = {"customer": "Customer", "vendor": "Vendor"}
# What goes by a number that its party gave it: another party may have given the same.
_NUMBERED_BY_PARTY = frozenset({"Bill"})


@dataclass(frozen=True, order=True)
class InDoubt:
    """A document of ours that the books may hold already, and why it may not be the same one; `key` is its create's."""

    target: str
    source: str
    number: str | None
    reason: str
    key: str


@dataclass(frozen=True)
class Adopted:
    """How many documents were found in the books, and those in doubt."""

    linked: int
    in_doubt: list[InDoubt]


def adopt_history(store: StateStore, realm_id: str, candidates: Iterable[Row], books: Iterable[Row]) -> Adopted:
    """Link what is in the books already; `candidates` and `books` are rows as `warehouse.history` has them."""
    return _Adoption(store, realm_id, books).run(candidates)


def hold_doubtful(store: StateStore, adopted: Adopted) -> int:
    """Hold what is in doubt and would go out, once it was taken in; how many there were that went their way before."""
    known = (each for each in adopted.in_doubt if store.outbox.get(each.key) is not None)
    return sum(store.outbox.hold_back(each.key, each.reason) for each in known)


class _Adoption:
    """One look for a company's history."""

    def __init__(self, store: StateStore, realm_id: str, books: Iterable[Row]) -> None:
        self._store = store
        self._realm_id = realm_id
        self._by_number: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self._by_day: dict[tuple[str, str, object], list[Row]] = defaultdict(list)
        for row in books:
            if row["number"]:
                self._by_number[row["target"], _folded(row["number"])].append(row)
            self._by_day[row["target"], row["party_id"], row["transaction_date"]].append(row)

    def run(self, candidates: Iterable[Row]) -> Adopted:
        links = self._store.links
        linked, in_doubt, unnumbered = 0, [], []
        for candidate in candidates:
            if links.find(self._realm_id, candidate["target"], candidate["source_kind"], candidate["source_id"]):
                continue
            same = self._of_same_number(candidate)
            if not same:
                unnumbered.append(candidate)
            elif (doubt := self._doubt(candidate, same)) is None:
                self._adopt(candidate, same[0])
                linked += 1
            else:
                in_doubt.append(self._in_doubt(candidate, doubt))
        # Only what no number was found for may be one of the others of its day, once those are linked that have one.
        doubts = ((each, self._doubt_of_day(each)) for each in unnumbered if each["would_go"])
        in_doubt += [self._in_doubt(candidate, doubt) for candidate, doubt in doubts if doubt is not None]
        return Adopted(linked, sorted(in_doubt))

    def _of_same_number(self, candidate: Row) -> list[Row]:
        numbers = {_folded(number) for number in (candidate["full_number"], candidate["source_number"]) if number}
        same = [row for number in sorted(numbers) for row in self._by_number[candidate["target"], number]]
        if candidate["target"] not in _NUMBERED_BY_PARTY:
            return same
        party = self._party_of(candidate)
        # Whose party is not known to the books yet may still be any of theirs, if the amount is the same.
        return [row for row in same if row["party_id"] == party or (party is None and _is_same_amount(candidate, row))]

    def _doubt(self, candidate: Row, same: list[Row]) -> str | None:
        if len(same) > 1:
            return f"The books hold {len(same)} of that number."
        (row,) = same
        named = f"{candidate['target']} {row['id']}"
        if self._store.links.by_qbo_id(self._realm_id, candidate["target"], row["id"]):
            return f"{named} stands for another source already."
        if not _is_same_amount(candidate, row):
            ours = candidate["total"] if candidate["total"] is not None else candidate["net"]
            return f"{named} comes to {row['total']} in the books, and to {ours} here."
        party = self._party_of(candidate)
        if party is not None and row["party_id"] not in (None, party):
            return f"{named} is another {candidate['party_kind']}'s in the books."
        if party is None and candidate["target"] in _NUMBERED_BY_PARTY:
            return f"{named} has its number and amount, and its {candidate['party_kind']} is not mapped."
        return None

    def _doubt_of_day(self, candidate: Row) -> str | None:
        """Somebody may have typed it in under another number, or under none."""
        party = self._party_of(candidate)
        if party is None or not candidate["net"]:
            # Of a credit's use or a voided document, nothing moves: two on a day are no sign.
            return None
        rows = self._by_day[candidate["target"], party, candidate["transaction_date"]]
        alike = [row for row in rows if _is_same_amount(candidate, row) and not self._stands_for_another(row)]
        if not alike:
            return None
        named = f"{candidate['target']} {alike[0]['id']} (number {alike[0]['number'] or 'none'})"
        return f"{named} has the same {candidate['party_kind']}, day and total in the books."

    def _stands_for_another(self, row: Row) -> bool:
        return self._store.links.by_qbo_id(self._realm_id, row["target"], row["id"]) is not None

    def _party_of(self, candidate: Row) -> str | None:
        kind = candidate["party_kind"]
        link = self._store.links.find(self._realm_id, _PARTIES[kind], kind, candidate["party_id"])
        return link.qbo_id if link else None

    def _adopt(self, candidate: Row, row: Row) -> None:
        link = Link(
            realm_id=self._realm_id,
            **_source(candidate),
            qbo_id=row["id"],
            origin="matched",
            linked_at=self._store.clock(),
            doc_number=row["number"],
            total=row["total"],
        )
        self._store.outbox.adopt(self._intent(candidate, row["number"]), link)

    def _in_doubt(self, candidate: Row, doubt: str) -> InDoubt:
        source = f"{candidate['source_kind']}:{candidate['source_id']}"
        ways = (
            f"If it is that one, link it with `qbo-pipeline push --source {source} --is QBO-ID`; if not, send it with "
            f"`qbo-pipeline push --source {source} --again`."
        )
        key = self._intent(candidate, None).key
        return InDoubt(candidate["target"], source, candidate["source_number"], f"{doubt} {ways}", key)

    def _intent(self, candidate: Row, number: str | None) -> Intent:
        return Intent(realm_id=self._realm_id, operation="create", natural_key=number, **_source(candidate))


def _source(candidate: Row) -> dict[str, Any]:
    return {name: candidate[name] for name in ("target", "source_kind", "source_id")}


def _is_same_amount(candidate: Row, row: Row) -> bool:
    """Where the source knows no tax, its net amount is compared with the books' net."""
    if row["total"] is None:
        return False
    if candidate["total"] is not None and row["total"] == candidate["total"]:
        return True
    return candidate["tax_total"] is None and row["total"] - (row["total_tax"] or Decimal(0)) == candidate["net"]


def _folded(number: str) -> str:
    return number.strip().casefold()
