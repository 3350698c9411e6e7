"""`qbo-pipeline push` and `why`: what goes to QuickBooks, by hand, and what became of it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from qbo_pipeline.console import console
from qbo_pipeline.console import pushes as push_console
from qbo_pipeline.outbound.delivery.audit import audit
from qbo_pipeline.outbound.linking import NotLinkable, link_document
from qbo_pipeline.outbound.push import open_client
from qbo_pipeline.outbound.reversals import reversal_keys
from qbo_pipeline.outbound.story import Told, push_lines, story_of
from qbo_pipeline.quickbooks.errors import QuickBooksError
from qbo_pipeline.settings import Settings, read_settings
from qbo_pipeline.state.asked_runs import AskedRuns
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.errors import LinkTaken, UnknownPeriod
from qbo_pipeline.state.intents import IntentState
from qbo_pipeline.state.push_settings import UnknownChoice
from qbo_pipeline.state.store import StateStore, open_state

if TYPE_CHECKING:
    from qbo_pipeline.orchestration.run import JobRun

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Connections = Annotated[list[str], typer.Option("--connection", help="Only this connection; may be given again.")]
Ended = Literal["done", "partly", "failed"]
_DAY = ["%Y-%m-%d"]
# Where somebody must act before it goes on.
_STANDING = (IntentState.BLOCKED, IntentState.FAILED, IntentState.DEAD, IntentState.DRIFT)


def push(
    connection: Connections = [],  # noqa: B006 - Typer copies its defaults
    target: Annotated[
        list[str],
        typer.Option("--type", help="Only this kind of QuickBooks object, such as Invoice; may be given again."),
    ] = [],  # noqa: B006
    source: Annotated[str | None, typer.Option(help="Only this source document, as KIND:ID.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show exactly what would be sent, and send nothing.")
    ] = False,
    arm: Annotated[bool, typer.Option("--arm", help="Allow pushes from now on; sends nothing.")] = False,
    go_live: Annotated[
        datetime | None,
        typer.Option(formats=_DAY, help="First day whose documents are pushed; with --arm or --dry-run."),
    ] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Check every pushed document against QuickBooks.")] = False,
    update: Annotated[bool, typer.Option("--update", help="Send later changes of pushed documents too.")] = False,
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="With --source: push anew what is gone from QuickBooks, or may be there and is not."
        ),
    ] = False,
    is_: Annotated[
        str | None,
        typer.Option(
            "--is", metavar="QBO-ID", help="With --source: it is this one in QuickBooks; link it, push nothing."
        ),
    ] = None,
    run_id: Annotated[str | None, typer.Option(hidden=True, help="The run's id, where its asker has noted it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Push now: work out what should exist in QuickBooks, and send what is not there; each document once."""
    if sum((dry_run, arm, verify, update)) > 1:
        raise typer.BadParameter("--dry-run, --arm, --verify and --update are asked for one at a time.")
    if (again or is_) and not source:
        raise typer.BadParameter(f"{'--again' if again else '--is'} needs --source KIND:ID.")
    if is_ and again:
        raise typer.BadParameter("It is either the one in QuickBooks (--is), or to be pushed (--again).")
    if source and ":" not in source:
        raise typer.BadParameter(f"--source is KIND:ID, such as invoice:{source}.")
    settings = read_settings()
    with open_state(settings) as store:
        chosen = _chosen(store, connection)
        if go_live is not None:
            for each in chosen:
                store.push_settings.set_go_live(each.realm_id, go_live.date())
        if arm:
            _arm(store, chosen, as_json=as_json)
            return
        if verify:
            raise typer.Exit(_verify(store, settings, chosen, as_json=as_json))
        if source and is_:
            _link(store, settings, chosen, source, is_)
            return
        if source and not dry_run:
            _request_period(store, settings, chosen, source, again=again)
    ended = _derive_and_push(
        settings,
        [each.name for each in chosen],
        targets=target,
        source=source,
        dry_run=dry_run,
        update=update,
        again=again,
        run_id=run_id,
        as_json=as_json,
    )
    if run_id:
        with open_state(settings) as store:
            store.sync_log.finish_run(run_id, ended)
        AskedRuns(settings).end(run_id)
    raise typer.Exit(0 if ended == "done" else 1)


def why(
    source: Annotated[str, typer.Argument(help="A source document: KIND:ID, its id, or its number in QuickBooks.")],
    as_json: AsJson = False,
) -> None:
    """Why a source document is, or is not, in QuickBooks, and whose move it is."""
    settings = read_settings()
    with open_state(settings) as store:
        told = story_of(store, source)
    skipped = [] if told else _skipped(settings, source)
    if as_json:
        console.print_json({"source": source, "intents": told, "skipped": skipped})
    else:
        _print_story(source, told, skipped)
    raise typer.Exit(0 if told or skipped else 1)


def push_settings(
    connection: Annotated[str, typer.Argument(help="The connection.")],
    choices: Annotated[list[str], typer.Argument(help="NAME=VALUE; none shows them all.")] = [],  # noqa: B006
    as_json: AsJson = False,
) -> None:
    """Show or change how a connection is pushed to: cadence, automatic pushes, what is made, defaults."""
    from qbo_pipeline.state.push_choices import read_choices  # noqa: PLC0415 - needed by this verb alone

    with open_state(read_settings()) as store:
        realm_id = store.connections.get(connection).realm_id
        try:
            settings = (
                store.push_settings.choose(realm_id, **read_choices(choices))
                if choices
                else store.push_settings.of(realm_id)
            )
        except UnknownChoice as error:
            raise typer.BadParameter(str(error)) from error
        settings = store.push_settings.of(realm_id)
    if as_json:
        console.print_json(settings)
    else:
        push_console.print_push_settings(connection, settings)


def _chosen(store: StateStore, names: list[str]) -> list[Connection]:
    """The connections named, or all active ones of a business entity."""
    if names:
        return [store.connections.get(name) for name in names]
    return [each for each in store.connections.all() if each.is_active and each.business_entity_id]


def _arm(store: StateStore, connections: list[Connection], *, as_json: bool) -> None:
    if not connections:
        console.complain(
            "No connection belongs to a business entity. Make one: qbo-pipeline connect NAME --business-entity ID"
        )
        raise typer.Exit(1)
    try:
        armed = [store.push_settings.arm(each.realm_id) for each in connections]
    except UnknownChoice as error:
        console.complain(f"{error} For example: qbo-pipeline push --arm --go-live 2026-01-01")
        raise typer.Exit(1) from error
    if as_json:
        console.print_json(armed)
        return
    for connection, settings in zip(connections, armed, strict=True):
        console.say(f"{connection.name} may be pushed to: documents dated from {settings.go_live_date} on.")


def _link(store: StateStore, settings: Settings, connections: list[Connection], source: str, qbo_id: str) -> None:
    """It is that document of QuickBooks: it is linked, whichever of the companies it belongs to."""
    known = {each.realm_id for each in store.outbox.about(source.partition(":")[2])}
    of_source = [each for each in connections if each.realm_id in known]
    if len(of_source) != 1:
        console.complain(f"{source} is known of {len(of_source)} connections: name one with --connection.")
        raise typer.Exit(1)
    try:
        with open_client(store, of_source[0], settings) as client:
            link = link_document(store, client, source, qbo_id)
    except (NotLinkable, LinkTaken, QuickBooksError) as error:
        console.complain(str(error))
        raise typer.Exit(1) from error
    console.say(
        f"{source} is {link.target} {link.qbo_id} (number {link.doc_number or 'none'}, {link.total}); it is not pushed."
    )


def _request_period(
    store: StateStore, settings: Settings, connections: list[Connection], source: str, *, again: bool
) -> None:
    """A contract's period that a person names is billed, whatever keeps it from being billed by itself."""
    from qbo_pipeline.outbound.recurring.requesting import request_period  # noqa: PLC0415 - needed with a source alone

    try:
        periods = request_period(store, settings, connections, source, datetime.now(UTC), again=again)
    except UnknownPeriod as error:
        console.complain(str(error))
        raise typer.Exit(1) from error
    for each in periods:
        if each.reason:
            console.complain(f"{source} is {each.state}: {each.reason}")


def _verify(store: StateStore, settings: Settings, connections: list[Connection], *, as_json: bool) -> int:
    audits = {}
    for each in connections:
        with open_client(store, each, settings) as client:
            audits[each.name] = audit(store, client)
    if as_json:
        console.print_json(audits)
    else:
        push_console.print_audits(audits)
    return 1 if any(each.findings for each in audits.values()) else 0


def _derive_and_push(
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
    from qbo_pipeline.orchestration.run import run_derive, run_push  # noqa: PLC0415 - Dagster loads for verbs that run it

    with console.working("Looking at what should exist"):
        derived = run_derive(settings, update_keys=_drifted(settings, source) if update else (), before=run_id)
    if not derived.succeeded:
        _complain_of(derived.failures)
        return "failed"
    if dry_run:
        _show_previews(settings, names, targets, source, as_json=as_json)
        return "done"
    keys = _keys_of(settings, source, again=again) if source else []
    if source and not keys:
        _print_or_complain_unknown(settings, source, as_json=as_json)
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


def _keys_of(settings: Settings, source: str, *, again: bool) -> list[str]:
    """The intents of one source and of the names it waits for."""
    kind, _, identity = source.partition(":")
    with open_state(settings) as store:
        own = store.outbox.about(identity, source_kind=kind)
        if again:
            for each in own:
                if each.operation == "create":
                    store.outbox.push_again(each.intent_key)
        needed = [need for each in own for need in store.outbox.needs(each.intent_key)]
        names = [found for need in needed for found in store.outbox.about(need.source_id, source_kind=need.source_kind)]
    return [*(each.intent_key for each in (*names, *own)), *chain.from_iterable(map(reversal_keys, own))]


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


def _print_or_complain_unknown(settings: Settings, source: str, *, as_json: bool) -> None:
    skipped = _skipped(settings, source)
    if as_json:
        console.print_json({"source": source, "intents": [], "skipped": skipped})
    else:
        _print_story(source, [], skipped)


def _skipped(settings: Settings, source: str) -> list[dict[str, Any]]:
    """What the models say of a source that the outbox does not know, as the published copy has it."""
    from qbo_pipeline.warehouse.skipped import skipped_sources  # noqa: PLC0415 - needed where the outbox knows nothing

    kind, separator, identity = source.partition(":")
    return skipped_sources(settings.analytics_path, identity if separator else source, kind if separator else None)


def _print_story(source: str, told: list[Told], skipped: list[dict[str, Any]]) -> None:
    if not told and not skipped:
        console.complain(
            f"Nothing is known of {source}. Is it spelt as the operational system has it, and was it there at the last "
            "`qbo-pipeline push` or sync? Drafts and what QuickBooks has no document for are not looked at."
        )
    for each in told:
        push_console.print_told(each)
    for row in skipped:
        console.say(f"{row['source_kind']}:{row['source_id']} ({row['source_number']}) is not pushed: {row['reason']}")
