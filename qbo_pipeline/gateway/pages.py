"""Pages: templates filled, everything in them escaped, with the same frame around each."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from qbo_pipeline.gateway.words import cause_in_words, for_people, in_words, kind_in_words, words_of_name

# The pages everybody is led to, in the order of a day's work.
PLACES = (
    ("/", "Overview"),
    ("/connections", "Connections"),
    ("/sync", "Sync"),
    ("/log", "Sync log"),
    ("/documents", "Documents"),
    ("/queue", "Push queue"),
    ("/why", "Why not in QuickBooks?"),
    ("/mappings", "Mappings"),
    ("/books", "Books"),
    ("/audit", "Audit log"),
)


def render(template: str, *, status: int = 200, **shown: Any) -> HTMLResponse:
    """A page as an answer; `shown` is what its template speaks of."""
    frame = {"places": PLACES, "path": "", "person": None, "notice": None, "refresh_seconds": None}
    return HTMLResponse(_environment().get_template(template).render(frame | shown), status)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("qbo_pipeline.gateway"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "instant": _instant,
        "money": _money,
        "in_words": in_words,
        "cause_in_words": cause_in_words,
        "kind_in_words": kind_in_words,
        "for_people": for_people,
        "words_of_name": words_of_name,
    }
    return environment


def _instant(moment: datetime | date | None) -> str:
    if moment is None:
        return "never"
    return f"{moment.astimezone(UTC):%d %b %Y, %H:%M} UTC" if isinstance(moment, datetime) else f"{moment:%d %b %Y}"


def _money(amount: Decimal | None) -> str:
    if amount is None:
        return ""
    return f"{amount:,.2f}" if amount >= 0 else f"({-amount:,.2f})"
