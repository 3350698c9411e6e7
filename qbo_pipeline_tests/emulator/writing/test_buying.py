"""Bills, credits and their payments, purchase orders and what closes them."""

import pytest

from qbo_pipeline_tests.emulator.writing.bookkeeper import Bookkeeper, bought, linked, paid, reference, spent

HICKS, MASTERCARD, CHECKING = "41", "41", "35"
CHECK = {"PayType": "Check", "CheckPayment": {"BankAccountRef": reference(CHECKING)}}
CARD = {"PayType": "CreditCard", "CreditCardPayment": {"CCAccountRef": reference(MASTERCARD)}}


def _bill(*lines, **fields):
    return {"VendorRef": reference(HICKS), "Line": list(lines or [spent(100)]), **fields}


def test_a_bill_takes_its_payable_account_and_defaults_of_its_lines(landscaping: Bookkeeper) -> None:
    bill = landscaping.post("bill", _bill())
    assert (bill["APAccountRef"]["value"], bill["Balance"], bill["TotalAmt"]) == ("33", 100, 100)
    detail = bill["Line"][0]["AccountBasedExpenseLineDetail"]
    assert (detail["BillableStatus"], detail["TaxCodeRef"]) == ("NotBillable", {"value": "NON"})
    assert bill["CurrencyRef"] == {"value": "USD", "name": "United States Dollar"}
    assert "ExchangeRate" not in bill


@pytest.mark.parametrize(
    ("payment", "mark", "account", "owed"),
    [(CHECK, "BillPaymentCheck", CHECKING, -70), (CARD, "BillPaymentCreditCard", "41", 70)],
)
def test_a_bill_is_paid_by_check_or_card_with_the_help_of_a_credit(
    landscaping: Bookkeeper, payment, mark, account, owed
) -> None:
    before, money = landscaping.balance("vendor", HICKS), landscaping.balance("account", account)
    bill = landscaping.post("bill", _bill())
    credit = landscaping.post("vendorcredit", _bill(spent(30)))
    assert (credit["Balance"], landscaping.balance("vendor", HICKS)) == (30, before + 70)
    lines = [paid(100, "Bill", bill["Id"]), paid(30, "VendorCredit", credit["Id"])]
    made = landscaping.post("billpayment", {"VendorRef": reference(HICKS), "TotalAmt": 70, "Line": lines, **payment})
    assert made["APAccountRef"]["value"] == "33"
    for entity, record_id in (("bill", bill["Id"]), ("vendorcredit", credit["Id"])):
        settled = landscaping.read(entity, record_id)
        assert (settled["Balance"], settled["LinkedTxn"]) == (0, [{"TxnId": made["Id"], "TxnType": mark}])
    assert landscaping.balance("vendor", HICKS) == before
    assert landscaping.balance("account", account) - money == owed

    landscaping.post(
        "billpayment", {"Id": made["Id"], "SyncToken": "0", "sparse": True}, operation="update", include="void"
    )
    assert landscaping.read("bill", bill["Id"])["Balance"] == 100
    assert landscaping.read("vendorcredit", credit["Id"])["Balance"] == 30
    assert landscaping.balance("account", account) == money


def test_a_payment_changed_or_deleted_gives_the_bill_back_what_it_took(landscaping: Bookkeeper) -> None:
    bill = landscaping.post("bill", _bill())
    content = {"VendorRef": reference(HICKS), "TotalAmt": 100, "Line": [paid(100, "Bill", bill["Id"])], **CHECK}
    made = landscaping.post("billpayment", content)
    changed = landscaping.post("billpayment", made | {"TotalAmt": 60, "Line": [paid(60, "Bill", bill["Id"])]})
    assert (changed["TotalAmt"], landscaping.read("bill", bill["Id"])["Balance"]) == (60, 40)
    landscaping.delete("billpayment", changed)
    freed = landscaping.read("bill", bill["Id"])
    assert (freed["Balance"], freed["LinkedTxn"]) == (100, [])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Line": [paid(101, "Bill", "{bill}")], "TotalAmt": 101}, "6000"),
        ({"Line": [paid(100, "Bill", "{bill}")], "TotalAmt": 90}, "6000"),
        ({"Line": [paid(100, "Invoice", "9")]}, "620"),
        ({"VendorRef": reference("30")}, "620"),
        ({"CheckPayment": {}}, "2020"),
        ({"CheckPayment": {"BankAccountRef": reference(MASTERCARD)}}, "6430"),
        ({"PayType": "Gold"}, "2170"),
        ({"TotalAmt": -1}, "2290"),
        ({"Line": [paid(100, "Bill", "99999")]}, "610"),
    ],
)
def test_payments_that_cannot_be_are_refused(landscaping: Bookkeeper, change, code) -> None:
    bill = landscaping.post("bill", _bill())
    content = {"VendorRef": reference(HICKS), "TotalAmt": 100, "Line": [paid(100, "Bill", "{bill}")], **CHECK} | change
    for line in content["Line"]:
        for link in line["LinkedTxn"]:
            link["TxnId"] = link["TxnId"].replace("{bill}", bill["Id"])
    assert landscaping.refused("billpayment", content) == code
    assert landscaping.read("bill", bill["Id"])["SyncToken"] == "0"


def test_a_purchase_order_closes_when_bills_have_taken_all_of_it(landscaping: Bookkeeper) -> None:
    order = landscaping.post(
        "purchaseorder", {"VendorRef": reference(HICKS), "Line": [bought("11", 4, 10), bought("16", 10, 2)]}
    )
    assert (order["POStatus"], order["DocNumber"], order["TotalAmt"]) == ("Open", "1003", 60)
    pumps, heads = (line["Id"] for line in order["Line"])

    def receive(quantity: int, line_id: str, item: str) -> dict:
        link = linked("PurchaseOrder", order["Id"], TxnLineId=line_id)
        line = bought(item, quantity, 10, LinkedTxn=link)
        return landscaping.post("bill", _bill(line, LinkedTxn=linked("PurchaseOrder", order["Id"])))

    first = receive(4, pumps, "11")
    assert landscaping.read("purchaseorder", order["Id"])["POStatus"] == "Open"
    receive(7, heads, "16")
    assert landscaping.read("purchaseorder", order["Id"])["POStatus"] == "Open"
    receive(3, heads, "16")
    closed = landscaping.read("purchaseorder", order["Id"])
    assert (closed["POStatus"], len(closed["LinkedTxn"])) == ("Closed", 3)
    late = bought("11", 1, 10, LinkedTxn=linked("PurchaseOrder", order["Id"], TxnLineId=pumps))
    assert landscaping.refused("bill", _bill(late)) == "620"

    landscaping.delete("bill", landscaping.read("bill", first["Id"]))
    reopened = landscaping.read("purchaseorder", order["Id"])
    assert (reopened["POStatus"], len(reopened["LinkedTxn"])) == ("Open", 2)


def test_a_bill_names_the_line_of_the_order_it_takes(landscaping: Bookkeeper) -> None:
    order = landscaping.post("purchaseorder", {"VendorRef": reference(HICKS), "Line": [bought("11", 4, 10)]})
    head = linked("PurchaseOrder", order["Id"])
    assert landscaping.refused("bill", _bill(LinkedTxn=head)) == "620"
    wrong = bought("11", 1, 10, LinkedTxn=linked("PurchaseOrder", order["Id"], TxnLineId="77"))
    assert landscaping.refused("bill", _bill(wrong, LinkedTxn=head)) == "620"
    right = bought("11", 1, 10, LinkedTxn=linked("PurchaseOrder", order["Id"], TxnLineId="1"))
    other = _bill(right, LinkedTxn=head) | {"VendorRef": reference("30")}
    assert landscaping.refused("bill", other) == "620"


def test_a_deleted_order_is_forgotten_by_its_bill(landscaping: Bookkeeper) -> None:
    order = landscaping.post("purchaseorder", {"VendorRef": reference(HICKS), "Line": [bought("11", 4, 10)]})
    line = bought("11", 1, 10, LinkedTxn=linked("PurchaseOrder", order["Id"], TxnLineId="1"))
    bill = landscaping.post("bill", _bill(line))
    assert bill["LinkedTxn"] == linked("PurchaseOrder", order["Id"])
    landscaping.delete("purchaseorder", landscaping.read("purchaseorder", order["Id"]))
    left = landscaping.read("bill", bill["Id"])
    assert (left["LinkedTxn"], left["Line"][0]["LinkedTxn"], left["TotalAmt"]) == ([], [], 10)


@pytest.mark.parametrize(("kind", "account"), [("Check", "35"), ("CreditCard", "41"), ("Cash", "35")])
def test_expenses_leave_the_account_they_were_paid_from(landscaping: Bookkeeper, kind: str, account: str) -> None:
    before = landscaping.balance("account", account)
    spending = {"PaymentType": kind, "AccountRef": reference(account), "Line": [spent(12.5)]}
    made = landscaping.post("purchase", spending)
    assert ("DocNumber" in made, made["TotalAmt"], made["Credit"]) == (False, 12.5, False)
    form = made["PurchaseEx"]["any"][0]["value"]["Value"]
    assert form == ("3" if kind == "Check" else "54")
    moved = landscaping.balance("account", account) - before
    assert moved == (12.5 if kind == "CreditCard" else -12.5)
    wrong = {"CreditCard": "35"}.get(kind, "41")
    assert landscaping.refused("purchase", spending | {"AccountRef": reference(wrong)}) == "6430"


def test_stock_follows_purchases_and_sales(landscaping: Bookkeeper) -> None:
    pump = landscaping.read("item", "11")
    bill = landscaping.post("bill", _bill(bought("11", 6, 10)))
    assert landscaping.read("item", "11")["QtyOnHand"] == pump["QtyOnHand"] + 6
    assert landscaping.read("item", "11")["SyncToken"] == pump["SyncToken"]
    landscaping.update("bill", bill, Line=[bought("11", 2, 10)])
    assert landscaping.read("item", "11")["QtyOnHand"] == pump["QtyOnHand"] + 2
    landscaping.delete("bill", landscaping.read("bill", bill["Id"]))
    assert landscaping.read("item", "11")["QtyOnHand"] == pump["QtyOnHand"]
