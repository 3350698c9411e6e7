"""A push looked at before it is made: what exactly would be sent, what it would do to the books, and what would not go and why.

Nothing is sent and nothing is changed. What waits only for names that are yet to be made is shown with words in place of their
ids, since it goes in the same push.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from qbo_pipeline.outbound.delivery.composing import Compose, Composed, Held, Ready, Waiting, Withdrawn
from qbo_pipeline.outbound.delivery.freezing import frozen_bytes, marked
from qbo_pipeline.outbound.delivery.targets import target_of
from qbo_pipeline.outbound.effects import Effect, effect_of, effect_of_total, totals_of
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.intent_rows import waits_for
from qbo_pipeline.state.intents import UNSETTLED, WAITS_FOR_LINK, IntentState, StoredIntent
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.store import StateStore

Status = Literal["goes", "waits", "held", "withdrawn"]

_DONE = (IntentState.PUSHED, IntentState.SKIPPED, *UNSETTLED)
_GOING = (IntentState.PENDING, IntentState.RETRY_WAIT)


@dataclass(frozen=True, kw_only=True)
class Preview:
    """One document as a push would find it.

    `payload` is the exact JSON of a create with its marker, None of what takes back another document; an update gets its Id and
    SyncToken besides. Amounts are in the document's currency, effects and `home_total` in the company's; None is what QuickBooks
    alone will know. `month` is the first day of the month the document falls into, `applies_to` the documents in QuickBooks it
    changes or settles.
    """

    realm_id: str
    connection: str
    target: str
    operation: str
    source_kind: str
    source_id: str
    number: str | None
    status: Status
    reason_code: str | None = None
    reason: str | None = None
    transaction_date: date | None = None
    month: date | None = None
    currency: str | None = None
    net: Decimal | None = None
    discount: Decimal | None = None
    tax: Decimal | None = None
    total: Decimal | None = None
    home_total: Decimal | None = None
    receivable_effect: Decimal | None = None
    payable_effect: Decimal | None = None
    revenue_effect: Decimal | None = None
    applies_to: str | None = None
    payload: str | None = field(default=None, repr=False)


def preview(
    store: StateStore,
    connection: Connection,
    wanted: Iterable[StoredIntent],
    compose: Compose,
    sketch: Compose | None = None,
) -> list[Preview]:
    """Each of `wanted` as a push of `connection` would find it, in their order.

    `sketch` composes what only waits for others as if these were made.
    """
    looking = _Looking(store, connection, compose, sketch or compose)
    return [looking.at(intent) for intent in wanted]


def undone(store: StateStore, realm_id: str, targets: Collection[str] = ()) -> list[StoredIntent]:
    """The intents of a company that a push would send or say why not, names before what mentions them."""
    states = [state for state in IntentState if state not in _DONE]
    return store.outbox.intents(realm_id, states=states, targets=targets)


def rows(previews: Iterable[Preview], previewed_at: datetime) -> list[dict[str, Any]]:
    """The previews as rows of `outbound.preview`."""
    return [asdict(each) | {"previewed_at": previewed_at} for each in previews]


def summary(previews: Sequence[Preview]) -> list[dict[str, Any]]:
    """Counts and sums in home currency by connection, kind and operation; sums leave out what is not known, and count it."""
    groups: dict[tuple[str, str, str], list[Preview]] = defaultdict(list)
    for each in previews:
        groups[each.connection, each.target, each.operation].append(each)
    return [_summed(key, group) for key, group in groups.items()]


def revenue_by_month(previews: Iterable[Preview]) -> dict[date, Decimal]:
    """The revenue that what goes or waits would bring, by month, in home currency."""
    months: dict[date, Decimal] = defaultdict(lambda: Decimal("0.00"))
    for each in previews:
        if each.month is not None and each.revenue_effect and each.status in ("goes", "waits"):
            months[each.month] += each.revenue_effect
    return dict(sorted(months.items()))


class _Looking:
    """Looks at the intents of one company."""

    def __init__(self, store: StateStore, connection: Connection, compose: Compose, sketch: Compose) -> None:
        self._store = store
        self._connection = connection
        self._compose = compose
        self._sketch = sketch
        self._profile = store.company_profiles.profile_of(connection.realm_id)

    def at(self, intent: StoredIntent) -> Preview:
        waits = intent.state is IntentState.BLOCKED and intent.reason_code == WAITS_FOR_LINK
        if intent.state not in _GOING and not waits:
            return self._preview(intent, "held", intent.reason_code, intent.reason)
        composed = self._composed(intent, self._compose)
        if isinstance(composed, Held):
            return self._preview(intent, "held", composed.reason_code, composed.reason)
        if isinstance(composed, Withdrawn):
            return self._preview(intent, "withdrawn", "withdrawn", composed.reason)
        if isinstance(composed, Ready):
            return self._preview(intent, "goes", None, None, composed)
        told = waits_for(composed.needs) if isinstance(composed, Waiting) else None
        sketched = self._composed(intent, self._sketch)
        if isinstance(sketched, Held):
            return self._preview(intent, "held", sketched.reason_code, sketched.reason)
        return self._preview(intent, "waits", WAITS_FOR_LINK, told, sketched if isinstance(sketched, Ready) else None)

    def _composed(self, intent: StoredIntent, compose: Compose) -> Composed:
        try:
            return compose(intent)
        except (KeyError, TypeError, ValueError) as error:
            # As in a push, one document that cannot be made stops no other, and its words stay out of the reason.
            return Held("not_makeable", f"No request can be made of {intent.source} ({type(error).__name__}).")

    def _preview(
        self,
        intent: StoredIntent,
        status: Status,
        reason_code: str | None,
        reason: str | None,
        ready: Ready | None = None,
    ) -> Preview:
        link = self._store.links.find(intent.realm_id, intent.target, intent.source_kind, intent.source_id)
        return Preview(
            realm_id=intent.realm_id,
            connection=self._connection.name,
            target=intent.target,
            operation=intent.operation,
            source_kind=intent.source_kind,
            source_id=intent.source_id,
            number=intent.natural_key or (link and link.doc_number),
            status=status,
            reason_code=reason_code,
            reason=reason,
            **({} if ready is None else self._figures(intent, ready.content, link)),
        )

    def _figures(self, intent: StoredIntent, content: Mapping[str, Any], link: Link | None) -> dict[str, Any]:
        dated = date.fromisoformat(content["TxnDate"]) if "TxnDate" in content else None
        full = marked(content, target_of(intent.target), intent.marker) if intent.operation == "create" else content
        profile = self._profile
        is_record = bool(content) and intent.operation != "send"
        found = None if profile is None or not is_record else totals_of(intent.target, content, profile)
        home = None if profile is None else profile.home_currency
        effect = self._effect(intent, content, link)
        return {
            "transaction_date": dated,
            "month": dated and dated.replace(day=1),
            "currency": content.get("CurrencyRef", {}).get("value", home) if dated else None,
            **({} if found is None else asdict(found)),
            "receivable_effect": effect.receivable,
            "payable_effect": effect.payable,
            "revenue_effect": effect.revenue,
            "applies_to": self._applies_to(intent, content, link),
            # What takes back a document is made of that one as it stands when it goes.
            "payload": frozen_bytes(full).decode() if content or intent.operation != "create" else None,
        }

    def _effect(self, intent: StoredIntent, content: Mapping[str, Any], link: Link | None) -> Effect:
        if intent.operation == "send":
            return Effect()
        if self._profile is None:
            return Effect(receivable=None, payable=None, revenue=None)
        found = totals_of(intent.target, content, self._profile) if content else None
        if intent.operation == "create":
            return effect_of(intent.target, content, found, self._profile)
        before = link.total if link is not None else None
        after = Decimal(0) if not content else found and found.home_total
        is_known = before is not None and after is not None and not self._profile.is_multicurrency
        return effect_of_total(intent.target, after - before if is_known else None)  # type: ignore[operator]

    def _applies_to(self, intent: StoredIntent, content: Mapping[str, Any], link: Link | None) -> str | None:
        if intent.operation != "create":
            return link and f"{link.target} {link.doc_number or link.qbo_id}"
        linked = [each for part in (content, *content.get("Line", ())) for each in part.get("LinkedTxn", ())]
        named = dict.fromkeys((each["TxnType"], each["TxnId"]) for each in linked)
        return ", ".join(f"{target} {self._number(target, qbo_id)}" for target, qbo_id in named) or None

    def _number(self, target: str, qbo_id: str) -> str:
        link = self._store.links.by_qbo_id(self._connection.realm_id, target, qbo_id)
        return (link and link.doc_number) or qbo_id


def _summed(key: tuple[str, str, str], group: Sequence[Preview]) -> dict[str, Any]:
    going = [each for each in group if each.status in ("goes", "waits")]
    counts = {status: sum(each.status == status for each in group) for status in ("goes", "waits", "held", "withdrawn")}
    sums = {
        name: sum((amount for each in going if (amount := getattr(each, column)) is not None), Decimal("0.00"))
        for name, column in (
            ("total", "home_total"),
            ("receivables", "receivable_effect"),
            ("payables", "payable_effect"),
            ("revenue", "revenue_effect"),
        )
    }
    unknown = sum(each.net is not None and each.home_total is None for each in going)
    return dict(zip(("connection", "kind", "operation"), key, strict=True)) | counts | sums | {"total unknown": unknown}
