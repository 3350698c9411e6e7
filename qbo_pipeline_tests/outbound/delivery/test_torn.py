"""Lost answers after which the books are not what was sent: torn batches, and what people did before anybody looked."""

from collections.abc import Callable

import pytest

from qbo_pipeline.state.intents import IntentState
from qbo_pipeline_tests.outbound.delivery.post_office import REALM, PostOffice, content

OpenOffice = Callable[..., PostOffice]


def _made(office: PostOffice, number: str) -> str:
    return next(each["Id"] for each in office.books("Invoice") if each["DocNumber"] == number)


@pytest.mark.parametrize("memory", [None, 0])
def test_a_batch_that_was_torn_is_completed_by_what_is_missing_of_it(
    open_office: OpenOffice, memory: int | None
) -> None:
    office = open_office(requestid_memory_seconds=memory)
    office.script("/batch\\?", action="tear")
    for number in range(5):
        office.intend("Invoice", str(number))

    first, *later = office.push_until_still()

    assert first.states == {"unknown": 5}
    assert sum(each.recovered for each in later) == 2
    assert office.copies("Invoice") == dict.fromkeys("01234", 1)


@pytest.mark.parametrize("memory", [None, 0])
def test_what_a_person_deleted_before_its_fate_was_found_out_comes_back_only_when_asked_for(
    open_office: OpenOffice, memory: int | None
) -> None:
    office = open_office(requestid_memory_seconds=memory)
    office.script("/batch\\?", action="reset_after")
    intents = [office.intend("Invoice", str(number)) for number in range(3)]
    office.push()
    gone = _made(office, "N-1")
    office.emulator.companies[REALM].delete("Invoice", gone)

    office.push_until_still()

    stands = office.state(intents[1])
    assert (stands.state, stands.reason_code) == (IntentState.BLOCKED, "maybe_deleted")
    assert f"Invoice {gone}" in (stands.reason or "")
    assert office.copies("Invoice") == {"0": 1, "2": 1}
    office.intend("Invoice", "1", source_hash="changed meanwhile")
    office.push_until_still()
    assert office.copies("Invoice") == {"0": 1, "2": 1}

    office.store.outbox.wake(REALM, keys=[stands.intent_key])
    office.push_until_still()
    assert office.copies("Invoice") == dict.fromkeys("012", 1)


def test_what_was_there_before_and_is_deleted_meanwhile_holds_up_nothing(open_office: OpenOffice) -> None:
    office = open_office(requestid_memory_seconds=0)
    office.intend("Invoice", "ours")
    office.push()
    office.clock.advance(3600)
    office.script("/batch\\?", action="tear")
    for number in range(4):
        office.intend("Invoice", str(number))
    office.push()
    company = office.emulator.companies[REALM]
    company.delete("Invoice", _made(office, "N-ours"))
    company.delete("Invoice", "67")

    office.push_until_still()

    assert office.copies("Invoice") == dict.fromkeys("0123", 1)


@pytest.mark.parametrize("kind", ["Invoice", "Payment"])
def test_what_a_person_renumbered_or_redated_before_its_fate_was_found_out_is_found_all_the_same(
    open_office: OpenOffice, kind: str
) -> None:
    office = open_office(requestid_memory_seconds=0)
    office.script(f"/{kind.lower()}\\?", action="reset_after")
    intent = office.intend(kind)
    office.push()
    (made,) = office.books(kind)
    changes = {"DocNumber": "1776"} if kind == "Invoice" else {"TxnDate": "2026-08-01"}
    office.emulator.companies[REALM].edit(kind, made["Id"], changes)
    office.clock.advance(86_500)

    office.push_until_still()

    assert office.copies(kind) == {"1": 1}
    assert office.state(intent).state is IntentState.PUSHED
    assert office.store.links.find(REALM, kind, kind.lower(), "1").qbo_id == made["Id"]


@pytest.mark.parametrize("memory", [None, 0])
@pytest.mark.parametrize("how", ["reset_after", "tear"])
def test_a_bad_item_of_a_batch_whose_answer_is_lost_still_fails_alone(
    open_office: OpenOffice, memory: int | None, how: str
) -> None:
    office = open_office(requestid_memory_seconds=memory)
    office.script("/batch\\?", action=how)
    bad = office.intend("Invoice", "0", content=content("Invoice", "0") | {"CustomerRef": {"value": "99999"}})
    for number in range(1, 5):
        office.intend("Invoice", str(number))

    office.push_until_still()

    assert office.copies("Invoice") == dict.fromkeys("1234", 1)
    assert (office.state(bad).state, office.state(bad).reason_code) == (IntentState.BLOCKED, "reference_gone")


def test_a_change_whose_answers_are_all_lost_is_given_up_once_it_is_known_not_to_be_done(office: PostOffice) -> None:
    office.intend("Invoice")
    office.push()
    office.script("/invoice\\?", status=500, times=0)
    update = office.intend("Invoice", operation="update", logical_version=1, content={"PrivateNote": "Changed"})

    office.push_until_still(rounds=20)

    assert (office.state(update).state, office.state(update).reason_code) == (IntentState.DEAD, "given_up")
    assert len(office.store.outbox.attempts(update.intent_key)) == 8
