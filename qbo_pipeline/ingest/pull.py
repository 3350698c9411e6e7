"""Pull: read all companies side by side and land what they send, in batches, while the next pages are fetched.

Data flow: QuickBooks -> one thread per company -> a bounded queue -> batches -> one load after another -> cursors.

One company's trouble is its own: it ends that company's readings and is told in the outcome. Trouble with the warehouse is
everyone's: it stops the readers and is raised.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from qbo_pipeline.catalog import Entity, find_entity
from qbo_pipeline.ingest.cadence import AT_EVERY_TICK, PUNCTUALITY, Cadence, check_every
from qbo_pipeline.ingest.company import Company
from qbo_pipeline.ingest.landing import Batch, Landed, Landing, ReadThrough
from qbo_pipeline.ingest.messages import CompanyRead, EntityRead, FeedRead, Message, Pages, Question, Reread
from qbo_pipeline.ingest.outcome import CompanyOutcome, EntityOutcome, PullOutcome, in_words
from qbo_pipeline.ingest.plan import Bookmarks, Cursors, Plan, plan_company
from qbo_pipeline.ingest.progress import ProgressLog
from qbo_pipeline.ingest.readers import Readers
from qbo_pipeline.warehouse.landed import holdings

BATCH_BYTES = 48 * 1024 * 1024


def pull(
    companies: Sequence[Company],
    entities: Sequence[Entity],
    landing: Landing,
    *,
    cursors: Cursors,
    not_offered: Callable[[str], set[str]],
    refused_by_feed: Callable[[str], set[str]] = lambda _: set(),
    bookmarks: Bookmarks = MappingProxyType({}),
    cadences: Mapping[str, Cadence] = MappingProxyType({}),
    full: bool = False,
    all_entities: bool = True,
    budget_seconds: float = 600,
    batch_bytes: int = BATCH_BYTES,
    tell: Callable[[str], None] = lambda _: None,
) -> PullOutcome:
    """Read `entities` of `companies` and land them; everything that happened is in the outcome.

    `full` reads everything again instead of what changed since the cursors; `all_entities` asks also for those outside the
    change feed whose time has not come. `not_offered` names, for a realm, the entities its edition is known not to have:
    they are asked for again only by a full read. `refused_by_feed` names those that are asked for by query instead of through
    the change feed, `bookmarks` where full reads go on, `cadences` how seldom realms are asked. Reads land whenever
    `batch_bytes` of records have come, and at the end.
    """
    absent = {company.realm_id: set() if full else not_offered(company.realm_id) for company in companies}
    asked = {"bookmarks": bookmarks, "full": full, "all_entities": all_entities}
    plans = {
        realm_id: plan_company(
            realm_id,
            entities,
            cursors,
            tables,
            refused=set() if full else refused_by_feed(realm_id),
            cadence=cadences.get(realm_id, AT_EVERY_TICK),
            **asked,
        )
        for realm_id, tables in absent.items()
    }
    plans = _with_holdings(plans, landing)
    outcomes = {
        company.realm_id: nothing_read(company, plans[company.realm_id], entities, absent[company.realm_id])
        for company in companies
    }
    return carry_out(
        companies,
        plans,
        landing,
        outcomes=outcomes,
        cursors=cursors,
        budget_seconds=budget_seconds,
        batch_bytes=batch_bytes,
        tell=tell,
    )


def carry_out(
    companies: Sequence[Company],
    plans: Mapping[str, Plan],
    landing: Landing,
    *,
    outcomes: dict[str, CompanyOutcome],
    cursors: Cursors = MappingProxyType({}),
    budget_seconds: float = 600,
    batch_bytes: int = BATCH_BYTES,
    tell: Callable[[str], None] = lambda _: None,
) -> PullOutcome:
    """Read what `plans` say of each company, by realm, and land it; `outcomes` are those of nothing read yet."""
    progress = ProgressLog(len(companies), tell)
    for company in companies:
        progress.begins(company.connection.name, plans[company.realm_id])
    with Readers(companies, plans, budget_seconds) as readers:
        batch = Batch()
        for message in readers.messages():
            if isinstance(message, Question):
                message.answer.set_result(landing.look_up(message.look_up))
                continue
            _take(message, batch, outcomes, cursors)
            progress.came(message)
            if isinstance(message, CompanyRead):
                progress.ended(outcomes[message.company.realm_id])
            if batch.size_bytes >= batch_bytes:
                _land(batch, landing, outcomes, progress)
                batch = Batch()
        _land(batch, landing, outcomes, progress)
    progress.close()
    return PullOutcome(list(outcomes.values()))


def _with_holdings(plans: Mapping[str, Plan], landing: Landing) -> dict[str, Plan]:
    """The plans, knowing of each full read whether records of it may be landed: their deletions are then looked for."""
    wanted = [(realm_id, each.entity.table) for realm_id, plan in plans.items() for each in plan.whole]
    held = landing.look_up(lambda connection: holdings(connection, wanted)) if wanted else set()
    return {
        realm_id: replace(
            plan, whole=[replace(each, holds_rows=(realm_id, each.entity.table) in held) for each in plan.whole]
        )
        for realm_id, plan in plans.items()
    }


def nothing_read(
    company: Company, plan: Plan, entities: Sequence[Entity] = (), absent: Collection[str] = ()
) -> CompanyOutcome:
    """The outcome before anything is read: whatever ends a company early, every entity asked for is in it."""
    unread = [
        EntityOutcome(each.entity.table, "skipped", each.kind, error="the read did not end") for each in plan.expected
    ]
    known_absent = [EntityOutcome(each.table, "not_offered") for each in entities if each.table in absent]
    by_table = {each.table: each for each in (*unread, *known_absent)}
    return CompanyOutcome(company.connection.name, company.realm_id, by_table)


def _take(message: Message, batch: Batch, outcomes: dict[str, CompanyOutcome], cursors: Cursors) -> None:
    company = message.company
    outcome = outcomes[company.realm_id]
    match message:
        case Pages(entity=entity, records=records):
            batch.add(entity.table, company.realm_id, records)
        case Reread(entity=entity, records=records):
            outcome.entities.setdefault(entity.table, EntityOutcome(entity.table, "read", "reread", len(records)))
            batch.add(entity.table, company.realm_id, records)
        case EntityRead(reading=reading):
            table = reading.entity.table
            outcome.entities[table] = _ended(message, outcome.entities.get(table))
            if _moves_cursor(message, cursors.get((company.realm_id, table))):
                batch.reads.append(ReadThrough(company.realm_id, table, reading.kind, message.read_through))
            if message.bookmark:
                batch.broken_off.append((company.realm_id, table, message.bookmark))
        case FeedRead(tables=tables, read_through=read_through):
            batch.reads += [ReadThrough(company.realm_id, each, "feed", read_through) for each in tables]
        case CompanyRead(error=error, seconds=seconds):
            calls = company.client.calls
            outcome.calls, outcome.metered_calls, outcome.seconds = calls.calls, calls.metered, seconds
            outcome.error = in_words(error)
            _count_calls(company, outcome)


def _count_calls(company: Company, outcome: CompanyOutcome) -> None:
    for name, counted in company.client.calls_by_entity.items():
        if entity := outcome.entities.get(find_entity(name).table):
            entity.calls, entity.metered_calls = counted.calls, counted.metered


def _ended(read: EntityRead, so_far: EntityOutcome | None) -> EntityOutcome:
    return EntityOutcome(
        table=read.reading.entity.table,
        outcome=read.outcome,
        read_kind=read.reading.kind,
        records_read=read.records_read,
        # The first batches of a long read land before its outcome is known.
        landed=so_far.landed if so_far else Landed(),
        seconds=read.seconds,
        error=in_words(read.error),
        is_refused_by_feed=read.reading.is_refused_by_feed,
    )


def _moves_cursor(read: EntityRead, cursor: datetime | None) -> bool:
    """Whether this read is worth a cursor row: what it re-read would otherwise be read again with every run."""
    if read.outcome != "read" or read.read_through is None or read.reading.by_feed:
        return False  # What came through the feed has the feed's cursor.
    is_old = cursor is None or read.read_through - cursor >= check_every(read.reading.entity) - PUNCTUALITY
    return is_old or read.records_read > 0 or read.reading.bookmark is not None


def _land(batch: Batch, landing: Landing, outcomes: dict[str, CompanyOutcome], progress: ProgressLog) -> None:
    if not batch:
        return
    for (realm_id, table), landed in landing.land(batch, tell=progress.tell).items():
        progress.landed(landed.rows)
        entities = outcomes[realm_id].entities
        # A check that was not planned is in the outcome only when it ends.
        entity = entities.setdefault(table, EntityOutcome(table, "skipped", error="the read did not end"))
        entity.landed += landed
