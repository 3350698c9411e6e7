"""What can go wrong with the state store, sorted by what the reader must do next.

    StateError
      StateUnavailable     it cannot be opened or did not answer: look at the path, the server, the disk
        StateBusy          another process held a lock for too long: the same call may pass later
      StateDamaged         it is not, or no longer, a store this version can read: restore, upgrade; never overwritten
      TokenKeyError        the encryption keys are missing, unsafe, malformed or not the ones the tokens were sealed with
      UnknownConnection    no connection has that name; the message lists the known ones
      ConnectionRefused    a new connection would clash with one that exists, or its name or realm id is malformed
      ConnectFailed        consent, token or check did not lead to a connection; nothing was stored
      RevocationFailed     the connection is inactive now, but Intuit did not confirm the revocation
      LeaseLost            another pusher has taken over the intent: what was found out about it is not recorded
      LinkTaken            the QuickBooks object stands for another row of the operational system
      UnknownPeriod        the contract has had no period due that begins on that day

Messages name connections, realms and files; never a token, a secret, a key or a database password.
"""
# ruff: noqa: N818 - named for what happened, as the protocol's errors are.


class StateError(Exception):
    """Anything the state store refuses or cannot do."""


class StateUnavailable(StateError):
    """The store cannot be reached or opened."""


class StateBusy(StateUnavailable):
    """Another process held what was needed for longer than the call may wait."""


class StateDamaged(StateError):
    """The file or database is not a state store this version can read."""


class TokenKeyError(StateError):
    """The keys that encrypt tokens cannot be used, or are not the right ones."""


class UnknownConnection(StateError):
    """No connection has the name asked for."""


class ConnectionRefused(StateError):
    """A connection that would clash with one that exists."""


class ConnectFailed(StateError):
    """An attempt to connect that stored nothing."""


class RevocationFailed(StateError):
    """A disconnect that is complete here and unconfirmed at Intuit."""


class LeaseLost(StateError):
    """An intent that this pusher held is held by another, or was changed, since."""


class LinkTaken(StateError):
    """A link to an object that stands for another row."""


class UnknownPeriod(StateError):
    """A period of a contract that was never due."""
