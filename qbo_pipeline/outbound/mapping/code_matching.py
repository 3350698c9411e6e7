"""Which tax code, term, class, location, account or payment method of QuickBooks a code of the operational system is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qbo_pipeline.outbound.mapping.held import Held
from qbo_pipeline.outbound.mapping.lists import Listed, NameLists
from qbo_pipeline.outbound.mapping.wanted_names import WantedCode
from qbo_pipeline.state.mapping_kinds import KINDS
from qbo_pipeline.state.mappings import Mapping


@dataclass(frozen=True, kw_only=True)
class CodesMatched:
    """The mappings to write, and the codes that a person must map."""

    mappings: tuple[Mapping, ...]
    unmapped: tuple[WantedCode, ...]


def match_codes(lists: NameLists, held: Held, codes: Iterable[WantedCode], *, links_exact_names: bool) -> CodesMatched:
    """Map each code that has exactly one namesake; what a person mapped or excluded stays as it is."""
    mappings: list[Mapping] = []
    unmapped: list[WantedCode] = []
    for code in codes:
        known = held.mappings.get((code.kind, code.key))
        if known is not None and known.status != "proposed":
            continue
        same = _same(lists, code)
        if len(same) == 1 and links_exact_names:
            mappings.append(_mapping(lists, code, same[0]))
        elif same or (same := _alike(lists, code)):
            mappings.append(_proposal(lists, code, same))
        else:
            unmapped.append(code)
    return CodesMatched(mappings=tuple(mappings), unmapped=tuple(unmapped))


def _same(lists: NameLists, code: WantedCode) -> list[Listed]:
    """The active entries a code can only mean: by number, by name, by the name people call it, by a term's days."""
    target = KINDS[code.kind].target
    names = [name for name in (code.key, code.name) if name]
    ways = [
        lists.numbered(target, code.key),
        *(lists.fully_named(target, name) for name in names),
        *(lists.coded(target, name) for name in names),
        _by_days(lists, code),
    ]
    return next((active for way in ways if (active := [each for each in way if each.is_active])), [])


def _by_days(lists: NameLists, code: WantedCode) -> list[Listed]:
    if code.kind != "term" or code.days is None:
        return []
    return [each for each in lists.each("Term") if each.due_days == code.days and each.is_active]


def _alike(lists: NameLists, code: WantedCode) -> list[Listed]:
    """What a code may have meant: an inactive namesake, or a name that is nearly its own."""
    target = KINDS[code.kind].target
    names = [name for name in (code.name, code.key) if name]
    inactive = [each for name in names for each in lists.fully_named(target, name)]
    return inactive or [each for name in names for each in lists.near(target, name)]


def _mapping(lists: NameLists, code: WantedCode, entry: Listed) -> Mapping:
    return Mapping(
        realm_id=lists.realm_id,
        kind=code.kind,
        source_key=code.key,
        target=entry.target,
        qbo_id=entry.id,
        qbo_name=entry.label,
        origin="matched",
    )


def _proposal(lists: NameLists, code: WantedCode, entries: Sequence[Listed]) -> Mapping:
    entry = entries[0]
    if not entry.is_active:
        reason = f"A {entry.target} of this name is inactive. Reactivate it in QuickBooks, or name another."
    elif len(entries) > 1:
        reason = f"There are {len(entries)} entries it may be."
    else:
        reason = f"A {entry.target} has this name, or nearly."
    return Mapping(
        realm_id=lists.realm_id,
        kind=code.kind,
        source_key=code.key,
        target=entry.target,
        qbo_id=entry.id,
        qbo_name=entry.label,
        status="proposed",
        origin="matched",
        reason=reason,
    )
