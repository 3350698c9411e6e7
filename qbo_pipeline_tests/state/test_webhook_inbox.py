"""The webhook inbox: what was answered for is on disk, once, and waits until it is done."""

import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from qbo_pipeline.quickbooks.webhooks import ChangeEvent
from qbo_pipeline.state.webhook_file import inbox_file
from qbo_pipeline.state.webhook_inbox import Kept, WebhookInbox
from qbo_pipeline_tests.state.conftest import NOW, HandClock


@pytest.fixture
def inbox(tmp_path: Path, clock: HandClock) -> WebhookInbox:
    return WebhookInbox(tmp_path / "home" / "webhooks.db", clock)


def _event(event_id: str, *, realm_id: str = "1", happened_at: datetime = NOW) -> ChangeEvent:
    return ChangeEvent(event_id, realm_id, "Invoice", event_id.strip("e"), "update", happened_at)


def test_events_wait_in_order_until_they_are_done(inbox: WebhookInbox) -> None:
    events = [_event("e1"), _event("e2"), _event("e3")]
    inbox.put(events).result(5)

    first, second = inbox.take(2)
    assert [first.event, second.event] == events[:2]
    inbox.done([first.sequence])

    assert [each.event for each in inbox.take(10)] == events[1:]
    assert inbox.waiting() == 2


def test_an_event_told_again_is_kept_once_even_after_it_is_done(inbox: WebhookInbox) -> None:
    assert inbox.put([_event("e1"), _event("e1")]).result(5) == Kept(new=1, duplicate=1, old=0)
    inbox.done([each.sequence for each in inbox.take(10)])

    assert inbox.put([_event("e1")]).result(5) == Kept(new=0, duplicate=1, old=0)
    assert inbox.take(10) == []


def test_the_same_id_of_another_company_is_another_event(inbox: WebhookInbox) -> None:
    assert inbox.put([_event("e1"), _event("e1", realm_id="2")]).result(5).new == 2


def test_an_event_older_than_the_change_feed_reaches_is_not_believed(inbox: WebhookInbox) -> None:
    old = _event("e1", happened_at=NOW - timedelta(days=31))
    assert inbox.put([old, _event("e2")]).result(5) == Kept(new=1, duplicate=0, old=1)


def test_a_replayed_event_is_known_or_too_old_at_any_time(inbox: WebhookInbox, clock: HandClock) -> None:
    inbox.put([_event("e1")]).result(5)
    inbox.done([each.sequence for each in inbox.take(10)])
    for _ in range(60):
        clock.advance(days=1)
        assert inbox.put([_event("e1")]).result(5).new == 0


def test_what_could_not_be_read_is_due_again_later(inbox: WebhookInbox, clock: HandClock) -> None:
    inbox.put([_event("e1")]).result(5)
    (waiting,) = inbox.take(10)
    inbox.postpone([waiting.sequence], NOW + timedelta(minutes=5))

    assert inbox.take(10) == []
    clock.advance(minutes=6)
    assert [(each.sequence, each.tries) for each in inbox.take(10)] == [(waiting.sequence, 1)]


def test_posts_of_many_threads_are_all_kept_and_share_commits(inbox: WebhookInbox) -> None:
    def put(number: int) -> Kept:
        return inbox.put([_event(f"e{number}"), _event(f"e{number}-again")]).result(30)

    with ThreadPoolExecutor(32) as threads:
        kept = list(threads.map(put, range(300)))

    assert sum(each.new for each in kept) == 600
    assert inbox.waiting() == 600
    assert inbox.counts()["new"] == 600


def test_another_process_sees_what_was_answered_for(inbox: WebhookInbox, tmp_path: Path) -> None:
    inbox.put([_event("e1")], Counter(unknown_realm=2)).result(5)
    other = WebhookInbox(tmp_path / "home" / "webhooks.db")
    assert other.waiting() == 1
    assert other.counts() == {"new": 1, "unknown_realm": 2}


def test_every_commit_reaches_the_disk(tmp_path: Path, inbox: WebhookInbox) -> None:
    with inbox_file(inbox._path) as connection:
        assert connection.execute("pragma synchronous").fetchone() == (2,)
        assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
    assert (tmp_path / "home" / "webhooks.db").stat().st_mode & 0o077 == 0


def test_a_disk_that_refuses_is_told_to_whoever_waits(inbox: WebhookInbox, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "home" / "webhooks.db") as connection:
        connection.execute("drop table event")
    with pytest.raises(Exception, match=r"Keeping webhooks in .*no such table"):
        inbox.put([_event("e1")]).result(5)


def test_closing_keeps_what_was_put(inbox: WebhookInbox) -> None:
    futures = [inbox.put([_event(f"e{number}")]) for number in range(50)]
    inbox.close()
    assert all(future.done() for future in futures)
    assert inbox.waiting() == 50
