"""The documents that were sent while a run was under way."""

from qbo_pipeline.outbound.story import PushLine, push_lines
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.state.sync_log import Run


def sent_while(store: StateStore, run: Run, limit: int) -> list[PushLine]:
    """The documents of which a request left between a run's beginning and its end, each as it stands, the last first.

    A push writes no lines into the sync log, and two of them may be under way: what is told is what left meanwhile.
    """
    attempts = [
        each
        for each in store.outbox.attempts_since(run.started_at)
        if each.started_at >= run.started_at and (run.finished_at is None or each.started_at <= run.finished_at)
    ]
    keys = list(dict.fromkeys(each.intent_key for each in reversed(attempts)))[:limit]
    found = (store.outbox.get(key) for key in keys)
    return push_lines(store, [each for each in found if each is not None])
