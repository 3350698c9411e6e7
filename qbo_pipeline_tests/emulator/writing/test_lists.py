"""Accounts, items, tax codes, agencies, rates of exchange: lists the books refer to."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from qbo_pipeline_tests.emulator.writing.bookkeeper import Bookkeeper, reference, sold

INCOME, COST, STOCK = reference("79"), reference("80"), reference("81")


def test_an_account_is_classified_by_its_type(landscaping: Bookkeeper) -> None:
    made = landscaping.post("account", {"Name": "Petty Cash", "AccountType": "Bank"})
    assert (made["Classification"], made["AccountSubType"], made["CurrentBalance"]) == ("Asset", "Checking", 0)
    assert (made["SubAccount"], made["FullyQualifiedName"]) == (False, "Petty Cash")
    till = landscaping.post(
        "account", {"Name": "Till", "AccountSubType": "CashOnHand", "ParentRef": reference(made["Id"])}
    )
    assert (till["AccountType"], till["SubAccount"], till["FullyQualifiedName"]) == ("Bank", True, "Petty Cash:Till")
    named = {"Id": till["Id"], "SyncToken": "0", "sparse": True}
    moved = landscaping.post("account", named | {"AccountType": "Fixed Asset", "ParentRef": None})
    assert (moved["AccountSubType"], moved["FullyQualifiedName"]) == ("OtherFixedAssets", "Till")
    landscaping.post("account", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Active": False})
    assert landscaping.read("account", made["Id"])["Name"] == "Petty Cash (deleted)"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"AccountType": "Bank"}, "2020"),
        ({"Name": "New"}, "6010"),
        ({"Name": "New", "AccountType": "Piggy Bank"}, "2170"),
        ({"Name": "New", "AccountType": "Bank", "AccountSubType": "Inventory"}, "2170"),
        ({"Name": "checking", "AccountType": "Bank"}, "6240"),
        ({"Name": 'So "called"', "AccountType": "Bank"}, "2040"),
        ({"Name": "A:B", "AccountType": "Bank"}, "2040"),
        ({"Name": "New", "AccountType": "Expense", "ParentRef": reference("35")}, "6000"),
        ({"Name": "New", "AccountType": "Bank", "ParentRef": reference("99999")}, "2500"),
        ({"Name": "n" * 101, "AccountType": "Bank"}, "2050"),
        ({"Name": "New", "AccountType": "Bank", "Description": "d" * 101}, "2050"),
    ],
)
def test_accounts_that_cannot_be_are_refused(untouched: Bookkeeper, content, code) -> None:
    assert untouched.refused("account", content) == code


def test_lists_nest_five_deep(landscaping: Bookkeeper) -> None:
    parent: dict = {}
    for level in range(5):
        made = landscaping.post("account", {"Name": f"Level {level}", "AccountType": "Bank"} | parent)
        parent = {"ParentRef": reference(made["Id"])}
    assert made["FullyQualifiedName"].count(":") == 4
    assert landscaping.refused("account", {"Name": "Too deep", "AccountType": "Bank"} | parent) == "6180"


def test_items_of_every_type_are_made(landscaping: Bookkeeper) -> None:
    category = landscaping.post("item", {"Name": "Garden", "Type": "Category"})
    service = {"Name": "Mowing", "Type": "Service", "IncomeAccountRef": INCOME, "ParentRef": reference(category["Id"])}
    made = landscaping.post("item", service)
    assert (made["FullyQualifiedName"], made["SubItem"], made["Level"], made["Taxable"]) == (
        "Garden:Mowing",
        True,
        1,
        False,
    )
    assert (
        landscaping.post("item", {"Name": "Bags", "Type": "NonInventory", "ExpenseAccountRef": COST})["UnitPrice"] == 0
    )
    assert landscaping.refused("item", {"Name": "Bundle", "Type": "Group"}) == "500"
    assert landscaping.refused("item", {"Name": "X", "Type": "Thing"}) == "2170"
    assert landscaping.refused("item", {"Name": "X", "Type": "Service"}) == "2020"
    assert landscaping.refused("item", service) == "6240"
    assert landscaping.refused("item", service | {"Name": "X", "IncomeAccountRef": COST}) == "6430"


def test_a_stock_item_starts_against_opening_balance_equity(landscaping: Bookkeeper) -> None:
    stock, equity = landscaping.balance("account", "81"), landscaping.balance("account", "34")
    start = {"TrackQtyOnHand": True, "QtyOnHand": 10, "InvStartDate": "2026-01-01", "PurchaseCost": 4, "UnitPrice": 9}
    accounts = {"IncomeAccountRef": INCOME, "ExpenseAccountRef": COST, "AssetAccountRef": STOCK}
    item = landscaping.post("item", {"Name": "Gnome", "Type": "Inventory", **start, **accounts})
    assert item["QtyOnHand"] == 10
    (adjustment,) = landscaping.query("select * from InventoryAdjustment where TxnDate = '2026-01-01'")[
        "InventoryAdjustment"
    ]
    assert (adjustment["DocNumber"], adjustment["AdjustAccountRef"]["value"]) == ("START", "34")
    assert landscaping.balance("account", "81") == stock + 40
    assert landscaping.balance("account", "34") == equity + 40
    for name in ("AssetAccountRef", "InvStartDate", "TrackQtyOnHand"):
        lacking = {"Name": "Elf", "Type": "Inventory", **start, **accounts}
        del lacking[name]
        assert landscaping.refused("item", lacking) == "2020"
    update = {"Id": item["Id"], "SyncToken": "0", "sparse": True, "Type": "Service"}
    assert landscaping.refused("item", update) == "6000"


def test_stock_is_adjusted_by_the_difference_found(landscaping: Bookkeeper) -> None:
    before = landscaping.read("item", "11")["QtyOnHand"]

    def line(item: str, difference: int | None) -> dict:
        kind = "ItemAdjustmentLineDetail"
        return {"DetailType": kind, kind: {"ItemRef": reference(item), "QtyDiff": difference}}

    content = {"AdjustAccountRef": COST, "Line": [line("11", -4)]}
    made = landscaping.post("inventoryadjustment", content)
    assert landscaping.read("item", "11")["QtyOnHand"] == before - 4
    landscaping.delete("inventoryadjustment", made)
    assert landscaping.read("item", "11")["QtyOnHand"] == before
    assert landscaping.refused("inventoryadjustment", content | {"Line": [line("1", 1)]}) == "6000"
    assert landscaping.refused("inventoryadjustment", content | {"Line": [line("11", None)]}) == "2020"
    assert landscaping.refused("inventoryadjustment", content | {"Line": []}) == "2250"


def test_a_tax_code_is_made_with_its_rates_and_used(landscaping: Bookkeeper) -> None:
    agency = landscaping.post("taxagency", {"DisplayName": "City of Tucson"})
    accounts = landscaping.query("select * from Account where Name = 'City of Tucson Payable'")["Account"]
    assert [account["AccountSubType"] for account in accounts] == ["GlobalTaxPayable"]
    rate = {"TaxRateName": "Downtown", "RateValue": "1.5", "TaxAgencyId": agency["Id"], "TaxApplicableOn": "Sales"}
    made = landscaping.answer(
        "taxservice/taxcode", {"TaxCode": "Downtown", "TaxRateDetails": [rate, {"TaxRateId": "3"}]}
    )
    assert (made["TaxCode"], [detail["TaxRateName"] for detail in made["TaxRateDetails"]]) == (
        "Downtown",
        ["Downtown", "California"],
    )
    invoice = landscaping.post(
        "invoice",
        {
            "CustomerRef": reference("1"),
            "Line": [sold(200, TaxCodeRef=reference("TAX"))],
            "TxnTaxDetail": {"TxnTaxCodeRef": reference(made["TaxCodeId"])},
        },
    )
    assert invoice["TotalAmt"] == Decimal("219.00")  # 1.5 % and 8 %
    code = landscaping.read("taxcode", made["TaxCodeId"])
    assert [one["TaxRateRef"]["value"] for one in code["SalesTaxRateList"]["TaxRateDetail"]] == [
        detail["TaxRateId"] for detail in made["TaxRateDetails"]
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"TaxRateDetails": [{"TaxRateId": "3"}]}, "2020"),
        ({"TaxCode": "New"}, "2020"),
        ({"TaxCode": "California", "TaxRateDetails": [{"TaxRateId": "3"}]}, "6240"),
        ({"TaxCode": "New", "TaxRateDetails": [{"TaxRateId": "77"}]}, "2500"),
        ({"TaxCode": "New", "TaxRateDetails": [{"TaxRateName": "N", "RateValue": 101, "TaxAgencyId": "1"}]}, "2110"),
        ({"TaxCode": "New", "TaxRateDetails": [{"TaxRateName": "N", "RateValue": 5, "TaxAgencyId": "9"}]}, "2500"),
        (
            {"TaxCode": "New", "TaxRateDetails": [{"TaxRateName": "California", "RateValue": 5, "TaxAgencyId": "1"}]},
            "6240",
        ),
        ({"TaxCode": "n" * 101, "TaxRateDetails": [{"TaxRateId": "3"}]}, "2050"),
    ],
)
def test_tax_codes_that_cannot_be_are_refused(untouched: Bookkeeper, content, code) -> None:
    assert untouched.refused("taxservice/taxcode", content) == code


def test_rates_of_exchange_are_asked_for_and_set(consultancy: Bookkeeper) -> None:
    def asked(day: str, code: str = "EUR") -> dict:
        return consultancy.call("GET", "exchangerate", params={"sourcecurrencycode": code, "asofdate": day}).json()

    rates = consultancy.query("select * from ExchangeRate where SourceCurrencyCode = 'EUR' maxresults 9")
    known = min(rates["ExchangeRate"], key=lambda rate: rate["AsOfDate"])
    day = (date.fromisoformat(known["AsOfDate"]) + timedelta(days=2)).isoformat()
    assert (asked(day)["ExchangeRate"]["AsOfDate"], known["TargetCurrencyCode"]) == (known["AsOfDate"], "GBP")
    rate = {"SourceCurrencyCode": "EUR", "AsOfDate": day}
    for value in (0.9, 0.91):
        assert "Id" not in consultancy.post("exchangerate", rate | {"Rate": value})
    assert asked(day)["ExchangeRate"]["Rate"] == 0.91
    found = consultancy.query(f"select * from ExchangeRate where SourceCurrencyCode = 'EUR' and AsOfDate = '{day}'")
    assert [one["Rate"] for one in found["ExchangeRate"]] == [Decimal("0.91")]
    assert asked("1999-01-01")["Fault"]["Error"][0]["code"] == "610"
    assert asked("soon")["Fault"]["Error"][0]["code"] == "2060"
    assert asked("2025-07-01", "")["Fault"]["Error"][0]["code"] == "2020"
    for change, code in (
        ({"SourceCurrencyCode": "GBP"}, "6000"),
        ({"SourceCurrencyCode": "JPY"}, "2220"),
        ({"Rate": 0}, "2110"),
    ):
        assert consultancy.refused("exchangerate", rate | {"Rate": 1} | change) == code


def test_a_file_is_uploaded_and_fetched_by_a_link_that_dies(landscaping: Bookkeeper) -> None:
    metadata = '{"AttachableRef": [{"EntityRef": {"type": "Invoice", "value": "9"}}], "Note": "scan"}'
    files = {
        "file_metadata_01": (None, metadata, "application/json"),
        "file_content_01": ("Café.pdf", b"%PDF\r\n\x00\xff", "application/pdf"),
    }
    answered = landscaping.call("POST", "upload", files=files, headers={"Content-Type": None})
    (one,) = answered.json()["AttachableResponse"]
    made = one["Attachable"]
    assert (made["ContentType"], made["Size"], made["Note"]) == ("application/pdf", 8, "scan")
    assert made["AttachableRef"][0]["EntityRef"] == {"type": "Invoice", "value": "9"}
    assert "TempDownloadUri" not in landscaping.read("attachable", made["Id"])
    link = landscaping.call("GET", f"download/{made['Id']}")
    assert link.headers["Content-Type"].startswith("text/plain")
    fetched = landscaping.fetch(link.text)
    assert (fetched.content, fetched.headers["Content-Type"]) == (b"%PDF\r\n\x00\xff", "application/pdf")
    landscaping.emulator.clock.advance(901)
    assert landscaping.fetch(link.text).status_code == 403


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({}, "6000"),
        ({"Note": "n", "AttachableRef": [{"EntityRef": {"type": "Weather", "value": "1"}}]}, "6050"),
        ({"Note": "n", "AttachableRef": [{"EntityRef": {"type": "Invoice", "value": "99999"}}]}, "2500"),
        ({"Note": "n" * 2001}, "2050"),
    ],
)
def test_attachables_that_cannot_be_are_refused(untouched: Bookkeeper, content, code) -> None:
    assert untouched.refused("attachable", content) == code


def test_an_uploads_metadata_must_be_an_attachables(landscaping: Bookkeeper) -> None:
    for files in ({"something": (None, "x")}, {"file_metadata_0": (None, "no json")}):
        answered = landscaping.call("POST", "upload", files=files, headers={"Content-Type": None})
        assert answered.json()["Fault"]["Error"][0]["code"] == "2010"
    assert landscaping.refused("upload", {"Note": "x"}) == "500"


def test_an_attachable_without_a_file_has_no_link(landscaping: Bookkeeper) -> None:
    noted = landscaping.post("attachable", {"Note": "no file"})
    assert landscaping.call("GET", f"download/{noted['Id']}").status_code == 400
