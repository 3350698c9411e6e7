"""`qbo-pipeline`: every verb calls one public function and prints what it returns.

Exit codes: 0 when all that was asked was done, 1 when some of it was not (each named with its reason), 2 for wrong usage.
"""

import sys

import typer

from qbo_pipeline.catalog import UnknownEntityError
from qbo_pipeline.cli import (
    backup_verbs,
    connection_verbs,
    gateway_verbs,
    local_verbs,
    map_verbs,
    ops_verbs,
    push_settings_verb,
    push_verbs,
    sync_verbs,
    why_verb,
)
from qbo_pipeline.console import console
from qbo_pipeline.ops.errors import OpsError, UnknownSource
from qbo_pipeline.orchestration.dbt_project import ManifestError
from qbo_pipeline.quickbooks.endpoints import InvalidEndpoint
from qbo_pipeline.quickbooks.errors import QuickBooksError
from qbo_pipeline.settings import SettingsError
from qbo_pipeline.state.errors import StateError, UnknownConnection
from qbo_pipeline.state.mapping_kinds import UnknownKind
from qbo_pipeline.warehouse.file import WarehouseError
from qbo_pipeline.warehouse.lock import WarehouseBusyError

WRONG_USAGE = 2

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="QuickBooks Online and a DuckDB warehouse, kept in step.",
)
for verb in (
    local_verbs.demo,
    local_verbs.dev,
    connection_verbs.connect,
    connection_verbs.connections,
    connection_verbs.disconnect,
    sync_verbs.sync,
    sync_verbs.log,
    push_verbs.push,
    why_verb.why,
    push_settings_verb.push_settings,
    sync_verbs.report,
    sync_verbs.doctor,
    gateway_verbs.gateway,
    local_verbs.emulator,
    backup_verbs.backup,
    backup_verbs.restore,
):
    app.command()(verb)
app.add_typer(ops_verbs.app, name="ops")
app.add_typer(map_verbs.app, name="map")


def main() -> None:
    """Run the command line; what it cannot do is said in one message, without a traceback."""
    try:
        app()
    except (UnknownConnection, UnknownEntityError, UnknownKind, UnknownSource) as error:
        _refuse(error, WRONG_USAGE)
    except (
        SettingsError,
        StateError,
        OpsError,
        QuickBooksError,
        InvalidEndpoint,
        ManifestError,
        WarehouseError,
        WarehouseBusyError,
        OSError,
    ) as error:
        _refuse(error, 1)


def _refuse(error: Exception, code: int) -> None:
    console.complain(str(error))
    sys.exit(code)
