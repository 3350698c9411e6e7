"""What a delivery did, company by company."""

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock


@dataclass(kw_only=True)
class CompanyDelivery:
    """What was done for one company: how many intents ended in each state, and why it was left early, if it was.

    `recovered` counts those that were found in QuickBooks instead of being sent again. `alerts` are faults in no table.
    """

    realm_id: str
    name: str
    states: Counter[str] = field(default_factory=Counter)
    recovered: int = 0
    calls: int = 0
    stopped: str | None = None
    alerts: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def count(self, state: str, *, was_recovered: bool = False) -> None:
        """Count one intent that was settled."""
        with self._lock:
            self.states[state] += 1
            self.recovered += was_recovered

    @property
    def pushed(self) -> int:
        """How many reached QuickBooks."""
        return self.states["pushed"]


@dataclass(frozen=True)
class DeliveryOutcome:
    """What a delivery did for all its companies."""

    companies: list[CompanyDelivery]

    @property
    def pushed(self) -> int:
        """How many intents reached QuickBooks."""
        return sum(company.pushed for company in self.companies)

    @property
    def left_out(self) -> dict[str, str]:
        """The companies that were left early, with the reason."""
        return {company.name: company.stopped for company in self.companies if company.stopped}
