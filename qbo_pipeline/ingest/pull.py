"""Pull: read all companies side by side and land what they send, in batches, while the next pages are fetched.

Data flow: QuickBooks -> one thread per company -> a bounded queue -> batches -> one load after another -> cursors.

One company's trouble is its own: it ends that company's readings and is told in the outcome. Trouble with the warehouse is
everyone's: it stops the readers and is raised.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from qbo_pipeline.catalog import Entity
from qbo_pipeline.ingest.company import Company
from qbo_pipeline.ingest.landing import Batch, Landed, Landing, ReadThrough
from qbo_pipeline.ingest.messages import CompanyRead, EntityRead, FeedRead, Message, Pages, Question, Reread
from qbo_pipeline.ingest.outcome import CompanyOutcome, EntityOutcome, PullOutcome
from qbo_pipeline.ingest.plan import CURSOR_AGE_MAX, Cursors, Plan, plan_company
from qbo_pipeline.ingest.readers import Readers
from qbo_pipeline.quickbooks.errors import QuickBooksError
from qbo_pipeline.settings import SettingsError
from qbo_pipeline.state.errors import StateError
from qbo_pipeline.warehouse.landed import holdings

BATCH_BYTES = 48 * 1024 * 1024

Tell = Callable[[str], None]


def pull(
    companies: Sequence[Company],
    entities: Sequence[Entity],
    landing: Landing,
    *,
    cursors: Cursors,
    not_offered: Callable[[str], set[str]],
    full: bool = False,
    all_entities: bool = True,
    budget_seconds: float = 600,
    batch_bytes: int = BATCH_BYTES,
    tell: Tell = lambda _: None,
) -> PullOutcome:
    """Read `entities` of `companies` and land them; everything that happened is in the outcome.

    `full` reads everything again instead of what changed since the cursors; `all_entities` asks also for those outside the
    change feed whose time has not come. `not_offered` names, for a realm, the entities its edition is known not to have:
    they are asked for again only by a full read. Reads land whenever `batch_bytes` of records have come, and at the end.
    """
    absent = {company.realm_id: set() if full else not_offered(company.realm_id) for company in companies}
    plans = {
        realm_id: plan_company(realm_id, entities, cursors, tables, full=full, all_entities=all_entities)
        for realm_id, tables in absent.items()
    }
    plans = _with_holdings(plans, landing)
    outcomes = {
        company.realm_id: _nothing_read(company, plans[company.realm_id], entities, absent[company.realm_id])
        for company in companies
    }
    with Readers(companies, plans, budget_seconds) as readers:
        batch = Batch()
        for message in readers.messages():
            if isinstance(message, Question):
                message.answer.set_result(landing.look_up(message.look_up))
                continue
            _take(message, batch, outcomes, cursors, tell)
            if batch.size_bytes >= batch_bytes:
                _land(batch, landing, outcomes, tell)
                batch = Batch()
        _land(batch, landing, outcomes, tell)
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


def _nothing_read(company: Company, plan: Plan, entities: Sequence[Entity], absent: set[str]) -> CompanyOutcome:
    """The outcome before anything is read: whatever ends a company early, every entity asked for is in it."""
    unread = [
        EntityOutcome(each.entity.table, "skipped", each.kind, error="the read did not end") for each in plan.expected
    ]
    known_absent = [EntityOutcome(each.table, "not_offered") for each in entities if each.table in absent]
    by_table = {each.table: each for each in (*unread, *known_absent)}
    return CompanyOutcome(company.connection.name, company.realm_id, by_table)


def _take(message: Message, batch: Batch, outcomes: dict[str, CompanyOutcome], cursors: Cursors, tell: Tell) -> None:
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
        case FeedRead(tables=tables, read_through=read_through):
            batch.reads += [ReadThrough(company.realm_id, each, "feed", read_through) for each in tables]
        case CompanyRead(error=error, seconds=seconds):
            calls = company.client.calls
            outcome.calls, outcome.metered_calls, outcome.seconds = calls.calls, calls.metered, seconds
            outcome.error = _in_words(error)
            tell(_summary(outcome))


def _ended(read: EntityRead, so_far: EntityOutcome | None) -> EntityOutcome:
    return EntityOutcome(
        table=read.reading.entity.table,
        outcome=read.outcome,
        read_kind=read.reading.kind,
        records_read=read.records_read,
        # The first batches of a long read land before its outcome is known.
        landed=so_far.landed if so_far else Landed(),
        seconds=read.seconds,
        error=_in_words(read.error),
    )


def _in_words(error: Exception | None) -> str | None:
    """What is told of an error: our own ones are written to be told, any other's text may hold what it was working on."""
    if error is None or isinstance(error, QuickBooksError | StateError | SettingsError | TimeoutError):
        return str(error) if error else None
    return f"an error of our own ({type(error).__name__}), which the log of the run shows whole"


def _moves_cursor(read: EntityRead, cursor: datetime | None) -> bool:
    """Whether this read is worth a cursor row: what it re-read would otherwise be read again with every run."""
    if read.outcome != "read" or read.read_through is None or read.reading.by_feed:
        return False  # What came through the feed has the feed's cursor.
    age_max = read.reading.entity.checked_every or CURSOR_AGE_MAX
    return cursor is None or read.records_read > 0 or read.read_through - cursor >= age_max


def _land(batch: Batch, landing: Landing, outcomes: dict[str, CompanyOutcome], tell: Tell) -> None:
    if not batch:
        return
    for (realm_id, table), landed in landing.land(batch, tell=tell).items():
        entities = outcomes[realm_id].entities
        # A check that was not planned is in the outcome only when it ends.
        entity = entities.setdefault(table, EntityOutcome(table, "skipped", error="the read did not end"))
        entity.landed += landed


def _summary(outcome: CompanyOutcome) -> str:
    read = sum(entity.records_read for entity in outcome.entities.values())
    text = (
        f"{outcome.name}: read {read:,} records of {len(outcome.entities)} entities "
        f"in {outcome.calls} calls and {outcome.seconds:.1f} s"
    )
    return text if outcome.status == "synced" else f"{text}; {outcome.status}: {outcome.reason()}"
