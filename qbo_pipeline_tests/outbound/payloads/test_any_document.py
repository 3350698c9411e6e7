"""Whatever the contract lets a source say: QuickBooks takes what is made of it and adds it up as expected, or a person is told
why it does not go. Nothing raises."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qbo_pipeline.outbound.delivery.composing import Held, Ready, Waiting
from qbo_pipeline.outbound.document import Discount, Document, DocumentLine, Name, TimeWorked, Wanted
from qbo_pipeline.outbound.effects import totals_of
from qbo_pipeline_tests.outbound.payloads.desk import Desk

SALES = ("Estimate", "Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt")
PURCHASES = ("PurchaseOrder", "Bill", "VendorCredit", "Purchase")
SERIAL = count(1)
WILD_DISCOUNTS = [Decimal(value) for value in ("-5", "110", "0.005", "1E+400")]

proof = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

texts = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.just("word " * 790))
small = st.decimals(0, 5000, places=2)
tame_fractions = st.one_of(st.none(), st.decimals(0, 60, places=2), st.decimals(0, 300, places=7))
amounts = st.one_of(
    small, st.decimals(-200, 0, places=2), st.decimals(-(10**16), 10**16, places=2), st.just(Decimal("1E+400"))
)
fractions = st.one_of(st.none(), st.decimals(-20, 500, places=4), st.decimals(-(10**14), 10**14, places=10))
days = st.dates(date(2001, 1, 1), date(2090, 1, 1))


def rarely(value: Any) -> st.SearchStrategy[Any]:
    """None mostly."""
    return st.one_of(st.none(), st.none(), st.none(), value)


@st.composite
def lines(draw: st.DrawFn, codes: Iterable[str | None], kinds: tuple[str, ...], *, is_tame: bool) -> DocumentLine:
    """A line whose amount is its quantity times its price, or is not."""
    quantity, price = (draw(tame_fractions if is_tame else fractions) for _ in range(2))
    multiplies = quantity is not None and price is not None and abs(quantity * price) < 10**12 and draw(st.booleans())
    amount = (quantity * price).quantize(Decimal("0.01")) if multiplies else draw(small if is_tame else amounts)
    kind = draw(st.sampled_from(kinds))
    return DocumentLine(
        line_id=str(next(SERIAL)),
        kind=kind,
        product_id=draw(st.sampled_from([None, "labour", "soil", *([] if is_tame else ["unheard-of"])]))
        if kind != "account"
        else None,
        account=draw(st.sampled_from(["Travel", "Permits", *([] if is_tame else ["Nowhere"])]))
        if kind in ("account", "tax")
        else None,
        description=draw(texts),
        quantity=quantity,
        unit_price=price,
        amount=amount,
        tax_code=draw(st.sampled_from([*codes, None])),
        is_taxable=draw(st.sampled_from([True, False, None])),
        class_code=draw(rarely(st.just("ADV"))),
        customer_id=draw(rarely(st.just("acme"))),
        is_billable=draw(rarely(st.booleans())),
        service_date=draw(rarely(days)),
    )


@st.composite
def documents(
    draw: st.DrawFn, targets: tuple[str, ...], codes: Iterable[str | None], parties: Mapping[str, str]
) -> Document:
    """A document of one of the targets; `parties` has the currency of each."""
    target = draw(st.sampled_from(targets))
    is_purchase = target in PURCHASES
    # Most documents are sound in most ways, so that they get as far as QuickBooks.
    is_tame = draw(st.integers(0, 3)) > 0
    sound = ("item", "item", "item", "subtotal", "tax", *(("account",) if is_purchase else ()))
    kinds = sound if is_tame else (*sound, "note", "shipping", "discount", "account")
    party = draw(st.sampled_from([*parties, *([] if is_tame else ["unheard-of"])]))
    discount = draw(
        rarely(
            st.builds(
                Discount,
                kind=st.sampled_from(["percent", "amount"]),
                value=st.decimals(0, 40, places=3) if is_tame else st.sampled_from(WILD_DISCOUNTS),
                before_tax=st.booleans(),
            )
        )
    )
    return Document(
        target=target,
        business_entity_id="be1",
        source_kind="any",
        source_id=str(next(SERIAL)),
        number=draw(st.sampled_from([None, "", "  ", f"H-{next(SERIAL)}", f"H-{next(SERIAL)}"])),
        party_kind="vendor" if is_purchase else "customer",
        party_id=party,
        transaction_date=draw(days),
        due_date=draw(rarely(days)),
        expiry_date=draw(rarely(days)),
        currency=parties.get(party, "USD") if is_tame else draw(st.sampled_from(["USD", "GBP", "JPY"])),
        exchange_rate=draw(rarely(st.decimals(Decimal("0.000001") if is_tame else -1, 200, places=6))),
        po_number=draw(rarely(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))),
        terms_code=draw(rarely(st.sampled_from(["NET30"] if is_tame else ["NET30", "NET45"]))),
        email=draw(rarely(st.sampled_from(["a@b.test", "a@b.test;c@d.test", "n/a", "a@b", "x" * 99 + "@b.test", " "]))),
        customer_memo=draw(texts),
        private_note=draw(texts),
        department_code=draw(rarely(st.just("LON"))),
        class_code=draw(rarely(st.just("ADV"))),
        ship_to_id=draw(rarely(st.just("acme"))),
        account=draw(st.sampled_from(["Checking"] if is_tame else [None, "Checking", "Visa 1881", "Undeposited"])),
        payment_method=draw(rarely(st.sampled_from(["card", "cash"] if is_tame else ["sea shells"]))),
        reference=draw(texts),
        discount=discount,
        tax_total=draw(rarely(st.decimals(0, 50, places=2))),
        is_tax_exempt=draw(st.sampled_from([False, False, True])),
        total=None if is_tame else draw(rarely(amounts)),
        lines=tuple(draw(st.lists(lines(codes, kinds, is_tame=is_tame), min_size=int(is_tame), max_size=5))),
    )


def goes_or_says_why(desk: Desk, wanted: Wanted) -> dict[str, Any] | None:
    """Send it; the record, or None with a reason given."""
    composed = desk.compose(wanted)
    if not isinstance(composed, Ready):
        assert isinstance(composed, Waiting | Held)
        assert not isinstance(composed, Held) or (composed.reason_code and composed.reason)
        return None
    content = dict(composed.content)
    record = desk.post(wanted.target, content)
    expected = totals_of(wanted.target, content, desk.profile)
    if expected is not None and expected.total is not None:
        assert Decimal(record["TotalAmt"]) == expected.total
        if wanted.target in SALES + PURCHASES:
            assert_lines_make_the_total(record)
    return record


def assert_lines_make_the_total(record: Mapping[str, Any]) -> None:
    """The lines less the discount are the total without its tax."""
    uncounted = ("SubTotalLineDetail", "DiscountLineDetail", "DescriptionOnly")
    sold = sum((Decimal(each["Amount"]) for each in record["Line"] if each["DetailType"] not in uncounted), Decimal(0))
    off = sum(
        (Decimal(each["Amount"]) for each in record["Line"] if each["DetailType"] == "DiscountLineDetail"), Decimal(0)
    )
    assert sold - off == Decimal(record["TotalAmt"]) - Decimal(record.get("TxnTaxDetail", {}).get("TotalTax", 0))


@proof
@given(data=st.data())
def test_any_sale_of_the_american_company(us: Desk, data: st.DataObject) -> None:
    goes_or_says_why(us, data.draw(documents(SALES, ["CA", "TAX", "NON"], {"acme": "USD", "busy": "USD"})))


@proof
@given(data=st.data())
def test_any_sale_of_the_british_company(uk: Desk, data: st.DataObject) -> None:
    parties = {"acme": "GBP", "busy": "GBP", "nantes": "EUR", "tucson": "USD"}
    wanted = data.draw(documents(SALES, ["STD", "RED", "ZERO", "EXEMPT", "NON", "RC"], parties))
    if wanted.currency == parties.get(wanted.party_id):
        goes_or_says_why(uk, wanted)


@proof
@given(data=st.data())
def test_any_purchase_of_the_american_company(us: Desk, data: st.DataObject) -> None:
    goes_or_says_why(us, data.draw(documents(PURCHASES, ["CA", "??"], {"smith": "USD", "jones": "USD"})))


@proof
@given(data=st.data())
def test_any_purchase_of_the_british_company(uk: Desk, data: st.DataObject) -> None:
    parties = {"smith": "GBP", "jones": "GBP", "munich": "EUR"}
    wanted = data.draw(documents(PURCHASES, ["STD", "RED", "ZERO", "RC"], parties))
    if wanted.currency == parties.get(wanted.party_id):
        goes_or_says_why(uk, wanted)


@proof
@given(data=st.data())
def test_any_payment_journal_or_deposit(us: Desk, data: st.DataObject) -> None:
    targets = ("Payment", "BillPayment", "JournalEntry", "Deposit")
    goes_or_says_why(us, data.draw(documents(targets, ["CA"], {"acme": "USD"})))


@proof
@given(data=st.data())
def test_any_time_worked(us: Desk, data: st.DataObject) -> None:
    wanted = TimeWorked(
        business_entity_id="be1",
        source_kind="time_entry",
        source_id=str(next(SERIAL)),
        user_id=data.draw(st.sampled_from(["ann", "bob", "ann", "carol"])),
        customer_id=data.draw(st.sampled_from([None, "acme"])),
        product_id=data.draw(st.sampled_from([None, "labour"])),
        class_code=data.draw(rarely(st.just("ADV"))),
        transaction_date=data.draw(days),
        minutes=data.draw(st.one_of(st.integers(1, 900), st.integers(1, 10**6))),
        started_at=data.draw(rarely(st.datetimes(timezones=st.timezones()))),
        ended_at=data.draw(rarely(st.datetimes(timezones=st.timezones()))),
        is_billable=data.draw(st.booleans()),
        rate=data.draw(st.one_of(tame_fractions, fractions)),
        description=data.draw(texts),
    )

    record = goes_or_says_why(us, wanted)

    assert record is None or record["BillableStatus"] != "HasBeenBilled"


@proof
@given(data=st.data())
def test_any_name(us: Desk, data: st.DataObject) -> None:
    target = data.draw(st.sampled_from(["Customer", "Vendor", "Item"]))
    words = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
    fields = st.fixed_dictionaries(
        {},
        optional={
            "CompanyName": words,
            "PrintOnCheckName": words,
            "PrimaryEmailAddr": st.fixed_dictionaries({"Address": words}),
            "PrimaryPhone": st.fixed_dictionaries({"FreeFormNumber": words}),
            "BillAddr": st.fixed_dictionaries({"Line1": words, "City": words, "PostalCode": words}),
            "Notes": words,
        },
    )
    item_fields = st.fixed_dictionaries(
        {},
        optional={
            "Type": st.sampled_from(["Service", "NonInventory", "Inventory"]),
            "Sku": words,
            "Description": words,
            "UnitPrice": st.one_of(words, st.decimals(0, 10**6, places=4).map(str)),
        },
    )
    serial = f" {next(SERIAL)}"
    wanted = Name(
        target=target,
        business_entity_id="be1",
        source_kind=target.lower(),  # type: ignore[arg-type]
        source_id=serial,
        name=data.draw(words) + serial,
        parent_id=data.draw(rarely(st.just("acme"))) if target == "Customer" else None,
        income_account=data.draw(st.sampled_from([None, "Sales", "Sales", "Nowhere"])),
        fields=data.draw(item_fields if target == "Item" else fields),
    )

    goes_or_says_why(us, wanted)
