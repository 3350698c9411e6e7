"""Whose move it is: who must act before a document that is not in QuickBooks gets there, and what they do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from qbo_pipeline.state.holding import Ways, holders_of
from qbo_pipeline.state.intents import BILLED_TWICE, TOTAL_DIFFERS, WAITS_FOR_LINK, IntentState, StoredIntent

Who = Literal["nobody", "pipeline", "bookkeeper", "operations", "engineer"]
# Whose move is told first: that of people, as what is the pipeline's comes by itself.
WHO_FIRST: tuple[Who, ...] = ("bookkeeper", "operations", "engineer", "pipeline", "nobody")


@dataclass(frozen=True)
class Move:
    """`who` acts next, and what they do; `nobody` where all is done."""

    who: Who
    what: str


_DONE = {
    IntentState.PUSHED: Move("nobody", "It is in QuickBooks."),
    IntentState.SKIPPED: Move("nobody", "It is not meant to go to QuickBooks, for the reason given."),
}
_GOES_ON = {
    IntentState.PENDING: Move("pipeline", "It goes out with the next push."),
    IntentState.IN_FLIGHT: Move("pipeline", "It is being sent."),
    IntentState.RETRY_WAIT: Move("pipeline", "It is tried again by itself."),
    IntentState.UNKNOWN: Move("pipeline", "QuickBooks is asked whether it arrived before anything is sent again."),
}
_BY_REASON = {
    WAITS_FOR_LINK: Move("pipeline", "It goes on by itself once what it refers to is in QuickBooks; see that."),
    BILLED_TWICE: Move("operations", "Take the work off one of the two documents."),
    "source_changed": Move("pipeline", "Its source changed just now; the next look at it decides."),
    "refused_before": Move("operations", "Change the source or a mapping: QuickBooks refuses it as it is."),
    "not_makeable": Move("operations", "Mend the source's fields named in the reason."),
    "maybe_in_books": Move("bookkeeper", "Say whether it is the one in the books, as the reason tells."),
    "maybe_deleted": Move("bookkeeper", "See whether the deleted one was it: wake it to send it, or skip it."),
    "deleted_since": Move("bookkeeper", "Leave it deleted, or have it pushed again."),
    "given_up": Move("engineer", "Look into the attempts, then wake it."),
}
_BY_STATE = {
    IntentState.BLOCKED: Move("bookkeeper", "Do what the reason says; it goes on once that is done or it is woken."),
    IntentState.FAILED: Move("operations", "Change the source or a mapping: QuickBooks refuses it as it is."),
    IntentState.DEAD: Move("engineer", "Look into the attempts, then wake it."),
    IntentState.DRIFT: Move(
        "bookkeeper", "See both sides; push the update to overwrite QuickBooks, or leave it as it is."
    ),
}


def mover(ways: Ways) -> Callable[[StoredIntent], Move]:
    """Tells whose move it is with an intent; with one that waits for others, it is that of whoever holds those up."""

    def move(intent: StoredIntent) -> Move:
        behind = [(holder, _own_move(holder)) for holder in holders_of(intent, ways)]
        if not behind:
            return _own_move(intent)
        holder, first = min(behind, key=lambda each: (WHO_FIRST.index(each[1].who), each[0].intent_key))
        named = f"{holder.target} {holder.natural_key or ''}".rstrip()
        return Move(first.who, f"It waits for {named} ({holder.source}), which is {holder.state}. {first.what}")

    return move


def _own_move(intent: StoredIntent) -> Move:
    if intent.state is IntentState.PUSHED and intent.has_changed_since:
        return Move("bookkeeper", "Its source changed since: `push --update` sends the change, or leave it.")
    if intent.state is IntentState.PUSHED and intent.reason_code == TOTAL_DIFFERS:
        return Move("bookkeeper", "It is in QuickBooks with another total than its source has: correct one of them.")
    fixed = _DONE.get(intent.state) or _GOES_ON.get(intent.state)
    if fixed is not None:
        return fixed
    reason = intent.reason_code or ""
    if reason.startswith("unmapped_") or reason == "name_taken":
        return Move("bookkeeper", f"Map it: `qbo-pipeline map`, kind {reason.removeprefix('unmapped_')}.")
    return _BY_REASON.get(reason) or _BY_STATE[intent.state]
