"""Document numbers: given out where the company lets QuickBooks number its sales, refused where they stand already."""

from qbo_pipeline.emulator.books.schema import EntityRules
from qbo_pipeline.emulator.faults import duplicate_number
from qbo_pipeline.emulator.source import Record, content
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.unique_values import UniqueValues

_LOOKED_BACK = 100  # the last number in use stands on one of the newest documents


def number_document(
    desk: Desk,
    rules: EntityRules,
    record: Record,
    before: Record | None,
    numbers: UniqueValues,
    *,
    allows_duplicate: bool,
) -> None:
    """Number a new sales form that brings none; refuse a number that must stand once only and already stands (6140).

    An empty number is a blank one, not a wish for the next.
    """
    is_numbered = rules.unique_numbers is True and not desk.preference("SalesFormsPrefs", "CustomTxnNumbers")
    if before is None and is_numbered and "DocNumber" not in record:
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


def _next_number(desk: Desk, rules: EntityRules, numbers: UniqueValues) -> str:
    records = desk.records[rules.name]
    newest = [content(records.record(slot)).get("DocNumber", "") for slot in records.live()[-_LOOKED_BACK:]]
    number = max((int(given) for given in newest if given.isdecimal()), default=1000) + 1
    while numbers.holder(rules, str(number)) is not None:
        number += 1
    return str(number)
