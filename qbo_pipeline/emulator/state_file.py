"""What outlives the emulator's process: its apps, its grants and the day its books are as of.

A damaged file is refused, not replaced: a client may still hold the refresh tokens in it.
"""

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import msgspec

from qbo_pipeline.emulator.oauth.apps import App, default_apps
from qbo_pipeline.emulator.oauth.grants import Grant


class DamagedStateError(Exception):
    """A state file that cannot be read."""


@dataclass(frozen=True)
class State:
    """The kept state; `as_of` is the day the sample companies' dates were shifted to."""

    as_of: date
    apps: Sequence[App] = field(default_factory=default_apps)
    grants: Sequence[Grant] = ()


class StateFile:
    """Keeps a state in a file readable by its owner only; without a path, nowhere."""

    def __init__(self, path: Path | None, state: State) -> None:
        self._path = path
        self._state = state
        self._lock = threading.Lock()
        self._write()

    def keep(self, *, apps: Sequence[App] | None = None, grants: Sequence[Grant] | None = None) -> None:
        """Keep new apps or grants; when this returns, a restarted emulator knows them."""
        with self._lock:
            changed = {name: value for name, value in (("apps", apps), ("grants", grants)) if value is not None}
            self._state = replace(self._state, **changed)
            self._write()

    def _write(self) -> None:
        if self._path is None:
            return
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.encode(self._state))
        draft.replace(self._path)


def read_state(path: Path) -> State | None:
    """The state kept at `path`, None where there is no file, `DamagedStateError` for anything else."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=State)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise DamagedStateError(
            f"The emulator's state file {path} cannot be read. Restore it, or remove it and connect the companies anew."
        ) from None
