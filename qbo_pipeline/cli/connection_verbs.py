"""The verbs that make, list and end connections."""

from typing import Annotated

import typer

from qbo_pipeline.cli.options import AsJson
from qbo_pipeline.console import console
from qbo_pipeline.settings import Environment, read_settings
from qbo_pipeline.state.connect import App, connect_headless, connect_in_browser
from qbo_pipeline.state.connect import disconnect as disconnect_connection
from qbo_pipeline.state.store import open_state


def connect(
    name: Annotated[str, typer.Argument(help="What to call the connection.")],
    realm_id: Annotated[str | None, typer.Option(help="The company's realm id, with a refresh token.")] = None,
    refresh_token_file: Annotated[
        typer.FileText | None,
        typer.Option(help="File with a refresh token, '-' for standard input: connects without a browser."),
    ] = None,
    client_id: Annotated[str | None, typer.Option(help="Client id of an app of its own.")] = None,
    client_secret_file: Annotated[typer.FileText | None, typer.Option(help="File with that app's secret.")] = None,
    environment: Annotated[Environment | None, typer.Option(help="Default: QBO_ENVIRONMENT.")] = None,
    business_entity: Annotated[str | None, typer.Option(help="The operational system's side of it.")] = None,
) -> None:
    """Connect a QuickBooks company: in the browser, or from a refresh token."""
    if (realm_id is None) != (refresh_token_file is None):
        raise typer.BadParameter("--realm-id and --refresh-token-file go together.")
    if (client_id is None) != (client_secret_file is None):
        raise typer.BadParameter("--client-id and --client-secret-file go together.")
    own_app = App(client_id, client_secret_file.read().strip()) if client_id and client_secret_file else None
    options = {"environment": environment, "app": own_app, "business_entity_id": business_entity}
    settings = read_settings()
    with open_state(settings) as store:
        if realm_id and refresh_token_file:
            token = refresh_token_file.read().strip()
            connection = connect_headless(store, settings, name, realm_id, token, **options)
        else:
            connection = connect_in_browser(store, settings, name, **options)
    console.say(
        f"Connected {connection.company_name} (realm {connection.realm_id}, {connection.environment}) as {connection.name}.\n"
        f"Next: qbo-pipeline sync --connection {connection.name}"
    )


def connections(as_json: AsJson = False) -> None:
    """List the connections: status, last sync, token ages, and why one is inactive."""
    with open_state(read_settings()) as store:
        found = store.connections.all()
    if as_json:
        console.print_json(found)
    elif found:
        console.print_connections(found)
    else:
        console.say("There is no connection yet. Make one with: qbo-pipeline connect NAME")


def disconnect(name: str) -> None:
    """Revoke a connection's tokens at Intuit and make it inactive; its data stays, other connections are left alone."""
    settings = read_settings()
    with open_state(settings) as store:
        disconnect_connection(store, settings, name)
    console.say(f"Disconnected {name}: its tokens are revoked and erased; what was pulled stays in the warehouse.")
