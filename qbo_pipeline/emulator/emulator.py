"""A QuickBooks Online on this machine: its parts put together behind one address."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from qbo_pipeline.emulator.books.company import Company, CompanySeed
from qbo_pipeline.emulator.clock import Clock, ManualClock, SystemClock
from qbo_pipeline.emulator.companies import company_seeds
from qbo_pipeline.emulator.faults import QboFault
from qbo_pipeline.emulator.kept_changes import CompanyClock, KeptChanges
from qbo_pipeline.emulator.oauth import endpoints as oauth
from qbo_pipeline.emulator.oauth.apps import DEFAULT_CLIENT_ID, App
from qbo_pipeline.emulator.oauth.grants import Grants
from qbo_pipeline.emulator.settings import EmulatorSettings
from qbo_pipeline.emulator.state_file import State, StateFile, read_state
from qbo_pipeline.emulator.web.accounting import Accounting
from qbo_pipeline.emulator.web.admin import Admin
from qbo_pipeline.emulator.web.attachments import LINK_SEGMENT, file_answer
from qbo_pipeline.emulator.web.exchange import Answer, Arrival, Request
from qbo_pipeline.emulator.web.fault_forms import accepted_form, fault_answer
from qbo_pipeline.emulator.web.limits import RequestLimits
from qbo_pipeline.emulator.web.metering import CallMeter
from qbo_pipeline.emulator.web.scripted_faults import ScriptedFaults, Then
from qbo_pipeline.emulator.web.server import HttpServer
from qbo_pipeline.emulator.web.webhooks import Webhooks
from qbo_pipeline.emulator.writing.batch import first_half


class Emulator:
    """Serves companies on 127.0.0.1 from construction until `close` (or the end of a `with`).

    A company is a sample company's name or a seed of one's own.
    `state_file` keeps grants, apps and `as_of`, and a file beside it what was done to the books, so that a restarted emulator
    honours the refresh tokens it gave and serves the same books.
    """

    def __init__(
        self,
        companies: Sequence[str | CompanySeed] = ("landscaping",),
        *,
        as_of: date | None = None,
        port: int = 0,
        settings: EmulatorSettings | None = None,
        clock: Clock | None = None,
        state_file: Path | None = None,
    ) -> None:
        self.settings = settings or EmulatorSettings()
        self.clock = clock or SystemClock()
        state = (read_state(state_file) if state_file else None) or State(as_of or self.clock.now().date())
        self.as_of = as_of or state.as_of
        self.webhooks = Webhooks(self.settings, self.clock)
        self.companies: dict[str, Company] = {}
        self._company_clock = CompanyClock(self.clock)
        self._changes = KeptChanges(state_file and state_file.with_suffix(".changes.jsonl"), self._company_clock)
        self.add_companies(companies)
        self.apps = {app.client_id: app for app in state.apps}
        self._file = StateFile(state_file, replace(state, as_of=self.as_of))
        self.grants = Grants(
            self.settings, self.clock, state.grants, keep=lambda grants: self._file.keep(grants=grants)
        )
        self.meter = CallMeter()
        self.limits = RequestLimits(self.settings, _elapsed_seconds(self.clock))
        self.scripted_faults = ScriptedFaults()
        self._accounting = Accounting(
            companies=self.companies,
            apps=self.apps,
            grants=self.grants,
            limits=self.limits,
            meter=self.meter,
            settings=self.settings,
            clock=self.clock,
        )
        self._oauth = oauth.OAuth(self.apps, self.grants, self._company_names, lambda: self.url)
        self._admin = Admin(self)
        self._server = HttpServer(port, self._answer, self.clock.now)
        self.url = f"http://127.0.0.1:{self._server.port}"
        self.api_url = self.url
        self.authorize_url = self.url + oauth.AUTHORIZE_PATH
        self.token_url = self.url + oauth.TOKEN_PATH
        self.revoke_url = self.url + oauth.REVOKE_PATH

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving, and telling."""
        self._server.close()
        self.webhooks.close()

    def grant(self, realm_id: str, client_id: str = DEFAULT_CLIENT_ID) -> str:
        """A refresh token for a company, without the consent page."""
        return self.grants.issue(client_id, realm_id).refresh_token

    def environment(self) -> dict[str, str]:
        """The environment variables that point a client here."""
        return {
            "QBO_CLIENT_ID": DEFAULT_CLIENT_ID,
            "QBO_CLIENT_SECRET": self.apps[DEFAULT_CLIENT_ID].client_secret,
            "QBO_ENVIRONMENT": "sandbox",
            "QBO_API_URL": self.api_url,
            "QBO_AUTHORIZE_URL": self.authorize_url,
            "QBO_TOKEN_URL": self.token_url,
            "QBO_REVOKE_URL": self.revoke_url,
        }

    def add_companies(self, companies: Sequence[str | CompanySeed]) -> list[Company]:
        """Serve more companies, as sample companies' names or as seeds; a realm served already raises ValueError."""
        added = []
        for wanted in companies:
            seed = wanted
            if isinstance(seed, str):
                (seed,) = company_seeds([seed], self.as_of, taken=self.companies)
            if seed.realm_id in self.companies:
                raise ValueError(f"Company {seed.name!r} cannot be served: realm {seed.realm_id} is in use already.")
            company = self.companies[seed.realm_id] = Company(
                seed, self.settings, self._company_clock, partial(self.webhooks.tell, seed.realm_id)
            )
            self._changes.follow(company)
            added.append(company)
        return added

    def add_app(self, app: App) -> None:
        """Register an app."""
        self.apps[app.client_id] = app
        self._file.keep(apps=list(self.apps.values()))

    def _company_names(self) -> dict[str, str]:
        return {realm_id: company.name for realm_id, company in list(self.companies.items())}

    def _answer(self, request: Request) -> Answer:
        if request.segments[:1] == ["admin"]:
            return self._admin.answer(request)
        realm_id = request.realm_id or self._oauth.realm_concerned(request)
        then = self.scripted_faults.take(request, realm_id)
        return self._work(request) if then is None else self._go_wrong(then, request, realm_id)

    def _work(self, request: Request, *, stale: bool = False) -> Answer:
        if self._oauth.serves(request):
            return self._oauth.answer(request)
        if request.realm_id is not None:
            return self._accounting.answer(request, stale=stale)
        if request.segments[:1] == [LINK_SEGMENT] and len(request.segments) == 3:
            return file_answer(self.companies.get(request.segments[1]), request.segments[2])
        fault = QboFault(404, "500", "Unsupported Operation", f"Could not find resource for {request.path}")
        return fault_answer(fault, accepted_form(request.wants_json), self.clock.now())

    def _go_wrong(self, then: Then, request: Request, realm_id: str | None) -> Answer:
        if then.action != "slow":
            time.sleep(then.seconds)
        match then.action:
            case None:
                self._accounting.count(request, has_failed=True, status=then.fault.status)
                return replace(fault_answer(then.fault, then.form, self.clock.now()), headers=then.headers)
            case "reset_before":
                self._accounting.count(request, has_failed=True)
                return Answer(500, arrival=Arrival.RESET)
            case "reset_after" | "tear":
                return replace(self._work(_torn(request) if then.action == "tear" else request), arrival=Arrival.RESET)
            case "truncate":
                return replace(self._work(request), arrival=Arrival.TRUNCATED)
            case "slow":
                return replace(self._work(request), arrival=Arrival.SLOW, pause_seconds=then.seconds)
            case "expire_token" if realm_id:
                self.grants.expire_access_tokens(realm_id)
            case "revoke" if realm_id:
                self.grants.disconnect(realm_id)
        return self._work(request, stale=then.action == "stale_read")


def _torn(batch: Request) -> Request:
    """A batch without its later items and without the `requestid` that it would be remembered under."""
    return replace(batch, target=batch.path, body=first_half(batch.body))


def _elapsed_seconds(clock: Clock) -> Callable[[], float]:
    """Seconds for the limits. Where the clock stands still they pass for real, or a busy test would be throttled for ever."""
    if isinstance(clock, ManualClock):
        return lambda: time.monotonic() + clock.now().timestamp()
    return lambda: clock.now().timestamp()
