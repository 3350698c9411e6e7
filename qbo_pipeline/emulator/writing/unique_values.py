"""Values that may stand once only: names over Customer, Vendor and Employee, names within a list, document numbers.

An index is built the first time a space is asked about, which reads all its records once, and follows every commit after.
"""

from collections.abc import Callable, Iterable

from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.books.records import Change, CompanyRecords
from qbo_pipeline.emulator.books.schema import RULES
from qbo_pipeline.emulator.source import Record


def name_key(rules: EntityRules, record: Record) -> str | None:
    """What must be unique of a name: its full path where names form a tree, else the name itself."""
    if rules.name_property is None:
        return None
    full = record.get("FullyQualifiedName") if rules.name_property == "Name" else None
    return full or record.get(rules.name_property)


def number_key(_: EntityRules, record: Record) -> str | None:
    """A document's number."""
    return record.get("DocNumber") or None


class UniqueValues:
    """Who holds which value, by space; `space` is the field of the rules that names an entity's space."""

    def __init__(
        self,
        records: CompanyRecords,
        space: Callable[[EntityRules], str],
        key: Callable[[EntityRules, Record], str | None],
    ) -> None:
        self._records = records
        self._space = space
        self._key = key
        self._holders: dict[str, dict[str, tuple[str, str]]] = {}

    def holder(self, rules: EntityRules, value: str) -> tuple[str, str] | None:
        """The entity and id that hold a value, compared without regard to case; None if it is free."""
        return self._index(self._space(rules)).get(value.casefold())

    def follow(self, changes: Iterable[Change]) -> None:
        """Keep up with what a draft commits."""
        for change in changes:
            rules = RULES[change.entity]
            holders = self._holders.get(self._space(rules))
            if holders is None:
                continue
            former = change.before and self._key(rules, change.before)
            if former and holders.get(former.casefold()) == (change.entity, change.record_id):
                del holders[former.casefold()]
            if change.after and (value := self._key(rules, change.after)):
                holders[value.casefold()] = (change.entity, change.record_id)

    def _index(self, space: str) -> dict[str, tuple[str, str]]:
        if space not in self._holders:
            self._holders[space] = holders = {}
            for entity in self._records.offered():
                rules = RULES[entity]
                if self._space(rules) == space:
                    for record in self._records.each(entity):
                        if value := self._key(rules, record):
                            holders[value.casefold()] = (entity, record["Id"])
        return self._holders[space]
