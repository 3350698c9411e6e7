"""`qbo-pipeline push`: what goes to QuickBooks, by hand."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from qbo_pipeline.cli.options import AsJson, Connections
from qbo_pipeline.cli.pushing import derive_and_push
from qbo_pipeline.console import console
from qbo_pipeline.console import pushes as push_console
from qbo_pipeline.outbound.delivery.audit import audit
from qbo_pipeline.outbound.linking import NotLinkable, link_document
from qbo_pipeline.outbound.push import open_client
from qbo_pipeline.quickbooks.errors import QuickBooksError
from qbo_pipeline.settings import Settings, read_settings
from qbo_pipeline.state.asked_runs import AskedRuns
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.errors import LinkTaken, UnknownPeriod
from qbo_pipeline.state.push_settings import UnknownChoice
from qbo_pipeline.state.store import StateStore, open_state

_DAY = ["%Y-%m-%d"]


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
    ended = derive_and_push(
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
