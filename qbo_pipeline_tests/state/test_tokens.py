"""One refresher at a time, nothing used before it is stored, and no connection given up for anything but a dead token."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from qbo_pipeline.quickbooks.errors import AuthorisationLost, InvalidGrant, RetryLater, WrongClient
from qbo_pipeline.quickbooks.oauth import TokenGrant
from qbo_pipeline.settings import Settings, SettingsError
from qbo_pipeline.state.access import endpoints_of
from qbo_pipeline.state.connections import Connection, ConnectionDetails
from qbo_pipeline.state.database import Database
from qbo_pipeline.state.errors import StateDamaged
from qbo_pipeline.state.store import StateStore, open_state
from qbo_pipeline.state.tokens import token_source
from qbo_pipeline_tests.state.conftest import NOW, HandClock
from qbo_pipeline_tests.state.token_endpoint import TokenEndpoint

Company = Callable[..., ConnectionDetails]
Grant = Callable[..., TokenGrant]


def test_an_access_token_is_used_until_five_minutes_before_its_end(
    any_store: StateStore, any_settings: Settings, acme: Connection, endpoint: TokenEndpoint, clock: HandClock
) -> None:
    tokens = token_source(any_store, acme, any_settings)

    clock.advance(minutes=54)
    assert tokens.access_token() == "access-0"
    assert endpoint.asked == []
    clock.advance(minutes=2)
    assert tokens.access_token() == "access-1"
    assert tokens.access_token() == "access-1"
    assert endpoint.asked == ["refresh-0"]


def test_a_refresh_is_stored_with_its_ages(
    any_store: StateStore, any_settings: Settings, acme: Connection, clock: HandClock
) -> None:
    clock.advance(hours=2)
    token_source(any_store, acme, any_settings).access_token()

    stored, shown = any_store.tokens.read("acme"), any_store.connections.get("acme")
    assert (stored.access_token, stored.refresh_token) == ("access-1", "refresh-1")
    assert (stored.former_refresh_token, stored.refresh_unanswered_since) == ("refresh-0", None)
    assert (shown.refresh_issued_at, shown.access_expires_at) == (clock.now, clock.now + timedelta(hours=1))
    assert shown.refresh_expires_at == clock.now + timedelta(seconds=8726400)


def test_a_refresh_that_brings_the_same_refresh_token_leaves_its_age(
    any_store: StateStore, any_settings: Settings, acme: Connection, endpoint: TokenEndpoint, clock: HandClock
) -> None:
    endpoint.is_replacing = False
    clock.advance(hours=2)
    token_source(any_store, acme, any_settings).access_token()

    assert any_store.connections.get("acme").refresh_issued_at == NOW
    assert any_store.tokens.read("acme").former_refresh_token is None


def test_a_refused_access_token_is_renewed_once_for_all_that_saw_it(
    any_store: StateStore, any_settings: Settings, acme: Connection, endpoint: TokenEndpoint
) -> None:
    first, second = (token_source(any_store, acme, any_settings) for _ in range(2))
    assert first.access_token() == second.access_token() == "access-0"

    with ThreadPoolExecutor(8) as pool:
        renewed = list(pool.map(lambda tokens: tokens.renewed("access-0"), [first, second] * 8))

    assert set(renewed) == {"access-1"}
    assert endpoint.asked == ["refresh-0"]


def test_a_token_another_process_stored_is_used_before_intuit_is_asked(
    any_store: StateStore, any_settings: Settings, acme: Connection, endpoint: TokenEndpoint, clock: HandClock
) -> None:
    tokens = token_source(any_store, acme, any_settings)
    tokens.access_token()
    clock.advance(hours=2)
    with open_state(any_settings, clock=clock) as other_process:
        token_source(other_process, acme, any_settings).access_token()

    assert tokens.access_token() == "access-1"
    assert endpoint.asked == ["refresh-0"]


@pytest.mark.parametrize("refusal", [(503, "busy"), (429, "slow_down"), (500, "invalid_grant"), (404, "lost")])
def test_a_passing_failure_costs_nothing(
    *,
    any_store: StateStore,
    any_settings: Settings,
    acme: Connection,
    endpoint: TokenEndpoint,
    clock: HandClock,
    refusal: tuple[int, str],
) -> None:
    endpoint.refusals.append(refusal)
    tokens = token_source(any_store, acme, any_settings)
    clock.advance(hours=2)

    with pytest.raises(Exception, match=f"HTTP {refusal[0]}"):
        tokens.access_token()

    assert any_store.connections.get("acme").is_active
    assert tokens.access_token() == "access-1"


def test_no_answer_costs_nothing(
    any_store: StateStore, any_settings: Settings, company: Company, grant: Grant, clock: HandClock
) -> None:
    acme = any_store.connections.add(company(token_url="http://127.0.0.1:1/token"), grant(0))
    clock.advance(hours=2)

    with pytest.raises(RetryLater):
        token_source(any_store, acme, any_settings).access_token()

    assert any_store.connections.get("acme").is_active
    assert any_store.tokens.read("acme").refresh_token == "refresh-0"


def test_a_refused_app_costs_nothing(
    any_store: StateStore, any_settings: Settings, acme: Connection, endpoint: TokenEndpoint, clock: HandClock
) -> None:
    endpoint.refusals.append((401, "invalid_client"))
    clock.advance(hours=2)

    with pytest.raises(WrongClient):
        token_source(any_store, acme, any_settings).access_token()

    assert any_store.connections.get("acme").is_active
    assert any_store.tokens.read("acme").refresh_unanswered_since is None


def test_a_dead_refresh_token_makes_the_connection_inactive_and_is_not_tried_again(
    any_store: StateStore, any_settings: Settings, acme: Connection, endpoint: TokenEndpoint, clock: HandClock
) -> None:
    endpoint.alive = "another"
    tokens = token_source(any_store, acme, any_settings)
    clock.advance(hours=2)

    with pytest.raises(InvalidGrant):
        tokens.access_token()
    with pytest.raises(AuthorisationLost, match=r"inactive: .*invalid_grant.*qbo-pipeline connect acme"):
        tokens.access_token()

    lost = any_store.connections.get("acme")
    assert (lost.status, endpoint.asked) == ("inactive", ["refresh-0"])
    assert lost.reason.endswith("access was revoked in QuickBooks, or the token was used elsewhere")


@pytest.mark.parametrize(
    ("ages", "reason"),
    [
        ({"refresh_expires_at": NOW + timedelta(hours=1)}, "not used before it expired on 2026-03-01"),
        ({"hard_expires_at": NOW + timedelta(hours=1)}, "longest life on 2026-03-01"),
    ],
)
def test_the_reason_names_an_age_that_explains_it(
    *,
    store: StateStore,
    settings: Settings,
    company: Company,
    grant: Grant,
    endpoint: TokenEndpoint,
    clock: HandClock,
    ages: dict[str, datetime],
    reason: str,
) -> None:
    acme = store.connections.add(company(token_url=endpoint.url), grant(9, **ages))
    clock.advance(hours=2)

    with pytest.raises(InvalidGrant):
        token_source(store, acme, settings).access_token()

    assert reason in store.connections.get("acme").reason


def test_a_newer_token_in_the_store_is_tried_before_the_connection_is_given_up(
    *,
    any_store: StateStore,
    any_settings: Settings,
    acme: Connection,
    grant: Grant,
    endpoint: TokenEndpoint,
    clock: HandClock,
) -> None:
    clock.advance(hours=2)
    endpoint.alive = "refresh-5"

    def another_host_stores_the_newer_one() -> None:
        any_store.tokens.save("acme", acme.realm_id, grant(5), refreshed_with="refresh-0")
        endpoint.before_answer = lambda: None

    endpoint.before_answer = another_host_stores_the_newer_one

    assert token_source(any_store, acme, any_settings).access_token() == "access-1"
    assert endpoint.asked == ["refresh-0", "refresh-5"]
    assert any_store.connections.get("acme").is_active


def test_the_former_refresh_token_is_tried_before_the_connection_is_given_up(
    any_store: StateStore, any_settings: Settings, acme: Connection, endpoint: TokenEndpoint, clock: HandClock
) -> None:
    tokens = token_source(any_store, acme, any_settings)
    clock.advance(hours=2)
    tokens.access_token()
    endpoint.alive = "refresh-0"
    clock.advance(hours=2)

    assert tokens.access_token() == "access-2"
    assert endpoint.asked == ["refresh-0", "refresh-1", "refresh-0"]


def test_a_changed_default_app_is_refused_before_intuit_could_call_the_token_dead(
    any_store: StateStore, any_settings: Settings, acme: Connection, endpoint: TokenEndpoint, clock: HandClock
) -> None:
    clock.advance(hours=2)
    other = any_settings.model_copy(update={"client_id": "other-client"})

    with pytest.raises(WrongClient, match=r"issued to app emulator-client, and QBO_CLIENT_ID is other-client"):
        token_source(any_store, acme, other).access_token()

    assert endpoint.asked == []
    assert any_store.connections.get("acme").is_active


def test_a_missing_default_app_is_named(
    any_store: StateStore, any_settings: Settings, acme: Connection, clock: HandClock
) -> None:
    clock.advance(hours=2)
    bare = any_settings.model_copy(update={"client_id": None, "client_secret": None})

    with pytest.raises(SettingsError, match=r"QBO_CLIENT_ID.*QBO_CLIENT_SECRET"):
        token_source(any_store, acme, bare).access_token()


def test_tokens_that_vanished_from_the_store_are_reported(
    any_store: StateStore, any_settings: Settings, acme: Connection
) -> None:
    with Database(any_settings.state_database_url).writing() as connection:
        connection.exec_driver_sql("DELETE FROM connection_secret")

    with pytest.raises(StateDamaged, match="acme is active, but its tokens are gone"):
        token_source(any_store, acme, any_settings).access_token()


def test_a_lost_answer_is_named_when_the_token_turns_out_dead(
    any_store: StateStore, any_settings: Settings, acme: Connection, endpoint: TokenEndpoint, clock: HandClock
) -> None:
    def drop_the_connection() -> None:
        raise ConnectionAbortedError

    endpoint.before_answer = drop_the_connection
    clock.advance(hours=2)
    tokens = token_source(any_store, acme, any_settings)
    with pytest.raises(RetryLater):
        tokens.access_token()
    endpoint.before_answer = lambda: None
    clock.advance(hours=2)
    with pytest.raises(InvalidGrant):
        tokens.access_token()

    assert "a refresh begun at 2026-03-01 14:00:00 UTC never reached" in any_store.connections.get("acme").reason


def test_intuit_is_not_asked_while_the_store_cannot_be_written(
    *, store: StateStore, settings: Settings, company: Company, grant: Grant, endpoint: TokenEndpoint, clock: HandClock
) -> None:
    acme = store.connections.add(company(token_url=endpoint.url), grant(0))
    clock.advance(hours=2)
    with sqlite3.connect(settings.home / "state.db") as plain:
        plain.execute("CREATE TRIGGER full BEFORE UPDATE ON connection BEGIN SELECT raise(ABORT, 'disk full'); END")
    plain.close()

    with pytest.raises(Exception, match="disk full"):
        token_source(store, acme, settings).access_token()

    assert endpoint.asked == []


def test_an_address_set_now_wins_over_the_recorded_one_and_that_over_intuits(
    settings: Settings, company: Company
) -> None:
    recorded = company(api_url="http://localhost:1111", token_url="http://localhost:1111/token")

    assert endpoints_of(company(), settings).api_url == "https://sandbox-quickbooks.api.intuit.com"
    assert endpoints_of(recorded, settings).api_url == "http://localhost:1111"
    now = endpoints_of(recorded, settings.model_copy(update={"api_url": "http://localhost:2222"}))
    assert (now.api_url, now.token_url) == ("http://localhost:2222", "http://localhost:1111/token")
