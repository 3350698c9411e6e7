"""Which entry of QuickBooks' lists a row is: known, recognised, to be asked about, or none.

In this order, stopping at the first: the stored link, our own marker, the same name, then what only a person may decide:
a like e-mail address or name. Nothing that stands for another row is ever taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from qbo_pipeline.outbound.mapping.held import Held, Source
from qbo_pipeline.outbound.mapping.lists import Listed, NameLists
from qbo_pipeline.state.mapping_kinds import KINDS
from qbo_pipeline.state.push_keys import is_genuine, read_markers


@dataclass(frozen=True)
class Known:
    """It is linked already, or is being made at this moment."""


@dataclass(frozen=True)
class Same:
    """It is that entry, beyond doubt or by policy; `is_ours` says that we made it."""

    entry: Listed
    is_ours: bool = False


@dataclass(frozen=True)
class Alike:
    """It may be that entry; `reason` says why it is asked."""

    entry: Listed
    reason: str


@dataclass(frozen=True)
class Refused:
    """It is not to go out as things stand."""

    reason_code: str
    reason: str


@dataclass(frozen=True)
class New:
    """There is nothing it could be."""


Match = Known | Same | Alike | Refused | New


@dataclass(frozen=True, kw_only=True)
class Matching:
    """What rows are matched by: the live lists, what is known already, whether equal names may be linked unasked, and the key
    of our markers."""

    lists: NameLists
    held: Held
    links_exact_names: bool
    is_multicurrency: bool
    secret: bytes


def stored_match(source: Source, held: Held) -> Known | Refused | New | None:
    """What the state store says of a row: linked, kept out, to be made anew, or nothing (None)."""
    kind, source_id = source
    link = held.link_of(source)
    # What may be on its way must not be found to be something else meanwhile.
    if held.is_on_its_way(source) or (link is not None and link.status == "live"):
        return Known()
    if link is not None:
        return Refused(
            KINDS[kind].reason_code,
            f"{link.target} {link.qbo_id} that stood for it was {link.status}. Name another with `qbo-pipeline map set "
            f"{kind} {source_id} QBO-ID`, or have a new one made with `qbo-pipeline map set {kind} {source_id} new`.",
        )
    mapping = held.mappings.get(source)
    if mapping is not None and mapping.status == "excluded":
        return Refused("excluded", mapping.reason or "A person excluded it from pushes.")
    return New() if mapping is not None and mapping.status == "confirmed" else None


def marked_match(source: Source, marked: dict[Source, list[Listed]], held: Held) -> Same | Alike | None:
    """The entry that carries our marker of this row: it was made here, and its link was lost."""
    free = [each for each in marked.get(source, []) if held.row_of(each.target, each.id) is None]
    if len(free) == 1 and free[0].is_active:
        return Same(free[0], is_ours=True)
    if free:
        return Alike(free[0], "Several entries, or an inactive one, carry the mark of this row.")
    return None


def marked_entries(lists: NameLists, target: str, secret: bytes) -> dict[Source, list[Listed]]:
    """The entries of a list that carry a genuine marker of ours, by the row it names."""
    found: dict[Source, list[Listed]] = {}
    for entry in lists.each(target):
        for marker in read_markers(entry.notes or ""):
            if is_genuine(marker, secret, lists.realm_id, target):
                found.setdefault((marker.source_kind, marker.source_id), []).append(entry)
    return found


def one_free(entries: Sequence[Listed], held: Held) -> Listed | None:
    """The only active entry that stands for no row yet, None where there is none or more than one."""
    free = [each for each in entries if each.is_active and held.row_of(each.target, each.id) is None]
    return free[0] if len(free) == 1 else None
