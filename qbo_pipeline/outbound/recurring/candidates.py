"""Which periods of a contract are up for billing: those due that no settled one covers.

A period that was billed keeps its days whatever happens to the contract's dates afterwards. Days of a later period that are left
beside it, because the dates were edited, are a period of their own that is billed only when somebody asks for it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from qbo_pipeline.outbound.recurring.contract import Contract
from qbo_pipeline.outbound.recurring.due import due_date, tracked_through
from qbo_pipeline.outbound.recurring.periods import Period, periods
from qbo_pipeline.state.contract_periods import ContractPeriod


@dataclass(frozen=True)
class Candidate:
    """A period with what is noted of it; `is_due` is whether it may be billed yet."""

    period: Period
    due: date
    noted: ContractPeriod | None
    is_due: bool
    is_remainder: bool

    @property
    def is_requested(self) -> bool:
        """Whether a person asked for it to be billed."""
        return self.noted is not None and self.noted.requested_at is not None


def candidates(contract: Contract, noted: Sequence[ContractPeriod], today: date) -> list[Candidate]:
    """The periods that are due, the oldest first, and those noted that are not due any more; settled ones are left out."""
    by_start = {each.period_start: each for each in noted}
    settled = [each for each in noted if keeps_its_days(each)]
    first_days = {each.period_start for each in noted}
    tracked = tracked_through(contract, today)
    latest = max([*first_days, *([tracked] if tracked else [])], default=None)
    if latest is None:
        return []
    found = []
    for whole in periods(contract.cadence, latest):
        for piece in _uncovered(whole, settled):
            due = due_date(contract, piece)
            is_tracked = tracked is not None and piece.start <= tracked
            if (is_tracked and due <= today) or piece.start in first_days:
                found.append(Candidate(piece, due, by_start.get(piece.start), due <= today, piece != whole))
    return found


def latest_due(contract: Contract, today: date) -> date | None:
    """The first day of the newest period that is due, billed or not; None where none is."""
    due = [each.start for each in periods(contract.cadence, today) if due_date(contract, each) <= today]
    return max(due, default=None)


def keeps_its_days(noted: ContractPeriod) -> bool:
    """Whether nothing else may bill a period's days: it was billed or voided, and nobody asked for it again."""
    return noted.is_settled and noted.requested_at is None


def _uncovered(whole: Period, settled: Iterable[ContractPeriod]) -> Iterator[Period]:
    start = whole.start
    covering = sorted((each.period_start, each.period_end) for each in settled)
    for first, end in covering:
        if end <= start or first >= whole.end:
            continue
        if start < first:
            yield Period(start, first, whole.full_start, whole.full_end)
        start = max(start, end)
    if start < whole.end:
        yield Period(start, whole.end, whole.full_start, whole.full_end)
