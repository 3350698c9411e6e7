"""`kill -9` in each numbered window of a push (C0 to C9): the next push completes it, nothing is lost and nothing doubled."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from qbo_pipeline.outbound.delivery.audit import audit
from qbo_pipeline.outbound.delivery.composing import Ready
from qbo_pipeline.state.intents import IntentState
from qbo_pipeline.state.store import open_state
from qbo_pipeline_tests.installation import Installation
from qbo_pipeline_tests.outbound.delivery import dying_push
from qbo_pipeline_tests.outbound.delivery.post_office import REALM, PostOffice, content

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

DISPATCH = "qbo_pipeline.state.dispatch:Dispatch"
JUDGE = "qbo_pipeline.outbound.delivery.judging:Judge.settlement"
# The window, where the process dies, around which call, and what happens to the answer meanwhile.
WINDOWS = [
    ("C0", "qbo_pipeline.state.outbox:Outbox.intend", "before", None),
    ("C1", "qbo_pipeline.state.outbox:Outbox.intend", "after", None),
    ("C1 claimed", f"{DISPATCH}.claim", "after", None),
    ("C2", "qbo_pipeline.quickbooks.writing:Writing._post", "before", None),
    ("C3", JUDGE, "before", "reset_before"),
    ("C4", JUDGE, "before", "reset_after"),
    ("C4 torn answer", JUDGE, "before", "truncate"),
    ("C5", f"{DISPATCH}.settle_all", "before", None),
    ("C6", f"{DISPATCH}.settle_all", "after", None),
    ("C8", "qbo_pipeline.state.token_store:TokenStore.save", "before", None),
]


@pytest.fixture
def post_office(install: Callable[..., Installation]) -> Iterator[PostOffice]:
    """A post office in an installation whose company is connected as `main`, its clock the emulator's."""
    installation = install("landscaping")
    installation.connect("main", REALM)
    clock = installation.emulator.clock
    with open_state(installation.settings, clock=clock.now) as store:
        yield PostOffice(installation.emulator, store)


def _die(office: PostOffice, kind: str, count: int, where: str, when: str) -> None:
    command = [sys.executable, dying_push.__file__, kind, str(count), where, when, "1"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stdout + ended.stderr
    office.emulator.scripted_faults.clear()


def _recover(office: PostOffice, kind: str, count: int) -> None:
    """What the next schedule does: derive everything again, and deliver once the dead one's lease is over."""
    office.clock.advance(700)
    for number in range(count):
        office.intend(kind, str(number), content=content(kind, str(number)))
    for intent in office.store.outbox.intents(REALM):
        office.composed[intent.intent_key] = Ready(content(intent.target, intent.source_id))
    office.push_until_still()


def _assert_once(office: PostOffice, kind: str, count: int) -> None:
    assert office.copies(kind) == {str(number): 1 for number in range(count)}
    assert {each.state for each in office.store.outbox.intents(REALM)} == {IntentState.PUSHED}
    found = audit(office.store, office.client())
    assert (found.checked, found.lost, found.duplicated, found.findings) == (count, 0, 0, [])


@pytest.mark.parametrize(("kind", "count"), [("Invoice", 3), ("TimeActivity", 1), ("Customer", 2)])
@pytest.mark.parametrize("window", WINDOWS, ids=[name for name, *_ in WINDOWS])
def test_a_killed_push_is_completed_once(
    post_office: PostOffice, window: tuple[str, str, str, str | None], kind: str, count: int
) -> None:
    name, where, when, answer = window
    if answer:
        post_office.script(f"/(batch|{kind.lower()})\\?", action=answer)
    if name == "C8":
        post_office.script(f"/(batch|{kind.lower()})\\?", action="expire_token")
    _die(post_office, kind, count, where, when)

    _recover(post_office, kind, count)

    _assert_once(post_office, kind, count)


@pytest.mark.parametrize("memory", [None, 0])
def test_a_push_killed_while_it_finds_out_is_completed_once(post_office: PostOffice, memory: int | None) -> None:
    """C7: finding out reads only, so that it is simply done again."""
    post_office.emulator.settings.requestid_memory_seconds = memory
    post_office.script("/batch\\?", action="reset_after")
    _die(post_office, "Invoice", 3, f"{DISPATCH}.settle_all", "after")
    with open_state(Installation(post_office.emulator).settings) as store:
        assert {each.state for each in store.outbox.intents(REALM)} == {IntentState.UNKNOWN}
    post_office.clock.advance(700)
    intents = post_office.store.dispatch.claim("dies", REALM, lease=timedelta(minutes=10), limit=9)
    assert len(intents) == 3

    _recover(post_office, "Invoice", 3)

    _assert_once(post_office, "Invoice", 3)


@pytest.mark.parametrize("memory", [None, 0])
def test_a_torn_batch_is_completed_by_what_is_missing_of_it(post_office: PostOffice, memory: int | None) -> None:
    """C9: half of the batch is in QuickBooks, and the process died before it knew of any."""
    post_office.emulator.settings.requestid_memory_seconds = memory
    post_office.script("/batch\\?", action="tear")
    _die(post_office, "Invoice", 4, JUDGE, "before")
    assert post_office.copies("Invoice") == {"0": 1, "1": 1}

    _recover(post_office, "Invoice", 4)

    _assert_once(post_office, "Invoice", 4)
