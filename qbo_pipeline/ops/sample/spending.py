"""The sample's purchase orders, vendors' bills and expense receipts."""

from datetime import timedelta
from decimal import Decimal

from qbo_pipeline.ops.contract.spending import ORDER_STATES, RECEIPT_STATES
from qbo_pipeline.ops.sample.office import Office
from qbo_pipeline.ops.sample.rows import Row

_PAID_WITH = ("company_card", "cash", "bank", "employee")
_RECEIVED = {"part_received": Decimal("0.5"), "received": Decimal(1), "closed": Decimal(1)}


def write_orders(office: Office, count: int) -> None:
    """Write `count` purchase orders, in turn in every state, and a bill for those that arrived."""
    for number in range(1, count + 1):
        order, total_lines = _write_order(office, number, ORDER_STATES[number % len(ORDER_STATES)])
        if order["status"] in _RECEIVED:
            _write_bill_of(office, order, total_lines)


def write_bills(office: Office, count: int) -> None:
    """Write `count` bills without an order: approved, draft and void ones, and one that came twice."""
    for number in range(1, count + 1):
        vendor = office.vendors()[number % len(office.vendors())]
        status = ("approved", "approved", "draft", "void")[number % 4]
        # The last repeats the first one's number: the same bill, entered twice.
        vendor_number = f"V{4000 + (1 if number == count else number)}"
        bill = _bill(office, f"{number}", vendor, vendor_number, status, days_ago=3 * number)
        lines = [
            office.line(None, "1", str(80 + 13 * number), account="Office Expenses", description="As per contract")
        ]
        office.write_lines("vendor_bill", bill["id"], lines, bill["updated_at"])


def write_receipts(office: Office, count: int, categories: list[str], cards: list[str]) -> None:
    """Write `count` expense receipts: every way of paying, every state, some passed on to a customer."""
    for number in range(1, count + 1):
        user = office.own("users")[number % len(office.own("users"))]
        paid_with = _PAID_WITH[number % len(_PAID_WITH)]
        day = office.ago(number * 3)
        status = "approved" if number % 2 else RECEIPT_STATES[number // 2 % len(RECEIPT_STATES)]
        amounts = [Decimal(number * 7) + Decimal("0.35"), Decimal("12.00")][: 1 + number % 2]
        receipt_id = office.id_for("receipt", number)
        office.rows.add(
            "expense_receipts",
            id=receipt_id,
            business_entity_id=office.id,
            user_id=user["id"],
            vendor_company_id=office.vendors()[0]["id"] if number % 3 == 0 else None,
            receipt_date=day,
            currency=office.currency,
            total=sum(amounts),
            paid_with=paid_with,
            payment_account=cards[number % len(cards)] if paid_with == "company_card" else None,
            status=status,
            approved_at=office.at(day + timedelta(days=1)) if status in ("approved", "reimbursed") else None,
            attachment_ref=f"receipts/{receipt_id}.txt" if number % 4 == 0 else None,
            updated_at=office.at(day + timedelta(days=1)),
        )
        for position, amount in enumerate(amounts, start=1):
            is_passed_on = number % 5 == 0
            office.rows.add(
                "expense_lines",
                expense_receipt_id=receipt_id,
                line_id=str(position),
                category=categories[(number + position) % len(categories)],
                description=f"Receipt {number}, item {position}",
                amount=amount,
                customer_company_id=office.customers()[0]["id"] if is_passed_on else None,
                billable=is_passed_on,
                markup_pct=Decimal(10) if is_passed_on else None,
                updated_at=office.at(day + timedelta(days=1)),
            )


def _write_order(office: Office, number: int, status: str) -> tuple[Row, list[Row]]:
    vendor = office.vendors()[number % len(office.vendors())]
    day = office.ago(2 + number * 5)
    order = office.rows.add(
        "purchase_orders",
        id=office.id_for("po", number),
        business_entity_id=office.id,
        number=f"P-{300 + number}",
        vendor_company_id=vendor["id"],
        status=status,
        order_date=day,
        expected_date=day + timedelta(days=10),
        currency=vendor["currency"],
        ship_to_company_id=office.customers()[0]["id"] if number % 4 == 0 else None,
        memo="Deliver before noon, please." if number % 3 == 0 else None,
        updated_at=office.at(day),
    )
    goods = office.chance.sample(office.goods(), 2 if len(office.goods()) > 1 else 1)
    lines = []
    for product in goods:
        quantity = Decimal(office.chance.randint(2, 20))
        cost = product["unit_cost"] or cost_of(product)
        lines.append(
            office.line(product, quantity, cost, received_quantity=quantity * _RECEIVED.get(status, Decimal(0)))
        )
    office.write_lines("purchase_order", order["id"], lines, order["updated_at"])
    return order, office.rows.of("document_lines")[-len(lines) :]


def cost_of(product: Row) -> Decimal:
    """What a product without a cost of its own is bought for: six tenths of its price."""
    return (product["unit_price"] * Decimal("0.6")).quantize(Decimal("0.01"))


def _write_bill_of(office: Office, order: Row, ordered: list[Row]) -> None:
    """The bill of what arrived, each line naming the order's line."""
    vendor = next(each for each in office.own("companies") if each["id"] == order["vendor_company_id"])
    bill = _bill(office, f"po-{order['number']}", vendor, f"INV-{order['number']}", "approved", days_ago=1)
    by_id = {each["id"]: each for each in office.own("products")}
    lines = [
        office.line(
            by_id[each["product_id"]],
            each["received_quantity"],
            each["unit_price"],
            source_kind="po_line",
            source_id=f"{order['id']}/{each['line_id']}",
        )
        for each in ordered
    ]
    office.write_lines("vendor_bill", bill["id"], lines, bill["updated_at"])


def _bill(office: Office, number: str, vendor: Row, vendor_number: str, status: str, *, days_ago: int) -> Row:
    day = office.ago(days_ago)
    return office.rows.add(
        "vendor_bills",
        id=office.id_for("bill", number),
        business_entity_id=office.id,
        vendor_company_id=vendor["id"],
        vendor_invoice_no=vendor_number,
        bill_date=day,
        due_date=day + timedelta(days=vendor["terms_days"]),
        currency=vendor["currency"],
        status=status,
        updated_at=office.at(day),
    )
