"""The client against the emulator, which was written from what is known of QuickBooks and not from this client."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from qbo_pipeline.catalog import ENTITIES, find_entity
from qbo_pipeline.emulator import Emulator, EmulatorSettings
from qbo_pipeline.emulator.clock import ManualClock
from qbo_pipeline.quickbooks import errors
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.endpoints import Endpoints, endpoints_for
from qbo_pipeline.quickbooks.oauth import OAuthClient, TokenGrant
from qbo_pipeline.quickbooks.throttle import Throttle
from qbo_pipeline.settings import Environment

REALM = "9341450000000001"
INVOICE, CUSTOMER = find_entity("Invoice"), find_entity("Customer")
UNLIMITED = {"limit_per_minute": 0, "limit_per_second": 0, "limit_concurrent": 0}


class GrantTokens:
    """Tokens of one grant, refreshed when QuickBooks refuses one."""

    def __init__(self, oauth: OAuthClient, refresh_token: str) -> None:
        self.oauth = oauth
        self.grant: TokenGrant = oauth.refresh(refresh_token)

    def access_token(self) -> str:
        return self.grant.access_token

    def renewed(self, stale: str) -> str:
        if stale == self.grant.access_token:
            self.grant = self.oauth.refresh(self.grant.refresh_token)
        return self.grant.access_token


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 8, 16, 17, 0, tzinfo=UTC))


@pytest.fixture
def start(clock: ManualClock) -> Iterator[Callable[..., Emulator]]:
    """Start an emulator on `clock`, without limits unless `settings` set some."""
    with ExitStack() as running:

        def start_emulator(company: str = "landscaping", **settings: object) -> Emulator:
            chosen = EmulatorSettings(**(UNLIMITED | settings))
            return running.enter_context(Emulator([company], settings=chosen, clock=clock, as_of=clock.now().date()))

        yield start_emulator


def endpoints_of(emulator: Emulator) -> Endpoints:
    urls = {name: getattr(emulator, name) for name in ("api_url", "authorize_url", "token_url", "revoke_url")}
    return endpoints_for(Environment.SANDBOX, **urls)


def app_of(emulator: Emulator, client_id: str = "emulator-client", secret: str = "emulator-secret") -> OAuthClient:
    return OAuthClient(endpoints_of(emulator), client_id, secret, clock=emulator.clock.now)


def open_client(emulator: Emulator, realm_id: str = REALM, **options: object) -> QuickBooks:
    """A client for which time passes on the emulator's clock, and only there."""
    clock = emulator.clock
    tokens = GrantTokens(app_of(emulator), emulator.grant(next(iter(emulator.companies))))
    throttle = Throttle(monotonic=lambda: clock.now().timestamp(), sleep=clock.advance)
    usual = {"throttle": throttle, "clock": clock.now, "sleep": clock.advance}
    return QuickBooks(realm_id, endpoints_of(emulator), tokens, **(usual | options))


def script(emulator: Emulator, path: str, **then: object) -> None:
    times = then.pop("times", 1)
    emulator.scripted_faults.add(msgspec.json.encode({"match": {"path": path}, "then": then, "times": times}))


def test_every_entity_is_read_whole_or_known_not_to_be_offered(start):
    emulator = start()
    client = open_client(emulator)
    not_offered = set()
    for entity in ENTITIES:
        try:
            records = [record for page in client.read_all(entity) for record in page]
        except errors.NotOffered:
            not_offered.add(entity.name)
            continue
        expected = 1 if entity.name in ("CompanyInfo", "Preferences") else None
        if expected is None:
            where = ["Active IN (true,false)"] if entity.name in ("Account", "Customer", "Item", "Vendor") else []
            expected = client.count(entity, where)
        assert len({record.id for record in records}) == len(records) == expected, entity.name
    assert not_offered == {"CompanyCurrency", "ExchangeRate"}
    assert client.calls.metered == emulator.meter.snapshot()[REALM]["metered"]


def test_an_inactive_customer_is_read_though_a_plain_query_hides_it(start):
    emulator = start()
    emulator.companies[REALM].edit("Customer", "5", {"Active": False})
    client = open_client(emulator)
    read = {record.id for page in client.read_all(CUSTOMER) for record in page}
    assert "5" in read
    assert client.count(CUSTOMER) == len(read) - 1


def test_what_changed_is_read_by_query_and_by_the_change_feed(start, clock):
    emulator = start()
    client = open_client(emulator)
    client.company_info()
    since = client.server_time
    clock.advance(60)
    emulator.companies[REALM].edit("Invoice", "130", {"PrivateNote": "looked at"})
    emulator.companies[REALM].delete("Estimate", "100")
    changed = [record.id for page in client.read_all(INVOICE, changed_since=since) for record in page]
    feed = client.changes([INVOICE, find_entity("Estimate"), CUSTOMER], since)
    assert changed == ["130"]
    assert [record.id for record in feed.records["Invoice"]] == ["130"]
    assert [record.id for record in feed.tombstones["Estimate"]] == ["100"]
    assert (feed.records["Customer"], feed.was_cut) == ([], False)


def test_a_change_feed_asked_too_far_back_says_so(start, clock):
    with pytest.raises(errors.ChangesTooOld):
        open_client(start()).changes([INVOICE], clock.now() - timedelta(days=31))


def test_many_pages_within_quickbooks_limits_are_never_throttled(start):
    emulator = start("generated:12000", limit_per_minute=500, limit_per_second=10, limit_concurrent=10)
    client = open_client(emulator, next(iter(emulator.companies)))
    assert sum(len(page) for page in client.read_all(INVOICE)) == 12_000
    assert client.calls.throttled == 0
    assert client.calls.calls == 15


def test_a_token_that_expires_between_two_pages_is_renewed_in_the_middle_of_the_read(start, clock):
    emulator = start("generated:3000")
    client = open_client(emulator, next(iter(emulator.companies)))
    pages = client.read_all(INVOICE)
    read = len(next(pages))
    clock.advance(7200)
    assert read + sum(len(page) for page in pages) == 3000


def test_a_connection_revoked_in_the_middle_of_a_read_needs_a_person(start, clock):
    emulator = start("generated:3000")
    realm = next(iter(emulator.companies))
    pages = open_client(emulator, realm).read_all(INVOICE)
    next(pages)
    emulator.grants.disconnect(realm)
    with pytest.raises(errors.AuthorisationLost):
        list(pages)


def test_another_companys_realm_is_told_as_the_wrong_one(start):
    with pytest.raises(errors.WrongRealm):
        open_client(start(), "9341450000000999").company_info()


@pytest.mark.parametrize("action", ["truncate", "reset_before", "reset_after"])
def test_a_read_whose_connection_breaks_is_made_again(start, action):
    emulator = start()
    client = open_client(emulator)
    script(emulator, "/query", action=action, times=2)
    assert sum(len(page) for page in client.read_all(INVOICE)) == 31
    assert client.calls.retries == 2


@pytest.mark.parametrize("action", ["truncate", "reset_after"])
def test_a_write_whose_answer_is_lost_is_not_made_twice(start, action):
    emulator = start()
    client = open_client(emulator)
    before = client.count(INVOICE)
    script(emulator, "/invoice", action=action)
    body = b'{"CustomerRef":{"value":"1"},"Line":[{"DetailType":"SalesItemLineDetail","Amount":100,'
    body += b'"SalesItemLineDetail":{"ItemRef":{"value":"1"}}}]}'
    with pytest.raises(errors.AnswerUnknown):
        client._session.request(
            "POST", "invoice", doing="Creating", body=body, content_type="application/json", is_write=True
        )
    assert client.count(INVOICE) == before + 1


def test_a_body_that_trickles_in_is_given_up_on(start):
    emulator = start()
    script(emulator, "/query", action="slow", seconds=0.05)
    client = open_client(emulator, timeout_seconds=0.2)
    with pytest.raises(errors.TimedOut):
        client.query_page("select * from Invoice", tries_max=1)


def test_no_proxy_stands_between_this_machine_and_itself(start, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert open_client(start()).company_info().id == "1"


def test_a_refresh_token_is_replaced_after_a_day_and_the_old_one_is_dead(start, clock):
    emulator = start()
    app, first = app_of(emulator), emulator.grant(REALM)
    assert app.refresh(first).refresh_token == first
    clock.advance(86_401)
    second = app.refresh(first)
    assert second.refresh_token != first
    assert second.issued_at == clock.now()
    assert second.hard_expires_at > second.refresh_expires_at > second.access_expires_at > clock.now()
    with pytest.raises(errors.InvalidGrant):
        app.refresh(first)


def test_a_wrong_secret_and_another_apps_token_are_told_apart(start):
    emulator = start()
    refresh_token = emulator.grant(REALM)
    with pytest.raises(errors.WrongClient):
        app_of(emulator, secret="wrong").refresh(refresh_token)
    with pytest.raises(errors.InvalidGrant):
        app_of(emulator, "other-client", "other-secret").refresh(refresh_token)
    assert app_of(emulator).refresh(refresh_token).access_token


def test_a_revoked_connection_is_dead(start):
    emulator = start()
    app, refresh_token = app_of(emulator), emulator.grant(REALM)
    app.revoke(refresh_token)
    with pytest.raises(errors.InvalidGrant):
        app.refresh(refresh_token)
    with pytest.raises(errors.Refused):
        app.revoke(refresh_token)
