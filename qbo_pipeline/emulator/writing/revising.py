"""What a record becomes under a write, before it is completed: what is given, what stays, what a client cannot set."""

from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.links import repeat_in_head, written_links

# Values only QuickBooks writes: what a client sends of them is dropped, what stood before stays.
_READ_ONLY = (
    "MetaData",
    "SyncToken",
    "Balance",
    "BalanceWithJobs",
    "CurrentBalance",
    "CurrentBalanceWithSubAccounts",
    "Classification",
    "RemainingCredit",
    "HomeTotalAmt",
    "HomeBalance",
    "UnappliedAmt",
    "FullyQualifiedName",
    "DeliveryInfo",
    "domain",
    "sparse",
    "status",
)


def revised(rules: EntityRules, content: Record, before: Record | None, *, is_sparse: bool) -> Record:
    """The record to be stored: arrays replaced whole, null taken as absent, links that others left kept.

    A sparse update keeps what it leaves out, a full one loses it; `before` is None for a new record.
    """
    given = {name: value for name, value in content.items() if name not in _READ_ONLY}
    if before is None:
        merged = {**rules.defaults, **{name: value for name, value in given.items() if value is not None}}
        merged.pop("Id", None)
    elif is_sparse:
        merged = {**before, **given}
    else:
        merged = {**{name: before[name] for name in _READ_ONLY if name in before}, **given}
    if before is not None:
        merged["Id"] = before["Id"]
    if "LinkedTxn" in merged or (before or {}).get("LinkedTxn"):
        merged["LinkedTxn"] = written_links(rules, merged.get("LinkedTxn") or (), before)
    if rules.links:
        repeat_in_head(rules, merged)
    return {name: value for name, value in merged.items() if value is not None}
