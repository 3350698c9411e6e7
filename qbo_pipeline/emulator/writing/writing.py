"""Changing a company's books: what QuickBooks does with a POST, and what a person does in its pages.

    request -> draft -> checks, completion, links, settlements, balances -> commit -> answer (kept under its requestid)

A refusal at any step leaves the books as they were.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from qbo_pipeline.emulator.books.answers import encode
from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.books.records import Change, CompanyRecords, Draft
from qbo_pipeline.emulator.clock import Clock
from qbo_pipeline.emulator.instants import answer_time
from qbo_pipeline.emulator.settings import EmulatorSettings
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.balances import move_balances
from qbo_pipeline.emulator.writing.batch import BatchOutcomes, batch_items, batch_request_id
from qbo_pipeline.emulator.writing.changing import Changing
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.exchange_rates import set_rate
from qbo_pipeline.emulator.writing.field_checks import check_fields
from qbo_pipeline.emulator.writing.merging import merge_names
from qbo_pipeline.emulator.writing.replay import RememberedAnswers
from qbo_pipeline.emulator.writing.sending import send_document
from qbo_pipeline.emulator.writing.stock import move_stock
from qbo_pipeline.emulator.writing.tax_service import create_tax_code
from qbo_pipeline.emulator.writing.unique_values import UniqueValues, name_key, number_key
from qbo_pipeline.emulator.writing.write_request import WriteRequest, decoded_body, request_id, write_request


class Writing:
    """Writes to one company's records; the caller holds the company's lock. `tell` hears what was changed, and by what."""

    def __init__(
        self,
        records: CompanyRecords,
        country: str,
        settings: EmulatorSettings,
        clock: Clock,
        tell: Callable[[str, Sequence[Change]], None] = lambda deed, changes: None,
    ) -> None:
        self._records = records
        self._country = country
        self._settings = settings
        self._clock = clock
        self._tell = tell
        self._names = UniqueValues(records, lambda rules: rules.name_space, name_key)
        self._numbers = UniqueValues(records, lambda rules: rules.name, number_key)
        self._changing = Changing(self._names, self._numbers)
        self._remembered = RememberedAnswers(settings, clock)

    def write(self, rules: EntityRules, body: bytes, params: Mapping[str, str]) -> bytes:
        """The answer to a POST; one with a known `requestid` changes nothing and gets the first answer, its `time` included."""

        def perform() -> bytes:
            arrived = self._clock.now()
            operation, includes = params.get("operation", ""), params.get("include", "")
            request = write_request(rules, decoded_body(body), operation, includes)
            return self._timed(self._perform(rules, request, arrived), arrived)

        return self._remembered.answer(request_id(params), body, perform)

    def batch(
        self,
        body: bytes,
        params: Mapping[str, str],
        find_rules: Callable[[str, str], EntityRules],
        query: Callable[[str], Mapping[str, Any]],
    ) -> bytes:
        """The answer to a batch, whole and remembered whole."""
        items = batch_items(body, self._settings.batch_limit)

        def perform() -> bytes:
            arrived = self._clock.now()
            outcomes = BatchOutcomes(find_rules, lambda rules, one: self._perform(rules, one, arrived), query)
            return self._timed({"BatchItemResponse": outcomes.of(items)}, arrived)

        return self._remembered.answer(batch_request_id(request_id(params), items), body, perform)

    def send(self, rules: EntityRules, record_id: str, params: Mapping[str, str]) -> bytes:
        """The document as it stands after its e-mail went to `sendTo`, or to its own address."""

        def perform() -> bytes:
            desk = self._desk(self._clock.now())
            record = self._changing.standing(desk, rules, record_id)
            sent = send_document(desk, rules, record, params.get("sendTo", ""))
            return self._timed(self._commit(desk, rules, sent["Id"]), desk.draft.moment)

        return self._remembered.answer(request_id(params), record_id.encode(), perform)

    def create_tax_code(self, body: bytes, params: Mapping[str, str]) -> bytes:
        """A tax code with its rates; the answer is neither wrapped nor dated."""

        def perform() -> bytes:
            content = decoded_body(body)
            check_fields("TaxService", content)
            desk = self._desk(self._clock.now())
            answer = create_tax_code(desk, self._names, content)
            self._finish(desk)
            return encode(answer)

        return self._remembered.answer(request_id(params), body, perform)

    def attach(self, rules: EntityRules, content: Record, realm_id: str | None) -> Record:
        """A new attachable; with `realm_id` one that has a file, to be had under the company's path."""
        desk = self._desk(self._clock.now())
        record_id = self._changing.create(desk, rules, write_request(rules, content, "create", ""))
        if realm_id is not None:
            record = self._changing.standing(desk, rules, record_id)
            record["FileAccessUri"] = f"/v3/company/{realm_id}/download/{record_id}"
            desk.draft.amend(rules.name, record)
        return dict(self._commit(desk, rules, record_id)[rules.name])

    def edit(self, rules: EntityRules, record_id: str, changes: Mapping[str, Any]) -> bytes:
        """A person's change of a record, also of entities the API cannot write."""
        desk = self._desk(self._clock.now())
        self._changing.edit(desk, rules, record_id, dict(changes))
        return self._timed(self._commit(desk, rules, record_id), desk.draft.moment)

    def delete(self, rules: EntityRules, record_id: str) -> bytes:
        """Delete a record for good."""
        desk = self._desk(self._clock.now())
        self._changing.delete(desk, rules, self._changing.standing(desk, rules, record_id))
        return self._timed(self._commit(desk, rules, record_id), desk.draft.moment)

    def void(self, rules: EntityRules, record_id: str) -> bytes:
        """Void a document."""
        desk = self._desk(self._clock.now())
        self._changing.void(desk, rules, self._changing.standing(desk, rules, record_id))
        return self._timed(self._commit(desk, rules, record_id, "void"), desk.draft.moment)

    def merge(self, rules: EntityRules, loser_id: str, winner_id: str) -> None:
        """Merge one name into another."""
        desk = self._desk(self._clock.now())
        merge_names(desk, rules, loser_id, winner_id, touches_documents=self._settings.merge_touches_documents)
        self._finish(desk, f"merge {rules.name} {loser_id} {winner_id}")

    def _perform(self, rules: EntityRules, request: WriteRequest, arrived: datetime) -> Mapping[str, Any]:
        desk = self._desk(arrived)
        if not rules.has_id:
            rate = set_rate(desk, request.content)
            self._finish(desk)
            return {rules.name: rate}
        record_id = self._changing.perform(desk, rules, request)
        if record_id is None:
            return {"BatchItemResponse": []}
        answer = self._commit(desk, rules, record_id, request.operation)
        if request.operation == "create" and rules.created_without_update_time:
            record = answer[rules.name]
            return {rules.name: {**record, "MetaData": {"CreateTime": record["MetaData"]["CreateTime"]}}}
        return answer

    def _desk(self, moment: datetime) -> Desk:
        return Desk(Draft(self._records, moment), self._country)

    def _commit(self, desk: Desk, rules: EntityRules, record_id: str, operation: str = "") -> dict[str, Any]:
        """Let the books have a draft; the record as it then stands, or what QuickBooks says of one that is gone."""
        self._finish(desk, f"void {rules.name} {record_id}" if operation == "void" else "")
        record = self._records.find(rules.name, record_id)
        return {rules.name: record or {"status": "Deleted", "domain": "QBO", "Id": record_id}}

    def _finish(self, desk: Desk, deed: str = "") -> None:
        """Let the books have a draft; `deed` names one that is more than a change, and the records it was done to."""
        draft = desk.draft
        move_balances(draft)
        move_stock(draft)
        changes = draft.changes()
        draft.commit()
        self._names.follow(changes)
        self._numbers.follow(changes)
        self._tell(deed, [change for change in changes if change.is_version])

    @staticmethod
    def _timed(answer: Mapping[str, Any], moment: datetime) -> bytes:
        return encode({**answer, "time": answer_time(moment)})
