"""Whether QuickBooks made of a document what its source says it comes to.

Where QuickBooks works out the tax, only its answer tells the total. A difference is told at once, and such a document is mailed
to nobody: a payment of the source's total would leave cents open, or not fit.
"""

import json
from decimal import Decimal

from qbo_pipeline.outbound.delivery.freezing import thawed
from qbo_pipeline.quickbooks.record import Record
from qbo_pipeline.state.intents import StoredIntent


def difference_told(intent: StoredIntent, record: Record) -> str | None:
    """In words, by how much the totals differ; None where they agree, or the source says none."""
    said = json.loads(intent.document).get("total")
    content = thawed(record.payload)
    if said is None or content.get("TotalAmt") is None:
        return None
    source, made = Decimal(str(said)), Decimal(content["TotalAmt"])
    tax = Decimal((content.get("TxnTaxDetail") or {}).get("TotalTax") or 0)
    # A source that leaves tax to QuickBooks may have added up without it.
    if made == source or made - tax == source:
        return None
    return (
        f"QuickBooks made {made:.2f} of it, {tax:.2f} of that tax, and the source says {source:.2f}. See the tax codes and the "
        "address of its customer; correct one side before it is mailed or paid."
    )
