"""The day a document is dated: its own, unless the books are closed on it."""

from datetime import date, timedelta

from qbo_pipeline.outbound.payloads.lookup import Lookup

CLOSED_PERIOD = "closed_period"


def first_open_day(closed_to: date) -> date:
    """The day after the last one that the books are closed on."""
    return closed_to + timedelta(days=1)


def posting_date(own: date, look: Lookup) -> date:
    """The date of a document that moves the books; one in closed books is moved to the first open day or held, as chosen.

    A document that stands in QuickBooks already is never moved out of its period.
    """
    closed_to = look.profile.book_close_date
    if closed_to is None or own > closed_to:
        return own
    if look.choices.closed_period == "redate" and look.is_new:
        return first_open_day(closed_to)
    asked = "Say which it is to be" if look.choices.closed_period == "ask" else "Then wake it"
    look.hold(
        CLOSED_PERIOD,
        f"It is dated {own}, and the books are closed to {closed_to}. Reopen them in QuickBooks, give the document a later "
        f"date, or choose closed_period=redate to date it {first_open_day(closed_to)}. {asked}.",
    )
    return own
