"""Which item of QuickBooks a product of the operational system is."""

from collections.abc import Callable, Sequence

from qbo_pipeline.outbound.mapping.held import Source
from qbo_pipeline.outbound.mapping.lists import Listed
from qbo_pipeline.outbound.mapping.matching import (
    Alike,
    Match,
    Matching,
    New,
    Refused,
    Same,
    marked_entries,
    marked_match,
    one_free,
    stored_match,
)
from qbo_pipeline.outbound.mapping.wanted_names import WantedProduct
from qbo_pipeline.state.mapping_kinds import KINDS
from qbo_pipeline.state.push_settings import PushChoices

# Neither a heading nor a bundle can stand on a line as a product does.
_NOT_SOLD = ("Category", "Group")


def match_products(matching: Matching, products: Sequence[WantedProduct], choices: PushChoices) -> dict[Source, Match]:
    """What each product is, by kind and id; an entry found for one is not found for another.

    Each way of finding is tried on all products before the next one: the name of one may be the SKU of another. Of two that
    would be one entry the first by SKU is, in whatever order they come.
    """
    marked = marked_entries(matching.lists, "Item", matching.secret)
    ways: tuple[Callable[[WantedProduct], Match | None], ...] = (
        lambda product: stored_match(_source(product), matching.held),
        lambda product: marked_match(_source(product), marked, matching.held),
        lambda product: _chosen(matching, product, choices),
        lambda product: _by_sku(matching, product),
        lambda product: _by_name(matching, product),
        lambda product: _by_likeness(matching, product) or _new(product),
    )
    found: dict[Source, Match] = {}
    for find in ways:
        for product in sorted(products, key=_order):
            if _source(product) not in found and (match := find(product)):
                found[_source(product)] = match
                if isinstance(match, Same):
                    matching.held.take("Item", match.entry.id, _source(product))
    return found


def _source(product: WantedProduct) -> Source:
    return "item", product.source_id


def _order(product: WantedProduct) -> tuple[int, str, str]:
    number = product.sku or product.source_id
    return len(number), number, product.source_id


def _chosen(matching: Matching, product: WantedProduct, choices: PushChoices) -> Same | None:
    """The item a person chose for a purpose, for the product of that purpose."""
    chosen = {
        "shipping": choices.shipping_item,
        "rounding": choices.rounding_item,
        "bad_debt": choices.bad_debt_item,
    }.get(product.kind)
    entry = matching.lists.get("Item", chosen) if chosen else None
    return Same(entry) if entry and one_free([entry], matching.held) else None


def _by_sku(matching: Matching, product: WantedProduct) -> Same | Alike | None:
    entries = _sold(matching.lists.with_sku(product.sku)) if product.sku else []
    entry = one_free(entries, matching.held)
    if entry is None:
        return None
    return Same(entry) if matching.links_exact_names else Alike(entry, "An Item has the same SKU.")


def _by_name(matching: Matching, product: WantedProduct) -> Same | Alike | None:
    named = [
        each
        for each in _sold(matching.lists.fully_named("Item", product.name))
        if matching.held.row_of("Item", each.id) is None
    ]
    active = [each for each in named if each.is_active]
    if len(active) > 1:
        return Alike(active[0], "Several Items under different headings have this name.")
    if active:
        return Same(active[0]) if matching.links_exact_names else Alike(active[0], "An Item has the same name.")
    if named:
        return Alike(named[0], "An Item of this name is inactive. Reactivate it in QuickBooks, or have a new one made.")
    return None


def _by_likeness(matching: Matching, product: WantedProduct) -> Alike | None:
    lists, held = matching.lists, matching.held
    near = [each for each in _sold(lists.near("Item", product.name)) if held.row_of("Item", each.id) is None]
    return Alike(near[0], "An Item has nearly this name.") if near else None


def _new(product: WantedProduct) -> New | Refused:
    if product.kind != "inventory":
        return New()
    return Refused(
        KINDS["item"].reason_code,
        f"item {product.source_id} is kept in stock, and stock items are never made by a push. Make it in QuickBooks, then "
        f"`qbo-pipeline map set item {product.source_id} QBO-ID`.",
    )


def _sold(entries: Sequence[Listed]) -> list[Listed]:
    return [each for each in entries if each.type not in _NOT_SOLD]
