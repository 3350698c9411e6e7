"""Keeping what a pull did: the sync log, when each company was last synced, what it does not offer and its feed refuses."""

from qbo_pipeline.ingest.outcome import CompanyOutcome, EntityOutcome, PullOutcome
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.state.sync_log import ConnectionLine, EntityLine


def keep(store: StateStore, run_id: str, outcome: PullOutcome, *, is_whole: bool = True) -> None:
    """Write the outcome of run `run_id` to the state store; one that is not `is_whole` says nothing of when all was read."""
    store.sync_log.record(run_id, [_connection_line(company) for company in outcome.companies])
    synced = [company.name for company in outcome.companies if is_whole and company.status == "synced"]
    changed = [company.name for company in outcome.companies if company.rows]
    store.connections.record_sync(synced, store.clock(), changed=changed)
    for company in outcome.companies:
        _keep_offers(store, company)
        _keep_feed_refusals(store, company)
    store.sync_log.finish_run(run_id, "partly" if outcome.unsynced else "synced")


def _connection_line(company: CompanyOutcome) -> ConnectionLine:
    return ConnectionLine(
        connection=company.name,
        realm_id=company.realm_id,
        status=company.status,
        calls=company.calls,
        metered_calls=company.metered_calls,
        seconds=company.seconds,
        error=company.reason() or None,
        entities=[_entity_line(entity) for entity in company.entities.values() if _is_news(entity)],
    )


def _is_news(entity: EntityOutcome) -> bool:
    """An entity found unchanged has no line of its own: with thousands of companies these would be all there is to read."""
    return entity.read_kind == "full" or entity.records_read > 0 or entity.landed.rows > 0 or not entity.is_done


def _entity_line(entity: EntityOutcome) -> EntityLine:
    return EntityLine(
        entity=entity.table,
        status="synced" if entity.outcome == "read" else entity.outcome,
        read_kind=entity.read_kind,
        records_read=entity.records_read,
        created=entity.landed.created,
        updated=entity.landed.updated,
        deleted=entity.landed.deleted,
        calls=entity.calls,
        metered_calls=entity.metered_calls,
        seconds=entity.seconds,
        error=entity.error if not entity.is_done else None,
    )


def _keep_offers(store: StateStore, company: CompanyOutcome) -> None:
    known = store.not_offered.of(company.realm_id)
    for entity in company.entities.values():
        if entity.outcome == "not_offered" and entity.read_kind is not None:
            store.not_offered.note(company.realm_id, entity.table)
        elif entity.outcome == "read" and entity.table in known:
            store.not_offered.forget(company.realm_id, entity.table)


def _keep_feed_refusals(store: StateStore, company: CompanyOutcome) -> None:
    known = store.feed_refusals.of(company.realm_id)
    for entity in company.entities.values():
        if entity.is_refused_by_feed:
            store.feed_refusals.note(company.realm_id, entity.table)
        elif entity.read_kind == "feed" and entity.outcome == "read" and entity.table in known:
            store.feed_refusals.forget(company.realm_id, entity.table)
