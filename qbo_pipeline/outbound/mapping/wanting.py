"""Which names and codes a set of documents wants, with all that those want in turn: parents, payers, a contractor's vendor."""

from collections.abc import Iterable
from typing import Literal

from qbo_pipeline.outbound.document import Document, DocumentLine, TimeWorked, Wanted
from qbo_pipeline.outbound.mapping.resolving import term_key
from qbo_pipeline.outbound.mapping.wanted_names import (
    Row,
    SourceLists,
    WantedCode,
    WantedNames,
    company_of_row,
    product_of_row,
    worker_of_row,
)

Part = tuple[Literal["customer", "vendor"], str]

_NO_WORKER = "none"
# What the account that a line of a kind names is mapped as.
_ACCOUNT_KINDS = {
    "account": "expense_category",
    "fee": "expense_category",
    "money": "deposit_account",
    "paid_from": "payment_account",
}
_RECEIPTS = ("Payment", "SalesReceipt", "RefundReceipt", "Deposit")


def names_of_documents(documents: Iterable[Wanted], lists: SourceLists) -> WantedNames:
    """What these documents refer to, as far as the operational system has it."""
    asked = _Asked()
    for each in documents:
        if isinstance(each, Document):
            asked.add_document(each)
        elif isinstance(each, TimeWorked):
            asked.add_time(each)
    return asked.names(lists)


def all_names(lists: SourceLists) -> WantedNames:
    """Every active row and code of a business entity, wanted by a document or not."""
    asked = _Asked()
    for row in lists["companies"]:
        if row.get("is_active") is not False:
            asked.parts |= {("customer", row["id"])} if row.get("is_customer") else set()
            asked.parts |= {("vendor", row["id"])} if row.get("is_vendor") else set()
    asked.products = {row["id"] for row in lists["products"] if row.get("is_active") is not False}
    asked.workers = {
        row["id"] for row in lists["users"] if row.get("is_active") is not False and row["worker_kind"] != _NO_WORKER
    }
    asked.codes = {("tax_code", row["code"]) for row in lists["tax_codes"]}
    return asked.names(lists)


class _Asked:
    """What was asked for so far, by id."""

    def __init__(self) -> None:
        self.parts: set[Part] = set()
        self.products: set[str] = set()
        self.workers: set[str] = set()
        self.codes: set[tuple[str, str]] = set()

    def add_document(self, document: Document) -> None:
        self.parts.add((document.party_kind, document.party_id))
        if document.ship_to_id:
            self.parts.add(("customer", document.ship_to_id))
        self._add_codes(
            ("term", document.terms_code),
            ("department", document.department_code),
            ("class", document.class_code),
            ("payment_method", document.payment_method),
            ("deposit_account" if document.target in _RECEIPTS else "payment_account", document.account),
        )
        for line in document.lines:
            self._add_line(line)

    def add_time(self, worked: TimeWorked) -> None:
        self.workers.add(worked.user_id)
        if worked.customer_id:
            self.parts.add(("customer", worked.customer_id))
        if worked.product_id:
            self.products.add(worked.product_id)
        self._add_codes(("class", worked.class_code))

    def names(self, lists: SourceLists) -> WantedNames:
        """The rows asked for and those they need; ids without a row are left out, and show where they are resolved."""
        companies, users = _by_id(lists["companies"]), _by_id(lists["users"])
        products = _by_id(lists["products"])
        workers = tuple(worker_of_row(users[each]) for each in sorted(self.workers & users.keys()))
        self.parts |= {("vendor", each.vendor_id) for each in workers if each.is_contractor and each.vendor_id}
        parts = _with_parents(self.parts, companies)
        wanted = tuple(company_of_row(kind, companies[source_id]) for kind, source_id in sorted(parts))
        made = tuple(product_of_row(products[each]) for each in sorted(self.products & products.keys()))
        self._add_codes(*(("account", each.income_account) for each in made))
        self._add_codes(*(("account", each.expense_account) for each in made))
        self._add_codes(*(("tax_code", each.tax_code) for each in wanted))
        terms = {
            _term(each.terms_code, each.terms_days) for each in wanted if each.terms_code or each.terms_days is not None
        }
        named = {row["code"]: row.get("name") for row in lists["tax_codes"]}
        known = {each.key for each in terms}
        codes = {
            WantedCode(kind, key, named.get(key) if kind == "tax_code" else None)
            for kind, key in self.codes
            if not (kind == "term" and key in known)
        }
        return WantedNames(companies=wanted, products=made, workers=workers, codes=tuple(_distinct(codes | terms)))

    def _add_line(self, line: DocumentLine) -> None:
        if line.product_id:
            self.products.add(line.product_id)
        if line.customer_id:
            self.parts.add(("customer", line.customer_id))
        self._add_codes(
            (_ACCOUNT_KINDS.get(line.kind, "account"), line.account),
            ("tax_code", line.tax_code),
            ("class", line.class_code),
        )

    def _add_codes(self, *codes: tuple[str, str | None]) -> None:
        self.codes |= {(kind, key) for kind, key in codes if key}


def _by_id(rows: Iterable[Row]) -> dict[str, Row]:
    return {row["id"]: row for row in rows}


def _with_parents(parts: set[Part], companies: dict[str, Row]) -> set[Part]:
    """The parts and, for customers, everyone above them and who is invoiced in their place."""
    found: set[Part] = set()
    waiting = [part for part in parts if part[1] in companies]
    while waiting:
        kind, source_id = waiting.pop()
        if (kind, source_id) in found:
            continue
        found.add((kind, source_id))
        if kind == "customer":
            row = companies[source_id]
            above = (row.get("parent_company_id"), row.get("bill_to_company_id"))
            waiting += [("customer", each) for each in above if each in companies]
    return found


def _term(code: str | None, days: int | None) -> WantedCode:
    return WantedCode("term", code or term_key(days or 0), None, days)


def _distinct(codes: set[WantedCode]) -> list[WantedCode]:
    """One of each kind and key: two companies may give one code other days, and then the days say nothing."""
    by_key: dict[tuple[str, str], WantedCode] = {}
    for code in sorted(codes, key=lambda each: (each.kind, each.key, str(each.name), str(each.days))):
        known = by_key.get((code.kind, code.key))
        ambiguous = known is not None and known.days != code.days
        by_key[code.kind, code.key] = WantedCode(code.kind, code.key, code.name, None if ambiguous else code.days)
    return list(by_key.values())
