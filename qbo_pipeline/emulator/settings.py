"""What QuickBooks' documentation leaves open or lets vary: each choice of the emulator, changeable while it runs.

Defaults are the behaviour seen in recordings or, where none exists, the one that makes a careless client fail.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass
class EmulatorSettings:
    """Every choice with its meaning; changed in place through the admin endpoint."""

    # How long an answer takes, beyond the time to make it.
    latency_ms: int = 0

    # Tokens: how long an authorization code and an access token live; how long a refresh token does, from the issue of its
    # value; after how long a refresh brings a new value; how long the replaced one still works; whether using a dead one
    # ends the whole connection; how long a connection lives at most.
    authorization_code_seconds: int = 600
    access_token_seconds: int = 3600
    refresh_token_seconds: int = 8_726_400
    refresh_rotation_seconds: int = 86_400
    refresh_grace_seconds: int = 0
    refresh_reuse_revokes: bool = False
    connection_seconds: int = 157_680_000

    # Limits per company and app, and whether a refusal says how long to wait (never seen in a recording).
    limit_per_minute: int = 500
    limit_per_second: int = 10
    limit_concurrent: int = 10
    limit_batches_per_minute: int = 40
    retry_after_header: bool = False

    # How many items one batch holds (Intuit's pages also say 10).
    batch_limit: int = 30

    # Queries: most records in one answer, what a larger MAXRESULTS gets, the order without ORDERBY, whether `Id IN (..)`
    # hides inactive names like any other filter, and whether ids may be compared with < and >.
    query_cap: int = 1000
    query_over_cap: Literal["cap", "error"] = "cap"
    default_order_newest_first: bool = True
    id_hidden_when_inactive: bool = True
    id_range_filter: bool = False

    # Change feed: how far back it reaches, how many objects one answer holds, whether a change in the very second asked
    # for is in it, whether it covers TimeActivity, and what an entity it does not cover gets.
    change_feed_max_days: int = 30
    change_feed_limit: int = 1000
    change_feed_inclusive: bool = True
    time_activity_in_change_feed: bool = False
    change_feed_unsupported: Literal["empty", "error"] = "empty"

    # Writes: what a `requestid` sent again with another body gets, how long one is remembered (None: for ever, 0: not at
    # all), how long queries do not find a record just created, and whether the documents of a merged customer count as
    # changed (new SyncToken and LastUpdatedTime).
    requestid_reuse: Literal["replay", "error"] = "replay"
    requestid_memory_seconds: int | None = None
    query_lag_seconds: int = 0
    merge_touches_documents: bool = True

    # Webhooks: how often each event is told, which share of the posts is lost on the way (and never tried again), whether
    # events come in another order than they happened, and after how many seconds a post that was not answered with 200 is
    # sent again (Intuit's: 10, 20, 30, then minutes and hours).
    webhook_times: int = 1
    webhook_lost_share: float = 0.0
    webhook_shuffled: bool = False
    webhook_retry_seconds: tuple[float, ...] = (10.0, 20.0, 30.0, 300.0)

    # Reports: how many cells one may have, and whether a larger one ends early with a sentence that says so (as clients of
    # QuickBooks describe it) or is refused.
    report_cell_limit: int = 400_000
    report_over_limit: Literal["cut", "error"] = "cut"
