"""QuickBooks' reports, as they come: one JSON text each, and QuickBooks' own words for one that is too large.

A report has no pages. One of more than 400,000 cells is refused or cut short, in words, and no recording shows under which
HTTP status: so the words are looked for in every answer to a report (see `answer`).
"""

from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from qbo_pipeline.quickbooks.answer import Answer
from qbo_pipeline.quickbooks.instants import parse_instant


@dataclass(frozen=True)
class Report:
    """A report's JSON text as QuickBooks sent it, and when QuickBooks made it, on its own clock (UTC)."""

    payload: bytes = field(repr=False)
    made_at: datetime


class _Header(msgspec.Struct):
    Time: str


def cut_report(answer: Answer) -> Report:
    """The report in an answer; `ValueError` or `KeyError` where it holds none."""
    if "Columns" not in answer.members or "Rows" not in answer.members:
        raise ValueError("no report in the answer")
    header = msgspec.json.decode(answer.members["Header"], type=_Header)
    return Report(answer.body, parse_instant(header.Time))
