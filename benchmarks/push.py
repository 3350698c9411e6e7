"""How fast documents go out: invoices from the outbox to QuickBooks at the limit of batches, and what each costs.

    python -m benchmarks.push [DOCUMENTS]

The emulator keeps to Intuit's limits: 40 batches a minute of 30 items. The floor is the time these limits allow; calls are
those of the push alone, and afterwards an audit counts what is lost or there twice.
"""

import os
import sys
import tempfile
import time
from datetime import date
from decimal import Decimal

from benchmarks.emulated import Emulated, emulated
from qbo_pipeline.outbound.composer import Composer
from qbo_pipeline.outbound.delivery.audit import audit
from qbo_pipeline.outbound.document import Document, DocumentLine
from qbo_pipeline.outbound.mapping.live import read_live
from qbo_pipeline.outbound.needing import needs_of
from qbo_pipeline.outbound.push import open_client, push
from qbo_pipeline.outbound.wanted import source_hash
from qbo_pipeline.settings import read_settings
from qbo_pipeline.state.connect import connect_headless
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.intents import Intent, IntentState
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.store import StateStore, open_state

BATCHES_A_MINUTE, BATCH_ITEMS = 40, 30


def main(documents: int) -> None:
    """Push that many invoices and print what it took."""
    with tempfile.TemporaryDirectory() as home, emulated(["landscaping"]) as quickbooks:
        os.environ.update(quickbooks.environment(home))
        settings = read_settings()
        with open_state(settings) as store:
            connection = _connected(store, quickbooks)
            began = time.perf_counter()
            for number in range(documents):
                store.outbox.intend(_invoice(connection.realm_id, number))
            intended = time.perf_counter() - began
            quickbooks.calls()
            began, worked = time.perf_counter(), time.process_time()
            push(store, settings, Composer(store).compose, connections=[connection])
            seconds, worked = time.perf_counter() - began, time.process_time() - worked
            calls, metered = quickbooks.calls()
            pushed = len(store.outbox.intents(connection.realm_id, states=(IntentState.PUSHED,)))
            with open_client(store, connection, settings) as client:
                found = audit(store, client)
    floor = (documents - 1) // (BATCHES_A_MINUTE * BATCH_ITEMS) * 60
    print(f"taken in  {documents:,} in {intended:.1f} s")
    print(f"pushed    {pushed:,} in {seconds:.1f} s: {60 * pushed / seconds:,.0f} a minute; the limits allow {floor} s")
    print(
        f"calls     {calls / documents:.4f} for each document, {metered} metered; {1000 * worked / documents:.1f} ms of processor"
    )
    print(f"audit     {found.checked:,} checked, {found.lost} lost, {found.duplicated} duplicated")


def _connected(store: StateStore, quickbooks: Emulated) -> Connection:
    (realm_id,) = quickbooks.realms()
    settings = read_settings()
    connection = connect_headless(store, settings, "company", realm_id, quickbooks.grant(realm_id))
    with open_client(store, connection, settings) as client:
        _, profile = read_live(client)
    store.company_profiles.put(profile)
    for target, kind in (("Customer", "customer"), ("Item", "item")):
        store.links.put(
            Link(
                realm_id=realm_id,
                target=target,
                source_kind=kind,
                source_id="1",
                qbo_id="1",
                origin="manual",
                linked_at=store.clock(),
            )
        )
    store.push_settings.set_go_live(realm_id, date(2026, 1, 1))
    store.push_settings.arm(realm_id)
    return connection


def _invoice(realm_id: str, number: int) -> Intent:
    line = DocumentLine(
        line_id="1",
        product_id="1",
        quantity=Decimal(2),
        unit_price=Decimal("75.5"),
        amount=Decimal("151.00"),
        is_taxable=False,
    )
    document = Document(
        target="Invoice",
        business_entity_id="benchmark",
        source_kind="invoice",
        source_id=f"i{number}",
        number=f"B-{number:06d}",
        party_id="1",
        transaction_date=date(2026, 3, 1),
        currency="USD",
        lines=(line,),
    )
    return Intent(
        realm_id=realm_id,
        target="Invoice",
        operation="create",
        source_kind="invoice",
        source_id=document.source_id,
        natural_key=document.number,
        document=document.model_dump_json(),
        source_hash=source_hash(document),
        needs=needs_of(document),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
