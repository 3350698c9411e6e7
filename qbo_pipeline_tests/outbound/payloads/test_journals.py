"""Journal entries and deposits: what exactly is sent, and that QuickBooks takes it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from qbo_pipeline.outbound.document import DocumentLine, Reference
from qbo_pipeline.quickbooks.errors import Refused
from qbo_pipeline.state.mappings import Mapping
from qbo_pipeline_tests.outbound.payloads.desk import Desk, document, line


def posted(account: str, amount: str, **fields: Any) -> DocumentLine:
    return line(amount, kind="account", product_id=None, account=account, **fields)


def test_a_bounced_payment_debits_the_customer_and_credits_the_bank(us: Desk) -> None:
    wanted = document("JournalEntry", posted("Receivables", "20.00"), posted("Checking", "-20.00"), number="JE-1")

    content = us.content(wanted)

    assert content["Line"] == [
        {
            "DetailType": "JournalEntryLineDetail",
            "Amount": Decimal("20.00"),
            "JournalEntryLineDetail": {
                "PostingType": "Debit",
                "AccountRef": {"value": "84"},
                "Entity": {"Type": "Customer", "EntityRef": {"value": "1"}},
            },
        },
        {
            "DetailType": "JournalEntryLineDetail",
            "Amount": Decimal("20.00"),
            "JournalEntryLineDetail": {"PostingType": "Credit", "AccountRef": {"value": "35"}},
        },
    ]
    us.send(wanted)


def test_a_chargeback_is_owed_again_by_its_customer_and_its_fee_is_a_cost(us: Desk) -> None:
    us.put(replace(us.profile, undeposited_account="4"))
    us.store.push_settings.choose(us.profile.realm_id, fee_account="8")
    owed, kept = line("40.00", kind="receivable", product_id=None), line("15.00", kind="fee", product_id=None)
    money = line("-55.00", kind="money", product_id=None, account="undeposited")

    record = us.send(document("JournalEntry", owed, kept, money, number="CB-1"))

    made = [each["JournalEntryLineDetail"] for each in record["Line"]]
    assert [(each["PostingType"], each["AccountRef"]["value"]) for each in made] == [
        ("Debit", "84"),
        ("Debit", "8"),
        ("Credit", "4"),
    ]
    assert made[0]["Entity"]["EntityRef"]["value"] == "1"
    us.store.push_settings.choose(us.profile.realm_id, fee_account=None)


def test_a_fee_goes_to_the_account_its_category_is_mapped_to_or_waits_for_one(us: Desk) -> None:
    kept = line("2.90", kind="fee", product_id=None, account="Processor fees")
    money = line("-2.90", kind="money", product_id=None, account="Checking")
    fee = document("JournalEntry", kept, money)
    assert us.held(fee) == "unmapped_account"

    mapped = Mapping(
        realm_id=us.profile.realm_id,
        kind="expense_category",
        source_key="Processor fees",
        qbo_id="8",
        target="Account",
        qbo_name="Bank Charges",
    )
    us.store.mappings.put(mapped)

    accounts = [each["JournalEntryLineDetail"]["AccountRef"]["value"] for each in us.content(fee)["Line"]]
    assert accounts == ["8", "35"]


def test_a_line_of_payables_names_the_vendor(uk: Desk) -> None:
    wanted = document(
        "JournalEntry",
        posted("Payables", "-9.00"),
        posted("Fees", "9.00"),
        party_kind="vendor",
        party_id="jones",
        currency="GBP",
    )

    record = uk.send(wanted)

    assert record["Line"][0]["JournalEntryLineDetail"]["Entity"]["EntityRef"]["value"] == "31"


def test_payables_of_a_customer_are_held(us: Desk) -> None:
    assert us.held(document("JournalEntry", posted("Payables", "-9.00"), posted("Fees", "9.00"))) == "no_party"


def test_a_journal_that_does_not_balance_is_held_as_quickbooks_refuses_it(us: Desk) -> None:
    assert us.held(document("JournalEntry", posted("Fees", "20.00"), posted("Checking", "-19.99"))) == "unbalanced"

    content = us.content(document("JournalEntry", posted("Fees", "20.00"), posted("Checking", "-20.00")))
    content["Line"][0]["Amount"] = Decimal("19.99")
    with pytest.raises(Refused, match="2300"):
        us.post("JournalEntry", content)


def test_a_fee_of_money_to_a_vendor_leaves_the_account_that_money_left(us: Desk) -> None:
    us.store.push_settings.choose(us.profile.realm_id, fee_account="8")
    kept = line("1.50", kind="fee", product_id=None)
    money = line("-1.50", kind="paid_from", product_id=None, account="Visa 1881")

    posted_to = us.send(document("JournalEntry", kept, money, party_kind="vendor", party_id="smith"))["Line"]

    us.store.push_settings.choose(us.profile.realm_id, fee_account=None)
    details = [each["JournalEntryLineDetail"] for each in posted_to]
    assert [(each["AccountRef"]["value"], each["PostingType"]) for each in details] == [
        ("8", "Debit"),
        ("41", "Credit"),
    ]


def test_a_deposit_takes_a_payment_out_of_undeposited_funds_less_its_fee(us: Desk) -> None:
    payment = document("Payment", line("50.00"))
    made = us.send(payment)
    of = Reference(target="Payment", source_kind=payment.source_kind, source_id=payment.source_id)

    record = us.send(
        document("Deposit", line("50.00", linked_to=of), posted("Fees", "-1.50"), account="Checking", number=None)
    )

    assert record["TotalAmt"] == Decimal("48.50")
    assert record["Line"][0]["LinkedTxn"] == [{"TxnId": made["Id"], "TxnType": "Payment", "TxnLineId": "0"}]


def test_a_deposit_without_an_account_or_below_nothing_is_held(us: Desk) -> None:
    assert us.held(document("Deposit", posted("Fees", "5.00"))) == "unmapped_account"
    assert us.held(document("Deposit", posted("Fees", "-5.00"), account="Checking")) == "negative_total"
