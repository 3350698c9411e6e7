"""Making the file of a SQLite database, for its owner's eyes only.

An existing file is never opened here. POSIX drops all of a process's locks on a file when any of its descriptors is closed,
SQLite's own among them: another process would then take away the write-ahead log that this one goes on writing to.
"""

import os
from contextlib import suppress
from pathlib import Path


def make_private_file(path: Path) -> None:
    """Make an empty file with its folder if it is not there; raises `OSError` where it cannot be made, read or written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    if path.is_dir() or not os.access(path, os.R_OK | os.W_OK):
        raise PermissionError(13, "it is no file that can be read and written")
