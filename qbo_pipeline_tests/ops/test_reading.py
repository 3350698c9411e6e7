"""Single documents and watermarks, straight from the operational system."""

from datetime import timedelta
from decimal import Decimal

import pytest

from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.errors import UnknownSource
from qbo_pipeline.ops.reading import KINDS, read_source, read_sources, watermarks
from qbo_pipeline.ops.schema import TABLES, find_table
from qbo_pipeline_tests.ops.rows import CHANGED, change, insert


def test_a_document_comes_with_its_lines_in_order_and_its_newest_change(system: OpsDatabase) -> None:
    insert(system, "invoices", id="i1")
    insert(system, "document_lines", document_id="i1", line_id="b", position=1, updated_at=CHANGED + timedelta(hours=1))
    insert(system, "document_lines", document_id="i1", line_id="a", position=2, is_deleted=True)
    insert(system, "document_lines", document_id="i1", document_kind="quote", line_id="c", position=3)
    found = read_source(system, "invoice", "i1")
    assert found is not None
    assert (found.row["status"], found.is_deleted) == ("final", False)
    assert [(line["line_id"], line["amount"]) for line in found.lines] == [
        ("b", Decimal("10.0000")),
        ("a", Decimal("10.0000")),
    ]
    assert found.updated_at == CHANGED + timedelta(hours=1)


def test_a_withdrawn_approval_is_seen_at_once(system: OpsDatabase) -> None:
    insert(system, "invoices", id="i1")
    change(system, "invoices", "i1", status="draft")
    found = read_source(system, "invoice", "i1")
    assert found is not None
    assert found.row["status"] == "draft"


def test_a_contracts_period_reads_the_contract_with_its_lines(system: OpsDatabase) -> None:
    insert(system, "contracts", id="k1")
    insert(system, "contract_lines", id="k1a")
    found = read_sources(system, "contract_period", ["k1/2026-01-31", "k1/2026-02-28", "k2/2026-01-31"])
    assert {source_id: len(each.lines) for source_id, each in found.items()} == {"k1/2026-01-31": 1, "k1/2026-02-28": 1}


def test_a_document_that_is_not_there_is_none_and_a_kind_that_is_not_one_is_refused(system: OpsDatabase) -> None:
    assert read_source(system, "invoice", "nobody") is None
    with pytest.raises(UnknownSource, match=r"called 'memo'.*quote, quote_billing, sale"):
        read_source(system, "memo", "1")


def test_every_kind_can_be_read_from_the_sample(sample: OpsDatabase) -> None:
    with sample.reading() as connection:
        first = {
            kind: connection.execute(place.table.select().limit(1)).mappings().one()["id"]
            for kind, place in KINDS.items()
        }
    found = {kind: read_source(sample, kind, source_id) for kind, source_id in first.items()}
    assert [kind for kind, each in found.items() if each is None] == []


def test_watermarks_are_the_newest_change_of_each_table(system: OpsDatabase) -> None:
    insert(system, "invoices", id="i1")
    insert(system, "invoices", id="i2", updated_at=CHANGED + timedelta(minutes=5))
    assert watermarks(system, [find_table("invoices"), find_table("quotes")]) == {
        "invoices": CHANGED + timedelta(minutes=5),
        "quotes": None,
    }
    assert watermarks(system, TABLES).keys() == {table.name for table in TABLES}
