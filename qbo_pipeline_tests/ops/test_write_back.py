"""Writing back: our own tables at the present state, and nothing touched that did not change."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from qbo_pipeline.ops.check import check
from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.write_back import write_back
from qbo_pipeline.ops.written import (
    OWN_TABLES,
    Written,
    WrittenApplication,
    WrittenCustomer,
    WrittenDocument,
    WrittenInvoice,
    WrittenPayment,
    WrittenProduct,
)
from qbo_pipeline_tests.ops.conftest import NOW

DOCUMENT = WrittenDocument(
    "9341",
    "invoice",
    "i1",
    "Invoice",
    "pushed",
    qbo_id="145",
    number="LS-10001",
    total=Decimal("37.50"),
    balance=Decimal("37.50"),
)
STATES: tuple[Written, ...] = (
    DOCUMENT,
    WrittenCustomer("9341", "7", "be", "c1", "Acme Ltd", None, Decimal("37.50"), is_active=True),
    WrittenProduct("9341", "3", "be", None, "Design", "DES", "Service", Decimal("75.00"), is_active=True),
    WrittenInvoice(
        "9341", "145", "be", "7", "LS-10001", date(2026, 3, 1), None, "USD", Decimal("37.50"), Decimal(0), "paid"
    ),
    WrittenPayment("9341", "200", "be", "7", date(2026, 3, 9), "USD", Decimal("37.50"), Decimal(0), is_deleted=False),
    WrittenApplication("9341", "200", "145", "be", Decimal("37.50"), date(2026, 3, 9), "invoice", "i1"),
)


def rows(database: OpsDatabase, kind: type) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(sa.select(OWN_TABLES[kind])).mappings())


def test_the_same_state_written_twice_changes_nothing(system: OpsDatabase) -> None:
    assert write_back(system, STATES, NOW) == len(STATES)
    assert write_back(system, STATES, NOW + timedelta(hours=1)) == 0
    assert [row["written_at"] for kind in OWN_TABLES for row in rows(system, kind)] == [NOW] * len(STATES)


def test_what_changed_is_replaced_and_dated_and_the_rest_is_not(system: OpsDatabase) -> None:
    other = replace(DOCUMENT, source_id="i2", qbo_id="146")
    write_back(system, [DOCUMENT, other], NOW)
    paid = replace(DOCUMENT, status="paid", balance=Decimal(0), paid_date=date(2026, 3, 9))
    assert write_back(system, [paid, other], NOW + timedelta(hours=1)) == 1
    written = {row["source_id"]: row for row in rows(system, WrittenDocument)}
    assert (written["i1"]["status"], written["i1"]["balance"], written["i1"]["paid_date"]) == (
        "paid",
        Decimal("0.00"),
        date(2026, 3, 9),
    )
    assert (written["i1"]["written_at"], written["i2"]["written_at"]) == (NOW + timedelta(hours=1), NOW)


def test_a_table_of_an_earlier_version_is_given_what_it_lacks(system: OpsDatabase) -> None:
    write_back(system, STATES, NOW)
    with system.writing() as connection:
        connection.exec_driver_sql("alter table qbo_payment drop column origin")
    theirs = replace(STATES[4], origin="quickbooks")
    assert write_back(system, [theirs], NOW) == 1
    assert rows(system, WrittenPayment)[0]["origin"] == "quickbooks"


def test_a_value_that_went_away_goes_away(system: OpsDatabase) -> None:
    write_back(system, [replace(DOCUMENT, reason="Customer 1042 is not mapped.")], NOW)
    assert write_back(system, [DOCUMENT], NOW) == 1
    assert rows(system, WrittenDocument)[0]["reason"] is None


def test_many_are_written_and_the_systems_own_tables_are_not(system: OpsDatabase) -> None:
    many = [replace(DOCUMENT, source_id=f"i{number}", qbo_id=str(number)) for number in range(1203)]
    assert write_back(system, many, NOW) == 1203
    assert check(system) == []


def test_all_or_nothing_is_written(system: OpsDatabase) -> None:
    broken = replace(DOCUMENT, source_id="i2", total="twelve")  # type: ignore[arg-type]
    with pytest.raises(sa.exc.StatementError):
        write_back(system, [*STATES[1:], broken], NOW)
    with system.reading() as connection:
        made = set(sa.inspect(connection).get_table_names())
    assert not made & {table.name for table in OWN_TABLES.values()} or rows(system, WrittenCustomer) == []
