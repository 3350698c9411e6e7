"""The schedule asks idle companies less often, never later than the feed looks back, and anyone who works at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbo_pipeline.catalog import find_entity
from qbo_pipeline.emulator.clock import ManualClock
from qbo_pipeline.ingest.cadence import AT_EVERY_TICK, CHECK_EVERY_MAX, Cadence, cadence_of
from qbo_pipeline.ingest.change_feed import FEED_REACH
from qbo_pipeline.ingest.plan import CURSOR_AGE_MAX, OVERLAP
from qbo_pipeline.quickbooks.webhooks import ChangeEvent
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.hearing import Hearing
from qbo_pipeline.state.store import open_state
from qbo_pipeline.state.webhook_inbox import WebhookInbox
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
README = Path(__file__).parents[2] / "README.md"
QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """A connection as far as its cadence goes."""

    last_sync_at: datetime | None
    last_change_at: datetime | None


def _every(idle: timedelta, **settings: float) -> timedelta:
    return cadence_of(Asked(NOON, NOON - idle), Settings(**settings)).every


def test_the_time_between_two_syncs_doubles_with_the_time_nothing_happened_up_to_the_longest() -> None:
    days = {0.9: QUARTER, 1: HOUR, 1.9: HOUR, 2: 2 * HOUR, 4: 4 * HOUR, 8: 8 * HOUR, 16: 12 * HOUR, 400: 12 * HOUR}
    assert {idle: _every(idle * DAY) for idle in days} == days


def test_both_ends_of_it_are_settings() -> None:
    assert _every(2 * HOUR, idle_after_hours=2) == HOUR
    assert _every(400 * DAY, idle_every_hours=48) == 48 * HOUR
    assert _every(400 * DAY, idle_every_hours=0) == QUARTER


@pytest.mark.parametrize("asked", [Asked(None, None), Asked(None, NOON), Asked(NOON, None)])
def test_a_company_of_which_little_is_known_is_asked_at_every_tick(asked: Asked) -> None:
    assert cadence_of(asked, Settings()) == AT_EVERY_TICK
    assert cadence_of(asked, Settings()).is_due(asked, NOON)


def test_a_tick_that_comes_a_little_early_is_not_passed_over() -> None:
    hourly, asked = Cadence(4), Asked(NOON, NOON - DAY)
    assert not hourly.is_due(asked, NOON + 45 * HOUR / 60)
    assert hourly.is_due(asked, NOON + HOUR - timedelta(minutes=2))


def test_checks_stretch_with_the_company_up_to_a_week() -> None:
    time_activity, attachable = find_entity("TimeActivity"), find_entity("Attachable")
    assert Cadence(4).is_check_due(time_activity, NOON, NOON + 4 * HOUR)
    assert not Cadence(4).is_check_due(time_activity, NOON, NOON + 3 * HOUR)
    assert Cadence(48).is_check_due(attachable, NOON, NOON + CHECK_EVERY_MAX)
    assert not Cadence(48).is_check_due(attachable, NOON, NOON + 6 * DAY)


@given(idle=st.timedeltas(timedelta(0), timedelta(days=4000)), after=st.floats(0.01, 5000), every=st.floats(0, 600))
def test_no_setting_and_no_idleness_outlast_the_change_feed(idle: timedelta, after: float, every: float) -> None:
    stretched = _every(idle, idle_after_hours=after, idle_every_hours=every)
    assert QUARTER <= stretched <= max(QUARTER, timedelta(hours=every))
    # The feed's cursor may have stood for another day when the company was last asked.
    assert stretched + CURSOR_AGE_MAX + OVERLAP < FEED_REACH


@pytest.fixture
def ticking(read_in_full: Callable[..., Installation]) -> Installation:
    """The landscaping company just read in full, where one clock that stands still holds on both sides."""
    clock = ManualClock(datetime.now(UTC).replace(microsecond=0))
    made = read_in_full(clock=clock)
    made.store.close()
    made.store = open_state(made.settings, clock=clock.now)
    made.pull()
    made.calls()
    return made


def _tick(installation: Installation, after: timedelta = QUARTER) -> str:
    installation.emulator.clock.advance(after.total_seconds())
    return installation.pull_one(all_entities=False, idle_too=False).status


def test_an_idle_company_is_left_alone_without_being_called_unsynced(ticking: Installation) -> None:
    ticking.store.connections.record_sync(["landscaping"], NOON, changed=["landscaping"])
    assert _tick(ticking, 25 * HOUR) == "synced"
    ticking.calls()
    pulled = ticking.pull(all_entities=False, idle_too=False, run_id="idle")
    assert [(each.status, each.calls, each.reason()) for each in pulled.companies] == [("not_due", 0, "")]
    assert pulled.unsynced == []
    assert ticking.calls() == {}
    (line,) = ticking.store.sync_log.entries(run_id="idle")
    assert (line.status, line.calls, line.error) == ("not_due", 0, None)
    assert ticking.store.sync_log.runs()[0].status == "synced"


def test_sync_now_asks_an_idle_company_and_what_it_finds_ends_the_idleness(ticking: Installation) -> None:
    assert _tick(ticking, 25 * HOUR) == "synced"
    assert _tick(ticking) == "not_due"
    ticking.edit("Customer", "1", CompanyName="Changed")
    assert ticking.pull_one().rows == 1
    assert _tick(ticking) == "synced"


def test_a_company_that_is_heard_is_asked_as_seldom_as_any_after_an_hour_and_one_that_is_not_is_not() -> None:
    def heard(idle: timedelta, **settings: float) -> timedelta:
        return cadence_of(Asked(NOON, NOON - idle), Settings(**settings), is_heard=True).every

    assert (heard(0.9 * HOUR), heard(HOUR), heard(3 * HOUR)) == (QUARTER, 12 * HOUR, 12 * HOUR)
    assert heard(3 * HOUR, webhook_quiet_hours=4) == QUARTER
    assert heard(3 * HOUR, webhook_quiet_hours=0) == QUARTER
    assert heard(400 * DAY, idle_every_hours=0) == QUARTER


def _hear(installation: Installation, realm_id: str, number: int) -> None:
    clock = installation.emulator.clock.now
    inbox = WebhookInbox(installation.settings.webhook_inbox_path, clock)
    inbox.put([ChangeEvent(f"{number}", realm_id, "Invoice", "130", "update", clock())]).result(10)
    inbox.done([each.sequence for each in inbox.take(10)])
    inbox.close()


def test_with_webhooks_alive_an_idle_day_costs_a_fraction_and_the_feed_stays_the_net(ticking: Installation) -> None:
    ticking.store.connections.record_sync(["landscaping"], ticking.emulator.clock.now(), changed=["landscaping"])
    # Nobody is heard, so that the company is asked at every tick of its first quiet hours.
    unheard = [_tick(ticking) for _ in range(8)]
    assert unheard == ["synced"] * 8
    _hear(ticking, LANDSCAPING, 1)
    ticking.calls()
    heard = [_tick(ticking) for _ in range(44)]
    assert heard.count("synced") <= 1
    assert ticking.calls().get("metered", 0) <= 21

    # What no webhook told of is found in time, and then its webhooks are not relied on any more.
    ticking.emulator.clock.advance(12 * 3600)
    _hear_another_time(ticking)
    ticking.create("Invoice", dict(_INVOICE))
    ticking.emulator.clock.advance(1800)
    assert _tick(ticking) == "synced"
    hearing = Hearing(ticking.settings.webhook_inbox_path, ticking.emulator.clock.now)
    assert hearing.relied_on(ticking.store.connections.all()) == set()
    ticking.emulator.clock.advance(8 * 24 * 3600)
    _hear(ticking, LANDSCAPING, 3)
    assert hearing.relied_on(ticking.store.connections.all()) == {LANDSCAPING}


def _hear_another_time(installation: Installation) -> None:
    """Told of something, and quiet for longer than that is news."""
    _hear(installation, LANDSCAPING, 2)
    installation.emulator.clock.advance(3600)


_INVOICE = {
    "CustomerRef": {"value": "1"},
    "Line": [
        {
            "DetailType": "SalesItemLineDetail",
            "Amount": "10.00",
            "SalesItemLineDetail": {"ItemRef": {"value": "2"}, "Qty": "1", "UnitPrice": "10.00"},
        }
    ],
}


def _metered(installation: Installation, days: int, after: timedelta = QUARTER) -> float:
    """The metered calls a day of the next days, on average, with a tick every so often."""
    installation.calls()
    for _ in range(days * DAY // after):
        _tick(installation, after)
    return installation.calls().get("metered", 0) / days


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_calls_of_a_day_are_those_the_readme_tells(ticking: Installation) -> None:
    in_use = _metered(ticking, 1)
    first_idle_day = _metered(ticking, 1)
    _metered(ticking, 14, after=12 * HOUR)
    long_idle = _metered(ticking, 14, after=12 * HOUR)
    told = README.read_text()
    assert f"{in_use:.0f} metered calls on a day" in told
    assert f"{first_idle_day:.0f} on the first day of rest" in told
    assert f"after 16 days of it, {long_idle:.1f} a day" in told
