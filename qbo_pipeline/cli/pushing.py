"""A push by hand, step by step: sources are looked at, then what is due goes out, and what became of it is told."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Literal

from qbo_pipeline.cli.why_verb import print_unknown
from qbo_pipeline.console import console
from qbo_pipeline.console import pushes as push_console
from qbo_pipeline.outbound.push import open_client
from qbo_pipeline.outbound.pushing_again import StillThere, push_again
from qbo_pipeline.outbound.reversals import reversal_keys
from qbo_pipeline.outbound.story import push_lines
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.errors import QuickBooksError
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.intents import IntentState
from qbo_pipeline.state.store import open_state

if TYPE_CHECKING:
    from qbo_pipeline.orchestration.run import JobRun

Ended = Literal["done", "partly", "failed"]
# Where somebody must act before it goes on.
_STANDING = (IntentState.BLOCKED, IntentState.FAILED, IntentState.DEAD, IntentState.DRIFT)


def derive_and_push(
    settings: Settings,
    names: list[str],
    *,
    targets: list[str],
    source: str | None,
    dry_run: bool,
    update: bool,
    again: bool,
    run_id: str | None,
    as_json: bool,
) -> Ended:
    """Work out what should exist, then send what is due of it, or show what would be sent."""
    from qbo_pipeline.orchestration.run import run_derive, run_push  # noqa: PLC0415 - Dagster loads for verbs that run it

    with console.working("Looking at what should exist"):
        derived = run_derive(settings, update_keys=_drifted(settings, source) if update else (), before=run_id)
    if not derived.succeeded:
        _complain_of(derived.failures)
        return "failed"
    if dry_run:
        _show_previews(settings, names, targets, source, as_json=as_json)
        return "done"
    if source and again and (refused := _again(settings, source)):
        _complain_of([refused])
        return "failed"
    keys = _keys_of(settings, source) if source else []
    if source and not keys:
        print_unknown(settings, source, as_json=as_json)
        return "failed"
    since = datetime.now(UTC)
    with console.working("Pushing"):
        pushed = run_push(settings, connections=names, targets=targets, keys=keys, run_id=run_id)
    return _tell(settings, pushed, since, keys, as_json=as_json)


def _drifted(settings: Settings, source: str | None) -> list[str]:
    """The pushed creates whose source changed since: all, or those of one source."""
    with open_state(settings) as store:
        found = store.outbox.about(source.partition(":")[2]) if source else store.outbox.intents(states=("pushed",))
    return [each.intent_key for each in found if each.operation == "create"]


def _keys_of(settings: Settings, source: str) -> list[str]:
    """The intents of one source, of the names it waits for, and of what would take it back."""
    kind, _, identity = source.partition(":")
    with open_state(settings) as store:
        own = store.outbox.about(identity, source_kind=kind)
        needed = [need for each in own for need in store.outbox.needs(each.intent_key)]
        names = [found for need in needed for found in store.outbox.about(need.source_id, source_kind=need.source_kind)]
    return [*(each.intent_key for each in (*names, *own)), *chain.from_iterable(map(reversal_keys, own))]


def _again(settings: Settings, source: str) -> str | None:
    """Let what a source became go out anew; why not, where QuickBooks has it still."""
    kind, _, identity = source.partition(":")
    with open_state(settings) as store, ExitStack() as opened:
        connections = {each.realm_id: each for each in store.connections.all()}

        def client(realm_id: str) -> QuickBooks:
            return opened.enter_context(open_client(store, connections[realm_id], settings))

        try:
            for each in store.outbox.about(identity, source_kind=kind):
                if each.operation == "create":
                    push_again(store, each, partial(client, each.realm_id))
        except (StillThere, QuickBooksError) as error:
            return str(error)
    return None


def _show_previews(
    settings: Settings, names: list[str], targets: list[str], source: str | None, *, as_json: bool
) -> None:
    from qbo_pipeline.outbound.previewing import dry_run  # noqa: PLC0415 - needed by a dry run alone

    with open_state(settings) as store:
        looked = dry_run(store, settings, connections=names, targets=targets, source=source)
    if as_json:
        console.print_json(looked)
    else:
        push_console.print_previews(looked.summary, str(settings.analytics_path))


def _tell(settings: Settings, pushed: "JobRun", since: datetime, keys: list[str], *, as_json: bool) -> Ended:
    """Print what became of the push's documents; "partly" where all was sent that could be, and some waits for somebody."""
    with open_state(settings) as store:
        touched = [
            each
            for each in store.outbox.intents()
            if (each.intent_key in keys if keys else each.updated_at >= since or each.state in _STANDING)
        ]
        lines = push_lines(store, touched)
    if as_json:
        console.print_json(
            {"run_id": pushed.run_id, "succeeded": pushed.succeeded, "failures": pushed.failures, "intents": lines}
        )
    else:
        push_console.print_pushes(lines)
        _complain_of(pushed.failures)
    if not pushed.succeeded:
        return "failed"
    return "partly" if any(each.state in _STANDING for each in touched) else "done"


def _complain_of(failures: Sequence[str]) -> None:
    for failure in failures:
        console.complain(failure)
