"""How the reports of one company fared, and what the sync log keeps of it."""

from dataclasses import dataclass

from qbo_pipeline.ingest.outcome import in_words
from qbo_pipeline.ingest.reports.fetch import Ended
from qbo_pipeline.state.sync_log import ConnectionLine, EntityLine
from qbo_pipeline.warehouse.reports import REPORT_TABLE

ERRORS_TOLD_MAX = 3


@dataclass(frozen=True)
class ReportsOutcome:
    """One company's reports: how many came, what they cost, and why others did not come; `metered_calls` Intuit counts."""

    name: str
    realm_id: str
    fetched: int
    calls: int
    metered_calls: int
    seconds: float
    error: str | None = None

    @property
    def status(self) -> str:
        """`synced` when every report asked for came, `failed` when none did, `partly` in between."""
        if self.error is None:
            return "synced"
        return "partly" if self.fetched else "failed"

    def summary(self) -> str:
        """One line for people who watch a run."""
        text = f"{self.name}: {self.fetched} reports in {self.calls} calls and {self.seconds:.1f} s"
        return text if self.error is None else f"{text}; {self.status}: {self.error}"

    def log_line(self) -> ConnectionLine:
        """What the sync log keeps: the company's calls, and a line for `report` beside those of the entities."""
        line = EntityLine(
            entity=REPORT_TABLE,
            status="synced" if self.error is None else "error",
            read_kind="reports",
            records_read=self.fetched,
            created=self.fetched,
            calls=self.calls,
            metered_calls=self.metered_calls,
            seconds=self.seconds,
            error=self.error,
        )
        return ConnectionLine(
            connection=self.name,
            realm_id=self.realm_id,
            status=self.status,
            calls=self.calls,
            metered_calls=self.metered_calls,
            seconds=self.seconds,
            error=self.error and f"{REPORT_TABLE}: {self.error}",
            entities=[line],
        )


def outcome_of(ended: Ended) -> ReportsOutcome:
    """The outcome of a company whose reports have ended."""
    calls = ended.company.client.calls
    return ReportsOutcome(
        name=ended.company.connection.name,
        realm_id=ended.company.realm_id,
        fetched=ended.fetched,
        calls=calls.calls,
        metered_calls=calls.metered,
        seconds=ended.seconds,
        error=_reasons(ended),
    )


def _reasons(ended: Ended) -> str | None:
    if ended.error is not None:
        return in_words(ended.error)
    reasons = [f"{report}: {in_words(error)}" for report, error in ended.errors.items()]
    more = f" (and {len(reasons) - ERRORS_TOLD_MAX} more)" if len(reasons) > ERRORS_TOLD_MAX else ""
    return "; ".join(reasons[:ERRORS_TOLD_MAX]) + more if reasons else None
