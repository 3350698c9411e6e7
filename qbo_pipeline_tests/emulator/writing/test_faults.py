"""Every refusal of Intuit's table that a write of ours can meet: one row each, and nothing written by any."""

import pytest

from qbo_pipeline_tests.emulator.writing.bookkeeper import Bookkeeper, bought, reference, sold, spent

AMY = reference("1")
CLOSED = "2026-01-31"


def _sale(*lines, **fields):
    return {"CustomerRef": AMY, "Line": list(lines or [sold(100)]), **fields}


def _bill(*lines, **fields):
    return {"VendorRef": reference("41"), "Line": list(lines or [spent(100)]), **fields}


@pytest.mark.parametrize(
    ("entity", "content", "code"),
    [
        ("invoice", _sale(CustomerRef="1"), "2010"),
        ("invoice", _sale(Line={}), "2010"),
        ("invoice", _sale(Line=[7]), "2010"),
        ("invoice", _sale(Line=[]), "2020"),
        ("invoice", {"CustomerRef": AMY}, "2020"),
        ("invoice", _sale({"Amount": 5}), "2020"),
        ("invoice", _sale({"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {}}), "2020"),
        ("customer", {"Id": "one", "SyncToken": "0"}, "2030"),
        ("customer", {"DisplayName": "tab\tbed"}, "2040"),
        ("invoice", _sale(DocNumber="1" * 25), "2050"),
        ("invoice", _sale(sold(1) | {"Description": "d" * 4001}), "2050"),
        ("invoice", _sale(CustomField=[{"DefinitionId": "1", "StringValue": "s" * 32}]), "2050"),
        ("term", {"Name": "t" * 32, "DueDays": 5}, "2050"),
        ("invoice", _sale(TxnDate="01/02/2026"), "2060"),
        ("invoice", _sale(DueDate="2026-02-30"), "2070"),
        ("invoice", _sale(sold("much")), "2100"),  # type: ignore[arg-type]
        ("invoice", _sale(sold("NaN")), "2100"),  # type: ignore[arg-type]
        ("invoice", _sale(sold(True)), "2100"),
        ("invoice", _sale(sold(1e15)), "2110"),
        ("invoice", _sale(EmailStatus="Gone"), "2170"),
        ("invoice", _sale(spent(5)), "2170"),
        ("bill", _bill(sold(5)), "2170"),
        ("bill", _bill(spent(5, BillableStatus="Maybe")), "2170"),
        ("customer", {"DisplayName": "N", "PrimaryEmailAddr": {"Address": "nobody"}}, "2210"),
        ("invoice", _sale(CurrencyRef=reference("EUR")), "2220"),
        ("bill", _bill(Line=[]), "2250"),
        ("payment", {"CustomerRef": AMY, "TotalAmt": -5}, "2290"),
        ("invoice", _sale(sold(5, "99999")), "2500"),
        ("invoice", _sale(ClassRef=reference("5")), "2500"),
        ("bill", _bill(spent(5, "99999")), "2500"),
        ("invoice", {"Id": "9", "SyncToken": "77", "CustomerRef": AMY, "sparse": True}, "5010"),
        ("transfer", {"Id": "99999", "SyncToken": "0", "sparse": True}, "610"),
        ("class", {"Name": "fine", "ParentRef": reference("9")}, "2500"),
        ("exchangerate", {"SourceCurrencyCode": "EUR", "Rate": 1, "AsOfDate": "2026-01-01"}, "5030"),
        (
            "invoice",
            _sale(sold(100), {"DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": True}}),
            "6090",
        ),
        ("invoice", _sale(sold(100, TaxCodeRef=reference("2"))), "6100"),
        ("bill", _bill(spent(5, TaxCodeRef=reference("20%"))), "6100"),
        ("invoice", _sale(sold(99, Qty=2, UnitPrice=50)), "6070"),
        ("invoice", _sale(DocNumber="1037"), "6140"),
        ("vendor", {"DisplayName": "Amy's Bird Sanctuary"}, "6240"),
        ("vendor", {"DisplayName": "emily platt"}, "6240"),
        ("invoice", _sale(sold(None, "11", Qty=1, UnitPrice=9), TxnDate="2001-01-01"), "6270"),
        ("invoice", _sale(EmailStatus="NeedToSend", CustomerRef=reference("6"), BillEmail=None), "6420"),
        (
            "bill",
            _bill({"Amount": 5, "DetailType": "AccountBasedExpenseLineDetail", "AccountBasedExpenseLineDetail": {}}),
            "6440",
        ),
        ("bill", _bill(APAccountRef=reference("35")), "6430"),
        ("invoice", _sale(sold(15, "11")), "6520"),
        ("customer", {}, "2020"),
        ("nonsense", {}, "500"),
        ("reimbursecharge", {"CustomerRef": AMY}, "500"),
        ("recurringtransaction", {"Invoice": {}}, "500"),
    ],
)
def test_what_quickbooks_refuses_is_refused_with_its_code(untouched: Bookkeeper, entity, content, code) -> None:
    counted = untouched.company.books().postings("Accrual")
    assert untouched.refused(entity, content) == code
    assert untouched.company.books().postings("Accrual") == counted


def test_an_inactive_name_is_not_used_any_more(landscaping: Bookkeeper) -> None:
    landscaping.update("vendor", landscaping.read("vendor", "41"), Active=False)
    assert landscaping.refused("bill", _bill()) == "610"


@pytest.fixture
def closed(landscaping: Bookkeeper) -> Bookkeeper:
    """The company with its books closed at the end of January."""
    preferences = landscaping.query("select * from Preferences")["Preferences"][0]
    closing = preferences["AccountingInfoPrefs"] | {"BookCloseDate": CLOSED}
    landscaping.post("preferences", {"Id": "1", "SyncToken": "0", "sparse": True, "AccountingInfoPrefs": closing})
    return landscaping


def test_nothing_is_dated_into_closed_books(closed: Bookkeeper) -> None:
    assert closed.refused("invoice", _sale(TxnDate=CLOSED)) == "6200"
    invoice = closed.post("invoice", _sale(TxnDate="2026-02-01"))
    moved = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True, "CustomerRef": AMY, "TxnDate": "2026-01-15"}
    assert closed.refused("invoice", moved) == "6200"
    assert closed.post("estimate", _sale(TxnDate=CLOSED))["TxnDate"] == CLOSED
    order = {"VendorRef": reference("41"), "Line": [bought("11", 1, 1)], "TxnDate": CLOSED}
    assert closed.post("purchaseorder", order)["TxnDate"] == CLOSED


def test_what_stands_in_closed_books_stays(landscaping: Bookkeeper) -> None:
    bill = landscaping.post("bill", _bill(TxnDate="2026-01-10"))
    invoice = landscaping.post("invoice", _sale(TxnDate="2026-01-10"))
    preferences = {"AccountingInfoPrefs": {"BookCloseDate": CLOSED}}
    landscaping.company.edit("Preferences", "1", preferences)
    for entity, record, how in (
        ("bill", bill, {"operation": "delete"}),
        ("bill", bill | {"TxnDate": "2026-03-01", "sparse": True}, {}),
        ("invoice", invoice, {"operation": "void"}),
    ):
        assert landscaping.refused(entity, record, **how) == "6200"
    lines = [{"Amount": 100, "LinkedTxn": [{"TxnType": "Invoice", "TxnId": invoice["Id"]}]}]
    payment = {"CustomerRef": AMY, "TotalAmt": 100, "TxnDate": "2026-02-10", "Line": lines}
    assert landscaping.post("payment", payment)["UnappliedAmt"] == 0
    landscaping.company.delete("Bill", bill["Id"])  # a person may
