"""What was done to the companies, kept in a file and done again when the emulator starts anew.

Each deed that changed something is one line: when, to which company, which method with what. Deeds are done again in their
order, each at its own instant, so that ids, numbers and times come out as they were.
"""

import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import msgspec

from qbo_pipeline.emulator.books.attached_files import AttachedFile
from qbo_pipeline.emulator.books.company import Company
from qbo_pipeline.emulator.clock import Clock
from qbo_pipeline.emulator.state_file import DamagedStateError

_DEEDS = ("write", "batch", "send", "create_tax_code", "attach", "edit", "delete", "void", "merge")


class Deed(msgspec.Struct):
    """One change: the company's method and its arguments, bytes and files in a form that JSON holds."""

    at: datetime
    realm_id: str
    method: str
    arguments: list[Any]


class CompanyClock:
    """The emulator's clock, held at a deed's own instant while it is done again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.held_at: datetime | None = None

    def now(self) -> datetime:
        """The present, or the instant it is held at."""
        return self.held_at or self._clock.now()


class KeptChanges:
    """The file of deeds; without a path nothing is kept."""

    def __init__(self, path: Path | None, clock: CompanyClock) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.RLock()

    def follow(self, company: Company) -> None:
        """Do again what was kept of a company, and keep what is done to it from now on."""
        if self._path is None:
            return
        for deed in self._read():
            if deed.realm_id == company.realm_id:
                self._clock.held_at = deed.at
                getattr(company, deed.method)(*(_opened(each) for each in deed.arguments))
        self._clock.held_at = None
        for method in _DEEDS:
            setattr(company, method, self._keeping(company, method, getattr(company, method)))

    def _keeping(self, company: Company, method: str, do: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(do)
        def doing(*arguments: Any) -> Any:
            # One at a time, so that the file has the deeds in the order in which they were done.
            with self._lock:
                self._clock.held_at = at = self._clock.now()
                try:
                    answer = do(*arguments)
                finally:
                    self._clock.held_at = None
                self._append(Deed(at, company.realm_id, method, [_closed(each) for each in arguments]))
            return answer

        return doing

    def _append(self, deed: Deed) -> None:
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(deed) + b"\n")

    def _read(self) -> Iterator[Deed]:
        try:
            lines = self._path.read_bytes().splitlines()
        except FileNotFoundError:
            return
        for number, line in enumerate(lines, start=1):
            try:
                yield msgspec.json.decode(line, type=Deed)
            except msgspec.DecodeError:
                if number == len(lines):
                    return  # The emulator ended while it wrote it; nobody had an answer yet.
                raise DamagedStateError(
                    f"Line {number} of the emulator's changes {self._path} cannot be read. Restore the file, or remove it "
                    "and its state file and connect the companies anew."
                ) from None


def _closed(argument: Any) -> Any:
    if isinstance(argument, bytes):
        return {"bytes": b64encode(argument).decode()}
    if isinstance(argument, AttachedFile):
        return {"file": [argument.name, argument.content_type, b64encode(argument.content).decode()]}
    return {"plain": dict(argument) if isinstance(argument, Mapping) else argument}


def _opened(kept: dict[str, Any]) -> Any:
    ((form, value),) = kept.items()
    if form == "bytes":
        return b64decode(value)
    if form == "file":
        name, content_type, content = value
        return AttachedFile(name, content_type, b64decode(content))
    return value
