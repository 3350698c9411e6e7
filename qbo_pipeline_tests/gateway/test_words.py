"""Codes and reasons as people read them."""

import pytest

from qbo_pipeline.gateway.words import cause_in_words, for_people, in_words, kind_in_words, to_be_mapped, words_of_name


@pytest.mark.parametrize(
    ("reason", "told", "mapping"),
    [
        (
            "account 4790 is not mapped. Map it with `qbo-pipeline map set account 4790 QBO-ID`.",
            "account 4790 is not mapped.",
            ("account", "4790"),
        ),
        (
            "It may be Customer 19: It is inactive. Decide with `qbo-pipeline map confirm customer 'c 8'`, `qbo-pipeline map "
            "set customer 'c 8' QBO-ID` or `qbo-pipeline map set customer 'c 8' new`.",
            "It may be Customer 19: It is inactive.",
            ("customer", "c 8"),
        ),
        ("Map it: `qbo-pipeline map`, kind customer.", "Say what it is in QuickBooks.", None),
        ("It charges shipping.", "It charges shipping.", None),
        ("Broken `qbo-pipeline map set customer 'x`.", "Say what it is in QuickBooks.", None),
    ],
)
def test_a_reason_is_told_without_its_commands_and_leads_to_what_is_to_be_mapped(
    reason: str, told: str, mapping: tuple[str, str] | None
) -> None:
    assert for_people(reason) == told
    assert to_be_mapped(reason) == mapping


def test_codes_are_words() -> None:
    assert cause_in_words("unmapped_item") == "An item is not mapped"
    assert cause_in_words("unmapped_tax_code") == "A tax code is not mapped"
    assert cause_in_words("refused_6430") == "QuickBooks refused it (its code 6430)"
    assert cause_in_words("some_new_code") == "Some new code"
    assert (in_words("retry_wait"), in_words("purchase_order")) == ("tried again soon", "purchase order")
    assert (kind_in_words("tax_code"), kind_in_words("item"), words_of_name("PurchaseOrder")) == (
        "Tax codes",
        "Items",
        "purchase order",
    )
