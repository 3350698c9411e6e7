"""The keys that encrypt tokens, and what is sealed with them.

Keys come from `QBO_TOKEN_KEYS` (newest first) or from the key file, one per line, which is made on first use with mode 0600
and refused if anybody but its owner may read it. Sealing uses the newest key; unsealing tries them all, so that keys are
replaced without stopping anything.

A sealed value carries what it belongs to (connection, realm, kind of secret). Without that, somebody who may write to the
database but holds no key could lay one company's token over another's, and the pipeline would send one company's requests
with the other's rights.
"""

import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from qbo_pipeline.settings import Settings
from qbo_pipeline.state.errors import TokenKeyError

_MAKE_ONE = (
    'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())" prints a new one.'
)


class WrongKeyError(Exception):
    """A sealed value that none of the keys opens."""


class WrongOwnerError(Exception):
    """A sealed value that belongs to something else than it was found with."""


class KeyRing:
    """The keys in force; `source` says where they came from, for messages."""

    def __init__(self, keys: Sequence[str], source: str) -> None:
        self.source = source
        self._fernets = [_fernet(key, position, source) for position, key in enumerate(keys, start=1)]
        self._all = MultiFernet(self._fernets)

    def seal(self, owner: Sequence[str], secret: str) -> str:
        """Encrypt `secret` with the newest key, bound to `owner`."""
        return self._all.encrypt(json.dumps([*owner, secret]).encode()).decode()

    def unseal(self, owner: Sequence[str], sealed: str) -> str:
        """Decrypt what `seal` made for the same `owner`; raise `WrongKeyError` or `WrongOwnerError` otherwise."""
        try:
            *sealed_for, secret = json.loads(self._all.decrypt(sealed))
        except InvalidToken as error:
            raise WrongKeyError from error
        if sealed_for != [*owner]:
            raise WrongOwnerError
        return secret

    def is_newest(self, sealed: str) -> bool:
        """Whether `sealed` was encrypted with the newest key."""
        try:
            self._fernets[0].decrypt(sealed)
        except InvalidToken:
            return False
        return True


def load_keys(settings: Settings, *, may_create: bool) -> KeyRing:
    """The keys of `QBO_TOKEN_KEYS`, else of the key file, which is made if `may_create` and it does not exist."""
    if settings.token_keys:
        return KeyRing([key.get_secret_value() for key in settings.token_keys], "QBO_TOKEN_KEYS")
    path = settings.token_key_path
    if not path.exists():
        if not may_create:
            raise TokenKeyError(
                f"The key file {path} is gone, and the stored tokens can be read with its key only. Restore the file, or "
                "set QBO_TOKEN_KEYS to that key. If the key is lost for good, move the state store away and connect the "
                "companies again."
            )
        _create_key_file(path)
    return KeyRing(_read_key_file(path), f"the key file {path}")


def _fernet(key: str, position: int, source: str) -> Fernet:
    try:
        return Fernet(key)
    except ValueError as error:
        raise TokenKeyError(
            f"Key {position} of {source} is no encryption key (32 bytes in URL-safe base64). {_MAKE_ONE}"
        ) from error


def _read_key_file(path: Path) -> list[str]:
    try:
        mode = path.stat().st_mode
        if os.name == "posix" and mode & 0o077:
            raise TokenKeyError(
                f"The key file {path} can be read by others (mode {mode & 0o777:04o}). Run `chmod 600 {path}`; if someone "
                "may have read it, put a new key in a line above the old one."
            )
        keys = path.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError) as error:
        raise TokenKeyError(f"The key file {path} cannot be read: {type(error).__name__}.") from error
    if not keys:
        raise TokenKeyError(f"The key file {path} is empty. Restore it from a backup.")
    return keys


def _create_key_file(path: Path) -> None:
    # Written beside its place and linked into it, so that of two processes one makes the key and both read the same whole one.
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError as error:
        raise TokenKeyError(f"The key file {path} cannot be made: {error.strerror}. Check QBO_HOME.") from error
    finally:
        draft.unlink(missing_ok=True)
