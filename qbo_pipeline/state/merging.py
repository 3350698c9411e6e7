"""A name that was merged into another in QuickBooks: what stood for the one that went stands for the one that stays."""

from dataclasses import replace

from qbo_pipeline.state.errors import LinkTaken
from qbo_pipeline.state.mappings import Mapping
from qbo_pipeline.state.store import StateStore


def repoint(store: StateStore, realm_id: str, target: str, *, gone: str, stays: str) -> int:
    """Let links and mappings to `gone` lead to `stays`; how many did.

    Where `stays` stands for a row of its own, the link stays as it is: two rows have become one there, and which of them it
    is now, a person says. What refers to it is then held, since the object is inactive.
    """
    moved = _repoint_link(store, realm_id, target, gone, stays)
    led = [each for each in store.mappings.of(realm_id) if (each.target, each.qbo_id) == (target, gone)]
    fields = ("realm_id", "kind", "source_key", "target", "status", "origin", "reason")
    for each in led:
        kept = {name: getattr(each, name) for name in fields}
        store.mappings.put(Mapping(**kept, qbo_id=stays))
    return moved + len(led)


def _repoint_link(store: StateStore, realm_id: str, target: str, gone: str, stays: str) -> int:
    link = store.links.by_qbo_id(realm_id, target, gone)
    if link is None:
        return 0
    try:
        # What was last known of the record is known of the other one no longer.
        store.links.put(replace(link, qbo_id=stays, sync_token=None, owned_hash=None, linked_at=store.clock()))
    except LinkTaken:
        return 0
    return 1
