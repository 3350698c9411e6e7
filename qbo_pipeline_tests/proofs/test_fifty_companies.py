"""Fifty companies in one sync, five of which fail, each in its own way: all five are named, the others are complete."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from qbo_pipeline.catalog import ENTITIES
from qbo_pipeline.state.sync_log import LogEntry
from qbo_pipeline_tests.ingest.mirror import books
from qbo_pipeline_tests.installation import Installation

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

PROGRAM = str(Path(sys.executable).with_name("qbo-pipeline"))
BUDGET_SECONDS = 60  # Time enough for a sound company on a busy machine.
# How each of the first five companies goes wrong, and what the sync log must say of it.
TROUBLES = {
    "revoked": "invalid_grant",
    "throttled": "HTTP 429",
    "faulty": "HTTP 500",
    "slow": f"{BUDGET_SECONDS} s one company may take",
    "garbled": "not QuickBooks' JSON",
}
SCRIPTS = {
    "throttled": {"status": 429, "code": "3001", "message": "ThrottleExceeded", "type": "SERVICE"},
    "faulty": {"status": 500},
    "slow": {"action": "delay", "seconds": 20},
}


@pytest.fixture
def fifty(install: Callable[..., Installation]) -> Installation:
    """Fifty connected companies that have never been read, five of them named after their trouble."""
    made = install(*(f"generated:20:{seed}" for seed in range(1, 51)))
    for name, realm_id in zip(_names(), made.emulator.companies, strict=True):
        made.connect(name, realm_id)
    made.calls()
    return made


def _names() -> list[str]:
    return [*TROUBLES, *(f"sound-{number}" for number in range(len(TROUBLES), 50))]


def _trouble(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    realms = dict(zip(_names(), installation.emulator.companies, strict=True))
    installation.emulator.grants.disconnect(realms["revoked"])
    for name, then in SCRIPTS.items():
        installation.script("/(query|cdc)", realm_id=realms[name], **then)
    garbled = installation.emulator.companies[realms["garbled"]]
    whole = garbled.query
    # Delivered as long as it says it is: JSON that does not end.
    monkeypatch.setattr(garbled, "query", lambda statement: whole(statement)[:-2])


def _sync() -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, "sync"], env=dict(os.environ), capture_output=True, text=True, check=False)


def _lines(installation: Installation) -> dict[str, LogEntry]:
    """What the sync log says of each connection in the newest run."""
    run = installation.store.sync_log.runs()[0].run_id
    return {
        entry.connection: entry for entry in installation.store.sync_log.entries(run_id=run) if entry.entity is None
    }


def test_five_of_fifty_companies_fail_by_name_and_the_others_are_complete(
    fifty: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as troubled:
        _trouble(fifty, troubled)
        troubled.setenv("QBO_SYNC_BUDGET_SECONDS", str(BUDGET_SECONDS))
        done = _sync()
    lines = _lines(fifty)
    assert done.returncode == 1, done.stdout + done.stderr
    assert {name for name, line in lines.items() if line.status != "synced"} == set(TROUBLES)
    for name, reason in TROUBLES.items():
        assert reason in lines[name].error
        assert name in done.stdout
    sound = [realm_id for name, realm_id in _realms(fifty).items() if name not in TROUBLES]
    assert len(sound) == 45
    assert _incomplete(fifty, sound) == set()
    assert dict(fifty.published("select realm_id, count(*) from qbo.invoice group by all")).items() >= {
        (realm_id, 20) for realm_id in sound
    }
    _heal_and_sync_again(fifty)


def _heal_and_sync_again(fifty: Installation) -> None:
    """Only what failed is read again; a revoked connection waits for its owner."""
    fifty.emulator.scripted_faults.clear()
    assert _sync().returncode == 1
    lines = _lines(fifty)
    assert [name for name, line in lines.items() if line.status != "synced"] == ["revoked"]
    assert "connect revoked" in lines["revoked"].error
    assert _incomplete(fifty, [realm_id for name, realm_id in _realms(fifty).items() if name != "revoked"]) == set()
    run = fifty.store.sync_log.runs()[0].run_id
    again = {entry.connection for entry in fifty.store.sync_log.entries(run_id=run) if entry.created}
    assert again <= set(TROUBLES) - {"revoked"}


def _incomplete(installation: Installation, realm_ids: list[str]) -> set[tuple[str, str]]:
    """Of which companies something of which entity is not landed as it is in QuickBooks."""
    found = set()
    for entity in ENTITIES:
        landed: dict[str, dict[str, object]] = {realm_id: {} for realm_id in realm_ids}
        for realm_id, record_id, payload in installation.query(
            f'select realm_id, id, payload from raw_qbo."{entity.table}"'
        ):
            landed.get(realm_id, {})[record_id] = msgspec.json.decode(payload)
        found |= {
            (realm_id, entity.name)
            for realm_id, records in landed.items()
            if records != books(installation, entity.name, realm_id)
        }
    return found


def _realms(installation: Installation) -> dict[str, str]:
    return {each.name: each.realm_id for each in installation.store.connections.all()}
