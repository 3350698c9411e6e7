"""A file on a document: what QuickBooks is told of it, and the bytes that go with that.

The name says which bytes they are: a picture replaced at its source between two sends is noticed, and found by its name it is
the one that was sent.
"""

import hashlib
from pathlib import PurePosixPath
from typing import Any, Protocol

from qbo_pipeline.ops.errors import FileUnavailable
from qbo_pipeline.outbound.document import Attachment
from qbo_pipeline.outbound.payloads.lookup import Lookup
from qbo_pipeline.quickbooks.uploading import UploadedFile

_STEM_MAX = 80
_DIGITS = 12


class ReadsFiles(Protocol):
    """What reads the files that sources name."""

    def read(self, reference: str) -> UploadedFile:
        """The file of a reference; raises `FileUnavailable`."""
        ...


def attachment(wanted: Attachment, look: Lookup, files: ReadsFiles | None) -> dict[str, Any]:
    """An attachable as QuickBooks takes it; a file that cannot be read is noted in `look`."""
    link = look.transaction(wanted.of.target, wanted.of)
    if not look.is_new:
        look.hold("attachment_stays", "Its file went out and stays as it is: upload another one in QuickBooks by hand.")
    file = _file(wanted, look, files)
    if file is None or link is None:
        return {}
    reference = {"EntityRef": {"type": wanted.of.target, "value": link["TxnId"]}, "IncludeOnSend": False}
    note = f"{wanted.source_kind.replace('_', ' ').capitalize()} {wanted.source_id}"
    return {"FileName": file.name, "ContentType": file.content_type, "Note": note, "AttachableRef": [reference]}


def named_by_content(file: UploadedFile) -> UploadedFile:
    """The same file under a name that tells its bytes from others."""
    path = PurePosixPath(file.name)
    digits = hashlib.sha256(file.content).hexdigest()[:_DIGITS]
    return UploadedFile(f"{path.stem[:_STEM_MAX]}-{digits}{path.suffix[:16]}", file.content_type, file.content)


def _file(wanted: Attachment, look: Lookup, files: ReadsFiles | None) -> UploadedFile | None:
    if files is None:
        look.hold("file_unavailable", "There is no operational system to take its file from: set QBO_OPS_URL.")
        return None
    try:
        return named_by_content(files.read(wanted.file))
    except FileUnavailable as error:
        look.hold("file_unavailable", str(error))
        return None
