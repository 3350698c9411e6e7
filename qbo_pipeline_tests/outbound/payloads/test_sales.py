"""Sales forms: what exactly is sent, and that QuickBooks takes it and adds it up as expected."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from qbo_pipeline.outbound.delivery.composing import Held, Waiting
from qbo_pipeline.outbound.document import Reference
from qbo_pipeline.quickbooks.errors import Refused
from qbo_pipeline.state.intents import Need
from qbo_pipeline_tests.outbound.payloads.desk import Desk, document, line

SALES = ("Estimate", "Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt")


def test_an_american_invoice_is_sent_whole(us: Desk) -> None:
    wanted = document(
        "Invoice",
        line(
            "37.50",
            quantity=Decimal("0.25"),
            unit_price=Decimal(150),
            is_taxable=True,
            tax_code="TAX",
            description="T-9001",
        ),
        line("0.00", kind="note", product_id=None, description="Thank you for calling."),
        number="NW-10231",
        terms_code="NET30",
        due_date=date(2026, 9, 15),
        email="ap@acme.test",
        po_number="PO-5",
        customer_memo="Thank you",
        private_note="Ordered by telephone",
    )

    assert us.content(wanted) == {
        "DocNumber": "NW-10231",
        "TxnDate": "2026-08-16",
        "PrivateNote": "Ordered by telephone",
        "CustomerRef": {"value": "1"},
        "CustomerMemo": {"value": "PO number: PO-5\nThank you"},
        "BillEmail": {"Address": "ap@acme.test"},
        "SalesTermRef": {"value": "3"},
        "DueDate": "2026-09-15",
        "TxnTaxDetail": {"TxnTaxCodeRef": {"value": "2"}},
        "Line": [
            {
                "DetailType": "SalesItemLineDetail",
                "Amount": Decimal("37.50"),
                "Description": "T-9001",
                "SalesItemLineDetail": {
                    "ItemRef": {"value": "2"},
                    "Qty": Decimal("0.25"),
                    "UnitPrice": Decimal(150),
                    "TaxCodeRef": {"value": "TAX"},
                },
            },
            {"DetailType": "DescriptionOnly", "Description": "Thank you for calling.", "DescriptionLineDetail": {}},
        ],
    }
    assert us.adds_up(wanted)["TotalAmt"] == Decimal("40.50")


def test_a_british_invoice_in_euros_is_sent_whole(uk: Desk) -> None:
    wanted = document(
        "Invoice",
        line(
            "370.00",
            quantity=Decimal(2),
            unit_price=Decimal(185),
            tax_code="STD",
            is_taxable=True,
            service_date=date(2026, 8, 1),
        ),
        number="HX-7",
        party_id="nantes",
        currency="EUR",
        exchange_rate=Decimal("0.8500"),
        po_number="BC 118",
        class_code="ADV",
        department_code="LON",
    )

    assert uk.content(wanted) == {
        "DocNumber": "HX-7",
        "TxnDate": "2026-08-16",
        "DepartmentRef": {"value": "1"},
        "CurrencyRef": {"value": "EUR"},
        "ExchangeRate": Decimal("0.85"),
        "CustomerRef": {"value": "14"},
        "CustomField": [{"DefinitionId": "1", "Name": "Order number", "Type": "StringType", "StringValue": "BC 118"}],
        "GlobalTaxCalculation": "TaxExcluded",
        "Line": [
            {
                "DetailType": "SalesItemLineDetail",
                "Amount": Decimal("370.00"),
                "SalesItemLineDetail": {
                    "ItemRef": {"value": "3"},
                    "Qty": Decimal(2),
                    "UnitPrice": Decimal(185),
                    "TaxCodeRef": {"value": "2"},
                    "ClassRef": {"value": "5000000000000085682"},
                    "ServiceDate": "2026-08-01",
                },
            }
        ],
    }
    record = uk.adds_up(wanted)
    assert (record["TotalAmt"], record["HomeTotalAmt"]) == (Decimal("444.00"), Decimal("377.40"))


@pytest.mark.parametrize("target", SALES)
def test_every_sales_form_is_taken_in_both_companies(us: Desk, uk: Desk, target: str) -> None:
    us.adds_up(document(target, line(is_taxable=True), account="Checking", payment_method="card", reference="ch_1"))
    uk.adds_up(document(target, line(tax_code="STD"), currency="GBP", account="Checking", payment_method="card"))


def test_shipping_is_the_forms_own_item_where_it_is_shown(uk: Desk) -> None:
    freight = line("15.00", kind="shipping", product_id=None, tax_code="STD", description="Delivery")
    wanted = document("Invoice", line(tax_code="STD"), freight, currency="GBP")

    assert uk.content(wanted)["Line"][1]["SalesItemLineDetail"]["ItemRef"] == {"value": "SHIPPING_ITEM_ID"}
    assert uk.adds_up(wanted)["TotalAmt"] == Decimal("138.00")


def test_shipping_that_the_forms_do_not_show_is_held_until_an_item_is_chosen(us: Desk) -> None:
    wanted = document("Invoice", line(), line("15.00", kind="shipping", product_id=None))
    assert us.held(wanted) == "shipping_off"

    us.store.push_settings.choose(us.profile.realm_id, shipping_item="7")
    try:
        assert us.adds_up(wanted)["TotalAmt"] == Decimal("115.00")
    finally:
        us.store.push_settings.choose(us.profile.realm_id, shipping_item=None)


def test_an_invoice_takes_up_its_estimate(us: Desk) -> None:
    estimate = document("Estimate")
    made = us.send(estimate)
    quote = Reference(target="Estimate", source_kind=estimate.source_kind, source_id=estimate.source_id)

    record = us.send(document("Invoice", linked_to=(quote,)))

    assert record["LinkedTxn"] == [{"TxnId": made["Id"], "TxnType": "Estimate"}]


def test_an_invoice_waits_for_an_estimate_that_is_not_there_yet(us: Desk) -> None:
    quote = Reference(target="Estimate", source_kind="quote", source_id="not-yet")

    assert us.compose(document("Invoice", linked_to=(quote,))) == Waiting((Need("Estimate", "quote", "not-yet"),))


def test_everything_missing_is_named_at_once(us: Desk) -> None:
    composed = us.compose(document("Invoice", line(product_id="new-item"), party_id="new-customer"))

    assert composed == Waiting((Need("Customer", "customer", "new-customer"), Need("Item", "item", "new-item")))


def test_what_is_not_mapped_is_held_with_the_command_that_maps_it(us: Desk) -> None:
    composed = us.compose(document("Invoice", terms_code="NET45"))

    assert isinstance(composed, Held)
    assert composed.reason_code == "unmapped_term"
    assert "qbo-pipeline map set term NET45" in composed.reason


def test_a_company_of_one_currency_takes_no_other(us: Desk) -> None:
    wanted = document("Invoice", currency="EUR")
    assert us.held(wanted) == "currency_not_kept"

    content = us.content(document("Invoice")) | {"CurrencyRef": {"value": "EUR"}}
    with pytest.raises(Refused, match="2220"):
        us.post("Invoice", content)


def test_an_account_on_a_sale_is_held(us: Desk) -> None:
    assert us.held(document("Invoice", line(kind="account", account="4000", product_id=None))) == "account_on_sale"


def test_long_words_are_cut_where_quickbooks_would_refuse_them(us: Desk) -> None:
    long = "word " * 900
    wanted = document(
        "Invoice",
        line("10.00", quantity=Decimal(3), unit_price=Decimal(3), description=long[:4000]),
        customer_memo=long,
        private_note=long,
    )

    record = us.send(wanted)

    assert len(record["CustomerMemo"]["value"]) <= 1000
    assert record["Line"][0]["Description"].endswith("(3 × 3)")  # noqa: RUF001 - the sign of multiplication
    assert record["PrivateNote"].splitlines()[-1].startswith("[psa:1|")


def test_a_bad_address_is_left_out_unless_the_document_is_to_be_mailed(us: Desk) -> None:
    wanted = document("Invoice", email="n/a")
    assert "BillEmail" not in us.content(wanted)

    us.store.push_settings.choose(us.profile.realm_id, send_email=True)
    try:
        assert us.held(wanted) == "bad_email"
        made = us.send(document("Invoice", email="a@acme.test; b@acme.test"))
        assert (made["EmailStatus"], made["BillEmail"]) == ("NotSet", {"Address": "a@acme.test,b@acme.test"})
    finally:
        us.store.push_settings.choose(us.profile.realm_id, send_email=False)


def test_every_invoice_of_a_quote_is_linked_to_its_estimate_where_the_company_bills_in_parts(us: Desk) -> None:
    estimate = document("Estimate", line("100.00"))
    us.send(estimate)
    of = Reference(target="Estimate", source_kind=estimate.source_kind, source_id=estimate.source_id)
    parts = [
        document("Invoice", line("40.00"), linked_to=(of,)),
        document("Invoice", line("60.00"), linked_to=(of,), is_linked_again=True),
    ]
    assert "LinkedTxn" not in us.content(parts[1])

    us.put(replace(us.profile, uses_progress_invoicing=True))
    us.books.edit("Preferences", "1", {"SalesFormsPrefs": {"UsingProgressInvoicing": True}})
    made = [us.send(each) for each in parts]
    us.books.edit("Preferences", "1", {"SalesFormsPrefs": {"UsingProgressInvoicing": False}})

    assert [[each["TxnType"] for each in record["LinkedTxn"]] for record in made] == [["Estimate"], ["Estimate"]]


def test_a_refund_says_from_which_account_it_was_paid(us: Desk) -> None:
    assert us.held(document("RefundReceipt")) == "unmapped_account"

    us.put(replace(us.profile, undeposited_account="4"))
    made = us.send(document("RefundReceipt", account="undeposited"))

    assert made["DepositToAccountRef"]["name"] == "Undeposited Funds"


def test_an_update_sends_whole_lines_and_leaves_alone_what_was_said_once(us: Desk) -> None:
    estimate = document("Estimate", line("10.00"), line("20.00"))

    content = us.content(estimate, "update")

    assert "TxnStatus" in us.content(document("Estimate"))
    assert "TxnStatus" not in content
    assert [each["Amount"] for each in content["Line"]] == [Decimal("10.00"), Decimal("20.00")]


def test_quickbooks_refuses_what_is_cut_or_left_out(us: Desk) -> None:
    content = us.content(document("Invoice"))

    with pytest.raises(Refused, match="2050"):
        us.post("Invoice", content | {"DocNumber": "N" * 22})
    with pytest.raises(Refused, match="2050"):
        us.post("Invoice", content | {"Line": [content["Line"][0] | {"Description": "x" * 4001}]})
    with pytest.raises(Refused, match="2210"):
        us.post("Invoice", content | {"BillEmail": {"Address": "n/a"}})


def test_a_company_without_estimates_is_asked_to_switch_them_on(us: Desk) -> None:
    us.put(replace(us.profile, allows_estimates=False))

    assert us.held(document("Estimate")) == "estimates_off"


def test_an_invoice_takes_up_one_estimate_and_no_more(us: Desk) -> None:
    quotes = tuple(Reference(target="Estimate", source_kind="quote", source_id=source_id) for source_id in ("q1", "q2"))

    assert us.held(document("Invoice", linked_to=quotes)) == "several_estimates"


def test_the_same_document_gives_the_same_content(us: Desk) -> None:
    wanted = document("Invoice", line(is_taxable=True), po_number="PO-5", email="ap@acme.test")

    assert us.content(wanted) == us.content(wanted)
