"""What an error says about a write: whether it was applied, and whose move it is. One table for single writes and batch items.

Intuit's own pages disagree about some codes, so where one has two meanings its words decide. What nobody has seen yet counts as
refused for good and raises an alert: it is never guessed that it may pass.
"""

from dataclasses import dataclass
from enum import StrEnum

from qbo_pipeline.quickbooks.errors import (
    AnswerUnknown,
    AuthorisationLost,
    QuickBooksError,
    RetryLater,
    StaleRecord,
    Throttled,
    UnreadableAnswer,
)


class Fate(StrEnum):
    """What became of a write, by what is done about it."""

    NOT_SENT = "not_sent"  # no byte left: send it again later
    NOT_APPLIED = "not_applied"  # turned away before it was read: send it again later
    UNKNOWN = "unknown"  # it may have been applied: find out
    REALM_STOP = "realm_stop"  # nothing of this company goes on until a person acts
    CONFLICT = "conflict"  # the record changed since it was read: read it again, then decide
    RESOLVE = "resolve"  # its number or name is taken, maybe by itself
    DEPENDENCY = "dependency"  # something it refers to is gone or inactive
    POLICY = "policy"  # the books are closed on its date
    HUMAN = "human"  # a person must undo something in QuickBooks first
    PERMANENT = "permanent"  # QuickBooks will never take this content


@dataclass(frozen=True)
class Verdict:
    """The fate of a write with a code for machines; `is_new` marks a fault that is in no table."""

    fate: Fate
    reason_code: str
    is_new: bool = False


_CLOSED = ("closed", "closing")

_BY_CODE: dict[str, tuple[Fate, str]] = {
    "120": (Fate.REALM_STOP, "access_lost"),
    "6190": (Fate.REALM_STOP, "subscription"),
    "6240": (Fate.RESOLVE, "name_taken"),
    "6140": (Fate.RESOLVE, "number_taken"),
    "610": (Fate.DEPENDENCY, "reference_gone"),
    "2500": (Fate.DEPENDENCY, "reference_gone"),
    "620": (Fate.DEPENDENCY, "cannot_be_linked"),
    "6200": (Fate.POLICY, "period_closed"),
    "6210": (Fate.POLICY, "period_closed"),
    "6540": (Fate.HUMAN, "deposited"),
    "6480": (Fate.HUMAN, "matched_to_bank"),
}
_KNOWN_PERMANENT = frozenset(
    {
        *("500", "600", "1040", "2010", "2020", "2030", "2040", "2050", "2060", "2070", "2080", "2090", "2100", "2110"),
        *(
            "2130",
            "2170",
            "2210",
            "2250",
            "2260",
            "2290",
            "2300",
            "3000",
            "5020",
            "5030",
            "6000",
            "6070",
            "6100",
            "6250",
        ),
        *(
            "6270",
            "6280",
            "6290",
            "6300",
            "6310",
            "6320",
            "6330",
            "6340",
            "6350",
            "6360",
            "6370",
            "6380",
            "6390",
            "6420",
            "6440",
        ),
    }
)


# In this order: a class before the one it is derived from.
_BY_CLASS: tuple[tuple[type[QuickBooksError], Verdict], ...] = (
    (AnswerUnknown, Verdict(Fate.UNKNOWN, "answer_unknown")),
    (Throttled, Verdict(Fate.NOT_APPLIED, "throttled")),
    (UnreadableAnswer, Verdict(Fate.NOT_APPLIED, "turned_away")),
    (RetryLater, Verdict(Fate.NOT_SENT, "not_sent")),
    (AuthorisationLost, Verdict(Fate.REALM_STOP, "access_lost")),
    (StaleRecord, Verdict(Fate.CONFLICT, "stale")),
)


def verdict_on(error: QuickBooksError) -> Verdict:
    """What an error of a write means."""
    by_class = next((verdict for kind, verdict in _BY_CLASS if isinstance(error, kind)), None)
    if by_class is not None:
        return by_class
    return Verdict(Fate.REALM_STOP, "access_lost") if error.status == 403 else _by_code(error)


def _by_code(error: QuickBooksError) -> Verdict:
    words = f"{error.message or ''} {error.detail or ''}".lower()
    # An older page of Intuit's prints the duplicate number as 6210, and closed books have come under both 6200 and 6210.
    if error.code == "6210" and "duplicate" in words:
        return Verdict(Fate.RESOLVE, "number_taken")
    if error.code == "6000" and "book" in words and any(word in words for word in _CLOSED):
        return Verdict(Fate.POLICY, "period_closed")
    if error.code in _BY_CODE:
        return Verdict(*_BY_CODE[error.code])
    return Verdict(Fate.PERMANENT, f"refused_{error.code or error.status}", is_new=error.code not in _KNOWN_PERMANENT)
