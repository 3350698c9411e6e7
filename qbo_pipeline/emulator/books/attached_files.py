"""The files uploaded to one company, and the short-lived links under which they can be fetched without a token."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from qbo_pipeline.emulator.faults import not_found
from qbo_pipeline.emulator.source import Record

_LINK_LIVES = timedelta(minutes=15)


@dataclass(frozen=True)
class AttachedFile:
    """A file as it was uploaded."""

    name: str
    content_type: str
    content: bytes = field(repr=False)

    def description(self) -> Record:
        """What an attachable says of its file."""
        return {"FileName": self.name, "ContentType": self.content_type, "Size": len(self.content)}


class AttachedFiles:
    """Files by the id of their attachable; the caller holds the company's lock."""

    def __init__(self) -> None:
        self._files: dict[str, AttachedFile] = {}
        self._links: dict[str, tuple[str, datetime]] = {}

    def keep(self, attachable_id: str, file: AttachedFile) -> None:
        """Keep the file of a new attachable."""
        self._files[attachable_id] = file

    def link(self, attachable_id: str, now: datetime) -> str:
        """A new name under which a file can be fetched for a quarter of an hour; an attachable without a file is refused."""
        if attachable_id not in self._files:
            raise not_found(element="Attachable")
        name = uuid4().hex
        self._links[name] = (attachable_id, now + _LINK_LIVES)
        return name

    def fetch(self, name: str, now: datetime) -> AttachedFile | None:
        """The file of a link that is alive."""
        attachable_id, until = self._links.get(name, ("", now))
        return self._files.get(attachable_id) if now < until else None
