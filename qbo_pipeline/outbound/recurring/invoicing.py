"""The invoice of one or several periods of a contract."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from qbo_pipeline.outbound.document import NUMBER_MAX, Document, SourceVersion
from qbo_pipeline.outbound.needing import needs_of, work_of
from qbo_pipeline.outbound.recurring.candidates import Candidate
from qbo_pipeline.outbound.recurring.contract import Contract
from qbo_pipeline.outbound.recurring.judging import Rules, dated
from qbo_pipeline.outbound.recurring.lines import CONTRACT_PERIOD, lines_of, source_id_of
from qbo_pipeline.outbound.recurring.reading import Party
from qbo_pipeline.outbound.wanted import source_hash
from qbo_pipeline.state.intents import Intent, StoredIntent

_KEPT = 14
_HASHED = 6


def invoice_of(
    contract: Contract, party: Party, group: Sequence[Candidate], rules: Rules, entity: Mapping[str, Any]
) -> Document:
    """The invoice that bills a group of periods: known by the first, dated as the last; `entity` is who bills."""
    source_id = source_id_of(contract.id, group[0].period.start)
    date = dated(contract, group[-1], rules)
    return Document(
        target="Invoice",
        business_entity_id=entity["id"],
        source_kind=CONTRACT_PERIOD,
        source_id=source_id,
        number=document_number(f"{entity['invoice_prefix'] or ''}{contract.number}-{group[0].period.start:%Y%m%d}"),
        party_id=party.id,
        transaction_date=date,
        due_date=None if party.terms_days is None else date + timedelta(days=party.terms_days),
        currency=contract.currency,
        po_number=(contract.po_number or "").strip() or None,
        terms_code=party.terms_code,
        email=party.email,
        is_tax_exempt=party.is_tax_exempt,
        lines=tuple(line for each in group for line in lines_of(contract, each.period)),
        seen=(SourceVersion(kind=CONTRACT_PERIOD, id=source_id, updated_at=contract.changed_at),),
    )


def as_intent(realm_id: str, document: Document) -> Intent:
    """The intent to create a document."""
    return Intent(
        realm_id=realm_id,
        target=document.target,
        operation="create",
        source_kind=document.source_kind,
        source_id=document.source_id,
        natural_key=document.number,
        document=document.model_dump_json(),
        source_hash=source_hash(document),
        needs=needs_of(document),
        bills=work_of(document),
    )


def taken_back(known: StoredIntent) -> Intent:
    """A known intent as it is taken back."""
    names = ("realm_id", "target", "operation", "source_kind", "source_id", "logical_version", "natural_key")
    return Intent(**{name: getattr(known, name) for name in names})


def document_number(number: str) -> str:
    """A number QuickBooks takes: a longer one keeps its beginning and ends in a hash of the whole."""
    if len(number) <= NUMBER_MAX:
        return number
    digest = hashlib.md5(number.encode(), usedforsecurity=False).hexdigest()
    return f"{number[:_KEPT]}-{digest[:_HASHED]}"
