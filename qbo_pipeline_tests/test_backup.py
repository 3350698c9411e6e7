"""A backup made while others write is of one moment, and comes back into an empty home and into no other."""

import json
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qbo_pipeline.backup import MANIFEST, BackupError, make_backup, restore_backup
from qbo_pipeline.quickbooks.webhooks import ChangeEvent
from qbo_pipeline.settings import read_settings
from qbo_pipeline.state.intents import Intent
from qbo_pipeline.state.store import open_state
from qbo_pipeline.state.tokens import token_source
from qbo_pipeline.state.webhook_inbox import WebhookInbox
from qbo_pipeline_tests.installation import LANDSCAPING, Installation


@pytest.fixture
def in_use(installation: Installation) -> Installation:
    """An installation that was read, may be pushed to, and was told of a change."""
    installation.pull(entities=["Invoice"])
    installation.store.push_settings.set_go_live(LANDSCAPING, date(2026, 1, 1))
    installation.store.push_settings.arm(LANDSCAPING)
    inbox = WebhookInbox(installation.settings.webhook_inbox_path)
    inbox.put([ChangeEvent("e", LANDSCAPING, "Invoice", "130", "update", datetime.now(UTC))]).result(10)
    inbox.close()
    return installation


def test_a_backup_comes_back_whole_into_another_home_and_pushes_nothing_unasked(
    in_use: Installation, clean_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = make_backup(in_use.settings, tmp_path / "backup")
    assert made.left_out == []
    assert made.files == ["state.db", "token.key", "warehouse.duckdb", "webhooks.db"]
    assert {path.stat().st_mode & 0o077 for path in made.folder.iterdir()} == {0}
    rows = in_use.query("select count(*) from raw_qbo.invoice")

    clean_environment.setenv("QBO_HOME", str(tmp_path / "elsewhere"))
    restore_backup(read_settings(), made.folder)

    restored = Installation(in_use.emulator)
    assert restored.query("select count(*) from raw_qbo.invoice") == rows
    assert restored.published("select count(*) from raw_qbo.invoice") == rows
    assert restored.store.push_settings.of(LANDSCAPING).armed_at is None
    tokens = token_source(restored.store, restored.store.connections.get("landscaping"), restored.settings)
    assert tokens.access_token()
    assert WebhookInbox(restored.settings.webhook_inbox_path).waiting() == 1
    assert restored.pull_one(entities=["Invoice"]).status == "synced"
    restored.store.close()


def test_a_backup_made_while_everything_writes_is_of_one_moment(in_use: Installation, tmp_path: Path) -> None:
    stop, settings = threading.Event(), in_use.settings

    def write() -> None:
        # One after the other, so that a copy of one moment has no gap.
        with open_state(settings) as store:
            number = 0
            while not stop.is_set():
                number += 1
                made = Intent(
                    realm_id=LANDSCAPING,
                    target="Invoice",
                    operation="create",
                    source_kind="invoice",
                    source_id=f"{number}",
                )
                store.outbox.intend(made)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        backups = [make_backup(settings, tmp_path / f"backup-{number}") for number in range(3)]
    finally:
        stop.set()
        writer.join()
    for made in backups:
        with open_state(settings.model_copy(update={"home": made.folder})) as copy:
            copy.check()
            numbers = sorted(int(each.source_id) for each in copy.outbox.intents())
            assert numbers == list(range(1, len(numbers) + 1))


def test_nothing_is_overwritten_neither_a_backup_nor_an_installation(in_use: Installation, tmp_path: Path) -> None:
    made = make_backup(in_use.settings, tmp_path / "backup")
    with pytest.raises(BackupError, match="is there already"):
        make_backup(in_use.settings, made.folder)
    before = in_use.settings.token_key_path.read_bytes()
    with pytest.raises(BackupError, match="holds an installation already"):
        restore_backup(in_use.settings, made.folder)
    assert in_use.settings.token_key_path.read_bytes() == before


def test_a_backup_that_is_damaged_or_none_is_not_restored(
    in_use: Installation, clean_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = make_backup(in_use.settings, tmp_path / "backup", with_key=False)
    assert "token.key" not in made.files
    assert "connected again" in made.left_out[0]
    with (made.folder / "warehouse.duckdb").open("r+b") as file:
        file.seek(5_000)
        file.write(b"damage")
    clean_environment.setenv("QBO_HOME", str(tmp_path / "elsewhere"))
    with pytest.raises(BackupError, match=r"damaged: warehouse\.duckdb"):
        restore_backup(read_settings(), made.folder)
    assert not (tmp_path / "elsewhere").exists()
    (tmp_path / "none").mkdir()
    with pytest.raises(BackupError, match="is no backup"):
        restore_backup(read_settings(), tmp_path / "none")
    (tmp_path / "none" / MANIFEST).write_text(json.dumps({"format": 99}))
    with pytest.raises(BackupError, match="another version"):
        restore_backup(read_settings(), tmp_path / "none")
    with pytest.raises(BackupError, match="no installation"):
        make_backup(read_settings(), tmp_path / "of-nothing")
    assert not (tmp_path / "of-nothing.unready").exists()
