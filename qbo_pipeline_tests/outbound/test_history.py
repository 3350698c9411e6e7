"""What the books hold already: linked where nothing speaks against it, held where somebody must say, and never pushed twice."""

from datetime import date
from decimal import Decimal
from typing import Any

from qbo_pipeline.outbound.history import Adopted, adopt_history, hold_doubtful
from qbo_pipeline.state.intents import Intent, IntentState
from qbo_pipeline.state.links import Link
from qbo_pipeline.warehouse.history import candidates
from qbo_pipeline_tests.outbound.desk import Desk
from qbo_pipeline_tests.outbound.operations import Operations

DAY = date(2026, 3, 2)


def ours(number: str = "1001", **differences: Any) -> dict[str, Any]:
    """An invoice of the operational system as the candidates have it."""
    row = {
        "target": "Invoice",
        "source_kind": "invoice",
        "source_id": f"i-{number}",
        "source_number": number,
        "full_number": f"A-{number}",
        "party_kind": "customer",
        "party_id": "c-1",
        "transaction_date": DAY,
        "total": Decimal("100.00"),
        "tax_total": Decimal(0),
        "net": Decimal("100.00"),
        "would_go": True,
    }
    return row | differences


def bill(number: str = "V-7", **differences: Any) -> dict[str, Any]:
    """A vendor's bill of the operational system."""
    made = {
        "target": "Bill",
        "source_kind": "vendor_bill",
        "full_number": number,
        "party_kind": "vendor",
        "party_id": "v-1",
    }
    return ours(number, **made | differences)


def theirs(qbo_id: str, number: str | None, **differences: Any) -> dict[str, Any]:
    """A document in the books."""
    row = {"target": "Invoice", "id": qbo_id, "number": number, "party_id": "58", "transaction_date": DAY}
    return row | {"total": Decimal("100.00"), "total_tax": Decimal(0)} | differences


def link(desk: Desk, target: str, source_id: str, qbo_id: str) -> None:
    """Say which customer or vendor a row is."""
    made = Link(
        realm_id=desk.connection.realm_id,
        target=target,
        source_kind=target.lower(),
        source_id=source_id,
        qbo_id=qbo_id,
        origin="matched",
        linked_at=desk.store.clock(),
    )
    desk.store.links.put(made)


def look(desk: Desk, candidates: list[dict[str, Any]], books: list[dict[str, Any]]) -> Adopted:
    """Look for history, take in what would go, and hold what is in doubt, as a derivation does."""
    adopted = adopt_history(desk.store, desk.connection.realm_id, candidates, books)
    for each in candidates:
        if each["would_go"]:
            source = {name: each[name] for name in ("target", "source_kind", "source_id")}
            desk.store.outbox.intend(Intent(realm_id=desk.connection.realm_id, operation="create", **source))
    hold_doubtful(desk.store, adopted)
    return adopted


def states(desk: Desk) -> list[tuple[str, str | None]]:
    """How each create stands, in the order of its sources."""
    return [(each.state, each.reason_code) for each in sorted(desk.all(), key=lambda each: each.source_id)]


HELD = (IntentState.BLOCKED, "maybe_in_books")


def test_the_number_and_total_of_one_document_make_it_that_one(desk: Desk) -> None:
    found = look(desk, [ours("1001"), ours("1002")], [theirs("130", "1001"), theirs("131", "a-1002", party_id=None)])

    assert (found.linked, found.in_doubt) == (2, [])
    assert states(desk) == [(IntentState.PUSHED, None)] * 2
    assert desk.store.links.by_qbo_id(desk.connection.realm_id, "Invoice", "130").origin == "matched"


def test_each_doubt_holds_its_document_and_no_other(desk: Desk) -> None:
    link(desk, "Customer", "c-1", "58")
    books = [
        theirs("130", "1001", total=Decimal("99.00"), transaction_date=date(2026, 1, 1)),
        theirs("131", "1002", party_id="77"),
        theirs("132", "1003"),
        theirs("133", "1003"),
        theirs("134", "by hand"),
    ]
    wanted = [ours("1001"), ours("1002"), ours("1003"), ours("1004"), ours("1005", transaction_date=date(2026, 3, 3))]

    found = look(desk, wanted, books)

    assert found.linked == 0
    assert states(desk) == [HELD, HELD, HELD, HELD, (IntentState.PENDING, None)]
    reasons = [each.reason for each in sorted(desk.all(), key=lambda each: each.source_id)]
    assert "comes to 99.00 in the books, and to 100.00 here" in reasons[0]
    assert "another customer's" in reasons[1]
    assert "2 of that number" in reasons[2]
    assert "same customer, day and total" in reasons[3]
    assert "push --source invoice:i-1004 --is QBO-ID" in reasons[3]


def test_what_a_person_says_is_not_in_the_books_goes_out_and_is_not_asked_about_again(desk: Desk) -> None:
    wanted, books = [ours("1001")], [theirs("130", "1001", total=Decimal("99.00"))]
    for _ in range(2):
        look(desk, wanted, books)
        assert states(desk) == [HELD]

    desk.store.outbox.push_again(desk.one().intent_key)
    look(desk, wanted, books)

    assert states(desk) == [(IntentState.PENDING, "not_in_books")]


def test_a_change_of_its_source_does_not_let_go_what_is_in_doubt(desk: Desk) -> None:
    look(desk, [ours("1001")], [theirs("130", "1001", total=Decimal("99.00"))])

    desk.store.outbox.intend(desk_intent(desk, source_hash="changed", document='{"changed": true}'))

    assert states(desk) == [HELD]


def test_what_goes_nowhere_before_its_day_is_in_doubt_only_for_its_number(desk: Desk) -> None:
    link(desk, "Customer", "c-1", "58")

    found = look(desk, [ours("1001", would_go=False)], [theirs("130", "by hand")])

    assert (found.linked, found.in_doubt, desk.all()) == (0, [], [])


def test_a_bill_goes_by_its_vendor_and_the_vendors_number(desk: Desk) -> None:
    link(desk, "Vendor", "v-1", "30")
    books = [
        theirs("140", "v-7", target="Bill", party_id="30"),
        theirs("141", "V-8", target="Bill", party_id="31"),
        theirs("142", "V-9", target="Bill", party_id="32"),
    ]
    other = bill("V-8", transaction_date=date(2026, 3, 3))
    unknown = bill("V-9", party_id="v-9")

    found = look(desk, [bill("V-7"), other, unknown], books)

    assert found.linked == 1
    assert states(desk) == [(IntentState.PUSHED, None), (IntentState.PENDING, None), HELD]
    assert "its vendor is not mapped" in found.in_doubt[0].reason


def test_a_payment_that_somebody_recorded_is_asked_about_by_customer_day_and_amount(desk: Desk) -> None:
    link(desk, "Customer", "c-1", "58")
    paid = ours("p", target="Payment", source_kind="payment", full_number=None, source_number=None, tax_total=None)

    look(desk, [paid], [theirs("150", None, target="Payment", total_tax=None)])

    assert states(desk) == [HELD]


def test_every_document_of_the_sample_that_the_books_hold_is_found_there(desk: Desk, operations: Operations) -> None:
    with operations.warehouse.connect("look") as connection:
        rows = [each for each in candidates(connection, "be-landscaping") if each["target"] in ("Invoice", "Bill")]
    for kind, party in sorted({(each["party_kind"], each["party_id"]) for each in rows}):
        link(desk, kind.capitalize(), party, f"{kind}-{party}")
    books = [
        theirs(
            str(number),
            each["full_number"],
            target=each["target"],
            party_id=f"{each['party_kind']}-{each['party_id']}",
            transaction_date=each["transaction_date"],
            total=each["total"] or each["net"],
            total_tax=each["tax_total"] or Decimal(0),
        )
        for number, each in enumerate(rows, start=1000)
    ]

    found = look(desk, rows, books)

    assert {each["target"] for each in rows} == {"Invoice", "Bill"}
    assert found.linked + len(found.in_doubt) == len(rows)
    assert found.linked > 40
    assert {each.state for each in desk.all()} <= {IntentState.PUSHED, IntentState.BLOCKED}


def desk_intent(desk: Desk, **differences: Any) -> Intent:
    """The only create again."""
    known = desk.one()
    source = {name: getattr(known, name) for name in ("realm_id", "target", "operation", "source_kind", "source_id")}
    return Intent(**source | differences)
