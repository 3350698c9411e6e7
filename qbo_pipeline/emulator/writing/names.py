"""Names of list records: how they are put together, how they mark a deactivated record, and when they are refused.

QuickBooks appends " (deleted)" to the name of what is deactivated, and takes it off again when it comes back.
"""

from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.faults import QboFault, business_rule, missing_parameter
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.refusals import too_deep

DELETED = " (deleted)"
_DEEPEST = 5
_NAME_PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")


def complete_name(desk: Desk, rules: EntityRules, record: Record) -> None:
    """Write the name, the full name and the mark of a list record as QuickBooks would."""
    if rules.name_property is None:
        return
    own = str(record.get(rules.name_property) or _from_parts(record) or "").strip().removesuffix(DELETED)
    if not own:
        raise missing_parameter(rules.name_property)
    if any(forbidden in own for forbidden in ":\t\n"):
        detail = f"Property value:{rules.name_property} has invalid characters"
        raise QboFault(
            400, "2040", "Invalid String. The string contains invalid character", detail, rules.name_property
        )
    record["Active"] = record.get("Active", True)
    mark = "" if record["Active"] else DELETED
    record[rules.name_property] = own + mark
    if mark and "CurrentBalance" in record:
        record["CurrentBalance"] = 0
    if rules.is_tree:
        parent = desk.referred(record, "ParentRef", rules.name)
        if parent and "Id" in record and is_within(desk, rules, parent, record["Id"]):
            raise business_rule("A record cannot be a part of itself.")
        above = [parent["FullyQualifiedName"].removesuffix(DELETED)] if parent.get("FullyQualifiedName") else []
        record["FullyQualifiedName"] = ":".join([*above, own]) + mark
        if record["FullyQualifiedName"].count(":") >= _DEEPEST:
            raise too_deep()


def is_within(desk: Desk, rules: EntityRules, record: Record, ancestor_id: str) -> bool:
    """Whether a record is another one or stands somewhere below it."""
    while record:
        if record["Id"] == ancestor_id:
            return True
        record = desk.referred(record, "ParentRef", rules.name)
    return False


def _from_parts(record: Record) -> str:
    given = [str(record[part]) for part in _NAME_PARTS if record.get(part)]
    return " ".join(given) or str(record.get("CompanyName", ""))
