"""One write worked out in a draft: which operation it is, whether it may be done, and all it does to other records."""

from collections.abc import Mapping
from typing import Any

from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.faults import duplicate_name, not_found, stale_object, system_fault, unsupported_operation
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.closed_books import check_books_open
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.entry import Entry
from qbo_pipeline.emulator.writing.forms import complete
from qbo_pipeline.emulator.writing.links import check_not_deposited, follow_links, forget_links
from qbo_pipeline.emulator.writing.numbering import number_document
from qbo_pipeline.emulator.writing.references import check_references
from qbo_pipeline.emulator.writing.revising import revised
from qbo_pipeline.emulator.writing.settlements import release, settle, settles
from qbo_pipeline.emulator.writing.stock_forms import start_stock
from qbo_pipeline.emulator.writing.tax_service import open_liability
from qbo_pipeline.emulator.writing.unique_values import UniqueValues, name_key
from qbo_pipeline.emulator.writing.voiding import void_record
from qbo_pipeline.emulator.writing.write_request import WriteRequest, require

_KINDS = {"names": "customer, vendor or employee", "TaxCode": "tax code", "TaxAgency": "tax agency"}


class Changing:
    """What writes do to records; `names` and `numbers` know which are taken."""

    def __init__(self, names: UniqueValues, numbers: UniqueValues) -> None:
        self._names = names
        self._numbers = numbers

    def perform(self, desk: Desk, rules: EntityRules, request: WriteRequest) -> str | None:
        """Do what a request asks; the id it concerns, None where QuickBooks answers a void by doing nothing."""
        if request.operation == "create":
            return self.create(desk, rules, request)
        if request.operation == "void" or "void" in request.includes:
            return self._void_by_request(desk, rules, request)
        if request.operation not in rules.operations:
            raise unsupported_operation(f"Operation {request.operation} is not supported.")
        before = self._current(desk, rules, request.content)
        if request.operation == "delete":
            if rules.delete_needs_all:
                require(rules.required, request.content)
            check_books_open(desk, rules, before)
            self.delete(desk, rules, before)
        else:
            require(rules.required_when_sparse if request.is_sparse else rules.required, request.content)
            record = self._stored(desk, rules, request, before)
            check_books_open(desk, rules, before, record)
        return str(before["Id"])

    def create(self, desk: Desk, rules: EntityRules, request: WriteRequest) -> str:
        """Make a new record."""
        if "create" not in rules.operations:
            raise unsupported_operation("Operation create is not supported.")
        require(rules.required, request.content)
        record = self._stored(desk, rules, request, None)
        check_books_open(desk, rules, record)
        if rules.name == "Item":
            start_stock(desk, record)
        if rules.name == "TaxAgency":
            open_liability(desk, record)
        return str(record["Id"])

    def edit(self, desk: Desk, rules: EntityRules, record_id: str, changes: Mapping[str, Any]) -> None:
        """A person's change, who may also change what the API cannot."""
        before = self.standing(desk, rules, record_id)
        if "update" in rules.operations:
            request = WriteRequest("update", {**changes, "sparse": True}, frozenset())
            self._stored(desk, rules, request, before)
        else:
            desk.draft.save(rules.name, {**before, **changes})

    def delete(self, desk: Desk, rules: EntityRules, before: Record) -> None:
        """Take a record away, and undo what it did to others."""
        if "delete" not in rules.operations:
            raise unsupported_operation("Operation delete is not supported.")
        self._let_go(desk, rules, before)
        forget_links(desk.draft, rules, before)
        desk.draft.remove(rules.name, before["Id"])
        follow_links(desk.draft, rules, before, None)

    def void(self, desk: Desk, rules: EntityRules, before: Record) -> None:
        """Empty a document, and undo what it did to others."""
        self._let_go(desk, rules, before)
        record = desk.draft.find(rules.name, before["Id"]) or before
        void_record(rules.name, record)
        desk.draft.save(rules.name, record)
        follow_links(desk.draft, rules, before, record)

    def standing(self, desk: Desk, rules: EntityRules, record_id: str) -> Record:
        """The record as it stands, to be changed; one that is not there is refused (610)."""
        if not rules.has_id:
            raise unsupported_operation(f"Operation on a single {rules.name} is not supported.")
        found = desk.draft.find(rules.name, record_id)
        if found is None:
            raise not_found(element=rules.name)
        return found

    def _void_by_request(self, desk: Desk, rules: EntityRules, request: WriteRequest) -> str | None:
        if request.operation == "void" and rules.void == "system_fault":
            raise system_fault()
        if request.operation == "void" and rules.void == "nothing":
            return None
        allowed = ("operation",) if request.operation == "void" else ("operation", "include")
        if rules.void not in allowed:
            raise unsupported_operation("Operation void is not supported.")
        before = self._current(desk, rules, request.content)
        check_books_open(desk, rules, before)
        self.void(desk, rules, before)
        return str(before["Id"])

    def _stored(self, desk: Desk, rules: EntityRules, request: WriteRequest, before: Record | None) -> Record:
        record = revised(rules, request.content, before, is_sparse=request.is_sparse)
        check_references(desk.records, rules.name, record, before)
        complete(Entry(desk, rules, record, before, request.content))
        self._check_name(rules, record, before)
        if before is not None:
            check_not_deposited(before, record)
        allows_duplicate = "allowduplicatedocnum" in request.includes
        number_document(desk, rules, record, before, self._numbers, allows_duplicate=allows_duplicate)
        desk.draft.save(rules.name, record)
        if settles(rules.name):
            settle(desk.draft, rules.name, record["Id"], before, record)
        follow_links(desk.draft, rules, before, record)
        return record

    def _check_name(self, rules: EntityRules, record: Record, before: Record | None) -> None:
        name = name_key(rules, record)
        if not name or not record.get("Active", True) or (before is not None and name == name_key(rules, before)):
            return
        holder = self._names.holder(rules, name)
        if holder is not None and holder != (rules.name, record.get("Id")):
            raise duplicate_name(_KINDS.get(rules.name_space, rules.name.lower()))

    def _let_go(self, desk: Desk, rules: EntityRules, before: Record) -> None:
        """Undo what a document paid, and what was paid of it."""
        check_not_deposited(before, None)
        if settles(rules.name):
            settle(desk.draft, rules.name, before["Id"], before, None)
        release(desk.draft, rules.name, before)

    def _current(self, desk: Desk, rules: EntityRules, content: Record) -> Record:
        before = self.standing(desk, rules, content["Id"])
        if str(content["SyncToken"]) != before["SyncToken"]:
            raise stale_object()
        return before
