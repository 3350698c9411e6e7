"""What one entity of QuickBooks may be asked and written, as fields: the vocabulary that `schema` describes every entity in."""

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

ChangeFeed = Literal["covered", "uncovered", "by_setting"]
Balance = Literal["none", "zero", "open"]
Form = Literal[
    "plain",
    "name",
    "account",
    "item",
    "attachable",
    "sales",
    "spending",
    "journal",
    "deposit",
    "transfer",
    "card_payment",
    "payment",
    "bill_payment",
    "adjustment",
    "time",
]
Numbering = Literal["none", "sales", "estimates", "purchase_orders"]
VoidForm = Literal["none", "operation", "include", "system_fault", "nothing"]

ALWAYS_QUERYABLE = "Id FS, MetaData.CreateTime FS, MetaData.LastUpdatedTime FS"


@dataclass(frozen=True)
class Property:
    """A property a query may name, in QuickBooks' spelling."""

    name: str
    is_filterable: bool
    is_sortable: bool


def queryable_properties(marks: str) -> MappingProxyType[str, Property]:
    """Properties by lower-case name, out of "DocNumber FS, Balance F": F for filterable, S for sortable."""
    found = {}
    for entry in marks.split(","):
        if entry.strip():
            name, flags = entry.split()
            found[name.lower()] = Property(name, "F" in flags, "S" in flags)
    return MappingProxyType(found)


@dataclass(frozen=True, kw_only=True)
class EntityRules:
    """How QuickBooks treats one entity.

    `id_space`: entities that draw their ids from one counter. `name_property`: the property that must be unique within
    `name_space`, and which gets " (deleted)" when the record is deactivated. `required`: what a create or full update must
    bring, `required_when_sparse` what even a sparse update must. `unique_numbers`: whether a DocNumber may stand once only;
    a text is the company preference that decides. `void`: which call voids it, or which oddity answers the attempt.
    `form`: how a record of it is completed and added up; `balance`: whether it carries an open balance, always 0, or none.
    `is_tree`: whether its names form a tree ("Parent:Child"). `has_terms`: whether it falls due by terms. `defaults`: what a
    new record has unless the request says otherwise. `numbering`: the sequence QuickBooks numbers it from. `posts`: whether
    it moves money, so that closed books refuse it. `links`: which transactions it may name in LinkedTxn; `line_links`: which
    only its lines may. `email_property`: where its e-mail goes to, empty for what cannot
    be sent.
    """

    name: str
    properties: MappingProxyType[str, Property] = field(default_factory=lambda: queryable_properties(ALWAYS_QUERYABLE))
    has_id: bool = True
    is_singleton: bool = False
    is_wrapped: bool = False
    hides_inactive: bool = False
    tells_total: bool = False
    change_feed: ChangeFeed = "covered"
    id_space: str = ""
    name_property: str | None = None
    name_space: str = ""
    operations: frozenset[str] = frozenset()
    required: tuple[str, ...] = ()
    required_when_sparse: tuple[str, ...] = ()
    delete_needs_all: bool = False
    unique_numbers: bool | str = False
    void: VoidForm = "none"
    form: Form = "plain"
    balance: Balance = "none"
    is_tree: bool = False
    has_terms: bool = False
    defaults: MappingProxyType[str, object] = field(default_factory=lambda: MappingProxyType({}))
    created_without_update_time: bool = False
    numbering: Numbering = "none"
    posts: bool = False
    links: frozenset[str] = frozenset()
    line_links: frozenset[str] = frozenset()
    email_property: str = ""

    @property
    def segment(self) -> str:
        """The entity's part of a path."""
        return self.name.lower()
