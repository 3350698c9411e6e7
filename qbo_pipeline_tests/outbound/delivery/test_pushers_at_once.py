"""Two pushers at once: each intent is one pusher's, and one that comes too late records nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from qbo_pipeline.outbound.delivery.pace import Pace
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.errors import LeaseLost
from qbo_pipeline.state.intents import IntentState
from qbo_pipeline.state.settling import Settlement
from qbo_pipeline.state.store import open_state
from qbo_pipeline_tests.outbound.delivery.post_office import REALM, PostOffice, need

LEASE = timedelta(minutes=10)


def test_two_pushers_with_stores_of_their_own_push_everything_once(
    any_office: PostOffice, any_state_url: SecretStr | None, tmp_path: Path
) -> None:
    office, settings = any_office, Settings(home=tmp_path / "home", state_url=any_state_url)
    for number in range(25):
        office.intend("Customer", str(number))
        office.intend("Invoice", str(number), needs=(need("Customer", str(number)),))
        office.intend("Invoice", f"free-{number}")
    offices = [office]
    for _ in range(2):
        other = PostOffice(office.emulator, open_state(settings, clock=office.clock.now))
        other.composed = office.composed
        offices.append(other)
    together = threading.Barrier(3)

    def push(each: PostOffice) -> int:
        client = each.client()
        together.wait()
        return each.push(client=client, pace=Pace(claims=10, batch_items=4)).pushed

    with ThreadPoolExecutor(3) as pool:
        pushed = list(pool.map(push, offices))

    assert sum(pushed) == 75
    assert set(office.copies("Customer").values()) == set(office.copies("Invoice").values()) == {1}
    assert {each.state for each in office.store.outbox.intents(REALM)} == {IntentState.PUSHED}


def test_a_pusher_whose_lease_ran_out_records_nothing_over_the_next(any_office: PostOffice) -> None:
    office = any_office
    intent = office.intend("Invoice")
    dispatch = office.store.dispatch
    (slow,) = dispatch.claim("slow", REALM, lease=LEASE, limit=9)
    assert dispatch.claim("other", REALM, lease=LEASE, limit=9) == []
    office.clock.advance(601)
    (taken,) = dispatch.claim("other", REALM, lease=LEASE, limit=9)

    with pytest.raises(LeaseLost, match="taken over"):
        dispatch.freeze(slow, b"{}", lease=LEASE)
    with pytest.raises(LeaseLost):
        dispatch.settle(slow, Settlement(state=IntentState.PUSHED))

    dispatch.release([slow])
    assert office.state(intent).owner == "other"
    dispatch.release([taken])
    assert office.state(intent).owner is None


def test_a_source_that_changes_under_a_claim_takes_it_away_before_anything_is_sent(any_office: PostOffice) -> None:
    office = any_office
    office.intend("Invoice")
    (claimed,) = office.store.dispatch.claim("one", REALM, lease=LEASE, limit=9)
    office.intend("Invoice", source_hash="changed")

    with pytest.raises(LeaseLost):
        office.store.dispatch.freeze(claimed, b"{}", lease=LEASE)
    office.push()
    assert office.copies("Invoice") == {"1": 1}
