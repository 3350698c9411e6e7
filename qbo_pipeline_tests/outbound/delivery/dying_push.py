"""A push that ends by SIGKILL at a chosen moment; run as a program of its own by the proofs of kills.

    python dying_push.py KIND COUNT MODULE:FUNCTION before|after TIME

It takes in COUNT hand-made objects of a kind and delivers them. All of it is the real outbox and delivery. Only, around the
TIMEth call of that function, the process kills itself.
"""

import sys

from qbo_pipeline.outbound.delivery.composing import Ready
from qbo_pipeline.outbound.delivery.deliver import deliver
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.settings import read_settings
from qbo_pipeline.state.access import endpoints_of
from qbo_pipeline.state.intents import Intent, StoredIntent
from qbo_pipeline.state.store import open_state
from qbo_pipeline.state.tokens import token_source
from qbo_pipeline_tests.outbound.delivery.post_office import REALM, content
from qbo_pipeline_tests.proofs.dying_sync import arm


def push(kind: str, count: int) -> None:
    """Take in and deliver, once."""
    settings = read_settings()
    with open_state(settings) as store:
        connection = store.connections.get("main")
        for number in range(count):
            intent = Intent(
                realm_id=REALM, target=kind, operation="create", source_kind=kind.lower(), source_id=str(number)
            )
            store.outbox.intend(intent)
        tokens = token_source(store, connection, settings)
        with QuickBooks(REALM, endpoints_of(connection, settings), tokens, name="main") as client:
            deliver(store, [client], _compose)


def _compose(intent: StoredIntent) -> Ready:
    return Ready(content(intent.target, intent.source_id))


if __name__ == "__main__":
    what, how_many, where, when, which = sys.argv[1:]
    arm(where, when, int(which), "process")
    push(what, int(how_many))
