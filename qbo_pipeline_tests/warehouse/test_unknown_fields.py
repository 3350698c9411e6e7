"""Fields no model reads are found in what was landed, counted, and told without a value."""

import json
from datetime import UTC, datetime

from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline.warehouse.unknown_fields import KnownFields, UnknownField, note_unknown_fields

INVOICE = KnownFields("invoice", frozenset({"DocNumber", "Line[].Amount", "CustomerRef.value"}), ["Id", "*Ref.name"])
SECRET = "Fern & Daughters"


def _at(minute: int) -> datetime:
    return datetime(2026, 1, 1, 12, minute, tzinfo=UTC)


def _land(warehouse: Warehouse, minute: int, *records: object, table: str = "invoice") -> None:
    rows = [
        [str(number), each if isinstance(each, str) else json.dumps(each), _at(minute)]
        for number, each in enumerate(records)
    ]
    with warehouse.connect("test") as connection:
        connection.execute("create schema if not exists raw_qbo")
        connection.execute(
            f"create table if not exists raw_qbo.{table} (id varchar, operation varchar, payload varchar, loaded_at timestamptz)"
        )
        connection.executemany(f"insert into raw_qbo.{table} values (?, 'upsert', ?, ?)", rows)


def _note(warehouse: Warehouse, *known: KnownFields, **limits: int) -> list[UnknownField]:
    with warehouse.connect("test") as connection:
        return note_unknown_fields(connection, known or [INVOICE], **limits)


def test_what_models_read_or_leave_out_on_purpose_is_no_news(warehouse: Warehouse) -> None:
    customer = {"value": "24", "name": SECRET}
    _land(warehouse, 0, {"Id": "7", "DocNumber": "1", "CustomerRef": customer, "Line": [{"Amount": 1}]}, "no JSON", {})
    assert _note(warehouse) == []


def test_an_unknown_field_is_named_by_its_place_and_counted_by_record(warehouse: Warehouse) -> None:
    grown = {"DocNumber": "1", "Mood": SECRET, "Line": [{"Amount": 1}, {"Detail": {"Part": SECRET}}, {"Detail": {}}]}
    _land(warehouse, 0, grown, grown, {"Line": [{"Amount": 2}]}, {"CustomerRef": {"value": "24", "Rank": 1}})
    _land(warehouse, 1, {"Mood": "better", "Tags": [{"Tag": SECRET}]})
    found = _note(warehouse)
    assert found == [
        UnknownField("invoice", "CustomerRef.Rank", 1, _at(0), _at(0)),
        UnknownField("invoice", "Line[].Detail", 2, _at(0), _at(0)),
        UnknownField("invoice", "Mood", 3, _at(0), _at(1)),
        UnknownField("invoice", "Tags[]", 1, _at(1), _at(1)),
    ]
    assert SECRET not in repr(found)


def test_only_what_landed_since_is_looked_at_and_adds_up(warehouse: Warehouse) -> None:
    _land(warehouse, 0, {"Mood": 1})
    _note(warehouse)
    assert _note(warehouse) == [UnknownField("invoice", "Mood", 1, _at(0), _at(0))]
    _land(warehouse, 5, {"Mood": 1}, {"Mood": None}, {"DocNumber": "2"})
    assert _note(warehouse) == [UnknownField("invoice", "Mood", 3, _at(0), _at(5))]


def test_a_field_is_forgotten_once_a_model_reads_it(warehouse: Warehouse) -> None:
    _land(warehouse, 0, {"Mood": 1, "Line": [{"Part": 1}]})
    assert len(_note(warehouse)) == 2
    taught = KnownFields("invoice", INVOICE.reads | {"Mood"}, [*INVOICE.ignores, "*.Part"])
    assert _note(warehouse, taught) == []


def test_a_large_first_load_is_looked_through_in_parts(warehouse: Warehouse) -> None:
    for minute in range(4):
        _land(warehouse, minute, *[{"Mood": 1}] * 3)
    _land(warehouse, 0, {"Colour": 1}, table="item")
    item = KnownFields("item", frozenset({"Name"}), [])
    seen = []
    for _ in range(4):
        found = _note(warehouse, INVOICE, item, records_max=6)
        seen.append({each.entity: each.records for each in found})
    assert seen == [{"invoice": 6}, {"invoice": 12}, {"invoice": 12, "item": 1}, {"invoice": 12, "item": 1}]


def test_nulls_empty_lists_and_keys_that_are_data_say_nothing(warehouse: Warehouse) -> None:
    _land(warehouse, 0, {"Mood": None, "Tags": [], SECRET: 1, "Line": []})
    assert _note(warehouse) == []


def test_a_wrapped_record_is_looked_at_inside_its_wrapping(warehouse: Warehouse) -> None:
    _land(warehouse, 0, {"Bill": {"DocNumber": "1", "Mood": 1}}, table="recurring_transaction")
    known = KnownFields("recurring_transaction", frozenset({"DocNumber"}), [], is_wrapped=True)
    assert [(each.path, each.records) for each in _note(warehouse, known)] == [("Mood", 1)]
