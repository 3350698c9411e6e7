"""One refresher at a time, among threads, processes and companies, and through a kill at the worst moment."""

import multiprocessing
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

import pytest

from qbo_pipeline.quickbooks.errors import InvalidGrant
from qbo_pipeline.quickbooks.oauth import TokenGrant
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.connections import Connection, ConnectionDetails
from qbo_pipeline.state.store import StateStore, open_state
from qbo_pipeline.state.tokens import token_source
from qbo_pipeline_tests.state.conftest import NOW
from qbo_pipeline_tests.state.token_endpoint import TokenEndpoint

Company = Callable[..., ConnectionDetails]
Grant = Callable[..., TokenGrant]


def test_processes_and_threads_that_refresh_at_once_make_one_refresh(
    any_settings: Settings, acme: Connection, endpoint: TokenEndpoint
) -> None:
    endpoint.before_answer = lambda: time.sleep(0.3)
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(3), context.Queue()
    processes = [context.Process(target=_refresh_at_once, args=(any_settings, barrier, answers)) for _ in range(3)]
    for process in processes:
        process.start()
    obtained = {token for _ in processes for token in answers.get(timeout=60)}
    for process in processes:
        process.join(timeout=10)

    assert obtained == {"access-1"}
    assert endpoint.asked == ["refresh-0"]


def _refresh_at_once(settings: Settings, barrier: Barrier, answers: "Queue[list[str]]") -> None:
    with open_state(settings, clock=lambda: NOW + timedelta(hours=2)) as store:
        acme = store.connections.get("acme")
        sources = [token_source(store, acme, settings) for _ in range(4)]
        barrier.wait()
        with ThreadPoolExecutor(8) as pool:
            answers.put(list(pool.map(lambda tokens: tokens.access_token(), sources * 2)))


def test_a_refresh_of_one_company_does_not_hold_up_another(
    any_store: StateStore, any_settings: Settings, company: Company, grant: Grant, endpoint: TokenEndpoint
) -> None:
    acme = any_store.connections.add(company(token_url=endpoint.url), grant(0))
    any_store.connections.add(company("other", "2"), grant(7))
    asked, may_answer = threading.Event(), threading.Event()
    endpoint.before_answer = lambda: (asked.set(), may_answer.wait(20))

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(token_source(any_store, acme, any_settings).renewed, "access-0")
        assert asked.wait(10)
        other = any_store.connections.get("other")
        assert token_source(any_store, other, any_settings).access_token() == "access-7"
        any_store.connections.record_sync(["other"], NOW)
        may_answer.set()
        assert slow.result(10) == "access-1"


@pytest.mark.slow
@pytest.mark.parametrize("is_replacing", [True, False])
def test_a_process_killed_between_receiving_and_storing(
    *,
    settings: Settings,
    store: StateStore,
    company: Company,
    grant: Grant,
    endpoint: TokenEndpoint,
    is_replacing: bool,
) -> None:
    """The store is locked while Intuit answers, so that the refresher holds new tokens it cannot write when it dies."""
    acme = store.connections.add(company(token_url=endpoint.url), grant(0))
    endpoint.is_replacing = is_replacing
    blocker = sqlite3.connect(settings.home / "state.db", isolation_level=None, check_same_thread=False)
    answered = threading.Event()
    endpoint.before_answer = lambda: (blocker.execute("BEGIN IMMEDIATE"), answered.set())
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(1), context.Queue()
    victim = context.Process(target=_refresh_at_once, args=(settings, barrier, answers))
    victim.start()
    assert answered.wait(60)
    time.sleep(1)
    os.kill(victim.pid, signal.SIGKILL)
    victim.join(10)
    blocker.execute("ROLLBACK")
    blocker.close()
    endpoint.before_answer = lambda: None
    assert store.tokens.read("acme").refresh_token == "refresh-0"

    store.clock.advance(hours=3)
    tokens = token_source(store, acme, settings)
    if not is_replacing:
        assert tokens.access_token() == "access-2"
        assert store.tokens.read("acme").refresh_unanswered_since is None
        return
    with pytest.raises(InvalidGrant):
        tokens.access_token()
    reason = store.connections.get("acme").reason
    assert "a refresh begun at 2026-03-01 14:00:00 UTC never reached the store" in reason
