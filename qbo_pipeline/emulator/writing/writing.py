"""Changing a company's books: what QuickBooks does with a POST, and what a person does in its pages.

    request -> draft -> checks, completion, settlements, balances -> commit -> answer (kept under its requestid)

A refusal at any step leaves the books as they were.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from qbo_pipeline.emulator.books.answers import encode
from qbo_pipeline.emulator.books.records import CompanyRecords, Draft
from qbo_pipeline.emulator.books.schema import EntityRules
from qbo_pipeline.emulator.clock import Clock
from qbo_pipeline.emulator.faults import (
    QboFault,
    duplicate_name,
    missing_parameter,
    not_found,
    stale_object,
    system_fault,
    unsupported_operation,
)
from qbo_pipeline.emulator.instants import answer_time
from qbo_pipeline.emulator.settings import EmulatorSettings
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.balances import move_balances
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.forms import complete
from qbo_pipeline.emulator.writing.merging import merge_names
from qbo_pipeline.emulator.writing.numbering import number_document
from qbo_pipeline.emulator.writing.references import check_references
from qbo_pipeline.emulator.writing.revising import revised
from qbo_pipeline.emulator.writing.settlements import release, settle, settles
from qbo_pipeline.emulator.writing.unique_values import UniqueValues, name_key, number_key
from qbo_pipeline.emulator.writing.voiding import void_record
from qbo_pipeline.emulator.writing.write_request import WriteRequest, write_request


class Writing:
    """Writes to one company's records; the caller holds the company's lock."""

    def __init__(self, records: CompanyRecords, country: str, settings: EmulatorSettings, clock: Clock) -> None:
        self._records = records
        self._country = country
        self._settings = settings
        self._clock = clock
        self._names = UniqueValues(records, lambda rules: rules.name_space, name_key)
        self._numbers = UniqueValues(records, lambda rules: rules.name, number_key)
        self._answered: dict[str, tuple[bytes, bytes]] = {}

    def write(self, rules: EntityRules, body: bytes, params: Mapping[str, str]) -> bytes:
        """The answer to a POST; one with a known `requestid` changes nothing and gets the first answer, its `time` included."""
        arrived = self._clock.now()
        request_id = params.get("requestid", "")
        fingerprint = sha256(body).digest()
        if request_id in self._answered:
            first, answer = self._answered[request_id]
            if first != fingerprint and self._settings.requestid_reuse == "error":
                raise QboFault(400, "600", "Duplicate Request ID", "Duplicate Request ID", "requestid")
            return answer
        request = write_request(rules, body, params)
        answer = self._perform(rules, request, arrived)
        if request_id:
            self._answered[request_id] = (fingerprint, answer)
        return answer

    def edit(self, rules: EntityRules, record_id: str, changes: Mapping[str, Any]) -> bytes:
        """A person's change of a record, also of entities the API cannot write."""
        desk = self._desk(self._clock.now())
        before = self._standing(desk, rules, record_id)
        if "update" in rules.operations:
            record = self._stored(desk, rules, dict(changes), before, is_sparse=True)
        else:
            record = desk.draft.save(rules.name, {**before, **changes})
        return self._commit(desk, {rules.name: record})

    def delete(self, rules: EntityRules, record_id: str) -> bytes:
        """Delete a record for good."""
        desk = self._desk(self._clock.now())
        self._delete(desk, rules, self._standing(desk, rules, record_id))
        return self._commit(desk, {rules.name: {"status": "Deleted", "domain": "QBO", "Id": record_id}})

    def void(self, rules: EntityRules, record_id: str) -> bytes:
        """Void a document."""
        desk = self._desk(self._clock.now())
        record = self._void(desk, rules, self._standing(desk, rules, record_id))
        return self._commit(desk, {rules.name: record})

    def merge(self, rules: EntityRules, loser_id: str, winner_id: str) -> None:
        """Merge one name into another."""
        desk = self._desk(self._clock.now())
        merge_names(desk, rules, loser_id, winner_id, touches_documents=self._settings.merge_touches_documents)
        self._commit(desk, {})

    def _perform(self, rules: EntityRules, request: WriteRequest, arrived: datetime) -> bytes:
        desk = self._desk(arrived)
        if request.operation == "create":
            return self._create(desk, rules, request)
        if request.operation == "void" or "void" in request.includes:
            return self._void_by_request(desk, rules, request)
        if request.operation not in rules.operations:
            raise unsupported_operation(f"Operation {request.operation} is not supported.")
        before = self._current(desk, rules, request.content)
        if request.operation == "delete":
            if rules.delete_needs_all:
                _require(rules.required, request.content)
            self._delete(desk, rules, before)
            return self._commit(desk, {rules.name: {"status": "Deleted", "domain": "QBO", "Id": before["Id"]}})
        _require(rules.required_when_sparse if request.is_sparse else rules.required, request.content)
        record = self._stored(
            desk, rules, request.content, before, is_sparse=request.is_sparse, includes=request.includes
        )
        return self._commit(desk, {rules.name: record})

    def _create(self, desk: Desk, rules: EntityRules, request: WriteRequest) -> bytes:
        if "create" not in rules.operations:
            raise unsupported_operation("Operation create is not supported.")
        _require(rules.required, request.content)
        record = self._stored(desk, rules, request.content, None, is_sparse=False, includes=request.includes)
        if rules.created_without_update_time:
            shown = {**record, "MetaData": {"CreateTime": record["MetaData"]["CreateTime"]}}
            return self._commit(desk, {rules.name: shown})
        return self._commit(desk, {rules.name: record})

    def _void_by_request(self, desk: Desk, rules: EntityRules, request: WriteRequest) -> bytes:
        if request.operation == "void" and rules.void == "system_fault":
            raise system_fault()
        if request.operation == "void" and rules.void == "nothing":
            return self._commit(desk, {"BatchItemResponse": []})
        form = "operation" if request.operation == "void" else "include"
        if rules.void != form:
            raise unsupported_operation("Operation void is not supported.")
        record = self._void(desk, rules, self._current(desk, rules, request.content))
        return self._commit(desk, {rules.name: record})

    def _stored(
        self,
        desk: Desk,
        rules: EntityRules,
        content: Record,
        before: Record | None,
        *,
        is_sparse: bool,
        includes: frozenset[str] = frozenset(),
    ) -> Record:
        record = revised(rules, content, before, is_sparse=is_sparse)
        check_references(self._records, rules.name, record, before)
        complete(desk, rules, record, before, content)
        self._check_name(rules, record, before)
        allows_duplicate = "allowduplicatedocnum" in includes
        number_document(desk, rules, record, before, self._numbers, allows_duplicate=allows_duplicate)
        desk.draft.save(rules.name, record)
        if settles(rules.name):
            settle(desk.draft, rules.name, record["Id"], before, record)
        return record

    def _check_name(self, rules: EntityRules, record: Record, before: Record | None) -> None:
        name = name_key(rules, record)
        if not name or not record.get("Active", True) or (before is not None and name == name_key(rules, before)):
            return
        holder = self._names.holder(rules, name)
        if holder is not None and holder != (rules.name, record.get("Id")):
            raise duplicate_name()

    def _void(self, desk: Desk, rules: EntityRules, before: Record) -> Record:
        self._let_go(desk, rules, before)
        record = desk.draft.find(rules.name, before["Id"]) or before
        void_record(rules.name, record)
        return desk.draft.save(rules.name, record)

    def _delete(self, desk: Desk, rules: EntityRules, before: Record) -> None:
        if "delete" not in rules.operations:
            raise unsupported_operation("Operation delete is not supported.")
        self._let_go(desk, rules, before)
        desk.draft.remove(rules.name, before["Id"])

    def _let_go(self, desk: Desk, rules: EntityRules, before: Record) -> None:
        """Undo what a document did to others, and others to it."""
        if any(link.get("TxnType") == "Deposit" for link in before.get("LinkedTxn", ())):
            raise QboFault(
                400, "6540", "Deposited transaction cannot be changed", "This transaction is part of a deposit."
            )
        if settles(rules.name):
            settle(desk.draft, rules.name, before["Id"], before, None)
        release(desk.draft, rules.name, before)

    def _current(self, desk: Desk, rules: EntityRules, content: Record) -> Record:
        before = self._standing(desk, rules, content["Id"])
        if str(content["SyncToken"]) != before["SyncToken"]:
            raise stale_object()
        return before

    def _standing(self, desk: Desk, rules: EntityRules, record_id: str) -> Record:
        if not rules.has_id:
            raise unsupported_operation(f"Operation on a single {rules.name} is not supported.")
        found = desk.draft.find(rules.name, record_id)
        if found is None:
            raise not_found(element=rules.name)
        return found

    def _desk(self, moment: datetime) -> Desk:
        return Desk(Draft(self._records, moment), self._country)

    def _commit(self, desk: Desk, answer: Mapping[str, Any]) -> bytes:
        draft = desk.draft
        move_balances(draft)
        changes = draft.changes()
        draft.commit()
        self._names.follow(changes)
        self._numbers.follow(changes)
        return encode({**answer, "time": answer_time(draft.moment)})


def _require(names: tuple[str, ...], content: Record) -> None:
    for name in names:
        if content.get(name) in (None, ""):
            raise missing_parameter(name)
