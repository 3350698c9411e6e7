"""One record under way into the books: what a form completes, and what it may ask of its surroundings."""

from dataclasses import dataclass

from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.desk import Desk


@dataclass(frozen=True)
class Entry:
    """A record to be completed in place; `before` is None for a new one, `content` is what the request said."""

    desk: Desk
    rules: EntityRules
    record: Record
    before: Record | None
    content: Record

    @property
    def is_new(self) -> bool:
        """Whether the record is being created."""
        return self.before is None

    def changes(self, *names: str) -> bool:
        """Whether the request says anything of the properties; a new record says it of all."""
        return self.is_new or any(name in self.content for name in names)
