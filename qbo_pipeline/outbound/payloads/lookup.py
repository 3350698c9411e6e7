"""Finding what a document names while its object is put together, and noting everything that stands in the way.

Nothing is raised: a reference that is not found is `None` and noted, so that a person sees all of what is missing and not
only the first of it.
"""

from collections.abc import Mapping
from typing import Any

from qbo_pipeline.outbound.delivery.composing import Composed, Held, Ready, Waiting
from qbo_pipeline.outbound.document import Reference
from qbo_pipeline.outbound.mapping.resolution import Found, Missing, Resolution
from qbo_pipeline.outbound.mapping.resolving import Resolver
from qbo_pipeline.state.company_profiles import CompanyProfile
from qbo_pipeline.state.intents import Need
from qbo_pipeline.state.push_settings import PushChoices

Ref = dict[str, str]


class Lookup:
    """The references of one document in one company, and what stands in its way.

    `is_new` says that QuickBooks does not hold it yet. With `takes_missing` what is not made yet counts as found, under an id
    of words: that is for looking at a document, never for sending it.
    """

    def __init__(
        self,
        resolver: Resolver,
        profile: CompanyProfile,
        choices: PushChoices,
        *,
        is_new: bool = True,
        takes_missing: bool = False,
    ) -> None:
        self.resolver = resolver
        self.profile = profile
        self.choices = choices
        self.is_new = is_new
        self._takes_missing = takes_missing
        self._needs: set[Need] = set()
        self._held: list[Held] = []

    def outcome(self, content: Mapping[str, Any]) -> Composed:
        """The content if nothing stands in its way: what a person must do first counts before what only takes time."""
        if self._held:
            reasons = dict.fromkeys(held.reason for held in self._held)
            return Held(self._held[0].reason_code, " ".join(reasons))
        if self._needs:
            return Waiting(tuple(sorted(self._needs)))
        return Ready(content)

    def hold(self, reason_code: str, reason: str) -> None:
        """Note something that a person must do first."""
        self._held.append(Held(reason_code, reason))

    def found(self, resolution: Resolution) -> Found | None:
        """What was found, None with a note of what is missing."""
        if isinstance(resolution, Found):
            return resolution
        if isinstance(resolution, Missing):
            need = resolution.need
            if self._takes_missing:
                return Found(f"<{need.target} of {need.source_kind}:{need.source_id}>", need.target)
            self._needs.add(need)
        else:
            self.hold(resolution.reason_code, resolution.reason)
        return None

    def reference(self, resolution: Resolution) -> Ref | None:
        """What was found as QuickBooks refers to it."""
        found = self.found(resolution)
        return None if found is None else {"value": found.qbo_id}

    def party(self, kind: str, source_id: str) -> Ref | None:
        """The customer or vendor of a document."""
        resolve = self.resolver.vendor if kind == "vendor" else self.resolver.customer
        return self.reference(resolve(source_id))

    def transaction(self, target: str, of: Reference) -> Ref | None:
        """The link to the transaction that a source document became, as `LinkedTxn` has it."""
        found = self.found(self.resolver.document(of.target, of.source_kind, of.source_id))
        return None if found is None else {"TxnId": found.qbo_id, "TxnType": target}

    def department(self, code: str | None) -> Ref | None:
        """The location of a code, None where the company tracks none."""
        if code is None or not self.profile.tracks_departments:
            return None
        return self.reference(self.resolver.department(code))

    def class_(self, code: str | None, *, on: str) -> Ref | None:
        """The class of a code where the company names one `on` that part of a document: its line, or the document."""
        if code is None or self.profile.tracks_classes != on:
            return None
        return self.reference(self.resolver.class_(code))


def given(content: Mapping[str, Any]) -> dict[str, Any]:
    """What of a content has a value: a property left out is one QuickBooks fills, an empty one is a blank."""
    return {name: value for name, value in content.items() if value is not None and value != ""}
