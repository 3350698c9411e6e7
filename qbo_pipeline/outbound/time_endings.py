"""Which time activities are to be deleted: those whose entry is not approved any more, or was approved anew.

A time activity's source is its entry at one approval: `<entry>@<approval version>`, with `.2` behind it for the second day of
an entry that runs past midnight. Approved again, the entry is another source, and what was pushed of the former one goes.
"""

import re
from collections.abc import Iterable, Iterator

from qbo_pipeline.outbound.document import Ending, TimeWorked
from qbo_pipeline.outbound.wanted import WantedInCompany
from qbo_pipeline.state.links import Link

_APPROVAL = re.compile(r"@\d+(\.\d+)?\Z")
_REPLACED = "The hours were changed and approved again: those of the former approval go, the new ones are pushed for themselves."


def time_endings(pushed: Iterable[Link], wanted: WantedInCompany) -> Iterator[Ending]:
    """The endings of the time activities in QuickBooks that should not be there any more."""
    worked = {each.source_id: each for each in wanted.documents if isinstance(each, TimeWorked)}
    approved = {entry_of(each.source_id): each for each in worked.values()}
    ended = {each.source_id: each for each in wanted.endings if each.target == "TimeActivity"}
    for link in pushed:
        entry = entry_of(link.source_id)
        if link.source_id in worked:
            continue
        if entry in approved:
            now = approved[entry]
            yield _ending(link, now.business_entity_id, _REPLACED, now)
        elif entry in ended:
            was = ended[entry]
            yield _ending(link, was.business_entity_id, was.reason, was)


def entry_of(source_id: str) -> str:
    """The time entry behind a time activity's source."""
    return _APPROVAL.sub("", source_id)


def _ending(link: Link, business_entity_id: str, reason: str, by: TimeWorked | Ending) -> Ending:
    return Ending(
        target=link.target,
        business_entity_id=business_entity_id,
        source_kind=link.source_kind,
        source_id=link.source_id,
        reason=reason,
        seen=by.seen,
    )
