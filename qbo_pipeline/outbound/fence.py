"""What may go at all by a company's own settings: nothing before its day, nothing of a kind that it does not push.

The models hold to the same day; here it holds whatever the settings were when they were built.
"""

from dataclasses import replace

from qbo_pipeline.outbound.document import Attachment, Document, TimeWorked
from qbo_pipeline.outbound.wanted import Skipped, WantedInCompany, source_of
from qbo_pipeline.state.push_settings import PushSettings

_WRITE_OFF = "write_off"


def within_fence(wanted: WantedInCompany, settings: PushSettings) -> WantedInCompany:
    """The same with what may not go among what is skipped."""
    reasons = [(document, _outside(document, settings)) for document in wanted.documents]
    inside = tuple(document for document, reason in reasons if reason is None)
    outside = tuple(skipped_for(document, *reason) for document, reason in reasons if reason is not None)
    return replace(wanted, documents=inside, skipped=(*wanted.skipped, *outside))


def skipped_for(document: Document | TimeWorked | Attachment, reason_code: str, reason: str) -> Skipped:
    """A document that is not pushed after all."""
    target, source_kind, source_id = source_of(document)
    return Skipped(
        target=target,
        source_kind=source_kind,
        source_id=source_id,
        number=document.number if isinstance(document, Document) else None,
        reason_code=reason_code,
        reason=reason,
    )


def _outside(document: Document | TimeWorked | Attachment, settings: PushSettings) -> tuple[str, str] | None:
    first, targets = settings.go_live_date, settings.choices.targets
    if first is not None and document.transaction_date < first:
        return (
            "before_go_live",
            f"It is dated {document.transaction_date}, before {first}, from which on documents are pushed.",
        )
    if targets and document.target not in targets:
        return "target_off", f"What becomes {document.target} is not pushed for this company: see its push settings."
    if document.source_kind == _WRITE_OFF and settings.choices.bad_debt_item is None:
        return (
            "no_bad_debt_item",
            "It is to be written off, and no item for bad debts is chosen: choose the push setting bad_debt_item.",
        )
    return None
