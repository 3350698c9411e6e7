"""What a company's preferences and card say about the documents it takes."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from qbo_pipeline.outbound.mapping.lists import NameLists
from qbo_pipeline.state.company_profiles import CompanyProfile, TaxKind

Record = Mapping[str, Any]

_TEXT_FIELDS = (1, 2, 3)


def profile_of_records(lists: NameLists, preferences: Record, company: Record) -> CompanyProfile:
    """The profile of a company; amounts of money play no part in it."""
    sales, tax = preferences.get("SalesFormsPrefs", {}), preferences.get("TaxPrefs", {})
    accounting, money = preferences.get("AccountingInfoPrefs", {}), preferences.get("CurrencyPrefs", {})
    home_currency = _value(money, "HomeCurrency") or "USD"
    others = {pair.get("Name"): pair.get("Value") for pair in preferences.get("OtherPrefs", {}).get("NameValue", ())}
    purchases = preferences.get("VendorAndPurchasesPrefs", {})
    closed = accounting.get("BookCloseDate")
    return CompanyProfile(
        realm_id=lists.realm_id,
        country=company.get("Country") or "US",
        home_currency=home_currency,
        is_multicurrency=bool(money.get("MultiCurrencyEnabled")),
        tax_kind=_tax_kind(company, tax),
        uses_sales_tax=bool(tax.get("UsingSalesTax")),
        has_custom_numbers=bool(sales.get("CustomTxnNumbers")),
        has_custom_po_numbers=others.get("VendorAndPurchasesPrefs.UseCustomTxnNumbers") == "true",
        tracks_classes=_class_tracking(accounting),
        tracks_departments=bool(accounting.get("TrackDepartments")),
        allows_discount=bool(sales.get("AllowDiscount")),
        allows_shipping=bool(sales.get("AllowShipping")),
        allows_estimates=sales.get("AllowEstimates") is not False,
        allows_service_date=bool(sales.get("AllowServiceDate")),
        uses_progress_invoicing=bool(sales.get("UsingProgressInvoicing")),
        bills_time_to_customers=bool(preferences.get("TimeTrackingPrefs", {}).get("BillCustomers")),
        custom_field_names=_custom_fields(sales.get("CustomField"), "SalesFormsPrefs", "Sales"),
        po_custom_field_names=_custom_fields(purchases.get("POCustomField"), "PurchasePrefs", "Purchase"),
        book_close_date=date.fromisoformat(closed) if closed else None,
        default_tax_code=_value(tax, "TaxGroupCodeRef"),
        exempt_tax_code=_value(tax, "NonTaxableSalesTaxCodeRef"),
        default_term=_value(sales, "DefaultTerms"),
        default_item=others.get("SalesFormsPrefs.DefaultItem"),
        discount_account=sales.get("DefaultDiscountAccount") or None,
        shipping_account=sales.get("DefaultShippingAccount") or None,
        ar_accounts=_accounts(lists, "Accounts Receivable", home_currency),
        ap_accounts=_accounts(lists, "Accounts Payable", home_currency),
        undeposited_account=_undeposited(lists),
        account_types={each.id: each.type for each in lists.each("Account") if each.type},
    )


def _value(settings: Record, name: str) -> str | None:
    return (settings.get(name) or {}).get("value")


def _tax_kind(company: Record, tax: Record) -> TaxKind:
    if (company.get("Country") or "US") not in ("US", "USA"):
        return "other"
    return "us_automated" if tax.get("PartnerTaxEnabled") else "us_manual"


def _class_tracking(accounting: Record) -> Literal["line", "document", "no"]:
    if accounting.get("ClassTrackingPerTxnLine"):
        return "line"
    return "document" if accounting.get("ClassTrackingPerTxn") else "no"


def _custom_fields(groups: list[Record] | None, prefix: str, form: str) -> dict[str, str]:
    """The text fields in use, their names by DefinitionId."""
    settings = {
        setting.get("Name"): setting.get("BooleanValue", setting.get("StringValue"))
        for group in groups or ()
        for setting in group.get("CustomField", ())
    }
    return {
        str(number): str(settings.get(f"{prefix}.{form}CustomName{number}") or f"Custom {number}")
        for number in _TEXT_FIELDS
        if settings.get(f"{prefix}.Use{form}Custom{number}") in (True, "true")
    }


def _undeposited(lists: NameLists) -> str | None:
    """The account QuickBooks itself keeps for money on its way to the bank."""
    found = [each for each in lists.each("Account") if each.sub_type == "UndepositedFunds" and each.is_active]
    return min(found, key=lambda each: (len(each.id), each.id)).id if found else None


def _accounts(lists: NameLists, account_type: str, home_currency: str) -> dict[str, str]:
    """The first active account of a type in each currency, the oldest before newer ones."""
    found: dict[str, str] = {}
    for account in sorted(lists.each("Account"), key=lambda each: (len(each.id), each.id)):
        if account.type == account_type and account.is_active:
            found.setdefault(account.currency or home_currency, account.id)
    return found
