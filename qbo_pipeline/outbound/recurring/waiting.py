"""Contracts' invoices that are still to go out, for whoever sees to the names they need."""

from pydantic import ValidationError

from qbo_pipeline.outbound.document import Document
from qbo_pipeline.outbound.recurring.lines import CONTRACT_PERIOD
from qbo_pipeline.state.intents import IntentState
from qbo_pipeline.state.store import StateStore

_DONE = (IntentState.PUSHED, IntentState.SKIPPED)
_OPEN = tuple(state for state in IntentState if state not in _DONE)


def waiting_invoices(store: StateStore, realm_id: str) -> list[Document]:
    """The invoices of contracts' periods that are not in QuickBooks yet; one that another version wrote is left out."""
    found = []
    for known in store.outbox.intents(realm_id, states=_OPEN, targets=["Invoice"]):
        if known.source_kind != CONTRACT_PERIOD or known.operation != "create":
            continue
        try:
            found.append(Document.model_validate_json(known.document))
        except ValidationError:
            # The next scan writes it anew.
            continue
    return found
