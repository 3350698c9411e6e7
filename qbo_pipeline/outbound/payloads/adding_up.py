"""What a form adds up to before it goes: nothing QuickBooks refuses for its sums, nothing the source adds up otherwise."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from qbo_pipeline.outbound.amounts import CENT, Taxation, Totals, totals
from qbo_pipeline.outbound.document import Document
from qbo_pipeline.outbound.payloads.lookup import Lookup, given
from qbo_pipeline.outbound.payloads.pricing import AMOUNT_MAX
from qbo_pipeline.outbound.payloads.taxes import UNTAXED, LineTaxes, Side, taxation
from qbo_pipeline.state.company_profiles import CompanyProfile

_LINES_MAX = 10_000
_TAXED_LINES_MAX = 750
_MONEY = ("SalesItemLineDetail", "ItemBasedExpenseLineDetail", "AccountBasedExpenseLineDetail")


def settled(content: dict[str, Any], document: Document, look: Lookup, taxes: LineTaxes) -> dict[str, Any]:
    """A sales form that adds up as the source says, with a line for the last cents where the company wants one."""
    expected = _judged(content, document, look, "sale")
    difference = _difference(expected, document)
    if not difference:
        return content
    if abs(difference) > _tolerance(content):
        _refuse_difference(look, document, expected)
    item = look.choices.rounding_item if look.choices.penny_policy == "plug" else None
    return content if item is None else _plugged(content, document, look, _plug(item, difference, taxes))


def agreed(content: dict[str, Any], document: Document, look: Lookup) -> dict[str, Any]:
    """A purchase form that adds up as the source says; the last cents are QuickBooks'."""
    expected = _judged(content, document, look, "purchase")
    if abs(_difference(expected, document)) > _tolerance(content):
        _refuse_difference(look, document, expected)
    return content


def expected_totals(content: Mapping[str, Any], profile: CompanyProfile, side: Side) -> Totals | None:
    """What QuickBooks will make of a form; None where a tax code's rates are not known."""
    taxed = taxation(profile, content, side)
    if taxed is None:
        return None
    code = content.get("CurrencyRef", {}).get("value", profile.home_currency)
    return totals(content, taxed, is_home_currency=code == profile.home_currency)


def _judged(content: dict[str, Any], document: Document, look: Lookup, side: Side) -> Totals | None:
    lines = content["Line"]
    if not any(line["DetailType"] in _MONEY for line in lines):
        look.hold("no_lines", "It has no line with an amount, and QuickBooks takes no document without one.")
    if len(lines) > (_TAXED_LINES_MAX if _is_taxed(content) else _LINES_MAX):
        look.hold("too_many_lines", f"It has {len(lines)} lines, more than QuickBooks takes. Split the document.")
    amounts = [abs(line["Amount"]) for line in lines if "Amount" in line]
    if max((*amounts, sum(amounts)), default=Decimal(0)) > AMOUNT_MAX:
        look.hold(
            "amount_too_large", "An amount of it, or its total, is larger than QuickBooks keeps. Split the document."
        )
    expected = expected_totals(content, look.profile, side)
    known = None if expected is None else expected.total
    if (_least(content) if known is None else known) < 0:
        look.hold(
            "negative_total",
            f"It adds up to less than nothing, and QuickBooks takes no {document.target} that does. Make it a credit in the "
            "source.",
        )
    return expected


def _least(content: dict[str, Any]) -> Decimal:
    """The least a form of unknown tax can come to: its sum, less all that negative taxed lines might take with them."""
    untaxed = totals(content | {"TxnTaxDetail": {"TotalTax": Decimal(0)}}, Taxation())
    taxed = sum((line["Amount"] for line in content["Line"] if _code(line) not in (None, UNTAXED)), Decimal(0))
    return untaxed.net - untaxed.discount + min(taxed, Decimal(0))


def _difference(expected: Totals | None, document: Document) -> Decimal:
    """How much more the source says; one that leaves tax to QuickBooks may have added up without it."""
    if expected is None or expected.total is None or document.total is None:
        return Decimal(0)
    without_tax = expected.net - expected.discount
    found = without_tax if document.tax_total is None and document.total == without_tax else expected.total
    return document.total - found


def _tolerance(content: dict[str, Any]) -> Decimal:
    return CENT * len(content["Line"])


def _refuse_difference(look: Lookup, document: Document, expected: Totals | None) -> None:
    total = expected and expected.total
    look.hold(
        "total_differs",
        f"The source's total is {document.total}, and QuickBooks would make it {total}. See the tax codes of its lines and their "
        "mapping, and its discount.",
    )


def _plugged(content: dict[str, Any], document: Document, look: Lookup, plug: dict[str, Any]) -> dict[str, Any]:
    lines = [line for line in content["Line"] if line["DetailType"] != "DiscountLineDetail"]
    discounts = [line for line in content["Line"] if line["DetailType"] == "DiscountLineDetail"]
    with_plug = content | {"Line": [*lines, plug, *discounts]}
    # Under a percentage or a discount before tax the line moves more than itself.
    return with_plug if not _difference(expected_totals(with_plug, look.profile, "sale"), document) else content


def _plug(item: str, amount: Decimal, taxes: LineTaxes) -> dict[str, Any]:
    detail = given({"ItemRef": {"value": item}, "Qty": Decimal(1), "UnitPrice": amount, "TaxCodeRef": taxes.untaxed()})
    return {
        "DetailType": "SalesItemLineDetail",
        "Amount": amount,
        "Description": "Rounding",
        "SalesItemLineDetail": detail,
    }


def _is_taxed(content: dict[str, Any]) -> bool:
    return any(_code(line) not in (None, UNTAXED) for line in content["Line"])


def _code(line: dict[str, Any]) -> str | None:
    code: str | None = line.get(line["DetailType"], {}).get("TaxCodeRef", {}).get("value")
    return code
