"""What a period of a contract bills: a line for each of the contract's, or several where its price or quantity changes within.

By days (`actual_days`) each part costs its share of the full period's price, and the parts of one line add up to the cent. With
`full` a part costs as much as a whole period, with `none` nothing; the price in force first then holds for all of the period.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import groupby

from qbo_pipeline.outbound.amounts import allocated, cents, product
from qbo_pipeline.outbound.document import Billed, DocumentLine
from qbo_pipeline.outbound.payloads.pricing import DESCRIPTION_MAX, plain, shortened
from qbo_pipeline.outbound.recurring.contract import Contract, ContractLine
from qbo_pipeline.outbound.recurring.periods import Period

CONTRACT_PERIOD = "contract_period"
_DAY = timedelta(days=1)
_DIGITS = 60


@dataclass(frozen=True)
class _Part:
    """The days `[start, end)` of a period in which a line of the contract is in force."""

    line: ContractLine
    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days


def lines_of(contract: Contract, period: Period) -> list[DocumentLine]:
    """What a period bills, in the contract's order; nothing where no line is in force in it."""
    return [
        line
        for _, versions in groupby(sorted(contract.lines, key=_order), key=lambda line: line.position)
        for chain in _chains(versions)
        for line in _billed(contract, period, list(_parts(chain, period)))
    ]


def source_id_of(contract_id: str, start: date) -> str:
    """What a period is known by as a source."""
    return f"{contract_id}/{start.isoformat()}"


def _billed(contract: Contract, period: Period, parts: Sequence[_Part]) -> Iterator[DocumentLine]:
    if not parts:
        return
    if contract.proration == "actual_days":
        for part, amount in zip(parts, _shares(parts, period), strict=True):
            yield _line(contract, period, part, amount)
        return
    is_whole = _is_tiled(parts, period)
    if is_whole or contract.proration == "full":
        first = parts[0]
        held = _Part(first.line, first.start, parts[-1].end)
        yield _line(contract, period, held, product(first.line.quantity, first.line.unit_price), prorated=False)


def _shares(parts: Sequence[_Part], period: Period) -> list[Decimal]:
    with localcontext(prec=_DIGITS):
        exact = [part.line.quantity * part.line.unit_price * part.days / period.full_days for part in parts]
        whole = cents(sum(exact, Decimal(0)))
        # Parts that cancel each other out have no sum to be shared.
        return allocated(whole, exact) if sum(exact) else [cents(amount) for amount in exact]


def _line(contract: Contract, period: Period, part: _Part, amount: Decimal, *, prorated: bool = True) -> DocumentLine:
    line = part.line
    is_part = prorated and part.days != period.full_days
    source_id = source_id_of(contract.id, period.start)
    return DocumentLine(
        line_id=f"{line.id}/{part.start.isoformat()}",
        product_id=line.product_id,
        description=_described(contract, period, part, is_part=is_part),
        quantity=plain(line.quantity),
        # A part's price is what its amount makes it.
        unit_price=None if is_part else plain(line.unit_price),
        amount=amount,
        tax_code=line.tax_code,
        is_taxable=line.is_taxable,
        class_code=line.class_code,
        service_date=part.start,
        bills=(Billed(source_kind=CONTRACT_PERIOD, source_id=source_id),),
    )


def _described(contract: Contract, period: Period, part: _Part, *, is_part: bool) -> str:
    dates = f"{part.start.isoformat()} to {(part.end - _DAY).isoformat()}"
    told = f" ({dates}, {part.days} of {period.full_days} days)" if is_part else f" ({dates})"
    return shortened(part.line.description or contract.name, DESCRIPTION_MAX - len(told)) + told


def _parts(chain: Iterable[ContractLine], period: Period) -> Iterator[_Part]:
    for line in chain:
        start = max(line.effective_from, period.start)
        end = min(line.effective_to or date.max, period.end)
        if start < end:
            yield _Part(line, start, end)


def _chains(versions: Iterable[ContractLine]) -> list[list[ContractLine]]:
    """Lines of one position, each with those that follow it in time; two in force at once are two lines."""
    chains: list[list[ContractLine]] = []
    for line in versions:
        ended = (each for each in chains if (each[-1].effective_to or date.max) <= line.effective_from)
        chain = next(ended, None)
        if chain is None:
            chains.append([line])
        else:
            chain.append(line)
    return chains


def _is_tiled(parts: Sequence[_Part], period: Period) -> bool:
    return sum(part.days for part in parts) == period.full_days


def _order(line: ContractLine) -> tuple[int, date, str]:
    return line.position, line.effective_from, line.id
