"""What can be mapped: the kinds, the QuickBooks list each points into, and the reason code of what waits for it."""

from dataclasses import dataclass

from qbo_pipeline.state.errors import StateError
from qbo_pipeline.state.intents import REFERENCE_GONE, REFERENCE_INACTIVE

NAME_TAKEN = "name_taken"


class UnknownKind(StateError):  # noqa: N818 - named for what happened
    """A kind of mapping there is none of; the message names those there are."""


@dataclass(frozen=True)
class MappingKind:
    """A kind of mapping: the targets its QuickBooks ids may be of, and what an intent is held for while one is missing.

    Those that `is_linked` are rows with one object each, whose confirmed mapping is a link. The others are codes, and workers:
    two contractors may come from one vendor, which a link does not allow. A code that `can_be_made` carries nothing but its name,
    so that making it decides nothing about the books.
    """

    name: str
    targets: tuple[str, ...]
    reason_code: str
    is_linked: bool = False
    can_be_made: bool = False

    @property
    def target(self) -> str:
        """The target where nothing else is said."""
        return self.targets[0]

    @property
    def wakes(self) -> tuple[str, ...]:
        """The reason codes of intents that a change of such a mapping may set going again."""
        references = (self.reason_code, REFERENCE_GONE, REFERENCE_INACTIVE)
        return (*references, NAME_TAKEN) if self.is_linked else references


def mapping_kind(name: str) -> MappingKind:
    """The kind of that name; raises `UnknownKind`."""
    try:
        return KINDS[name]
    except KeyError:
        raise UnknownKind(f"There is no mapping kind {name}. There are: {', '.join(KINDS)}.") from None


def _accounts(name: str) -> MappingKind:
    return MappingKind(name, ("Account",), "unmapped_account")


KINDS = {
    kind.name: kind
    for kind in (
        MappingKind("customer", ("Customer",), "unmapped_customer", is_linked=True),
        MappingKind("vendor", ("Vendor",), "unmapped_vendor", is_linked=True),
        MappingKind("item", ("Item",), "unmapped_item", is_linked=True),
        MappingKind("worker", ("Employee", "Vendor"), "unmapped_worker"),
        MappingKind("tax_code", ("TaxCode",), "unmapped_tax_code"),
        MappingKind("term", ("Term",), "unmapped_term", can_be_made=True),
        MappingKind("class", ("Class",), "unmapped_class", can_be_made=True),
        MappingKind("department", ("Department",), "unmapped_department", can_be_made=True),
        MappingKind("payment_method", ("PaymentMethod",), "unmapped_payment_method", can_be_made=True),
        _accounts("account"),
        _accounts("expense_category"),
        _accounts("payment_account"),
        _accounts("deposit_account"),
        _accounts("discount_account"),
    )
}
