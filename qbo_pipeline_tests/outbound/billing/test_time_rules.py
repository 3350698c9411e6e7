"""What hours cost: by the rate agreed, raised and rounded entry by entry, each entry billed once and to the cent."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from qbo_pipeline.outbound.amounts import cents
from qbo_pipeline.outbound.document import Document, DocumentLine
from qbo_pipeline_tests.outbound.billing.by_hand import CONDITIONS, cost
from qbo_pipeline_tests.outbound.golden_rows import BE, DAY, Books
from qbo_pipeline_tests.outbound.operations import Operations

ENTRIES = 1500
NAMES: dict[str, tuple[str | None, ...]] = {
    "contract_id": (None, None, "k1", "k2"),
    "company_id": ("c1", "c2", "c3"),
    "work_role": (None, "Senior", "Junior", "Lead"),
    "work_type": (None, "Remote", "Weekend"),
    "user_id": ("u1", "u2", "u3"),
}


def rate(rate_id: str, hourly: str, **values: Any) -> dict[str, Any]:
    """An agreed rate."""
    usual = {"business_entity_id": BE, "rate_kind": "custom", "effective_from": date(2026, 1, 1)}
    return {"id": rate_id, "rate": Decimal(hourly)} | usual | values


class Vectors:
    """One business whose entries are known to the cent."""

    RATES = (
        rate("r-up", "150", work_role="Up", min_minutes=15, round_minutes=15),
        rate("r-six", "150", work_role="Six", round_minutes=6),
        rate("r-near", "150", work_role="Near", round_minutes=15, round_mode="nearest"),
        rate("r-down", "150", work_role="Down", round_minutes=15, round_mode="down"),
        rate("r-whole", "150", work_role="Whole", min_minutes=10, round_minutes=15, round_mode="none"),
        rate("r-old", "100", work_role="Dated", effective_to=DAY),
        rate("r-new", "110", work_role="Dated", effective_from=DAY, product_id="p1"),
        rate("r-base", "80", work_role="Base", min_minutes=15, round_minutes=15),
        rate("r-weekend", "1.5", rate_kind="multiply", work_type="Weekend", round_mode="none"),
        rate("r-night", "25", rate_kind="add", work_type="Night", min_minutes=60),
        rate("r-agreed", "95", work_role="Base", work_type="Weekend", company_id="c2"),
    )

    def __init__(self, books: Books) -> None:
        for each in self.RATES:
            books.operations.add("rates", each)
        books.row("companies", "c2", number="22", name="Ben")
        for role in ("Up", "Six", "Near", "Down", "Whole"):
            for minutes in (7, 13, 31):
                books.entry(f"{role}-{minutes}", work_role=role, minutes=minutes)
        books.entry("dated-before", work_role="Dated", work_date=DAY - timedelta(days=1))
        books.entry("dated-on", work_role="Dated")
        books.entry("weekend", work_role="Base", work_type="Weekend", minutes=20)
        books.entry("night", work_role="Base", work_type="Night", minutes=20)
        books.entry("agreed", work_role="Base", work_type="Weekend", company_id="c2")
        books.entry("given", work_role="Up", minutes=7, bill_minutes=5, rate=Decimal(60))
        books.entry("given-rate", work_role="Up", minutes=7, rate=Decimal(60))
        books.entry("breaks", work_role="Up", minutes=40, break_minutes=33)
        books.entry("nobody", work_role="Nobody")
        books.row("companies", "c3", number="33", name="Cy")
        books.entry("paid", work_role="Up", company_id="c3")
        books.entry("covered", work_role="Up", company_id="c3", billable="covered", notes="Under the contract")
        books.entry("gift", work_role="Up", company_id="c3", billable="no_charge")
        books.entry("own", work_role="Up", company_id="c3", billable="not_billable")
        books.entry("draft", work_role="Up", company_id="c3", billable="covered", status="draft")
        books.row("tickets", "t-covered", number="T-9", company_id="c3", billing_mode="covered")
        books.entry("covered-alone", work_role="Up", company_id="c3", ticket_id="t-covered", billable="covered")


@pytest.fixture(scope="module")
def business(tmp_path_factory: pytest.TempPathFactory, run_dbt: Callable[..., Any]) -> Operations:
    """The business of the vectors, derived."""
    made = Operations.empty(tmp_path_factory.mktemp("vectors") / "business", run_dbt)
    Vectors(Books(made))
    made.derive()
    return made


@pytest.fixture(scope="module")
def vectors(business: Operations) -> dict[str, Any]:
    """Minutes, rate, amount and reason of each entry of the vectors, with the product."""
    rows = business.rows(
        "select time_entry_id, minutes, rate, amount, unfit.code, product_id from outbound.billable_time"
    )
    return {name: values for name, *values in rows}


@pytest.mark.parametrize(
    ("role", "minutes", "total"),
    [
        ("Up", [15, 15, 45], "187.50"),
        ("Six", [12, 18, 36], "165.00"),
        ("Near", [0, 15, 30], "112.50"),
        ("Down", [0, 0, 30], "75.00"),
        ("Whole", [10, 13, 31], "135.00"),
    ],
)
def test_each_entry_is_raised_and_rounded_before_it_is_added(
    vectors: dict[str, Any], role: str, minutes: list[int], total: str
) -> None:
    found = [vectors[f"{role}-{each}"] for each in (7, 13, 31)]
    assert [each[0] for each in found] == minutes
    assert sum(each[2] for each in found) == Decimal(total)


def test_what_rounds_to_nothing_says_so(vectors: dict[str, Any]) -> None:
    assert vectors["Near-7"][3] == "no_time"


def test_a_rate_holds_from_its_first_day_to_the_day_before_its_end(vectors: dict[str, Any]) -> None:
    assert (vectors["dated-before"][1], vectors["dated-on"][1]) == (Decimal(100), Decimal(110))
    assert (vectors["dated-before"][4], vectors["dated-on"][4]) == (None, "p1")


def test_a_factor_and_an_addition_change_the_rate_they_find_and_its_rounding_only_if_they_say_so(
    vectors: dict[str, Any],
) -> None:
    assert vectors["weekend"][:3] == [30, Decimal(120), Decimal("60.00")]
    assert vectors["night"][:3] == [60, Decimal(105), Decimal("105.00")]


def test_a_rate_agreed_for_the_very_type_of_work_is_not_multiplied(vectors: dict[str, Any]) -> None:
    assert vectors["agreed"][1] == Decimal(95)


def test_what_the_operational_system_worked_out_itself_stands(vectors: dict[str, Any]) -> None:
    assert vectors["given"][:3] == [5, Decimal(60), Decimal("5.00")]
    assert vectors["given-rate"][:3] == [15, Decimal(60), Decimal("15.00")]


def test_breaks_are_taken_off_before_anything_else(vectors: dict[str, Any]) -> None:
    assert vectors["breaks"][0] == 15


def test_hours_without_a_rate_say_so(vectors: dict[str, Any]) -> None:
    assert vectors["nobody"][3] == "no_rate"


def _of_cy(business: Operations) -> list[DocumentLine]:
    (invoice,) = [
        each for each in business.wanted(BE).documents if isinstance(each, Document) and each.party_id == "c3"
    ]
    return list(invoice.lines)


def test_covered_hours_are_left_out_and_consumed_by_the_invoice_that_goes_out(business: Operations) -> None:
    (line,) = _of_cy(business)
    assert line.amount == Decimal("150.00")
    assert [work.source_id for work in line.bills] == ["paid", "covered", "gift"]


def test_covered_hours_are_shown_as_lines_of_nothing_where_that_is_chosen(business: Operations, tmp_path: Path) -> None:
    shown = business.copy(tmp_path / "shown")
    shown.derive(show_covered_time=True)

    lines = {line.bills[0].source_id: line for line in _of_cy(shown)}

    assert {name: line.amount for name, line in lines.items()} == {
        "paid": Decimal("150.00"),
        "covered": Decimal(0),
        "gift": Decimal(0),
    }
    assert (lines["covered"].quantity, lines["covered"].unit_price) == (Decimal(1), Decimal(0))
    assert (lines["covered"].description or "").endswith("Under the contract (no charge)")


class Crowd:
    """Entries and rates of every kind, at random."""

    def __init__(self, business: Operations) -> None:
        self.business = business
        self._chance = Random(20260310)
        self.rates = [self._rate(number) for number in range(60)]
        self.entries = {f"e{number}": self._entry() for number in range(ENTRIES)}
        self._write()

    def _rate(self, number: int) -> dict[str, Any]:
        pick = self._chance.choice
        named = {name: pick((None, pick(NAMES[name]))) for name in CONDITIONS}
        kind = pick(("custom", "custom", "custom", "add", "multiply"))
        first = DAY + timedelta(days=self._chance.randint(-40, 5))
        return rate(
            f"r{number}",
            str(self._chance.randint(5000, 2000000) / Decimal(10000))
            if kind != "multiply"
            else pick(("0.5", "1.3333")),
            rate_kind=kind,
            min_minutes=pick((0, 0, 10, 15)),
            round_minutes=pick((0, 6, 15, 30)),
            round_mode=pick(("up", "nearest", "down", "none")),
            effective_from=first,
            effective_to=pick((None, first + timedelta(days=self._chance.randint(1, 40)))),
            **named,
        )

    def _entry(self) -> dict[str, Any]:
        pick = self._chance.choice
        return {name: pick(NAMES[name]) for name in CONDITIONS} | {
            "minutes": self._chance.randint(0, 200),
            "break_minutes": pick((0, 0, 0, 10)),
            "bill_minutes": pick((None, None, None, None, 45)),
            "rate": pick((None, None, None, None, Decimal("77.7777"))),
            "work_date": DAY - timedelta(days=self._chance.randint(0, 20)),
            "ticket_id": pick((None, "t1", "t2")),
        }

    def _write(self) -> None:
        books = Books(self.business)
        for number, name in ((2, "c2"), (3, "c3")):
            books.row("companies", name, number=f"{number}0", name=name)
            books.row("users", f"u{number}", display_name=f"Worker {number}")
        books.row("timesheets", "s1", period_start=DAY - timedelta(days=30))
        for name in ("t1", "t2"):
            books.row("tickets", name, number=name.upper(), billing_mode="time")
        for name in ("k1", "k2"):
            books.row("contracts", name, number=name)
        self.business.add("rates", *self.rates)
        worked = {"business_entity_id": BE, "time_zone": "UTC", "billable": "billable", "status": "approved"}
        self.business.add(
            "time_entries", *({"id": name, "timesheet_id": "s1"} | worked | each for name, each in self.entries.items())
        )


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory, run_dbt: Callable[..., Any]) -> Crowd:
    """The crowd, derived with a line for each entry."""
    made = Crowd(Operations.empty(tmp_path_factory.mktemp("crowd") / "business", run_dbt))
    made.business.derive()
    return made


def test_every_entry_costs_what_a_clerk_makes_of_it(crowd: Crowd) -> None:
    found = crowd.business.rows("select time_entry_id, minutes, rate, amount from outbound.billable_time")

    assert len(found) == ENTRIES
    assert len({hourly for _, _, hourly, _ in found}) > 20
    for name, minutes, hourly, amount in found:
        expected = cost(crowd.entries[name], crowd.rates)
        assert (name, minutes, hourly) == (name, expected.minutes, expected.rate)
        if hourly is not None and minutes > 0:
            assert amount == cents(Decimal(minutes) * hourly / 60)


def _accounted(crowd: Crowd) -> None:
    """Every entry is billed by one line or has one reason, and every line is its hours at its rate."""
    wanted = crowd.business.wanted(BE)
    invoices = [each for each in wanted.documents if isinstance(each, Document) and each.source_kind == "billable_time"]
    lines = [line for each in invoices for line in each.lines]
    billed = Counter(work.source_id for line in lines for work in line.bills)
    skipped = {
        each.source_id for each in wanted.skipped if each.target == "Invoice" and each.source_kind == "time_entry"
    }
    assert set(billed.values()) == {1}
    assert not set(billed) & skipped
    assert set(billed) | skipped == set(crowd.entries)
    for line in lines:
        costs = [cost(crowd.entries[work.source_id], crowd.rates) for work in line.bills]
        assert {each.rate for each in costs} == {line.unit_price}
        assert line.amount == cents(Decimal(sum(each.minutes for each in costs)) * line.unit_price / 60)
        assert line.amount == cents(line.quantity * line.unit_price)


def test_every_entry_is_billed_once_or_says_why_not(crowd: Crowd) -> None:
    _accounted(crowd)


@pytest.mark.slow
@pytest.mark.parametrize("grouping", ["ticket", "person", "day", "role", "one"])
def test_however_hours_are_grouped_each_is_billed_once_and_to_the_cent(
    crowd: Crowd, tmp_path: Path, grouping: str
) -> None:
    grouped = Crowd.__new__(Crowd)
    grouped.business, grouped.rates, grouped.entries = (
        crowd.business.copy(tmp_path / "grouped"),
        crowd.rates,
        crowd.entries,
    )
    grouped.business.derive(time_lines=grouping)

    _accounted(grouped)
