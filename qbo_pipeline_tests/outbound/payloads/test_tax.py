"""Tax codes of lines and documents, in the US and elsewhere, and what comes of them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from qbo_pipeline.quickbooks.errors import Refused
from qbo_pipeline.state.intents import IntentState
from qbo_pipeline_tests.outbound.payloads.desk import Desk, document, line


def test_american_lines_say_tax_or_non_and_the_document_never_how_it_is_calculated(us: Desk) -> None:
    by_code = line(is_taxable=None, tax_code="NON")
    content = us.content(document("Invoice", line(is_taxable=True), line(is_taxable=False, tax_code="CA"), by_code))

    assert [each["SalesItemLineDetail"]["TaxCodeRef"]["value"] for each in content["Line"]] == ["TAX", "NON", "NON"]
    assert "GlobalTaxCalculation" not in content


def test_an_american_line_without_a_word_on_tax_is_held(us: Desk) -> None:
    assert us.held(document("Invoice", line(is_taxable=None))) == "tax_unsaid"


def test_a_company_without_sales_tax_charges_none(us: Desk) -> None:
    us.put(replace(us.profile, uses_sales_tax=False))

    assert us.adds_up(document("Invoice", line(is_taxable=True)))["TotalAmt"] == Decimal("100.00")


def test_an_untaxed_british_line_keeps_a_code_that_bears_no_tax_and_loses_one_that_does(uk: Desk) -> None:
    zero, standard = (line(is_taxable=False, tax_code=code) for code in ("ZERO", "STD"))

    content = uk.content(document("Invoice", zero, standard, currency="GBP"))

    assert [each["SalesItemLineDetail"]["TaxCodeRef"]["value"] for each in content["Line"]] == ["4", "6"]


def test_automated_tax_names_no_code_of_the_document_and_claims_no_total(us: Desk) -> None:
    us.put(replace(us.profile, tax_kind="us_automated"))
    content = us.content(document("Invoice", line(is_taxable=True), total=Decimal("109.10")))

    assert "TxnTaxDetail" not in content
    assert content["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] == {"value": "TAX"}


def test_the_code_of_the_lines_is_the_documents_where_tax_is_set_by_hand(us: Desk) -> None:
    assert us.adds_up(document("Invoice", line(tax_code="AZ", is_taxable=True)))["TotalAmt"] == Decimal("109.10")


def test_a_document_taxed_at_two_codes_is_held_in_the_us(us: Desk) -> None:
    wanted = document("Invoice", line(tax_code="AZ", is_taxable=True), line(tax_code="CA", is_taxable=True))

    assert us.held(wanted) == "several_tax_codes"


def test_quickbooks_refuses_a_real_code_on_an_american_line(us: Desk) -> None:
    content = us.content(document("Invoice"))
    content["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] = {"value": "2"}

    with pytest.raises(Refused, match="6100"):
        us.post("Invoice", content)


def test_british_lines_name_their_codes_and_tax_is_rounded_by_line(uk: Desk) -> None:
    lines = [line("1.59", tax_code="STD") for _ in range(29)]

    assert uk.adds_up(document("Invoice", *lines, line("10.00", tax_code="ZERO"), currency="GBP"))[
        "TotalAmt"
    ] == Decimal("65.39")


def test_a_line_without_a_code_takes_the_companys_own_outside_the_us(uk: Desk) -> None:
    wanted = document("Invoice", line(tax_code=None, is_taxable=True), currency="GBP")

    assert uk.adds_up(wanted)["TotalAmt"] == Decimal("120.00")


def test_quickbooks_refuses_a_british_line_without_a_code(uk: Desk) -> None:
    content = uk.content(document("Invoice", currency="GBP"))
    del content["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"]

    with pytest.raises(Refused, match="6000"):
        uk.post("Invoice", content)


def test_an_exempt_customer_is_charged_no_tax(us: Desk, uk: Desk) -> None:
    american = document("Invoice", line(is_taxable=True), is_tax_exempt=True)
    british = document("Invoice", line(tax_code="STD"), is_tax_exempt=True, currency="GBP")

    assert us.adds_up(american)["TotalAmt"] == Decimal("100.00")
    assert uk.adds_up(british)["TotalAmt"] == Decimal("100.00")


def test_a_total_that_quickbooks_tax_made_another_is_told_when_it_is_known(us: Desk) -> None:
    us.put(replace(us.profile, tax_kind="us_automated"))
    differs = document("Invoice", line(is_taxable=True), total=Decimal("109.10"))
    agrees = document("Invoice", line(is_taxable=True), total=Decimal("100.00"))

    for wanted in (differs, agrees):
        us.push(wanted)

    (told,) = us.store.outbox.about(differs.source_id)
    assert (told.state, told.reason_code) == (IntentState.PUSHED, "total_differs")
    assert "QuickBooks made 100.00 of it, 0.00 of that tax, and the source says 109.10." in (told.reason or "")
    assert us.store.outbox.about(agrees.source_id)[0].reason_code is None


def test_tax_within_the_lines_of_a_receipt_is_taken_out_of_them_to_the_cent(uk: Desk) -> None:
    lines = (
        line("8.01", kind="account", product_id=None, account="Travel", tax_code="STD", is_taxable=True),
        line("4.00", kind="account", product_id=None, account="Permits", tax_code="RED", is_taxable=True),
        line("5.00", kind="account", product_id=None, account="Permits"),
    )
    receipt = {"tax_total": Decimal("1.53"), "is_tax_inclusive": True, "total": Decimal("17.01"), "currency": "GBP"}

    record = uk.adds_up(document("Purchase", *lines, account="Visa 1881", **receipt))

    details = [each["AccountBasedExpenseLineDetail"] for each in record["Line"]]
    assert record["GlobalTaxCalculation"] == "TaxInclusive"
    assert (record["TotalAmt"], record["TxnTaxDetail"]["TotalTax"]) == (Decimal("17.01"), Decimal("1.53"))
    assert [each["TaxInclusiveAmt"] for each in details] == [Decimal("8.01"), Decimal("4.00"), Decimal("5.00")]
    assert [each["Amount"] for each in record["Line"]] == [Decimal("6.67"), Decimal("3.81"), Decimal("5.00")]


def test_an_american_purchase_bears_its_tax_as_a_cost(us: Desk) -> None:
    paid = line("12.00", kind="account", product_id=None, account="Travel", tax_code="CA", is_taxable=True)
    receipt = {"tax_total": Decimal("2.00"), "is_tax_inclusive": True, "total": Decimal("12.00")}

    record = us.adds_up(document("Purchase", paid, account="Visa 1881", **receipt))

    assert record["TotalAmt"] == Decimal("12.00")


def test_the_sources_own_tax_stands(us: Desk, uk: Desk) -> None:
    american = document("Invoice", line(is_taxable=True), tax_total=Decimal("8.01"), total=Decimal("108.01"))
    british = document("Invoice", line(tax_code="STD"), tax_total=Decimal("19.99"), currency="GBP")

    assert us.adds_up(american)["TotalAmt"] == Decimal("108.01")
    assert uk.adds_up(british)["TotalAmt"] == Decimal("119.99")
