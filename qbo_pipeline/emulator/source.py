"""What a company's books hold when the emulator starts: the contract between sample companies and the books.

A source is read-only and answers by position, so that a generated company of a million invoices costs no memory until a
record is asked for. Changes made while the emulator runs lie over it, in the books.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any, Protocol

Record = dict[str, Any]


class Source(Protocol):
    """The records of one company, by entity, in ascending order of id."""

    def entities(self) -> Sequence[str]:
        """The entities this company's edition and country offer, by QuickBooks' names; one of them may hold no record."""
        ...

    def ids(self, entity: str) -> Sequence[str]:
        """The ids of an entity's records, ascending as numbers; cheap to count and to slice."""
        ...

    def instants(self, entity: str) -> tuple[Sequence[int], Sequence[int]]:
        """CreateTime and LastUpdatedTime of every record in epoch seconds, aligned with `ids`."""
        ...

    def record(self, entity: str, position: int) -> Record:
        """The whole record at a position of `ids`, as QuickBooks answers it (MetaData included), fresh at each call."""
        ...


class ListedRecords:
    """A source held in memory: what the hand-made sample companies are.

    `records` maps each offered entity to its records in ascending order of id. A record without `Id` (an exchange rate) is
    known by its position, a wrapped one (`{"Invoice": {...}}`, a recurring transaction) by the id inside.
    """

    def __init__(self, records: Mapping[str, Sequence[Record]]) -> None:
        self._records = records

    def entities(self) -> Sequence[str]:
        return tuple(self._records)

    def ids(self, entity: str) -> Sequence[str]:
        return [
            str(_bare(record).get("Id", position)) for position, record in enumerate(self._records[entity], start=1)
        ]

    def instants(self, entity: str) -> tuple[Sequence[int], Sequence[int]]:
        metadata = [_bare(record)["MetaData"] for record in self._records[entity]]
        updated = [_epoch(meta["LastUpdatedTime"]) for meta in metadata]
        created = [_epoch(meta.get("CreateTime", meta["LastUpdatedTime"])) for meta in metadata]
        return created, updated

    def record(self, entity: str, position: int) -> Record:
        return deepcopy(self._records[entity][position])


def _bare(record: Record) -> Record:
    return record if "MetaData" in record else next(iter(record.values()))


def content(record: Record) -> Record:
    """The record itself, taken out of its wrapping where QuickBooks wraps it: `{"Invoice": {...}}`."""
    inner = next(iter(record.values())) if len(record) == 1 else None
    return inner if isinstance(inner, dict) else record


def _epoch(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp())
