"""The UK sample company: VAT, currencies, classes and the odd cases, all adding up from the records alone."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache

import pytest

from qbo_pipeline.catalog import ENTITIES
from qbo_pipeline.emulator.companies import company_seeds
from qbo_pipeline.emulator.source import Record
from qbo_pipeline_tests.emulator.coherence import (
    applied,
    books,
    from_the_future,
    lines_of,
    money,
    nested,
    one_way_links,
    rounded,
    total_of,
    unresolved,
)

AS_OF = date(2026, 11, 21)
SALES = ("Estimate", "Invoice", "CreditMemo", "SalesReceipt", "RefundReceipt")
PURCHASES = ("PurchaseOrder", "Bill", "VendorCredit", "Purchase")
# Entity, side of the tax code, and which way the form moves VAT Control (a debit is positive).
VAT_FORMS = (
    ("Invoice", -1),
    ("SalesReceipt", -1),
    ("CreditMemo", 1),
    ("RefundReceipt", 1),
    ("Bill", 1),
    ("VendorCredit", -1),
    ("Purchase", 1),
)


@cache
def whole(as_of: date = AS_OF) -> dict[str, list[Record]]:
    return books(company_seeds(["consultancy"], as_of)[0].source)


def forms(*entities: str) -> Iterator[tuple[str, Record]]:
    return ((entity, record) for entity in entities for record in whole()[entity])


def by_id(entity: str) -> dict[str, Record]:
    return {record["Id"]: record for record in whole()[entity]}


def balance(account: str) -> Decimal:
    (found,) = (record for record in whole()["Account"] if record["Name"] == account)
    return money(found["CurrentBalance"])


# A leap day, the turn of the year, and days on which clocks in one of the two countries have just changed.
@pytest.mark.parametrize("as_of", [AS_OF, date(2028, 2, 29), date(2027, 1, 1), date(2026, 3, 30), date(2025, 11, 3)])
def test_references_resolve_links_are_mutual_and_nothing_lies_in_the_future(as_of):
    everything = whole(as_of)
    assert unresolved(everything) == []
    assert one_way_links(everything) == []
    assert from_the_future(everything, as_of) == []
    for record in (record for records in everything.values() for record in records):
        updated = record["MetaData"]["LastUpdatedTime"]
        created = record["MetaData"].get("CreateTime", updated)
        assert datetime.fromisoformat(created) <= datetime.fromisoformat(updated)


def test_every_entity_of_the_catalog_is_offered_and_has_records():
    assert {entity.name for entity in ENTITIES} == {entity for entity, records in whole().items() if records}


def test_the_same_day_gives_the_same_books():
    seeds = [company_seeds(["consultancy"], AS_OF)[0] for _ in range(2)]
    assert books(seeds[0].source) == books(seeds[1].source)
    assert (seeds[0].realm_id, seeds[0].country) == ("9341450000000002", "GB")


def test_every_form_comes_to_its_lines_less_discount_plus_tax_and_to_its_worth_at_home():
    for entity, form in forms(*SALES, *PURCHASES):
        assert money(form["TotalAmt"]) == total_of(form), (entity, form["Id"])
        assert money(form["HomeTotalAmt"]) == rounded(money(form["TotalAmt"]) * money(form["ExchangeRate"]))
        taxes = form["TxnTaxDetail"].get("TaxLine", [])
        assert money(form["TxnTaxDetail"]["TotalTax"]) == sum(money(line["Amount"]) for line in taxes)


def test_a_line_is_its_quantity_times_its_price_even_where_tax_was_taken_out_of_it():
    for _, form in forms(*SALES, *PURCHASES):
        for line in lines_of(form):
            detail = line[line["DetailType"]]
            if "Qty" in detail:
                assert money(line["Amount"]) == rounded(money(detail["Qty"]) * money(detail["UnitPrice"]))


def test_vat_is_rounded_line_by_line_under_the_rates_of_each_lines_code():
    rates = {rate["Id"]: money(rate["RateValue"]) for rate in whole()["TaxRate"]}
    for entity, form in forms(*SALES, *PURCHASES):
        if "Voided" in form.get("PrivateNote", ""):
            continue
        side = "SalesTaxRateList" if entity in SALES else "PurchaseTaxRateList"
        expected: Counter[str] = Counter()
        for line in lines_of(form):
            detail = line[line["DetailType"]]
            code = detail.get("TaxCodeRef")
            assert (code is None) == (form["GlobalTaxCalculation"] == "NotApplicable" or "DiscountLineDetail" in line)
            for rate in by_id("TaxCode")[code["value"]][side]["TaxRateDetail"] if code else ():
                number = rate["TaxRateRef"]["value"]
                gross = detail.get("TaxInclusiveAmt")
                tax = rounded(money(line["Amount"]) * rates[number] / 100)
                expected[number] += tax if gross is None else money(gross) - money(line["Amount"])
        found = {line["TaxLineDetail"]["TaxRateRef"]["value"]: line for line in form["TxnTaxDetail"].get("TaxLine", [])}
        assert found.keys() == expected.keys()
        for number, line in found.items():
            net = money(line["TaxLineDetail"]["NetAmountTaxable"])
            discounted = form.get("ApplyTaxAfterDiscount")
            assert money(line["Amount"]) == (rounded(net * rates[number] / 100) if discounted else expected[number])
            assert money(line["TaxLineDetail"]["TaxPercent"]) == rates[number]


def test_inclusive_prices_are_kept_net_with_their_gross_beside_them():
    inclusive = [form for _, form in forms(*SALES, *PURCHASES) if form["GlobalTaxCalculation"] == "TaxInclusive"]
    assert len(inclusive) > 10
    for form in inclusive:
        gross = sum(money(line[line["DetailType"]]["TaxInclusiveAmt"]) for line in lines_of(form))
        assert gross == money(form["TotalAmt"])


def test_a_document_has_the_rate_of_its_currency_on_its_day():
    rates: dict[str, list[tuple[str, float]]] = {}
    for rate in whole()["ExchangeRate"]:
        assert "Id" not in rate
        assert rate["TargetCurrencyCode"] == "GBP"
        rates.setdefault(rate["SourceCurrencyCode"], []).append((rate["AsOfDate"], rate["Rate"]))
    foreign = 0
    for entity, records in whole().items():
        for record in records if entity != "RecurringTransaction" else ():
            currency = record.get("CurrencyRef", {}).get("value")
            if "ExchangeRate" in record and currency != "GBP":
                known = [rate for day, rate in sorted(rates[currency]) if day <= record["TxnDate"]]
                assert record["ExchangeRate"] == known[-1]
                foreign += 1
    assert foreign > 40


def test_what_is_open_is_what_payments_have_not_settled():
    received, paid = applied(whole(), "Payment"), applied(whole(), "BillPayment")
    for entity, form in forms("Invoice", "CreditMemo"):
        assert money(form["Balance"]) == money(form["TotalAmt"]) - received.pop((entity, form["Id"]), 0) >= 0
        assert money(form["HomeBalance"]) == rounded(money(form["Balance"]) * money(form["ExchangeRate"]))
    for entity, form in forms("Bill", "VendorCredit"):
        assert money(form["Balance"]) == money(form["TotalAmt"]) - paid.pop((entity, form["Id"]), 0) >= 0
    assert not received
    assert not paid


def test_a_payment_is_what_it_settles_less_credits_plus_what_is_left_unapplied():
    signs = {"Invoice": 1, "CreditMemo": -1, "Bill": 1, "VendorCredit": -1}
    for _, payment in forms("Payment", "BillPayment"):
        settled = sum(signs[line["LinkedTxn"][0]["TxnType"]] * money(line["Amount"]) for line in payment["Line"])
        assert money(payment["TotalAmt"]) == settled + money(payment.get("UnappliedAmt", 0)) >= 0


def test_customers_and_vendors_owe_what_their_documents_leave_open():
    owed: Counter[str] = Counter()
    for entity, amount, sign in (
        ("Invoice", "Balance", 1),
        ("CreditMemo", "Balance", -1),
        ("Payment", "UnappliedAmt", -1),
    ):
        for record in whole()[entity]:
            owed[record["CustomerRef"]["value"]] += sign * money(record[amount])
    customers = by_id("Customer")
    for number, customer in customers.items():
        jobs = [job for job in customers.values() if job.get("ParentRef", {}).get("value") == number]
        assert money(customer["Balance"]) == owed[number]
        assert money(customer["BalanceWithJobs"]) == owed[number] + sum(owed[job["Id"]] for job in jobs)
    owing: Counter[str] = Counter()
    for entity, sign in (("Bill", 1), ("VendorCredit", -1)):
        for record in whole()[entity]:
            owing[record["VendorRef"]["value"]] += sign * money(record["Balance"])
    assert {number: money(vendor["Balance"]) for number, vendor in by_id("Vendor").items()} == {
        number: owing[number] for number in by_id("Vendor")
    }


@pytest.mark.parametrize(("suffix", "currency"), [("", "GBP"), (" - EUR", "EUR"), (" - USD", "USD")])
def test_debtors_and_creditors_are_the_sum_of_their_parties_in_each_currency(suffix, currency):
    for account, entity, sign in (("Debtors", "Customer", 1), ("Creditors", "Vendor", -1)):
        parties = [party for party in whole()[entity] if party["CurrencyRef"]["value"] == currency]
        assert balance(account + suffix) == sign * sum(money(party["Balance"]) for party in parties)


def test_vat_control_holds_the_tax_of_all_forms_less_what_was_paid():
    vat = Decimal(0)
    for entity, sign in VAT_FORMS:
        for form in whole()[entity]:
            sense = -sign if form.get("Credit") else sign
            vat += sense * rounded(money(form["TxnTaxDetail"]["TotalTax"]) * money(form["ExchangeRate"]))
    for payment in whole()["TaxPayment"]:
        vat += money(payment["PaymentAmount"]) * (-1 if payment["Refund"] else 1)
    assert balance("VAT Control") == vat < 0


def test_stock_is_what_was_there_bought_sold_and_counted():
    on_hand = Counter({"9": Decimal(200), "10": Decimal(150)})
    for entity, sign in (("Invoice", -1), ("SalesReceipt", -1), ("RefundReceipt", 1), ("CreditMemo", 1), ("Bill", 1)):
        for form in whole()[entity]:
            for line in lines_of(form):
                detail = line[line["DetailType"]]
                if detail.get("ItemRef", {}).get("value") in on_hand:
                    on_hand[detail["ItemRef"]["value"]] += sign * money(detail["Qty"])
    for adjustment in whole()["InventoryAdjustment"]:
        for line in adjustment["Line"]:
            detail = line["ItemAdjustmentLineDetail"]
            on_hand[detail["ItemRef"]["value"]] += money(detail["QtyDiff"])
    items = by_id("Item")
    assert {number: money(items[number]["QtyOnHand"]) for number in on_hand} == dict(on_hand)
    assert balance("Stock Asset") == sum(on_hand[item] * money(items[item]["PurchaseCost"]) for item in on_hand)


def test_receipts_in_undeposited_funds_are_banked_once():
    banked = Counter(
        (link["TxnType"], link["TxnId"])
        for deposit in whole()["Deposit"]
        for line in deposit["Line"]
        for link in line.get("LinkedTxn", ())
    )
    assert set(banked.values()) == {1}
    waiting = Decimal(0)
    for entity, receipt in forms("Payment", "SalesReceipt"):
        is_undeposited = receipt["DepositToAccountRef"]["name"] == "Undeposited Funds"
        assert is_undeposited or (entity, receipt["Id"]) not in banked
        if is_undeposited and (entity, receipt["Id"]) not in banked:
            waiting += money(receipt["TotalAmt"])
    assert balance("Undeposited Funds") == waiting
    for deposit in whole()["Deposit"]:
        cash_back = money(deposit.get("CashBack", {}).get("Amount", 0))
        assert money(deposit["TotalAmt"]) == sum(money(line["Amount"]) for line in deposit["Line"]) - cash_back


def test_journals_balance_and_the_card_is_paid_down():
    for entry in whole()["JournalEntry"]:
        sides: Counter[str] = Counter()
        for line in entry["Line"]:
            sides[line["JournalEntryLineDetail"]["PostingType"]] += money(line["Amount"])
        assert sides["Debit"] == sides["Credit"] > 0
    owed = Decimal(0)
    for purchase in whole()["Purchase"]:
        if purchase["PaymentType"] == "CreditCard":
            owed += money(purchase["TotalAmt"]) * (-1 if purchase["Credit"] else 1)
    owed += sum(money(paid["TotalAmt"]) for paid in whole()["BillPayment"] if paid["PayType"] == "CreditCard")
    owed -= sum(money(paid["Amount"]) for paid in whole()["CreditCardPayment"])
    assert balance("Company Credit Card") == owed


def test_transactions_draw_ids_from_one_counter_in_the_order_they_were_entered():
    entered = sorted(
        (int(record["Id"]), entity)
        for entity, records in whole().items()
        for record in records
        if entity not in {"TimeActivity", "Attachable", "Budget", "CompanyInfo", "Preferences"}
        and "Name" not in record
        and "DisplayName" not in record
        and "Id" in record
        and "Code" not in record
    )
    starts = company_seeds(["consultancy"], AS_OF)[0].unshown["InventoryStart"]
    # The two items' stock was set up first; no entity shows it.
    assert [int(start["Id"]) for start in starts] == [1, 2]
    assert [number for number, _ in entered] == list(range(3, len(entered) + 3))


def test_the_odd_cases_are_there():
    (voided,) = (invoice for invoice in whole()["Invoice"] if invoice.get("PrivateNote") == "Voided")
    assert (voided["TotalAmt"], voided["Balance"], voided["LinkedTxn"]) == (0, 0, [])
    assert {line.get("Amount", 0) for line in voided["Line"]} == {0}
    kinds = Counter(line["DetailType"] for _, form in forms(*SALES) for line in form["Line"])
    assert kinds.keys() >= {"GroupLineDetail", "DescriptionOnly", "DiscountLineDetail", "SubTotalLineDetail"}
    part_paid = [invoice for invoice in whole()["Invoice"] if 0 < invoice["Balance"] < invoice["TotalAmt"]]
    assert {invoice["CurrencyRef"]["value"] for invoice in part_paid} == {"GBP", "EUR"}
    assert any(payment["Line"] == [] and payment["UnappliedAmt"] == 1500 for payment in whole()["Payment"])
    assert any(payment["TotalAmt"] == 0 and len(payment["Line"]) == 2 for payment in whole()["Payment"])
    assert max(len(invoice.get("PrivateNote", "")) for invoice in whole()["Invoice"]) in range(3_000, 4_001)
    assert {record["TxnStatus"] for record in whole()["Estimate"]} == {"Pending", "Accepted", "Rejected", "Closed"}
    assert {record["POStatus"] for record in whole()["PurchaseOrder"]} == {"Open", "Closed"}
    assert {record["HasBeenInvoiced"] for record in whole()["ReimburseCharge"]} == {True, False}
    assert {record["BillableStatus"] for record in whole()["TimeActivity"]} >= {
        "Billable",
        "NotBillable",
        "HasBeenBilled",
    }
    assert all(int(record["Id"]) > 2**32 for entity in ("Class", "CustomerType") for record in whole()[entity])
    assert any(
        line["SalesItemLineDetail"]["ItemRef"]["value"] == "SHIPPING_ITEM_ID"
        for _, form in forms("Invoice")
        for line in lines_of(form)
        if line["DetailType"] == "SalesItemLineDetail"
    )
    names = " ".join(record["DisplayName"] for record in whole()["Customer"])
    assert "'" in names
    assert not names.isascii()


@pytest.mark.parametrize(
    ("entity", "references"),
    [
        ("Customer", {"CustomerRef"}),
        ("Vendor", {"VendorRef"}),
        ("Employee", {"EntityRef"}),
        ("Class", {"ClassRef"}),
        ("Department", {"DepartmentRef"}),
        ("Item", {"ItemRef"}),
        ("Account", {"AccountRef"}),
        ("PaymentMethod", {"PaymentMethodRef"}),
    ],
)
def test_transactions_still_refer_to_names_that_are_inactive_today(entity, references):
    inactive = {record["Id"] for record in whole()[entity] if not record["Active"]}
    assert inactive
    names = [
        value["name"]
        for kind in ("Invoice", "Payment", "Bill", "Purchase", "JournalEntry")
        for record in whole()[kind]
        for part in nested(record)
        for name, value in part.items()
        if name in references and value["value"] in inactive
    ]
    assert names
    assert all(name.endswith(" (deleted)") for name in names)
