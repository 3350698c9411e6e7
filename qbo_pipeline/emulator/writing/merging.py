"""Merging one name of a list into another: what referred to the loser refers to the winner, and the loser goes inactive.

QuickBooks offers this to people only; through the API a name in use is refused (6240).
"""

from copy import deepcopy

from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.faults import business_rule, not_found
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.names import complete_name, is_within
from qbo_pipeline.emulator.writing.references import reference_target, references_in


def merge_names(desk: Desk, rules: EntityRules, loser_id: str, winner_id: str, *, touches_documents: bool) -> None:
    """Put the merge into the draft; `touches_documents` decides whether moved records become new versions."""
    draft = desk.draft
    loser, winner = draft.find(rules.name, loser_id), draft.find(rules.name, winner_id)
    if loser is None or winner is None or loser_id == winner_id:
        raise not_found(element=rules.name)
    if is_within(desk, rules, winner, loser_id):
        raise business_rule("A name cannot be merged into one of its own parts.")
    for entity in desk.records.offered():
        for record in desk.records.each(entity):
            moved = _moved(record, entity, rules.name, loser_id, winner)
            if moved is not None and entity == rules.name:
                complete_name(desk, rules, moved)
            if moved is not None:
                (draft.save if touches_documents else draft.amend)(entity, moved)
    loser = draft.find(rules.name, loser_id) or loser
    loser["Active"] = False
    complete_name(desk, rules, loser)
    draft.save(rules.name, loser)


def _moved(record: Record, entity: str, merged: str, loser_id: str, winner: Record) -> Record | None:
    """The record with its references to the loser turned to the winner; None if it has none."""
    moved: Record | None = None
    for name, reference in references_in(record):
        target = reference_target(name, reference, entity)
        if target is not None and target[0] == merged and reference.get("value") == loser_id:
            moved = deepcopy(record)
            break
    if moved is not None:
        for name, reference in references_in(moved):
            target = reference_target(name, reference, entity)
            if target is not None and target[0] == merged and reference.get("value") == loser_id:
                reference["value"] = winner["Id"]
                reference["name"] = winner.get("DisplayName") or winner.get("FullyQualifiedName")
    return moved
