"""Webhooks over real HTTP: kept before they are answered, whoever sends what how often."""

import json
import random
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from qbo_pipeline.emulator.oauth.apps import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET
from qbo_pipeline.gateway.webhooks import BODY_BYTES_MAX
from qbo_pipeline.quickbooks.webhooks import sign
from qbo_pipeline.state.connect import App, connect_headless
from qbo_pipeline_tests.gateway.conftest import VERIFIER, Running
from qbo_pipeline_tests.installation import CONSULTANCY, LANDSCAPING


def cloud_event(number: int, realm_id: str = LANDSCAPING, **differences: Any) -> dict[str, Any]:
    """An event of the newer form."""
    return {
        "specversion": "1.0",
        "id": f"event-{number}",
        "source": "intuit.x",
        "type": "qbo.invoice.updated.v1",
        "time": datetime.now(UTC).isoformat(),
        "intuitentityid": str(number),
        "intuitaccountid": realm_id,
        "data": {},
    } | differences


def post(
    running: Running, body: Any, *, token: str = VERIFIER, path: str = "/webhooks", **headers: str
) -> requests.Response:
    """Send a post as Intuit does."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signed = {"intuit-signature": sign(raw, token), "content-type": "application/cloudevents+json"}
    return requests.post(running.url + path, raw, headers=signed | headers, timeout=20)


def kept(running: Running) -> list[str]:
    """The ids of the records that are waiting to be read."""
    return [each.event.record_id for each in running.gateway.inbox.take(10_000)]


def test_a_signed_post_is_on_disk_when_it_is_answered(running: Running) -> None:
    answer = post(running, [cloud_event(1), cloud_event(2)])
    assert (answer.status_code, answer.json()["new"]) == (200, 2)
    assert kept(running) == ["1", "2"]


def test_a_classic_post_is_kept_as_well(running: Running) -> None:
    entity = {"name": "Customer", "id": "5", "operation": "Update", "lastUpdated": datetime.now(UTC).isoformat()}
    body = {"eventNotifications": [{"realmId": LANDSCAPING, "dataChangeEvent": {"entities": [entity]}}]}
    assert post(running, body).status_code == 200
    assert kept(running) == ["5"]


def test_a_forged_post_is_refused_and_nothing_of_it_is_read(running: Running) -> None:
    for answer in (
        post(running, [cloud_event(1)], token="guessed"),
        post(running, b"not json", token="guessed"),
        post(running, [cloud_event(1)], **{"intuit-signature": ""}),
        requests.post(running.url + "/webhooks", json=[cloud_event(1)], timeout=5),
        post(running, [cloud_event(1)], path="/webhooks/no-such-app"),
    ):
        assert answer.status_code == 401
        assert answer.json() == {"error": "The signature is not that of this app's verifier token."}
    assert kept(running) == []
    assert running.gateway.refused["not signed"] == 5


def test_without_a_verifier_token_every_post_is_refused(serve: Callable[..., Running]) -> None:
    running = serve(WEBHOOK_VERIFIER_TOKEN="")
    assert post(running, [cloud_event(1)], token="").status_code == 401


def test_a_replayed_post_changes_nothing(running: Running) -> None:
    body = json.dumps([cloud_event(1)]).encode()
    answers = [post(running, body).json() for _ in range(3)]
    assert [answer["new"] for answer in answers] == [1, 0, 0]
    assert kept(running) == ["1"]


def test_events_of_a_company_that_is_not_connected_are_counted_and_not_kept(running: Running) -> None:
    answer = post(running, [cloud_event(1, "99"), cloud_event(2), cloud_event(3, CONSULTANCY)])
    assert (answer.status_code, answer.json()["unknown_realm"]) == (200, 2)
    assert kept(running) == ["2"]
    assert running.gateway.inbox.counts()["unknown_realm"] == 2


def test_events_of_a_company_that_was_connected_just_now_are_kept(serve: Callable[..., Running]) -> None:
    running = serve(connect=False)
    assert post(running, [cloud_event(1)]).json()["unknown_realm"] == 1
    running.installation.connect()
    time.sleep(1.1)  # A company that is not known is looked up again after a second.
    assert post(running, [cloud_event(2)]).json()["new"] == 1


def test_an_event_older_than_the_change_feed_reaches_is_not_believed(running: Running) -> None:
    old = (datetime.now(UTC) - timedelta(days=31)).isoformat()
    assert post(running, [cloud_event(1, time=old)]).json()["old"] == 1
    assert kept(running) == []


def test_an_app_of_its_own_is_believed_for_its_own_companies_only(serve: Callable[..., Running]) -> None:
    running = serve("landscaping", "consultancy")
    installation = running.installation
    token = installation.emulator.grants.issue(DEFAULT_CLIENT_ID, CONSULTANCY).refresh_token
    own = App(DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET)
    connection = connect_headless(installation.store, installation.settings, "own", CONSULTANCY, token, app=own)
    installation.store.webhook_verifiers.put("own", connection.realm_id, "verifier of its own")

    body = [cloud_event(1, CONSULTANCY), cloud_event(2, LANDSCAPING)]
    answer = post(running, body, token="verifier of its own", path=f"/webhooks/{DEFAULT_CLIENT_ID}")

    assert (answer.status_code, answer.json()["unknown_realm"]) == (200, 1)
    assert kept(running) == ["1"]
    assert post(running, body, token="verifier of its own").status_code == 401
    assert post(running, body, path=f"/webhooks/{DEFAULT_CLIENT_ID}").status_code == 401


def test_a_body_that_is_too_large_is_not_taken(running: Running) -> None:
    assert post(running, b" " * (BODY_BYTES_MAX + 1)).status_code == 413


def test_a_body_whose_length_is_not_said_is_cut_off_where_it_is_too_large(running: Running) -> None:
    def endless() -> Any:
        for _ in range(BODY_BYTES_MAX // 65_536 + 2):
            yield b" " * 65_536

    try:
        answer = requests.post(running.url + "/webhooks", endless(), timeout=20)
    except requests.ConnectionError:
        return  # The server hung up while the rest was on its way.
    assert answer.status_code == 413


@pytest.mark.parametrize("body", [b"", b"{}", b"[[[", b"null", b'{"eventNotifications": 1}', b"[" * 50_000])
def test_a_signed_body_that_is_no_webhook_is_refused(running: Running, body: bytes) -> None:
    assert post(running, body).status_code == 400


def test_other_methods_than_post_are_refused(running: Running) -> None:
    assert {
        requests.request(method, running.url + "/webhooks", timeout=5).status_code for method in ("GET", "PUT")
    } == {405}


def test_a_connection_that_breaks_off_leaves_the_others_alone(running: Running) -> None:
    port = int(running.url.rpartition(":")[2])
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port)) as broken:
            broken.sendall(b"POST /webhooks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf")
    assert post(running, [cloud_event(1)]).status_code == 200


def test_duplicated_shuffled_and_lost_posts_keep_every_event_that_came_once(running: Running) -> None:
    chance = random.Random(7)
    events = [cloud_event(number) for number in range(200)]
    sent = [event for event in events * 5 if chance.random() > 0.2]
    chance.shuffle(sent)
    posts = [sent[start : start + 7] for start in range(0, len(sent), 7)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda body: post(running, body), posts))

    came = {event["intuitentityid"] for event in sent}
    assert {answer.status_code for answer in answers} == {200}
    assert sum(answer.json()["new"] for answer in answers) == len(came)
    assert sorted(kept(running)) == sorted(came)
