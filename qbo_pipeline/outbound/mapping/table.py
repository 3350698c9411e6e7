"""Every mapping of a company in one table, linked names among them, for people and for a file."""

from collections.abc import Collection
from dataclasses import dataclass

from qbo_pipeline.outbound.mapping.lists import NameLists
from qbo_pipeline.state.mapping_kinds import KINDS, mapping_kind
from qbo_pipeline.state.store import StateStore

NEW = "new"
"""Written for the id of what a person wants made."""


@dataclass(frozen=True, kw_only=True)
class MappingRow:
    """A mapping as it is listed; `qbo_id` is `new` for what is to be made, and empty for what is excluded."""

    kind: str
    source_key: str
    target: str
    qbo_id: str
    qbo_name: str
    status: str
    origin: str
    reason: str


def mapping_rows(
    store: StateStore, realm_id: str, lists: NameLists | None, *, kind: str | None = None, status: str | None = None
) -> list[MappingRow]:
    """The mappings of a company by kind and key, all or narrowed; names are those of `lists`. Raises `UnknownKind`."""
    linked = _linked(store, realm_id, lists)
    rows = [*linked, *_mapped(store, realm_id, {(each.kind, each.source_key) for each in linked})]
    wanted = None if kind is None else mapping_kind(kind).name
    kept = [each for each in rows if wanted in (None, each.kind) and status in (None, each.status)]
    return sorted(kept, key=lambda each: (each.kind, each.source_key))


def _linked(store: StateStore, realm_id: str, lists: NameLists | None) -> list[MappingRow]:
    return [
        MappingRow(
            kind=kind.name,
            source_key=link.source_id,
            target=link.target,
            qbo_id=link.qbo_id,
            qbo_name=entry.label if lists and (entry := lists.get(link.target, link.qbo_id)) else "",
            status="confirmed" if link.status == "live" else link.status,
            origin=link.origin,
            reason="",
        )
        for kind in KINDS.values()
        if kind.is_linked
        for link in store.links.of(realm_id, kind.target)
        if link.source_kind == kind.name
    ]


def _mapped(store: StateStore, realm_id: str, linked: Collection[tuple[str, str]]) -> list[MappingRow]:
    """The mappings themselves; a word that a name is to be made is fulfilled once it is linked."""
    return [
        MappingRow(
            kind=each.kind,
            source_key=each.source_key,
            target=each.target,
            qbo_id=each.qbo_id or (NEW if each.status == "confirmed" else ""),
            qbo_name=each.qbo_name or "",
            status=each.status,
            origin=each.origin,
            reason=each.reason or "",
        )
        for each in store.mappings.of(realm_id)
        if (each.kind, each.source_key) not in linked
    ]
