"""Which customer or vendor of QuickBooks a company of the operational system is."""

from collections import Counter
from collections.abc import Sequence

from qbo_pipeline.outbound.mapping.display_names import comparable
from qbo_pipeline.outbound.mapping.held import Source
from qbo_pipeline.outbound.mapping.lists import Listed, first_email
from qbo_pipeline.outbound.mapping.matching import (
    Alike,
    Match,
    Matching,
    New,
    Same,
    marked_entries,
    marked_match,
    one_free,
    stored_match,
)
from qbo_pipeline.outbound.mapping.wanted_names import WantedCompany
from qbo_pipeline.state.mapping_kinds import KINDS


def match_companies(matching: Matching, companies: Sequence[WantedCompany]) -> dict[Source, Match]:
    """What each company is, by kind and id; an entry found for one is not found for another."""
    marked: dict[Source, list[Listed]] = {}
    for target in ("Customer", "Vendor"):
        marked |= marked_entries(matching.lists, target, matching.secret)
    sure = {source: match for source in map(_source, companies) if (match := _sure(matching, source, marked))}
    for source, match in sure.items():
        if isinstance(match, Same):
            matching.held.take(match.entry.target, match.entry.id, source)
    found: dict[Source, Match] = dict(sure)
    others = _in_order(matching, [each for each in companies if _source(each) not in sure])
    rivals = Counter((each.kind, comparable(each.name)) for each in others)
    # All names before any likeness: what one row only resembles may be another row itself.
    for company in others:
        is_rivalled = rivals[company.kind, comparable(company.name)] > 1
        if match := _by_name(matching, company, is_rivalled=is_rivalled):
            found[_source(company)] = match
        if isinstance(match, Same):
            matching.held.take(match.entry.target, match.entry.id, _source(company))
    for company in others:
        if _source(company) not in found:
            found[_source(company)] = _by_likeness(matching, company) or New()
    return found


def _source(company: WantedCompany) -> Source:
    return company.kind, company.source_id


def _sure(matching: Matching, source: Source, marked: dict[Source, list[Listed]]) -> Match | None:
    stored = stored_match(source, matching.held)
    if stored is None:
        return marked_match(source, marked, matching.held)
    return stored


def _by_name(matching: Matching, company: WantedCompany, *, is_rivalled: bool) -> Same | Alike | None:
    entry = _namesake(matching, company)
    if entry is None or (entry.is_active and _is_elsewhere(matching, company, entry)):
        return None
    if doubt := _doubt(matching, company, entry, is_rivalled=is_rivalled):
        return Alike(entry, doubt)
    return Same(entry)


def _doubt(matching: Matching, company: WantedCompany, entry: Listed, *, is_rivalled: bool) -> str | None:
    """Why an entry of the same name is not linked unasked."""
    if not entry.is_active:
        return f"A {entry.target} of this name is inactive. Reactivate it in QuickBooks, or have a new one made."
    if matching.is_multicurrency and entry.currency and company.currency and entry.currency != company.currency:
        return f"The {entry.target} of this name is kept in {entry.currency}, this one in {company.currency}."
    if is_rivalled and not _shares_email(company, entry):
        return f"Several rows have the name of this {entry.target}."
    return None if matching.links_exact_names else f"A {entry.target} has the same name."


def _namesake(matching: Matching, company: WantedCompany) -> Listed | None:
    """The entry of that name that stands for no row yet, an active one before an inactive one."""
    target = KINDS[company.kind].target
    named = matching.lists.named(target, company.name)
    return next((each for each in named if matching.held.row_of(target, each.id) is None), None)


def _is_elsewhere(matching: Matching, company: WantedCompany, entry: Listed) -> bool:
    """Whether a job of that name is another customer's."""
    if entry.parent_id is None or company.parent_id is None:
        return False
    parent = matching.held.objects.get(("customer", company.parent_id))
    return parent != entry.parent_id


def _by_likeness(matching: Matching, company: WantedCompany) -> Alike | None:
    target = KINDS[company.kind].target
    lists, held = matching.lists, matching.held

    def possible(entries: Sequence[Listed]) -> list[Listed]:
        return [each for each in entries if not _is_elsewhere(matching, company, each)]

    # Jobs often carry the address of the customer above them.
    if company.parent_id is None:
        tops = [each for each in lists.with_email(target, company.email) if each.parent_id is None]
        if entry := one_free(tops, held):
            return Alike(entry, f"A {target} has the same e-mail address.")
    if entry := one_free(possible(lists.alike(target, company.name)), held):
        return Alike(entry, f"A {target} has this name but for its legal form.")
    near = [each for each in possible(lists.near(target, company.name)) if held.row_of(target, each.id) is None]
    return Alike(near[0], f"A {target} has nearly this name.") if near else None


def _shares_email(company: WantedCompany, entry: Listed) -> bool:
    address = first_email(company.email)
    return address is not None and address == first_email(entry.email)


def _in_order(matching: Matching, companies: Sequence[WantedCompany]) -> list[WantedCompany]:
    """Those above before those below them; of several with one name, those that share the entry's e-mail address first."""
    above = {each.source_id: each.parent_id for each in companies if each.kind == "customer"}

    def depth(company: WantedCompany) -> int:
        seen, at = {company.source_id}, company.parent_id
        while at is not None and at not in seen:
            seen.add(at)
            at = above.get(at)
        return len(seen)

    def order(company: WantedCompany) -> tuple[object, ...]:
        entry = _namesake(matching, company)
        is_surer = entry is not None and _shares_email(company, entry)
        return company.kind, depth(company), not is_surer, len(company.number), company.number, company.source_id

    return sorted(companies, key=order)
