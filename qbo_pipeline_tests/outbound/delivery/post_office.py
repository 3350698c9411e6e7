"""An outbox with a company of the emulator to deliver to, on a clock that a test moves."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from qbo_pipeline.catalog import find_entity
from qbo_pipeline.emulator import Emulator
from qbo_pipeline.outbound.delivery.composing import Composed, Ready
from qbo_pipeline.outbound.delivery.deliver import deliver
from qbo_pipeline.outbound.delivery.freezing import thawed
from qbo_pipeline.outbound.delivery.outcome import CompanyDelivery
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.endpoints import endpoints_for
from qbo_pipeline.quickbooks.oauth import OAuthClient
from qbo_pipeline.quickbooks.throttle import Throttle
from qbo_pipeline.settings import Environment
from qbo_pipeline.state.intents import Intent, Need, StoredIntent, Work
from qbo_pipeline.state.push_keys import read_markers
from qbo_pipeline.state.store import StateStore
from qbo_pipeline_tests.quickbooks.test_against_emulator import GrantTokens

REALM = "9341450000000001"
DAY = "2026-08-16"
OPEN_BILL = "108"
MARKERLESS = ("Class", "Department", "PaymentMethod", "Term")

# One small object of each kind, for the books of the landscaping company.
_SALES_LINE = {
    "DetailType": "SalesItemLineDetail",
    "Amount": Decimal("100.00"),
    "SalesItemLineDetail": {"ItemRef": {"value": "2"}, "Qty": Decimal(2), "UnitPrice": Decimal("50.00")},
}
_EXPENSE_LINE = {
    "DetailType": "ItemBasedExpenseLineDetail",
    "Amount": Decimal("25.00"),
    "ItemBasedExpenseLineDetail": {"ItemRef": {"value": "11"}, "Qty": Decimal(2), "UnitPrice": Decimal("12.50")},
}


def _posted(side: str) -> dict[str, Any]:
    detail = {"PostingType": side, "AccountRef": {"value": "7" if side == "Debit" else "35"}}
    return {"DetailType": "JournalEntryLineDetail", "Amount": Decimal("12.00"), "JournalEntryLineDetail": detail}


def content(target: str, source_id: str) -> dict[str, Any]:
    """A hand-made object of a kind, its number or name made of the source id."""
    sale = {"DocNumber": f"N-{source_id}", "TxnDate": DAY, "CustomerRef": {"value": "1"}, "Line": [_SALES_LINE]}
    bill_line = {
        "DetailType": "AccountBasedExpenseLineDetail",
        "Amount": Decimal("25.00"),
        "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "7"}},
    }
    purchase = {"DocNumber": f"N-{source_id}", "TxnDate": DAY, "VendorRef": {"value": "30"}}
    paid = {"PaymentType": "Cash", "AccountRef": {"value": "35"}, "Line": [bill_line]}
    settled = {"Amount": Decimal("5.00"), "LinkedTxn": [{"TxnId": OPEN_BILL, "TxnType": "Bill"}]}
    return {
        **{kind: {"Name": f"{kind} {source_id}"} for kind in MARKERLESS},
        "Term": {"Name": f"Term {source_id}", "DueDays": 11},
        "Item": {"Name": f"Item {source_id}", "Type": "Service", "IncomeAccountRef": {"value": "1"}},
        "Customer": {"DisplayName": f"Customer {source_id}", "Notes": "Pays late"},
        "Vendor": {"DisplayName": f"Vendor {source_id}"},
        "Invoice": sale | {"PrivateNote": "Ordered by telephone"},
        "Estimate": sale,
        "SalesReceipt": sale,
        "CreditMemo": sale,
        "PurchaseOrder": purchase | {"APAccountRef": {"value": "33"}, "Line": [_EXPENSE_LINE]},
        "Bill": purchase | {"Line": [bill_line]},
        "Purchase": {"DocNumber": f"N-{source_id}", "TxnDate": DAY, **paid},
        "RefundReceipt": sale | {"DepositToAccountRef": {"value": "35"}},
        "JournalEntry": {"DocNumber": f"N-{source_id}", "TxnDate": DAY, "Line": [_posted("Debit"), _posted("Credit")]},
        "BillPayment": {
            "TxnDate": DAY,
            "VendorRef": {"value": "49"},
            "PayType": "Check",
            "CheckPayment": {"BankAccountRef": {"value": "35"}},
            "TotalAmt": Decimal("5.00"),
            "Line": [settled],
        },
        "TimeActivity": {
            "TxnDate": DAY,
            "NameOf": "Employee",
            "EmployeeRef": {"value": "55"},
            "CustomerRef": {"value": "1"},
            "Hours": 1,
            "Minutes": 30,
            "BillableStatus": "NotBillable",
            "Description": "On site",
        },
        "Payment": {"TxnDate": DAY, "CustomerRef": {"value": "1"}, "TotalAmt": Decimal("10.00")},
    }[target]


class PostOffice:
    """Takes in intents, delivers them and looks into the company's books, as people there see them."""

    def __init__(self, emulator: Emulator, store: StateStore, composed: dict[str, Composed] | None = None) -> None:
        self.emulator = emulator
        self.store = store
        self.clock = emulator.clock
        self.composed: dict[str, Composed] = {} if composed is None else composed

    def client(self, **options: Any) -> QuickBooks:
        """A client for which time passes on the emulator's clock, and only there."""
        names = ("api_url", "authorize_url", "token_url", "revoke_url")
        endpoints = endpoints_for(Environment.SANDBOX, **{name: getattr(self.emulator, name) for name in names})
        app = OAuthClient(endpoints, "emulator-client", "emulator-secret", clock=self.clock.now)
        throttle = Throttle(monotonic=lambda: self.clock.now().timestamp(), sleep=self.clock.advance)
        usual = {"throttle": throttle, "clock": self.clock.now, "sleep": self.clock.advance, "name": "main"}
        tokens = GrantTokens(app, self.emulator.grant(REALM))
        return QuickBooks(REALM, endpoints, tokens, **(usual | options))

    def intend(self, target: str, source_id: str = "1", **differences: Any) -> StoredIntent:
        """Take in the create of a hand-made object, or what `differences` make of it."""
        made = differences.pop("content", None) or content(target, source_id)
        intent = Intent(
            realm_id=REALM,
            target=target,
            **{"operation": "create", "source_kind": target.lower(), "source_id": source_id} | differences,
        )
        self.composed[intent.key] = Ready(made)
        return self.store.outbox.intend(intent)

    def compose(self, intent: StoredIntent) -> Composed:
        """What was intended, whoever asks."""
        return self.composed[intent.intent_key]

    def push(self, **options: Any) -> CompanyDelivery:
        """Deliver what is due now."""
        client = options.pop("client", None) or self.client()
        (delivery,) = deliver(self.store, [client], self.compose, random=lambda: 1.0, **options).companies
        return delivery

    def push_until_still(self, rounds: int = 12) -> list[CompanyDelivery]:
        """Deliver, and again whenever something is due, as a schedule does."""
        deliveries = [self.push()]
        while (due := self.store.dispatch.due_at(REALM)) and len(deliveries) < rounds:
            self.clock.advance(max(0.0, (due - self.clock.now()).total_seconds()) + 1)
            deliveries.append(self.push())
        return deliveries

    def state(self, intent: StoredIntent) -> StoredIntent:
        """How an intent stands now."""
        return self.store.outbox.get(intent.intent_key)

    def books(self, target: str) -> list[dict[str, Any]]:
        """The objects in QuickBooks that carry a marker of ours."""
        return [each for each in self._all(target) if read_markers(_note(each))]

    def copies(self, target: str) -> Counter[str]:
        """How many objects carry each marker, or the name of ours where the kind has no place for one."""
        if target not in MARKERLESS:
            return Counter(read_markers(_note(each))[0].source_id for each in self.books(target))
        names = [each["Name"].split() for each in self._all(target)]
        return Counter(name[1] for name in names if len(name) == 2 and name[0] == target)

    def _all(self, target: str) -> list[dict[str, Any]]:
        pages = self.client().read_all(find_entity(target))
        return [thawed(record.payload) for page in pages for record in page]

    def script(self, path: str, *, times: int = 1, skip: int = 0, **then: Any) -> None:
        """Let POSTs to a path go wrong."""
        match = {"path": path, "method": "POST", "realm": REALM}
        rule = {"match": match, "then": then, "times": times, "skip": skip}
        self.emulator.scripted_faults.add(msgspec.json.encode(rule))


def need(target: str, source_id: str) -> Need:
    """The need of a hand-made object."""
    return Need(target, target.lower(), source_id)


def work(source_id: str) -> Work:
    """A ticket that an invoice bills."""
    return Work("ticket", source_id)


def _note(record: Mapping[str, Any]) -> str:
    return " ".join(str(record.get(name) or "") for name in ("PrivateNote", "Notes", "Description"))
