"""Custom fields of sales forms: those the company's preferences define, filled where the document fills them.

A field whose DefinitionId is not defined is dropped without a word; one that the document does not fill is shown empty.
"""

from collections.abc import Iterator

from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.desk import Desk

_MOST = 3


def complete_custom_fields(desk: Desk, record: Record) -> None:
    """Write a document's custom fields the way QuickBooks answers them."""
    given = {field.get("DefinitionId"): field for field in record.pop("CustomField", ())}
    fields = []
    for number, name in _defined(desk):
        field = {"DefinitionId": number, "Name": name, "Type": "StringType"}
        text = given.get(number, {}).get("StringValue")
        fields.append(field | {"StringValue": text} if text else field)
    if fields:
        record["CustomField"] = fields


def _defined(desk: Desk) -> Iterator[tuple[str, str]]:
    settings = {
        setting["Name"]: setting.get("BooleanValue", setting.get("StringValue"))
        for group in desk.preference("SalesFormsPrefs", "CustomField") or ()
        for setting in group.get("CustomField", ())
    }
    for number in range(1, _MOST + 1):
        if settings.get(f"SalesFormsPrefs.UseSalesCustom{number}"):
            yield str(number), settings.get(f"SalesFormsPrefs.SalesCustomName{number}") or f"Custom {number}"
