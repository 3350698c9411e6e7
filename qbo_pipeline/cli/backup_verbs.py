"""`qbo-pipeline backup` and `restore`."""

from pathlib import Path
from typing import Annotated

import typer

from qbo_pipeline.backup import BackupError, make_backup, restore_backup
from qbo_pipeline.cli.options import AsJson
from qbo_pipeline.console import console
from qbo_pipeline.settings import read_settings


def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder for the backup.")],
    without_key: Annotated[
        bool,
        typer.Option("--without-key", help="Leave out the key file; keep it elsewhere, the tokens are lost without."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Back up the state store, the warehouse and the webhook inbox, also while everything runs."""
    try:
        made = make_backup(read_settings(), folder, with_key=not without_key)
    except BackupError as error:
        console.complain(str(error))
        raise typer.Exit(1) from error
    if as_json:
        console.print_json(made)
        return
    console.say(f"{made.folder} holds {', '.join(made.files)}. Whoever has it has the companies' books and tokens.")
    for each in made.left_out:
        console.say(f"Not in it: {each}")


def restore(
    folder: Annotated[Path, typer.Argument(help="A backup's folder.")],
    as_json: AsJson = False,
) -> None:
    """Put a backup into an empty QBO_HOME; nothing is written over an installation."""
    try:
        taken = restore_backup(read_settings(), folder)
    except BackupError as error:
        console.complain(str(error))
        raise typer.Exit(1) from error
    if as_json:
        console.print_json(taken)
        return
    for each in taken.left_out:
        console.say(f"Not in the backup: {each}")
    console.say(
        "Restored. A sync reads what changed since; a company whose token was renewed since is to be connected again.\n"
        "Nothing is pushed until it is armed again: first `qbo-pipeline push --verify`, since what was sent after the backup is "
        "not in it, then `qbo-pipeline push --arm`."
    )
