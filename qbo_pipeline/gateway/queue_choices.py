"""What a person may decide about an intent, given how it stands."""

from qbo_pipeline.state.intents import WAITS_FOR_LINK, IntentState, StoredIntent

_WAITS_FOR_SOMEBODY = (IntentState.BLOCKED, IntentState.FAILED, IntentState.DEAD, IntentState.DRIFT)
_FATE_UNKNOWN = (IntentState.IN_FLIGHT, IntentState.UNKNOWN)
DONE = (IntentState.PUSHED, IntentState.SKIPPED)


def may_be_retried(intent: StoredIntent) -> bool:
    """Whether a person may let it go on: what goes on by itself needs nobody, and of the rest a send may be under way."""
    return intent.state in _WAITS_FOR_SOMEBODY and intent.reason_code != WAITS_FOR_LINK


def may_be_skipped(intent: StoredIntent) -> bool:
    """Whether a person may decide that it is not pushed: not what is out, and nothing whose fate is unknown."""
    return intent.state not in (*DONE, *_FATE_UNKNOWN)
