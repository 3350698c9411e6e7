"""How mappings, and what deciding about them sets going, are shown on the command line."""

from collections.abc import Sequence

from qbo_pipeline.console import console
from qbo_pipeline.outbound.mapping.checking import BrokenMapping
from qbo_pipeline.outbound.mapping.settled import NamesSettled
from qbo_pipeline.outbound.mapping.table import MappingRow
from qbo_pipeline.state.intents import StoredIntent

_COLUMNS = ("kind", "source", "QuickBooks", "name", "status", "origin", "why")


def tell(what: str, woken: Sequence[StoredIntent], *, as_json: bool) -> None:
    """Say what was done and which documents go on because of it."""
    named = [f"{each.target} for {each.source}" for each in woken]
    if as_json:
        console.print_json({"done": what, "goes_on": named})
        return
    console.say(what if not named else f"{what} What waited for it goes on with the next push: {', '.join(named)}.")


def print_mappings(name: str, rows: Sequence[MappingRow]) -> None:
    """List the mappings of a connection."""
    cells = [
        (
            each.kind,
            each.source_key,
            f"{each.target} {each.qbo_id}" if each.qbo_id else "",
            each.qbo_name,
            each.status,
            each.origin,
            each.reason,
        )
        for each in rows
    ]
    console.print_table(f"Mappings of {name}", _COLUMNS, cells)


def print_settled(settled: NamesSettled, *, as_json: bool) -> None:
    """Say what was linked and proposed, what is still to be made, and what a person must decide."""
    mapped = [each for each in settled.mappings if each.status == "confirmed"]
    proposed = [each for each in settled.mappings if each.status == "proposed"]
    blocked = [{"kind": each.kind, "source": each.source_key, "reason": each.reason} for each in settled.blocked]
    if as_json:
        to_make = [
            {"target": each.target, "source": each.source_id, "name": each.natural_key} for each in settled.intents
        ]
        told = {"linked": settled.links, "mapped": mapped, "proposed": proposed, "to_make": to_make, "blocked": blocked}
        console.print_json(told)
        return
    console.say(
        f"{len(settled.links)} linked and {len(mapped)} mapped now, {len(proposed)} newly proposed; {len(settled.intents)} "
        "have nothing in QuickBooks and are made when a document needs them."
    )
    if blocked:
        rows = [tuple(each.values()) for each in blocked]
        console.print_table("For a person to decide", ("kind", "source", "why"), rows)


def print_broken(broken: Sequence[BrokenMapping], *, as_json: bool) -> None:
    """List the mappings that do not hold any more, each with its fix."""
    if as_json:
        console.print_json(broken)
    elif broken:
        rows = [(each.kind, each.source_key, each.problem, each.fix) for each in broken]
        console.print_table("Mappings that do not hold", ("kind", "source", "problem", "fix"), rows)
    else:
        console.say("Every mapping points at something that is there.")
