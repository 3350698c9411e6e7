"""Just before a document goes out, its sources are looked at again."""

import pytest

from qbo_pipeline.ops.errors import UnknownSource
from qbo_pipeline.outbound.document import SourceVersion
from qbo_pipeline.outbound.source_guard import changed_since
from qbo_pipeline.outbound.wanted import source_of
from qbo_pipeline_tests.outbound.operations import NOW, Operations


def test_nothing_of_the_sample_changed_since_it_was_derived(derived_sample: Operations) -> None:
    seen = {version for each in derived_sample.wanted().documents for version in each.seen}

    assert {version.kind for version in seen} == {
        *("quote", "quote_billing", "sale", "invoice", "ticket", "time_entry", "timesheet", "purchase_order"),
        *("payment", "application", "vendor_bill", "expense_receipt"),
    }
    assert changed_since(derived_sample.database, seen) == []


def test_a_changed_line_an_approval_taken_back_and_a_vanished_row_are_told(operations: Operations) -> None:
    wanted = {source_of(each): each for each in operations.wanted().documents}
    invoice = wanted["Invoice", "invoice", "la-inv-900"]
    worked = next(each for key, each in wanted.items() if key[0] == "TimeActivity")
    gone = SourceVersion(kind="invoice", id="never was", updated_at=NOW)
    sheet = next(each for each in worked.seen if each.kind == "timesheet")
    operations.change("timesheets", sheet.id, status="changes_requested")
    with operations.database.writing() as connection:
        connection.exec_driver_sql(
            "update document_lines set updated_at = '2026-05-01 00:00:00.000000' where document_id = 'la-inv-900'"
        )

    changed = changed_since(operations.database, [*invoice.seen, *worked.seen, gone])

    assert changed == [*invoice.seen, gone, sheet]


def test_a_kind_that_is_no_source_is_refused(operations: Operations) -> None:
    with pytest.raises(UnknownSource, match="no kind of source document called 'song'"):
        changed_since(operations.database, [SourceVersion(kind="song", id="1", updated_at=NOW)])
