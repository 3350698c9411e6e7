"""Document numbers: given out where the company lets QuickBooks number its documents, refused where they stand already.

All sales share one sequence, estimates and purchase orders have one each.
"""

import re

from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.books.schema import RULES
from qbo_pipeline.emulator.faults import duplicate_number
from qbo_pipeline.emulator.source import Record, content
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.unique_values import UniqueValues

_LOOKED_BACK = 100  # the last number in use stands on one of the newest documents
_COUNTED = re.compile(r"(.*?)(\d+)")


def number_document(
    desk: Desk,
    rules: EntityRules,
    record: Record,
    before: Record | None,
    numbers: UniqueValues,
    *,
    allows_duplicate: bool,
) -> None:
    """Number a new document that brings no number; refuse one that must stand once only and already stands (6140).

    An empty number is a blank one, not a wish for the next.
    """
    if before is None and "DocNumber" not in record and _is_numbered(desk, rules):
        record["DocNumber"] = _next_number(desk, rules, numbers)
        return
    number = record.get("DocNumber")
    if not number:
        record.pop("DocNumber", None)
        return
    is_unique = desk.warns(rules.unique_numbers) if isinstance(rules.unique_numbers, str) else rules.unique_numbers
    if not is_unique or allows_duplicate or (before is not None and before.get("DocNumber") == number):
        return
    holder = numbers.holder(rules, number)
    if holder is not None:
        raise duplicate_number(number, *holder)


def _is_numbered(desk: Desk, rules: EntityRules) -> bool:
    """Whether QuickBooks numbers documents of this kind, rather than the company itself."""
    match rules.numbering:
        case "none":
            return False
        case "purchase_orders":
            return not desk.warns("VendorAndPurchasesPrefs.UseCustomTxnNumbers")
        case _:
            return not desk.preference("SalesFormsPrefs", "CustomTxnNumbers")


def _next_number(desk: Desk, rules: EntityRules, numbers: UniqueValues) -> str:
    family = [RULES[entity] for entity in desk.records.offered() if RULES[entity].numbering == rules.numbering]
    newest = [number for member in family for number in _newest_numbers(desk, member)]
    plain = [int(number) for number in newest if number.isdecimal()]
    prefix, width, following = "", 0, max(plain, default=1000) + 1
    counted = _COUNTED.fullmatch(newest[-1]) if newest and not plain else None
    if counted is not None:
        prefix, width, following = counted[1], len(counted[2]), int(counted[2]) + 1
    while any(numbers.holder(member, f"{prefix}{following:0{width}}") is not None for member in family):
        following += 1
    return f"{prefix}{following:0{width}}"


def _newest_numbers(desk: Desk, rules: EntityRules) -> list[str]:
    records = desk.records[rules.name]
    newest = (content(records.record(slot)).get("DocNumber", "") for slot in records.live()[-_LOOKED_BACK:])
    return [number for number in newest if number]
