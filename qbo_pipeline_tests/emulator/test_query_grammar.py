"""The query language: what parses, what is refused where, and that no text can break out of its quotes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbo_pipeline.emulator.books.query import Condition, Ordering, Statement, Value, parse
from qbo_pipeline.emulator.faults import QboFault


def test_a_whole_statement_is_understood() -> None:
    assert parse(
        "SELECT * FROM Invoice WHERE TotalAmt > '1000.0' AND Id IN ('1', 2) "
        "ORDERBY TxnDate DESC, Id STARTPOSITION 11 MAXRESULTS 5"
    ) == Statement(
        "Invoice",
        conditions=(
            Condition("TotalAmt", ">", (Value("1000.0"),)),
            Condition("Id", "IN", (Value("1"), Value("2", "number"))),
        ),
        orderings=(Ordering("TxnDate", is_descending=True), Ordering("Id")),
        start=11,
        limit=5,
    )


def test_keywords_are_known_in_any_case_and_across_lines() -> None:
    assert parse("select id,\n metadata.createtime\nfrom Customer\norder by id asc maxresults 3") == Statement(
        "Customer", ("id", "metadata.createtime"), orderings=(Ordering("id"),), limit=3
    )


def test_properties_named_beside_everything_are_part_of_it() -> None:
    assert parse("SELECT *, Sku, InvoiceLink FROM Item MAXRESULTS 100") == Statement("Item", limit=100)


@pytest.mark.parametrize("count", ["count(*)", "COUNT ( * )", "Count(*)"])
def test_records_can_be_counted(count: str) -> None:
    assert parse(f"select {count} from Bill").is_count


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("true", Value("true", "boolean")),
        ("FALSE", Value("false", "boolean")),
        ("-12.50", Value("-12.50", "number")),
        ("CURRENT_DATE", Value("CURRENT_DATE", "current_date")),
        (r"'Adam\'s'", Value("Adam's")),
        (r"'a\b'", Value(r"a\b")),
        ("' '", Value(" ")),
    ],
)
def test_values_stand_bare_or_quoted(literal: str, value: Value) -> None:
    assert parse(f"select * from Customer where X >= {literal}").conditions == (Condition("X", ">=", (value,)),)


@given(st.text())
def test_any_text_survives_quoting(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace("'", "\\'")
    statement = parse(f"select * from Customer where DisplayName = '{quoted}' and Active = true")
    assert statement.conditions[0].values == (Value(text),)
    assert len(statement.conditions) == 2


@given(st.text(alphabet="selctfromwhandiyu *(),'<>=!;\\0123456789.%\n"))
def test_any_text_is_understood_or_refused_as_quickbooks_refuses(text: str) -> None:
    try:
        parse(text)
    except QboFault as fault:
        assert fault.code in ("4000", "4001", "10000")


@pytest.mark.parametrize(
    ("statement", "column"),
    [
        ("select * from Invoice where TxnDate != '2026-01-01'", 37),
        ("select * from Invoice where TxnDate <> '2026-01-01'", 38),
        ("select * from Invoice where Id = '1' or Id = '2'", 38),
        ("select * from Invoice where (Id = '1')", 29),
        ("select * from Invoice where not Id = '1'", 33),
        ("select * from Invoice where Id in ()", 36),
        ("select * from Invoice where Id = 'O''Brien'", 37),
        ("select * from Invoice where Id = 'open", 34),
        ("select * from Invoice where DocNumber is null", 39),
        ("select * from Invoice where DocNumber like 5", 44),
        ("select * from Invoice group by Id", 23),
        ("select * from Invoice;", 22),
        ("select * from Invoice maxresults 5 startposition 1", 36),
        ("select * from Invoice maxresults 1.5", 34),
        ("select sum(TotalAmt) from Invoice", 11),
        ("select from Invoice", 8),
        ("update Invoice", 1),
        ("select * from", 14),
    ],
)
def test_what_is_not_in_the_language_is_refused_with_its_place(statement: str, column: int) -> None:
    with pytest.raises(QboFault) as refusal:
        parse(statement)
    fault = refusal.value
    assert (fault.status, fault.code, fault.message) == (400, "4000", "Error parsing query")
    assert fault.detail.startswith("QueryParserError: Encountered ")
    assert f"at line 1, column {column}." in fault.detail


def test_the_place_counts_lines() -> None:
    with pytest.raises(QboFault, match="at line 3, column 7"):
        parse("select *\nfrom Invoice\nwhere != 1")


def test_positions_start_at_one() -> None:
    with pytest.raises(QboFault) as refusal:
        parse("select * from Invoice startposition 0")
    assert refusal.value.code == "4001"
    assert refusal.value.detail == "QueryValidationError: value 0 is too small. Min allowed value is 1"


@pytest.mark.parametrize("statement", ["", "  \n"])
def test_no_statement_is_a_system_failure_inside_a_success(statement: str) -> None:
    with pytest.raises(QboFault) as refusal:
        parse(statement)
    assert (refusal.value.status, refusal.value.code, refusal.value.type) == (200, "10000", "SystemFault")
