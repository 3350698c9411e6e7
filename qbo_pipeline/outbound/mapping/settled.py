"""What came of settling the names of a company."""

import shlex
from dataclasses import dataclass

from qbo_pipeline.state.intents import Intent
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.mappings import Mapping


@dataclass(frozen=True, kw_only=True)
class Blocked:
    """A row or code that a person must decide about; `intent` is the create that waits for that, None for a code."""

    kind: str
    source_key: str
    reason_code: str
    reason: str
    intent: Intent | None = None


@dataclass(frozen=True, kw_only=True)
class NamesSettled:
    """What settling found and wrote, and what is left to do.

    `links` and `mappings` are those made now, proposals among the mappings. `intents` are all names to be made, also those
    that an earlier settling asked for; `blocked` is everything that stands still until a person moves.
    """

    links: tuple[Link, ...]
    mappings: tuple[Mapping, ...]
    intents: tuple[Intent, ...]
    blocked: tuple[Blocked, ...]


def ways_out(kind: str, source_key: str, *, is_proposed: bool = False, can_be_new: bool = False) -> str:
    """How a person decides about a row or code, as commands."""
    named = f"{kind} {shlex.quote(source_key)}"
    ways = [f"`qbo-pipeline map confirm {named}`"] if is_proposed else []
    ways.append(f"`qbo-pipeline map set {named} QBO-ID`")
    ways += [f"`qbo-pipeline map set {named} new`"] if can_be_new else []
    return f"Decide with {', '.join(ways[:-1])}{' or ' if ways[:-1] else ''}{ways[-1]}."
