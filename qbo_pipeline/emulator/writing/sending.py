"""E-mailing a document: nobody gets anything, but the document says it was sent.

A recorded e-mail moves LastUpdatedTime and leaves the SyncToken.
"""

from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.faults import QboFault, unsupported_operation
from qbo_pipeline.emulator.instants import stamp
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.field_checks import check_fields


def send_document(desk: Desk, rules: EntityRules, record: Record, send_to: str) -> Record:
    """The document as sent, to `send_to` or else to its own address; one without any is refused (6420)."""
    if not rules.email_property:
        raise unsupported_operation("Operation send is not supported.")
    if send_to:
        record[rules.email_property] = {"Address": send_to}
        check_fields(rules.name, {rules.email_property: record[rules.email_property]})
    if not (record.get(rules.email_property) or {}).get("Address"):
        detail = "An email address is required to send this transaction."
        raise QboFault(400, "6420", "Email address is required", detail, rules.email_property)
    record["EmailStatus"] = "EmailSent"
    record["DeliveryInfo"] = {"DeliveryType": "Email", "DeliveryTime": stamp(desk.draft.moment)}
    return desk.draft.save(rules.name, record, keeps_token=True)
