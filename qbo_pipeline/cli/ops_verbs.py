"""`qbo-pipeline ops`: make the operational system's tables, or check what a real one offers."""

from datetime import UTC, date, datetime
from typing import Annotated

import typer

from qbo_pipeline.cli.options import AsJson
from qbo_pipeline.console import console
from qbo_pipeline.ops.check import check as check_contract
from qbo_pipeline.ops.create import create_tables
from qbo_pipeline.ops.database import OpsDatabase, open_ops
from qbo_pipeline.ops.errors import OpsUnavailable
from qbo_pipeline.settings import Settings, read_settings

app = typer.Typer(no_args_is_help=True, help="The operational system that documents come from.")


@app.command()
def init(
    sample: Annotated[bool, typer.Option("--sample", help="Make the sample system in QBO_HOME, filled.")] = False,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The sample's last day; default today.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Create the contract's tables in the database of QBO_OPS_URL; one that has any of them is left alone."""
    settings = read_settings()
    counts = _make_sample(settings, as_of) if sample else _make_tables(settings)
    if as_json:
        console.print_json({"tables": counts})
    else:
        console.say(f"Created {len(counts)} tables with {sum(counts.values()):,} rows.")


@app.command()
def check(as_json: AsJson = False) -> None:
    """Name each table and column of the contract that the operational system lacks or has otherwise, with the fix."""
    database = open_ops(read_settings())
    if database is None:
        raise OpsUnavailable(
            "There is no operational system to check. Set QBO_OPS_URL, or make the sample with "
            "`qbo-pipeline ops init --sample`."
        )
    with database:
        deviations = check_contract(database)
    if as_json:
        console.print_json(deviations)
    elif deviations:
        rows = [(each.table, each.column or "(the table)", each.problem, each.fix) for each in deviations]
        console.print_table("Not as the contract has it", ("table", "column", "problem", "fix"), rows)
    else:
        console.say(f"{database.where} offers every table and column of the contract.")
    raise typer.Exit(1 if deviations else 0)


def _make_tables(settings: Settings) -> dict[str, int]:
    settings.require("ops_url")
    with OpsDatabase(settings.ops_database_url or "", may_create=True) as database:
        return dict.fromkeys(create_tables(database), 0)


def _make_sample(settings: Settings, as_of: datetime | None) -> dict[str, int]:
    from qbo_pipeline.ops.sample.sample import make_sample  # noqa: PLC0415 - needed by this verb alone

    day: date = as_of.date() if as_of else datetime.now(UTC).date()
    return make_sample(settings.ops_sample_path, day)
