"""What must happen in QuickBooks, as the outbox takes it in, hands it out and shows it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from qbo_pipeline.state.push_keys import intent_key

Operation = Literal["create", "update", "void", "delete", "send"]
"""What happens to an object; `send` lets QuickBooks mail it."""


class IntentState(StrEnum):
    """Where an intent stands, and so whose move it is.

    `pending`, `retry_wait` and `unknown` are the pusher's; `blocked` waits for a link or a person, as its reason says; `failed`
    waits for another content, `dead` and `drift` for a person; `pushed` and `skipped` are done.
    """

    PENDING = "pending"
    BLOCKED = "blocked"
    IN_FLIGHT = "in_flight"
    UNKNOWN = "unknown"
    RETRY_WAIT = "retry_wait"
    PUSHED = "pushed"
    FAILED = "failed"
    DEAD = "dead"
    SKIPPED = "skipped"
    DRIFT = "drift"


# What may have reached QuickBooks and has no known fate: nothing about it may be changed meanwhile.
UNSETTLED = (IntentState.IN_FLIGHT, IntentState.UNKNOWN)
# What an earlier intent of the same object must not be in for a later one to go out.
UNFINISHED = (IntentState.PENDING, *UNSETTLED, IntentState.RETRY_WAIT)

WAITS_FOR_LINK = "dependency"
# A person said that it is not to be pushed: no later look at the source takes that back.
SKIPPED_BY_HAND = "skipped_by_hand"
BILLED_TWICE = "billed_twice"
REFERENCE_GONE = "reference_gone"
REFERENCE_INACTIVE = "reference_inactive"
# It was in QuickBooks and was deleted there, or may have been: it is pushed again only when somebody asks for that.
DELETED_SINCE = "deleted_since"
MAYBE_DELETED = "maybe_deleted"
# The books may hold it already, and what a person said who knows that they do not.
MAYBE_IN_BOOKS = "maybe_in_books"
NOT_IN_BOOKS = "not_in_books"
DELETED_BY_HAND = frozenset({DELETED_SINCE, MAYBE_DELETED})
# It is in QuickBooks, with another total than its source has.
TOTAL_DIFFERS = "total_differs"


@dataclass(frozen=True, order=True)
class Need:
    """A source row that must have its QuickBooks object first."""

    target: str
    source_kind: str
    source_id: str


@dataclass(frozen=True, order=True)
class Work:
    """A piece of work that an invoice bills, and then no other one; `part` tells a quote's milestones apart."""

    source_kind: str
    source_id: str
    part: str = ""


@dataclass(frozen=True, kw_only=True)
class Intent:
    """What must happen: `document` is what the request is made of, `source_hash` tells one content of the source from another.

    `logical_version` is 0 for a create and the source's revision for an update. `natural_key` is the number or name it goes by.
    """

    realm_id: str
    target: str
    operation: Operation
    source_kind: str
    source_id: str
    logical_version: int = 0
    natural_key: str | None = None
    document: str = field(default="{}", repr=False)
    source_hash: str = ""
    needs: tuple[Need, ...] = ()
    bills: tuple[Work, ...] = ()

    @property
    def key(self) -> str:
        """The key it is known by; deriving it again gives the same."""
        return intent_key(
            self.realm_id, self.target, self.operation, self.source_kind, self.source_id, version=self.logical_version
        )


@dataclass(frozen=True, kw_only=True)
class StoredIntent:
    """An intent as it stands in the outbox."""

    intent_key: str
    realm_id: str
    target: str
    operation: Operation
    source_kind: str
    source_id: str
    logical_version: int
    natural_key: str | None
    marker: str
    document: str = field(repr=False)
    source_hash: str
    latest_source_hash: str
    payload: bytes | None = field(repr=False)
    payload_hash: str | None
    refused_hash: str | None
    epoch: int
    request_id: str | None
    batch_id: str | None
    state: IntentState
    reason_code: str | None
    reason: str | None
    attempts: int
    tries: int
    absences: int
    next_at: datetime | None
    owner: str | None
    lease_until: datetime | None
    fence: int
    created_at: datetime
    updated_at: datetime

    @property
    def source(self) -> str:
        """The source row as people name it."""
        return f"{self.source_kind}:{self.source_id}"

    @property
    def has_changed_since(self) -> bool:
        """Whether the source is no longer what bytes were last made of."""
        return self.source_hash != self.latest_source_hash


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One send of a frozen request, and what came of it; `outcome` is `sent` until that is known."""

    intent_key: str
    attempt_no: int
    request_id: str
    payload_hash: str
    batch_id: str | None
    started_at: datetime
    ended_at: datetime | None
    http_status: int | None
    fault_code: str | None
    fault_class: str | None
    intuit_tid: str | None
    outcome: str
