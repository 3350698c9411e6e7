"""Executing a query on one entity's records.

Conditions on instants, ids and `Active` are met from indexes; only other conditions build records to look at. The slots a
search found are kept until the entity changes, so that paging through a filtered or sorted result searches once.
"""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from qbo_pipeline.emulator.books.comparison import Test, condition_test, condition_values, id_value, value_of
from qbo_pipeline.emulator.books.entity_records import EntityRecords
from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.books.query import Condition, Ordering, Statement
from qbo_pipeline.emulator.faults import query_fault
from qbo_pipeline.emulator.settings import EmulatorSettings
from qbo_pipeline.emulator.source import content

_DEFAULT_LIMIT = 100
_REMEMBERED_SEARCHES = 4  # a search over a million records remembers 8 MB
_CREATED = "MetaData.CreateTime"
_UPDATED = "MetaData.LastUpdatedTime"


@dataclass(frozen=True)
class Found:
    """The slots of one page, in order, and how many records met the conditions in all."""

    slots: Sequence[int]
    total: int


class Search:
    """Queries on one entity; the caller holds the company's lock."""

    def __init__(self, rules: EntityRules, records: EntityRecords, settings: EmulatorSettings) -> None:
        self._rules = rules
        self._records = records
        self._settings = settings
        self._remembered: OrderedDict[tuple[Any, ...], Sequence[int]] = OrderedDict()
        self._version = records.version

    def find(self, statement: Statement, today: date, unknown: frozenset[int] = frozenset()) -> Found:
        """One page of what a statement asks for; raises fault 4001 for what the entity does not let be asked.

        `unknown`: slots no query knows of yet.
        """
        conditions = tuple(self._checked_condition(condition) for condition in statement.conditions)
        orderings = tuple(self._checked_ordering(ordering) for ordering in statement.orderings)
        slots = self._slots(conditions, self._or_default(statement, orderings), today)
        if unknown:
            slots = [slot for slot in slots if slot not in unknown]
        start = statement.start - 1
        return Found(slots[start : start + self._limit(statement)], len(slots))

    def _limit(self, statement: Statement) -> int:
        limit = _DEFAULT_LIMIT if statement.limit is None else statement.limit
        cap = self._settings.query_cap
        if limit > cap and self._settings.query_over_cap == "error":
            raise query_fault(f"value {limit} is too large. Max allowed value is {cap}")
        return min(limit, cap)

    def _checked_condition(self, condition: Condition) -> Condition:
        found = self._rules.properties.get(condition.property.lower())
        if found is None or not found.is_filterable:
            raise query_fault(f"property '{condition.property}' is not queryable")
        if found.name == "Id":
            self._check_id_condition(condition)
        return replace(condition, property=found.name)

    def _check_id_condition(self, condition: Condition) -> None:
        if not self._rules.has_id:
            raise query_fault(f"property '{condition.property}' is not queryable")
        is_range = condition.operator in ("<", ">", "<=", ">=")
        if condition.operator == "LIKE" or (is_range and not self._settings.id_range_filter):
            raise query_fault(f"Operator {condition.operator} is not supported for property '{condition.property}'")

    def _checked_ordering(self, ordering: Ordering) -> Ordering:
        found = self._rules.properties.get(ordering.property.lower())
        if found is None or not found.is_sortable or (found.name == "Id" and not self._rules.has_id):
            raise query_fault(f"property '{ordering.property}' is not queryable")
        return replace(ordering, property=found.name)

    def _or_default(self, statement: Statement, orderings: tuple[Ordering, ...]) -> tuple[Ordering, ...]:
        if statement.is_count:
            return ()
        if not orderings and self._settings.default_order_newest_first:
            return (Ordering(_UPDATED, is_descending=True),)
        return orderings

    def _slots(self, conditions: tuple[Condition, ...], orderings: tuple[Ordering, ...], today: date) -> Sequence[int]:
        hides_inactive = self._hides_inactive(conditions)
        key = (conditions, orderings, hides_inactive, today)
        if self._version != self._records.version:
            self._remembered.clear()
            self._version = self._records.version
        if key not in self._remembered:
            met = self._met(conditions, hides_inactive, today)
            self._remembered[key] = self._in_order(met, orderings)
        self._remembered.move_to_end(key)
        while len(self._remembered) > _REMEMBERED_SEARCHES:
            self._remembered.popitem(last=False)
        return self._remembered[key]

    def _hides_inactive(self, conditions: Iterable[Condition]) -> bool:
        named = {condition.property for condition in conditions}
        if not self._rules.hides_inactive or "Active" in named:
            return False
        return self._settings.id_hidden_when_inactive or "Id" not in named

    def _met(self, conditions: tuple[Condition, ...], hides_inactive: bool, today: date) -> Sequence[int]:
        tests = {condition: condition_test(condition, today) for condition in conditions}
        slots, answered = self._candidates(conditions, tests, today)
        if hides_inactive and self._records.inactive():
            slots = [slot for slot in slots if slot not in self._records.inactive()]
        looked_at = []
        for condition, test in tests.items():
            if condition in answered:
                continue
            if (value := self._indexed(condition.property)) is not None:
                slots = [slot for slot in slots if test(value(slot))]
            else:
                looked_at.append((condition.property, test))
        return self._matching(slots, looked_at) if looked_at else slots

    def _candidates(
        self, conditions: tuple[Condition, ...], tests: Mapping[Condition, Test], today: date
    ) -> tuple[Sequence[int], set[Condition]]:
        """The fewest slots an index can name, and the conditions that need no further look."""
        answered = {
            condition
            for condition in conditions
            if condition.property == "Active" and tests[condition](True) and tests[condition](False)
        }
        for condition in conditions:
            if condition.property == "Id" and condition.operator in ("=", "IN"):
                found = (self._records.slot(value.text.strip()) for value in condition.values)
                return sorted({slot for slot in found if slot is not None}), answered | {condition}
        for name in (_UPDATED, _CREATED):
            ranges = {
                condition for condition in conditions if condition.property == name and condition.operator != "IN"
            }
            if ranges:
                return self._between(name, ranges, today), answered | ranges
        return self._records.live(), answered

    def _between(self, name: str, ranges: Iterable[Condition], today: date) -> Sequence[int]:
        lower: int | None = None
        upper: int | None = None
        for condition in ranges:
            (instant,) = condition_values(condition, today)
            if condition.operator in ("=", ">=", ">"):
                bound = instant + (condition.operator == ">")
                lower = bound if lower is None else max(lower, bound)
            if condition.operator in ("=", "<=", "<"):
                bound = instant - (condition.operator == "<")
                upper = bound if upper is None else min(upper, bound)
        return sorted(self._records.between(lower, upper, created=name == _CREATED))

    def _indexed(self, name: str) -> Callable[[int], Any] | None:
        """How a slot's value of a property is known without its record; None where only the record tells."""
        records = self._records
        known: dict[str, Callable[[int], Any]] = {
            "Id": lambda slot: id_value(records.record_id(slot)),
            "Active": lambda slot: slot not in records.inactive(),
            _CREATED: records.created,
            _UPDATED: records.updated,
        }
        return known.get(name)

    def _matching(self, slots: Iterable[int], tests: Sequence[tuple[str, Test]]) -> list[int]:
        matching = []
        for slot in slots:
            record = content(self._records.record(slot))
            if all(test(value_of(record, name)) for name, test in tests):
                matching.append(slot)
        return matching

    def _in_order(self, slots: Sequence[int], orderings: tuple[Ordering, ...]) -> Sequence[int]:
        """Slots, which come ascending, by the orderings; equal ones stay in id order."""
        if not orderings or (orderings[0].property == "Id" and not orderings[0].is_descending):
            return slots
        ordered = list(slots)
        for ordering in reversed(orderings):
            ordered.sort(key=self._sort_key(ordering.property, slots), reverse=ordering.is_descending)
        return array("q", ordered)

    def _sort_key(self, name: str, slots: Iterable[int]) -> Callable[[int], Any]:
        if (indexed := self._indexed(name)) is not None:
            return indexed
        values = {slot: value_of(content(self._records.record(slot)), name) for slot in slots}
        return lambda slot: (values[slot] is not None, values[slot])
