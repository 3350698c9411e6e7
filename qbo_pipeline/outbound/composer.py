"""What a request is made of, answered for the outbox: the source is looked at once more, and what it names is found.

The answer is worked out of the intent's own document, so that the same intent gives the same bytes while nothing it refers to
changes. A source that changed since the document was derived of it stops the push; the next derivation decides.
"""

from pydantic import TypeAdapter, ValidationError

from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.errors import FileUnavailable
from qbo_pipeline.ops.reading import read_source
from qbo_pipeline.outbound.delivery.composing import Composed, Held, Withdrawn
from qbo_pipeline.outbound.delivery.sending import mail_ready
from qbo_pipeline.outbound.document import Attachment, Document, Ending, Name, Reference, Reversal, Wanted
from qbo_pipeline.outbound.endings import called_off, ending
from qbo_pipeline.outbound.mapping.resolution import Found, Unmapped
from qbo_pipeline.outbound.mapping.resolving import Resolver
from qbo_pipeline.outbound.payloads.attachments import ReadsFiles, attachment, named_by_content
from qbo_pipeline.outbound.payloads.lookup import Lookup
from qbo_pipeline.outbound.payloads.payload import payload
from qbo_pipeline.outbound.payloads.purchase_lines import lines_that_go
from qbo_pipeline.outbound.source_guard import changed_since
from qbo_pipeline.quickbooks.uploading import UploadedFile
from qbo_pipeline.state.intents import StoredIntent
from qbo_pipeline.state.push_keys import intent_key
from qbo_pipeline.state.store import StateStore

SOURCE_CHANGED = "source_changed"
COMPANY_UNREAD = "company_unread"

_WANTED: TypeAdapter[Wanted] = TypeAdapter(Wanted)


class Composer:
    """Composes for all companies of a state store. Without an operational system no source is looked at again."""

    def __init__(
        self, store: StateStore, ops_database: OpsDatabase | None = None, files: ReadsFiles | None = None
    ) -> None:
        self._store = store
        self._ops = ops_database
        self._files = files

    def compose(self, intent: StoredIntent) -> Composed:
        """What its request is made of, or why there is none now. Raises `OpsUnavailable` where a source cannot be read."""
        wanted = _wanted(intent)
        if isinstance(wanted, Held):
            return wanted
        return self._stopped(intent.realm_id, wanted) or self._made(intent, wanted, takes_missing=False)

    def sketch(self, intent: StoredIntent) -> Composed:
        """The same as if all that it waits for were made: for people to look at, its ids being words."""
        wanted = _wanted(intent)
        return wanted if isinstance(wanted, Held) else self._made(intent, wanted, takes_missing=True)

    def file(self, intent: StoredIntent) -> UploadedFile:
        """The file that goes with an attachable's request, named as there; raises `FileUnavailable`."""
        wanted = _wanted(intent)
        if self._files is None or not isinstance(wanted, Attachment):
            raise FileUnavailable("There is no operational system to take its file from: set QBO_OPS_URL.")
        return named_by_content(self._files.read(wanted.file))

    def _stopped(self, realm_id: str, wanted: Wanted) -> Composed | None:
        if isinstance(wanted, Reversal) and (stop := called_off(self._store, realm_id, wanted)):
            return stop
        if self._ops is None or not (changed := changed_since(self._ops, wanted.seen)):
            return None
        own = {(version.kind, version.id) for version in changed} & {(wanted.source_kind, wanted.source_id)}
        if any(_is_gone(self._ops, *source) for source in own):
            # What ends a document in QuickBooks stands, the more so without a source.
            return None if isinstance(wanted, Ending) else Withdrawn("Its source was deleted before it was sent.")
        named = ", ".join(sorted({f"{version.kind}:{version.id}" for version in changed}))
        return Held(
            SOURCE_CHANGED, f"{named} changed after this was derived. The next look at the sources derives it anew."
        )

    def _made(self, intent: StoredIntent, wanted: Wanted, *, takes_missing: bool) -> Composed:
        profile = self._store.company_profiles.profile_of(intent.realm_id)
        choices = self._store.push_settings.of(intent.realm_id).choices
        closed_to = profile and profile.book_close_date
        if isinstance(wanted, Ending | Reversal) or intent.operation in ("void", "delete"):
            return ending(intent, wanted, choices, closed_to)
        if profile is None:
            return Held(
                COMPANY_UNREAD,
                "The company's settings have not been read yet: run `qbo-pipeline sync` for it, then wake this.",
            )
        if intent.operation == "send" and isinstance(wanted, Document):
            return mail_ready(wanted)
        resolver = Resolver(self._store, intent.realm_id, profile, choices)
        if isinstance(wanted, Name) and intent.operation == "create" and (stop := _undecided(resolver, wanted)):
            return stop
        look = Lookup(
            resolver,
            profile,
            choices,
            is_new=intent.operation == "create",
            takes_missing=takes_missing,
        )
        if isinstance(wanted, Attachment):
            return look.outcome(attachment(wanted, look, self._files))
        return payload(wanted, look, lambda of: self._order_line(intent.realm_id, of, is_american=profile.is_american))

    def _order_line(self, realm_id: str, of: Reference, *, is_american: bool) -> str | None:
        """The line of a purchase order in QuickBooks: a new order's lines are numbered from 1 in the order they are sent.

        That holds for an order of our own as it was first sent; of any other its lines are not known.
        """
        link = self._store.links.find(realm_id, of.target, of.source_kind, of.source_id)
        key = intent_key(realm_id, of.target, "create", of.source_kind, of.source_id, version=0)
        order = self._store.outbox.get(key)
        if link is None or link.origin not in ("pushed", "recovered") or order is None or order.has_changed_since:
            return None
        document = _wanted(order)
        if not isinstance(document, Document):
            return None
        ids = [line.line_id for line in lines_that_go(document, is_american=is_american)]
        return str(ids.index(of.line_id) + 1) if of.line_id in ids else None


def _undecided(resolver: Resolver, name: Name) -> Composed | None:
    """Why a name is not made after all: it has its object, or a person has yet to say whether it has."""
    resolution = resolver.making(name.source_kind, name.source_id)
    if isinstance(resolution, Found):
        return Withdrawn(f"It stands for {resolution.target} {resolution.qbo_id} in QuickBooks already.")
    return Held(resolution.reason_code, resolution.reason) if isinstance(resolution, Unmapped) else None


def _is_gone(ops: OpsDatabase, kind: str, source_id: str) -> bool:
    now = read_source(ops, kind, source_id)
    return now is None or now.is_deleted


def _wanted(intent: StoredIntent) -> Wanted | Held:
    try:
        return _WANTED.validate_json(intent.document)
    except ValidationError:
        # What is wrong with it would quote the document.
        return Held(
            "not_readable",
            f"The document of {intent.source} was written by another version of this program. Derive it anew with the next push.",
        )
