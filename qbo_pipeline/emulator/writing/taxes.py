"""Sales tax of a document: a total the client gives stands; else it follows from codes and rates.

In the US the document names the code and its lines are TAX or NON; elsewhere every line names a code of its own. With
`ApplyTaxAfterDiscount` the discount lowers the taxable sum in proportion, else tax is on the undiscounted sum.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from qbo_pipeline.emulator.books.amounts import amount, cents
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.line_items import DISCOUNT, SUBTOTAL, detail_of


def work_out_tax(desk: Desk, record: Record, *, is_given: bool, is_sale: bool, share: Decimal = Decimal(1)) -> Decimal:
    """A document's tax, written into its TxnTaxDetail.

    `is_given`: the request itself states TotalTax. `share`: the part of the taxable sum that is left after a discount.
    """
    detail = record.get("TxnTaxDetail", {})
    if is_given or record.get("GlobalTaxCalculation") == "NotApplicable":
        return amount(detail.get("TotalTax"))
    rates = "SalesTaxRateList" if is_sale else "PurchaseTaxRateList"
    taxable: Counter[str] = Counter()
    for code_id, net in _taxed(desk, record, detail):
        code = desk.records.find("TaxCode", code_id) or {}
        for rate in code.get(rates, {}).get("TaxRateDetail", ()):
            taxable[rate["TaxRateRef"]["value"]] += net * share
    lines = [_tax_line(desk, rate_id, net) for rate_id, net in taxable.items()]
    total = sum((line["Amount"] for line in lines), Decimal(0))
    record["TxnTaxDetail"] = {**detail, "TotalTax": total} | ({"TaxLine": lines} if lines else {})
    return total


def _taxed(desk: Desk, record: Record, detail: Record) -> Iterator[tuple[str, Decimal]]:
    """Code and net amount of each taxed line."""
    header_code = detail.get("TxnTaxCodeRef", {}).get("value", "")
    for line in _flattened(record.get("Line", ())):
        code = detail_of(line).get("TaxCodeRef", {}).get("value", "")
        if desk.is_us and code == "TAX":
            yield header_code, amount(line.get("Amount"))
        elif not desk.is_us and code:
            yield code, amount(line.get("Amount"))


def _flattened(lines: Iterable[Record]) -> Iterator[Record]:
    for line in lines:
        if line.get("DetailType") not in (SUBTOTAL, DISCOUNT):
            yield line
            yield from _flattened(detail_of(line).get("Line", ()))


def _tax_line(desk: Desk, rate_id: str, net: Decimal) -> Record:
    percent = amount((desk.records.find("TaxRate", rate_id) or {}).get("RateValue"))
    return {
        "Amount": cents(net * percent / 100),
        "DetailType": "TaxLineDetail",
        "TaxLineDetail": {
            "TaxRateRef": {"value": rate_id},
            "PercentBased": True,
            "TaxPercent": percent,
            "NetAmountTaxable": cents(net),
        },
    }
