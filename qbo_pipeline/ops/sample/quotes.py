"""The sample's quotes, with every way of billing one, and the sales some of them became."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from qbo_pipeline.ops.sample.office import Line, Office, cents
from qbo_pipeline.ops.sample.rows import Row

_STATES = ("accepted", "sent", "accepted", "draft", "accepted", "rejected", "accepted", "expired", "accepted", "closed")

# How accepted quotes are billed, in turn; an empty scheme is billed on request only.
_SCHEMES: tuple[tuple[Mapping[str, Any], ...], ...] = (
    (),
    ({"kind": "full", "ready": True},),
    ({"kind": "percent", "percent": Decimal(50), "ready": True}, {"kind": "percent", "percent": Decimal(50)}),
    # Three thirds that must not lose a cent.
    tuple(
        {"kind": "percent", "percent": share, "ready": True}
        for share in map(Decimal, ("33.3333", "33.3333", "33.3334"))
    ),
    ({"kind": "milestone", "amount": Decimal(150), "description": "Plans agreed", "ready": True}, {"kind": "full"}),
    ({"kind": "retainer", "amount": Decimal("99.99"), "description": "Deposit", "ready": True}, {"kind": "full"}),
    # More than the quote comes to.
    (
        {"kind": "percent", "percent": Decimal(80), "ready": True},
        {"kind": "percent", "percent": Decimal(40), "ready": True},
    ),
)


def write_quotes(office: Office, count: int) -> None:
    """Write `count` quotes of every state; accepted ones take the billing schemes in turn."""
    accepted = 0
    for number in range(1, count + 1):
        state = _STATES[number % len(_STATES)]
        quote = _quote(office, number, state)
        lines = office.some_lines()
        total = office.write_lines(
            "quote", quote["id"], lines, quote["updated_at"], office.company(_number_of(office, quote))
        )
        if state == "accepted":
            _write_billings(office, quote, _SCHEMES[accepted % len(_SCHEMES)])
            accepted += 1
        if state == "closed":
            _write_sale_of(office, quote, lines, total)


def write_sales(office: Office, count: int) -> None:
    """Write `count` sales without a quote: closed, paid on the spot, open and cancelled ones."""
    for number in range(1, count + 1):
        state = ("closed", "closed", "open", "closed", "cancelled")[number % 5]
        customer = office.chance.choice(office.customers())
        sale = _sale(office, f"{number:03}", customer, state, days_ago=3 + number * 3)
        sale["paid_at_sale"] = number % 4 == 0
        sale["discount_kind"], sale["discount_value"] = ("percent", Decimal(10)) if number % 6 == 0 else (None, None)
        lines = office.some_lines()
        # A line without description is described by the sale's name.
        office.write_lines("sale", sale["id"], lines, sale["updated_at"], customer)


def _quote(office: Office, number: int, state: str) -> Row:
    customer = office.chance.choice(office.customers())
    made = office.ago(4 + number * 4)
    decided = made + timedelta(days=3)
    return office.rows.add(
        "quotes",
        id=office.id_for("quote", number),
        business_entity_id=office.id,
        number=f"Q-{2000 + number}",
        revision=number % 3,
        company_id=customer["id"],
        status=state,
        quote_date=made,
        expiry_date=made + timedelta(days=30),
        accepted_at=office.at(decided) if state in ("accepted", "closed") else None,
        currency=customer["currency"],
        po_number=f"PO-{7000 + number}" if number % 3 == 0 else None,
        memo="Thank you for asking us." if number % 2 else None,
        discount_kind={4: "percent", 8: "amount"}.get(number % 10),
        discount_value={4: Decimal(5), 8: Decimal("25.00")}.get(number % 10),
        deposit_pct=Decimal(20) if number % 7 == 0 else None,
        is_deleted=number == 11,
        updated_at=office.at(decided),
    )


def _number_of(office: Office, quote: Row) -> str:
    return next(each["number"] for each in office.own("companies") if each["id"] == quote["company_id"])


def _write_billings(office: Office, quote: Row, scheme: tuple[Mapping[str, Any], ...]) -> None:
    for position, billing in enumerate(scheme, start=1):
        office.rows.add(
            "quote_billings",
            id=f"{quote['id']}-{position}",
            quote_id=quote["id"],
            position=position,
            due_date=quote["quote_date"] + timedelta(days=14 * position),
            updated_at=quote["updated_at"],
            **billing,
        )


def _write_sale_of(office: Office, quote: Row, lines: list[Line], total: Decimal) -> None:
    """The sale a quote became: its lines bill the quote's, which nothing else may bill again."""
    customer = office.company(_number_of(office, quote))
    sale = _sale(office, f"q{quote['number'][2:]}", customer, "closed", days_ago=2)
    sale["quote_id"] = quote["id"]
    billed = [
        line.with_(
            source_kind="quote_line",
            source_id=f"{quote['id']}/{position}",
            description=f"As offered, {cents(total)} in all",
        )
        for position, line in enumerate(lines, start=1)
    ]
    office.write_lines("sale", sale["id"], billed, sale["updated_at"], customer)


def _sale(office: Office, number: str, customer: Row, state: str, *, days_ago: int) -> Row:
    signed = office.ago(days_ago)
    return office.rows.add(
        "sales",
        id=office.id_for("sale", number),
        business_entity_id=office.id,
        number=f"S-{number}",
        company_id=customer["id"],
        name=f"Order of {signed:%d %B}",
        sale_date=signed,
        status=state,
        closed_at=office.at(signed, 17) if state == "closed" else None,
        currency=customer["currency"],
        po_number=f"C-{number}" if state == "closed" else None,
        updated_at=office.at(signed, 17),
    )
