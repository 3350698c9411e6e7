"""The verbs that serve something on this machine: the demo, the Dagster UI, the emulated QuickBooks."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from qbo_pipeline.console import console
from qbo_pipeline.settings import read_settings


def demo(
    port: Annotated[int, typer.Option(help="Port of the emulated QuickBooks.")] = 8712,
) -> None:
    """Pull three sample companies from an emulated QuickBooks, push a sample system's documents, and show what came of it."""
    from qbo_pipeline.demo.run import run_demo  # noqa: PLC0415 - Dagster and dbt load only for the verbs that run them

    raise typer.Exit(0 if run_demo(read_settings(), port=port) else 1)


def dev(
    port: Annotated[int, typer.Option(help="Port of the emulated QuickBooks.")] = 8712,
    ui_port: Annotated[int, typer.Option(help="Port of the Dagster UI.")] = 3000,
    emulator: Annotated[
        bool, typer.Option(help="Run the emulated QuickBooks and its sample companies beside it.")
    ] = True,
) -> None:
    """Serve the Dagster UI and its schedules until interrupted."""
    from qbo_pipeline.demo.run import run_dev, serve_ui  # noqa: PLC0415

    settings = read_settings()
    raise typer.Exit(run_dev(settings, port=port, ui_port=ui_port) if emulator else serve_ui(settings, ui_port))


def emulator(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 for any free one.")] = 8712,
    company: Annotated[
        list[str],
        typer.Option(help="landscaping, consultancy or generated:INVOICES[:SEED[:LINES]]; may be given again."),
    ] = ["landscaping"],  # noqa: B006
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day the books end at; default today.")
    ] = None,
    latency_ms: Annotated[int, typer.Option(min=0, help="How much slower every answer is.")] = 0,
    state_file: Annotated[Path | None, typer.Option(help="Where grants are kept for the next start.")] = None,
) -> None:
    """Run an emulated QuickBooks Online on this machine, until interrupted."""
    from qbo_pipeline.emulator.command import serve  # noqa: PLC0415
    from qbo_pipeline.emulator.state_file import DamagedStateError  # noqa: PLC0415

    day: date | None = as_of.date() if as_of else None
    try:
        serve(company, port=port, as_of=day, latency_ms=latency_ms, state_file=state_file)
    except (ValueError, DamagedStateError) as error:
        console.complain(str(error))
        raise typer.Exit(1) from error
