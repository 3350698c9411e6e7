"""Empty texts, which client libraries in wide use send for every property they were given no value for."""

from datetime import date

from qbo_pipeline_tests.emulator.writing.bookkeeper import Bookkeeper, reference, sold


def test_an_empty_text_is_no_value_whatever_the_property(landscaping: Bookkeeper) -> None:
    blanks = dict.fromkeys(("Title", "PreferredDeliveryMethod", "OpenBalanceDate", "Notes"), "")
    made = landscaping.post("customer", blanks | {"DisplayName": "Blank", "BillAddr": {"Line1": "Here", "Line2": ""}})

    assert not blanks.keys() & made.keys() - {"PreferredDeliveryMethod"}
    assert made["BillAddr"]["Line1"] == "Here"
    assert "Line2" not in made["BillAddr"]
    with_defaults = landscaping.post("customer", {"DisplayName": "Plain"})
    assert made.get("PreferredDeliveryMethod") == with_defaults.get("PreferredDeliveryMethod")


def test_a_document_with_empty_dates_and_amounts_is_dated_today_and_added_up(landscaping: Bookkeeper) -> None:
    blanks = dict.fromkeys(("TxnDate", "ShipDate", "TotalAmt", "DueDate"), "")
    line = sold(12.5)
    line["Description"] = ""
    line["SalesItemLineDetail"]["ServiceDate"] = ""

    made = landscaping.post("invoice", blanks | {"CustomerRef": reference("1"), "Line": [line]})

    assert date.fromisoformat(made["TxnDate"]) <= date.fromisoformat(made["DueDate"])
    assert made["TotalAmt"] == made["Balance"] == 12.5
    assert "ShipDate" not in made
    assert not {"Description"} & made["Line"][0].keys()


def test_an_empty_text_clears_what_a_sparse_update_names(landscaping: Bookkeeper) -> None:
    made = landscaping.post("customer", {"DisplayName": "Noted", "Notes": "old"})

    changed = landscaping.post(
        "customer", {"Id": made["Id"], "SyncToken": made["SyncToken"], "sparse": True, "Notes": ""}
    )

    assert "Notes" not in changed
