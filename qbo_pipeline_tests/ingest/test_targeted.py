"""A targeted sync: what webhooks told of is in the warehouse afterwards as QuickBooks has it, whatever they got wrong."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qbo_pipeline.emulator import Emulator, EmulatorSettings
from qbo_pipeline.ingest.outcome import PullOutcome
from qbo_pipeline.ingest.targeted import TRIES_MAX, sync_told
from qbo_pipeline.quickbooks.webhooks import ChangeEvent
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.webhook_inbox import WebhookInbox
from qbo_pipeline_tests.installation import CONSULTANCY, LANDSCAPING, Installation


@pytest.fixture(scope="module")
def pulled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after its first read of two companies, to be copied and not touched."""
    home = tmp_path_factory.mktemp("pulled") / "home"
    home.mkdir()
    with pytest.MonkeyPatch.context() as environment, _emulator_of(home) as emulator:
        first = _installation(environment, home, emulator)
        first.connect("landscaping", LANDSCAPING)
        first.connect("consultancy", CONSULTANCY)
        assert first.pull().unsynced == []
        first.store.close()
    return home


@pytest.fixture
def pulled(pulled_home: Path, clean_environment: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Installation]:
    """The test's own copy of an installation that was read once."""
    home = tmp_path / "home"
    shutil.copytree(pulled_home, home, dirs_exist_ok=True)
    with _emulator_of(home) as emulator:
        copy = _installation(clean_environment, home, emulator)
        yield copy
        copy.store.close()


@pytest.fixture
def inbox(pulled: Installation) -> WebhookInbox:
    return WebhookInbox(pulled.settings.webhook_inbox_path)


def _emulator_of(home: Path) -> Emulator:
    settings = EmulatorSettings(limit_per_minute=0, limit_per_second=0, limit_concurrent=0)
    return Emulator(("landscaping", "consultancy"), settings=settings, state_file=home / "emulator.json")


def _installation(environment: pytest.MonkeyPatch, home: Path, emulator: Emulator) -> Installation:
    environment.setenv("QBO_HOME", str(home))
    environment.chdir(home)
    for name, value in emulator.environment().items():
        environment.setenv(name, value)
    return Installation(emulator)


def _tell(inbox: WebhookInbox, *told: tuple[str, str, str], realm_id: str = LANDSCAPING) -> None:
    now = datetime.now(UTC)
    inbox.put(
        [
            ChangeEvent(f"{number}-{now.timestamp()}", realm_id, entity, record_id, operation, now)
            for number, (entity, record_id, operation) in enumerate(told)
        ]
    ).result(5)


def _sync(installation: Installation, inbox: WebhookInbox) -> PullOutcome:
    return sync_told(installation.settings, installation.store, installation.warehouse, inbox)


def _current(installation: Installation, table: str, record_id: str) -> tuple[str, str]:
    (found,) = installation.query(
        f"select operation, payload from raw_qbo.{table} where realm_id = '{LANDSCAPING}' and id = '{record_id}' "
        "order by loaded_at desc limit 1"
    )
    return found


def test_only_what_was_told_is_read_in_one_metered_call_for_each_entity(
    pulled: Installation, inbox: WebhookInbox
) -> None:
    for record_id in ("130", "129"):
        pulled.edit("Invoice", record_id, PrivateNote="told")
    pulled.edit("Customer", "1", Notes="told")
    _tell(inbox, ("Invoice", "130", "update"), ("Invoice", "129", "update"), ("Customer", "1", "update"))

    (company,) = _sync(pulled, inbox).companies

    assert company.status == "synced"
    assert (company.calls, company.metered_calls) == (2, 2)
    assert '"told"' in _current(pulled, "invoice", "130")[1]
    assert '"told"' in _current(pulled, "customer", "1")[1]
    assert inbox.waiting() == 0


def test_an_event_told_often_reads_its_record_once(pulled: Installation, inbox: WebhookInbox) -> None:
    pulled.edit("Invoice", "130", PrivateNote="told")
    for _ in range(5):
        _tell(inbox, ("Invoice", "130", "update"))
    (company,) = _sync(pulled, inbox).companies
    assert (company.calls, company.rows) == (1, 1)


def test_a_record_that_did_not_change_lands_no_version(pulled: Installation, inbox: WebhookInbox) -> None:
    _tell(inbox, ("Invoice", "130", "update"))
    assert _sync(pulled, inbox).companies[0].rows == 0
    assert inbox.waiting() == 0


def test_a_deletion_lands_as_a_tombstone(pulled: Installation, inbox: WebhookInbox) -> None:
    pulled.emulator.companies[LANDSCAPING].delete("Invoice", "130")
    _tell(inbox, ("Invoice", "130", "delete"))
    _sync(pulled, inbox)
    assert _current(pulled, "invoice", "130")[0] == "delete"


def test_a_false_deletion_deletes_nothing(pulled: Installation, inbox: WebhookInbox) -> None:
    _tell(inbox, ("Invoice", "130", "delete"))
    _sync(pulled, inbox)
    assert _current(pulled, "invoice", "130")[0] == "upsert"


def test_a_record_that_never_was_leaves_no_trace(pulled: Installation, inbox: WebhookInbox) -> None:
    _tell(inbox, ("Invoice", "987654", "create"))
    assert _sync(pulled, inbox).companies[0].rows == 0
    assert pulled.query("select count(*) from raw_qbo.invoice where id = '987654'") == [(0,)]


def test_a_record_too_new_for_queries_is_read_by_its_id(pulled: Installation, inbox: WebhookInbox) -> None:
    pulled.emulator.settings.query_lag_seconds = 60
    made = pulled.create("Customer", {"DisplayName": "Brand New"})
    _tell(inbox, ("Customer", made["Id"], "create"))
    _sync(pulled, inbox)
    assert "Brand New" in _current(pulled, "customer", made["Id"])[1]


def test_a_merge_reads_the_loser_the_winner_and_the_documents_that_moved(
    pulled: Installation, inbox: WebhookInbox
) -> None:
    pulled.emulator.settings.merge_touches_documents = False
    pulled.emulator.companies[LANDSCAPING].merge("Customer", "1", "2")
    now = datetime.now(UTC)
    inbox.put([ChangeEvent("m", LANDSCAPING, "Customer", "2", "merge", now, deleted_id="1")]).result(5)
    _sync(pulled, inbox)
    assert '"Active":false' in _current(pulled, "customer", "1")[1].replace(" ", "")
    still = pulled.query(
        f"select count(*) from (select * from raw_qbo.invoice where realm_id = '{LANDSCAPING}' qualify row_number() over "
        "(partition by id order by loaded_at desc) = 1) where payload->>'$.CustomerRef.value' = '1'"
    )
    assert still == [(0,)]


def _link(installation: Installation, source_id: str, qbo_id: str) -> None:
    installation.store.links.put(
        Link(
            realm_id=LANDSCAPING,
            target="Customer",
            source_kind="customer",
            source_id=source_id,
            qbo_id=qbo_id,
            origin="pushed",
            linked_at=installation.store.clock(),
        )
    )


def test_a_merge_leads_links_to_the_one_that_stays_unless_that_stands_for_another_row_or_it_is_not_true(
    pulled: Installation, inbox: WebhookInbox
) -> None:
    company, links = pulled.emulator.companies[LANDSCAPING], pulled.store.links
    for source_id, qbo_id in (("c-1", "1"), ("c-3", "3"), ("c-4", "4"), ("c-5", "5")):
        _link(pulled, source_id, qbo_id)
    company.merge("Customer", "1", "2")
    company.merge("Customer", "3", "4")
    now = datetime.now(UTC)
    told = [("1", "2"), ("3", "4"), ("5", "6")]  # The last was never merged.
    inbox.put(
        [ChangeEvent(f"m{gone}", LANDSCAPING, "Customer", stays, "merge", now, deleted_id=gone) for gone, stays in told]
    ).result(5)

    _sync(pulled, inbox)

    found = {
        each: links.find(LANDSCAPING, "Customer", "customer", each).qbo_id for each in ("c-1", "c-3", "c-4", "c-5")
    }
    assert found == {"c-1": "2", "c-3": "3", "c-4": "4", "c-5": "5"}
    assert inbox.waiting() == 0


def test_it_moves_no_cursor_so_that_lost_webhooks_come_with_the_next_sync(
    pulled: Installation, inbox: WebhookInbox
) -> None:
    before = pulled.query("select entity, max(read_through) from raw_qbo.sync_cursor group by all order by all")
    for record_id in ("130", "129"):
        pulled.edit("Invoice", record_id, PrivateNote="told")
    _tell(inbox, ("Invoice", "130", "update"))
    _sync(pulled, inbox)
    assert pulled.query("select entity, max(read_through) from raw_qbo.sync_cursor group by all order by all") == before

    pulled.pull()
    assert '"told"' in _current(pulled, "invoice", "129")[1]


def test_an_event_of_an_unknown_entity_or_company_does_not_wait_for_ever(
    pulled: Installation, inbox: WebhookInbox
) -> None:
    _tell(inbox, ("JournalCode", "1", "update"))
    _tell(inbox, ("Invoice", "1", "update"), realm_id="99")
    assert _sync(pulled, inbox).companies == []
    assert inbox.waiting() == 0


def test_settings_of_the_company_are_read_whole(pulled: Installation, inbox: WebhookInbox) -> None:
    _tell(inbox, ("Preferences", "1", "update"))
    (company,) = _sync(pulled, inbox).companies
    assert (company.status, company.calls) == ("synced", 1)


def test_what_cannot_be_read_now_is_due_again_later_and_not_for_ever(
    pulled: Installation, inbox: WebhookInbox, unhurried: None
) -> None:
    pulled.script(r"/query", status=503)
    _tell(inbox, ("Invoice", "130", "update"))
    for _ in range(TRIES_MAX):
        assert _sync(pulled, inbox).companies[0].status == "failed"
        assert WebhookInbox(pulled.settings.webhook_inbox_path).take(10) == []
        assert inbox.waiting() == 1
        inbox = WebhookInbox(pulled.settings.webhook_inbox_path, lambda: datetime.now(UTC) + timedelta(hours=1))
    _sync(pulled, inbox)
    assert inbox.waiting() == 0


def test_one_companys_trouble_leaves_the_others_events_done(
    pulled: Installation, inbox: WebhookInbox, unhurried: None
) -> None:
    pulled.script(r"/query", status=503)
    _tell(inbox, ("Invoice", "130", "update"))
    _tell(inbox, ("Customer", "1", "update"), realm_id=CONSULTANCY)
    statuses = {each.name: each.status for each in _sync(pulled, inbox).companies}
    assert statuses == {"landscaping": "failed", "consultancy": "synced"}
    assert inbox.waiting() == 1


def test_the_sync_log_tells_of_it_and_the_last_sync_of_everything_stays(
    pulled: Installation, inbox: WebhookInbox
) -> None:
    before = pulled.store.connections.get("landscaping")
    pulled.edit("Invoice", "130", PrivateNote="told")
    _tell(inbox, ("Invoice", "130", "update"))
    _sync(pulled, inbox)
    newest = pulled.store.sync_log.runs(1)[0]
    (line,) = [entry for entry in pulled.store.sync_log.entries(run_id=newest.run_id) if entry.entity]
    assert (newest.trigger, newest.status) == ("webhooks", "synced")
    assert (line.entity, line.read_kind, line.updated) == ("invoice", "named", 1)
    after = pulled.store.connections.get("landscaping")
    assert replace(after, last_change_at=None) == replace(
        before, last_change_at=None, access_expires_at=after.access_expires_at
    )
    assert after.last_change_at > before.last_change_at
