"""Composing a request: the source is looked at once more, and nothing goes that is asked for no longer."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from qbo_pipeline.ops.create import create_tables
from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.outbound.composer import Composer
from qbo_pipeline.outbound.delivery.composing import Composed, Held, Ready, Waiting, Withdrawn
from qbo_pipeline.outbound.document import Document, DocumentLine, Ending, SourceVersion, Wanted
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.company_profiles import CompanyProfile
from qbo_pipeline.state.intents import Intent
from qbo_pipeline.state.store import StateStore, open_state
from qbo_pipeline_tests.ops.rows import CHANGED, change, insert

REALM = "1"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
SEEN = (SourceVersion(kind="invoice", id="i1", updated_at=CHANGED),)
INVOICE = Document(
    target="Invoice",
    business_entity_id="be",
    source_kind="invoice",
    source_id="i1",
    number="1",
    party_id="c1",
    transaction_date=CHANGED.date(),
    currency="USD",
    lines=(DocumentLine(line_id="1", amount=Decimal("10.00"), is_taxable=False),),
    seen=SEEN,
)
VOIDED = Ending(
    target="Invoice", business_entity_id="be", source_kind="invoice", source_id="i1", reason="It was voided.", seen=SEEN
)


@pytest.fixture
def store(tmp_path: Path, clean_environment: pytest.MonkeyPatch) -> Iterator[StateStore]:
    with open_state(Settings(home=tmp_path / "home"), clock=lambda: NOW) as opened:
        opened.company_profiles.put(CompanyProfile(realm_id=REALM, default_item="1"))
        yield opened


@pytest.fixture
def ops(tmp_path: Path) -> Iterator[OpsDatabase]:
    with OpsDatabase(f"sqlite:///{tmp_path / 'ops.db'}", may_create=True) as database:
        create_tables(database)
        insert(database, "invoices", id="i1")
        insert(database, "document_lines", document_id="i1")
        yield database


@pytest.fixture
def compose(store: StateStore, ops: OpsDatabase) -> Callable[..., Composed]:
    """Composes a wanted thing, taken into the outbox, against the operational system as it is."""

    def composed(wanted: Wanted = INVOICE, operation: str = "create", *, sketch: bool = False) -> Composed:
        intent = Intent(
            realm_id=REALM,
            target=wanted.target,
            operation=operation,  # type: ignore[arg-type]
            source_kind=wanted.source_kind,
            source_id=wanted.source_id,
            document=wanted.model_dump_json(),
        )
        composer = Composer(store, ops)
        stored = store.outbox.intend(intent)
        return composer.sketch(stored) if sketch else composer.compose(stored)

    return composed


def test_a_source_that_is_as_it_was_is_composed(compose: Callable[..., Composed]) -> None:
    assert isinstance(compose(sketch=True), Ready)
    assert isinstance(compose(), Waiting)


def test_a_source_that_changed_since_it_was_derived_stops_the_push(
    ops: OpsDatabase, compose: Callable[..., Composed]
) -> None:
    change(ops, "invoices", "i1", status="draft", updated_at=CHANGED + timedelta(seconds=1))

    composed = compose()

    assert isinstance(composed, Held)
    assert composed.reason_code == "source_changed"
    assert "invoice:i1" in composed.reason


def test_a_source_deleted_before_it_was_sent_withdraws_the_document(
    ops: OpsDatabase, compose: Callable[..., Composed]
) -> None:
    change(ops, "invoices", "i1", is_deleted=True, updated_at=CHANGED + timedelta(seconds=1))

    assert isinstance(compose(), Withdrawn)


def test_the_end_of_a_document_stands_though_its_source_is_gone(
    ops: OpsDatabase, compose: Callable[..., Composed]
) -> None:
    change(ops, "invoices", "i1", is_deleted=True, updated_at=CHANGED + timedelta(seconds=1))

    assert compose(VOIDED, "void") == Ready({}, void_by="zero", ending=VOIDED)


def test_the_end_of_a_document_whose_source_came_back_is_held(
    ops: OpsDatabase, compose: Callable[..., Composed]
) -> None:
    change(ops, "invoices", "i1", status="final", updated_at=CHANGED + timedelta(seconds=1))

    composed = compose(VOIDED, "void")

    assert isinstance(composed, Held)
    assert composed.reason_code == "source_changed"


def test_a_company_whose_settings_were_never_read_is_held(store: StateStore, ops: OpsDatabase) -> None:
    intent = Intent(
        realm_id="2",
        target="Invoice",
        operation="create",
        source_kind="invoice",
        source_id="i1",
        document=INVOICE.model_dump_json(),
    )

    composed = Composer(store, ops).compose(store.outbox.intend(intent))

    assert isinstance(composed, Held)
    assert composed.reason_code == "company_unread"


def test_a_document_of_another_version_is_held_without_quoting_it(store: StateStore) -> None:
    intent = Intent(
        realm_id=REALM,
        target="Invoice",
        operation="create",
        source_kind="invoice",
        source_id="i9",
        document='{"form": "document", "email": "secret@acme.test"}',
    )

    composed = Composer(store).compose(store.outbox.intend(intent))

    assert isinstance(composed, Held)
    assert composed.reason_code == "not_readable"
    assert "secret" not in composed.reason


def test_without_an_operational_system_no_source_is_looked_at_again(store: StateStore) -> None:
    intent = Intent(
        realm_id=REALM,
        target="Invoice",
        operation="create",
        source_kind="invoice",
        source_id="i1",
        document=INVOICE.model_dump_json(),
    )

    assert isinstance(Composer(store).compose(store.outbox.intend(intent)), Waiting)


def test_the_same_intent_gives_the_same_content(compose: Callable[..., Composed]) -> None:
    assert compose(sketch=True) == compose(sketch=True)
