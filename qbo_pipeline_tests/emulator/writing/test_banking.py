"""Deposits, transfers, card payments and journal entries."""

import pytest

from qbo_pipeline_tests.emulator.writing.bookkeeper import Bookkeeper, journal_line, linked, paid, reference, sold

CHECKING, SAVINGS, MASTERCARD, UNDEPOSITED, BANK_CHARGES, RECEIVABLE, PAYABLE = "35", "36", "41", "4", "8", "84", "33"
AMY, HICKS = reference("1"), reference("41")


def _own_line(amount: float, account: str) -> dict:
    detail = {"AccountRef": reference(account)}
    return {"Amount": amount, "DetailType": "DepositLineDetail", "DepositLineDetail": detail}


def _received(books: Bookkeeper) -> tuple[dict, dict]:
    payment = books.post("payment", {"CustomerRef": AMY, "TotalAmt": 80})
    receipt = books.post("salesreceipt", {"CustomerRef": AMY, "Line": [sold(20)]})
    assert payment["DepositToAccountRef"]["value"] == receipt["DepositToAccountRef"]["value"] == UNDEPOSITED
    return payment, receipt


def _deposit(*received: dict, **fields) -> dict:
    kinds = ("Payment", "SalesReceipt")
    lines = [
        {"LinkedTxn": linked(kind, record["Id"], TxnLineId="0")} for kind, record in zip(kinds, received, strict=False)
    ]
    return {"DepositToAccountRef": reference(CHECKING), "Line": lines, **fields}


def test_a_deposit_takes_payments_out_of_undeposited_funds(landscaping: Bookkeeper) -> None:
    waiting, checking = landscaping.balance("account", UNDEPOSITED), landscaping.balance("account", CHECKING)
    payment, receipt = _received(landscaping)
    assert landscaping.balance("account", UNDEPOSITED) == waiting + 100
    content = _deposit(payment, receipt, CashBack={"AccountRef": reference(SAVINGS), "Amount": 15, "Memo": "till"})
    content["Line"] += [_own_line(-2.5, BANK_CHARGES)]
    deposit = landscaping.post("deposit", content)
    assert [line["Amount"] for line in deposit["Line"]] == [80, 20, -2.5]
    assert ["Id" in line for line in deposit["Line"]] == [False, False, True]
    assert deposit["TotalAmt"] == 82.5
    for entity, record in (("payment", payment), ("salesreceipt", receipt)):
        assert landscaping.read(entity, record["Id"])["LinkedTxn"] == linked("Deposit", deposit["Id"])
    assert landscaping.balance("account", UNDEPOSITED) == waiting
    assert landscaping.balance("account", CHECKING) - checking == 82.5

    landscaping.delete("deposit", deposit)
    assert landscaping.read("payment", payment["Id"])["LinkedTxn"] == []
    assert landscaping.balance("account", CHECKING) == checking


def test_a_payment_in_a_deposit_keeps_its_money(landscaping: Bookkeeper) -> None:
    payment, receipt = _received(landscaping)
    deposit = landscaping.post("deposit", _deposit(payment, receipt))
    payment = landscaping.read("payment", payment["Id"])
    named = {"Id": payment["Id"], "SyncToken": payment["SyncToken"], "sparse": True}
    assert landscaping.refused("payment", named | {"TotalAmt": 90}) == "6540"
    assert landscaping.refused("payment", named | {"DepositToAccountRef": reference(CHECKING)}) == "6540"
    assert landscaping.refused("payment", named, operation="delete") == "6540"
    assert landscaping.refused("payment", named, operation="update", include="void") == "6540"
    noted = landscaping.post("payment", named | {"PrivateNote": "thanks"})
    assert noted["LinkedTxn"] == linked("Deposit", deposit["Id"])
    without = landscaping.post("deposit", {**deposit, "Line": deposit["Line"][1:]})
    assert without["TotalAmt"] == 20
    assert landscaping.delete("payment", landscaping.read("payment", payment["Id"]))["status"] == "Deleted"


def test_nothing_is_deposited_twice_or_that_never_waited(landscaping: Bookkeeper) -> None:
    payment, receipt = _received(landscaping)
    landscaping.post("deposit", _deposit(payment, receipt))
    assert landscaping.refused("deposit", _deposit(payment)) == "620"
    direct = landscaping.post(
        "payment", {"CustomerRef": AMY, "TotalAmt": 1, "DepositToAccountRef": reference(CHECKING)}
    )
    assert landscaping.refused("deposit", _deposit(direct)) == "620"
    assert landscaping.refused("deposit", _deposit({"Id": "99999"})) == "610"
    invoice = {"LinkedTxn": linked("Invoice", "9")}
    assert landscaping.refused("deposit", {"DepositToAccountRef": reference(CHECKING), "Line": [invoice]}) == "620"


@pytest.mark.parametrize(
    ("lines", "fields", "code"),
    [
        ([], {}, "2250"),
        ([_own_line(-5, BANK_CHARGES)], {}, "6000"),
        ([_own_line(5, BANK_CHARGES)], {"DepositToAccountRef": reference(PAYABLE)}, "6430"),
        ([_own_line(5, BANK_CHARGES)], {"CashBack": {"Amount": 1}}, "2020"),
        ([_own_line(5, "99999")], {}, "2500"),
        ([{"Amount": 5, "DetailType": "DepositLineDetail", "DepositLineDetail": {}}], {}, "2020"),
    ],
)
def test_deposits_that_cannot_be_are_refused(untouched: Bookkeeper, lines, fields, code) -> None:
    assert untouched.refused("deposit", {"DepositToAccountRef": reference(CHECKING), "Line": lines} | fields) == code


def test_a_transfer_moves_money_between_accounts(landscaping: Bookkeeper) -> None:
    checking, savings = landscaping.balance("account", CHECKING), landscaping.balance("account", SAVINGS)
    content = {"FromAccountRef": reference(CHECKING), "ToAccountRef": reference(SAVINGS), "Amount": 120}
    made = landscaping.post("transfer", content)
    assert landscaping.balance("account", SAVINGS) == savings + 120
    changed = landscaping.post("transfer", {**made, "Amount": 100})
    assert (changed["Amount"], changed["SyncToken"]) == (100, "1")
    assert landscaping.balance("account", CHECKING) == checking - 100
    landscaping.delete("transfer", changed)
    assert landscaping.balance("account", CHECKING) == checking
    assert landscaping.refused("transfer", content | {"ToAccountRef": reference(CHECKING)}) == "6000"
    assert landscaping.refused("transfer", content | {"ToAccountRef": reference(RECEIVABLE)}) == "6430"
    assert landscaping.refused("transfer", content | {"Amount": 0}) == "2290"


def test_a_card_is_paid_from_a_bank_account(landscaping: Bookkeeper) -> None:
    owed = landscaping.balance("account", MASTERCARD)
    content = {"BankAccountRef": reference(CHECKING), "CreditCardAccountRef": reference(MASTERCARD), "Amount": 50}
    made = landscaping.post("creditcardpayment", content)
    assert landscaping.balance("account", MASTERCARD) == owed - 50
    landscaping.delete("creditcardpayment", made)
    assert landscaping.balance("account", MASTERCARD) == owed
    assert landscaping.refused("creditcardpayment", content | {"BankAccountRef": reference(MASTERCARD)}) == "6430"


def test_a_journal_entry_moves_accounts_and_names(landscaping: Bookkeeper) -> None:
    amy, hicks = landscaping.balance("customer", "1"), landscaping.balance("vendor", "41")
    owed = {"Entity": {"Type": "Customer", "EntityRef": AMY}}
    owing = {"Entity": {"Type": "Vendor", "EntityRef": HICKS}}
    lines = [journal_line("Debit", RECEIVABLE, 30, **owed), journal_line("Credit", PAYABLE, 30, **owing)]
    entry = landscaping.post("journalentry", {"Line": lines})
    assert ("DocNumber" in entry, entry["TotalAmt"], [line["Id"] for line in entry["Line"]]) == (False, 0, ["0", "1"])
    assert landscaping.balance("customer", "1") == amy + 30
    assert landscaping.balance("vendor", "41") == hicks + 30
    payment = landscaping.post(
        "payment", {"CustomerRef": AMY, "TotalAmt": 30, "Line": [paid(30, "JournalEntry", entry["Id"])]}
    )
    assert (payment["UnappliedAmt"], landscaping.balance("customer", "1")) == (0, amy)
    landscaping.delete("payment", payment)
    landscaping.delete("journalentry", landscaping.read("journalentry", entry["Id"]))
    assert (landscaping.balance("customer", "1"), landscaping.balance("vendor", "41")) == (amy, hicks)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([journal_line("Debit", CHECKING, 5)], "2250"),
        ([], "2250"),
        ([journal_line("Debit", CHECKING, 5), journal_line("Credit", SAVINGS, 4.99)], "2300"),
        ([journal_line("Debit", CHECKING, -5), journal_line("Credit", SAVINGS, -5)], "2290"),
        ([journal_line("Up", CHECKING, 5), journal_line("Credit", SAVINGS, 5)], "2260"),
        ([journal_line("Debit", RECEIVABLE, 5), journal_line("Credit", SAVINGS, 5)], "6000"),
        ([journal_line("Debit", SAVINGS, 5), journal_line("Credit", PAYABLE, 5)], "6000"),
        ([journal_line("Debit", "99999", 5), journal_line("Credit", SAVINGS, 5)], "2500"),
        ([sold(5), journal_line("Credit", SAVINGS, 5)], "2170"),
    ],
)
def test_journal_entries_that_cannot_be_are_refused(untouched: Bookkeeper, lines, code) -> None:
    assert untouched.refused("journalentry", {"Line": lines}) == code
