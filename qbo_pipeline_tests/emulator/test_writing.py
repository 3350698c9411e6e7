"""Writing to the books: create, update, delete, void, deactivate, merge, and what is refused."""

from decimal import Decimal

import pytest

from qbo_pipeline.emulator.faults import QboFault
from qbo_pipeline.emulator.source import Record
from qbo_pipeline_tests.emulator.small_books import SmallBooks


@pytest.fixture
def books() -> SmallBooks:
    return SmallBooks()


def _line(amount: object = None, **detail: object) -> Record:
    priced = {} if amount is None else {"Amount": amount}
    return priced | {"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "1"}, **detail}}


def _sale(*lines: Record, **fields: object) -> Record:
    return {"CustomerRef": {"value": "1"}, "Line": list(lines or [_line(100)]), **fields}


def test_a_minimal_invoice_is_completed(books: SmallBooks) -> None:
    invoice = books.write("invoice", _sale(_line(100.0)))
    assert (invoice["Id"], invoice["SyncToken"], invoice["DocNumber"]) == ("21", "0", "1014")
    assert (invoice["TxnDate"], invoice["DueDate"], invoice["SalesTermRef"]) == (
        "2026-08-01",
        "2026-08-31",
        {"value": "3"},
    )
    assert (invoice["TotalAmt"], invoice["Balance"], invoice["TxnTaxDetail"]) == (100, 100, {"TotalTax": 0})
    assert (invoice["EmailStatus"], invoice["PrintStatus"], invoice["ApplyTaxAfterDiscount"]) == (
        "NotSet",
        "NeedToPrint",
        False,
    )
    item, subtotal = invoice["Line"]
    assert (item["Id"], item["LineNum"], item["SalesItemLineDetail"]["TaxCodeRef"]) == ("1", 1, {"value": "TAX"})
    assert subtotal == {"Amount": 100, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
    assert invoice["MetaData"]["CreateTime"] == "2026-08-01T12:00:01-07:00"
    assert invoice["CustomerRef"]["name"] == "Amy's Bird Sanctuary"


@pytest.mark.parametrize(
    ("apply_after", "total"),
    [(False, Decimal("198.00")), (True, Decimal("194.40"))],  # 200 - 20 + 8 % of 225 (or of what is left of it: 180)
)
def test_discount_and_tax_add_up_as_quickbooks_adds(books: SmallBooks, apply_after: bool, total: Decimal) -> None:
    discount = {"DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": True, "DiscountPercent": 10}}
    invoice = books.write(
        "invoice",
        _sale(
            _line(Qty=3, UnitPrice=66.66666667),
            discount,
            TxnTaxDetail={"TxnTaxCodeRef": {"value": "2"}},
            ApplyTaxAfterDiscount=apply_after,
        ),
    )
    tax = Decimal("14.40") if apply_after else Decimal("16.00")
    assert [line["Amount"] for line in invoice["Line"]] == [200, 200, 20]
    assert Decimal(str(invoice["TxnTaxDetail"]["TotalTax"])) == tax
    assert Decimal(str(invoice["TotalAmt"])) == 180 + tax


def test_a_given_tax_stands(books: SmallBooks) -> None:
    invoice = books.write("invoice", _sale(TxnTaxDetail={"TotalTax": 7.25}))
    assert invoice["TotalAmt"] == 107.25


def test_amount_must_be_quantity_times_price(books: SmallBooks) -> None:
    fault = books.refused_write("invoice", _sale(_line(100, Qty=2, UnitPrice=49)))
    assert fault.code == "6070"


def test_a_stale_token_is_refused_and_changes_nothing(books: SmallBooks) -> None:
    before = books.read("customer", "1")
    for token in ("7", "-1"):
        stale = books.refused_write("customer", {"Id": "1", "SyncToken": token, "sparse": True, "Notes": "x"})
        assert (stale.status, stale.code, stale.message) == (400, "5010", "Stale Object Error")
    assert books.read("customer", "1") == before


def test_a_sparse_update_keeps_the_header_and_replaces_the_lines(books: SmallBooks) -> None:
    made = books.write("invoice", _sale(_line(100), _line(50), PrivateNote="keep me"))
    kept = {**made["Line"][0], "Amount": 70, "Description": None}
    update = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "CustomerRef": {"value": "1"}, "Line": [kept]}
    changed = books.write("invoice", update)
    assert (changed["PrivateNote"], changed["SyncToken"], changed["TotalAmt"]) == ("keep me", "1", 70)
    assert [line.get("Id") for line in changed["Line"]] == [made["Line"][0]["Id"], None]
    assert changed["MetaData"]["CreateTime"] == made["MetaData"]["CreateTime"]
    assert changed["MetaData"]["LastUpdatedTime"] > made["MetaData"]["LastUpdatedTime"]


def test_an_update_that_prices_nothing_leaves_the_total(books: SmallBooks) -> None:
    before = books.read("invoice", "11")  # its total follows no rule: no subtotal line, no tax detail
    update = {"Id": "11", "SyncToken": "0", "sparse": True, "CustomerRef": {"value": "1"}, "TotalAmt": 7, "Balance": 7}
    changed = books.write("invoice", update)
    assert (changed["TotalAmt"], changed["Balance"], changed["Line"]) == (100, 100, before["Line"])


def test_a_full_update_loses_what_it_leaves_out(books: SmallBooks) -> None:
    changed = books.write("customer", {"Id": "1", "SyncToken": "0", "DisplayName": "Amy's Bird Sanctuary"})
    assert "PrimaryEmailAddr" not in changed
    assert changed["Balance"] == 300


def test_sparse_updates_too_need_what_the_entity_cannot_be_without(books: SmallBooks) -> None:
    fault = books.refused_write("bill", {"Id": "20", "SyncToken": "0", "sparse": True, "PrivateNote": "x"})
    assert (fault.code, fault.element) == ("2020", "VendorRef")


def test_deleted_documents_are_gone_and_answered_as_such(books: SmallBooks) -> None:
    answer = books.write("invoice", {"Id": "11", "SyncToken": "0"}, operation="delete")
    assert answer == {"status": "Deleted", "domain": "QBO", "Id": "11"}
    with pytest.raises(QboFault) as refusal:
        books.read("invoice", "11")
    assert (refusal.value.status, refusal.value.code) == (400, "610")
    assert books.refused_write("invoice", {"Id": "11", "SyncToken": "0"}, operation="delete").code == "610"


def test_names_cannot_be_deleted(books: SmallBooks) -> None:
    assert books.refused_write("customer", {"Id": "1", "SyncToken": "0"}, operation="delete").code == "500"


def test_some_deletes_need_the_whole_object(books: SmallBooks) -> None:
    deposit = books.write(
        "deposit",
        {
            "DepositToAccountRef": {"value": "4"},
            "Line": [
                {"Amount": 5, "DetailType": "DepositLineDetail", "DepositLineDetail": {"AccountRef": {"value": "7"}}}
            ],
        },
    )
    assert deposit["TotalAmt"] == 5
    assert books.refused_write("deposit", {"Id": deposit["Id"], "SyncToken": "0"}, operation="delete").code == "2020"
    assert books.write("deposit", deposit, operation="delete")["status"] == "Deleted"


def test_ids_come_from_one_counter_per_family(books: SmallBooks) -> None:
    assert books.write("invoice", _sale())["Id"] == "21"  # after bill 20: transactions share theirs
    assert books.write("estimate", _sale())["Id"] == "22"
    time = {"NameOf": "Employee", "EmployeeRef": {"value": "54"}, "Hours": 2}
    assert books.write("timeactivity", time)["Id"] == "4"
    assert books.write("customer", {"DisplayName": "New"})["Id"] == "55"  # after employee 54: people share theirs
    item = {"Name": "New", "Type": "Service", "IncomeAccountRef": {"value": "8"}}
    assert books.write("item", item)["Id"] == "2"


def test_a_payment_moves_invoice_and_customer_and_back(books: SmallBooks) -> None:
    link = {"TxnId": "12", "TxnType": "Invoice"}
    payment = books.write(
        "payment", {"CustomerRef": {"value": "1"}, "TotalAmt": 250, "Line": [{"Amount": 200.5, "LinkedTxn": [link]}]}
    )
    assert (payment["UnappliedAmt"], payment["DepositToAccountRef"]["value"]) == (49.5, "4")
    paid = books.read("invoice", "12")
    assert (paid["Balance"], paid["SyncToken"]) == (0, "1")
    assert paid["LinkedTxn"] == [{"TxnId": payment["Id"], "TxnType": "Payment"}]
    customer = books.read("customer", "1")
    assert (customer["Balance"], customer["SyncToken"]) == (50, "0")

    update = {"Id": payment["Id"], "SyncToken": "0", "sparse": True, "Line": [{"Amount": 100, "LinkedTxn": [link]}]}
    assert books.write("payment", update)["UnappliedAmt"] == 150
    assert books.read("invoice", "12")["Balance"] == 100.5
    assert books.read("customer", "1")["Balance"] == 50

    books.write("payment", {"Id": payment["Id"], "SyncToken": "1"}, operation="delete")
    unpaid = books.read("invoice", "12")
    assert (unpaid["Balance"], unpaid["LinkedTxn"], unpaid["SyncToken"]) == (200.5, [], "3")
    assert books.read("customer", "1")["Balance"] == 300


def test_a_payment_cannot_pay_more_than_is_open(books: SmallBooks) -> None:
    line = {"Amount": 100.01, "LinkedTxn": [{"TxnId": "11", "TxnType": "Invoice"}]}
    payment = {"CustomerRef": {"value": "1"}, "TotalAmt": 500, "Line": [line]}
    assert books.refused_write("payment", payment).code == "6000"
    assert books.refused_write("payment", {**payment, "TotalAmt": 50}).code == "6000"
    assert books.read("invoice", "11")["SyncToken"] == "0"
    assert books.answer("select count(*) from Payment") == {"totalCount": 0}


def test_a_credit_memo_pays_with_its_credit(books: SmallBooks) -> None:
    memo = books.write("creditmemo", _sale(_line(30)))
    assert (memo["RemainingCredit"], memo["Balance"]) == (30, 30)
    lines = [
        {"Amount": 30, "LinkedTxn": [{"TxnId": memo["Id"], "TxnType": "CreditMemo"}]},
        {"Amount": 30, "LinkedTxn": [{"TxnId": "11", "TxnType": "Invoice"}]},
    ]
    payment = books.write("payment", {"CustomerRef": {"value": "1"}, "TotalAmt": 0, "Line": lines})
    assert payment["UnappliedAmt"] == 0
    assert books.read("creditmemo", memo["Id"])["RemainingCredit"] == 0
    assert books.read("invoice", "11")["Balance"] == 70
    assert books.read("customer", "1")["Balance"] == 270


def test_a_bill_payment_moves_bill_and_vendor(books: SmallBooks) -> None:
    lines = [{"Amount": 80, "LinkedTxn": [{"TxnId": "20", "TxnType": "Bill"}]}]
    card = {"PayType": "CreditCard", "CreditCardPayment": {"CCAccountRef": {"value": "41"}}}
    paid = {"VendorRef": {"value": "30"}, "TotalAmt": 80, "Line": lines, **card}
    payment = books.write("billpayment", paid)
    bill = books.read("bill", "20")
    assert (bill["Balance"], bill["LinkedTxn"]) == (0, [{"TxnId": payment["Id"], "TxnType": "BillPaymentCreditCard"}])
    assert books.read("vendor", "30")["Balance"] == 0
    voided = books.write(
        "billpayment", {"Id": payment["Id"], "SyncToken": "0", "sparse": True}, operation="update", include="void"
    )
    assert (voided["TotalAmt"], voided["Line"], voided["PrivateNote"]) == (0, [], "Voided")
    assert books.read("bill", "20")["Balance"] == 80


def test_a_job_s_invoice_moves_the_parents_balance_with_jobs(books: SmallBooks) -> None:
    books.write("invoice", _sale(_line(40)) | {"CustomerRef": {"value": "3"}})
    parent, job = books.read("customer", "1"), books.read("customer", "3")
    assert (job["Balance"], job["BalanceWithJobs"]) == (40, 40)
    assert (parent["Balance"], parent["BalanceWithJobs"]) == (300, 340)


@pytest.mark.parametrize("operation", ["void", "delete"])
def test_an_invoice_that_goes_gives_its_payment_back(books: SmallBooks, operation: str) -> None:
    lines = [{"Amount": 60, "LinkedTxn": [{"TxnId": "11", "TxnType": "Invoice"}]}]
    payment = books.write("payment", {"CustomerRef": {"value": "1"}, "TotalAmt": 60, "Line": lines})
    books.write("invoice", {"Id": "11", "SyncToken": "1"}, operation=operation)
    freed = books.read("payment", payment["Id"])
    assert (freed["UnappliedAmt"], freed["Line"], freed["SyncToken"]) == (60, [], "1")
    assert books.read("customer", "1")["Balance"] == 140


def test_a_voided_invoice_keeps_its_number_and_loses_its_amounts(books: SmallBooks) -> None:
    books.company.edit("Invoice", "12", {"PrivateNote": "as agreed"})
    voided = books.write("invoice", {"Id": "12", "SyncToken": "1"}, operation="void")
    assert (voided["DocNumber"], voided["TotalAmt"], voided["Balance"]) == ("O'Brien 7", 0, 0)
    assert voided["PrivateNote"].startswith("Voided")
    assert voided["PrivateNote"].endswith("as agreed")
    assert {line["Amount"] for line in voided["Line"]} == {0}
    assert books.read("customer", "1")["Balance"] == Decimal("99.5")


def test_each_entity_is_voided_in_its_own_way(books: SmallBooks) -> None:
    bill = books.refused_write("bill", {"Id": "20", "SyncToken": "0"}, operation="void")
    assert (bill.status, bill.code, bill.type) == (200, "10000", "SystemFault")
    body = books.company.write("journalentry", b'{"Id": "1", "SyncToken": "0"}', {"operation": "void"})
    assert body.startswith(b'{"BatchItemResponse":[],"time":')
    for entity in ("purchase", "billpayment", "payment"):
        fault = books.refused_write(entity, {"Id": "1", "SyncToken": "0"}, operation="void")
        assert (fault.code, fault.detail) == ("500", "Operation void is not supported.")


def test_a_deactivated_name_is_marked_and_unmarked(books: SmallBooks) -> None:
    gone = books.write("customer", {"Id": "3", "SyncToken": "0", "sparse": True, "Active": False})
    assert gone["DisplayName"] == "Aviary (deleted)"
    assert gone["FullyQualifiedName"] == "Amy's Bird Sanctuary:Aviary (deleted)"
    account = books.write("account", {"Id": "7", "SyncToken": "0", "sparse": True, "Active": False})
    assert account["CurrentBalance"] == 0
    back = books.write("customer", {"Id": "3", "SyncToken": "1", "sparse": True, "Active": True})
    assert (back["DisplayName"], back["FullyQualifiedName"]) == ("Aviary", "Amy's Bird Sanctuary:Aviary")
    used = books.refused_write("invoice", _sale() | {"CustomerRef": {"value": "2"}})
    assert (used.code, used.element) == ("610", "CustomerRef")


def test_names_are_unique_over_customers_vendors_and_employees(books: SmallBooks) -> None:
    for taken in ("Emily Platt", "hicks hardware", "Aviary"):
        assert books.refused_write("customer", {"DisplayName": taken}).code == "6240"
    books.write("vendor", {"DisplayName": "Bill"})  # the customer of that name is inactive
    fault = books.refused_write("customer", {"Id": "2", "SyncToken": "0", "sparse": True, "Active": True})
    assert (fault.status, fault.code) == (400, "6240")
    books.write("vendor", {"Id": "30", "SyncToken": "0", "sparse": True, "DisplayName": "Hicks"})
    assert books.write("customer", {"DisplayName": "Hicks Hardware"})["Active"] is True


def test_document_numbers_repeat_only_where_quickbooks_lets_them(books: SmallBooks) -> None:
    fault = books.refused_write("invoice", _sale(DocNumber="1011"))
    assert fault.code == "6140"
    assert "DocNumber=1011 is assigned to TxnType=Invoice with TxnId=11" in fault.detail
    assert books.write("invoice", _sale(DocNumber="1011"), include="allowduplicatedocnum")["DocNumber"] == "1011"
    assert books.write("estimate", _sale(DocNumber="1011"))["DocNumber"] == "1011"
    assert "DocNumber" not in books.write("invoice", _sale(DocNumber=""))
    rent = {"AccountRef": {"value": "7"}}
    expense = {"Amount": 1, "DetailType": "AccountBasedExpenseLineDetail", "AccountBasedExpenseLineDetail": rent}
    bill = {"VendorRef": {"value": "30"}, "Line": [expense], "DocNumber": "A1"}
    assert books.refused_write("bill", bill).code == "6140"  # the company's preference says so
    entry = {"DetailType": "JournalEntryLineDetail", "Amount": 5}
    sides = [entry | {"JournalEntryLineDetail": {"PostingType": side, **rent}} for side in ("Debit", "Credit")]
    for _ in range(2):
        assert books.write("journalentry", {"Line": sides, "DocNumber": "J1"})["TotalAmt"] == 0
    assert books.refused_write("journalentry", {"Line": [sides[0], sides[0]]}).code == "2300"


@pytest.mark.parametrize(
    ("entity", "content", "code"),
    [
        ("invoice", {"Line": [_line(1)]}, "2020"),
        ("invoice", _sale(DocNumber="1" * 22), "2050"),
        ("invoice", _sale(ClassRef={"value": "9"}, CustomerRef={"value": "999"}), "2500"),
        ("invoice", _sale(TxnDate="1 August"), "2060"),
        ("invoice", _sale(TxnDate="2026-02-30"), "2070"),
        ("invoice", {"Invoice": _sale()}, "2010"),
        ("invoice", [1], "2010"),
        ("customer", {"Id": "1", "DisplayName": "x"}, "2020"),
        ("customer", {"Id": "abc", "SyncToken": "0"}, "2030"),
        ("customer", {"Id": "999", "SyncToken": "0", "sparse": True}, "610"),
        ("customer", {"DisplayName": "a:b"}, "2040"),
        ("customer", {}, "2020"),
        ("taxcode", {"Name": "New"}, "500"),
        ("class", {"Name": "New"}, "5030"),
        ("nonsense", {"Name": "New"}, "500"),
    ],
)
def test_bad_requests_get_quickbooks_codes(books: SmallBooks, entity: str, content: object, code: str) -> None:
    fault = books.refused_write(entity, content)
    assert (fault.status, fault.code) == (400, code)


def test_broken_json_is_refused(books: SmallBooks) -> None:
    with pytest.raises(QboFault) as refusal:
        books.company.write("invoice", b'{"Line": [', {})
    assert refusal.value.code == "2010"


def test_reading_tells_bad_ids_from_unknown_ones(books: SmallBooks) -> None:
    for record_id, code in (("abc", "2030"), ("999", "610")):
        with pytest.raises(QboFault) as refusal:
            books.read("invoice", record_id)
        assert refusal.value.code == code
    assert books.read("taxcode", "TAX")["Name"] == "TAX"


def test_a_repeated_request_id_gets_the_first_answer_and_writes_nothing(books: SmallBooks) -> None:
    body, params = b'{"DisplayName": "Once"}', {"requestid": "r-1"}
    first = books.company.write("customer", body, params)
    books.clock.advance(480)
    assert books.company.write("customer", body, params) == first
    assert books.company.write("customer", b'{"DisplayName": "Other"}', params) == first
    assert books.answer("select count(*) from Customer where DisplayName like 'O%'") == {"totalCount": 1}
    books.settings.requestid_reuse = "error"
    with pytest.raises(QboFault) as refusal:
        books.company.write("customer", b'{"DisplayName": "Other"}', params)
    assert refusal.value.code == "600"
    assert books.refused_write("customer", {"DisplayName": "x"}, requestid="r" * 51).code == "2130"


def test_a_refused_request_id_may_be_used_again(books: SmallBooks) -> None:
    books.refused_write("customer", {"DisplayName": "Aviary"}, requestid="r-2")
    assert books.write("customer", {"DisplayName": "Aviary 2"}, requestid="r-2")["DisplayName"] == "Aviary 2"


def test_a_fresh_account_shows_no_update_time(books: SmallBooks) -> None:
    account = books.write("account", {"Name": "Petty Cash", "AccountType": "Bank"})
    assert list(account["MetaData"]) == ["CreateTime"]
    assert "LastUpdatedTime" in books.read("account", account["Id"])["MetaData"]


def test_a_merged_customer_goes_inactive_and_what_it_had_moves(books: SmallBooks) -> None:
    winner = books.write("customer", {"DisplayName": "Birds & Co"})["Id"]
    books.company.merge("customer", "1", winner)
    loser = books.read("customer", "1")
    assert (loser["Active"], loser["DisplayName"]) == (False, "Amy's Bird Sanctuary (deleted)")
    assert books.ids(f"select * from Invoice where CustomerRef = '{winner}' orderby Id") == ["11", "12"]
    moved = books.read("invoice", "12")
    assert (moved["CustomerRef"], moved["SyncToken"]) == ({"value": winner, "name": "Birds & Co"}, "1")
    assert books.read("customer", "3")["FullyQualifiedName"] == "Birds & Co:Aviary"
    assert books.read("customer", winner)["Balance"] == Decimal("300.5")


def test_no_name_becomes_a_part_of_itself(books: SmallBooks) -> None:
    with pytest.raises(QboFault) as refusal:
        books.company.merge("customer", "1", "3")
    assert refusal.value.code == "6000"
    loop = {"Id": "1", "SyncToken": "0", "sparse": True, "ParentRef": {"value": "3"}}
    assert books.refused_write("customer", loop).code == "6000"


def test_documents_can_move_in_a_merge_without_a_trace(books: SmallBooks) -> None:
    books.settings.merge_touches_documents = False
    books.company.merge("customer", "2", "1")
    moved = books.read("invoice", "14")
    assert (moved["CustomerRef"]["value"], moved["SyncToken"]) == ("1", "0")
    assert books.ids("select * from Invoice where MetaData.LastUpdatedTime >= '2026-08-01'") == []


def test_a_stale_read_shows_the_version_before(books: SmallBooks) -> None:
    books.company.edit("Invoice", "11", {"PrivateNote": "new"})
    assert "PrivateNote" not in books.read("invoice", "11", stale=True)
    assert books.read("invoice", "12", stale=True) == books.read("invoice", "12")
    books.company.delete("Invoice", "11")
    assert books.read("invoice", "11", stale=True)["PrivateNote"] == "new"
    created = books.write("customer", {"DisplayName": "Fresh"})
    with pytest.raises(QboFault) as refusal:
        books.read("customer", created["Id"], stale=True)
    assert refusal.value.code == "610"


def test_people_change_what_the_api_cannot(books: SmallBooks) -> None:
    books.company.edit("RecurringTransaction", "15", {"RecurringInfo": {"Name": "Yearly"}})
    (record,) = books.answer("select * from RecurringTransaction")["RecurringTransaction"]
    assert record["Invoice"]["RecurringInfo"] == {"Name": "Yearly"}
    assert record["Invoice"]["SyncToken"] == "1"


def test_a_payment_in_a_deposit_stays(books: SmallBooks) -> None:
    payment = books.write("payment", {"CustomerRef": {"value": "1"}, "TotalAmt": 5})
    line = {"LinkedTxn": [{"TxnId": payment["Id"], "TxnType": "Payment"}]}
    books.write("deposit", {"DepositToAccountRef": {"value": "35"}, "Line": [line]})
    fault = books.refused_write("payment", {"Id": payment["Id"], "SyncToken": "1"}, operation="delete")
    assert fault.code == "6540"
