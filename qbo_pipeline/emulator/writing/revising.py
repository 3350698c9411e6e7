"""What a record becomes under a write, before it is completed: what is given, what stays, what a client cannot set."""

from qbo_pipeline.emulator.books.schema import EntityRules
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.settlements import is_payment_link

# Values only QuickBooks writes: what a client sends of them is dropped, what stood before stays.
_READ_ONLY = (
    "MetaData",
    "SyncToken",
    "Balance",
    "BalanceWithJobs",
    "CurrentBalance",
    "CurrentBalanceWithSubAccounts",
    "RemainingCredit",
    "HomeTotalAmt",
    "HomeBalance",
    "UnappliedAmt",
    "FullyQualifiedName",
    "domain",
    "sparse",
    "status",
)


def revised(rules: EntityRules, content: Record, before: Record | None, *, is_sparse: bool) -> Record:
    """The record to be stored: arrays replaced whole, null taken as absent, links that payments left kept.

    A sparse update keeps what it leaves out, a full one loses it; `before` is None for a new record.
    """
    given = {name: value for name, value in content.items() if name not in _READ_ONLY}
    if before is None:
        merged = {**rules.defaults, **given}
        merged.pop("Id", None)
    elif is_sparse:
        merged = {**before, **given}
    else:
        merged = {**{name: before[name] for name in _READ_ONLY if name in before}, **given}
    if before is not None:
        merged["Id"] = before["Id"]
        marks = [link for link in before.get("LinkedTxn", ()) if is_payment_link(link)]
        others = [link for link in merged.get("LinkedTxn", ()) if not is_payment_link(link)]
        if marks or "LinkedTxn" in merged:
            merged["LinkedTxn"] = [*marks, *others]
    return {name: value for name, value in merged.items() if value is not None}
