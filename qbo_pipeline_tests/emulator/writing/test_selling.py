"""Sales forms: what the server completes, taxes and adds up, and what an invoice does to what it bills."""

from decimal import Decimal

import pytest

from qbo_pipeline_tests.emulator.writing.bookkeeper import Bookkeeper, paid, reference, sold

AMY = reference("1")
UNDEPOSITED, CHECKING, DISCOUNTS = "4", "35", "86"


def _sale(*lines, **fields):
    return {"CustomerRef": AMY, "Line": list(lines or [sold(100)]), **fields}


def test_an_invoice_is_completed_from_customer_items_and_preferences(landscaping: Bookkeeper) -> None:
    customer = landscaping.read("customer", "1")
    discount = {"Amount": 10, "DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": False}}
    crew = [{"DefinitionId": "1", "StringValue": "4"}, {"DefinitionId": "7", "StringValue": "nobody's"}]
    invoice = landscaping.post("invoice", _sale(sold(100, "5", Qty=1, UnitPrice=100), discount, CustomField=crew))
    assert (invoice["BillAddr"], invoice["DocNumber"]) == (customer["BillAddr"], "1038")
    item, subtotal, taken_off = invoice["Line"]
    assert item["SalesItemLineDetail"]["ItemAccountRef"]["value"] == "79"
    assert item["SalesItemLineDetail"]["TaxCodeRef"] == {"value": "TAX"}
    assert taken_off["DiscountLineDetail"]["DiscountAccountRef"]["value"] == DISCOUNTS
    assert (subtotal["Amount"], invoice["TotalAmt"], invoice["Balance"]) == (100, 90, 90)
    assert invoice["CustomField"] == [{"DefinitionId": "1", "Name": "Crew #", "Type": "StringType", "StringValue": "4"}]
    assert invoice["CurrencyRef"] == {"value": "USD", "name": "United States Dollar"}


def test_tax_is_shown_by_the_rates_of_its_agencies(landscaping: Bookkeeper) -> None:
    tucson = {"TxnTaxCodeRef": reference("3")}
    invoice = landscaping.post("invoice", _sale(sold(335.25, TaxCodeRef=reference("TAX")), TxnTaxDetail=tucson))
    detail = invoice["TxnTaxDetail"]
    rates = [(line["TaxLineDetail"]["TaxRateRef"]["value"], line["Amount"]) for line in detail["TaxLine"]]
    assert rates == [("1", Decimal("23.80")), ("2", Decimal("6.71"))]  # 7.1 % and 2 % of 335.25
    assert (detail["TotalTax"], invoice["TotalAmt"]) == (Decimal("30.51"), Decimal("365.76"))


def test_automated_sales_tax_takes_no_notice_of_the_code_a_client_names(landscaping: Bookkeeper) -> None:
    automated = {"UsingSalesTax": True, "TaxGroupCodeRef": reference("2"), "PartnerTaxEnabled": True}
    landscaping.company.edit("Preferences", "1", {"TaxPrefs": automated})
    tucson = {"TxnTaxCodeRef": reference("3")}
    taxable = sold(100, TaxCodeRef=reference("TAX"))
    assert landscaping.post("invoice", _sale(taxable, TxnTaxDetail=tucson))["TotalAmt"] == 108
    given = landscaping.post("invoice", _sale(taxable, TxnTaxDetail={"TotalTax": 5}))
    assert given["TotalAmt"] == 105


def test_all_sales_share_one_sequence_of_numbers(landscaping: Bookkeeper) -> None:
    numbers = [
        landscaping.post("invoice", _sale())["DocNumber"],
        landscaping.post("salesreceipt", _sale())["DocNumber"],
    ]
    refund = _sale(DepositToAccountRef=reference(CHECKING))
    numbers += [
        landscaping.post("creditmemo", _sale())["DocNumber"],
        landscaping.post("refundreceipt", refund)["DocNumber"],
    ]
    assert numbers == ["1038", "1039", "1040", "1041"]
    assert landscaping.post("estimate", _sale())["DocNumber"] == "1002"
    landscaping.company.edit("Preferences", "1", {"SalesFormsPrefs": {"CustomTxnNumbers": True}})
    assert "DocNumber" not in landscaping.post("invoice", _sale())


@pytest.mark.parametrize("entity", ["invoice", "salesreceipt", "creditmemo", "refundreceipt", "estimate"])
def test_every_sales_form_is_made_changed_and_deleted(landscaping: Bookkeeper, entity: str) -> None:
    before = landscaping.balance("customer", "1")
    made = landscaping.post(entity, _sale(DepositToAccountRef=reference(CHECKING)))
    owed = {"invoice": 1, "creditmemo": -1}.get(entity, 0)
    assert landscaping.balance("customer", "1") == before + 100 * owed
    changed = landscaping.update(entity, made, Line=[sold(40)])
    assert (changed["TotalAmt"], changed["SyncToken"]) == (40, "1")
    assert landscaping.balance("customer", "1") == before + 40 * owed
    whole = landscaping.post(
        entity, {**_sale(sold(30), DepositToAccountRef=reference(CHECKING)), "Id": made["Id"], "SyncToken": "1"}
    )
    assert whole["TotalAmt"] == 30
    landscaping.delete(entity, whole)
    assert landscaping.balance("customer", "1") == before


def test_a_sales_receipt_and_a_refund_move_the_accounts_they_name(landscaping: Bookkeeper) -> None:
    waiting, checking = landscaping.balance("account", UNDEPOSITED), landscaping.balance("account", CHECKING)
    receipt = landscaping.post("salesreceipt", _sale())
    assert (receipt["Balance"], landscaping.balance("account", UNDEPOSITED)) == (0, waiting + 100)
    landscaping.post("refundreceipt", _sale(DepositToAccountRef=reference(CHECKING)))
    assert landscaping.balance("account", CHECKING) == checking - 100
    voided = landscaping.post(
        "salesreceipt", {"Id": receipt["Id"], "SyncToken": "0", "sparse": True}, operation="update", include="void"
    )
    assert (voided["TotalAmt"], voided["PrivateNote"]) == (0, "Voided")
    assert landscaping.balance("account", UNDEPOSITED) == waiting


def test_foreign_documents_carry_rate_and_home_amounts(consultancy: Bookkeeper) -> None:
    robotics = next(
        one
        for one in consultancy.query("select * from Customer maxresults 100")["Customer"]
        if one["CurrencyRef"]["value"] == "USD"
    )
    sale = {
        "CustomerRef": reference(robotics["Id"]),
        "TxnDate": "2025-08-01",
        "GlobalTaxCalculation": "NotApplicable",
        "Line": [sold(1000, "8")],
    }
    rates = consultancy.query("select * from ExchangeRate where SourceCurrencyCode = 'USD' maxresults 1000")[
        "ExchangeRate"
    ]
    due = max(
        (rate for rate in rates if rate["AsOfDate"] <= "2025-08-01"),
        key=lambda rate: rate["AsOfDate"],
        default=min(rates, key=lambda rate: rate["AsOfDate"]),
    )
    invoice = consultancy.post("invoice", sale)
    assert (invoice["CurrencyRef"]["value"], invoice["ExchangeRate"]) == ("USD", due["Rate"])
    home = round(1000 * due["Rate"], 2)
    assert (invoice["HomeTotalAmt"], invoice["HomeBalance"]) == (home, home)
    content = {
        "CustomerRef": sale["CustomerRef"],
        "TotalAmt": 400,
        "ExchangeRate": 0.8,
        "Line": [paid(400, "Invoice", invoice["Id"])],
    }
    payment = consultancy.post("payment", content)
    assert (payment["CurrencyRef"]["value"], payment["ExchangeRate"]) == ("USD", Decimal("0.8"))
    left = consultancy.read("invoice", invoice["Id"])
    assert (left["Balance"], left["HomeBalance"]) == (600, round(600 * due["Rate"], 2))
    assert consultancy.refused("invoice", sale | {"CurrencyRef": reference("GBP")}) == "6000"
    assert consultancy.refused("invoice", sale | {"CurrencyRef": reference("ZZZ")}) == "6000"
    assert (
        consultancy.refused(
            "purchase",
            {"PaymentType": "Check", "AccountRef": reference("60"), "Line": [], "CurrencyRef": reference("JPY")},
        )
        == "2220"
    )


def test_vat_is_rounded_line_by_line_and_taken_out_of_inclusive_prices(consultancy: Bookkeeper) -> None:
    lines = [sold(0.33, "4", TaxCodeRef=reference("2")) for _ in range(3)]
    excluded = consultancy.post("invoice", {"CustomerRef": reference("1"), "Line": lines})
    assert excluded["TxnTaxDetail"]["TotalTax"] == Decimal("0.21")  # 3 times 0.07, not 20 % of 0.99
    inclusive = sold(None, "4", TaxCodeRef=reference("2"), TaxInclusiveAmt=59.99)
    taken_out = consultancy.post(
        "invoice", {"CustomerRef": reference("1"), "Line": [inclusive], "GlobalTaxCalculation": "TaxInclusive"}
    )
    assert (taken_out["Line"][0]["Amount"], taken_out["TxnTaxDetail"]["TotalTax"]) == (
        Decimal("49.99"),
        Decimal("10.00"),
    )
    assert taken_out["TotalAmt"] == Decimal("59.99")
    untaxed = {"CustomerRef": reference("1"), "Line": [sold(5, "4")]}
    assert consultancy.refused("invoice", untaxed) == "6000"
    assert consultancy.post("invoice", untaxed | {"GlobalTaxCalculation": "NotApplicable"})["TotalAmt"] == 5


def test_sold_stock_leaves_and_refunded_stock_returns(landscaping: Bookkeeper) -> None:
    before = landscaping.read("item", "11")["QtyOnHand"]
    invoice = landscaping.post("invoice", _sale(sold(None, "11", Qty=3, UnitPrice=15)))
    assert landscaping.read("item", "11")["QtyOnHand"] == before - 3
    landscaping.post(
        "refundreceipt", _sale(sold(None, "11", Qty=1, UnitPrice=15), DepositToAccountRef=reference(CHECKING))
    )
    assert landscaping.read("item", "11")["QtyOnHand"] == before - 2
    landscaping.post("invoice", {"Id": invoice["Id"], "SyncToken": "0"}, operation="void")
    assert landscaping.read("item", "11")["QtyOnHand"] == before + 1
    assert landscaping.refused("invoice", _sale(sold(15, "11"))) == "6520"
    assert landscaping.refused("invoice", _sale(sold(None, "11", Qty=1, UnitPrice=15), TxnDate="2020-01-01")) == "6270"


def test_a_document_is_sent_without_becoming_another_version(landscaping: Bookkeeper) -> None:
    invoice = landscaping.post("invoice", _sale())
    call = {"headers": {"Content-Type": "application/octet-stream"}}
    sent = landscaping.call("POST", f"invoice/{invoice['Id']}/send", params={"sendTo": "a@example.com"}, **call).json()[
        "Invoice"
    ]
    assert (sent["EmailStatus"], sent["SyncToken"], sent["BillEmail"]) == (
        "EmailSent",
        "0",
        {"Address": "a@example.com"},
    )
    assert sent["DeliveryInfo"]["DeliveryType"] == "Email"
    assert sent["MetaData"]["LastUpdatedTime"] >= invoice["MetaData"]["LastUpdatedTime"]
    for path, code in (
        ("customer/1/send", "500"),
        ("invoice/99999/send", "610"),
        ("invoice/9/send?sendTo=nobody", "2210"),
    ):
        refused = landscaping.call("POST", path, **call)
        assert refused.json()["Fault"]["Error"][0]["code"] == code
    bare = landscaping.post("salesreceipt", _sale(CustomerRef=reference("6"), BillEmail=None))
    landscaping.company.edit("SalesReceipt", bare["Id"], {"BillEmail": None})
    assert (
        landscaping.call("POST", f"salesreceipt/{bare['Id']}/send", **call).json()["Fault"]["Error"][0]["code"]
        == "6420"
    )
