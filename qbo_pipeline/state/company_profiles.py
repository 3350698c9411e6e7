"""What a request must know of the company it goes to, kept where deliveries can read it without the warehouse."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa

from qbo_pipeline.state.database import Database
from qbo_pipeline.state.mapping_schema import company_profile

TaxKind = Literal["us_automated", "us_manual", "other"]
"""How sales tax is set: `us_automated` and `us_manual` name TAX or NON on lines, `other` a tax code of the company."""


@dataclass(frozen=True, kw_only=True)
class CompanyProfile:
    """A company as its preferences and lists have it; ids are QuickBooks', dates the company's own.

    `has_custom_numbers` says that numbers sent are expected, not merely kept. `custom_field_names` and
    `po_custom_field_names` are the text fields of its sales and purchase forms by their DefinitionId. `tracks_classes` says
    where a class is named. Nothing dated on or before `book_close_date` may be changed. `ar_accounts` and `ap_accounts` are
    the receivable and payable accounts by currency, `undeposited_account` is where money waits to be deposited,
    `account_types` the AccountType of each account. `sales_tax_percents` and `purchase_tax_percents` are the rates of each tax
    code in per cent, as text; a code that is not there has unknown ones.
    """

    realm_id: str
    country: str = "US"
    home_currency: str = "USD"
    is_multicurrency: bool = False
    tax_kind: TaxKind = "us_automated"
    uses_sales_tax: bool = True
    has_custom_numbers: bool = False
    has_custom_po_numbers: bool = False
    tracks_classes: Literal["line", "document", "no"] = "no"
    tracks_departments: bool = False
    allows_discount: bool = False
    allows_shipping: bool = False
    allows_estimates: bool = True
    allows_service_date: bool = False
    uses_progress_invoicing: bool = False
    bills_time_to_customers: bool = False
    custom_field_names: dict[str, str] = field(default_factory=dict)
    po_custom_field_names: dict[str, str] = field(default_factory=dict)
    book_close_date: date | None = None
    default_tax_code: str | None = None
    exempt_tax_code: str | None = None
    default_term: str | None = None
    default_item: str | None = None
    discount_account: str | None = None
    shipping_account: str | None = None
    ar_accounts: dict[str, str] = field(default_factory=dict)
    ap_accounts: dict[str, str] = field(default_factory=dict)
    undeposited_account: str | None = None
    account_types: dict[str, str] = field(default_factory=dict)
    sales_tax_percents: dict[str, list[str]] = field(default_factory=dict)
    purchase_tax_percents: dict[str, list[str]] = field(default_factory=dict)

    @property
    def ar_account(self) -> str | None:
        """The receivable account in the home currency."""
        return self.ar_accounts.get(self.home_currency)

    @property
    def ap_account(self) -> str | None:
        """The payable account in the home currency."""
        return self.ap_accounts.get(self.home_currency)

    @property
    def is_american(self) -> bool:
        """Whether lines name TAX or NON instead of a tax code."""
        return self.tax_kind != "other"


class CompanyProfiles:
    """The profiles of all companies, as they were last read."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def profile_of(self, realm_id: str) -> CompanyProfile | None:
        """A company's profile, None before its preferences have been read."""
        wanted = sa.select(company_profile.c.profile).where(company_profile.c.realm_id == realm_id)
        with self._database.reading() as transaction:
            held = transaction.scalar(wanted)
        return None if held is None else _profile(json.loads(held))

    def put(self, profile: CompanyProfile) -> None:
        """Replace a company's profile."""
        row = {
            "realm_id": profile.realm_id,
            "profile": json.dumps(asdict(profile), default=date.isoformat),
            "updated_at": self._clock(),
        }
        with self._database.writing() as transaction:
            transaction.execute(company_profile.delete().where(company_profile.c.realm_id == profile.realm_id))
            transaction.execute(company_profile.insert().values(row))


def _profile(held: dict[str, Any]) -> CompanyProfile:
    known = {each.name for each in fields(CompanyProfile)}
    values = {name: value for name, value in held.items() if name in known}
    if values.get("book_close_date"):
        values["book_close_date"] = date.fromisoformat(values["book_close_date"])
    return CompanyProfile(**values)
