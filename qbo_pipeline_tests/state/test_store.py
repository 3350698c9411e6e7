"""Opening a store: made when new, refused when it is damaged, newer or not ours, and never overwritten."""

import multiprocessing
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from qbo_pipeline.settings import Settings
from qbo_pipeline.state.database import Database
from qbo_pipeline.state.errors import StateBusy, StateDamaged, StateUnavailable
from qbo_pipeline.state.store import StateStore, open_state
from qbo_pipeline.state.sync_log import ConnectionLine, EntityLine
from qbo_pipeline_tests.state.conftest import HandClock

REALM = "9341450000000001"


def test_a_new_store_is_a_durable_file_for_its_owner_alone(settings: Settings) -> None:
    open_state(settings).close()

    path = settings.home / "state.db"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with sqlite3.connect(path) as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_every_connection_of_the_store_waits_for_the_disk(settings: Settings) -> None:
    database = Database(settings.state_database_url)

    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_store_keeps_what_it_was_told(any_settings: Settings, clock: HandClock) -> None:
    with open_state(any_settings, clock=clock) as first:
        first.not_offered.note(REALM, "TaxPayment")

    with open_state(any_settings, clock=clock) as second:
        assert second.not_offered.of(REALM) == {"TaxPayment": clock.now}


def test_what_a_company_does_not_offer_is_its_own_and_can_change(any_store: StateStore, clock: HandClock) -> None:
    any_store.not_offered.note(REALM, "TaxPayment")
    any_store.not_offered.note(REALM, "Budget")
    any_store.not_offered.note("77", "Class")
    clock.advance(days=1)
    any_store.not_offered.note(REALM, "TaxPayment")
    any_store.not_offered.forget(REALM, "Budget")

    assert any_store.not_offered.of(REALM) == {"TaxPayment": clock.now}
    assert any_store.not_offered.of("77") == {"Class": clock.now - timedelta(days=1)}


@pytest.mark.parametrize("damage", ["garbage", "cut", "torn header"])
def test_a_damaged_file_is_reported_and_left_as_it_is(settings: Settings, damage: str) -> None:
    path = _store_with_rows(settings)
    whole = path.read_bytes()
    damaged = {"garbage": b"not a database at all" * 400, "cut": whole[:5000], "torn header": b"\0" * 40 + whole[40:]}
    path.write_bytes(damaged[damage])

    with pytest.raises(StateDamaged, match=r"state\.db is damaged.*(backup)"), open_state(settings) as opened:
        opened.sync_log.entries()
        opened.not_offered.note(REALM, "Budget")

    assert path.read_bytes() == damaged[damage]


def test_checking_finds_damage_in_rows_that_nobody_reads(settings: Settings) -> None:
    path = _store_with_rows(settings)
    content = bytearray(path.read_bytes())
    content[-4096:] = b"\xff" * 4096
    path.write_bytes(content)

    with open_state(settings) as opened, pytest.raises(StateDamaged, match="damaged"):
        opened.check()


def test_a_sound_store_passes_its_check(any_store: StateStore) -> None:
    any_store.check()


def test_a_newer_store_is_refused_by_an_older_program(any_settings: Settings) -> None:
    open_state(any_settings).close()
    with Database(any_settings.state_database_url).writing() as connection:
        connection.exec_driver_sql("UPDATE state_meta SET value = '7' WHERE name = 'schema_version'")

    with pytest.raises(StateDamaged, match=r"newer qbo-pipeline \(schema 7; this one reads 2\).*Upgrade"):
        open_state(any_settings)


def test_an_older_store_is_given_what_it_lacks_and_keeps_what_it_holds(any_settings: Settings) -> None:
    with open_state(any_settings) as first:
        first.not_offered.note(REALM, "TaxPayment")
        first.sync_log.start_run("run", "a test")
        first.sync_log.record("run", [_line()])
    with Database(any_settings.state_database_url).writing() as connection:
        connection.exec_driver_sql("DROP TABLE feed_refusal")
        connection.exec_driver_sql("ALTER TABLE sync_entity DROP COLUMN metered_calls")
        connection.exec_driver_sql("UPDATE state_meta SET value = '1' WHERE name = 'schema_version'")

    for _ in range(2):
        with open_state(any_settings) as second:
            assert second.not_offered.of(REALM).keys() == {"TaxPayment"}
            assert second.feed_refusals.of(REALM) == {}
            assert {(each.entity, each.metered_calls) for each in second.sync_log.entries()} == {
                ("invoice", None),
                (None, 7),
            }


def _line() -> ConnectionLine:
    invoice = EntityLine(entity="invoice", status="synced", calls=3, metered_calls=2)
    return ConnectionLine(connection="acme", realm_id=REALM, status="synced", metered_calls=7, entities=[invoice])


def test_a_store_that_lost_a_table_is_refused(any_settings: Settings) -> None:
    open_state(any_settings).close()
    with Database(any_settings.state_database_url).writing() as connection:
        connection.exec_driver_sql("DROP TABLE connection_secret")

    with pytest.raises(StateDamaged, match="connection_secret are missing"):
        open_state(any_settings)


def test_somebody_elses_sqlite_file_is_refused_and_left_as_it_is(settings: Settings) -> None:
    settings.home.mkdir()
    path = settings.home / "state.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")
    other.close()
    before = path.read_bytes()

    with pytest.raises(StateDamaged, match=r"recipe.*QBO_STATE_URL"):
        open_state(settings)

    assert path.read_bytes() == before


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://u:pass-word@h/db", "pass-word"])
def test_an_address_that_is_no_state_store_is_refused_without_being_shown(settings: Settings, url: str) -> None:
    with pytest.raises(StateUnavailable, match="QBO_STATE_URL") as refused:
        open_state(settings.model_copy(update={"state_url": SecretStr(url)}))

    assert "pass-word" not in str(refused.value)


def test_a_server_that_does_not_answer_is_named_without_its_password(settings: Settings) -> None:
    url = SecretStr("postgresql://someone:pass-word@127.0.0.1:1/state")

    with pytest.raises(StateUnavailable, match=r"127\.0\.0\.1") as refused:
        open_state(settings.model_copy(update={"state_url": url}))

    assert "pass-word" not in str(refused.value)


def test_a_folder_that_cannot_be_made_is_named(settings: Settings) -> None:
    settings.home.parent.joinpath("home").write_text("a file where the folder should be")

    with pytest.raises(StateUnavailable, match="QBO_HOME"):
        open_state(settings)


def test_a_lock_is_for_one_holder_and_comes_free(any_settings: Settings) -> None:
    database = Database(any_settings.state_database_url)

    with database.exclusive("a lock"):
        with pytest.raises(StateBusy, match=r"a lock for 0\.2 seconds"), database.exclusive("a lock", 0.2):
            pytest.fail("two holders of one lock")
        with database.exclusive("another lock", 0.2), database.writing() as connection:
            connection.execute(sa.text("SELECT 1"))
    with database.exclusive("a lock", 0.2):
        pass


def test_an_error_under_a_lock_frees_it(any_settings: Settings) -> None:
    database = Database(any_settings.state_database_url)

    with pytest.raises(ZeroDivisionError), database.exclusive("a lock"):
        raise ZeroDivisionError
    with database.exclusive("a lock", 0.2):
        pass


def test_an_undone_transaction_leaves_nothing(any_settings: Settings) -> None:
    database = Database(any_settings.state_database_url)

    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO state_meta VALUES ('colour', 'red')")
        raise ZeroDivisionError

    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM state_meta").scalar() == 1


def test_writers_that_read_first_wait_for_each_other(settings: Settings) -> None:
    open_state(settings).close()
    database = Database(settings.state_database_url)
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO state_meta VALUES ('counter', '0')")

    def count_one_up(_: int) -> None:
        with database.writing() as connection:
            value = connection.exec_driver_sql("SELECT value FROM state_meta WHERE name = 'counter'").scalar_one()
            connection.execute(
                sa.text("UPDATE state_meta SET value = :v WHERE name = 'counter'"), {"v": int(value) + 1}
            )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_one_up, range(40)))

    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT value FROM state_meta WHERE name = 'counter'").scalar() == "40"


def test_processes_that_open_a_new_store_at_once_make_one(any_settings: Settings) -> None:
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(3), context.Queue()
    processes = [context.Process(target=_open_and_mark, args=(any_settings, barrier, answers, n)) for n in range(3)]
    for process in processes:
        process.start()
    assert [answers.get(timeout=60) for _ in processes] == ["ok"] * 3
    for process in processes:
        process.join(timeout=10)

    with open_state(any_settings) as opened:
        assert set(opened.not_offered.of(REALM)) == {"Entity0", "Entity1", "Entity2"}


def _open_and_mark(settings: Settings, barrier: Barrier, answers: "Queue[str]", number: int) -> None:
    barrier.wait()
    try:
        with open_state(settings) as opened:
            opened.not_offered.note(REALM, f"Entity{number}")
    except Exception as error:
        answers.put(repr(error))
    else:
        answers.put("ok")


def _store_with_rows(settings: Settings) -> Path:
    with open_state(settings) as opened:
        opened.sync_log.start_run("run", "a test")
        entities = [EntityLine(entity=f"entity_{number}", status="synced") for number in range(50)]
        line = ConnectionLine(connection="acme", realm_id=REALM, status="synced", entities=entities)
        opened.sync_log.record("run", [line])
    with sqlite3.connect(settings.home / "state.db") as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    plain.close()
    return settings.home / "state.db"
