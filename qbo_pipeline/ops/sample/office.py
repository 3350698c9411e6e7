"""One business entity of the sample while its records are written: its lists, its days, its chance, its lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from qbo_pipeline.ops.sample.rows import Row, Rows

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """One line of a document; the amount is quantity times price unless it is given."""

    product: Row | None
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    more: dict[str, Any] = field(default_factory=dict)

    def with_(self, **more: Any) -> "Line":
        """The same line with further columns."""
        return replace(self, more=self.more | more)


class Office:
    """A business entity, its lists already in `rows`; everything later is drawn from `chance`."""

    def __init__(self, entity: Row, rows: Rows, as_of: date, chance: Random) -> None:
        self.id: str = entity["id"]
        self.code = entity["id"].removeprefix("be-")[:2]
        self.currency: str = entity["home_currency"]
        self.computes_tax = entity["tax_owner"] == "psa"
        self.zone = ZoneInfo(entity["time_zone"])
        self.time_zone: str = entity["time_zone"]
        self.rows = rows
        self.as_of = as_of
        self.chance = chance

    def own(self, table: str) -> list[Row]:
        """This business entity's rows of a table."""
        return [row for row in self.rows.of(table) if row["business_entity_id"] == self.id]

    def customers(self) -> list[Row]:
        """The customers new documents are made for."""
        return [each for each in self.own("companies") if each["is_customer"] and _is_usable(each)]

    def vendors(self) -> list[Row]:
        """The vendors new documents are made for."""
        return [each for each in self.own("companies") if each["is_vendor"] and _is_usable(each)]

    def company(self, number: str) -> Row:
        """The company with a number."""
        return next(each for each in self.own("companies") if each["number"] == number)

    def goods(self) -> list[Row]:
        """The products that are sold as themselves."""
        return [each for each in self.own("products") if each["kind"] in ("service", "noninventory", "inventory")]

    def product(self, kind: str) -> Row:
        """The first product of a kind."""
        return next(each for each in self.own("products") if each["kind"] == kind)

    def id_for(self, kind: str, number: int | str) -> str:
        """An id, unique over all business entities."""
        return f"{self.code}-{kind}-{number}"

    def ago(self, days: int) -> date:
        """The day so many days before the sample's last."""
        return self.as_of - timedelta(days=days)

    def at(self, day: date, hour: int = 16, minute: int = 0) -> datetime:
        """The instant of a local time of day, in UTC."""
        return datetime.combine(day, time(hour, minute), self.zone).astimezone(UTC)

    def line(
        self, product: Row | None, quantity: Decimal | str, price: Decimal | str | None = None, **more: Any
    ) -> Line:
        """A line at the product's price or another one; `amount` overrides their product."""
        count = Decimal(quantity)
        unit_price = Decimal(price) if price is not None else product["unit_price"] if product else Decimal(0)
        amount = more.pop("amount", None)
        exact = Decimal(amount) if amount is not None else cents(count * unit_price)
        return Line(product, count, unit_price, exact, more)

    def some_lines(self, at_most: int = 4) -> list[Line]:
        """One line or a few, of different products."""
        chosen = self.chance.sample(self.goods(), self.chance.randint(1, min(at_most, len(self.goods()))))
        return [self.line(product, Decimal(self.chance.randint(1, 40)) / 4) for product in chosen]

    def write_lines(
        self, kind: str, document_id: str, lines: Sequence[Line], updated_at: datetime, company: Row | None = None
    ) -> Decimal:
        """Write a document's lines in order; returns their sum before discount and tax."""
        for position, line in enumerate(lines, start=1):
            own = {
                "product_id": line.product["id"] if line.product else None,
                "quantity": line.quantity,
                "unit_price": line.unit_price,
                "amount": line.amount,
                "tax_code": self.tax_code(line.product, company),
                "taxable": bool(line.product and line.product["taxable"] and not (company and company["tax_exempt"])),
                "class_code": line.product["class_code"] if line.product else None,
                "updated_at": updated_at,
            }
            place = {"document_kind": kind, "document_id": document_id, "line_id": str(position), "position": position}
            self.rows.add("document_lines", **place | own | line.more)
        return sum((line.amount for line in lines if line.more.get("line_kind") != "subtotal"), Decimal(0))

    def tax_code(self, product: Row | None, company: Row | None) -> str:
        """What a line is taxed by: the company's own code where it has one, else the product's."""
        if not self.computes_tax:
            exempt = company is not None and company["tax_exempt"]
            return "TAX" if product and product["taxable"] and not exempt else "NON"
        return (company and company["tax_code"]) or (product and product["tax_code"]) or "20.0% S"

    def tax_on(self, lines: Sequence[Line], company: Row, share: Decimal = Decimal(1)) -> Decimal:
        """Sales tax on the sum per code, as this operational system computes it; QuickBooks may round per line."""
        rates = {each["code"]: each["rate_pct"] for each in self.own("tax_codes")}
        sums: dict[str, Decimal] = {}
        for line in lines:
            code = self.tax_code(line.product, company)
            sums[code] = sums.get(code, Decimal(0)) + line.amount * share
        return sum((cents(amount * rates[code] / 100) for code, amount in sums.items()), Decimal(0))


def cents(amount: Decimal) -> Decimal:
    """An amount rounded half up to the cent."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def _is_usable(company: Row) -> bool:
    return company["is_active"] and not company["is_deleted"]
