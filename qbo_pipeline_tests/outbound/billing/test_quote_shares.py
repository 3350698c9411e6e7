"""However a quote is billed, its billings never come to more than was quoted, and to exactly that once all are billed."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from qbo_pipeline.outbound.amounts import cents
from qbo_pipeline.outbound.document import Document, DocumentLine
from qbo_pipeline_tests.outbound.golden_rows import BE, Books
from qbo_pipeline_tests.outbound.operations import Operations

QUOTES = 120
DEPOSIT = "p-deposit"


class Quotes:
    """Quotes with lines, discounts and billings at random; `net` is what each was quoted at."""

    def __init__(self, books: Books) -> None:
        self._chance = Random(19)
        self._books = books
        self.net: dict[str, Decimal] = {}
        self.quote_of: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        for number in range(QUOTES):
            self._quote(f"q{number}")

    def _quote(self, name: str) -> None:
        pick = self._chance.choice
        amounts = [Decimal(self._chance.randint(1, 500000)) / 100 for _ in range(self._chance.randint(1, 5))]
        gross = sum(amounts, Decimal(0))
        kind = pick((None, None, "percent", "amount"))
        value = {None: None, "percent": Decimal(pick(("5", "33.33"))), "amount": cents(gross / 7)}[kind]
        self._books.quote(name, *map(str, amounts), discount_kind=kind, discount_value=value)
        off = Decimal(0) if value is None else value if kind == "amount" else cents(gross * value / 100)
        self.net[name] = gross - off
        for position, (billed, given) in enumerate(self._scheme(self.net[name]), start=1):
            billing = f"{name}-b{position}"
            self.quote_of[billing], self.kinds[billing] = name, billed
            self._books.row("quote_billings", billing, quote_id=name, position=position, kind=billed, **given)

    def _scheme(self, net: Decimal) -> list[tuple[str, Mapping[str, Any]]]:
        """Shares, some of them too large; often with a deposit before and the rest after them."""
        chance, found = self._chance, []
        if chance.random() < 0.3:
            found.append(("retainer", {"amount": cents(net / 5)}))
        for _ in range(chance.randint(0, 4)):
            kind = chance.choice(("percent", "amount", "milestone"))
            share = Decimal(chance.randint(1, 6000)) / 100
            found.append((kind, {"percent": share} if kind == "percent" else {"amount": cents(net * share / 100)}))
        if chance.random() < 0.6 or not found:
            found.append(("full", {}))
        return found


@pytest.fixture(scope="module")
def billed(tmp_path_factory: pytest.TempPathFactory, run_dbt: Callable[..., Any]) -> tuple[Quotes, list[Document]]:
    """The quotes, and the invoices that are made of them."""
    business = Operations.empty(tmp_path_factory.mktemp("quotes") / "business", run_dbt)
    quotes = Quotes(Books(business))
    business.derive()
    wanted = business.wanted(BE).documents
    return quotes, [each for each in wanted if isinstance(each, Document) and each.source_kind == "quote_billing"]


def _worth(invoice: Document) -> Decimal:
    """What an invoice takes of its quote: its lines less its discount, deposits apart."""
    gross = sum((line.amount for line in invoice.lines if line.product_id != DEPOSIT), Decimal(0))
    if invoice.discount is None:
        return gross
    value = invoice.discount.value
    return gross - (value if invoice.discount.kind == "amount" else cents(gross * value / 100))


def test_no_quote_is_billed_above_what_was_quoted(billed: tuple[Quotes, list[Document]]) -> None:
    quotes, invoices = billed
    taken: dict[str, Decimal] = defaultdict(Decimal)
    for each in invoices:
        taken[quotes.quote_of[each.source_id]] += _worth(each)

    assert len(taken) > QUOTES * 3 / 4
    assert {name: total for name, total in taken.items() if total > quotes.net[name]} == {}


def test_a_billing_of_the_rest_brings_a_quote_to_the_cent_of_what_was_quoted(
    billed: tuple[Quotes, list[Document]],
) -> None:
    quotes, invoices = billed
    closed = {quotes.quote_of[each.source_id] for each in invoices if quotes.kinds[each.source_id] == "full"}
    assert len(closed) > 30
    for name in closed:
        of_quote = [each for each in invoices if quotes.quote_of[each.source_id] == name]
        assert sum(map(_worth, of_quote)) == quotes.net[name], name


def test_deposits_go_to_the_deposit_item_and_are_set_off_against_the_rest(
    billed: tuple[Quotes, list[Document]],
) -> None:
    quotes, invoices = billed
    kept: dict[str, list[DocumentLine]] = defaultdict(list)
    for each in invoices:
        for line in each.lines:
            is_deposit = quotes.kinds[each.source_id] == "retainer" or line.amount < 0
            assert (line.product_id == DEPOSIT) == is_deposit
            if is_deposit:
                kept[quotes.quote_of[each.source_id]].append(line)
    set_off = [lines for lines in kept.values() if len(lines) == 2]
    assert len(set_off) > 5
    assert all(first.amount == -last.amount for first, last in set_off)
