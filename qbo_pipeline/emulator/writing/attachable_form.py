"""Attachables: a note or a file, hung on transactions and names."""

from qbo_pipeline.emulator.faults import QboFault, business_rule, invalid_reference
from qbo_pipeline.emulator.writing.entry import Entry


def complete_attachable(entry: Entry) -> None:
    """Complete an attachable: it needs a file name or a note (6000), and what it is hung on must exist (2500)."""
    record = entry.record
    if not record.get("FileName") and not record.get("Note"):
        raise business_rule("An attachable needs a file name or a note.")
    for attached in record.get("AttachableRef", ()):
        reference = attached.get("EntityRef")
        if reference is None:
            continue  # attached to nothing yet
        entity = reference.get("type", "")
        if entity not in entry.desk.records:
            detail = f"The entity reference type {entity} isn't supported for attachable."
            raise QboFault(400, "6050", "The entity reference type is unsupported for Attachable", detail, "EntityRef")
        if entry.desk.records.find(entity, reference["value"]) is None:
            raise invalid_reference(entity, reference["value"], "EntityRef")
        attached.setdefault("IncludeOnSend", False)
