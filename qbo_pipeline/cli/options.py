"""Options that several verbs take."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Connections = Annotated[list[str], typer.Option("--connection", help="Only this connection; may be given again.")]
