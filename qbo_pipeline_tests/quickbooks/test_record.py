from datetime import UTC, datetime

import msgspec
import pytest

from qbo_pipeline.catalog import find_entity
from qbo_pipeline.quickbooks.record import cut_record

INVOICE = find_entity("Invoice")


def test_a_record_keeps_its_text_byte_for_byte():
    text = b'{"Id":"130",  "TotalAmt": 362.070,"x":1e2,"SyncToken":"3","MetaData":{"CreateTime":"2026-08-16T10:00:00-07:00",'
    text += b'"LastUpdatedTime":"2026-08-16T10:00:01-07:00"},"PrivateNote":"caf\\u00e9 \xc3\xa9"}'
    record = cut_record(msgspec.Raw(text), INVOICE)
    assert record.payload == text
    assert (record.id, record.sync_token, record.is_deleted) == ("130", "3", False)
    assert record.created_at == datetime(2026, 8, 16, 17, 0, 0, tzinfo=UTC)
    assert record.updated_at == datetime(2026, 8, 16, 17, 0, 1, tzinfo=UTC)


def test_a_tombstone_is_a_deleted_record_without_a_sync_token():
    text = b'{"domain":"QBO","status":"Deleted","Id":"979","MetaData":{"LastUpdatedTime":"2015-12-23T12:55:50-08:00"}}'
    record = cut_record(msgspec.Raw(text), INVOICE)
    assert record.is_deleted
    assert (record.id, record.sync_token, record.created_at) == ("979", None, None)


def test_an_account_just_created_has_no_time_of_change():
    record = cut_record(msgspec.Raw(b'{"Id":"91","MetaData":{"CreateTime":"2026-08-16T10:00:00-07:00"}}'), INVOICE)
    assert record.updated_at is None


def test_an_exchange_rate_is_known_by_its_currencies_and_day():
    text = b'{"AsOfDate":"2026-01-31","SourceCurrencyCode":"EUR","TargetCurrencyCode":"GBP","Rate":0.8412}'
    assert cut_record(msgspec.Raw(text), find_entity("ExchangeRate")).id == "EUR-GBP-2026-01-31"


def test_a_wrapped_record_is_known_by_what_is_inside():
    text = b'{"Invoice":{"Id":"7","SyncToken":"1","RecurringInfo":{"Name":"Rent"}}}'
    record = cut_record(msgspec.Raw(text), find_entity("RecurringTransaction"))
    assert (record.id, record.sync_token, record.payload) == ("7", "1", text)


def test_a_deleted_wrapped_record_may_come_unwrapped():
    record = cut_record(msgspec.Raw(b'{"status":"Deleted","Id":"7"}'), find_entity("RecurringTransaction"))
    assert (record.id, record.is_deleted) == ("7", True)


@pytest.mark.parametrize(
    "text", [b"{}", b'"Invoice"', b"[]", b'{"Id":{}}', b'{"Id":"1","MetaData":{"CreateTime":"soon"}}']
)
def test_what_is_no_record_is_refused(text):
    with pytest.raises(ValueError):
        cut_record(msgspec.Raw(text), INVOICE)


def test_a_records_repr_shows_nothing_of_what_it_says():
    record = cut_record(msgspec.Raw(b'{"Id":"1","DisplayName":"Ann Example"}'), INVOICE)
    assert "Ann Example" not in repr(record)
