"""The threads that read the companies, and the bounded queue they fill.

The queue holds readers back while a load runs, so that memory stays flat whatever the size of a company.
"""

import logging
import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from qbo_pipeline.ingest.company import Company
from qbo_pipeline.ingest.messages import CompanyRead, Message, Question, Reader
from qbo_pipeline.ingest.plan import Plan
from qbo_pipeline.ingest.reading import read_company

COMPANIES_AT_ONCE = 16
PAGES_WAITING_MAX = 16

logger = logging.getLogger(__name__)


class _StoppedError(Exception):
    """The run ended early: what is still being read goes nowhere."""


class Readers:
    """The companies' threads and the queue they fill; leaving the block stops them."""

    def __init__(self, companies: Sequence[Company], plans: Mapping[str, Plan], budget_seconds: float) -> None:
        self._companies = companies
        self._plans = plans
        self._budget_seconds = budget_seconds
        self._queue: queue.Queue[Message] = queue.Queue(PAGES_WAITING_MAX)
        self._stopped = threading.Event()
        self._pool = ThreadPoolExecutor(COMPANIES_AT_ONCE, thread_name_prefix="company")

    def __enter__(self) -> "Readers":
        for company in self._companies:
            self._pool.submit(self._read, company)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._pool.shutdown(cancel_futures=True)

    def messages(self) -> Iterator[Message]:
        """Every message of every company, until all have ended; whoever asked a question waits for its answer."""
        ended = 0
        while ended < len(self._companies):
            message = self._queue.get()
            ended += isinstance(message, CompanyRead)
            yield message

    def _read(self, company: Company) -> None:
        try:
            reader = Reader(company, self._put, lambda look_up: self._ask(Question(company, look_up)))
            read_company(reader, self._plans[company.realm_id], budget_seconds=self._budget_seconds)
        except _StoppedError:
            return
        except Exception as error:  # whatever it is, it must end this company and no other
            logger.exception("Reading %s ended in an error of our own.", company.connection.name)
            self._put(CompanyRead(company, 0.0, error))

    def _ask(self, question: Question) -> Any:
        self._put(question)
        while not self._stopped.is_set():
            try:
                return question.answer.result(timeout=0.5)
            except TimeoutError:
                continue
        raise _StoppedError

    def _put(self, message: Message) -> None:
        while not self._stopped.is_set():
            try:
                self._queue.put(message, timeout=0.5)
            except queue.Full:
                continue
            return
        raise _StoppedError
