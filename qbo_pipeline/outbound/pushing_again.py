"""A person has a document pushed anew: one that is gone from QuickBooks, or that may be there and is not."""

from collections.abc import Callable

from qbo_pipeline.outbound.delivery.freezing import is_voided, thawed
from qbo_pipeline.outbound.delivery.targets import target_of
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.errors import NotFound
from qbo_pipeline.state.intents import IntentState, StoredIntent
from qbo_pipeline.state.store import StateStore


class StillThere(ValueError):  # noqa: N818 - named for what it says
    """QuickBooks has it: pushed anew it would be there twice, where numbers need not be unique."""


def push_again(store: StateStore, known: StoredIntent, client: Callable[[], QuickBooks]) -> None:
    """Let a create go out anew, under another `requestid`; raises `StillThere`. Only what was pushed is asked for."""
    link = store.links.find(known.realm_id, known.target, known.source_kind, known.source_id)
    if known.state is IntentState.PUSHED and link is not None and link.status == "live":
        try:
            record = client().read(target_of(known.target).entity, link.qbo_id)
        except NotFound:
            record = None
        if record is not None and not is_voided(thawed(record.payload)):
            raise StillThere(
                f"{known.source} is {known.target} {link.doc_number or link.qbo_id} in QuickBooks still: it is not pushed "
                "again. Its later changes go with `push --update`."
            )
    store.outbox.push_again(known.intent_key)
