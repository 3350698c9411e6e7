"""Every fault of the table, over HTTP: nothing lost, nothing doubled, and each says whose move it is."""

import pytest

from qbo_pipeline.outbound.delivery.fate import Fate, verdict_on
from qbo_pipeline.quickbooks.errors import Refused
from qbo_pipeline.state.intents import IntentState
from qbo_pipeline.state.moves import mover
from qbo_pipeline_tests.outbound.delivery.post_office import REALM, PostOffice, content

# Fault code, HTTP status, words; then the state it leaves an invoice in, and the reason's code.
TABLE = [
    ("10000", 500, "System Failure Error", "unknown", "answer_unknown"),
    ("10000", 200, "System Failure Error", "unknown", "answer_unknown"),
    ("10000", 502, "Bad gateway", "unknown", "answer_unknown"),
    ("10000", 503, "Unavailable", "unknown", "answer_unknown"),
    ("10000", 504, "Gateway timeout", "unknown", "answer_unknown"),
    ("120", 403, "Authorization Failure", "retry_wait", "access_lost"),
    ("6190", 400, "Invalid Company Status", "retry_wait", "subscription"),
    ("610", 400, "Object Not Found", "blocked", "reference_gone"),
    ("2500", 400, "Invalid Reference Id", "blocked", "reference_gone"),
    ("620", 400, "Transaction can't be linked", "blocked", "cannot_be_linked"),
    ("6200", 400, "Account period closed", "blocked", "period_closed"),
    ("6210", 400, "Account period closed, password", "blocked", "period_closed"),
    ("6210", 400, "Duplicate Document Number Error", "blocked", "number_taken"),
    ("6140", 400, "Duplicate Document Number Error", "blocked", "number_taken"),
    ("6240", 400, "Duplicate Name Exists Error", "blocked", "name_taken"),
    ("6480", 400, "Matched to the bank", "blocked", "matched_to_bank"),
    ("6540", 400, "Deposited transaction cannot be changed", "blocked", "deposited"),
    ("6000", 400, "The books are closed", "blocked", "period_closed"),
    *(
        (code, 400, "Refused", "failed", f"refused_{code}")
        for code in ("2010", "2020", "2040", "2050", "2170", "2210", "6000", "6070")
    ),
    ("9999", 400, "Something new", "failed", "refused_9999"),
]


@pytest.mark.parametrize(("fault", "state", "reason_code"), [(row[:3], *row[3:]) for row in TABLE])
def test_a_fault_leaves_a_document_where_the_table_says(
    office: PostOffice, fault: tuple[str, int, str], state: str, reason_code: str
) -> None:
    code, status, message = fault
    kind = "SystemFault" if code == "10000" else "ValidationFault"
    office.script(
        "/invoice\\?", status=status, code=code, message=message, detail="Secret Customer Ltd", type=kind, times=1
    )
    intent = office.intend("Invoice")

    delivery = office.push()

    stands = office.state(intent)
    assert (stands.state, stands.reason_code) == (state, reason_code)
    assert stands.reason
    assert "Secret Customer" not in stands.reason
    assert bool(delivery.alerts) == (code == "9999")
    assert bool(delivery.stopped) == (state == "retry_wait")
    assert office.copies("Invoice") == {}
    (attempt,) = office.store.outbox.attempts(intent.intent_key)
    assert (attempt.fault_code, attempt.http_status) == (code, status)

    # By itself what was refused is never sent again; once a person says so, it is.
    if state == "failed":
        office.push_until_still()
        assert office.copies("Invoice") == {}
    office.store.outbox.wake(REALM, keys=[intent.intent_key])
    office.push_until_still()
    assert office.copies("Invoice") == {"1": 1}


@pytest.mark.parametrize(("status", "code", "reason_code"), [(401, "3200", "access_lost"), (429, "3001", "throttled")])
def test_what_was_turned_away_again_and_again_waits_and_arrives_once(
    office: PostOffice, status: int, code: str, reason_code: str
) -> None:
    office.script("/invoice\\?", status=status, code=code, message="Turned away", type="AUTHENTICATION", times=0)
    intent = office.intend("Invoice")

    delivery = office.push()

    stands = office.state(intent)
    assert (stands.state, stands.reason_code, stands.tries) == (IntentState.RETRY_WAIT, reason_code, 0)
    assert delivery.stopped
    office.emulator.scripted_faults.clear()
    office.push_until_still()
    assert office.copies("Invoice") == {"1": 1}


def test_closed_books_are_told_by_their_words_under_a_general_code() -> None:
    closed = Refused(
        "Creating", status=400, code="6000", message="The account period has closed and the books are closed"
    )

    assert verdict_on(closed).fate is Fate.POLICY


def test_a_number_somebody_else_has_is_a_conflict_that_names_the_holder(office: PostOffice) -> None:
    other = office.intend("Invoice", "other", content=None)
    office.push()
    (held,) = office.books("Invoice")
    office.emulator.companies[REALM].edit("Invoice", held["Id"], {"PrivateNote": "a person's own"})
    same = office.composed[other.intent_key]
    mine = office.intend("Invoice", "mine", content=dict(same.content))

    office.push_until_still()

    stands = office.state(mine)
    assert (stands.state, stands.reason_code) == (IntentState.BLOCKED, "number_taken")
    assert f"Invoice {held['Id']}" in stands.reason


def test_a_name_a_vendor_has_is_a_conflict_that_names_the_vendor(office: PostOffice) -> None:
    mine = office.intend("Customer", content={"DisplayName": "Books by Bessie"})

    office.push()

    assert office.state(mine).reason_code == "name_taken"
    assert "Vendor 30" in office.state(mine).reason


def test_a_storm_of_refusals_slows_the_company_and_loses_nothing(office: PostOffice) -> None:
    office.script("/batch\\?", status=429, code="3001", message="ThrottleExceeded", type="SERVICE", times=7)
    for number in range(40):
        office.intend("Invoice", str(number))

    deliveries = office.push_until_still()

    assert deliveries[0].states == {"retry_wait": 30}
    assert deliveries[0].stopped
    assert set(office.copies("Invoice").values()) == {1}
    assert len(office.copies("Invoice")) == 40


def test_a_token_that_expires_under_a_batch_is_renewed_and_the_batch_is_applied_once(office: PostOffice) -> None:
    client = office.client()
    office.script("/batch\\?", action="expire_token")
    for number in range(5):
        office.intend("Invoice", str(number))

    assert office.push(client=client).states == {"pushed": 5}
    assert office.copies("Invoice") == dict.fromkeys("01234", 1)


def test_a_revoked_company_keeps_its_intents_and_stops_no_other(office: PostOffice) -> None:
    client = office.client()
    office.script("/batch\\?", action="revoke")
    for number in range(40):
        office.intend("Invoice", str(number))

    delivery = office.push(client=client)

    assert delivery.stopped
    states = {each.state for each in office.store.outbox.intents(REALM)}
    assert states <= {IntentState.RETRY_WAIT, IntentState.PENDING}
    office.clock.advance(700)
    office.push_until_still()
    assert len(office.copies("Invoice")) == 40


def test_what_never_left_is_sent_later_and_counts_against_no_document(office: PostOffice) -> None:
    intent = office.intend("Invoice")
    client = office.client()
    address = client._session._base
    client._session._base = "https://127.0.0.1:1/v3/company/1"
    for _ in range(12):
        assert office.push(client=client).stopped
        office.clock.advance(400)
        assert office.state(intent).state is IntentState.RETRY_WAIT

    client._session._base = address
    assert office.push().pushed == 1


def test_a_fate_that_stays_unknown_is_given_up_only_once_its_absence_is_certain(office: PostOffice) -> None:
    office.script("/invoice\\?", status=500, times=0)
    intent = office.intend("Invoice")

    office.push_until_still(rounds=40)

    stands = office.state(intent)
    assert (stands.state, stands.reason_code) == (IntentState.DEAD, "given_up")
    assert len(office.store.outbox.attempts(intent.intent_key)) == 8
    assert office.copies("Invoice") == {}


_LINE = content("Invoice", "1")["Line"][0]
# What QuickBooks itself refuses in an item of a batch: the change that makes it, and where that leaves the invoice.
REFUSED_ITEMS = [
    ({"CustomerRef": {"value": "99999"}}, "blocked", "reference_gone"),
    ({"CustomerRef": None}, "failed", "refused_2020"),
    ({"DocNumber": "N" * 22}, "failed", "refused_2050"),
    ({"TxnDate": "16.8.2026"}, "failed", None),
    ({"BillEmail": {"Address": "nobody"}}, "failed", None),
    ({"Line": []}, "failed", None),
    ({"Line": [{**_LINE, "Amount": 99}]}, "failed", "refused_6070"),
    ({"DocNumber": "1037"}, "blocked", "number_taken"),
    ({"TxnDate": "2026-01-05"}, "blocked", "period_closed"),
]


def test_each_refusal_of_an_item_in_a_batch_is_its_own_and_readable(office: PostOffice) -> None:
    company = office.emulator.companies[REALM]
    company.edit("Preferences", "1", {"AccountingInfoPrefs": {"BookCloseDate": "2026-01-31"}})
    good = [office.intend("Invoice", f"good-{number}") for number in range(3)]
    refused = [
        office.intend("Invoice", f"bad-{number}", content=content("Invoice", f"bad-{number}") | change)
        for number, (change, _, _) in enumerate(REFUSED_ITEMS)
    ]

    office.push()

    stands = [office.state(each) for each in refused]
    assert [each.state for each in stands] == [state for _, state, _ in REFUSED_ITEMS]
    expected = [code for _, _, code in REFUSED_ITEMS]
    assert [each.reason_code if code else None for each, code in zip(stands, expected, strict=True)] == expected
    move = mover(office.store.outbox.ways_blocked())
    assert all(each.reason and move(each).what for each in stands)
    assert {office.state(each).state for each in good} == {IntentState.PUSHED}
    assert office.copies("Invoice") == {f"good-{number}": 1 for number in range(3)}


@pytest.mark.parametrize("status", [200, 502])
@pytest.mark.parametrize("form", ["html", "empty", "xml", "B"])
def test_an_answer_that_tells_no_fate_in_whatever_form_is_looked_into(
    office: PostOffice, form: str, status: int
) -> None:
    office.script("/invoice\\?", status=status, form=form)
    office.intend("Invoice")

    first, *_ = office.push_until_still()

    assert first.states == {"unknown": 1}
    assert office.copies("Invoice") == {"1": 1}


def test_an_answer_that_takes_too_long_is_looked_into(office: PostOffice) -> None:
    office.script("/invoice\\?", action="delay", seconds=0.8)
    intent = office.intend("Invoice")

    assert office.push(client=office.client(timeout_seconds=0.4)).states == {"unknown": 1}
    office.push_until_still()

    assert office.copies("Invoice") == {"1": 1}
    assert office.state(intent).state is IntentState.PUSHED
