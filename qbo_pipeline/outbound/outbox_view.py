"""One company's outbox as it stood when documents were derived: read once, looked into for each of them."""

import json
from collections import defaultdict
from collections.abc import Iterable

from qbo_pipeline.outbound.reversals import reversal_keys
from qbo_pipeline.outbound.wanted import Source
from qbo_pipeline.state.intents import BILLED_TWICE, UNSETTLED, Intent, IntentState, StoredIntent, Work
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.store import StateStore

_OUT = (IntentState.PUSHED, *UNSETTLED)
_BILL = "Bill"


def is_known_as(known: StoredIntent, intent: Intent) -> bool:
    """Whether taking in the intent would change nothing about the one that is known.

    One that was skipped is asked for again, and one whose work another bills may find it free by now.
    """
    content = (known.latest_source_hash, known.document, known.natural_key)
    is_same = content == (intent.source_hash, intent.document, intent.natural_key)
    return is_same and known.state is not IntentState.SKIPPED and known.reason_code != BILLED_TWICE


class OutboxView:
    """A company's intents and links, by what they are of."""

    def __init__(self, store: StateStore, realm_id: str) -> None:
        self._store = store
        self.intents = store.outbox.intents(realm_id)
        self._by_key = {each.intent_key: each for each in self.intents}
        self._live = {_link_source(link): link for link in store.links.of(realm_id) if link.status == "live"}
        self._pushed = {self.source(each): each.source_hash for each in self.intents if each.operation == "create"}
        self._numbers = {
            _number(each): each
            for each in self.intents
            if each.operation == "create"
            and each.natural_key
            and each.state in _OUT
            and self.has_live(self.source(each))
        }
        self._updates: dict[Source, list[StoredIntent]] = defaultdict(list)
        for each in self.intents:
            if each.operation == "update":
                self._updates[self.source(each)].append(each)

    def get(self, key: str) -> StoredIntent | None:
        """An intent by its key."""
        return self._by_key.get(key)

    def has_live(self, source: Source) -> bool:
        """Whether QuickBooks holds a document of a source, as far as we know."""
        return source in self._live

    def live_times(self) -> list[Link]:
        """The time activities that are in QuickBooks."""
        return [link for (target, _, _), link in self._live.items() if target == "TimeActivity"]

    def is_being_reversed(self, void: StoredIntent) -> bool:
        """Whether what takes back the document of a void went out, or may have: the rest of it is to follow."""
        return any(each is not None and each.state in _OUT for each in map(self.get, reversal_keys(void)))

    def update_of(self, intent: Intent) -> tuple[int, StoredIntent | None]:
        """The version an update to this content has, and the update that waits under that version, if one does.

        An update that went out stays what it was, and the next one gets a version of its own.
        """
        known = self._updates[(intent.target, intent.source_kind, intent.source_id)]
        if not known:
            return 1, None
        last = max(known, key=lambda each: each.logical_version)
        if last.state in _OUT and last.latest_source_hash != intent.source_hash:
            return last.logical_version + 1, None
        return last.logical_version, last

    def holder_of_number(self, intent: Intent) -> StoredIntent | None:
        """Another source's document of the same kind that went out under the number of an intent."""
        holder = self._numbers.get(_number(intent))
        return None if holder is None or holder.source_id == intent.source_id else holder

    def pushed_hash(self, source: Source) -> str | None:
        """The hash of what a document was last made of, or is to be; None where it was never asked for."""
        return self._pushed.get(source)

    def claimed_by(self, key: str) -> Iterable[Work]:
        """The work an intent bills."""
        return self._store.claims.of(key)

    @staticmethod
    def source(known: StoredIntent) -> Source:
        """What an intent is about."""
        return known.target, known.source_kind, known.source_id


def _number(intent: Intent | StoredIntent) -> tuple[str, str | None, str | None]:
    """A document's number among those of its kind; a bill's is its vendor's, and another vendor may use it too."""
    vendor = (
        json.loads(intent.document or "{}").get("party_id") if intent.target == _BILL and intent.natural_key else None
    )
    return intent.target, intent.natural_key, vendor


def _link_source(link: Link) -> Source:
    return link.target, link.source_kind, link.source_id
