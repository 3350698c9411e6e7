"""A business with contracts: its operational system, our state store, and the scans between them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from qbo_pipeline.ops.create import create_tables
from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.schema import find_table
from qbo_pipeline.outbound.document import Document
from qbo_pipeline.outbound.recurring.scan import Scan, scan_contracts
from qbo_pipeline.settings import Environment, Settings
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.contract_periods import ContractPeriod
from qbo_pipeline.state.intents import IntentState, StoredIntent
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.push_settings import PushSettings
from qbo_pipeline.state.settling import Settlement
from qbo_pipeline.state.store import StateStore, open_state

REALM = "9341450000000009"
ENTITY = "be1"
GO_LIVE = date(2025, 1, 1)
SIGNED = datetime(2025, 1, 1, 12, tzinfo=UTC)
LEASE = timedelta(minutes=5)

_ROWS: Mapping[str, dict[str, Any]] = {
    "contracts": {
        "id": "k1",
        "business_entity_id": ENTITY,
        "number": "K-77",
        "company_id": "c1",
        "name": "Gold support",
        "status": "active",
        "start_date": date(2026, 1, 1),
        "bill_unit": "month",
        "anchor_date": date(2026, 1, 1),
        "currency": "USD",
    },
    "contract_lines": {
        "id": "k1a",
        "contract_id": "k1",
        "position": 1,
        "product_id": "p2",
        "quantity": Decimal(10),
        "unit_price": Decimal(100),
        "effective_from": date(2020, 1, 1),
    },
    "time_entries": {
        "id": "e1",
        "business_entity_id": ENTITY,
        "user_id": "u1",
        "company_id": "c1",
        "work_date": date(2026, 1, 10),
        "time_zone": "America/New_York",
        "minutes": 60,
        "billable": "billable",
        "status": "submitted",
    },
    "tickets": {
        "id": "t1",
        "business_entity_id": ENTITY,
        "number": "T-1",
        "company_id": "c1",
        "contract_id": "k1",
        "status": "open",
        "billing_mode": "covered",
    },
}


class Agency:
    """One business entity in New York; `scan` looks at its contracts at noon there on a day."""

    def __init__(self, folder: Path, *, is_new: bool = True, state_url: SecretStr | None = None) -> None:
        self.folder = folder
        self.state_url = state_url
        self.ops = OpsDatabase(f"sqlite:///{folder / 'ops.db'}", may_create=True)
        self.now = datetime(2026, 1, 1, 17, tzinfo=UTC)
        self.store: StateStore = open_state(Settings(home=folder / "home", state_url=state_url), clock=self._clock)
        if is_new:
            self._found()

    def add(self, table: str, **values: Any) -> None:
        """Insert a row, as usual but for what is given."""
        with self.ops.writing() as connection:
            row = {"updated_at": SIGNED} | _ROWS.get(table, {}) | values
            connection.execute(find_table(table).insert().values(row))

    def contract(self, contract_id: str = "k1", **values: Any) -> None:
        """Sign a contract of 1,000 a month."""
        self.add("contracts", **{"id": contract_id, "number": f"K-{contract_id}"} | values)
        self.add("contract_lines", id=f"{contract_id}a", contract_id=contract_id)

    def change(self, table: str, row_id: str, **values: Any) -> None:
        """Change a row."""
        found = find_table(table)
        with self.ops.writing() as connection:
            connection.execute(
                found.update().where(found.c.id == row_id).values({"updated_at": self._clock()} | values)
            )

    def execute(self, statement: str) -> None:
        """Do something else to the operational system."""
        with self.ops.writing() as connection:
            connection.exec_driver_sql(statement)

    def scan(self, day: date | datetime, **asked: Any) -> Scan:
        """Look at the contracts at noon of a day in New York, or at an instant."""
        instant = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day, 17, tzinfo=UTC)
        self.now = max(self.now, instant)
        return scan_contracts(self.store, self.ops, self.connection, instant, **asked)

    @property
    def connection(self) -> Connection:
        """The entity's connection."""
        unknown: dict[str, Any] = dict.fromkeys(
            (
                *("reason", "access_expires_at", "refresh_issued_at", "refresh_expires_at", "hard_expires_at"),
                *("last_sync_at", "last_change_at"),
            )
        )
        return Connection(
            name="main",
            realm_id=REALM,
            environment=Environment.SANDBOX,
            token_client_id="client",
            business_entity_id=ENTITY,
            status="active",
            created_at=SIGNED,
            **unknown,
        )

    def push(self) -> list[str]:
        """Send what is due, as QuickBooks takes it, each with a link; the numbers that went out."""
        for need in {each for known in self.intents() for each in self.store.outbox.needs(known.intent_key)}:
            self._link(need.target, need.source_kind, need.source_id)
        pushed = []
        for claimed in self.store.dispatch.claim("me", REALM, lease=LEASE, limit=1000):
            frozen = self.store.dispatch.freeze(claimed, b"{}", lease=LEASE)
            self.store.dispatch.settle(frozen.intent, Settlement(state=IntentState.PUSHED))
            self._link(claimed.target, claimed.source_kind, claimed.source_id)
            pushed.append(claimed.source_id)
        return sorted(pushed)

    def void(self, source_id: str) -> None:
        """Void a pushed invoice, as somebody does in QuickBooks."""
        link = self.store.links.find(REALM, "Invoice", "contract_period", source_id)
        assert link is not None
        self.store.links.put(Link(**vars(link) | {"status": "voided"}))

    def intents(self) -> list[StoredIntent]:
        """Everything in the outbox, in the order of what it is of."""
        return sorted(self.store.outbox.intents(REALM), key=lambda each: each.source_id)

    def waiting(self) -> list[Document]:
        """The invoices that are to go out."""
        waits = (IntentState.PENDING, IntentState.BLOCKED)
        return [Document.model_validate_json(each.document) for each in self.intents() if each.state in waits]

    def periods(self, contract_id: str = "k1") -> list[ContractPeriod]:
        """What is noted of a contract's periods."""
        return self.store.contract_periods.of(REALM, contract_id)

    def standing(self, contract_id: str = "k1") -> list[str]:
        """Each period's first day and state, with the code of its reason."""
        return [
            f"{each.period_start} {each.state}" + (f" {each.reason_code}" if each.reason_code else "")
            for each in self.periods(contract_id)
        ]

    def close(self) -> None:
        """Close both databases."""
        self.store.close()
        self.ops.close()

    def _clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def _found(self) -> None:
        create_tables(self.ops)
        self.add(
            "business_entities",
            id=ENTITY,
            name="Agency",
            home_currency="USD",
            time_zone="America/New_York",
            go_live_date=GO_LIVE,
        )
        company = {"business_entity_id": ENTITY, "is_customer": True, "is_vendor": False, "currency": "USD"}
        self.add("companies", id="c1", number="1", name="Acme Ltd", terms_days=30, email="ap@acme.test", **company)
        self.add(
            "products",
            id="p2",
            business_entity_id=ENTITY,
            name="Managed service Gold",
            kind="service",
            taxable=True,
            tax_code="TAX",
            class_code="MSP",
            is_active=True,
        )
        self.store.push_settings.put(PushSettings(realm_id=REALM, go_live_date=GO_LIVE, armed_at=SIGNED))

    def _link(self, target: str, source_kind: str, source_id: str) -> None:
        if self.store.links.find(REALM, target, source_kind, source_id) is None:
            self.store.links.put(
                Link(
                    realm_id=REALM,
                    target=target,
                    source_kind=source_kind,
                    source_id=source_id,
                    qbo_id=f"{target}-{source_id}",
                    origin="pushed",
                    linked_at=self._clock(),
                )
            )
