"""What a request is made of at the last moment before its bytes are frozen, as whoever derives documents answers it.

The source row is read again here: an approval withdrawn, a mapping cleared or a customer that was never made since the intent
was taken in stops the push, and nothing has left.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from qbo_pipeline.outbound.document import Ending, Reversal
from qbo_pipeline.quickbooks.uploading import UploadedFile
from qbo_pipeline.state.intents import Need, StoredIntent

VoidBy = Literal["zero", "delete", "hold"]


@dataclass(frozen=True)
class Ready:
    """The object as QuickBooks takes it, amounts as `Decimal`; for an update the fields that are ours, without Id and SyncToken.

    Delivery adds the marker. `overwrites` says that a person wants an update to win over a change made in QuickBooks. Of what
    ends a document `void_by` says how, where QuickBooks voids none of its kind, and `closed_to` until when the books are closed;
    `redates` lets a document of an open day take back one of closed books, on behalf of `ending`. What a `reversal` is made of
    stands in QuickBooks, and delivery reads it there.
    """

    content: Mapping[str, Any] = field(repr=False)
    overwrites: bool = False
    void_by: VoidBy = "hold"
    closed_to: date | None = None
    redates: bool = False
    ending: Ending | None = None
    reversal: Reversal | None = None


@dataclass(frozen=True)
class Waiting:
    """It refers to rows that have no QuickBooks object yet."""

    needs: tuple[Need, ...]


@dataclass(frozen=True)
class Held:
    """A person must act first; `reason_code` is what such intents are woken by, `reason` says what to do."""

    reason_code: str
    reason: str


@dataclass(frozen=True)
class Withdrawn:
    """The source no longer asks for it."""

    reason: str


Composed = Ready | Waiting | Held | Withdrawn
Compose = Callable[[StoredIntent], Composed]
ReadFile = Callable[[StoredIntent], UploadedFile]
"""The file that goes with an intent's request; raises `FileUnavailable`."""
