"""How each kind of QuickBooks object carries our marker, and by which of its properties it is found again.

`DocNumber` and names can be asked for in a query; notes and descriptions cannot, so that what has no number is found among
the objects of its day or of the time it was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qbo_pipeline.catalog import Entity, find_entity

_NOTE_MAX = 4000


@dataclass(frozen=True, kw_only=True)
class Target:
    """One kind of object: the property with our marker (None where it has no place for one) and how long that may be, the
    property it is asked for by, and the entities that share its names. `is_file` says that bytes of a file go with it."""

    entity: Entity
    marker_field: str | None = "PrivateNote"
    marker_max: int = _NOTE_MAX
    key_field: str | None = "DocNumber"
    names_with: tuple[str, ...] = ()
    is_file: bool = False

    def key_of(self, content: Mapping[str, Any]) -> str | None:
        """The number or name an object goes by, None where QuickBooks gives it."""
        key = content.get(self.key_field) if self.key_field else None
        return str(key) if key else None


def target_of(name: str) -> Target:
    """The target of that name; `KeyError` for what is never pushed."""
    return _TARGETS[name]


def _target(name: str, **differences: Any) -> tuple[str, Target]:
    return name, Target(entity=find_entity(name), **differences)


def _list(name: str, marker_field: str | None = None, **differences: Any) -> tuple[str, Target]:
    return _target(name, **{"marker_field": marker_field, "key_field": "Name"} | differences)


def _person(name: str, marker_field: str | None) -> tuple[str, Target]:
    others = tuple(other for other in ("Customer", "Vendor", "Employee") if other != name)
    return _list(name, marker_field, key_field="DisplayName", marker_max=2000, names_with=others)


_TARGETS = dict(
    [
        _person("Customer", "Notes"),
        _person("Vendor", "Notes"),
        _list("Item", "Description"),
        _list("Account", "Description", marker_max=100),
        *(_list(name) for name in ("Class", "Department", "PaymentMethod", "Term")),
        *(
            _target(name)
            for name in (
                *("Estimate", "Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt"),
                *("PurchaseOrder", "Bill", "Purchase", "VendorCredit", "JournalEntry"),
            )
        ),
        *(_target(name, key_field=None) for name in ("Payment", "BillPayment", "Deposit", "Transfer")),
        _target("Attachable", marker_field="Note", marker_max=2000, key_field="FileName", is_file=True),
        _target("TimeActivity", marker_field="Description", key_field=None),
    ]
)
