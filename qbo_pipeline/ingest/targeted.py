"""A targeted sync: the records that webhooks told of are read again, and nothing else is asked.

Data flow: inbox -> ids by company and entity -> one query for many -> landing -> the events are done.

It moves no cursor, so that whatever a webhook left out comes with the next sync all the same. An event is done when its
record has landed; what could not be read is tried again, later each time, and in the end left to the syncs that ask for all.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from qbo_pipeline.catalog import Entity, Kind, UnknownEntityError, find_entity
from qbo_pipeline.ingest.company import Company, open_company
from qbo_pipeline.ingest.keeping import keep
from qbo_pipeline.ingest.landing import Landing
from qbo_pipeline.ingest.messages import Reading
from qbo_pipeline.ingest.outcome import PullOutcome
from qbo_pipeline.ingest.plan import Plan
from qbo_pipeline.ingest.pull import carry_out, nothing_read
from qbo_pipeline.quickbooks.record import Record
from qbo_pipeline.quickbooks.webhooks import ChangeEvent
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.merging import repoint
from qbo_pipeline.state.own_writes import OwnWrite, OwnWrites
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.state.webhook_inbox import WaitingEvent, WebhookInbox
from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline.warehouse.landed import is_inactive

TRIGGER = "webhooks"
EVENTS_MAX = 5_000
# 1, 2, 4 … minutes: half an hour after the first try the syncs have long read it.
TRIES_MAX = 5

_Told = dict[str, dict[Entity, list[WaitingEvent]]]


def sync_told(
    settings: Settings,
    store: StateStore,
    warehouse: Warehouse,
    inbox: WebhookInbox,
    *,
    run_id: str | None = None,
    limit: int = EVENTS_MAX,
    tell: Callable[[str], None] = lambda _: None,
) -> PullOutcome:
    """Read and land the records of the oldest events in `inbox`, at most `limit`; what happened is in the sync log too.

    What we wrote ourselves lands as QuickBooks answered with it, and the events that tell of that are done without a call.
    """
    own = OwnWrites(settings.webhook_inbox_path, store.clock)
    active = {each.realm_id: each for each in store.connections.all() if each.is_active}
    written = [each for each in own.to_land(limit) if each.realm_id in active]
    waiting = inbox.take(limit)
    echoes = own.take_echoes(waiting)
    inbox.done(sorted(echoes))
    waiting = [each for each in waiting if each.sequence not in echoes]
    told = _by_company_and_entity([each for each in waiting if each.event.realm_id in active])
    in_hand = _in_hand(written)
    run_id = run_id or str(uuid.uuid4())
    store.sync_log.start_run(run_id, TRIGGER)
    tell(f"Webhooks told of {len(waiting):,} changes in {len(told):,} companies.")
    try:
        with ExitStack() as opened:
            companies = [open_company(store, active[realm_id], settings) for realm_id in told | in_hand]
            for company in companies:
                opened.callback(company.client.close)
            plans = {realm_id: _plan(told.get(realm_id, {}), in_hand.get(realm_id, {})) for realm_id in told | in_hand}
            outcome = _pull(companies, plans, Landing(warehouse, settings.home / "dlt", _now), settings, tell)
    except BaseException:
        store.sync_log.finish_run(run_id, "failed")
        raise
    own.landed(written)
    _follow_merges(store, warehouse, [each.event for each in waiting if each.event.realm_id in active])
    keep(store, run_id, outcome, is_whole=False)
    _settle(inbox, waiting, told, outcome, store.clock())
    return outcome


def _pull(
    companies: Sequence[Company],
    plans: dict[str, Plan],
    landing: Landing,
    settings: Settings,
    tell: Callable[[str], None],
) -> PullOutcome:
    outcomes = {company.realm_id: nothing_read(company, plans[company.realm_id]) for company in companies}
    return carry_out(
        companies, plans, landing, outcomes=outcomes, budget_seconds=settings.sync_budget_seconds, tell=tell
    )


def _plan(told: dict[Entity, list[WaitingEvent]], in_hand: dict[Entity, list[Record]]) -> Plan:
    """One object of its kind is read as such; everything else by id."""
    singletons = [entity for entity in told if entity.kind is Kind.SINGLETON]
    return Plan(
        whole=[Reading(entity, holds_rows=True) for entity in singletons],
        named=[Reading(each, ids=_ids(events)) for each, events in told.items() if each not in singletons],
        in_hand=in_hand,
    )


def _in_hand(written: Sequence[OwnWrite]) -> dict[str, dict[Entity, list[Record]]]:
    records: dict[str, dict[Entity, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for each in written:
        records[each.realm_id][find_entity(each.entity)].append(each.record)
    return {realm_id: dict(entities) for realm_id, entities in records.items()}


def _ids(events: Sequence[WaitingEvent]) -> tuple[str, ...]:
    """The records to read: of a merge the name that went as well as the one that stays."""
    ids = {each.event.record_id for each in events} | {each.event.deleted_id for each in events}
    return tuple(sorted(each for each in ids if each is not None))


def _by_company_and_entity(waiting: Sequence[WaitingEvent]) -> _Told:
    told: _Told = defaultdict(lambda: defaultdict(list))
    for each in waiting:
        entity = _readable(each.event.entity)
        if entity is not None:
            told[each.event.realm_id][entity].append(each)
    return {realm_id: dict(entities) for realm_id, entities in told.items()}


def _follow_merges(store: StateStore, warehouse: Warehouse, events: Sequence[ChangeEvent]) -> None:
    """What stood for a name that was merged stands for the one it was merged into, once the first has landed as inactive."""
    merges = [each for each in events if each.operation == "merge" and each.deleted_id and _readable(each.entity)]
    if not merges:
        return
    with warehouse.connect("see which names were merged") as connection:
        gone = [
            each
            for each in merges
            if is_inactive(connection, each.realm_id, find_entity(each.entity).table, each.deleted_id or "")
        ]
    for each in gone:
        repoint(store, each.realm_id, each.entity, gone=each.deleted_id or "", stays=each.record_id)


def _readable(name: str) -> Entity | None:
    """The entity of an event; None for one that is not mirrored, or whose records have no id to ask for."""
    try:
        entity = find_entity(name)
    except UnknownEntityError:
        return None
    return entity if entity.has_ids or entity.kind is Kind.SINGLETON else None


def _settle(
    inbox: WebhookInbox, waiting: Sequence[WaitingEvent], told: _Told, outcome: PullOutcome, now: datetime
) -> None:
    """Take off the inbox what is done, and everything there is nothing to read for."""
    left: list[WaitingEvent] = []
    for company in outcome.companies:
        for entity, events in told.get(company.realm_id, {}).items():
            ended = company.entities.get(entity.table)
            if ended is None or not ended.is_done:
                left += [each for each in events if each.tries < TRIES_MAX]
    postponed = {each.sequence for each in left}
    inbox.done([each.sequence for each in waiting if each.sequence not in postponed])
    for tries in {each.tries for each in left}:
        due_at = now + timedelta(minutes=2**tries)
        inbox.postpone([each.sequence for each in left if each.tries == tries], due_at)


def _now() -> datetime:
    return datetime.now(UTC)
