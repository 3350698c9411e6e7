"""What a document will do to the company's books: to what customers owe, to what is owed to vendors, and to revenue."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qbo_pipeline.outbound.amounts import Totals, product
from qbo_pipeline.outbound.payloads.adding_up import expected_totals
from qbo_pipeline.outbound.payloads.payload import PURCHASES, SALES
from qbo_pipeline.state.company_profiles import CompanyProfile

# What one of a document's total does to receivables and payables, and one of its net to revenue.
_RECEIVABLE = {"Invoice": 1, "CreditMemo": -1, "Payment": -1}
_PAYABLE = {"Bill": 1, "VendorCredit": -1, "BillPayment": -1}
_REVENUE = {"Invoice": 1, "SalesReceipt": 1, "CreditMemo": -1, "RefundReceipt": -1}
_CONTROL = {"Accounts Receivable": 1, "Accounts Payable": -1}


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Changes in home currency; None where they depend on a tax or rate that QuickBooks finds itself.

    `revenue` counts every sold line as income, whatever account its item posts to.
    """

    receivable: Decimal | None = Decimal("0.00")
    payable: Decimal | None = Decimal("0.00")
    revenue: Decimal | None = Decimal("0.00")


def totals_of(target: str, content: Mapping[str, Any], profile: CompanyProfile) -> Totals | None:
    """What QuickBooks will make of a content; None for what has no total, or one that is not known."""
    if target in SALES:
        return expected_totals(content, profile, "sale")
    if target in PURCHASES:
        return expected_totals(content, profile, "purchase")
    if target in ("Payment", "BillPayment"):
        total = content["TotalAmt"]
        in_home = _in_home(total, content, profile)
        return Totals(net=total, discount=Decimal("0.00"), tax=Decimal("0.00"), total=total, home_total=in_home)
    return None


def effect_of(target: str, content: Mapping[str, Any], totals: Totals | None, profile: CompanyProfile) -> Effect:
    """What a new document does to the books."""
    if target == "JournalEntry":
        return _of_journal(content, profile)
    if totals is None:
        known = target not in (_RECEIVABLE | _PAYABLE | _REVENUE)
        return Effect() if known else Effect(receivable=None, payable=None, revenue=None)
    sold = _in_home(totals.net - totals.discount, content, profile)
    return Effect(
        receivable=_times(_RECEIVABLE.get(target, 0), totals.home_total),
        payable=_times(_PAYABLE.get(target, 0), totals.home_total),
        revenue=_times(_REVENUE.get(target, 0), sold),
    )


def effect_of_total(target: str, change: Decimal | None) -> Effect:
    """What a change of a standing document's total, in home currency, does to what is owed; its part of revenue is unknown."""
    return Effect(
        receivable=_times(_RECEIVABLE.get(target, 0), change),
        payable=_times(_PAYABLE.get(target, 0), change),
        revenue=None if target in _REVENUE else Decimal("0.00"),
    )


def _of_journal(content: Mapping[str, Any], profile: CompanyProfile) -> Effect:
    owed = {"Accounts Receivable": Decimal("0.00"), "Accounts Payable": Decimal("0.00")}
    revenue = Decimal("0.00")
    for line in content["Line"]:
        detail = line["JournalEntryLineDetail"]
        kind = profile.account_types.get(detail["AccountRef"]["value"])
        debit = line["Amount"] if detail["PostingType"] == "Debit" else -line["Amount"]
        if kind in _CONTROL:
            owed[kind] += debit * _CONTROL[kind]
        elif kind == "Income":
            revenue -= debit
    return Effect(
        receivable=_in_home(owed["Accounts Receivable"], content, profile),
        payable=_in_home(owed["Accounts Payable"], content, profile),
        revenue=_in_home(revenue, content, profile),
    )


def _in_home(amount: Decimal, content: Mapping[str, Any], profile: CompanyProfile) -> Decimal | None:
    rate = content.get("ExchangeRate")
    if rate is not None:
        return product(amount, rate)
    is_home = content.get("CurrencyRef", {}).get("value", profile.home_currency) == profile.home_currency
    return amount if is_home else None


def _times(sign: int, amount: Decimal | None) -> Decimal | None:
    if sign == 0:
        return Decimal("0.00")
    return None if amount is None else sign * amount
