"""`qbo-pipeline push-settings`: how a connection is pushed to."""

from typing import Annotated

import typer

from qbo_pipeline.cli.options import AsJson
from qbo_pipeline.console import console
from qbo_pipeline.console import pushes as push_console
from qbo_pipeline.settings import read_settings
from qbo_pipeline.state.push_settings import UnknownChoice
from qbo_pipeline.state.store import open_state


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
