"""Letting go on what was held because a name it refers to was inactive, once a person has reactivated that in QuickBooks."""

from qbo_pipeline.outbound.mapping.lists import TARGETS, NameLists
from qbo_pipeline.state.intents import REFERENCE_INACTIVE, IntentState, Need
from qbo_pipeline.state.store import StateStore


def wake_reactivated(store: StateStore, realm_id: str, lists: NameLists) -> int:
    """Wake the intents of a company all of whose names are active by its lists; how many there were.

    Lists that are older than the deactivation wake them once too often, and the next push holds them again.
    """
    held = [
        each
        for each in store.outbox.intents(realm_id, states=(IntentState.BLOCKED,))
        if each.reason_code == REFERENCE_INACTIVE
    ]
    active = [
        each.intent_key
        for each in held
        if all(_is_active(store, realm_id, need, lists) for need in store.outbox.needs(each.intent_key))
    ]
    return store.outbox.wake(realm_id, keys=active) if active else 0


def _is_active(store: StateStore, realm_id: str, need: Need, lists: NameLists) -> bool:
    if need.target not in TARGETS:
        return True
    link = store.links.find(realm_id, need.target, need.source_kind, need.source_id)
    entry = lists.get(need.target, link.qbo_id) if link else None
    return entry is not None and entry.is_active
