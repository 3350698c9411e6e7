"""What settles what: each line of a payment that names a document takes an amount off it, on a day, at that document's rate.

All amounts have the sign of the document's own posting to receivables or payables: an invoice of 100 stands there as 100, a
credit memo as -100, a bill as -100; paying 40 of the invoice applies 40 to it.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qbo_pipeline.emulator.accounting.chart import Account
from qbo_pipeline.emulator.accounting.entries import ZERO, Entry, Leg
from qbo_pipeline.emulator.books.amounts import amount, cents
from qbo_pipeline.emulator.source import Record

Target = tuple[str, str]  # entity and id

# How links name a target whose entity is called otherwise.
_LINKED = {"Check": "Purchase", "CreditCardCredit": "Purchase", "Expense": "Purchase"}


@dataclass(slots=True)
class Document:
    """What one document put on the receivables or payables of one party, debit positive."""

    entry: Entry
    account_id: str
    party_id: str
    amount: Decimal
    home: Decimal

    @property
    def key(self) -> Target:
        return self.entry.entity, self.entry.transaction_id

    def home_of(self, part: Decimal) -> Decimal:
        """A part of the document at the document's own rate; the whole is exactly its home amount."""
        return self.home if part == self.amount else cents(part * self.entry.rate)


@dataclass(slots=True)
class Application:
    """An amount that a payment takes off a document; `settled_home` is what it and all earlier ones have taken."""

    payment: Target
    document: Document
    day: date
    amount: Decimal
    home: Decimal = ZERO
    settled_home: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Payer:
    """A payment as applications see it: its record, its day, and whom it pays for or to."""

    entity: str
    record: Record
    day: date
    created: int
    party_id: str


def documents(entries: Iterable[Entry], accounts: Mapping[str, Account]) -> list[Document]:
    """Everything that stands open on a control account until something settles it, one for each party and account."""
    found = []
    for entry in entries:
        legs: dict[tuple[str, str], list[Leg]] = defaultdict(list)
        for leg in entry.all_legs():
            if leg.account_id in accounts and accounts[leg.account_id].is_control:
                legs[leg.account_id, leg.name[1]].append(leg)
        for (account_id, party_id), group in legs.items():
            total = sum((leg.amount or ZERO for leg in group), ZERO)
            home = sum((leg.home for leg in group), ZERO)
            found.append(Document(entry, account_id, party_id, total, home))
    return found


def applications(payers: Iterable[Payer], open_documents: Iterable[Document]) -> dict[Target, list[Application]]:
    """The applications of every payment, by payment.

    One counts from the later of the two documents' days (facts: the date of an application), and not before the payment that
    links them: a credit of May settles nothing in April. Credits go first, in the order of the lines, then money. The home
    amounts of a document's applications, in order of day, add up to the document's own: no cent stays when it is settled in
    parts.
    """
    by_target: dict[Target, list[Document]] = defaultdict(list)
    for document in open_documents:
        by_target[document.key].append(document)
    found: list[tuple[date, int, Application]] = []
    for payer in payers:
        found += [(one.day, payer.created, one) for one in _applied(payer, by_target)]
    settled: dict[int, Decimal] = defaultdict(Decimal)
    by_payment: dict[Target, list[Application]] = defaultdict(list)
    for _, _, one in sorted(found, key=lambda each: (each[0], each[1])):
        before = one.document.home_of(settled[id(one.document)])
        settled[id(one.document)] += one.amount
        one.settled_home = one.document.home_of(settled[id(one.document)])
        one.home = one.settled_home - before
        by_payment[one.payment].append(one)
    return by_payment


def _applied(payer: Payer, by_target: Mapping[Target, list[Document]]) -> Iterator[Application]:
    towards = 1 if payer.entity == "Payment" else -1
    taken = list(_taken(payer, by_target))
    charges = [(document, abs(signed)) for document, signed in taken if signed * towards > 0]
    credits = [(document, abs(signed)) for document, signed in taken if signed * towards < 0]
    found: dict[tuple[int, date], Application] = {}
    for charge, credit, part in _paired(charges, credits):
        ends = [document for document in (charge, credit) if document is not None]
        day = max(payer.day, *(document.entry.date for document in ends))
        for document in ends:
            one = found.setdefault(
                (id(document), day), Application((payer.entity, payer.record["Id"]), document, day, ZERO)
            )
            one.amount += part if document.amount > 0 else -part
    yield from found.values()


def _taken(payer: Payer, by_target: Mapping[Target, list[Document]]) -> Iterator[tuple[Document, Decimal]]:
    """What a payment's lines take off each document, in their order."""
    taken: dict[int, tuple[Document, Decimal]] = {}
    for line in payer.record.get("Line", ()):
        for link in line.get("LinkedTxn", ()):
            document = _document(
                payer, by_target.get((_LINKED.get(link["TxnType"], link["TxnType"]), link["TxnId"]), [])
            )
            if document is not None and document.amount:
                signed = amount(line.get("Amount")) * (1 if document.amount > 0 else -1)
                _, before = taken.get(id(document), (document, ZERO))
                taken[id(document)] = document, before + signed
    yield from taken.values()


def _paired(
    charges: Iterable[tuple[Document, Decimal]], credits: Iterable[tuple[Document, Decimal]]
) -> Iterator[tuple[Document | None, Document | None, Decimal]]:
    """How much of which credit settles which charge, in the order of the lines; None is the payment's own money."""
    unused = deque(credits)
    for charge, whole in charges:
        owed = whole
        while owed and unused:
            credit, left = unused.popleft()
            part = min(owed, left)
            owed -= part
            if left > part:
                unused.appendleft((credit, left - part))
            yield charge, credit, part
        if owed:
            yield charge, None, owed
    for credit, left in unused:
        yield None, credit, left


def _document(payer: Payer, candidates: list[Document]) -> Document | None:
    """The part of a target that concerns the payer: a journal entry may hold lines of several parties."""
    own = [document for document in candidates if document.party_id == payer.party_id]
    return next(iter(own or candidates), None)
