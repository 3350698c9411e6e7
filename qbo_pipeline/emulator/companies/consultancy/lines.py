"""The lines of the consultancy's sales forms: items, bundles, remarks, then the subtotal and the discount QuickBooks adds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any

from qbo_pipeline.emulator.companies.consultancy.ledger import pennies
from qbo_pipeline.emulator.companies.consultancy.lists import Lists
from qbo_pipeline.emulator.companies.consultancy.tax import NOT_APPLICABLE, Taxed, taxed
from qbo_pipeline.emulator.source import Record

_SHIPPING, _SHIPPING_INCOME, _DISCOUNTS = "SHIPPING_ITEM_ID", "7", "5"


@dataclass(frozen=True)
class Sold:
    """An item with a quantity; price, tax code and text are the item's where they are not given.

    `link` is the transaction (id, type) whose hours or expense the line bills.
    """

    item: str
    quantity: str = "1"
    price: str | None = None
    code: str | None = None
    text: str | None = None
    class_id: str | None = None
    served_on: str | None = None
    link: tuple[str, str] | None = None


@dataclass(frozen=True)
class Shipping:
    """Postage: a sale of QuickBooks' pseudo item, which is in no list of items."""

    amount: str
    code: str = "2"


@dataclass(frozen=True)
class Bundle:
    """A group line: its members are sold inside it."""

    group: str
    quantity: int = 1


@dataclass(frozen=True)
class Remark:
    """A line of text only; "Subtotal: n" is what QuickBooks makes of an inline subtotal."""

    text: str


Entry = Sold | Shipping | Bundle | Remark


class SalesLines:
    """Turns entries into lines, and keeps the money of each for the tax at the end of the form."""

    def __init__(self, lists: Lists, default_code: str | None, mode: str) -> None:
        self._lists, self._default_code, self._mode = lists, default_code, mode
        self._numbers = count(1)
        self.money: list[Taxed] = []

    @property
    def subtotal(self) -> Decimal:
        return sum((money.net for money in self.money), Decimal(0))

    def lines(self, entries: Sequence[Entry]) -> list[Record]:
        """The lines of a form down to its subtotal, which carries neither id nor number."""
        lines = [self._line(entry) for entry in entries]
        subtotal = {"Amount": self.subtotal, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
        return [*lines, subtotal]

    def discount_line(self, discount: Decimal, percent: Decimal | None) -> Record:
        """The discount, as a positive amount."""
        detail: Record = {
            "PercentBased": percent is not None,
            "DiscountAccountRef": self._lists.reference("Account", _DISCOUNTS),
        }
        if percent is not None:
            detail["DiscountPercent"] = percent
        return {"Amount": discount, "DetailType": "DiscountLineDetail", "DiscountLineDetail": detail}

    def _line(self, entry: Entry) -> Record:
        number = next(self._numbers)
        place = {"Id": str(number), "LineNum": number}
        match entry:
            case Remark():
                return place | {
                    "Description": entry.text,
                    "DetailType": "DescriptionOnly",
                    "DescriptionLineDetail": {},
                }
            case Bundle():
                return place | self._bundle(entry)
            case Shipping():
                return place | self._sale(
                    _SHIPPING, Decimal(1), Decimal(entry.amount), entry.code, income=_SHIPPING_INCOME
                )
            case Sold():
                return place | self._sold(entry)

    def _bundle(self, bundle: Bundle) -> Record:
        group = self._lists.get("Item", bundle.group)
        inner = [self._line(Sold(item, str(each * bundle.quantity))) for item, each in group["Members"]]
        return {
            "Description": group["Description"],
            "Amount": sum((line["Amount"] for line in inner), Decimal(0)),
            "DetailType": "GroupLineDetail",
            "GroupLineDetail": {
                "GroupItemRef": self._lists.reference("Item", bundle.group),
                "Quantity": bundle.quantity,
                "Line": inner,
            },
        }

    def _sold(self, sold: Sold) -> Record:
        item = self._lists.get("Item", sold.item)
        price = Decimal(sold.price) if sold.price else self._lists.price(sold.item)
        code = sold.code or self._default_code or item["TaxCode"]
        line = self._sale(sold.item, Decimal(sold.quantity), price, code, income=item["Income"])
        text = sold.text or item.get("Description")
        if text:
            line = {"Description": text} | line
        detail = line["SalesItemLineDetail"]
        if sold.class_id:
            detail["ClassRef"] = self._lists.reference("Class", sold.class_id)
        if sold.served_on:
            detail["ServiceDate"] = sold.served_on
        if sold.link:
            line["LinkedTxn"] = [dict(zip(("TxnId", "TxnType"), sold.link, strict=True))]
        return line

    def _sale(self, item: str, quantity: Decimal, price: Decimal, code: str, *, income: str) -> Record:
        money = taxed(self._lists, pennies(quantity * price), code, "Sales", self._mode)
        self.money.append(money)
        detail: Record = {
            "ItemRef": self._lists.reference("Item", item),
            "ItemAccountRef": self._lists.reference("Account", income),
        }
        if item != _SHIPPING:
            detail |= {"Qty": quantity, "UnitPrice": money.unit_price(quantity, price)}
        if self._mode != NOT_APPLICABLE:
            detail["TaxCodeRef"] = {"value": code}
        if money.gross is not None:
            detail["TaxInclusiveAmt"] = money.gross
        return {"Amount": money.net, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}


def sale_lines(lines: Sequence[Record]) -> Iterator[dict[str, Any]]:
    """Every line that sells something, those inside bundles included."""
    for line in lines:
        if line["DetailType"] == "GroupLineDetail":
            yield from sale_lines(line["GroupLineDetail"]["Line"])
        elif line["DetailType"] == "SalesItemLineDetail":
            yield line
