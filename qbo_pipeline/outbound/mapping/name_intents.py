"""What must be made for the rows that QuickBooks does not have, and what stands in the way of making it."""

from collections.abc import Mapping
from dataclasses import dataclass

from qbo_pipeline.outbound.mapping.display_names import legal_name
from qbo_pipeline.outbound.mapping.held import Held, Source
from qbo_pipeline.outbound.mapping.lists import NameLists
from qbo_pipeline.outbound.mapping.making import Codes, company_name, create_intent, product_name
from qbo_pipeline.outbound.mapping.matching import Alike, Match, New, Refused
from qbo_pipeline.outbound.mapping.name_space import Nameless, give_names
from qbo_pipeline.outbound.mapping.settled import Blocked, ways_out
from qbo_pipeline.outbound.mapping.wanted_names import WantedCompany, WantedProduct
from qbo_pipeline.state.company_profiles import CompanyProfile
from qbo_pipeline.state.intents import Intent
from qbo_pipeline.state.mapping_kinds import KINDS, NAME_TAKEN
from qbo_pipeline.state.push_settings import PushChoices

Row = WantedCompany | WantedProduct


@dataclass(frozen=True, kw_only=True)
class Making:
    """Makes the intents of one company's names."""

    profile: CompanyProfile
    choices: PushChoices
    codes: Codes
    rows: Mapping[Source, Row]

    def intents(
        self, matches: Mapping[Source, Match], lists: NameLists, held: Held
    ) -> tuple[list[Intent], list[Blocked]]:
        """The creates of all rows that are new and may be made, and everything that is blocked with its reason."""
        new = [source for source, match in matches.items() if isinstance(match, New) and self._may_make(source[0])]
        nameless = [_nameless(source, self.rows[source]) for source in new]
        names = give_names(nameless, lists, held, always_suffix=self.choices.always_suffix)
        intents = [self._intent(source, name) for source, name in names.items() if name is not None]
        blocked = [each for source, match in matches.items() if (each := self._blocked(source, match, names))]
        return intents, blocked

    def _blocked(self, source: Source, match: Match, names: Mapping[Source, str | None]) -> Blocked | None:
        kind, source_id = source
        code = KINDS[kind].reason_code
        if isinstance(match, Alike):
            way = ways_out(kind, source_id, is_proposed=True, can_be_new=True)
            return self._block(source, code, f"It may be {match.entry.target} {match.entry.id}: {match.reason} {way}")
        if isinstance(match, Refused):
            return self._block(source, match.reason_code, match.reason)
        if isinstance(match, New) and source not in names:
            way = ways_out(kind, source_id)
            reason = f"QuickBooks has no such {kind}, and by the push settings none is made. {way}"
            return self._block(source, code, reason)
        if isinstance(match, New) and names[source] is None:
            reason = f"Every name it could take is taken, its number's too. {ways_out(kind, source_id)}"
            return self._block(source, NAME_TAKEN, reason)
        return None

    def _block(self, source: Source, reason_code: str, reason: str) -> Blocked:
        intent = self._intent(source, legal_name(self.rows[source].name))
        return Blocked(kind=source[0], source_key=source[1], reason_code=reason_code, reason=reason, intent=intent)

    def _intent(self, source: Source, name: str) -> Intent:
        row = self.rows[source]
        if isinstance(row, WantedProduct):
            return create_intent(self.profile.realm_id, product_name(row, name))
        return create_intent(self.profile.realm_id, company_name(row, name, self.profile, self.codes))

    def _may_make(self, kind: str) -> bool:
        return {
            "customer": self.choices.create_customers,
            "vendor": self.choices.create_vendors,
            "item": self.choices.create_items,
        }[kind]


def _nameless(source: Source, row: Row) -> Nameless:
    if isinstance(row, WantedCompany):
        return Nameless(row.kind, row.source_id, row.number, row.name)
    return Nameless("item", row.source_id, row.sku or row.source_id, row.name)
