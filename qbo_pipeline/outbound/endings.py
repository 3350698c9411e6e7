"""What ends a document in QuickBooks is made of: how it may end there, and whether what takes it back is still to go."""

from datetime import date

from qbo_pipeline.outbound.delivery.composing import Held, Ready, Withdrawn
from qbo_pipeline.outbound.document import Ending, Reversal, Wanted
from qbo_pipeline.outbound.payloads.dating import first_open_day
from qbo_pipeline.outbound.reversals import REVERSED_BY
from qbo_pipeline.state.intents import UNSETTLED, IntentState, StoredIntent
from qbo_pipeline.state.push_keys import intent_key
from qbo_pipeline.state.push_settings import PushChoices
from qbo_pipeline.state.store import StateStore

VOID_UNDER_WAY = "void_under_way"


def ending(intent: StoredIntent, wanted: Wanted, choices: PushChoices, closed_to: date | None) -> Ready:
    """How a document ends, as its company chose; a kind that is not pushed takes nothing back either.

    What takes one back is moved on where more of the books were closed meanwhile.
    """
    if isinstance(wanted, Reversal):
        open_day = wanted.transaction_date if closed_to is None else first_open_day(closed_to)
        day = max(open_day, wanted.transaction_date)
        return Ready({}, reversal=wanted.model_copy(update={"transaction_date": day}))
    takes_back = not choices.targets or REVERSED_BY.get(intent.target) in choices.targets
    return Ready(
        {},
        void_by=choices.void_by,
        closed_to=closed_to,
        redates=choices.closed_period == "redate" and takes_back,
        ending=wanted if isinstance(wanted, Ending) else None,
    )


def called_off(store: StateStore, realm_id: str, reversal: Reversal) -> Withdrawn | Held | None:
    """Why a reversal does not go: only while a void waits for it does it; that one was called off, or was done after all."""
    of = reversal.of
    void = store.outbox.get(intent_key(realm_id, of.target, "void", of.source_kind, of.source_id, version=0))
    if void is None or void.state in (IntentState.PUSHED, IntentState.SKIPPED):
        return Withdrawn(f"{of.target} of {of.source_kind}:{of.source_id} is not to be taken back any more.")
    if void.state in UNSETTLED:
        return Held(VOID_UNDER_WAY, f"A void of {of.source_kind}:{of.source_id} was sent, and its answer is awaited.")
    return None
