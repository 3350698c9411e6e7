"""What can go wrong with QuickBooks, sorted by what the caller does next.

    QuickBooksError
      RetryLater            timeout, no connection, 5xx, SystemFault: the same request may pass later
        Throttled           429: this company's calls pause; carries `retry_after_seconds`
        TimedOut            no answer within the time allowed
        UnreadableAnswer    an answer that is not what QuickBooks sends (HTML, cut off JSON)
        IncompleteRead      pages that never came to fit together: read the entity again
        NotAnswering        so many calls to the company failed in a row that no more were sent
      Refused               QuickBooks read the request and said no: sending it again cannot help
        StaleRecord         someone changed the record since: read it again, then decide
        NotFound            no such record, or it was deleted or made inactive
        NotOffered          this company's edition or country does not offer it
        InvalidQuery        a property that cannot be filtered or sorted by, or a statement that does not parse
        ChangesTooOld       the change feed does not look back that far: read the entities in full
        ReportTooLarge      a report of more cells than QuickBooks gives: ask for a shorter time
      AuthorisationLost     a person must act: the company has to be connected again
        InvalidGrant        the refresh token is confirmed dead
        WrongClient         Intuit does not accept the app's client id and secret
        WrongRealm          the token is good, but not for this company or environment
      AnswerUnknown         a write was sent and its answer never came: ask QuickBooks before sending it again

A message says what we were doing to what, what happened (status, Intuit's code and message, `intuit_tid`), and what to do
now. Intuit's `Detail` may hold customers' names, so it stays an attribute and never reaches the message.
"""


class QuickBooksError(Exception):
    """A call that did not give what it was made for.

    `doing` is what to what ("reading Invoice of 'main'"); `status` the HTTP status, None where no answer came; `code`,
    `message` and `detail` are Intuit's; `intuit_tid` is what Intuit's support asks for.
    """

    default_advice = "See Intuit's error page for this code."

    def __init__(
        self,
        doing: str,
        *,
        status: int | None = None,
        code: str | None = None,
        message: str | None = None,
        detail: str | None = None,
        intuit_tid: str | None = None,
        advice: str | None = None,
    ) -> None:
        super().__init__(doing)
        self.doing = doing
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail
        self.intuit_tid = intuit_tid
        self.advice = advice or self.default_advice

    def __str__(self) -> str:
        return f"{self.doing} failed ({self.happened}). {self.advice}"

    @property
    def happened(self) -> str:
        """Status, code and message, as far as there are any."""
        facts = [
            f"HTTP {self.status}" if self.status else "",
            f"code {self.code}" if self.code else "",
            self.message or "",
            f"intuit_tid {self.intuit_tid}" if self.intuit_tid else "",
        ]
        return ", ".join(fact for fact in facts if fact) or "no answer"


class RetryLater(QuickBooksError):  # noqa: N818 - named for what the caller does next
    """The same request may pass later; it was already tried as often as is sensible."""

    default_advice = "It may pass later: run it again."


class Throttled(RetryLater):
    """QuickBooks' request limit was reached; `retry_after_seconds` is what it asked for, None where it said nothing."""

    default_advice = (
        "QuickBooks limits the calls per company and per month: wait a minute; if it stays so, see Intuit's quota."
    )

    def __init__(self, doing: str, *, retry_after_seconds: float | None = None, **facts: object) -> None:
        super().__init__(doing, **facts)
        self.retry_after_seconds = retry_after_seconds


class TimedOut(RetryLater):
    """No answer came within the time allowed."""


class UnreadableAnswer(RetryLater):
    """The answer is not what QuickBooks sends: a gateway's page, or text that was cut off."""


class IncompleteRead(RetryLater):
    """The pages of a read never came to fit together, so that records may be missing from it."""

    default_advice = "Nothing was concluded from it: read the entity again."


class NotAnswering(RetryLater):
    """The company answered nothing any more, whatever it was asked, so that the call was not sent."""

    default_advice = "Nothing more is asked of this company in this run; it comes with the next."


class Refused(QuickBooksError):  # noqa: N818 - named for what the caller does next
    """QuickBooks read the request and said no."""

    default_advice = "Sending it again cannot help."


class StaleRecord(Refused):
    """The record was changed since it was read (code 5010)."""

    default_advice = "Read the record again, then decide."


class NotFound(Refused):
    """There is no such record, or it was deleted or made inactive (code 610)."""

    default_advice = "The record was deleted or made inactive, or never was."


class NotOffered(Refused):
    """The company's edition or country does not offer this (codes 5020, 5030 and answers that say so in words)."""

    default_advice = "This company's edition or country does not offer it; nothing is wrong."


class InvalidQuery(Refused):
    """QuickBooks cannot run the query (codes 4000 and 4001)."""

    default_advice = "The query names a property QuickBooks does not filter or sort by, or does not parse."


class ChangesTooOld(Refused):
    """The change feed does not look back that far (30 days)."""

    default_advice = "Read the entities in full instead."


class ReportTooLarge(Refused):
    """The report has more cells than QuickBooks gives (400,000), or was cut short at so many."""

    default_advice = "Ask for a shorter time."


class AuthorisationLost(QuickBooksError):  # noqa: N818 - named for what the caller does next
    """QuickBooks does not let us in any more; only a person can change that."""

    default_advice = "Connect the company again with `qbo-pipeline connect`."


class InvalidGrant(AuthorisationLost):
    """Intuit confirmed that the refresh token is dead: expired, revoked, replaced, or another app's."""


class WrongClient(AuthorisationLost):
    """Intuit does not accept the app's credentials."""

    default_advice = "Check QBO_CLIENT_ID and QBO_CLIENT_SECRET, or the app this connection was made with."


class WrongRealm(AuthorisationLost):
    """The token is good, but not for this company (code 3100)."""

    default_advice = (
        "Check the realm id and the environment: development keys reach sandbox companies only, production keys real ones; "
        "or access was revoked and the company has to be connected again."
    )


class AnswerUnknown(QuickBooksError):  # noqa: N818 - named for what the caller does next
    """A write was sent and its answer never came, so that it may have happened."""

    default_advice = "Ask QuickBooks whether it happened before sending it again."
