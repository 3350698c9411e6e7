"""Pull: read all companies side by side and land what they send, in batches, while the next pages are fetched.

Data flow: QuickBooks -> one thread per company -> a bounded queue -> batches -> one load after another -> cursors.

One company's trouble is its own: it ends that company's readings and is told in the outcome. Trouble with the warehouse is
everyone's: it stops the readers and is raised.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from qbo_pipeline.catalog import Entity
from qbo_pipeline.ingest.company import Company
from qbo_pipeline.ingest.landing import Batch, Landed, Landing, ReadThrough
from qbo_pipeline.ingest.outcome import CompanyOutcome, EntityOutcome, PullOutcome
from qbo_pipeline.ingest.readers import Readers
from qbo_pipeline.ingest.reading import CompanyRead, EntityRead, Message, Pages, Reading

# QuickBooks stamps changes to the second and shows them with some delay: the last minutes are read again, and what was
# landed before is not landed twice.
OVERLAP = timedelta(minutes=5)
# A cursor that stands still costs nothing but a longer window; it is moved once a day all the same.
CURSOR_AGE_MAX = timedelta(days=1)
BATCH_BYTES = 48 * 1024 * 1024

Tell = Callable[[str], None]
Cursors = dict[tuple[str, str], datetime]


def pull(
    companies: Sequence[Company],
    entities: Sequence[Entity],
    landing: Landing,
    *,
    cursors: Cursors,
    not_offered: Callable[[str], set[str]],
    full: bool = False,
    budget_seconds: float = 600,
    tell: Tell = lambda _: None,
) -> PullOutcome:
    """Read `entities` of `companies` and land them; everything that happened is in the outcome.

    `full` reads everything again instead of what changed since the cursors. `not_offered` names, for a realm, the entities
    its edition is known not to have: they are asked for again only by a full read.
    """
    plans = {
        company.realm_id: _plan(company, entities, cursors, set() if full else not_offered(company.realm_id), full=full)
        for company in companies
    }
    outcomes = {company.realm_id: CompanyOutcome(company.connection.name, company.realm_id) for company in companies}
    with Readers(companies, plans, budget_seconds) as readers:
        batch = Batch()
        for message in readers.messages():
            _take(message, batch, outcomes, cursors, tell)
            if batch.size_bytes >= BATCH_BYTES:
                _land(batch, landing, outcomes, tell)
                batch = Batch()
        _land(batch, landing, outcomes, tell)
    return PullOutcome(list(outcomes.values()))


def _plan(
    company: Company, entities: Sequence[Entity], cursors: Cursors, absent: set[str], *, full: bool
) -> list[Reading]:
    readings = []
    for entity in entities:
        cursor = None if full else cursors.get((company.realm_id, entity.table))
        if entity.table not in absent:
            readings.append(Reading(entity, cursor - OVERLAP if cursor else None))
    return readings


def _take(message: Message, batch: Batch, outcomes: dict[str, CompanyOutcome], cursors: Cursors, tell: Tell) -> None:
    company = message.company
    outcome = outcomes[company.realm_id]
    match message:
        case Pages(entity=entity, records=records):
            batch.add(entity.table, company.realm_id, records)
        case EntityRead(reading=reading):
            table = reading.entity.table
            outcome.entities[table] = _ended(message, outcome.entities.get(table))
            if _moves_cursor(message, cursors.get((company.realm_id, table))):
                batch.reads.append(ReadThrough(company.realm_id, table, reading.kind, message.read_through))
        case CompanyRead(error=error, seconds=seconds):
            calls = company.client.calls
            outcome.calls, outcome.metered_calls, outcome.seconds = calls.calls, calls.metered, seconds
            outcome.error = str(error) if error else None
            tell(_summary(outcome))


def _ended(read: EntityRead, so_far: EntityOutcome | None) -> EntityOutcome:
    return EntityOutcome(
        table=read.reading.entity.table,
        outcome=read.outcome,
        read_kind=read.reading.kind,
        records_read=read.records_read,
        landed=so_far.landed if so_far else Landed(),
        seconds=read.seconds,
        error=str(read.error) if read.error else None,
    )


def _moves_cursor(read: EntityRead, cursor: datetime | None) -> bool:
    """Whether this read is worth a cursor row: what it re-read would otherwise be read again with every run."""
    if read.outcome != "read":
        return False
    return cursor is None or read.records_read > 0 or read.read_through - cursor > CURSOR_AGE_MAX


def _land(batch: Batch, landing: Landing, outcomes: dict[str, CompanyOutcome], tell: Tell) -> None:
    if not batch:
        return
    for (realm_id, table), landed in landing.land(batch, tell=tell).items():
        entities = outcomes[realm_id].entities
        # The first batches of a long read land before its outcome is known.
        entity = entities.setdefault(table, EntityOutcome(table, "skipped", "full", error="the read did not end"))
        entity.landed += landed


def _summary(outcome: CompanyOutcome) -> str:
    read = sum(entity.records_read for entity in outcome.entities.values())
    text = (
        f"{outcome.name}: read {read:,} records of {len(outcome.entities)} entities "
        f"in {outcome.calls} calls and {outcome.seconds:.1f} s"
    )
    return text if outcome.status == "synced" else f"{text}; {outcome.status}: {outcome.reason()}"
