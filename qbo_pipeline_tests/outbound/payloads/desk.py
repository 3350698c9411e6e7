"""A bookkeeper's desk: two companies as the store knows them, documents for them, and QuickBooks to send these to."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import msgspec

from qbo_pipeline.catalog import find_entity
from qbo_pipeline.emulator import Emulator
from qbo_pipeline.outbound.composer import Composer
from qbo_pipeline.outbound.delivery.composing import Composed, Held, Ready
from qbo_pipeline.outbound.delivery.deliver import deliver
from qbo_pipeline.outbound.delivery.freezing import frozen_bytes, marked
from qbo_pipeline.outbound.delivery.targets import target_of
from qbo_pipeline.outbound.document import Document, DocumentLine, Wanted
from qbo_pipeline.outbound.effects import totals_of
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.endpoints import endpoints_for
from qbo_pipeline.quickbooks.oauth import OAuthClient
from qbo_pipeline.quickbooks.throttle import Throttle
from qbo_pipeline.settings import Environment
from qbo_pipeline.state.company_profiles import CompanyProfile
from qbo_pipeline.state.intents import Intent, StoredIntent
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.mappings import Mapping
from qbo_pipeline.state.store import StateStore
from qbo_pipeline_tests.installation import CONSULTANCY, LANDSCAPING
from qbo_pipeline_tests.quickbooks.test_against_emulator import GrantTokens

NOW = datetime(2026, 8, 16, 17, 0, tzinfo=UTC)
TODAY = NOW.date()

US = CompanyProfile(
    realm_id=LANDSCAPING,
    tax_kind="us_manual",
    allows_discount=True,
    custom_field_names={"1": "Crew #"},
    default_tax_code="2",
    default_item="1",
    discount_account="86",
    ar_accounts={"USD": "84"},
    ap_accounts={"USD": "33"},
    account_types={"35": "Bank", "41": "Credit Card", "33": "Accounts Payable", "84": "Accounts Receivable"},
    sales_tax_percents={"2": ["8"], "3": ["7.1", "2"]},
)
UK = CompanyProfile(
    realm_id=CONSULTANCY,
    country="GB",
    home_currency="GBP",
    is_multicurrency=True,
    tax_kind="other",
    tracks_classes="line",
    tracks_departments=True,
    allows_discount=True,
    allows_shipping=True,
    allows_service_date=True,
    custom_field_names={"1": "Order number", "2": "Engagement"},
    default_tax_code="2",
    default_item="15",
    discount_account="5",
    ar_accounts={"GBP": "41", "EUR": "1150040002", "USD": "1150040003"},
    ap_accounts={"GBP": "40", "EUR": "1150040004", "USD": "1150040005"},
    account_types={"60": "Bank", "48": "Credit Card", "40": "Accounts Payable", "41": "Accounts Receivable"},
    sales_tax_percents={"2": ["20"], "3": ["5"], "4": ["0"], "5": ["0"], "6": [], "7": []},
    purchase_tax_percents={"2": ["20"], "3": ["5"], "4": ["0"], "5": ["0"], "6": [], "7": ["20", "-20"]},
)

_LINKS = {
    LANDSCAPING: {
        ("Customer", "customer"): {"acme": "1", "busy": "2"},
        ("Vendor", "vendor"): {"smith": "30", "jones": "41"},
        ("Item", "item"): {"labour": "2", "soil": "15", "pipe": "17"},
    },
    CONSULTANCY: {
        ("Customer", "customer"): {"acme": "1", "busy": "2", "nantes": "14", "tucson": "17"},
        ("Vendor", "vendor"): {"smith": "30", "jones": "31", "munich": "38"},
        ("Item", "item"): {"labour": "3", "soil": "8", "pipe": "12"},
    },
}
_CODES = {
    LANDSCAPING: {
        "tax_code": {"CA": "2", "AZ": "3"},
        "term": {"NET30": "3", "NET15": "2"},
        "worker": {"ann": ("55", "Employee"), "bob": ("47", "Vendor")},
        "payment_method": {"card": "3", "cash": "1"},
        "payment_account": {"Visa 1881": "41", "Checking": "35"},
        "deposit_account": {"Checking": "35"},
        "expense_category": {"Travel": "7", "Permits": "68"},
        "account": {"Receivables": "84", "Checking": "35", "Fees": "8", "Payables": "33", "Sales": "82"},
    },
    CONSULTANCY: {
        "tax_code": {"STD": "2", "RED": "3", "ZERO": "4", "EXEMPT": "5", "NON": "6", "RC": "7"},
        "term": {"NET30": "3"},
        "class": {"ADV": "5000000000000085682"},
        "department": {"LON": "1"},
        "worker": {"ann": ("50", "Employee"), "bob": ("34", "Vendor")},
        "payment_method": {"card": "2", "cash": "3"},
        "payment_account": {"Visa 1881": "48", "Checking": "60"},
        "deposit_account": {"Checking": "60"},
        "expense_category": {"Travel": "22", "Permits": "24"},
        "account": {"Receivables": "41", "Checking": "60", "Fees": "25", "Payables": "40", "Sales": "2"},
    },
}
_TARGETS = {"tax_code": "TaxCode", "term": "Term", "class": "Class", "department": "Department"} | {
    "payment_method": "PaymentMethod"
}
_SERIAL = count(1)


class Desk:
    """The desk of one company."""

    def __init__(self, store: StateStore, profile: CompanyProfile, emulator: Emulator) -> None:
        self.store, self.profile, self.emulator = store, profile, emulator
        self.composer = Composer(store)
        self.books = emulator.companies[profile.realm_id]
        self.client = _client(emulator, profile.realm_id)
        _map_all(store, profile.realm_id)

    def put(self, profile: CompanyProfile) -> None:
        """Let the company be as this profile says."""
        self.profile = profile
        self.store.company_profiles.put(profile)

    def link(self, target: str, source_kind: str, source_id: str, qbo_id: str) -> None:
        """Link a source row to an object."""
        self.store.links.put(_link(self.profile.realm_id, target, source_kind, source_id, qbo_id))

    def compose(self, wanted: Wanted, operation: Any = "create") -> Composed:
        """What a request for it is made of."""
        return self.composer.compose(self.intent(wanted, operation))

    def content(self, wanted: Wanted, operation: Any = "create") -> dict[str, Any]:
        """What a request for it is made of, where nothing stands in its way."""
        composed = self.compose(wanted, operation)
        assert isinstance(composed, Ready), composed
        return dict(composed.content)

    def intent(self, wanted: Wanted, operation: Any = "create") -> StoredIntent:
        """The intent of it, taken into the outbox."""
        return self.store.outbox.intend(
            Intent(
                realm_id=self.profile.realm_id,
                target=wanted.target,
                operation=operation,
                source_kind=wanted.source_kind,
                source_id=wanted.source_id,
                natural_key=getattr(wanted, "number", None),
                document=wanted.model_dump_json(),
                source_hash=str(next(_SERIAL)),
            )
        )

    def held(self, wanted: Wanted, operation: Any = "create") -> str:
        """Why it is held, by code."""
        composed = self.compose(wanted, operation)
        assert isinstance(composed, Held), composed
        assert composed.reason
        return composed.reason_code

    def adds_up(self, wanted: Wanted) -> dict[str, Any]:
        """Send it; the record, whose total is the one expected."""
        expected = totals_of(wanted.target, self.content(wanted), self.profile)
        record = self.send(wanted)
        assert expected is not None
        assert record["TotalAmt"] == expected.total
        return record

    def send(self, wanted: Wanted, source: tuple[str, str] | None = None) -> dict[str, Any]:
        """Send it over HTTP with its marker as delivery does; the record QuickBooks made of it, linked to its source."""
        return self.post(wanted.target, self.content(wanted), source or (wanted.source_kind, wanted.source_id))

    def push(self, wanted: Wanted) -> Link:
        """Deliver it as the outbox does; the link that came of it."""
        intent = self.intent(wanted)
        deliver(self.store, [self.client], self.composer.compose, keys=[intent.intent_key])
        link = self.store.links.find(self.profile.realm_id, wanted.target, wanted.source_kind, wanted.source_id)
        assert link is not None, self.store.outbox.get(intent.intent_key)
        return link

    def post(self, target: str, content: dict[str, Any], source: tuple[str, str] | None = None) -> dict[str, Any]:
        """Send a content over HTTP; the record QuickBooks made of it."""
        body = frozen_bytes(marked(content, target_of(target), f"[psa:1|test|{next(_SERIAL)}|00000000]"))
        written = self.client.writing.write(find_entity(target), "create", body, f"test-{next(_SERIAL)}")
        record = msgspec.json.Decoder(float_hook=Decimal).decode(written.record.payload)
        if source is not None:
            self.link(target, *source, record["Id"])
        return record


def document(target: str, *lines: DocumentLine, **fields: Any) -> Document:
    """A document for the day, with a number of its own and one line of 100.00 unless others are given."""
    serial = next(_SERIAL)
    is_purchase = target in ("PurchaseOrder", "Bill", "Purchase", "VendorCredit", "BillPayment")
    usual = {
        "target": target,
        "business_entity_id": "be1",
        "source_kind": target.lower(),
        "source_id": f"s{serial}",
        "number": f"T-{serial}",
        "party_kind": "vendor" if is_purchase else "customer",
        "party_id": "smith" if is_purchase else "acme",
        "transaction_date": TODAY,
        "currency": "USD",
        "lines": lines or (line(),),
    }
    return Document(**usual | fields)


def line(amount: str = "100.00", **fields: Any) -> DocumentLine:
    """A line of labour, untaxed unless it names a code."""
    is_taxable = None if fields.get("tax_code") else False
    usual = {"line_id": str(next(_SERIAL)), "product_id": "labour", "amount": Decimal(amount), "is_taxable": is_taxable}
    return DocumentLine(**usual | fields)


def _client(emulator: Emulator, realm_id: str) -> QuickBooks:
    names = ("api_url", "authorize_url", "token_url", "revoke_url")
    endpoints = endpoints_for(Environment.SANDBOX, **{name: getattr(emulator, name) for name in names})
    app = OAuthClient(endpoints, "emulator-client", "emulator-secret", clock=emulator.clock.now)
    throttle = Throttle(monotonic=lambda: emulator.clock.now().timestamp(), sleep=emulator.clock.advance)
    tokens = GrantTokens(app, emulator.grant(realm_id))
    return QuickBooks(realm_id, endpoints, tokens, throttle=throttle, clock=emulator.clock.now, name="main")


def _map_all(store: StateStore, realm_id: str) -> None:
    for (target, kind), rows in _LINKS[realm_id].items():
        for source_id, qbo_id in rows.items():
            store.links.put(_link(realm_id, target, kind, source_id, qbo_id))
    store.mappings.put(
        *(_mapping(realm_id, kind, *code) for kind, codes in _CODES[realm_id].items() for code in codes.items())
    )


def _mapping(realm_id: str, kind: str, key: str, found: str | tuple[str, str]) -> Mapping:
    qbo_id, target = found if isinstance(found, tuple) else (found, _TARGETS.get(kind, "Account"))
    return Mapping(realm_id=realm_id, kind=kind, source_key=key, qbo_id=qbo_id, target=target, qbo_name=key)


def _link(realm_id: str, target: str, source_kind: str, source_id: str, qbo_id: str) -> Link:
    return Link(
        realm_id=realm_id,
        target=target,
        source_kind=source_kind,
        source_id=source_id,
        qbo_id=qbo_id,
        origin="manual",
        linked_at=NOW,
    )
