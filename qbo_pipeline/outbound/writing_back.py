"""Writing back: the operational system learns what became of its documents, and shows the books beside them."""

from dataclasses import dataclass
from datetime import datetime

from qbo_pipeline.ops.database import open_ops
from qbo_pipeline.ops.write_back import write_back
from qbo_pipeline.outbound.written_states import written_books, written_documents
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.warehouse.mirrored import mirrored, mirrored_documents

_BOOKS = ("customer", "product", "invoice", "payment", "application")


@dataclass(frozen=True)
class WrittenBack:
    """How many rows were new or differed, and the same in words."""

    rows: int
    told: str


def write_back_all(store: StateStore, settings: Settings, now: datetime) -> WrittenBack:
    """Bring the operational system's tables of ours up to the outbox and the published copy of the books.

    Balances and payments are as of the last sync. Writing the same again changes nothing.
    """
    database = open_ops(settings)
    if database is None:
        return WrittenBack(0, "There is no operational system to write back to.")
    published = settings.analytics_path
    states = list(written_documents(store, mirrored_documents(published)))
    for kind in _BOOKS:
        states.extend(written_books(store, kind, mirrored(published, kind)))
    with database:
        rows = write_back(database, states, now)
    return WrittenBack(rows, f"Wrote back {rows} rows that were new or differed, of {len(states)}.")
