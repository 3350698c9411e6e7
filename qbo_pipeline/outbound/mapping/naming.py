"""Settling the names of a company: links what is there, proposes what may be, and says what must be made or decided."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from qbo_pipeline.outbound.mapping.code_matching import CodesMatched, match_codes
from qbo_pipeline.outbound.mapping.held import Held, Source, held_names
from qbo_pipeline.outbound.mapping.item_matching import match_products
from qbo_pipeline.outbound.mapping.lists import NameLists
from qbo_pipeline.outbound.mapping.making import Codes, code_name, create_intent
from qbo_pipeline.outbound.mapping.matching import Alike, Known, Match, Matching, Same
from qbo_pipeline.outbound.mapping.name_intents import Making, Row
from qbo_pipeline.outbound.mapping.party_matching import match_companies
from qbo_pipeline.outbound.mapping.settled import Blocked, NamesSettled, ways_out
from qbo_pipeline.outbound.mapping.wanted_names import WantedCode, WantedNames
from qbo_pipeline.outbound.mapping.withdrawing import withdraw_create
from qbo_pipeline.outbound.mapping.worker_matching import WorkersMatched, match_workers
from qbo_pipeline.state.company_profiles import CompanyProfile
from qbo_pipeline.state.intents import Intent
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.mapping_kinds import KINDS
from qbo_pipeline.state.mappings import Mapping as NewMapping
from qbo_pipeline.state.push_settings import PushChoices
from qbo_pipeline.state.store import StateStore


def settle_names(
    store: StateStore, realm_id: str, lists: NameLists, wanted: WantedNames, choices: PushChoices
) -> NamesSettled:
    """Settle what documents refer to; a second time with the same lists finds nothing more to write.

    Nothing is made by this: `intend_names` takes what it returns into the outbox.
    """
    profile = store.company_profiles.profile_of(realm_id) or CompanyProfile(realm_id=realm_id)
    held = held_names(store, realm_id)
    matching = Matching(
        lists=lists,
        held=held,
        links_exact_names=choices.link_exact_names,
        is_multicurrency=profile.is_multicurrency,
        secret=store.outbox.marker_secret(),
    )
    rows: dict[Source, Row] = {(each.kind, each.source_id): each for each in wanted.companies}
    rows |= {("item", each.source_id): each for each in wanted.products}
    matches = match_companies(matching, wanted.companies) | match_products(matching, wanted.products, choices)
    codes = match_codes(lists, held, wanted.codes, links_exact_names=choices.link_exact_names)
    made = _codes_to_make(realm_id, wanted, codes.unmapped) if choices.create_defaults else {}
    codes = replace(codes, unmapped=tuple(each for each in codes.unmapped if each not in made))
    workers = match_workers(lists, held, wanted.workers)
    links = _link(store, realm_id, held, matches)
    mappings = _map(store, held, [*_proposals(realm_id, matches), *codes.mappings, *workers.mappings])
    decided = {source for source, match in matches.items() if not isinstance(match, Alike)}
    _forget_proposals(store, realm_id, held, decided | set(_lacking(codes, workers)))
    making = Making(profile=profile, choices=choices, codes=_code_ids(held, codes.mappings), rows=rows)
    intents, blocked = making.intents(matches, lists, held)
    return NamesSettled(
        links=tuple(links),
        mappings=tuple(mappings),
        intents=(*made.values(), *intents),
        blocked=(*blocked, *_undecided(codes, workers)),
    )


def intend_names(store: StateStore, settled: NamesSettled) -> int:
    """Take the names to be made into the outbox, and hold there those that wait for a person; how many are to be made."""
    for intent in settled.intents:
        store.outbox.intend(intent)
    for each in settled.blocked:
        if each.intent is not None:
            store.outbox.hold(each.intent, each.reason_code, each.reason)
    return len(settled.intents)


def _link(store: StateStore, realm_id: str, held: Held, matches: Mapping[Source, Match]) -> list[Link]:
    made = [
        Link(
            realm_id=realm_id,
            target=match.entry.target,
            source_kind=kind,
            source_id=source_id,
            qbo_id=match.entry.id,
            origin="recovered" if match.is_ours else "matched",
            linked_at=store.clock(),
        )
        for (kind, source_id), match in matches.items()
        if isinstance(match, Same)
    ]
    store.links.put_all(made)
    for kind in sorted({each.source_kind for each in made}):
        store.mappings.wake(realm_id, kind)
    for source, match in matches.items():
        if isinstance(match, Known | Same) and source in held.creates:
            withdraw_create(store, realm_id, *source)
    return made


def _proposals(realm_id: str, matches: Mapping[Source, Match]) -> list[NewMapping]:
    return [
        NewMapping(
            realm_id=realm_id,
            kind=kind,
            source_key=source_id,
            target=match.entry.target,
            qbo_id=match.entry.id,
            qbo_name=match.entry.label,
            status="proposed",
            origin="matched",
            reason=match.reason,
        )
        for (kind, source_id), match in matches.items()
        if isinstance(match, Alike)
    ]


def _map(store: StateStore, held: Held, wanted: Iterable[NewMapping]) -> list[NewMapping]:
    """Write the mappings that say something new."""
    fresh = [each for each in wanted if not _is_held(held, each)]
    store.mappings.put(*fresh)
    return fresh


def _is_held(held: Held, mapping: NewMapping) -> bool:
    known = held.mappings.get((mapping.kind, mapping.source_key))
    return known is not None and all(
        getattr(known, name) == getattr(mapping, name) for name in ("target", "qbo_id", "qbo_name", "status", "reason")
    )


def _forget_proposals(store: StateStore, realm_id: str, held: Held, without: Iterable[Source]) -> None:
    """Take back the proposals of an earlier settling that nothing speaks for any more."""
    for source in sorted(without):
        if (known := held.mappings.get(source)) and known.status == "proposed":
            store.mappings.remove(realm_id, *source)


def _codes_to_make(realm_id: str, wanted: WantedNames, unmapped: Iterable[WantedCode]) -> dict[WantedCode, Intent]:
    """The creates of the codes that nothing but a name is needed for."""
    entity = next((each.business_entity_id for each in (*wanted.companies, *wanted.products)), "")
    named = {code: code_name(code, entity) for code in unmapped}
    return {code: create_intent(realm_id, name) for code, name in named.items() if name is not None}


def _code_ids(held: Held, made: Iterable[NewMapping]) -> Codes:
    return {
        (each.kind, each.source_key): each.qbo_id
        for each in (*held.mappings.values(), *made)
        if each.status == "confirmed" and each.qbo_id is not None
    }


def _undecided(codes: CodesMatched, workers: WorkersMatched) -> list[Blocked]:
    """The codes and workers a person must decide about."""
    proposed = [each for each in (*codes.mappings, *workers.mappings) if each.status == "proposed"]
    return [
        *(
            _undecided_one(each.kind, each.source_key, f"It may be {each.target} {each.qbo_id}: {each.reason}", True)
            for each in proposed
        ),
        *(
            _undecided_one(kind, key, f"QuickBooks has no {kind} like it.", False)
            for kind, key in _lacking(codes, workers)
        ),
    ]


def _lacking(codes: CodesMatched, workers: WorkersMatched) -> list[Source]:
    return [
        *((each.kind, each.key) for each in codes.unmapped),
        *(("worker", each.source_id) for each in workers.unmapped),
    ]


def _undecided_one(kind: str, key: str, reason: str, is_proposed: bool) -> Blocked:
    way = ways_out(kind, key, is_proposed=is_proposed)
    return Blocked(kind=kind, source_key=key, reason_code=KINDS[kind].reason_code, reason=f"{reason} {way}")
