"""Documents dated in closed books: held, moved to the first open day, or asked about, as the company chose."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest

from qbo_pipeline.outbound.delivery.composing import Held
from qbo_pipeline.quickbooks.errors import Refused
from qbo_pipeline_tests.outbound.payloads.desk import Desk, document

CLOSED_TO = date(2026, 7, 31)
BEFORE = {"transaction_date": date(2026, 7, 31)}


@pytest.fixture
def closed(us: Desk) -> Iterator[Desk]:
    """The American company with its books closed, in QuickBooks and as the store knows it."""
    us.put(replace(us.profile, book_close_date=CLOSED_TO))
    preferences = msgspec.json.decode(us.books.preferences())["Preferences"]["AccountingInfoPrefs"]
    us.books.edit("Preferences", "1", {"AccountingInfoPrefs": preferences | {"BookCloseDate": CLOSED_TO.isoformat()}})
    yield us
    us.books.edit("Preferences", "1", {"AccountingInfoPrefs": preferences})
    us.store.push_settings.choose(us.profile.realm_id, closed_period="hold")


def choose(desk: Desk, choice: Any) -> None:
    desk.store.push_settings.choose(desk.profile.realm_id, closed_period=choice)


def test_a_document_in_closed_books_is_held_as_quickbooks_refuses_it(closed: Desk) -> None:
    composed = closed.compose(document("Invoice", **BEFORE))

    assert isinstance(composed, Held)
    assert composed.reason_code == "closed_period"
    assert "2026-08-01" in composed.reason
    with pytest.raises(Refused, match="6200"):
        closed.post("Invoice", closed.content(document("Invoice")) | {"TxnDate": "2026-07-31"})


def test_the_first_open_day_is_taken_where_that_was_chosen(closed: Desk) -> None:
    choose(closed, "redate")

    assert closed.send(document("Invoice", **BEFORE))["TxnDate"] == "2026-08-01"
    assert closed.content(document("Invoice"))["TxnDate"] == "2026-08-16"


def test_a_question_is_asked_where_that_was_chosen(closed: Desk) -> None:
    choose(closed, "ask")

    composed = closed.compose(document("Invoice", **BEFORE))

    assert isinstance(composed, Held)
    assert composed.reason.endswith("Say which it is to be.")


def test_what_does_not_move_the_books_goes_into_closed_ones(closed: Desk) -> None:
    for target in ("Estimate", "PurchaseOrder"):
        assert closed.send(document(target, **BEFORE))["TxnDate"] == "2026-07-31"


def test_a_document_that_stands_in_quickbooks_is_never_moved_out_of_its_period(closed: Desk) -> None:
    choose(closed, "redate")

    assert isinstance(closed.compose(document("Invoice", **BEFORE), "update"), Held)
