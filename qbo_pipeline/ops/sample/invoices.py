"""The sample's own invoices, credit notes and deposits: every state, and each difficulty as a named one."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from qbo_pipeline.ops.sample.office import Line, Office, cents
from qbo_pipeline.ops.sample.rows import Row

_STATES = ("sent", "final", "paid", "draft", "sent", "final", "paid", "void", "sent", "closed_unpaid")
_RATES = {"EUR": Decimal("0.85415000"), "USD": Decimal("0.79020000"), "GBP": None}
_LONG_TEXT = "Weekly inspection of every bed, path and fountain, with findings and what was done about them. " * 60


def write_invoices(office: Office, count: int) -> None:
    """Write `count` everyday invoices, a credit note for every tenth, a deposit, and the difficult ones."""
    for number in range(1, count + 1):
        state = _STATES[number % len(_STATES)]
        customer = office.chance.choice(office.customers())
        invoice = _write(office, number, customer, office.some_lines(), status=state, days_ago=1 + number * 2)
        if number % 10 == 1:
            _write_credit_note(office, number, invoice)
    _write_deposit(office, count + 1)
    for number, difficulty in enumerate(_DIFFICULT, start=900):
        difficulty(office, number)


def _write(
    office: Office,
    serial: int,
    customer: Row,
    lines: list[Line],
    *,
    days_ago: int = 5,
    status: str = "final",
    **changed: Any,
) -> Row:
    made = office.ago(days_ago)
    facts = {
        "id": office.id_for("inv", serial),
        "business_entity_id": office.id,
        # A draft is numbered when it becomes final.
        "number": None if status == "draft" else str(10000 + serial),
        "kind": "invoice",
        "company_id": customer["id"],
        "status": status,
        "invoice_date": made,
        "due_date": made + timedelta(days=customer["terms_days"]),
        "currency": customer["currency"],
        "fx_rate": None if customer["currency"] == office.currency else _RATES.get(customer["currency"]),
        "po_number": f"PO-{serial}" if serial % 4 == 0 else None,
        "customer_memo": "Thank you for your business." if serial % 3 == 0 else None,
        "closed_unpaid_date": made + timedelta(days=1) if status == "closed_unpaid" else None,
        "closed_unpaid_reason": "The customer ceased trading." if status == "closed_unpaid" else None,
        "updated_at": office.at(made, 17),
    }
    invoice = office.rows.add("invoices", **facts | changed)
    net = office.write_lines("invoice", invoice["id"], lines, invoice["updated_at"], customer)
    if "total" not in changed:
        invoice["tax_total"], invoice["total"] = _totals(office, invoice, lines, net, customer)
    return invoice


def _totals(
    office: Office, invoice: Row, lines: list[Line], net: Decimal, customer: Row
) -> tuple[Decimal | None, Decimal | None]:
    """Tax and total where they are known here: QuickBooks computes what is taxed by a rate it keeps."""
    discount = _discount(invoice, net)
    if office.computes_tax:
        share = (net - discount) / net if invoice.get("discount_before_tax") and net else Decimal(1)
        tax = office.tax_on(lines, customer, share)
        return tax, net - discount + tax
    is_taxed = any(office.tax_code(line.product, customer) == "TAX" for line in lines)
    return (None, None) if is_taxed else (Decimal(0), net - discount)


def _discount(invoice: Row, net: Decimal) -> Decimal:
    value = invoice.get("discount_value") or Decimal(0)
    return cents(net * value / 100) if invoice.get("discount_kind") == "percent" else value


def _write_credit_note(office: Office, number: int, corrected: Row) -> None:
    customer = next(each for each in office.own("companies") if each["id"] == corrected["company_id"])
    goods = office.goods()[0]
    _write(
        office,
        500 + number,
        customer,
        [office.line(goods, "1", "20.00", description=f"Goodwill on invoice {corrected['number'] or 'to come'}")],
        days_ago=2,
        kind="credit_note",
        corrects_invoice_id=corrected["id"],
    )


def _write_deposit(office: Office, number: int) -> None:
    deposits = [each for each in office.own("products") if each["kind"] == "deposit"]
    if deposits:
        line = office.line(deposits[0], "1", "500.00", description="Paid in advance, set off later")
        _write(office, number, office.customers()[0], [line], kind="deposit")


def _blank_item(office: Office, number: int) -> None:
    """A line without product: the default item."""
    _write(office, number, office.customers()[0], [office.line(None, "1", "180.00", description="Sundry work")])


def _words_and_subtotal(office: Office, number: int) -> None:
    """Lines that are no sales: a note and a subtotal."""
    goods = office.line(office.goods()[0], "2")
    note = office.line(None, "0", description="Work done while the shop was closed.", line_kind="note")
    subtotal = office.line(None, "0", amount=goods.amount, description="Subtotal", line_kind="subtotal")
    _write(office, number, office.customers()[1 % len(office.customers())], [note, goods, subtotal])


def _freight(office: Office, number: int) -> None:
    """Delivery as a line of its own, and a discount line on one item."""
    lines = [
        office.line(office.goods()[0], "4"),
        office.line(None, "1", "15.00", description="Delivery", line_kind="shipping"),
    ]
    lines.append(office.line(None, "1", "-5.00", description="For the delay", line_kind="discount"))
    _write(office, number, office.customers()[0], lines)


def _discount_before_tax(office: Office, number: int) -> None:
    """A percentage off what is taxed."""
    _discounted(office, number, discount_kind="percent", discount_value=Decimal("12.5"), discount_before_tax=True)


def _discount_after_tax(office: Office, number: int) -> None:
    """An amount off, tax on the whole."""
    _discounted(office, number, discount_kind="amount", discount_value=Decimal("33.33"), discount_before_tax=False)


def _discounted(office: Office, number: int, **discount: Any) -> None:
    _write(office, number, office.customers()[0], [office.line(each, "7") for each in office.goods()[:3]], **discount)


def _pennies(office: Office, number: int) -> None:
    """31 lines of 1.59, two of them eleven times: tax per line is another sum than tax on the sum."""
    goods = office.goods()[-1]
    _write(
        office,
        number,
        office.customers()[0],
        [office.line(goods, "11" if each < 2 else "1", "1.59") for each in range(31)],
    )


def _amount_is_no_product(office: Office, number: int) -> None:
    """The line's amount is not quantity times price: three for ten."""
    _write(office, number, office.customers()[0], [office.line(office.goods()[0], "3", "3.3333333", amount="10.00")])


def _seven_decimals(office: Office, number: int) -> None:
    """A price of seven decimals."""
    _write(office, number, office.customers()[0], [office.line(office.goods()[0], "1234.5", "0.0714285")])


def _long_description(office: Office, number: int) -> None:
    """A description beyond QuickBooks' 4,000 characters."""
    _write(office, number, office.customers()[0], [office.line(office.goods()[0], "1", description=_LONG_TEXT.strip())])


def _nothing_to_pay(office: Office, number: int) -> None:
    """A total of zero."""
    _write(
        office, number, office.customers()[0], [office.line(office.goods()[0], "1", "0", description="Under warranty")]
    )


def _negative(office: Office, number: int) -> None:
    """An invoice below zero, which QuickBooks refuses."""
    lines = [office.line(office.goods()[0], "1", "40.00"), office.line(office.goods()[0], "-1", "100.00")]
    _write(office, number, office.customers()[0], lines)


def _no_lines(office: Office, number: int) -> None:
    """A final invoice without lines."""
    _write(office, number, office.customers()[0], [])


def _used_number(office: Office, number: int) -> None:
    """A number that another invoice has already."""
    _write(office, number, office.customers()[0], [office.line(office.goods()[0], "1")], number="10001")


def _long_number(office: Office, number: int) -> None:
    """A number longer than QuickBooks' 21 characters."""
    long = f"{office.as_of.year}-SPRING-SUMMER-{number}-REVISED"
    _write(office, number, office.customers()[0], [office.line(office.goods()[0], "1")], number=long)


def _before_go_live(office: Office, number: int) -> None:
    """From before the first day that is pushed."""
    _write(office, number, office.customers()[0], [office.line(office.goods()[0], "6")], days_ago=150, status="sent")


def _deleted(office: Office, number: int) -> None:
    """Deleted here."""
    _write(office, number, office.customers()[0], [office.line(office.goods()[0], "1")], is_deleted=True)


def _unusable_customers(office: Office, number: int) -> None:
    """For customers that are inactive, deleted, or not there at all."""
    unusable = [each for each in office.own("companies") if each["is_deleted"] or not each["is_active"]]
    for position, customer in enumerate([*unusable, office.customers()[0] | {"id": "nobody"}]):
        _write(office, 950 + 10 * (number % 5) + position, customer, [office.line(office.goods()[0], "1")])


def _every_customer(office: Office, number: int) -> None:
    """One small invoice for each customer, so that each difficult name is met."""
    for position, customer in enumerate(office.customers()):
        _write(office, 700 + position, customer, [office.line(office.goods()[position % len(office.goods())], "2")])


def _every_product(office: Office, number: int) -> None:
    """One invoice with every product."""
    _write(office, number, office.customers()[0], [office.line(each, "1") for each in office.goods()])


_DIFFICULT: tuple[Callable[[Office, int], None], ...] = (
    _blank_item,
    _words_and_subtotal,
    _freight,
    _discount_before_tax,
    _discount_after_tax,
    _pennies,
    _amount_is_no_product,
    _seven_decimals,
    _long_description,
    _nothing_to_pay,
    _negative,
    _no_lines,
    _used_number,
    _long_number,
    _before_go_live,
    _deleted,
    _unusable_customers,
    _every_customer,
    _every_product,
)
