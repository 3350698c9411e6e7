"""What is read of a company follows from its cursors."""

from datetime import UTC, datetime, timedelta

from qbo_pipeline.catalog import ENTITIES, find_entity
from qbo_pipeline.emulator.books.schema import find_rules
from qbo_pipeline.ingest.plan import OVERLAP, Plan, plan_company
from qbo_pipeline.warehouse.raw import CHANGE_FEED

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
INVOICE, CUSTOMER, TIME, ATTACHABLE = (
    find_entity(name) for name in ("Invoice", "Customer", "TimeActivity", "Attachable")
)
ALL_READ = {("1", entity.table): NOON for entity in ENTITIES}


def _plan(cursors: dict[tuple[str, str], datetime], absent: tuple[str, ...] = (), **asked: object) -> Plan:
    return plan_company("1", ENTITIES, cursors, absent, **asked)


def test_without_a_cursor_everything_is_read_in_full() -> None:
    plan = _plan({})
    assert [reading.entity for reading in plan.whole] == list(ENTITIES)
    assert (plan.feed, plan.due(NOON)) == ({}, [])


def test_every_entity_is_in_the_feed_or_checked_and_all_that_the_feed_misses_is_checked() -> None:
    plan = _plan(ALL_READ)
    assert plan.whole == []
    assert plan.feed.keys() | plan.checked.keys() == set(ENTITIES)
    uncovered = {entity for entity in ENTITIES if find_rules(entity.name).change_feed != "covered"}
    assert uncovered <= plan.checked.keys() - plan.feed.keys()


def test_the_later_of_an_entitys_cursor_and_the_feeds_holds() -> None:
    later = NOON + timedelta(hours=2)
    assert _plan(ALL_READ | {("1", CHANGE_FEED): later}).feed[INVOICE] == later
    assert (
        _plan(ALL_READ | {("1", CHANGE_FEED): later, ("1", "invoice"): later + OVERLAP}).feed[INVOICE]
        == later + OVERLAP
    )
    # A check starts from the entity's own, whatever the feed said: it is there in case the feed says nothing.
    assert _plan(ALL_READ | {("1", CHANGE_FEED): later}).checked[ATTACHABLE] == NOON


def test_the_feeds_cursor_moves_only_with_every_entity_it_speaks_for() -> None:
    assert _plan(ALL_READ).moves_feed_cursor
    assert not plan_company("1", [INVOICE], ALL_READ, ()).moves_feed_cursor
    without = {key: cursor for key, cursor in ALL_READ.items() if key != ("1", "budget")}
    assert not _plan(without).moves_feed_cursor
    assert _plan(without, absent=("budget",)).moves_feed_cursor


def test_a_check_is_due_after_its_time_or_when_everything_is_asked_for() -> None:
    plan = _plan(ALL_READ, all_entities=False)

    def due(hours: float) -> set[str]:
        return {reading.entity.name for reading in plan.due(NOON + timedelta(hours=hours))}

    assert due(0.9) == set()
    assert TIME.name in due(1)
    assert ATTACHABLE.name not in due(23)
    assert {TIME.name, ATTACHABLE.name} <= due(24)
    assert {reading.entity for reading in _plan(ALL_READ).due(NOON)} == plan.checked.keys()


def test_what_lags_behind_is_asked_for_apart() -> None:
    behind = NOON - timedelta(days=3)
    (near, since), (far, since_far) = _plan(ALL_READ | {("1", "customer"): behind}).feed_groups
    assert (since, since_far) == (NOON - OVERLAP, behind - OVERLAP)
    assert far == [CUSTOMER]
    assert INVOICE in near


def test_a_full_read_asks_for_everything_again() -> None:
    plan = _plan(ALL_READ, full=True)
    assert [reading.entity for reading in plan.whole] == list(ENTITIES)
    assert not plan.feed
    assert not plan.checked
