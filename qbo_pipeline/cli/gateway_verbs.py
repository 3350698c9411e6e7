"""`qbo-pipeline gateway`: the web service that receives webhooks and serves people without a terminal."""

from typing import Annotated

import typer

from qbo_pipeline.settings import read_settings


def gateway(
    host: Annotated[
        str, typer.Option(help="Address to listen on; others than this machine's need sign-in.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8700,
) -> None:
    """Serve the gateway until interrupted: connect companies, receive webhooks, start syncs, see what waits."""
    from qbo_pipeline.gateway.serving import serve  # noqa: PLC0415 - a web server loads for this verb only

    serve(read_settings(), host, port)
