"""Sales tax of a document: a total the client gives stands; else it follows from codes and rates.

In the US the document names the code and its lines are TAX or NON; a company with automated sales tax takes its own code
whatever the document names. Tax is then worked out on the taxable sum of each rate. Elsewhere every line names a code of its
own and its tax is rounded line by line. With `ApplyTaxAfterDiscount` the discount lowers the taxable sum in proportion, else
tax is on the undiscounted sum. On a `TaxInclusive` document Amount is net and TaxInclusiveAmt beside it is what was entered.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qbo_pipeline.emulator.books.amounts import amount, cents
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.line_items import DISCOUNT, GROUP, SUBTOTAL, detail_of, flattened


@dataclass
class _RateSum:
    """What one rate is applied to on a document, and the tax found so far."""

    percent: Decimal
    net: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)


def work_out_tax(desk: Desk, record: Record, *, is_given: bool, is_sale: bool, share: Decimal = Decimal(1)) -> Decimal:
    """A document's tax, written into its TxnTaxDetail.

    `is_given`: the request itself states TotalTax. `share`: the part of the taxable sum that is left after a discount.
    """
    detail = record.get("TxnTaxDetail") or {}
    if is_given or record.get("GlobalTaxCalculation") == "NotApplicable":
        return amount(detail.get("TotalTax"))
    side = "SalesTaxRateList" if is_sale else "PurchaseTaxRateList"
    sums: dict[str, _RateSum] = {}
    is_inclusive = record.get("GlobalTaxCalculation") == "TaxInclusive"
    for line, code_id in _taxed(desk, record, detail):
        _add_line(sums, _rates(desk, code_id, side), line, is_inclusive=is_inclusive)
    if desk.is_us or share != 1:
        for rate in sums.values():
            rate.net *= share
            rate.tax = cents(rate.net * rate.percent / 100)
    lines = [_shown(rate_id, rate) for rate_id, rate in sums.items()]
    total = sum((line["Amount"] for line in lines), Decimal(0))
    shown = {name: value for name, value in detail.items() if name != "TaxLine"}
    record["TxnTaxDetail"] = {**shown, "TotalTax": total} | ({"TaxLine": lines} if lines else {})
    return total


def take_out_tax(desk: Desk, record: Record, lines: Iterable[Record], *, is_sale: bool) -> None:
    """On a tax-inclusive document, write the net of lines that bring only what was entered, tax included."""
    if record.get("GlobalTaxCalculation") != "TaxInclusive":
        return
    side = "SalesTaxRateList" if is_sale else "PurchaseTaxRateList"
    for line in flattened(lines):
        detail = detail_of(line)
        gross, code = detail.get("TaxInclusiveAmt"), detail.get("TaxCodeRef", {}).get("value", "")
        if gross is not None and line.get("Amount") is None:
            percents = sum((percent for _, percent in _rates(desk, code, side)), Decimal(0))
            line["Amount"] = cents(amount(gross) * 100 / (100 + percents))


def _taxed(desk: Desk, record: Record, detail: Record) -> Iterator[tuple[Record, str]]:
    """Each taxed line with its code."""
    header_code = (detail.get("TxnTaxCodeRef") or {}).get("value", "")
    if desk.preference("TaxPrefs", "PartnerTaxEnabled") is True:
        header_code = (desk.preference("TaxPrefs", "TaxGroupCodeRef") or {}).get("value", "")
    for line in flattened(record.get("Line", ())):
        if line.get("DetailType") in (SUBTOTAL, DISCOUNT, GROUP):
            continue
        code = detail_of(line).get("TaxCodeRef", {}).get("value", "")
        if desk.is_us and code == "TAX":
            yield line, header_code
        elif not desk.is_us and code:
            yield line, code


def _add_line(
    sums: dict[str, _RateSum], rates: Sequence[tuple[str, Decimal]], line: Record, *, is_inclusive: bool
) -> None:
    net = amount(line.get("Amount"))
    of_line = Decimal(0)
    for rate_id, percent in rates:
        rate = sums.setdefault(rate_id, _RateSum(percent))
        tax = cents(net * percent / 100)
        rate.net += net
        rate.tax += tax
        of_line += tax
    if is_inclusive:
        entered = amount(detail_of(line).setdefault("TaxInclusiveAmt", net + of_line))
        if rates:
            sums[rates[0][0]].tax += entered - net - of_line  # a cent the division lost belongs to the tax


def _rates(desk: Desk, code_id: str, side: str) -> list[tuple[str, Decimal]]:
    code = desk.records.find("TaxCode", code_id) or {}
    rate_ids = [rate["TaxRateRef"]["value"] for rate in code.get(side, {}).get("TaxRateDetail", ())]
    return [(rate_id, amount((desk.records.find("TaxRate", rate_id) or {}).get("RateValue"))) for rate_id in rate_ids]


def _shown(rate_id: str, rate: _RateSum) -> Record:
    return {
        "Amount": cents(rate.tax),
        "DetailType": "TaxLineDetail",
        "TaxLineDetail": {
            "TaxRateRef": {"value": rate_id},
            "PercentBased": True,
            "TaxPercent": rate.percent,
            "NetAmountTaxable": cents(rate.net),
        },
    }
