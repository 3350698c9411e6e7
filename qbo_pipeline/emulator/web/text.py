"""Text in a request's body, which must be UTF-8."""

from qbo_pipeline.emulator.faults import unsupported_operation


def utf8(body: bytes) -> str:
    """The text of a body; other bytes get QuickBooks' own complaint about them."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise unsupported_operation(
            "Operation MalformedByteSequenceException: Invalid byte 1 of 1-byte UTF-8 sequence. is not supported."
        ) from None
