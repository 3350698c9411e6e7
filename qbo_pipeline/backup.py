"""A backup of an installation, made while it runs, and its way back.

    webhook inbox -> warehouse -> state store, each as a whole

In this order, whatever is done in between is done again rather than lost: an event that the inbox still holds is read once more,
and the store is the last to know what was sent and which tokens are good. What was sent after the backup is not in it, so
a restored installation sends nothing before somebody arms it again.
"""

import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qbo_pipeline.settings import Settings
from qbo_pipeline.state.database import sqlite_path
from qbo_pipeline.state.store import open_state
from qbo_pipeline.warehouse.file import open_warehouse
from qbo_pipeline.warehouse.publish import flush

MANIFEST = "backup.json"
_FORMAT = 1


class BackupError(Exception):
    """A backup that cannot be made or taken back; nothing was changed, and the message says what to do."""


@dataclass(frozen=True)
class Backup:
    """A finished backup: its folder, the files in it, and what of the installation is not in it, with what to do."""

    folder: Path
    files: list[str]
    left_out: list[str]


def make_backup(settings: Settings, folder: Path, *, with_key: bool = True) -> Backup:
    """Copy what the installation knows into `folder`, which must not be there yet, and is there only once it is whole."""
    if folder.exists():
        raise BackupError(f"{folder} is there already, and no backup is written over another. Name a new folder.")
    unready = folder.with_name(folder.name + ".unready")
    shutil.rmtree(unready, ignore_errors=True)
    unready.mkdir(parents=True, mode=0o700)
    left_out = []
    places = _places(settings)
    _copy_sqlite(places["webhooks.db"], unready / "webhooks.db")
    _copy_warehouse(settings, unready)
    if "state.db" in places:
        _copy_sqlite(places["state.db"], unready / "state.db")
    else:
        left_out.append("The state store is in PostgreSQL: back it up there, after this, with pg_dump.")
    for name in ("snapshot_adjustments.csv", *(["token.key"] if with_key else [])):
        if places[name].exists():
            shutil.copyfile(places[name], unready / name)
    if settings.token_keys or not with_key:
        left_out.append("The keys that encrypt the tokens: without them every company is to be connected again.")
    files = sorted(path.name for path in unready.iterdir())
    if not {"state.db", "warehouse.duckdb"} & set(files):
        shutil.rmtree(unready)
        raise BackupError(f"There is no installation in {settings.home} to back up. Check QBO_HOME.")
    digests = {name: _digest(unready / name) for name in files}
    manifest = {"format": _FORMAT, "made_at": datetime.now(UTC).isoformat(), "files": digests, "left_out": left_out}
    (unready / MANIFEST).write_text(json.dumps(manifest, indent=2))
    for path in unready.iterdir():
        path.chmod(0o600)
        flush(path)
    unready.rename(folder)
    flush(folder.parent)
    return Backup(folder, files, left_out)


def restore_backup(settings: Settings, folder: Path) -> Backup:
    """Put a backup into `QBO_HOME`, where nothing of an installation may be; every push waits to be armed again."""
    manifest = _manifest(folder)
    places = _places(settings)
    names = [name for name in places if name in manifest["files"]]
    there = [name for name in names if places[name].exists()]
    if there:
        raise BackupError(
            f"{settings.home} holds an installation already ({', '.join(there)}), and nothing is written over it. Move it "
            "away, or set QBO_HOME to another folder."
        )
    damaged = [name for name in names if not _is_whole(folder / name, manifest["files"][name])]
    if damaged:
        raise BackupError(
            f"The backup {folder} is damaged: {', '.join(damaged)}. Nothing was restored; take another one."
        )
    settings.home.mkdir(parents=True, exist_ok=True)
    for name in names:
        incoming = places[name].with_name(f"{name}.incoming")
        shutil.copyfile(folder / name, incoming)
        incoming.chmod(0o600)
        flush(incoming)
        incoming.rename(places[name])
    flush(settings.home)
    if settings.warehouse_path.exists():
        shutil.copyfile(settings.warehouse_path, settings.analytics_path)
    with open_state(settings) as store:
        store.check()
        for connection in store.connections.all():
            store.push_settings.disarm(connection.realm_id)
    return Backup(folder, names, list(manifest["left_out"]))


def _copy_warehouse(settings: Settings, folder: Path) -> None:
    if not settings.warehouse_path.exists():
        return
    warehouse = open_warehouse(settings)
    with warehouse.lock.held("back up the warehouse"):
        with warehouse.connect("back up the warehouse") as connection:
            connection.execute("checkpoint")
        # Closed here: a copy of an open file would drop DuckDB's lock and miss what is in its log.
        shutil.copyfile(warehouse.path, folder / warehouse.path.name)


def _copy_sqlite(path: Path, to: Path) -> None:
    """A copy of one moment, whoever writes to the file meanwhile."""
    if not path.exists():
        return
    os.close(os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(path, timeout=30)) as source, closing(sqlite3.connect(to)) as copy:
        source.backup(copy)
        # One file, with no log beside it.
        copy.execute("pragma journal_mode = delete")


def _places(settings: Settings) -> dict[str, Path]:
    """Where each file of a backup belongs; none for a state store that is no file."""
    state = sqlite_path(settings.state_database_url)
    places = {
        "token.key": settings.token_key_path,
        "snapshot_adjustments.csv": settings.snapshot_adjustments_path,
        "webhooks.db": settings.webhook_inbox_path,
        "warehouse.duckdb": settings.warehouse_path,
    }
    return places | ({"state.db": state} if state else {})


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        raise BackupError(f"{folder} is no backup: its {MANIFEST} cannot be read.") from None
    if manifest.get("format") != _FORMAT:
        raise BackupError(f"The backup {folder} was made by another version of qbo-pipeline: restore it with that one.")
    return manifest


def _is_whole(path: Path, digest: str) -> bool:
    return path.exists() and _digest(path) == digest


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
