"""Files uploaded to a company: a part with the attachable's JSON, and one with the file's bytes."""

from dataclasses import dataclass, field

from urllib3.fields import RequestField
from urllib3.filepost import encode_multipart_formdata

FILE_BYTES_MAX = 100 * 1024 * 1024


@dataclass(frozen=True)
class UploadedFile:
    """A file with its name, its MIME type and its bytes."""

    name: str = field(repr=False)
    content_type: str
    content: bytes = field(repr=False)


def upload_body(metadata: bytes, file: UploadedFile, boundary: str) -> tuple[bytes, str]:
    """The body of an upload and its content type: the same of the same, so that a repeat is one."""
    parts = [
        RequestField.from_tuples("file_metadata_01", ("attachment.json", metadata, "application/json")),
        RequestField.from_tuples("file_content_01", (file.name, file.content, file.content_type)),
    ]
    return encode_multipart_formdata(parts, boundary)
