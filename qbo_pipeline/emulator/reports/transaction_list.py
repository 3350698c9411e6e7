"""TransactionList: one row per transaction, with the account it was entered under and the amount there.

Shape recorded. Estimates and purchase orders are listed too, marked as not posting.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from qbo_pipeline.emulator.accounting.posting import Posting
from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.instants import epoch
from qbo_pipeline.emulator.reports.chart import natural
from qbo_pipeline.emulator.reports.document import Report, data, section
from qbo_pipeline.emulator.reports.entries import Entry
from qbo_pipeline.emulator.reports.inquiry import Inquiry
from qbo_pipeline.emulator.reports.layout import Layout
from qbo_pipeline.emulator.reports.periods import split, title
from qbo_pipeline.emulator.source import Record

_COLUMNS = ("tx_date", "txn_type", "doc_num", "is_no_post", "name", "memo", "account_name", "other_account")
_AMOUNT = "subt_nat_amount"
_NOT_POSTING = {"Estimate": ("Estimate", "Customer"), "PurchaseOrder": ("Purchase Order", "Vendor")}
_GROUPS = ("None", "Name", "Account", "Transaction Type", "Customer", "Vendor", "Employee", "Location", "Month", "Year")


def transaction_list(inquiry: Inquiry) -> Report:
    """The report."""
    columns = [*_COLUMNS, _AMOUNT]
    if inquiry.lists.tracks_departments:
        columns.insert(columns.index("memo"), "dept_name")
    layout = Layout(inquiry, columns)
    entries = [entry for entry in (*_posted(inquiry), *_not_posted(inquiry)) if _is_asked_for(inquiry, entry)]
    entries.sort(key=lambda entry: (entry.posting.date, entry.posting.created))
    by = inquiry.parameters.choice("group_by", _GROUPS, "None")
    if by == "None":
        rows = [data(layout.cells(entry)) for entry in layout.in_order(entries)]
    else:
        rows = [
            section(
                layout.heading(name or "Not Specified", record_id or None),
                [data(layout.cells(entry)) for entry in layout.in_order(group)],
                layout.line(f"Total for {name or 'Not Specified'}", amount=_total(group)),
            )
            for (name, record_id), group in _grouped(inquiry, by, entries)
        ]
    return Report(
        header=inquiry.header(has_basis=False), columns=layout.definitions(), rows=rows, has_data=bool(entries)
    )


def _posted(inquiry: Inquiry) -> Iterator[Entry]:
    """Every transaction's first posting: the one on the account it was entered under."""
    seen = set()
    accounts = inquiry.books.accounts()
    for posting in inquiry.postings():
        key = (posting.display_type, posting.transaction_id)
        if posting.date in inquiry.period and key not in seen:
            seen.add(key)
            yield Entry(posting, natural(accounts[posting.account_id], posting.amount))


def _not_posted(inquiry: Inquiry) -> Iterator[Entry]:
    for entity, (display_type, party) in _NOT_POSTING.items():
        for record in inquiry.lists.documents(entity):
            posting = _as_posting(record, entity, display_type, party)
            if posting.date in inquiry.period and list(inquiry.kept([posting])):
                yield Entry(posting, posting.amount, is_posting=False)


def _as_posting(record: Record, entity: str, display_type: str, party: str) -> Posting:
    party_id = record.get(f"{party}Ref", {}).get("value", "")
    return Posting(
        transaction_id=record["Id"],
        entity=entity,
        display_type=display_type,
        date=date.fromisoformat(record["TxnDate"]),
        created=epoch(record["MetaData"]["CreateTime"]),
        number=record.get("DocNumber", ""),
        account_id="",
        amount=amount(record.get("TotalAmt")),
        name_kind="Customer" if party == "Customer" else "Vendor",
        name_id=party_id,
        memo=record.get("PrivateNote", ""),
        split_account_id="",
        class_id=record.get("ClassRef", {}).get("value", ""),
        department_id=record.get("DepartmentRef", {}).get("value", ""),
        customer_id=party_id if party == "Customer" else "",
        vendor_id=party_id if party == "Vendor" else "",
    )


def _is_asked_for(inquiry: Inquiry, entry: Entry) -> bool:
    """The filters of this report alone; Intuit writes types without blanks there ("BillPaymentCheck")."""
    parameters = inquiry.parameters
    names, number = parameters.ids("name"), parameters.text("docnum")
    kinds = {_squeezed(kind) for kind in parameters.listed("transaction_type")}
    account_types = {_squeezed(kind) for kind in parameters.listed("source_account_type")}
    account = inquiry.books.accounts().get(entry.posting.account_id)
    return (
        (not names or entry.posting.name_id in names)
        and (number is None or entry.posting.number == number)
        and (not kinds or _squeezed(entry.posting.display_type) in kinds)
        and (not account_types or (account is not None and _squeezed(account.type) in account_types))
    )


def _squeezed(words: str) -> str:
    return "".join(character for character in words.casefold() if character.isalnum())


def _grouped(inquiry: Inquiry, by: str, entries: list[Entry]) -> list[tuple[tuple[str, str], list[Entry]]]:
    groups: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[_group(inquiry, by, entry)].append(entry)
    if by in {"Month", "Year"}:
        return list(groups.items())
    return sorted(groups.items(), key=lambda item: (not item[0][0], item[0][0].casefold()))


def _group(inquiry: Inquiry, by: str, entry: Entry) -> tuple[str, str]:
    """The name, and the id where it has one, of the group an entry stands in."""
    posting = entry.posting
    if by in {"Month", "Year"}:
        whole = split(inquiry.period, by, inquiry.books.fiscal_year_start_month)
        piece = next(each for each in whole if posting.date in each)
        return title(piece, by, inquiry.books.fiscal_year_start_month), ""
    if by == "Transaction Type":
        return posting.display_type, ""
    if by == "Location":
        return inquiry.lists.full_name("Department", posting.department_id), posting.department_id
    if by == "Account":
        account = inquiry.books.accounts().get(posting.account_id)
        return (account.full_name, account.id) if account else ("", "")
    is_of_kind = by in {"Name", posting.name_kind}
    return (inquiry.lists.full_name(posting.name_kind, posting.name_id), posting.name_id) if is_of_kind else ("", "")


def _total(entries: list[Entry]) -> Decimal:
    return sum((entry.amount or Decimal(0) for entry in entries), Decimal(0))
