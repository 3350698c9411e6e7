"""What should exist in QuickBooks, in the operational system's own terms: documents, their lines, and time worked.

A document names customers, items, codes and accounts as the operational system does; what each is in QuickBooks is found when
the request is made. It is complete otherwise: number, dates, texts and amounts are final, so that the same source always makes
the same document, and its JSON is what the outbox keeps.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

LineKind = Literal[
    "item", "discount", "subtotal", "note", "shipping", "tax", "account", "receivable", "money", "paid_from", "fee"
]
Amount = Annotated[Decimal, Field(decimal_places=2)]
Fraction = Annotated[Decimal, Field(decimal_places=10)]

NUMBER_MAX = 21
"""The longest `DocNumber` QuickBooks takes."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceVersion(_Part):
    """A source document and the instant it had last changed when this was derived of it; `kind` as `ops.reading` has them."""

    kind: str
    id: str
    updated_at: datetime


class Reference(_Part):
    """The QuickBooks object of a source row that a document or line is linked to; `line_id` is the source line's."""

    target: str
    source_kind: str
    source_id: str
    line_id: str | None = None


class Discount(_Part):
    """A discount on the whole document: `value` is per cent of its lines, or an amount in its currency."""

    kind: Literal["percent", "amount"]
    value: Decimal
    before_tax: bool = True


class Billed(_Part):
    """A piece of work that a line bills; no other live invoice may."""

    source_kind: str
    source_id: str
    part: str = ""


class DocumentLine(_Part):
    """A line in the document's currency; `line_id` is the source's, unique in the document and stable.

    `amount` is quantity times unit price rounded to the cent, or exact where the two do not give it. An `account` line names
    an account or expense category of the operational system, an `item` line a product (None stands for the default item). Of a
    journal a `receivable` line is what the party owes, a `money` line the account that money is in, a `paid_from` line the one it
    was paid from, a `fee` line what was kept.
    `customer_id` is the customer a purchase is for.
    """

    line_id: str
    kind: LineKind = "item"
    product_id: str | None = None
    account: str | None = None
    description: str | None = Field(default=None, max_length=4000, repr=False)
    quantity: Fraction | None = None
    unit_price: Fraction | None = None
    amount: Amount
    tax_code: str | None = None
    is_taxable: bool | None = None
    class_code: str | None = None
    customer_id: str | None = None
    is_billable: bool | None = None
    service_date: date | None = None
    linked_to: Reference | None = None
    bills: tuple[Billed, ...] = ()


class Document(_Part):
    """A transaction that should exist, with `target` as QuickBooks calls it: Estimate, Invoice, PurchaseOrder …

    `party_id` is the operational system's company: a customer, or a vendor on the buying side. `total` is what the
    source says, None where it says nothing; `tax_total` is there only where the source is the one to work out tax, and then
    stands. `is_tax_exempt` frees every line of tax; `is_tax_inclusive` says that `tax_total` is within the amounts of the lines.
    `is_linked_again` says that its estimate has an earlier invoice. `seen` lists every source row it was derived of.
    """

    form: Literal["document"] = "document"
    target: str
    business_entity_id: str
    source_kind: str
    source_id: str
    number: str | None = Field(default=None, max_length=NUMBER_MAX)
    party_kind: Literal["customer", "vendor"] = "customer"
    party_id: str
    transaction_date: date
    due_date: date | None = None
    expiry_date: date | None = None
    currency: str
    exchange_rate: Fraction | None = None
    po_number: str | None = None
    terms_code: str | None = None
    email: str | None = Field(default=None, repr=False)
    customer_memo: str | None = Field(default=None, repr=False)
    private_note: str | None = Field(default=None, repr=False)
    department_code: str | None = None
    class_code: str | None = None
    ship_to_id: str | None = None
    account: str | None = None
    payment_method: str | None = None
    reference: str | None = None
    discount: Discount | None = None
    tax_total: Amount | None = None
    is_tax_exempt: bool = False
    is_tax_inclusive: bool = False
    total: Amount | None = None
    linked_to: tuple[Reference, ...] = ()
    is_linked_again: bool = False
    lines: tuple[DocumentLine, ...] = ()
    seen: tuple[SourceVersion, ...] = ()


class TimeWorked(_Part):
    """A stretch of a worker's time on one local day that should exist as a time activity.

    `minutes` is net of breaks; `started_at` and `ended_at` are local to `time_zone` and only there where QuickBooks shall show
    clock times. `rate` is per hour in the customer's currency.
    """

    form: Literal["time"] = "time"
    target: Literal["TimeActivity"] = "TimeActivity"
    business_entity_id: str
    source_kind: str
    source_id: str
    user_id: str
    customer_id: str | None = None
    product_id: str | None = None
    class_code: str | None = None
    transaction_date: date
    minutes: int = Field(gt=0)
    started_at: datetime | None = None
    ended_at: datetime | None = None
    is_billable: bool = False
    rate: Fraction | None = None
    description: str | None = Field(default=None, max_length=4000, repr=False)
    seen: tuple[SourceVersion, ...] = ()


class Name(_Part):
    """A customer, vendor, item or code that should exist, by the row it stands for and the name it takes in QuickBooks.

    `fields` holds the rest as QuickBooks has it, amounts as text; `parent_id` is the source row of the customer above it.
    """

    form: Literal["name"] = "name"
    target: Literal["Customer", "Vendor", "Item", "Term", "Class", "Department", "PaymentMethod"]
    business_entity_id: str
    source_kind: Literal["customer", "vendor", "item", "term", "class", "department", "payment_method"]
    source_id: str
    name: str = Field(repr=False)
    parent_id: str | None = None
    income_account: str | None = None
    expense_account: str | None = None
    fields: dict[str, object] = Field(default_factory=dict, repr=False)
    seen: tuple[SourceVersion, ...] = ()


class Ending(_Part):
    """A document in QuickBooks that should be voided or deleted, because its source was."""

    form: Literal["ending"] = "ending"
    target: str
    business_entity_id: str
    source_kind: str
    source_id: str
    reason: str
    seen: tuple[SourceVersion, ...] = ()


class Reversal(_Part):
    """What takes back a document of closed books, which is not voided there; as a Payment, what applies the one to the other.

    What it says of customer, lines and tax is found in `of` as that stands in QuickBooks when the request is made. `number`, the
    first open day and `total` are known before.
    """

    form: Literal["reversal"] = "reversal"
    target: Literal["CreditMemo", "RefundReceipt", "Payment"]
    business_entity_id: str
    source_kind: str
    source_id: str
    of: Reference
    number: str | None = Field(default=None, max_length=NUMBER_MAX)
    transaction_date: date
    total: Amount | None = None
    reason: str
    seen: tuple[SourceVersion, ...] = ()


class Attachment(_Part):
    """A file that should hang on the document `of`; `file` is its path or https address as the source has it."""

    form: Literal["attachment"] = "attachment"
    target: Literal["Attachable"] = "Attachable"
    business_entity_id: str
    source_kind: str
    source_id: str
    transaction_date: date
    of: Reference
    file: str = Field(repr=False)
    seen: tuple[SourceVersion, ...] = ()


Wanted = Annotated[Document | TimeWorked | Name | Attachment | Ending | Reversal, Field(discriminator="form")]
"""Whatever an intent may ask for."""
