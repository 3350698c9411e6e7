"""Which mappings no longer hold: they point at what is gone from QuickBooks, was made inactive, or cannot stand on a document."""

import shlex
from dataclasses import dataclass
from datetime import datetime

from qbo_pipeline.outbound.mapping.lists import NameLists
from qbo_pipeline.state.mapping_kinds import KINDS
from qbo_pipeline.state.store import StateStore


@dataclass(frozen=True, kw_only=True)
class BrokenMapping:
    """A mapping that does not hold any more, why, and what to do."""

    kind: str
    source_key: str
    target: str
    qbo_id: str
    problem: str
    fix: str


def check_mappings(store: StateStore, realm_id: str, lists: NameLists) -> list[BrokenMapping]:
    """Compare every link to a name and every confirmed mapping of a company with its lists.

    What was mapped after the lists were read is left alone: it may be newer than they are.
    """
    pointing: list[tuple[str, str, str, str]] = []
    for kind in KINDS.values():
        if kind.is_linked:
            pointing += [
                (kind.name, each.source_id, each.target, each.qbo_id)
                for each in store.links.of(realm_id, kind.target)
                if each.source_kind == kind.name and each.status == "live" and not _is_newer(lists, each.linked_at)
            ]
    pointing += [
        (each.kind, each.source_key, each.target, each.qbo_id)
        for each in store.mappings.of(realm_id, status="confirmed")
        if each.qbo_id is not None and not _is_newer(lists, each.updated_at)
    ]
    return [broken for each in pointing if (broken := _broken(lists, *each))]


def _is_newer(lists: NameLists, made_at: datetime) -> bool:
    return lists.read_through is not None and made_at > lists.read_through


def _broken(lists: NameLists, kind: str, source_key: str, target: str, qbo_id: str) -> BrokenMapping | None:
    entry = lists.get(target, qbo_id)
    if entry is not None and entry.is_active:
        return None
    problem = f"{target} {qbo_id} is {'gone from QuickBooks' if entry is None else 'inactive in QuickBooks'}."
    instead = f"`qbo-pipeline map set {kind} {shlex.quote(source_key)} QBO-ID`"
    fix = f"Name another with {instead}." if entry is None else f"Reactivate it there, or name another with {instead}."
    return BrokenMapping(kind=kind, source_key=source_key, target=target, qbo_id=qbo_id, problem=problem, fix=fix)
