"""Which entry of QuickBooks' lists a person means, and whether it can be referred to."""

from collections.abc import Callable

from qbo_pipeline.outbound.mapping.deciding import MappingRefused
from qbo_pipeline.outbound.mapping.lists import Listed, NameLists
from qbo_pipeline.state.mapping_kinds import mapping_kind

ReadEntry = Callable[[str, str], Listed | None]
"""Reads one entry from QuickBooks itself, by target and id."""

_NEVER_ON_A_LINE = ("Category", "Group")


def choose(kind_name: str, meant: str, lists: NameLists, read_entry: ReadEntry | None = None) -> Listed:
    """The live entry meant by an id, a number or a name, in that order; `Vendor:56` where a kind has more than one list.

    What the mirror does not know, or knows as inactive, is read from QuickBooks where `read_entry` is given. Raises
    `MappingRefused` where there is none, more than one, or none that may stand on a document.
    """
    kind = mapping_kind(kind_name)
    target, _, text = meant.partition(":")
    targets, text = ((target,), text) if target in kind.targets and text else (kind.targets, meant)
    found = _found(targets, text, lists)
    if read_entry and (found is None or not found.is_active) and not any(each.isspace() for each in text):
        live = (read_entry(each, found.id if found else text) for each in ((found.target,) if found else targets))
        found = next((each for each in live if each is not None), found)
    if found is None:
        raise MappingRefused(f"QuickBooks has no {' or '.join(targets)} {meant!r}.{_nearest(targets, text, lists)}")
    if not found.is_active:
        raise MappingRefused(
            f"{found.target} {found.id} is inactive, so that no document can name it. Reactivate it in QuickBooks, or choose "
            "another."
        )
    if found.target == "Item" and found.type in _NEVER_ON_A_LINE:
        raise MappingRefused(
            f"Item {found.id} is a {found.type}, which cannot stand on a line. Choose a product or service."
        )
    return found


def _found(targets: tuple[str, ...], text: str, lists: NameLists) -> Listed | None:
    for target in targets:
        if entry := lists.get(target, text):
            return entry
    for find in (lists.numbered, lists.fully_named):
        found = [each for target in targets for each in find(target, text)]
        active = [each for each in found if each.is_active]
        if len(active) > 1:
            ids = ", ".join(f"{each.target} {each.id}" for each in active)
            raise MappingRefused(f"{text!r} may be {ids}. Name the one that is meant by its id.")
        if found:
            return (active or found)[0]
    return None


def _nearest(targets: tuple[str, ...], text: str, lists: NameLists) -> str:
    near = [each for target in targets for each in lists.near(target, text)]
    return f" Did you mean {near[0].target} {near[0].id}, {near[0].label}?" if near else ""
