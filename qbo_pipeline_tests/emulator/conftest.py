"""A running emulator with one tiny company, and a caller that speaks plain HTTP to it: nothing of our client."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from qbo_pipeline.emulator import Emulator, EmulatorSettings
from qbo_pipeline.emulator.books.company import CompanySeed
from qbo_pipeline.emulator.clock import ManualClock
from qbo_pipeline.emulator.source import ListedRecords

REALM = "9341450000000077"
JSON = {"Accept": "application/json"}
APP = ("emulator-client", "emulator-secret")


class Caller:
    """One HTTP client of one emulator, with an access token for the tiny company."""

    realm = REALM
    app = APP

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.http = requests.Session()
        self.token = emulator.grants.issue(APP[0], REALM).access_token

    def api(self, method: str, path: str, **request: Any) -> requests.Response:
        """Call the accounting API under the company's address; JSON is accepted unless `headers` say otherwise."""
        headers = {"Authorization": f"Bearer {self.token}"} | JSON | request.pop("headers", {})
        url = f"{self.emulator.api_url}/v3/company/{request.pop('realm', REALM)}{path}"
        return self.http.request(method, url, headers=headers, timeout=10, **request)

    def query(self, statement: str, **request: Any) -> requests.Response:
        return self.api("GET", "/query", params={"query": statement}, **request)

    def admin(self, method: str, path: str, body: Any = None) -> requests.Response:
        return self.http.request(method, f"{self.emulator.url}/admin/{path}", json=body, timeout=10)

    def token_call(self, app: tuple[str, str] | None = APP, headers: Any = None, **form: str) -> requests.Response:
        return self.http.post(self.emulator.token_url, data=form, auth=app, headers=headers or JSON, timeout=10)

    def refresh(self, refresh_token: str, app: tuple[str, str] = APP) -> requests.Response:
        return self.token_call(app, grant_type="refresh_token", refresh_token=refresh_token)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 8, 16, 17, 0, tzinfo=UTC))


@pytest.fixture
def tiny_company() -> CompanySeed:
    """Two customers and an invoice."""
    stamped = {"CreateTime": "2026-08-01T08:00:00-07:00", "LastUpdatedTime": "2026-08-01T08:00:00-07:00"}
    common = {"domain": "QBO", "sparse": False, "SyncToken": "0", "MetaData": stamped}
    customers = [
        {"Id": str(n), "DisplayName": name, "FullyQualifiedName": name, "Active": True, "Balance": 0, **common}
        for n, name in enumerate(("Brook & Dale", "Café Ñandú"), start=1)
    ]
    invoice = {
        "Id": "10",
        "DocNumber": "1001",
        "TxnDate": "2026-08-01",
        "DueDate": "2026-08-31",
        "CustomerRef": {"value": "1", "name": "Brook & Dale"},
        "Line": [
            {
                "Id": "1",
                "LineNum": 1,
                "Amount": 42.5,
                "DetailType": "SalesItemLineDetail",
                "SalesItemLineDetail": {"Qty": 1, "UnitPrice": 42.5},
            },
            {"Amount": 42.5, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}},
        ],
        "TotalAmt": 42.5,
        "Balance": 42.5,
        **common,
    }
    records = {
        "CompanyInfo": [{"Id": "1", "CompanyName": "Tiny", "Country": "US", **common}],
        "Preferences": [{"Id": "1", **common}],
        "Customer": customers,
        "Invoice": [invoice],
    }
    return CompanySeed(REALM, "Tiny", "US", ListedRecords(records))


@pytest.fixture
def start(tiny_company: CompanySeed, clock: ManualClock) -> Iterator[Callable[..., Caller]]:
    """Start an emulator that stands on `clock` and has no limits unless `settings` set some; stopped when the test ends."""
    with ExitStack() as running:

        def start_emulator(**settings: Any) -> Caller:
            chosen = {
                "limit_per_minute": 0,
                "limit_per_second": 0,
                "limit_concurrent": 0,
                "limit_batches_per_minute": 0,
            } | settings
            emulator = Emulator([tiny_company], settings=EmulatorSettings(**chosen), clock=clock)
            return Caller(running.enter_context(emulator))

        yield start_emulator


@pytest.fixture
def caller(start: Callable[..., Caller]) -> Caller:
    return start()
