"""What can be wrong with an operational system, sorted by what the reader must do next.

    OpsError
      OpsUnavailable    there is none, or it cannot be reached or read: look at QBO_OPS_URL, the file, the server
      OpsRefused        what was asked would touch what is there already; nothing was changed
      UnknownSource     a source the contract does not know; the message lists the known kinds

Messages name databases, tables and columns; never a password, and never what a row holds.
"""
# ruff: noqa: N818 - named for what happened, as the protocol's errors are.


class OpsError(Exception):
    """Anything the operational system did not do."""


class OpsUnavailable(OpsError):
    """There is no operational system, or it cannot be reached or read."""


class OpsRefused(OpsError):
    """What was asked would touch what is there already."""


class FileUnavailable(Exception):
    """A file that a row names and that cannot be read; the message says what to do, and names neither path nor address."""


class UnknownSource(OpsError):
    """A source kind that the contract does not know, or an id that is not of its form."""
