"""Sorting a contract's periods: which are billed now, and together with which; what speaks against the others."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from qbo_pipeline.outbound.document import DocumentLine
from qbo_pipeline.outbound.recurring.candidates import Candidate, candidates, latest_due
from qbo_pipeline.outbound.recurring.contract import Contract
from qbo_pipeline.outbound.recurring.due import Objection, by_hand, invoice_date, objection
from qbo_pipeline.outbound.recurring.lines import lines_of
from qbo_pipeline.outbound.recurring.reading import Party
from qbo_pipeline.state.contract_periods import ContractPeriod

LET_GO = "let_go"
LATER = Objection("pending", "catching_up", "It is billed by one of the next scans, after older periods.")
# What never was up for billing is missed when the next period is due; what was, is not.
_NEVER_UP = ("on_hold", "draft", "before_go_live", LET_GO)
_REMAINDER = Objection(
    "blocked",
    "remainder",
    "The contract's dates were changed after a part of this was billed. Ask for the rest to be billed, or skip it.",
)
_NOT_DUE = Objection("blocked", "not_due", "The contract was changed, and the period is not due any more.")


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What decides over periods besides the contract: the company's days, settings and holidays.

    `invoices_max` is how many new invoices of one contract a scan makes.
    """

    today: date
    go_live_date: date
    holidays: AbstractSet[date] = frozenset()
    hold_over_unapproved_time: bool = True
    invoices_max: int = 24


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What a scan does with a contract: `invoices` are groups of periods, each one invoice; `left` the others with their why.

    `waiting` are due and billed by a later scan.
    """

    invoices: list[list[Candidate]] = field(default_factory=list)
    left: list[tuple[Candidate, Objection]] = field(default_factory=list)
    waiting: list[Candidate] = field(default_factory=list)


def judge(contract: Contract, party: Party | None, noted: Sequence[ContractPeriod], rules: Rules) -> Judgement:
    """Sort a contract's periods that are not settled."""
    going: list[Candidate] = []
    judgement = Judgement()
    newest = latest_due(contract, rules.today)
    for each in candidates(contract, noted, rules.today):
        against = _against(contract, party, each, rules, newest)
        if against is None:
            going.append(each)
        else:
            judgement.left.append((each, against))
    for group in _grouped(contract, going):
        if _is_new(group) and sum(map(_is_new, judgement.invoices)) >= rules.invoices_max:
            judgement.waiting.extend(group)
        else:
            judgement.invoices.append(group)
    return judgement


def dated(contract: Contract, candidate: Candidate, rules: Rules) -> date:
    """The date of a period's invoice."""
    return invoice_date(candidate.due, contract.date_roll, rules.holidays, not_before=rules.go_live_date)


def _against(
    contract: Contract, party: Party | None, candidate: Candidate, rules: Rules, newest: date | None
) -> Objection | None:
    if not candidate.is_due:
        return _NOT_DUE
    return (
        objection(
            contract,
            candidate.period,
            dated(contract, candidate, rules),
            go_live_date=rules.go_live_date,
            hold_over_unapproved_time=rules.hold_over_unapproved_time,
        )
        or (None if candidate.is_requested else _unasked(contract, candidate, newest))
        or _unusable(contract, party)
        or _worthless(lines_of(contract, candidate.period))
    )


def _unasked(contract: Contract, candidate: Candidate, newest: date | None) -> Objection | None:
    if candidate.is_remainder:
        return _REMAINDER
    noted = candidate.noted
    was_never_up = noted is None or noted.reason_code in _NEVER_UP
    if contract.catch_up == "none" and was_never_up and newest is not None and candidate.period.start < newest:
        return Objection("skipped", LET_GO, "It was missed, and the contract lets missed periods go.")
    return by_hand(contract)


def _unusable(contract: Contract, party: Party | None) -> Objection | None:
    if party is None:
        return Objection("blocked", "no_company", f"Its company {contract.company_id} is not there.")
    return party.unusable


def _worthless(lines: Iterable[DocumentLine]) -> Objection | None:
    total = sum((line.amount for line in lines), Decimal(0))
    if total < 0:
        return Objection(
            "blocked",
            "negative_total",
            f"It comes to {total}, and QuickBooks takes none below zero: correct its lines.",
        )
    return (
        None if total else Objection("skipped", "nothing_to_bill", "None of the contract's lines costs anything in it.")
    )


def _grouped(contract: Contract, going: Sequence[Candidate]) -> list[list[Candidate]]:
    """Periods that share an invoice stay together; new ones do where the contract merges what was missed."""
    groups: dict[str, list[Candidate]] = {}
    for each in going:
        key = each.noted.invoice_key if each.noted is not None else None
        own = f"period {each.period.start}"
        merged = "new" if contract.catch_up == "merged" and not each.is_requested else own
        groups.setdefault(key or merged, []).append(each)
    return sorted(groups.values(), key=lambda group: group[0].period.start)


def _is_new(group: Sequence[Candidate]) -> bool:
    return all(each.noted is None or each.noted.invoice_key is None for each in group)
