"""Bringing the outbox up to what should exist: what is asked for goes in, what is asked for no more comes out.

Doing it again changes nothing. Nothing whose request may have left is touched: a later change of a pushed document is noted as
drift, and becomes an update only where the company's settings or a person ask for it. What was voided or deleted in the
operational system ends in QuickBooks too; time whose approval was taken back is deleted there.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

from qbo_pipeline.outbound.document import Attachment, Document, Ending, TimeWorked
from qbo_pipeline.outbound.fence import skipped_for, within_fence
from qbo_pipeline.outbound.mailing import mail_of
from qbo_pipeline.outbound.needing import needs_of, work_of
from qbo_pipeline.outbound.outbox_view import OutboxView, is_known_as
from qbo_pipeline.outbound.reach import within_reach
from qbo_pipeline.outbound.reversals import reversal_keys
from qbo_pipeline.outbound.time_endings import time_endings
from qbo_pipeline.outbound.wanted import DERIVED, Skipped, Source, WantedInCompany, source_hash, source_of
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.intents import SKIPPED_BY_HAND, Intent, IntentState, Operation, StoredIntent
from qbo_pipeline.state.push_settings import PushSettings
from qbo_pipeline.state.store import StateStore

# Reasons that hold for whole stretches of history: counted, and told by the models' own table of what is skipped.
UNNOTED_REASONS = frozenset({"before_go_live", "no_go_live_date", "not_connected"})
NO_LONGER_ASKED = "no_longer_asked"
_OUT_OF_REACH = (IntentState.PUSHED, IntentState.IN_FLIGHT, IntentState.UNKNOWN, IntentState.SKIPPED)


@dataclass(frozen=True, kw_only=True)
class Intended:
    """What was done, counted by target.

    `new` and `changed` are creates taken in and renewed, `drift` pushed documents whose source is another now, `updated` those
    of them that an update was taken in for, `ended` voids and deletes taken in, `withdrawn` intents that are asked for no more,
    `skipped` sources that are not pushed, whatever was known of them.
    """

    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    drift: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    withdrawn: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)

    @property
    def is_nothing(self) -> bool:
        """Whether the outbox was as it should be already."""
        return not (self.new or self.changed or self.updated or self.ended or self.withdrawn)


def intend_all(
    store: StateStore,
    connection: Connection,
    wanted: WantedInCompany,
    *,
    update_keys: Collection[str] = (),
) -> Intended:
    """Bring a company's outbox up to `wanted`; `update_keys` are creates of documents whose drift a person wants pushed.

    The day from which on the company is pushed to holds here too, whatever the models knew of it when they were built.
    """
    settings = store.push_settings.of(connection.realm_id)
    return _Intending(store, settings, within_fence(wanted, settings), frozenset(update_keys)).run()


class _Intending:
    """One look at the outbox of one company."""

    def __init__(
        self, store: StateStore, settings: PushSettings, wanted: WantedInCompany, update_keys: frozenset[str]
    ) -> None:
        self._store = store
        self._realm_id = settings.realm_id
        self._choices = settings.choices
        self._update_keys = update_keys
        self._view = OutboxView(store, settings.realm_id)
        self._wanted = wanted = within_reach(wanted, self._view.has_live)
        self._documents = {source_of(each): each for each in wanted.documents}
        self._endings = {source_of(each): each for each in self._live_endings()}
        self._skipped = {each.source: each for each in wanted.skipped}
        self._done = Intended()

    def run(self) -> Intended:
        # Work that is asked for no more is given back before anybody else claims it.
        for known in self._view.intents:
            self._withdraw(known)
        for skipped in self._wanted.skipped:
            self._skip(skipped)
        for document in self._documents.values():
            self._create(document)
        for ending in self._endings.values():
            self._end(ending)
        # After the documents: hours that cost nothing and are shown on one of them are that one's.
        self._store.claims.cover(self._realm_id, self._wanted.covered)
        return self._done

    def _live_endings(self) -> Iterator[Ending]:
        for ending in self._wanted.endings:
            if self._view.has_live(source_of(ending)):
                yield ending
        yield from time_endings(self._view.live_times(), self._wanted)

    def _withdraw(self, known: StoredIntent) -> None:
        source = (known.target, known.source_kind, known.source_id)
        if source[:2] not in DERIVED or known.state in _OUT_OF_REACH or self._is_asked(known, source):
            return
        skipped = self._skipped.get(source)
        code, reason = _why_withdrawn(skipped)
        self._store.outbox.skip(_as_intent(known), code, reason)
        for key in reversal_keys(known):
            if (reversal := self._view.get(key)) is not None:
                self._store.outbox.skip(_as_intent(reversal), code, reason)
        self._done.withdrawn[known.target] += 1

    def _is_asked(self, known: StoredIntent, source: Source) -> bool:
        if known.operation in ("void", "delete"):
            return source in self._endings or self._view.is_being_reversed(known)
        document = self._documents.get(source)
        if known.operation == "send":
            return document is not None and self._choices.send_email
        if known.operation == "update" and document is not None:
            return source_hash(document) != self._view.pushed_hash(source)
        return document is not None

    def _skip(self, skipped: Skipped) -> None:
        self._done.skipped[skipped.target] += 1
        intent = self._intent("create", *skipped.source, natural_key=skipped.number)
        known = self._view.get(intent.key)
        # One that was withdrawn just now has its reason, and so has one that was skipped for it before.
        is_told = known is not None and not _has_other_reason(known, skipped)
        if is_told or skipped.reason_code in UNNOTED_REASONS or skipped.source[:2] not in DERIVED:
            return
        self._store.outbox.skip(intent, skipped.reason_code, skipped.reason)

    def _create(self, document: Document | TimeWorked | Attachment) -> None:
        intent = replace(
            self._intent("create", *source_of(document), natural_key=getattr(document, "number", None)),
            document=document.model_dump_json(),
            source_hash=source_hash(document),
            needs=needs_of(document),
            bills=work_of(document),
        )
        known = self._view.get(intent.key)
        holder = self._view.holder_of_number(intent)
        if known is not None and known.state is IntentState.PUSHED:
            self._follow(intent, known)
        elif holder is not None:
            self._refuse_number(document, intent, known, holder)
        elif known is None or not is_known_as(known, intent):
            stands = self._store.outbox.intend(intent)
            self._mail(intent, document)
            if known is None:
                self._done.new[intent.target] += 1
            elif stands.fence != known.fence:
                self._done.changed[intent.target] += 1

    def _mail(self, create: Intent, document: Document | TimeWorked | Attachment) -> None:
        """What is taken in now is mailed once it is in QuickBooks; what went out before is not mailed late."""
        mail = mail_of(create, document, self._choices)
        if mail is not None:
            self._store.outbox.intend(mail)

    def _refuse_number(
        self,
        document: Document | TimeWorked | Attachment,
        intent: Intent,
        known: StoredIntent | None,
        holder: StoredIntent,
    ) -> None:
        """A number that is in QuickBooks already would be there twice."""
        reason = f"Its number {intent.natural_key} is that of {holder.source}, which went out: give this one another."
        skipped = skipped_for(document, "number_used", reason)
        self._done.skipped[intent.target] += 1
        if known is None or known.state is not IntentState.SKIPPED or _has_other_reason(known, skipped):
            self._store.outbox.skip(intent, skipped.reason_code, skipped.reason)

    def _follow(self, intent: Intent, known: StoredIntent) -> None:
        """A pushed document: has its source changed since, and is that change wanted in QuickBooks?"""
        if known.latest_source_hash != intent.source_hash:
            known = self._store.outbox.intend(intent)
        if known.source_hash == intent.source_hash or not self._view.has_live(self._view.source(known)):
            return
        self._done.drift[intent.target] += 1
        if intent.target in self._choices.update_targets or known.intent_key in self._update_keys:
            self._update(intent)

    def _update(self, intent: Intent) -> None:
        version, latest = self._view.update_of(intent)
        # What was billed first stays claimed by the document's create; an update claims only what came later.
        later = tuple(work for work in intent.bills if work not in self._view.claimed_by(intent.key))
        update = replace(intent, operation="update", logical_version=version, bills=later)
        if latest is None or not is_known_as(latest, update):
            self._store.outbox.intend(update)
            self._done.updated[intent.target] += 1

    def _end(self, ending: Ending) -> None:
        operation: Operation = "delete" if ending.target == "TimeActivity" else "void"
        intent = replace(
            self._intent(operation, *source_of(ending)),
            document=ending.model_dump_json(),
            source_hash=source_hash(ending),
        )
        known = self._view.get(intent.key)
        if known is None or (known.state is not IntentState.PUSHED and not is_known_as(known, intent)):
            self._store.outbox.intend(intent)
            self._done.ended[ending.target] += 1

    def _intent(
        self, operation: Operation, target: str, source_kind: str, source_id: str, natural_key: str | None = None
    ) -> Intent:
        return Intent(
            realm_id=self._realm_id,
            target=target,
            operation=operation,
            source_kind=source_kind,
            source_id=source_id,
            natural_key=natural_key,
        )


def _has_other_reason(known: StoredIntent, skipped: Skipped) -> bool:
    same = (known.reason_code, known.reason) == (skipped.reason_code, skipped.reason)
    return known.state is IntentState.SKIPPED and not same and known.reason_code != SKIPPED_BY_HAND


def _why_withdrawn(skipped: Skipped | None) -> tuple[str, str]:
    if skipped is None:
        return NO_LONGER_ASKED, "The operational system does not ask for it any more, and nothing had been sent."
    return skipped.reason_code, skipped.reason


def _as_intent(known: StoredIntent) -> Intent:
    names: Iterable[str] = ("realm_id", "target", "operation", "source_kind", "source_id", "logical_version")
    return Intent(**{name: getattr(known, name) for name in names}, natural_key=known.natural_key)
