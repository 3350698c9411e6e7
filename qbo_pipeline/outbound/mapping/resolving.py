"""Finding the QuickBooks object of a customer, item, code or document when a request is made, in the state store alone."""

import shlex

from qbo_pipeline.outbound.mapping.resolution import Found, Missing, Resolution, Unmapped
from qbo_pipeline.outbound.mapping.settled import ways_out
from qbo_pipeline.state.company_profiles import CompanyProfile
from qbo_pipeline.state.intents import IntentState, Need
from qbo_pipeline.state.mapping_kinds import KINDS, MappingKind
from qbo_pipeline.state.mappings import StoredMapping
from qbo_pipeline.state.push_keys import intent_key
from qbo_pipeline.state.push_settings import PushChoices
from qbo_pipeline.state.store import StateStore

_PSEUDO_TAX_CODES = ("TAX", "NON")


class Resolver:
    """Finds the objects of one company. Every call reads the store anew, so that a mapping counts as soon as it is made."""

    def __init__(self, store: StateStore, realm_id: str, profile: CompanyProfile, choices: PushChoices) -> None:
        self._store = store
        self._realm_id = realm_id
        self._profile = profile
        self._choices = choices

    def customer(self, source_id: str) -> Resolution:
        """The Customer of a company of the operational system."""
        return self._row(KINDS["customer"], source_id, is_made=self._choices.create_customers)

    def vendor(self, source_id: str) -> Resolution:
        """The Vendor of a company of the operational system."""
        return self._row(KINDS["vendor"], source_id, is_made=self._choices.create_vendors)

    def item(self, product_id: str | None) -> Resolution:
        """The Item of a product; the default item where a line names none."""
        if product_id is not None:
            return self._row(KINDS["item"], product_id, is_made=self._choices.create_items)
        default = self._choices.default_item or self._profile.default_item
        if default is not None:
            return Found(default, "Item")
        return Unmapped(
            KINDS["item"].reason_code,
            "A line names no product, and there is no default item. Choose one as the push setting default_item.",
        )

    def worker(self, user_id: str) -> Resolution:
        """The Employee or Vendor of a user, as its `target` says; none is ever made."""
        return self._code(KINDS["worker"], user_id)

    def tax_code(self, code: str | None) -> Resolution:
        """The TaxCode of a code, the company's default for None; TAX and NON stand for themselves in American companies."""
        if code is None:
            default = self._profile.default_tax_code
            return Found(default, "TaxCode") if default else _unmapped(KINDS["tax_code"], "(none)")
        found = self._code(KINDS["tax_code"], code)
        if isinstance(found, Unmapped) and self._profile.is_american and code.upper() in _PSEUDO_TAX_CODES:
            return Found(code.upper(), "TaxCode")
        return found

    def term(self, code: str | None, days: int | None = None) -> Resolution:
        """The Term of a code, or of so many days where there is no code or none is mapped to it."""
        keys = [key for key in (code, None if days is None else term_key(days)) if key is not None]
        return self._first(KINDS["term"], keys)

    def class_(self, code: str) -> Resolution:
        """The Class of a code."""
        return self._code(KINDS["class"], code)

    def department(self, code: str) -> Resolution:
        """The Department (location) of a code."""
        return self._code(KINDS["department"], code)

    def account(self, key: str, kind: str = "account") -> Resolution:
        """The Account of a number or name, or of an `expense_category`, `payment_account` or `deposit_account` of that name."""
        found = self._code(KINDS[kind], key)
        if isinstance(found, Unmapped) and kind != "account":
            as_account = self._code(KINDS["account"], key)
            return as_account if isinstance(as_account, Found) else found
        return found

    def discount_account(self) -> Resolution:
        """The account that discounts are posted to: the one chosen, else the company's own."""
        chosen = self._choices.discount_account or self._profile.discount_account
        return Found(chosen, "Account") if chosen else _unmapped(KINDS["discount_account"], "default")

    def payment_method(self, key: str) -> Resolution:
        """The PaymentMethod of a name."""
        return self._code(KINDS["payment_method"], key)

    def document(self, target: str, source_kind: str, source_id: str) -> Resolution:
        """The transaction that a source document became."""
        link = self._store.links.find(self._realm_id, target, source_kind, source_id)
        if link is None:
            return Missing(Need(target, source_kind, source_id))
        if link.status == "live":
            return Found(link.qbo_id, target)
        reason = (
            f"{target} {link.qbo_id} of {source_kind}:{source_id} was {link.status}. Push that again, or leave this."
        )
        return Unmapped("reference_gone", reason)

    def making(self, kind_name: str, source_id: str) -> Resolution:
        """Whether a name or code may be made now: `Missing` if so, else what stands for it or who must decide."""
        find = {"customer": self.customer, "vendor": self.vendor, "item": self.item}
        return find[kind_name](source_id) if kind_name in find else self._code(KINDS[kind_name], source_id)

    def _row(self, kind: MappingKind, source_id: str, *, is_made: bool) -> Resolution:
        link = self._store.links.find(self._realm_id, kind.target, kind.name, source_id)
        if link is not None and link.status == "live":
            return Found(link.qbo_id, kind.target)
        held = self._store.mappings.find(self._realm_id, kind.name, source_id)
        if held is not None and held.status != "confirmed":
            return Unmapped(kind.reason_code, _why_not(held))
        if link is not None:
            ways = ways_out(kind.name, source_id, can_be_new=True)
            return Unmapped(
                kind.reason_code, f"{link.target} {link.qbo_id} of {kind.name} {source_id} was {link.status}. {ways}"
            )
        if is_made or held is not None:
            return Missing(Need(kind.target, kind.name, source_id))
        return _unmapped(kind, source_id)

    def _code(self, kind: MappingKind, key: str) -> Resolution:
        held = self._store.mappings.find(self._realm_id, kind.name, key)
        if held is None or (held.status == "confirmed" and held.qbo_id is None):
            return self._made(kind, key) or _unmapped(kind, key)
        if held.status == "confirmed" and held.qbo_id is not None:
            return Found(held.qbo_id, held.target)
        return Unmapped(kind.reason_code, _why_not(held))

    def _made(self, kind: MappingKind, key: str) -> Found | Missing | None:
        """A code that was made, or is asked for, and is not in the lists that mappings are drawn from yet."""
        if not kind.can_be_made:
            return None
        link = self._store.links.find(self._realm_id, kind.target, kind.name, key)
        if link is not None:
            return Found(link.qbo_id, kind.target) if link.status == "live" else None
        create = intent_key(self._realm_id, kind.target, "create", kind.name, key, version=0)
        asked = self._store.outbox.get(create)
        return (
            None if asked is None or asked.state is IntentState.SKIPPED else Missing(Need(kind.target, kind.name, key))
        )

    def _first(self, kind: MappingKind, keys: list[str]) -> Resolution:
        tried = [self._code(kind, key) for key in keys]
        found = next((each for each in tried if isinstance(each, Found)), None)
        return found or (tried[0] if tried else _unmapped(kind, "(none)"))


def term_key(days: int) -> str:
    """How a payment term that has no code is mapped: by its days."""
    return f"{days} days"


def _unmapped(kind: MappingKind, key: str) -> Unmapped:
    return Unmapped(
        kind.reason_code,
        f"{kind.name} {key} is not mapped. Map it with `qbo-pipeline map set {kind.name} {shlex.quote(key)} QBO-ID`.",
    )


def _why_not(held: StoredMapping) -> str:
    named = f"{held.kind} {shlex.quote(held.source_key)}"
    if held.status == "excluded":
        return (
            f"{named} is excluded from pushes. Take it back with `qbo-pipeline map clear {named}` if it should go out."
        )
    return (
        f"{named} may be {held.target} {held.qbo_id}: {held.reason} Say so with `qbo-pipeline map confirm {named}`, or name "
        f"another with `qbo-pipeline map set {named} QBO-ID`."
    )
