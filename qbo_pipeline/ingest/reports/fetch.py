"""Reading the due reports of many companies side by side, each passed on as it comes.

What goes wrong with one report is told and does not stop the others; trouble that every report of the company would meet
ends the company, and no other.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from qbo_pipeline.ingest.company import Company
from qbo_pipeline.ingest.reports.plan import ReportPlan
from qbo_pipeline.ingest.reports.request import ReportRequest
from qbo_pipeline.quickbooks.answer import TOO_LARGE
from qbo_pipeline.quickbooks.errors import (
    AuthorisationLost,
    NotOffered,
    QuickBooksError,
    ReportTooLarge,
    RetryLater,
)
from qbo_pipeline.settings import SettingsError
from qbo_pipeline.state.errors import StateError

COMPANIES_AT_ONCE = 16
# A report is slow to make and quick to send: four at once hide the time without crowding out other programs.
REPORTS_AT_ONCE = 4
# A large general ledger takes tens of megabytes, and what waits here is held in memory.
REPORTS_WAITING_MAX = 8
# What no other report of the company would fare better with; a call is only given up after several tries.
_ENDS_COMPANY = (AuthorisationLost, RetryLater, StateError, SettingsError)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fetched:
    """A report as QuickBooks sent it, or its words where it refused the report as too large."""

    company: Company
    request: ReportRequest
    payload: bytes = field(repr=False)
    fetched_at: datetime


@dataclass(frozen=True)
class Ended:
    """A company's reports have ended: how many came, what went wrong by report, and what stopped it, if anything did."""

    company: Company
    fetched: int
    errors: Mapping[str, Exception]
    seconds: float
    error: Exception | None = None


class _StoppedError(Exception):
    """The run ended early: what is still being read goes nowhere."""


class ReportReaders:
    """The companies' threads and the bounded queue they fill; leaving the block stops them."""

    def __init__(self, plans: Sequence[tuple[Company, ReportPlan]], budget_seconds: float) -> None:
        self._plans = plans
        self._budget_seconds = budget_seconds
        self._queue: queue.Queue[Fetched | Ended] = queue.Queue(REPORTS_WAITING_MAX)
        self._stopped = threading.Event()
        self._pool = ThreadPoolExecutor(COMPANIES_AT_ONCE, thread_name_prefix="reports")

    def __enter__(self) -> "ReportReaders":
        for company, plan in self._plans:
            self._pool.submit(self._read, company, plan)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._pool.shutdown(cancel_futures=True)

    def messages(self) -> Iterator[Fetched | Ended]:
        """Every report of every company, until all companies have ended."""
        ended = 0
        while ended < len(self._plans):
            message = self._queue.get()
            ended += isinstance(message, Ended)
            yield message

    def _read(self, company: Company, plan: ReportPlan) -> None:
        started = time.monotonic()
        reading = _Reading(company, self._put, started + self._budget_seconds)
        error = None
        try:
            with ThreadPoolExecutor(REPORTS_AT_ONCE) as pool:
                list(pool.map(reading.read, plan.requests))
        except _StoppedError:
            return
        except Exception as unexpected:  # whatever it is, it must end this company and no other
            logger.exception("Reading reports of %s ended in an error of our own.", company.connection.name)
            error = unexpected
        self._put(Ended(company, reading.fetched, reading.errors, time.monotonic() - started, error or reading.lost))

    def _put(self, message: Fetched | Ended) -> None:
        while not self._stopped.is_set():
            try:
                self._queue.put(message, timeout=0.5)
            except queue.Full:
                continue
            return
        raise _StoppedError


class _Reading:
    """One company's reports being read, by several threads."""

    def __init__(self, company: Company, put: Callable[[Fetched], None], deadline: float) -> None:
        self._company = company
        self._put = put
        self._deadline = deadline
        self.fetched = 0
        self.errors: dict[str, Exception] = {}
        self.lost: Exception | None = None

    def read(self, request: ReportRequest) -> None:
        """Read one report, in halves where QuickBooks says that it is too large."""
        if self.lost is not None or time.monotonic() > self._deadline:
            self.errors[request.id] = self.lost or TimeoutError("not begun within the time one company may take")
            return
        try:
            report = self._company.client.report(request.report, request.params)
        except ReportTooLarge as error:
            self._read_halves(request, error)
        except NotOffered:
            return
        except _ENDS_COMPANY as error:
            self.lost = self.errors[request.id] = error
        except QuickBooksError as error:
            self.errors[request.id] = error
        else:
            self._put(Fetched(self._company, request, report.payload, report.made_at))
            self.fetched += 1

    def _read_halves(self, request: ReportRequest, error: ReportTooLarge) -> None:
        halves = request.halves()
        if halves is None:
            self.errors[request.id] = error
            return
        for half in halves:
            self.read(half)
        # Told behind its halves: a run that breaks off in between, or reads none, asks for the whole again.
        if (now := self._company.client.server_time) is not None:
            self._put(Fetched(self._company, request, TOO_LARGE, now))
