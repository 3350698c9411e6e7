"""Mappings go to a file and come back; a file with one bad line changes nothing."""

from pathlib import Path

import pytest

from qbo_pipeline.outbound.mapping.choosing import choose
from qbo_pipeline.outbound.mapping.deciding import Decided, Decisions, MappingRefused
from qbo_pipeline.outbound.mapping.file import export_csv, import_csv
from qbo_pipeline.outbound.mapping.table import MappingRow, mapping_rows
from qbo_pipeline.state.mapping_kinds import KINDS
from qbo_pipeline.state.store import StateStore
from qbo_pipeline_tests.outbound.mapping.books import REALM, listed, lists

BOOKS = lists(
    listed("Customer", "58", "Acme"),
    listed("Customer", "59", 'Beta, "B"'),
    listed("Customer", "60", "Gone", is_active=False),
    listed("Account", "82", "Design income", number="4000"),
    listed("Vendor", "51", "Tim"),
    listed("Employee", "51", "Another list's 51"),
)
HEAD = "kind,source_key,qbo_id,status,reason\n"


def _choose(kind: str, meant: str):
    return choose(kind, meant, BOOKS)


@pytest.fixture
def decisions(store: StateStore) -> Decisions:
    """Decisions made by a file."""
    return Decisions(store=store, realm_id=REALM, origin="imported")


@pytest.fixture
def filled(store: StateStore, decisions: Decisions) -> list[MappingRow]:
    """One mapping of each sort."""
    decisions.assign(
        Decided(KINDS["customer"], "c-1", _choose("customer", "58")),
        Decided(KINDS["customer"], "c-2", _choose("customer", "59")),
        Decided(KINDS["account"], "Design: income", _choose("account", "82")),
        Decided(KINDS["worker"], "u-1", _choose("worker", "Vendor:51")),
    )
    decisions.make_new("vendor", "c-3")
    decisions.exclude("item", "p-1", 'Sold no more, "really"')
    return mapping_rows(store, REALM, BOOKS)


def test_a_file_written_and_taken_in_again_changes_nothing(
    tmp_path: Path, decisions: Decisions, filled: list[MappingRow]
) -> None:
    path = tmp_path / "mappings.csv"
    assert export_csv(path, filled) == 6

    assert import_csv(path, decisions, _choose).changed == 0


def test_a_file_taken_into_an_empty_store_gives_the_same_mappings(
    tmp_path: Path, store: StateStore, decisions: Decisions, filled: list[MappingRow]
) -> None:
    path = tmp_path / "mappings.csv"
    export_csv(path, filled)
    for row in filled:
        decisions.clear(row.kind, row.source_key)

    assert import_csv(path, decisions, _choose).changed == 6
    again = mapping_rows(store, REALM, BOOKS)
    assert [(row.kind, row.source_key, row.target, row.qbo_id, row.status) for row in again] == [
        (row.kind, row.source_key, row.target, row.qbo_id, row.status) for row in filled
    ]


def test_every_bad_line_is_named_and_nothing_is_written(
    tmp_path: Path, store: StateStore, decisions: Decisions
) -> None:
    path = tmp_path / "mappings.csv"
    path.write_text(
        HEAD
        + "customer,c-1,58,,\n"
        + "customer,c-2,999,,\n"
        + "supplier,c-3,58,,\n"
        + "customer,,58,,\n"
        + "customer,c-4,60,,\n"
        + "account,4000,,,\n"
        + "account,5000,new,,\n"
        + "customer,c-1,59,,\n"
        + "customer,c-5,58,,\n"
        + "customer,c-6,58,maybe,\n"
    )

    with pytest.raises(MappingRefused) as refused:
        import_csv(path, decisions, _choose)

    told = str(refused.value).splitlines()
    assert [line.partition(":")[0] for line in told[1:]] == [
        f"line {number}" for number in (3, 4, 5, 6, 7, 8, 9, 11, 10)
    ]
    assert "stands for customer c-1" in told[-1]
    assert mapping_rows(store, REALM, None) == []


def test_an_object_that_a_row_outside_the_file_has_is_refused(
    tmp_path: Path, decisions: Decisions, filled: list[MappingRow]
) -> None:
    path = tmp_path / "mappings.csv"
    path.write_text(HEAD + "customer,c-9,58,,\n")

    with pytest.raises(MappingRefused, match="stands for customer c-1"):
        import_csv(path, decisions, _choose)


def test_two_rows_may_change_places_in_one_file(
    tmp_path: Path, store: StateStore, decisions: Decisions, filled: list[MappingRow]
) -> None:
    path = tmp_path / "mappings.csv"
    path.write_text("\ufeff" + HEAD + "customer,c-1,59,,\ncustomer,c-2,58,,\n", encoding="utf-8")

    assert import_csv(path, decisions, _choose).changed == 2
    assert store.links.find(REALM, "Customer", "customer", "c-1").qbo_id == "59"


def test_a_file_without_the_columns_it_needs_is_refused(tmp_path: Path, decisions: Decisions) -> None:
    path = tmp_path / "mappings.csv"
    path.write_text("kind;source_key;qbo_id\n")

    with pytest.raises(MappingRefused, match="no column kind, source_key, qbo_id"):
        import_csv(path, decisions, _choose)
