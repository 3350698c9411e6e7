"""The operational system's documents: which of them is in QuickBooks, pushing one of them now, and why one is not there."""

import re
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from qbo_pipeline.gateway.published import published
from qbo_pipeline.gateway.queue_choices import may_be_retried
from qbo_pipeline.gateway.visits import Refused, Visit
from qbo_pipeline.outbound.story import story_of
from qbo_pipeline.quickbooks.pages import page_of
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.intents import SKIPPED_BY_HAND, IntentState, StoredIntent
from qbo_pipeline.state.links import Link
from qbo_pipeline.warehouse.skipped import skipped_in
from qbo_pipeline.warehouse.source_documents import source_documents

_ROWS_SHOWN = 100
_SOURCE = re.compile(r"[a-z_]{1,40}:\S{1,200}")
# What a push would do nothing about: it is there, or on its way.
_OUT = (IntentState.PUSHED, IntentState.IN_FLIGHT, IntentState.UNKNOWN)


@dataclass(frozen=True)
class SourceDocument:
    """A document of the operational system, with its intent and its QuickBooks document where it has them."""

    row: dict[str, Any]
    intent: StoredIntent | None
    link: Link | None
    page: str | None

    @property
    def source(self) -> str:
        """The document as commands name it."""
        return f"{self.row['source_kind']}:{self.row['source_id']}"

    @property
    def may_be_pushed(self) -> bool:
        """Whether a push of it could do something: it is wanted, and not out."""
        return self.row["reason"] is None and (self.intent is None or self.intent.state not in _OUT)


def documents_page(visit: Visit) -> Response:
    """The newest documents of one company that may or may not go to QuickBooks, or those a text is found in."""
    store = visit.gateway.store
    names = [each for each in store.connections.all() if each.business_entity_id]
    asked, text = visit.query("connection"), visit.query("text")[:100]
    connection = store.connections.get(asked) if asked else next(iter(names), None)
    rows: list[dict[str, Any]] = []
    if connection is not None:
        with published() as copy:
            rows = [] if copy is None else source_documents(copy, connection.realm_id, text, limit=_ROWS_SHOWN)
    return visit.page(
        "documents.html.jinja",
        names=[each.name for each in names],
        connection=connection,
        text=text,
        documents=[_as_it_stands(visit, connection, row) for row in rows] if connection else [],
        is_cut=len(rows) == _ROWS_SHOWN,
        is_armed=bool(connection) and store.push_settings.of(connection.realm_id).armed_at is not None,
    )


def push_now(visit: Visit) -> Response:
    """Start a push of one document, of one company's queue, or of all."""
    name, source = visit.form.get("connection", ""), visit.form.get("source", "")
    if source and not (name and _SOURCE.fullmatch(source)):
        raise Refused(400, "A document is named as KIND:ID, such as invoice:INV-1, with the connection it is to go to.")
    run_id = visit.gateway.runs.start("push", [name] if name else [], asked_by=visit.person.name, source=source or None)
    visit.note("push now", f"{name}: {source}" if source else name or "all connections")
    return visit.go(f"/runs/{run_id}/progress")


def why_page(visit: Visit) -> Response:
    """Why a row of the operational system is not in QuickBooks, by the id or number people know it by."""
    source = visit.query("source")
    stories = story_of(visit.gateway.store, source) if source else []
    left_out = _left_out(source) if source and not stories else []
    return visit.page(
        "why.html.jinja",
        source=source,
        stories=stories,
        left_out=left_out,
        may_be_retried=may_be_retried,
        skipped_by_hand=SKIPPED_BY_HAND,
        out=_OUT,
    )


def _as_it_stands(visit: Visit, connection: Connection, row: dict[str, Any]) -> SourceDocument:
    store, realm_id = visit.gateway.store, connection.realm_id
    about = [
        each
        for each in store.outbox.about(row["source_id"], source_kind=row["source_kind"])
        if (each.realm_id, each.target, each.operation) == (realm_id, row["target"], "create")
    ]
    link = store.links.find(realm_id, row["target"], row["source_kind"], row["source_id"])
    page = page_of(connection.environment, row["target"], link.qbo_id) if link and link.status == "live" else None
    return SourceDocument(row, about[0] if about else None, link, page)


def _left_out(source: str) -> list[dict[str, Any]]:
    """What the models say of a source that was never derived."""
    kind, separator, identity = source.partition(":")
    with published() as copy:
        return [] if copy is None else skipped_in(copy, identity if separator else source, kind if separator else None)
