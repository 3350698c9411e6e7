"""Thousands of changes between two syncs, far behind the feed's silent cut, arrive complete; so does a deletion it forgot."""

import random
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from qbo_pipeline.catalog import ENTITIES
from qbo_pipeline.emulator.clock import ManualClock
from qbo_pipeline.emulator.faults import QboFault
from qbo_pipeline.orchestration.run import run_sync
from qbo_pipeline_tests.ingest.mirror import books, deleted, differences
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

pytestmark = pytest.mark.slow

HOUR, DAY = 3600, 86_400
CHANGES = 5000
DELETIONS = 250
CUT = 1000  # What one answer of the feed holds.
# Their deletion moves no other record, so that what is expected can be counted.
DELETABLE = ("BillPayment", "Payment", "TimeActivity")

# What a deletion changes of a typed record; all else is its last content.
_MOVED = "'sync_token', 'updated_at', 'is_deleted', 'deleted_at', 'loaded_at'"


@pytest.fixture
def company(install: Callable[..., Installation], unhurried: None) -> Installation:
    """A company of some 9,000 records, read in full an hour ago, on a clock that the test moves."""
    made = install("generated:3500", clock=ManualClock(datetime.now(UTC).replace(microsecond=0)))
    made.connect("large", _realm(made))
    assert made.pull_one().status == "synced"
    made.emulator.clock.advance(HOUR)
    made.calls()
    return made


def _realm(installation: Installation) -> str:
    return next(iter(installation.emulator.companies))


def _work(installation: Installation, draw: random.Random) -> tuple[int, dict[str, set[str]]]:
    """Edit and delete records of every entity in one mixed order over ten hours; returns how many, and what is gone."""
    realm_id = _realm(installation)
    company = installation.emulator.companies[realm_id]
    ids = {entity.name: list(books(installation, entity.name, realm_id)) for entity in ENTITIES if entity.has_ids}
    mixed = [(name, record_id) for name, each in ids.items() for record_id in each]
    draw.shuffle(mixed)
    gone: dict[str, set[str]] = {name: set() for name in DELETABLE}
    changed = 0
    for name, record_id in mixed:
        is_to_go = name in gone and sum(map(len, gone.values())) < DELETIONS
        try:
            if is_to_go:
                company.delete(name, record_id)
                gone[name].add(record_id)
            else:
                installation.edit(name, record_id, realm_id, PrivateNote=f"change {changed}")
        except QboFault:
            continue  # QuickBooks does not let everything happen, such as changing what was paid.
        changed += 1
        installation.emulator.clock.advance(10 * HOUR / CHANGES)
        if changed == CHANGES:
            break
    return changed, gone


def test_five_thousand_mixed_changes_behind_the_cut_all_arrive(company: Installation) -> None:
    realm_id = _realm(company)
    changed, gone = _work(company, random.Random(7))
    assert changed == CHANGES > 4 * CUT
    assert sum(map(len, gone.values())) == DELETIONS
    company.emulator.clock.advance(DAY)  # What the feed does not cover is asked for daily at the latest.
    outcome = company.pull_one(all_entities=False)
    assert outcome.status == "synced"
    for name, ids in gone.items():
        assert deleted(company, name, realm_id).keys() == ids
    assert differences(company, realm_id) == {}
    # Nothing is left over: the next syncs find the overlap landed already.
    company.emulator.clock.advance(DAY)
    assert company.pull_one(all_entities=False).rows == 0


def test_a_deletion_older_than_the_feed_remembers_reaches_analysts(synced: Installation, definitions: object) -> None:
    books_of_us = synced.emulator.companies[LANDSCAPING]
    estimate = f"from qbo.estimate where realm_id = '{LANDSCAPING}' and id = '100'"
    content = f"select columns(c -> c not in ({_MOVED})) {estimate}"
    before = synced.published(content)
    books_of_us.delete("Estimate", "100")
    synced.emulator.clock.advance(45 * DAY)
    run = run_sync(synced.settings, all_entities=False)
    assert run.succeeded, run.failures
    assert synced.published(f"select is_deleted, deleted_at is not null {estimate}") == [(True, True)]
    assert synced.published(content) == before
    lines = f"from qbo.estimate_line where realm_id = '{LANDSCAPING}' and estimate_id = '100'"
    assert synced.published(f"select count(*) > 0, bool_and(is_deleted) {lines}") == [(True, True)]
    others = "select count(*) from qbo.{} where is_deleted"
    assert [synced.published(others.format(name)) for name in ("invoice", "customer", "bill")] == [[(0,)]] * 3
