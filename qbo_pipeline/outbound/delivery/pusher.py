"""One company's delivery: what is due is claimed, found out about, written ahead, sent and recorded, until nothing is due.

Lists go one after another, under a lock of the company; transactions in batches, each written ahead as a whole.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from qbo_pipeline.catalog import Entity
from qbo_pipeline.outbound.delivery.composing import ReadFile
from qbo_pipeline.outbound.delivery.files import file_for
from qbo_pipeline.outbound.delivery.freezing import thawed
from qbo_pipeline.outbound.delivery.investigating import Findings, Investigation, Settled
from qbo_pipeline.outbound.delivery.judging import Judge
from qbo_pipeline.outbound.delivery.outcome import CompanyDelivery
from qbo_pipeline.outbound.delivery.pace import Pace
from qbo_pipeline.outbound.delivery.preparing import Preparation
from qbo_pipeline.outbound.delivery.recording import held
from qbo_pipeline.outbound.delivery.targets import target_of
from qbo_pipeline.outbound.delivery.voiding import sent_as
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.errors import QuickBooksError
from qbo_pipeline.quickbooks.uploading import UploadedFile
from qbo_pipeline.quickbooks.writing import Written, batch_body
from qbo_pipeline.state.dispatch import Dispatch, FrozenBatch
from qbo_pipeline.state.errors import LeaseLost, LinkTaken
from qbo_pipeline.state.intents import IntentState, StoredIntent
from qbo_pipeline.state.push_order import is_list, rank_of
from qbo_pipeline.state.settling import Settlement


@dataclass(frozen=True, kw_only=True)
class Pusher:
    """Delivers for one company; `owner` is what its leases are held by, `keys` and `targets` narrow what it takes."""

    client: QuickBooks
    dispatch: Dispatch
    preparation: Preparation
    investigation: Investigation
    judge: Judge
    delivery: CompanyDelivery
    pace: Pace
    owner: str
    keys: Collection[str] | None = None
    targets: Collection[str] | None = None
    files: ReadFile | None = None
    _held: dict[str, StoredIntent] = field(default_factory=dict)

    def run(self) -> None:
        """Deliver until nothing is due or the company has to be left; what was claimed and not begun is given back."""
        try:
            while not self.delivery.stopped and (claimed := self._claim()):
                self._held.update({intent.intent_key: intent for intent in claimed})
                self._find_out([intent for intent in claimed if intent.state is IntentState.UNKNOWN])
                self._send([intent for intent in claimed if intent.state is not IntentState.UNKNOWN])
                self._give_back()
        finally:
            self._give_back()

    def _claim(self) -> list[StoredIntent]:
        return self.dispatch.claim(
            self.owner,
            self.client.realm_id,
            lease=self.pace.lease,
            limit=self.pace.claims,
            keys=self.keys,
            targets=self.targets,
        )

    def _find_out(self, unknown: Sequence[StoredIntent]) -> None:
        batches: dict[str, list[StoredIntent]] = defaultdict(list)
        for intent in unknown:
            if intent.batch_id:
                batches[intent.batch_id].append(intent)
            elif not self.delivery.stopped:
                findings = self.investigation.of_single(intent)
                self._settle(findings.settled)
                for each in findings.to_resend:
                    self._send_single(each, each.payload or b"", is_resend=True)
        for batch_id, intents in batches.items():
            if not self.delivery.stopped:
                self._resend_batch(batch_id, self.investigation.of_batch(intents))

    def _resend_batch(self, batch_id: str, findings: Findings) -> None:
        self._settle(findings.settled)
        if not findings.to_resend:
            return
        batch = self.dispatch.refreeze_batch(batch_id, findings.to_resend, lease=self.pace.lease)
        if batch is None:
            self._settle(self.investigation.torn(findings.to_resend))
        else:
            self._send_batch(batch, is_resend=True)

    def _send(self, intents: Sequence[StoredIntent]) -> None:
        lists = [intent for intent in intents if is_list(intent.target)]
        if lists:
            with self.dispatch.writing_lists(self.client.realm_id):
                self._send_one_by_one(lists)
        documents = [intent for intent in intents if not is_list(intent.target)]
        for rank in _by_rank(documents):
            singly = [intent for intent in rank if intent.operation != "create" or target_of(intent.target).is_file]
            self._send_one_by_one(singly)
            self._send_in_batches([intent for intent in rank if intent not in singly])

    def _send_one_by_one(self, intents: Sequence[StoredIntent]) -> None:
        for intent in intents:
            if not self.delivery.stopped and (payload := self._prepare(intent)) is not None:
                self._send_single(intent, payload, is_resend=False)

    def _send_in_batches(self, intents: Sequence[StoredIntent]) -> None:
        for first in range(0, len(intents), self.pace.batch_items):
            if self.delivery.stopped:
                return
            group = intents[first : first + self.pace.batch_items]
            ready = [(intent, payload) for intent in group if (payload := self._prepare(intent)) is not None]
            if len(ready) == 1:
                self._send_single(*ready[0], is_resend=False)
            elif ready:
                try:
                    batch = self.dispatch.freeze_batch(ready, _body_of(ready), lease=self.pace.lease)
                except LeaseLost:
                    continue  # What is still ours is given back, and claimed again without what is not.
                self._send_batch(batch, is_resend=False)

    def _prepare(self, intent: StoredIntent) -> bytes | None:
        made = self.preparation.prepare(intent)
        if isinstance(made, bytes):
            return made
        self._settle([(intent, made)])
        return None

    def _send_single(self, intent: StoredIntent, payload: bytes, *, is_resend: bool) -> None:
        file = self._file(intent, payload)
        if isinstance(file, Settlement):
            self._settle([(intent, file)])
            return
        try:
            frozen = self.dispatch.freeze(intent, payload, lease=self.pace.lease).intent
        except LeaseLost:
            self._held.pop(intent.intent_key, None)
            return
        self._in_flight([frozen])
        try:
            came: Written | QuickBooksError = self._written(frozen, payload, file)
        except QuickBooksError as error:
            came = error
        self._settle([(frozen, self.judge.settlement(frozen, came, is_resend=is_resend))])

    def _file(self, intent: StoredIntent, payload: bytes) -> UploadedFile | Settlement | None:
        is_upload = intent.operation == "create" and target_of(intent.target).is_file
        return file_for(intent, payload, self.files) if is_upload else None

    def _written(self, frozen: StoredIntent, payload: bytes, file: UploadedFile | None) -> Written:
        entity, request_id = target_of(frozen.target).entity, frozen.request_id or ""
        if file is not None:
            return self.client.writing.upload(entity, payload, file, request_id)
        if frozen.operation == "send":
            asked = thawed(payload)
            return self.client.writing.send(entity, str(asked["Id"]), asked.get("SendTo"), request_id)
        return self.client.writing.write(entity, sent_as(frozen, payload), payload, request_id)

    def _send_batch(self, batch: FrozenBatch, *, is_resend: bool) -> None:
        entities = {item_id: target_of(intent.target).entity for item_id, intent in batch.items.items()}
        self._in_flight(batch.items.values())
        came = self._batch_answer(batch, entities)
        self._settle(
            [
                (intent, self.judge.settlement(intent, came[item_id], is_resend=is_resend))
                for item_id, intent in batch.items.items()
            ]
        )

    def _batch_answer(
        self, batch: FrozenBatch, entities: Mapping[str, Entity]
    ) -> Mapping[str, Written | QuickBooksError]:
        try:
            return self.client.writing.batch(entities, batch.body, batch.request_id)
        except QuickBooksError as error:
            return dict.fromkeys(entities, error)

    def _in_flight(self, intents: Collection[StoredIntent]) -> None:
        """From here on their fate is not ours to give back."""
        for intent in intents:
            self._held.pop(intent.intent_key, None)

    def _settle(self, settled: Sequence[Settled]) -> None:
        """Record all at once; where one of them cannot be, each for itself, so that it stops no other."""
        try:
            self.dispatch.settle_all(settled)
        except (LeaseLost, LinkTaken):
            for each in settled:
                self._settle_one(*each)
            return
        for each in settled:
            self._count(*each)

    def _settle_one(self, intent: StoredIntent, settlement: Settlement) -> None:
        try:
            self.dispatch.settle(intent, settlement)
        except LeaseLost:
            self._held.pop(intent.intent_key, None)
        except LinkTaken as taken:
            settlement = held("link_taken", str(taken), settlement.attempt)
            self.dispatch.settle(intent, settlement)
            self._count(intent, settlement)
        else:
            self._count(intent, settlement)

    def _count(self, intent: StoredIntent, settlement: Settlement) -> None:
        self._held.pop(intent.intent_key, None)
        was_recovered = settlement.attempt is not None and settlement.attempt.outcome == "recovered"
        self.delivery.count(settlement.state, was_recovered=was_recovered)

    def _give_back(self) -> None:
        if self._held:
            self.dispatch.release(list(self._held.values()))
            self._held.clear()


def _by_rank(intents: Sequence[StoredIntent]) -> list[list[StoredIntent]]:
    """Documents in the order they build on each other; those of one rank share batches, whose items see nothing of each other."""
    ranks: dict[int, list[StoredIntent]] = defaultdict(list)
    for intent in intents:
        ranks[rank_of(intent.target, intent.operation)].append(intent)
    return [ranks[rank] for rank in sorted(ranks)]


def _body_of(ready: Sequence[tuple[StoredIntent, bytes]]) -> Callable[[list[tuple[str, bytes]]], bytes]:
    entities = [target_of(intent.target).entity for intent, _ in ready]

    def body(items: list[tuple[str, bytes]]) -> bytes:
        numbered = zip(items, entities, strict=True)
        return batch_body([(item_id, entity, payload) for (item_id, payload), entity in numbered])

    return body
