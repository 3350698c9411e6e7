"""Webhooks: who signed a post, and what both of Intuit's forms tell."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbo_pipeline.quickbooks.webhooks import ChangeEvent, UnreadableWebhook, is_signed, read_post, sign

TOKEN = "verifier-token"
CLOUD = {
    "specversion": "1.0",
    "id": "88cd52aa-33b6-4351-9aa4-47572edbd068",
    "source": "intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=",
    "type": "qbo.salesreceipt.updated.v1",
    "datacontenttype": "application/json",
    "time": "2025-09-10T21:31:25.179851517Z",
    "intuitentityid": "1234",
    "intuitaccountid": "310687",
    "data": {},
}
CLASSIC = {
    "eventNotifications": [
        {
            "realmId": "310687",
            "dataChangeEvent": {
                "entities": [
                    {"name": "Customer", "id": "1", "operation": "Create", "lastUpdated": "2015-10-05T14:42:19-0700"},
                    {
                        "name": "Vendor",
                        "id": "2",
                        "operation": "Merge",
                        "lastUpdated": "2023-12-01T10:00:00-08:00",
                        "deletedId": "7",
                    },
                ]
            },
        },
        {
            "realmId": "42",
            "dataChangeEvent": {
                "entities": [
                    {"name": "Invoice", "id": "9", "operation": "Void", "lastUpdated": "2023-12-01T10:00:00Z"},
                ]
            },
        },
    ]
}


def test_a_body_is_signed_by_the_token_that_signed_it_and_by_no_other() -> None:
    body = json.dumps([CLOUD]).encode()
    assert is_signed(body, sign(body, TOKEN), ["another", TOKEN])
    assert not is_signed(body, sign(body, "another"), [TOKEN])
    assert not is_signed(body + b" ", sign(body, TOKEN), [TOKEN])


@pytest.mark.parametrize("signature", [None, "", "not base64!", "é", "AAAA"])
def test_what_is_no_signature_signs_nothing(signature: str | None) -> None:
    assert not is_signed(b"{}", signature, [TOKEN])


def test_no_token_signs_nothing_even_with_the_empty_key() -> None:
    assert not is_signed(b"{}", sign(b"{}", ""), [""])
    assert not is_signed(b"{}", sign(b"{}", TOKEN), [])


def test_a_cloud_event_is_read_with_the_catalogs_spelling_and_in_utc() -> None:
    (event,) = read_post(json.dumps([CLOUD]).encode()).events
    happened = datetime(2025, 9, 10, 21, 31, 25, 179851, UTC)
    assert event == ChangeEvent(CLOUD["id"], "310687", "SalesReceipt", "1234", "update", happened)


def test_a_classic_post_tells_of_several_companies_and_of_the_loser_of_a_merge() -> None:
    created, merged, voided = read_post(json.dumps(CLASSIC).encode()).events
    assert (created.realm_id, created.entity, created.operation) == ("310687", "Customer", "create")
    assert created.happened_at == datetime(2015, 10, 5, 21, 42, 19, tzinfo=UTC)
    assert (merged.record_id, merged.deleted_id) == ("2", "7")
    assert (voided.realm_id, voided.operation) == ("42", "void")


def test_a_classic_event_told_again_has_the_id_it_had() -> None:
    first, again = (read_post(json.dumps(CLASSIC).encode()).events for _ in range(2))
    assert [event.event_id for event in first] == [event.event_id for event in again]
    assert len({event.event_id for event in first}) == 3


def test_one_unreadable_event_does_not_keep_the_others_out() -> None:
    strange = [{**CLOUD, "type": "qbo.account"}, {"id": "x"}, 7, {**CLOUD, "intuitaccountid": "../1"}]
    post = read_post(json.dumps([*strange, CLOUD]).encode())
    assert (len(post.events), post.unreadable) == (1, 4)


@pytest.mark.parametrize(
    "body", [b"", b"null", b"{}", b"[", b"[" * 100_000, b'{"eventNotifications": 3}', b"\xff\xfe", b'"text"']
)
def test_what_is_no_webhook_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableWebhook):
        read_post(body)


@given(st.binary(max_size=200) | st.recursive(st.none() | st.text(max_size=8) | st.integers(), st.lists).map(repr))
def test_whatever_comes_is_read_or_refused_in_those_words(body: bytes | str) -> None:
    raw = body if isinstance(body, bytes) else body.encode()
    try:
        post = read_post(raw)
    except UnreadableWebhook:
        return
    assert all(event.realm_id.isdigit() for event in post.events)
