"""The file that goes with an attachable's request: the bytes that were written ahead by their name, or none at all."""

from qbo_pipeline.ops.errors import FileUnavailable
from qbo_pipeline.outbound.delivery.composing import ReadFile
from qbo_pipeline.outbound.delivery.freezing import thawed
from qbo_pipeline.outbound.delivery.recording import held
from qbo_pipeline.quickbooks.uploading import UploadedFile
from qbo_pipeline.state.intents import StoredIntent
from qbo_pipeline.state.settling import Settlement


def file_for(intent: StoredIntent, payload: bytes, read: ReadFile | None) -> UploadedFile | Settlement:
    """The file, or why there is none to send now: it cannot be read, or is another than the one that was named."""
    if read is None:
        return held("file_unavailable", "Files are not sent here. Push it with `qbo-pipeline push`.")
    try:
        file = read(intent)
    except FileUnavailable as error:
        return held("file_unavailable", str(error))
    if file.name != thawed(payload)["FileName"]:
        return held(
            "file_changed", "Its file was replaced since it was to be sent. Wake it to send the one that is there now."
        )
    return file
