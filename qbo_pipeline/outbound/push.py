"""A push: what is due in the outbox of the companies that may be pushed to goes out.

Whoever starts it, a schedule, a sensor or a person, it is this one: the outbox says what goes, not who asked.
"""

from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from qbo_pipeline.outbound.delivery.composing import Compose, ReadFile
from qbo_pipeline.outbound.delivery.deliver import deliver
from qbo_pipeline.outbound.delivery.outcome import CompanyDelivery, DeliveryOutcome
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.record import Record
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.access import endpoints_of
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.intents import StoredIntent
from qbo_pipeline.state.own_writes import OwnWrite, OwnWrites
from qbo_pipeline.state.push_settings import PushSettings
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.state.tokens import token_source


@dataclass(frozen=True)
class Push:
    """What a push did, and the connections it left alone with the reason each."""

    delivery: DeliveryOutcome
    left_alone: dict[str, str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether every company it was for was pushed to, to the end."""
        return not self.left_alone and not self.delivery.left_out


def push(
    store: StateStore,
    settings: Settings,
    compose: Compose,
    *,
    connections: Sequence[Connection],
    files: ReadFile | None = None,
    keys: Collection[str] | None = None,
    targets: Collection[str] | None = None,
    by_hand: bool = True,
) -> Push:
    """Send what is due for `connections`; not `by_hand`, only where automatic pushes are on and their time has come.

    Nothing goes to a connection that is inactive or was never armed.
    """
    reasons = {each.name: _why_not(store, each, by_hand=by_hand) for each in connections}
    going = [each for each in connections if reasons[each.name] is None]
    with ExitStack() as opened:
        clients = [opened.enter_context(open_client(store, each, settings)) for each in going]
        note = opened.enter_context(OwnWrites(settings.webhook_inbox_path, store.clock).noting())

        def written(intent: StoredIntent, record: Record) -> None:
            note(OwnWrite(intent.realm_id, intent.target, intent.operation, record))

        outcome = DeliveryOutcome([])
        if clients:
            outcome = deliver(store, clients, compose, keys=keys, targets=targets, written=written, files=files)
    if keys is None and targets is None:
        for company in outcome.companies:
            _note(store, company)
    return Push(outcome, {name: reason for name, reason in reasons.items() if reason is not None})


def open_client(store: StateStore, connection: Connection, settings: Settings) -> QuickBooks:
    """A client of the company behind `connection`; nothing is sent before it is used."""
    tokens = token_source(store, connection, settings)
    return QuickBooks(connection.realm_id, endpoints_of(connection, settings), tokens, name=connection.name)


def is_due(settings: PushSettings, now: datetime) -> bool:
    """Whether the clock may push to a company now."""
    every = timedelta(minutes=settings.choices.every_minutes)
    return settings.choices.automatic and (settings.last_push_at is None or settings.last_push_at + every <= now)


def _why_not(store: StateStore, connection: Connection, *, by_hand: bool) -> str | None:
    if not connection.is_active:
        return f"It is inactive: {connection.reason or 'disconnected'}."
    settings = store.push_settings.of(connection.realm_id)
    if settings.armed_at is None:
        return (
            "It is not armed: look at `qbo-pipeline push --dry-run`, then allow pushes with `qbo-pipeline push --arm "
            f"--connection {connection.name} --go-live DATE`."
        )
    if not by_hand and not settings.choices.automatic:
        return "Its automatic pushes are switched off."
    if not by_hand and not is_due(settings, store.clock()):
        return f"It is pushed to every {settings.choices.every_minutes} minutes, and was lately."
    return None


def _note(store: StateStore, company: CompanyDelivery) -> None:
    if company.stopped is None:
        store.push_settings.note_push(company.realm_id)
