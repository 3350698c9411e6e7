"""What an invoice does to the estimate, the hours and the expenses it bills, and to what pays it."""

from qbo_pipeline_tests.emulator.writing.bookkeeper import Bookkeeper, linked, paid, reference, sold

AMY, COOL_CARS = reference("1"), reference("3")


def _sale(*lines, **fields):
    return {"CustomerRef": AMY, "Line": list(lines or [sold(100)]), **fields}


def test_an_estimate_closes_under_its_invoice_and_opens_when_that_goes(landscaping: Bookkeeper) -> None:
    estimate = landscaping.post("estimate", _sale())
    invoice = landscaping.post("invoice", _sale(LinkedTxn=linked("Estimate", estimate["Id"])))
    closed = landscaping.read("estimate", estimate["Id"])
    assert (closed["TxnStatus"], closed["LinkedTxn"]) == ("Closed", linked("Invoice", invoice["Id"]))
    assert landscaping.refused("invoice", _sale(LinkedTxn=linked("Estimate", estimate["Id"]))) == "620"
    noted = landscaping.update("invoice", invoice, PrivateNote="sent")
    assert landscaping.read("estimate", estimate["Id"])["SyncToken"] == "1"
    landscaping.post("invoice", {"Id": noted["Id"], "SyncToken": noted["SyncToken"]}, operation="void")
    reopened = landscaping.read("estimate", estimate["Id"])
    assert (reopened["TxnStatus"], reopened["LinkedTxn"]) == ("Pending", [])


def test_where_invoices_bill_in_parts_an_estimate_closes_with_the_last_of_them(landscaping: Bookkeeper) -> None:
    landscaping.company.edit("Preferences", "1", {"SalesFormsPrefs": {"UsingProgressInvoicing": True}})
    estimate = landscaping.post("estimate", _sale())
    states = []
    for part in (40, 60):
        landscaping.post("invoice", _sale(sold(part), LinkedTxn=linked("Estimate", estimate["Id"])))
        states.append(landscaping.read("estimate", estimate["Id"])["TxnStatus"])
    assert states == ["Pending", "Closed"]
    assert len(landscaping.read("estimate", estimate["Id"])["LinkedTxn"]) == 2
    assert landscaping.refused("invoice", _sale(LinkedTxn=linked("Estimate", estimate["Id"]))) == "620"


def test_a_full_update_without_the_link_lets_the_estimate_go(landscaping: Bookkeeper) -> None:
    estimate = landscaping.post("estimate", _sale(AcceptedDate="2026-01-02", TxnStatus="Accepted"))
    line = sold(100) | {"LinkedTxn": linked("Estimate", estimate["Id"])}
    invoice = landscaping.post("invoice", _sale(line))
    assert invoice["LinkedTxn"] == linked("Estimate", estimate["Id"])
    landscaping.post("payment", {"CustomerRef": AMY, "TotalAmt": 5, "Line": [paid(5, "Invoice", invoice["Id"])]})
    left = landscaping.post("invoice", _sale(Id=invoice["Id"], SyncToken="1"))
    assert [link["TxnType"] for link in left["LinkedTxn"]] == ["Payment"]
    assert landscaping.read("estimate", estimate["Id"])["TxnStatus"] == "Accepted"


def test_a_deleted_estimate_is_forgotten_by_its_invoice(landscaping: Bookkeeper) -> None:
    estimate = landscaping.post("estimate", _sale())
    invoice = landscaping.post("invoice", _sale(LinkedTxn=linked("Estimate", estimate["Id"])))
    landscaping.delete("estimate", landscaping.read("estimate", estimate["Id"]))
    assert landscaping.read("invoice", invoice["Id"])["LinkedTxn"] == []


def test_hours_on_an_invoice_are_billed_once(landscaping: Bookkeeper) -> None:
    worked = {"NameOf": "Employee", "EmployeeRef": reference("55"), "CustomerRef": AMY, "Hours": 2, "HourlyRate": 50}
    hours = landscaping.post("timeactivity", worked | {"BillableStatus": "Billable"})
    invoice = landscaping.post("invoice", _sale(LinkedTxn=linked("TimeActivity", hours["Id"])))
    assert landscaping.read("timeactivity", hours["Id"])["BillableStatus"] == "HasBeenBilled"
    assert landscaping.refused("invoice", _sale(LinkedTxn=linked("TimeActivity", hours["Id"]))) == "620"
    landscaping.update("invoice", invoice, PrivateNote="still the same hours")
    landscaping.delete("invoice", landscaping.read("invoice", invoice["Id"]))
    assert landscaping.read("timeactivity", hours["Id"])["BillableStatus"] == "Billable"
    unbillable = landscaping.post("timeactivity", worked)
    assert landscaping.refused("invoice", _sale(LinkedTxn=linked("TimeActivity", unbillable["Id"]))) == "620"


def test_a_recharged_expense_is_invoiced_once(consultancy: Bookkeeper) -> None:
    (charge,) = [
        one
        for one in consultancy.query("select * from ReimburseCharge maxresults 100")["ReimburseCharge"]
        if not one["HasBeenInvoiced"]
    ]
    sale = {
        "CustomerRef": charge["CustomerRef"],
        "Line": [sold(93.4, "7", TaxCodeRef=reference("2"))],
        "LinkedTxn": linked("ReimburseCharge", charge["Id"]),
    }
    invoice = consultancy.post("invoice", sale)
    taken = consultancy.read("reimbursecharge", charge["Id"])
    assert (taken["HasBeenInvoiced"], taken["Line"][0]["LinkedTxn"]) == (True, linked("Invoice", invoice["Id"]))
    assert consultancy.refused("invoice", sale) == "620"
    consultancy.delete("invoice", invoice)
    assert consultancy.read("reimbursecharge", charge["Id"])["HasBeenInvoiced"] is False


def test_an_invoice_links_only_what_is_its_customers(landscaping: Bookkeeper) -> None:
    estimate = landscaping.post("estimate", _sale())
    assert (
        landscaping.refused("invoice", _sale(CustomerRef=COOL_CARS, LinkedTxn=linked("Estimate", estimate["Id"])))
        == "620"
    )
    assert landscaping.refused("invoice", _sale(LinkedTxn=linked("Estimate", "99999"))) == "610"
    assert landscaping.refused("invoice", _sale(LinkedTxn=linked("PurchaseOrder", "1"))) == "620"
    invoice = landscaping.post("invoice", _sale(LinkedTxn=linked("Payment", "31")))
    assert invoice.get("LinkedTxn", []) == []
    lines = [paid(100, "Invoice", invoice["Id"])]
    assert landscaping.refused("payment", {"CustomerRef": COOL_CARS, "TotalAmt": 100, "Line": lines}) == "620"


def test_a_job_s_invoice_may_be_paid_by_its_parent(landscaping: Bookkeeper) -> None:
    invoice = landscaping.post("invoice", _sale(CustomerRef=reference("8")))  # a job of customer 7
    lines = [paid(100, "Invoice", invoice["Id"])]
    payment = landscaping.post("payment", {"CustomerRef": reference("7"), "TotalAmt": 100, "Line": lines})
    assert (payment["UnappliedAmt"], landscaping.read("invoice", invoice["Id"])["Balance"]) == (0, 0)
    said = {pair["value"]["Name"]: pair["value"]["Value"] for pair in payment["Line"][0]["LineEx"]["any"]}
    assert said == {
        "txnId": invoice["Id"],
        "txnOpenBalance": "100.00",
        "txnReferenceNumber": invoice["DocNumber"],
    }
