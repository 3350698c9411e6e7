"""CompanyInfo and Preferences in QuickBooks' shape, filled from the few facts in which our companies differ."""

from dataclasses import dataclass
from typing import Any

from qbo_pipeline.emulator.source import Record


@dataclass(frozen=True, kw_only=True)
class CompanyFacts:
    """What CompanyInfo and Preferences say about one company; instants and dates are QuickBooks' texts."""

    name: str
    country: str
    currency: str
    address: dict[str, str]
    email: str
    industry: str
    started_on: str
    created_at: str
    updated_at: str
    fiscal_year_start: str = "January"
    time_zone: str = "America/Los_Angeles"
    is_multi_currency: bool = False
    tracks_classes: bool = False
    tracks_departments: bool = False
    projects_enabled: bool = False
    default_term: str = "3"
    discount_account: str = "86"
    default_item: str = "1"
    default_time_item: str = "2"
    default_tax_code: str = "2"
    date_format: str = "MMDDYYYY_SEP_SLASH"
    custom_fields: tuple[str, ...] = ()


def company_info(facts: CompanyFacts) -> Record:
    """The one CompanyInfo record; its own id is always "1"."""
    address = {"Id": "1", **facts.address}
    return {
        "CompanyName": facts.name,
        "LegalName": facts.name,
        "CompanyAddr": dict(address),
        "CustomerCommunicationAddr": dict(address),
        "LegalAddr": dict(address),
        "CustomerCommunicationEmailAddr": {"Address": facts.email},
        "PrimaryPhone": {},
        "CompanyStartDate": facts.started_on,
        "FiscalYearStartMonth": facts.fiscal_year_start,
        "Country": facts.country,
        "Email": {"Address": facts.email},
        "WebAddr": {},
        "SupportedLanguages": "en",
        "DefaultTimeZone": facts.time_zone,
        "NameValue": _pairs(
            NonTracking=False,
            IsQbdtMigrated=False,
            CompanyType="Other",
            SubscriptionStatus="SUBSCRIBED",
            OfferingSku="QuickBooks Online Plus",
            PayrollFeature=False,
            AccountantFeature=False,
            QBOIndustryType=facts.industry,
            ItemCategoriesFeature=True,
            AssignedTime=facts.created_at,
        ),
        "domain": "QBO",
        "sparse": False,
        "Id": "1",
        "SyncToken": "4",
        "MetaData": {"CreateTime": facts.created_at, "LastUpdatedTime": facts.updated_at},
    }


def preferences(facts: CompanyFacts) -> Record:
    """The one Preferences record."""
    return {
        "AccountingInfoPrefs": _accounting(facts),
        "ProductAndServicesPrefs": {
            "ForSales": True,
            "ForPurchase": True,
            "QuantityWithPriceAndRate": True,
            "QuantityOnHand": True,
            "RevenueRecognition": False,
            "RevenueRecognitionFrequency": "MONTHLY",
        },
        "SalesFormsPrefs": _sales_forms(facts),
        "EmailMessagesPrefs": {
            f"{form.replace(' ', '')}Message": {"Subject": f"{form} from {facts.name}"}
            for form in ("Invoice", "Estimate", "Sales Receipt", "Statement")
        },
        "VendorAndPurchasesPrefs": {"TrackingByCustomer": True, "BillableExpenseTracking": True, "POCustomField": []},
        "TimeTrackingPrefs": {
            "UseServices": True,
            "DefaultTimeItem": {"value": facts.default_time_item},
            "BillCustomers": True,
            "ShowBillRateToAll": False,
            "WorkWeekStartDate": "Monday",
            "MarkTimeEntriesBillable": True,
        },
        "TaxPrefs": {"UsingSalesTax": True, "TaxGroupCodeRef": {"value": facts.default_tax_code}},
        "CurrencyPrefs": {"MultiCurrencyEnabled": facts.is_multi_currency, "HomeCurrency": {"value": facts.currency}},
        "ReportPrefs": {"ReportBasis": "Accrual", "CalcAgingReportFromTxnDate": False},
        "OtherPrefs": {"NameValue": _other(facts)},
        "domain": "QBO",
        "sparse": False,
        "Id": "1",
        "SyncToken": "3",
        "MetaData": {"CreateTime": facts.created_at, "LastUpdatedTime": facts.updated_at},
    }


def _accounting(facts: CompanyFacts) -> Record:
    return {
        "UseAccountNumbers": False,
        "TrackDepartments": facts.tracks_departments,
        "ClassTrackingPerTxn": False,
        "ClassTrackingPerTxnLine": facts.tracks_classes,
        "FirstMonthOfFiscalYear": facts.fiscal_year_start,
        "TaxYearMonth": facts.fiscal_year_start,
        "CustomerTerminology": "Customers",
        **({"DepartmentTerminology": "Location"} if facts.tracks_departments else {}),
    }


def _other(facts: CompanyFacts) -> list[dict[str, str]]:
    return _pairs(
        **{
            "SalesFormsPrefs.DefaultItem": facts.default_item,
            "TimeTrackingFeatureEnabled": True,
            "ProjectsEnabled": facts.projects_enabled,
            "VendorAndPurchasesPrefs.UseCustomTxnNumbers": False,
            "DateFormatMnemonic": facts.date_format,
            "WarnDuplicateCheckNumber": True,
            "WarnDuplicateBillNumber": False,
            "WarnDuplicateJournalNumber": False,
            "SignoutInactiveMinutes": "60",
            "VendorAndPurchasesPrefs.PurchaseOrderEnabled": True,
            "SalesFormsPrefs.AllowGratuity": False,
        }
    )


def _sales_forms(facts: CompanyFacts) -> dict[str, Any]:
    return {
        "UsingProgressInvoicing": False,
        "CustomField": _custom_fields(facts.custom_fields),
        "CustomTxnNumbers": False,
        "EmailCopyToCompany": False,
        "AllowDeposit": False,
        "AllowDiscount": True,
        "DefaultDiscountAccount": facts.discount_account,
        "AllowEstimates": True,
        "ETransactionEnabledStatus": "NotApplicable",
        "ETransactionAttachPDF": False,
        "ETransactionPaymentEnabled": False,
        "IPNSupportEnabled": False,
        "AllowServiceDate": True,
        "AllowShipping": True,
        "DefaultTerms": {"value": facts.default_term},
        "AutoApplyCredit": False,
        "AutoApplyPayments": False,
        "UsingPriceLevels": False,
        "DefaultCustomerMessage": "Thank you for your business and have a great day!",
    }


def _custom_fields(names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Which of the three custom fields are on, then what they are called: two groups, as recorded companies show them."""
    switches = [
        {
            "Name": f"SalesFormsPrefs.UseSalesCustom{place}",
            "Type": "BooleanType",
            "BooleanValue": place <= len(names),
        }
        for place in (1, 2, 3)
    ]
    labels = [
        {"Name": f"SalesFormsPrefs.SalesCustomName{place}", "Type": "StringType", "StringValue": name}
        for place, name in enumerate(names, start=1)
    ]
    return [{"CustomField": group} for group in (switches, labels) if group]


def _pairs(**values: str | bool) -> list[dict[str, str]]:
    return [
        {"Name": name, "Value": str(value).lower() if isinstance(value, bool) else value}
        for name, value in values.items()
    ]
