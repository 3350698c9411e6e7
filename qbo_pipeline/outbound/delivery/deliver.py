"""Delivering the outbox: every company for itself, side by side, with nothing of the warehouse.

    outcome = deliver(store, [client, ...], compose)

Safe to run in two processes at once, to be killed at any moment and to be run again.
"""

import random as chance
import secrets
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor

from qbo_pipeline.outbound.delivery.composing import Compose, ReadFile
from qbo_pipeline.outbound.delivery.investigating import Investigation
from qbo_pipeline.outbound.delivery.judging import Judge
from qbo_pipeline.outbound.delivery.outcome import CompanyDelivery, DeliveryOutcome
from qbo_pipeline.outbound.delivery.pace import Pace
from qbo_pipeline.outbound.delivery.preparing import Preparation
from qbo_pipeline.outbound.delivery.pusher import Pusher
from qbo_pipeline.outbound.delivery.recording import Recorder
from qbo_pipeline.outbound.delivery.references import References
from qbo_pipeline.outbound.delivery.reversing import Reversing
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.errors import QuickBooksError
from qbo_pipeline.quickbooks.record import Record
from qbo_pipeline.state.errors import StateBusy
from qbo_pipeline.state.intents import StoredIntent
from qbo_pipeline.state.store import StateStore

COMPANIES_AT_ONCE = 8


def deliver(
    store: StateStore,
    clients: Sequence[QuickBooks],
    compose: Compose,
    *,
    pace: Pace | None = None,
    random: Callable[[], float] = chance.random,
    keys: Collection[str] | None = None,
    targets: Collection[str] | None = None,
    written: Callable[[StoredIntent, Record], None] = lambda _, __: None,
    files: ReadFile | None = None,
) -> DeliveryOutcome:
    """Send what is due for these companies and say what became of it; `keys` and `targets` narrow it down.

    `written` hears of each record that QuickBooks answers a write with.

    What goes wrong for one company is in its part of the outcome, and stops no other.
    """
    pace = pace or Pace()

    def one(client: QuickBooks) -> CompanyDelivery:
        delivery = CompanyDelivery(realm_id=client.realm_id, name=client.name)
        calls_before = client.calls.calls
        try:
            recorder = Recorder(clock=store.clock, random=random, pace=pace, written=written)
            _pusher(store, client, compose, delivery, recorder, keys, targets, files).run()
        except (QuickBooksError, StateBusy) as error:
            delivery.stopped = str(error)
        delivery.calls = client.calls.calls - calls_before
        return delivery

    with ThreadPoolExecutor(max_workers=max(1, min(COMPANIES_AT_ONCE, len(clients)))) as pool:
        return DeliveryOutcome(list(pool.map(one, clients)))


def _pusher(  # noqa: PLR0917 - what `deliver` was given, handed on
    store: StateStore,
    client: QuickBooks,
    compose: Compose,
    delivery: CompanyDelivery,
    recorder: Recorder,
    keys: Collection[str] | None,
    targets: Collection[str] | None,
    files: ReadFile | None,
) -> Pusher:
    references = References(client=client, links=store.links, needs_of=store.outbox.needs)
    shared = {
        "client": client,
        "dispatch": store.dispatch,
        "recorder": recorder,
        "clock": store.clock,
        "pace": recorder.pace,
    }
    return Pusher(
        client=client,
        dispatch=store.dispatch,
        preparation=Preparation(
            client=client,
            links=store.links,
            compose=compose,
            reversing=Reversing(client=client, links=store.links, outbox=store.outbox),
        ),
        investigation=Investigation(**shared, links=store.links),
        judge=Judge(**shared, references=references, delivery=delivery),
        delivery=delivery,
        pace=recorder.pace,
        owner=secrets.token_hex(8),
        keys=keys,
        targets=targets,
        files=files,
    )
