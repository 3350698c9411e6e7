"""What the state store already knows of a company's names: links, mappings, and the names that intents ask for."""

from collections.abc import Collection
from dataclasses import dataclass

from qbo_pipeline.outbound.mapping.display_names import comparable
from qbo_pipeline.state.intents import UNSETTLED, WAITS_FOR_LINK, IntentState, StoredIntent
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.mapping_kinds import KINDS
from qbo_pipeline.state.mappings import StoredMapping
from qbo_pipeline.state.store import StateStore

Source = tuple[str, str]
"""The kind and id of a row."""

_LINKED = {kind.name: kind.target for kind in KINDS.values() if kind.is_linked}


@dataclass(frozen=True, kw_only=True)
class Held:
    """A company's links by row, the objects of its rows both ways, its mappings by kind and key, its creates by row."""

    links: dict[Source, Link]
    by_object: dict[tuple[str, str], Source]
    objects: dict[Source, str]
    mappings: dict[Source, StoredMapping]
    creates: dict[Source, StoredIntent]

    def link_of(self, source: Source) -> Link | None:
        """The link of a row, whatever became of its object."""
        return self.links.get(source)

    def row_of(self, target: str, qbo_id: str) -> Source | None:
        """The row an object stands for."""
        return self.by_object.get((target, qbo_id))

    def is_on_its_way(self, source: Source) -> bool:
        """Whether a create of a row has left, and whether it arrived is not known yet."""
        intent = self.creates.get(source)
        return intent is not None and intent.state in UNSETTLED

    def take(self, target: str, qbo_id: str, source: Source) -> None:
        """Note that an object stands for a row from now on, so that no other row is found to be it."""
        self.by_object[target, qbo_id] = source
        self.objects[source] = qbo_id

    def name_asked_for(self, source: Source) -> str | None:
        """The name that a create of a row asks for, while it is neither withdrawn nor waits for a person's decision.

        What is held for a person may never be made: its name is what people know it by, and takes none from anybody.
        """
        intent = self.creates.get(source)
        return None if intent is None or _is_not_to_be_made(intent) else intent.natural_key

    def names_asked_for(self, targets: Collection[str]) -> list[tuple[str, Source]]:
        """The comparable names asked for and by whom, pushed or not: what was just made is not in the lists yet."""
        return [
            (comparable(name), source)
            for source, intent in self.creates.items()
            if intent.target in targets and (name := self.name_asked_for(source))
        ]


def _is_not_to_be_made(intent: StoredIntent) -> bool:
    is_held = intent.state is IntentState.BLOCKED and intent.reason_code != WAITS_FOR_LINK
    return is_held or intent.state is IntentState.SKIPPED


def held_names(store: StateStore, realm_id: str) -> Held:
    """What is known of a company."""
    links = {
        (each.source_kind, each.source_id): each
        for target in _LINKED.values()
        for each in store.links.of(realm_id, target)
        if _LINKED.get(each.source_kind) == target
    }
    intents = store.outbox.intents(realm_id, targets=tuple(_LINKED.values()))
    return Held(
        links=links,
        by_object={(each.target, each.qbo_id): source for source, each in links.items()},
        objects={source: each.qbo_id for source, each in links.items()},
        mappings={(each.kind, each.source_key): each for each in store.mappings.of(realm_id)},
        creates={(each.source_kind, each.source_id): each for each in intents if each.operation == "create"},
    )
