"""Taking back the order to make a name that has its object after all, so that there are never two."""

from qbo_pipeline.state.intents import UNSETTLED, Intent, IntentState
from qbo_pipeline.state.mapping_kinds import KINDS
from qbo_pipeline.state.store import StateStore

_DONE = (IntentState.PUSHED, IntentState.SKIPPED, *UNSETTLED)


def withdraw_create(
    store: StateStore, realm_id: str, kind: str, source_id: str, *, reason_code: str = "linked", reason: str = ""
) -> bool:
    """Skip the create of a row unless it was pushed or may have been; whether there was one to skip."""
    intent = Intent(
        realm_id=realm_id, target=KINDS[kind].target, operation="create", source_kind=kind, source_id=source_id
    )
    known = store.outbox.get(intent.key)
    if known is None or known.state in _DONE:
        return False
    store.outbox.skip(intent, reason_code, reason or "It is linked to what QuickBooks has, so none is made.")
    return True
