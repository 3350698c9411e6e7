"""Files that rows of the operational system name: below its folder of files, or at an https address."""

import mimetypes
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import requests

from qbo_pipeline.ops.errors import FileUnavailable
from qbo_pipeline.quickbooks.endpoints import is_loopback
from qbo_pipeline.quickbooks.uploading import FILE_BYTES_MAX, UploadedFile
from qbo_pipeline.settings import Settings

_TIMEOUT_SECONDS = 30.0
_CHUNK_BYTES = 1 << 16


class SourceFiles:
    """Reads such files; what is outside of `folder`, or not at an https address, is never read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def read(self, reference: str) -> UploadedFile:
        """The file a row names, with its own name and type; raises `FileUnavailable`, which says what to do."""
        parts = urlsplit(reference)
        is_address = parts.scheme.lower() in ("https", "http")
        name = PurePosixPath(unquote(parts.path) if is_address else reference.replace("\\", "/")).name
        content = _fetched(reference) if is_address else self._below(reference)
        kind, _ = mimetypes.guess_type(name)
        return UploadedFile(name or "file", kind or "application/octet-stream", content)

    def _below(self, reference: str) -> bytes:
        path = (self._folder / reference).resolve()
        if not path.is_relative_to(self._folder):
            raise FileUnavailable(
                "Its file is outside the folder of files. Set QBO_OPS_FILES to the folder that holds them."
            )
        try:
            if path.stat().st_size > FILE_BYTES_MAX:
                raise _too_large()
            return path.read_bytes()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise FileUnavailable(
                f"Its file cannot be read ({reason}). See QBO_OPS_FILES and the path in the source."
            ) from error


def files_folder(settings: Settings) -> Path:
    """Where the paths of such files start: as set, else beside the operational system's SQLite file, else `QBO_HOME`."""
    if settings.ops_files is not None:
        return settings.ops_files
    url = settings.ops_database_url or ""
    return Path(url.removeprefix("sqlite:///")).parent if url.startswith("sqlite:///") else settings.home


def _fetched(address: str) -> bytes:
    parts = urlsplit(address)
    if parts.scheme.lower() != "https" and not is_loopback(parts.hostname):
        raise FileUnavailable(
            "Its file has no https address, and would travel in the clear. Give it one in the source."
        )
    try:
        # A redirect could lead anywhere, and to where nobody meant.
        with requests.get(address, timeout=_TIMEOUT_SECONDS, stream=True, allow_redirects=False) as answer:
            if answer.status_code != 200:
                raise FileUnavailable(f"Its file's address answered {answer.status_code}. Correct it in the source.")
            return _whole(answer)
    except requests.RequestException as error:
        raise FileUnavailable(
            f"Its file's address did not answer ({type(error).__name__}). Wake it to try again."
        ) from error


def _whole(answer: requests.Response) -> bytes:
    chunks, size = [], 0
    for chunk in answer.iter_content(_CHUNK_BYTES):
        chunks.append(chunk)
        size += len(chunk)
        if size > FILE_BYTES_MAX:
            raise _too_large()
    return b"".join(chunks)


def _too_large() -> FileUnavailable:
    return FileUnavailable("Its file has more than 100 MB, the most QuickBooks takes. Make it smaller in the source.")
