"""Connections: their names, realms and business entities belong to one each, and their secrets are kept apart."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from pydantic import SecretStr

from qbo_pipeline.quickbooks.oauth import TokenGrant
from qbo_pipeline.settings import Environment, Settings
from qbo_pipeline.state.connections import ConnectionDetails
from qbo_pipeline.state.database import Database
from qbo_pipeline.state.errors import ConnectionRefused, StateDamaged, TokenKeyError, UnknownConnection
from qbo_pipeline.state.store import StateStore, open_state
from qbo_pipeline_tests.state.conftest import NOW, HandClock

Company = Callable[..., ConnectionDetails]
Grant = Callable[..., TokenGrant]


def test_a_connection_is_stored_with_its_details_and_token_ages(
    any_store: StateStore, company: Company, grant: Grant
) -> None:
    details = company(
        environment=Environment.PRODUCTION,
        client_id="own-app",
        token_client_id="own-app",
        business_entity_id="BE-1",
        company_name="Acme Ltd",
        api_url="http://localhost:8712",
    )

    made = any_store.connections.add(
        details, grant(hard_expires_at=NOW + timedelta(days=1825)), client_secret="own-secret"
    )

    assert made == any_store.connections.get("acme")
    assert made.environment is Environment.PRODUCTION
    assert (made.status, made.reason, made.is_active, made.last_sync_at) == ("active", None, True, None)
    assert (made.created_at, made.refresh_issued_at) == (NOW, NOW)
    assert made.access_expires_at == NOW + timedelta(hours=1)
    assert made.refresh_expires_at == NOW + timedelta(days=101)
    assert made.hard_expires_at == NOW + timedelta(days=1825)
    assert (made.client_id, made.business_entity_id, made.company_name) == ("own-app", "BE-1", "Acme Ltd")
    assert (made.api_url, made.token_url) == ("http://localhost:8712", None)
    assert any_store.tokens.read("acme").client_secret == "own-secret"


def test_an_unknown_connection_lists_the_known_ones(any_store: StateStore, company: Company, grant: Grant) -> None:
    with pytest.raises(UnknownConnection, match="none yet"):
        any_store.connections.get("acme")
    any_store.connections.add(company("first", "1"), grant())
    any_store.connections.add(company("second", "2"), grant())

    with pytest.raises(UnknownConnection, match=r"no connection 'acme'.*first, second"):
        any_store.connections.get("acme")
    with pytest.raises(UnknownConnection):
        any_store.connections.deactivate("acme", "no reason")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "acme", "realm_id": "2"}, "already is a connection acme, to realm 1"),
        ({"name": "other", "realm_id": "1"}, "already connected as acme"),
        ({"name": "other", "realm_id": "2", "business_entity_id": "BE-1"}, "already belongs to connection acme"),
        ({"name": "two words", "realm_id": "2"}, "cannot name a connection"),
        ({"name": "../escape", "realm_id": "2"}, "cannot name a connection"),
        ({"name": "other", "realm_id": "12-34"}, "is no realm id"),
    ],
)
def test_what_clashes_with_an_active_connection_is_refused(
    any_store: StateStore, company: Company, grant: Grant, changes: dict[str, str], message: str
) -> None:
    kept = any_store.connections.add(company("acme", "1", business_entity_id="BE-1"), grant())

    with pytest.raises(ConnectionRefused, match=message):
        any_store.connections.add(company(**changes), grant(2))

    assert any_store.connections.all() == [kept]
    assert any_store.tokens.read("acme").refresh_token == "refresh-1"


def test_an_inactive_connection_keeps_its_name_and_realm(any_store: StateStore, company: Company, grant: Grant) -> None:
    any_store.connections.add(company("acme", "1"), grant())
    any_store.connections.deactivate("acme", "access was revoked")

    with pytest.raises(ConnectionRefused, match=r"already connected as acme \(inactive\).*qbo-pipeline connect acme"):
        any_store.connections.add(company("other", "1"), grant(2))
    with pytest.raises(ConnectionRefused, match="was made for realm 1"):
        any_store.connections.add(company("acme", "2"), grant(2))


def test_an_inactive_connection_is_connected_again_with_new_tokens(
    any_store: StateStore, company: Company, grant: Grant
) -> None:
    details = company(client_id="own-app", token_client_id="own-app", business_entity_id="BE-1")
    any_store.connections.add(details, grant(), client_secret="own-secret")
    any_store.connections.record_sync(["acme"], NOW)
    any_store.connections.deactivate("acme", "access was revoked", erase_tokens=True)
    assert any_store.connections.get("acme").refresh_expires_at is None

    later = NOW + timedelta(days=3)
    any_store.connections.add(company(), grant(2, issued_at=later))

    (again,) = any_store.connections.all()
    assert (again.status, again.reason, again.client_id) == ("active", None, None)
    assert (again.created_at, again.refresh_issued_at, again.last_sync_at) == (NOW, later, NOW)
    assert again.business_entity_id == "BE-1"
    assert any_store.tokens.read("acme").refresh_token == "refresh-2"
    assert any_store.tokens.read("acme").client_secret is None


def test_deactivating_leaves_other_connections_alone(any_store: StateStore, company: Company, grant: Grant) -> None:
    any_store.connections.add(company("first", "1"), grant(1))
    second = any_store.connections.add(company("second", "2"), grant(2))

    any_store.connections.deactivate("first", "access was revoked", erase_tokens=True)

    assert any_store.connections.get("first").reason == "access was revoked"
    assert any_store.tokens.read("first").refresh_token == ""
    assert any_store.connections.get("second") == second
    assert any_store.tokens.read("second").refresh_token == "refresh-2"


def test_the_last_sync_is_noted(any_store: StateStore, company: Company, grant: Grant, clock: HandClock) -> None:
    any_store.connections.add(company(), grant())
    any_store.connections.record_sync(["acme"], clock.now)

    assert any_store.connections.get("acme").last_sync_at == clock.now


def test_no_secret_stands_in_the_store_or_in_a_repr(
    store: StateStore, settings: Settings, company: Company, grant: Grant
) -> None:
    made = store.connections.add(company(), grant(77), client_secret="own-secret")
    shown = repr(made) + repr(store.tokens.read("acme"))
    store.close()

    stored = b"".join(path.read_bytes() for path in settings.home.iterdir() if path.is_file())
    for secret in ("access-77", "refresh-77", "own-secret"):
        assert secret not in shown
        assert secret.encode() not in stored


def test_a_token_laid_over_another_companys_is_refused(
    any_store: StateStore, any_settings: Settings, company: Company, grant: Grant
) -> None:
    any_store.connections.add(company("first", "1"), grant(1))
    any_store.connections.add(company("second", "2"), grant(2))
    with Database(any_settings.state_database_url).writing() as connection:
        connection.exec_driver_sql(
            "UPDATE connection_secret SET ciphertext = (SELECT other.ciphertext FROM connection_secret AS other "
            "WHERE other.connection_name = 'first' AND other.kind = connection_secret.kind) "
            "WHERE connection_name = 'second'"
        )

    with pytest.raises(StateDamaged, match=r"of connection second cannot be used.*belongs to another row"):
        any_store.tokens.read("second")
    assert any_store.tokens.read("first").refresh_token == "refresh-1"


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE connection SET realm_id = '2'",
        "UPDATE connection_secret SET ciphertext = (SELECT ciphertext FROM connection_secret WHERE kind = 'refresh_token')",
        "UPDATE connection_secret SET ciphertext = replace(ciphertext, 'A', 'B')",
    ],
)
def test_a_tampered_row_is_refused(
    store: StateStore, settings: Settings, company: Company, grant: Grant, tampering: str
) -> None:
    store.connections.add(company("acme", "1"), grant())
    with sqlite3.connect(settings.home / "state.db") as plain:
        plain.execute(tampering)
    plain.close()

    with pytest.raises(StateDamaged, match="acme"):
        store.tokens.read("acme")


def test_the_wrong_key_is_named_and_damages_nothing(settings: Settings, company: Company, grant: Grant) -> None:
    with open_state(settings) as first:
        first.connections.add(company(), grant())
    right = settings.token_key_path.read_text()
    settings.token_key_path.write_text(Fernet.generate_key().decode())

    with open_state(settings) as second:
        with pytest.raises(TokenKeyError, match=r"another key than the key file .*token\.key holds"):
            second.tokens.read("acme")
        with pytest.raises(TokenKeyError):
            second.connections.add(company("other", "2"), grant(2))
        assert [each.name for each in second.connections.all()] == ["acme"]

    settings.token_key_path.write_text(right)
    with open_state(settings) as third:
        assert third.tokens.read("acme").refresh_token == "refresh-1"


def test_a_lost_key_file_is_not_made_anew_over_stored_tokens(
    settings: Settings, company: Company, grant: Grant
) -> None:
    with open_state(settings) as first:
        first.connections.add(company(), grant())
    settings.token_key_path.unlink()

    with open_state(settings) as second, pytest.raises(TokenKeyError, match="is gone"):
        second.check()

    assert not settings.token_key_path.exists()


def test_a_new_key_in_front_seals_everything_again_so_that_the_old_one_can_go(
    any_settings: Settings, company: Company, grant: Grant
) -> None:
    old, new = (SecretStr(Fernet.generate_key().decode()) for _ in range(2))

    def with_keys(*keys: SecretStr) -> Settings:
        return any_settings.model_copy(update={"token_keys": keys})

    with open_state(with_keys(old)) as first:
        first.connections.add(company("first", "1"), grant(1), client_secret="own-secret")
        first.connections.add(company("second", "2"), grant(2))
    with open_state(with_keys(new, old)) as second:
        second.check()
    with open_state(with_keys(new)) as third:
        assert third.tokens.read("first").client_secret == "own-secret"
        assert third.tokens.read("second").refresh_token == "refresh-2"
    with open_state(with_keys(old)) as fourth, pytest.raises(TokenKeyError, match="QBO_TOKEN_KEYS"):
        fourth.tokens.read("first")


def test_one_damaged_token_does_not_keep_the_others_from_a_new_key(
    settings: Settings, company: Company, grant: Grant
) -> None:
    old, new = (SecretStr(Fernet.generate_key().decode()) for _ in range(2))
    with open_state(settings.model_copy(update={"token_keys": (old,)})) as first:
        first.connections.add(company("first", "1"), grant(1))
        first.connections.add(company("second", "2"), grant(2))
    with Database(settings.state_database_url).writing() as connection:
        connection.execute(sa.text("UPDATE connection_secret SET ciphertext = 'x' WHERE connection_name = 'first'"))

    with open_state(settings.model_copy(update={"token_keys": (new, old)})) as second:
        assert second.tokens.read("second").refresh_token == "refresh-2"
        with pytest.raises(StateDamaged, match="connection first"):
            second.tokens.read("first")
