"""The scan that bills contracts: what is due becomes an invoice in the outbox, and every period is accounted for.

It may run as often as one likes, also twice at once: a period's key is its contract and first day, one scan of a company runs
at a time, and a period moves in one transaction with its invoice. What was billed is not touched again.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.recurring import RecurringRows, read_recurring
from qbo_pipeline.outbound.mailing import mail_of
from qbo_pipeline.outbound.recurring.candidates import Candidate
from qbo_pipeline.outbound.recurring.contract import Contract
from qbo_pipeline.outbound.recurring.due import Objection
from qbo_pipeline.outbound.recurring.invoicing import as_intent, invoice_of, taken_back
from qbo_pipeline.outbound.recurring.judging import LATER, Judgement, Rules, judge
from qbo_pipeline.outbound.recurring.permission import INVOICES_MAX, refusal, rules_for
from qbo_pipeline.outbound.recurring.reading import Party, contracts_of, parties_of
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.contract_periods import ContractPeriod, PeriodState
from qbo_pipeline.state.intents import UNSETTLED, IntentState
from qbo_pipeline.state.store import StateStore

_GONE = Objection("skipped", "no_such_period", "The contract was deleted, or its dates changed: it has no such period.")
# What may have left already, and what a person set aside.
_NOT_OURS = (*UNSETTLED, IntentState.PUSHED, IntentState.SKIPPED)


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What a scan found and did; `refused` says why nothing was looked at.

    By the ids of their sources, `made` are invoices taken in, `renewed` those whose content changed before they were sent,
    `withdrawn` those taken back, `waiting` periods left to the next scan. `blocked` and `skipped` count periods by the code of
    their reason.
    """

    realm_id: str
    today: date | None = None
    refused: str | None = None
    contracts: int = 0
    made: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    blocked: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)

    @property
    def told(self) -> str:
        """What was done, in words and counts."""
        if self.refused is not None:
            return self.refused
        counts = {
            "made": self.made,
            "renewed": self.renewed,
            "withdrawn": self.withdrawn,
            "left to the next": self.waiting,
        }
        parts = [f"{len(found)} {name}" for name, found in counts.items() if found]
        parts += [f"{count} blocked ({code})" for code, count in sorted(self.blocked.items())]
        return ", ".join(parts) or f"nothing is new in {self.contracts} contracts"


def scan_contracts(
    store: StateStore,
    ops_database: OpsDatabase,
    connection: Connection,
    now: datetime,
    *,
    invoices_max: int = INVOICES_MAX,
) -> Scan:
    """Bill what is due of a company's contracts at an instant, the oldest first; `invoices_max` new ones of each contract.

    Nothing is done before the company is armed and has a go-live date. Raises `OpsUnavailable` and `StateUnavailable`.
    """
    realm_id = connection.realm_id
    with store.contract_periods.scanning(realm_id):
        rows = read_recurring(ops_database, connection.business_entity_id or "")
        settings = store.push_settings.of(realm_id)
        refused = refusal(connection, settings, rows)
        if refused is not None or rows is None:
            return Scan(realm_id=realm_id, refused=refused)
        return _Scanning(store, realm_id, rows, rules_for(settings, rows, now, invoices_max=invoices_max)).run()


class _Scanning:
    """One look at one company's contracts."""

    def __init__(self, store: StateStore, realm_id: str, rows: RecurringRows, rules: Rules) -> None:
        self._store = store
        self._realm_id = realm_id
        self._rows = rows
        self._rules = rules
        self._choices = store.push_settings.of(realm_id).choices
        self._scan = Scan(realm_id=realm_id, today=rules.today, contracts=len(rows.contracts))
        store.contract_periods.reconcile(realm_id)
        self._intents = {each.intent_key: each for each in store.outbox.intents(realm_id, targets=["Invoice"])}
        self._noted: dict[str, list[ContractPeriod]] = defaultdict(list)
        for each in store.contract_periods.of(realm_id):
            self._noted[each.contract_id].append(self._as_it_binds(each))

    def run(self) -> Scan:
        parties = parties_of(self._rows)
        contracts = contracts_of(self._rows)
        judged: list[tuple[Contract, Party, list[Candidate]]] = []
        for contract in contracts:
            party = parties.get(contract.company_id)
            judgement = judge(contract, party, self._noted[contract.id], self._rules)
            self._leave(self._left_of(contract, judgement))
            judged.extend((contract, party, group) for group in judgement.invoices if party is not None)
        for contract_id in self._noted.keys() - {contract.id for contract in contracts}:
            self._leave([(each, _GONE) for each in self._noted[contract_id] if not each.is_settled])
        for contract, party, group in sorted(judged, key=lambda each: (each[2][0].due, each[0].id)):
            self._bill(contract, party, group)
        return self._scan

    def _as_it_binds(self, noted: ContractPeriod) -> ContractPeriod:
        """A period whose invoice may be out, or was set aside by a person, is not the scan's to change."""
        intent = self._intents.get(noted.invoice_key or "")
        if intent is None or intent.state not in _NOT_OURS or noted.is_settled:
            return noted
        return replace(noted, state=PeriodState.BILLED)

    def _left_of(self, contract: Contract, judgement: Judgement) -> list[tuple[ContractPeriod, Objection]]:
        left = [(self._noted_as(contract, each), why) for each, why in judgement.left]
        left += [(self._noted_as(contract, each), LATER) for each in judgement.waiting]
        known = {each.period_start for each, _ in left}
        known |= {each.period.start for group in judgement.invoices for each in group}
        gone = [each for each in self._noted[contract.id] if each.period_start not in known and not each.is_settled]
        return [*left, *((each, _GONE) for each in gone)]

    def _leave(self, left: Sequence[tuple[ContractPeriod, Objection]]) -> None:
        invoiced: dict[str, list[ContractPeriod]] = defaultdict(list)
        for period, why in left:
            self._count(period, why)
            invoiced[period.invoice_key or ""].append(_left_with(period, why))
        if free := invoiced.pop("", []):
            self._store.contract_periods.leave(free)
        for key, periods in invoiced.items():
            # What else was on it is billed anew by itself.
            intent = taken_back(self._intents[key])
            code, reason = periods[0].reason_code or "", periods[0].reason or ""
            stands = self._store.contract_periods.withdraw(intent, code, reason, periods)
            if stands.state is IntentState.SKIPPED:
                self._scan.withdrawn.append(intent.source_id)

    def _bill(self, contract: Contract, party: Party, group: Sequence[Candidate]) -> None:
        invoice = invoice_of(contract, party, group, self._rules, self._rows.entity)
        intent = as_intent(self._realm_id, invoice)
        known = self._intents.get(intent.key)
        stands = self._store.contract_periods.bill(intent, [self._noted_as(contract, each) for each in group])
        mail = mail_of(intent, invoice, self._choices)
        if mail is not None and (known is None or known.state is not IntentState.PUSHED):
            self._store.outbox.intend(mail)
        if known is None or known.state is IntentState.SKIPPED:
            self._scan.made.append(intent.source_id)
        elif stands.fence != known.fence:
            self._scan.renewed.append(intent.source_id)

    def _count(self, period: ContractPeriod, why: Objection) -> None:
        if why is LATER:
            self._scan.waiting.append(f"{period.contract_id}/{period.period_start}")
        else:
            (self._scan.blocked if why.state == "blocked" else self._scan.skipped)[why.code] += 1

    def _noted_as(self, contract: Contract, candidate: Candidate) -> ContractPeriod:
        noted = candidate.noted
        return ContractPeriod(
            realm_id=self._realm_id,
            contract_id=contract.id,
            period_start=candidate.period.start,
            period_end=candidate.period.end,
            due_date=candidate.due,
            state=PeriodState.PENDING,
            invoice_key=noted.invoice_key if noted else None,
            requested_at=noted.requested_at if noted else None,
        )


def _left_with(period: ContractPeriod, why: Objection) -> ContractPeriod:
    state = PeriodState(why.state)
    return replace(period, state=state, reason_code=why.code, reason=why.reason, invoice_key=None)
