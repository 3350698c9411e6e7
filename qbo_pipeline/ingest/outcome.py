"""What a pull did, company by company and entity by entity: nothing asked for is missing from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from qbo_pipeline.ingest.landing import Landed
from qbo_pipeline.quickbooks.errors import QuickBooksError
from qbo_pipeline.settings import SettingsError
from qbo_pipeline.state.errors import StateError


@dataclass
class EntityOutcome:
    """How one entity of one company fared: `read`, `not_offered`, `error` or `skipped`; with no `read_kind`, unasked.

    `calls` are those about it alone, `metered_calls` those of them that Intuit counts.
    """

    table: str
    outcome: str
    read_kind: str | None = None
    records_read: int = 0
    landed: Landed = field(default_factory=Landed)
    calls: int = 0
    metered_calls: int = 0
    seconds: float = 0.0
    error: str | None = None
    is_refused_by_feed: bool = False

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do for it in this run."""
        return self.outcome in ("read", "not_offered")


@dataclass
class CompanyOutcome:
    """How one company fared, and what it cost: `metered_calls` are those Intuit counts.

    One that `is_due` is False of was not asked: it is idle, and its time comes later.
    """

    name: str
    realm_id: str
    entities: dict[str, EntityOutcome] = field(default_factory=dict)
    calls: int = 0
    metered_calls: int = 0
    seconds: float = 0.0
    error: str | None = None
    is_due: bool = True

    @property
    def status(self) -> str:
        """`synced` when every entity asked for is done, `failed` when none was begun, `partly` in between; or `not_due`."""
        if not self.is_due:
            return "not_due"
        done = [entity.is_done for entity in self.entities.values()]
        if self.error is None and all(done):
            return "synced"
        has_begun = any(done) or any(entity.records_read for entity in self.entities.values())
        return "partly" if has_begun else "failed"

    @property
    def rows(self) -> int:
        """Versions landed."""
        return sum(entity.landed.rows for entity in self.entities.values())

    def reason(self) -> str:
        """Why it is not `synced`, in words: the company's own failure, or its entities'."""
        if self.error:
            return self.error
        errors = [f"{entity.table}: {entity.error}" for entity in self.entities.values() if not entity.is_done]
        more = f" (and {len(errors) - 3} more)" if len(errors) > 3 else ""
        return "; ".join(errors[:3]) + more


@dataclass(frozen=True)
class PullOutcome:
    """How all companies fared."""

    companies: Sequence[CompanyOutcome]

    @property
    def unsynced(self) -> list[CompanyOutcome]:
        """The companies of which something asked for was left out."""
        return [company for company in self.companies if company.status not in ("synced", "not_due")]

    def rows(self, table: str) -> int:
        """Versions landed in one table over all companies."""
        return sum(company.entities[table].landed.rows for company in self.companies if table in company.entities)


def in_words(error: Exception | None) -> str | None:
    """What is told of an error: our own ones are written to be told, any other's text may hold what it was working on."""
    if error is None or isinstance(error, QuickBooksError | StateError | SettingsError | TimeoutError):
        return str(error) if error else None
    return f"an error of our own ({type(error).__name__}), which the log of the run shows whole"
