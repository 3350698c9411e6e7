"""How far a pull has come: a line in the run's log where there is something to say, and numbers for whoever watches.

A thousand companies in which nothing happened are one line, a long read has one for every so many records.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from qbo_pipeline.ingest.messages import CompanyRead, Message, Pages, Reread
from qbo_pipeline.ingest.outcome import CompanyOutcome
from qbo_pipeline.ingest.plan import Plan

RECORDS_PER_LINE = 20_000

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Progress:
    """Companies read to their end of all that are read, records that have come, and versions landed of them.

    `by_entity` counts the records by raw table.
    """

    companies_done: int = 0
    companies: int = 0
    records_read: int = 0
    rows_landed: int = 0
    by_entity: Mapping[str, int] = field(default_factory=dict)


Watcher = Callable[[Progress], None]

_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watching(watcher: Watcher) -> Iterator[None]:
    """Let `watcher` follow every pull made inside the block by this thread, however deep inside a Dagster run."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


class ProgressLog:
    """Follows one pull of `companies` companies."""

    def __init__(self, companies: int, tell: Tell) -> None:
        self.tell = tell
        self._watch = _watcher.get() or (lambda _: None)
        self._companies = companies
        self._done = self._landed = self._idle = 0
        self._read: Counter[tuple[str, str]] = Counter()
        self._by_entity: Counter[str] = Counter()

    def begins(self, company: str, plan: Plan) -> None:
        """A company's reading begins; said of one whose records are read in full, which may take long."""
        if plan.whole:
            resumed = sum(reading.bookmark is not None for reading in plan.whole)
            went_on = f", {resumed} of them from where an earlier run ended" if resumed else ""
            self.tell(f"{company}: reading {len(plan.whole)} entities in full{went_on}.")

    def came(self, message: Message) -> None:
        """A message came from a company's reading."""
        if isinstance(message, Pages | Reread):
            self._count(message.company.connection.name, message.entity.table, len(message.records))
        self._done += isinstance(message, CompanyRead)
        self._show()

    def landed(self, rows: int) -> None:
        """A load has added so many versions."""
        self._landed += rows
        self._show()

    def ended(self, outcome: CompanyOutcome) -> None:
        """A company's reading has ended with this outcome."""
        if outcome.status == "synced" and not any(entity.records_read for entity in outcome.entities.values()):
            self._idle += 1
        else:
            self.tell(_summary(outcome))

    def close(self) -> None:
        """Nothing more comes."""
        if self._idle:
            self.tell(f"Nothing new in {self._idle:,} of {self._companies:,} companies.")

    def _count(self, company: str, table: str, records: int) -> None:
        before = self._read[company, table]
        self._read[company, table] = now = before + records
        self._by_entity[table] += records
        if now // RECORDS_PER_LINE > before // RECORDS_PER_LINE:
            self.tell(f"{company}: {now:,} records of {table} so far.")

    def _show(self) -> None:
        by_entity = self._by_entity
        self._watch(Progress(self._done, self._companies, by_entity.total(), self._landed, dict(by_entity)))


def _summary(outcome: CompanyOutcome) -> str:
    read = sum(entity.records_read for entity in outcome.entities.values())
    text = (
        f"{outcome.name}: read {read:,} records of {len(outcome.entities)} entities "
        f"in {outcome.calls} calls ({outcome.metered_calls} metered) and {outcome.seconds:.1f} s"
    )
    return text if outcome.status == "synced" else f"{text}; {outcome.status}: {outcome.reason()}"
