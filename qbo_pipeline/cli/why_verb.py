"""`qbo-pipeline why`: what became of a source document, and whose move it is."""

from typing import Annotated, Any

import typer

from qbo_pipeline.cli.options import AsJson
from qbo_pipeline.console import console
from qbo_pipeline.console import pushes as push_console
from qbo_pipeline.outbound.story import Told, story_of
from qbo_pipeline.settings import Settings, read_settings
from qbo_pipeline.state.store import open_state


def why(
    source: Annotated[str, typer.Argument(help="A source document: KIND:ID, its id, or its number in QuickBooks.")],
    as_json: AsJson = False,
) -> None:
    """Why a source document is, or is not, in QuickBooks, and whose move it is."""
    settings = read_settings()
    with open_state(settings) as store:
        told = story_of(store, source)
    skipped = [] if told else _skipped(settings, source)
    if as_json:
        console.print_json({"source": source, "intents": told, "skipped": skipped})
    else:
        _print_story(source, told, skipped)
    raise typer.Exit(0 if told or skipped else 1)


def print_unknown(settings: Settings, source: str, *, as_json: bool) -> None:
    """What is known of a source that the outbox has nothing of."""
    skipped = _skipped(settings, source)
    if as_json:
        console.print_json({"source": source, "intents": [], "skipped": skipped})
    else:
        _print_story(source, [], skipped)


def _skipped(settings: Settings, source: str) -> list[dict[str, Any]]:
    """What the models say of a source that the outbox does not know, as the published copy has it."""
    from qbo_pipeline.warehouse.skipped import skipped_sources  # noqa: PLC0415 - needed where the outbox knows nothing

    kind, separator, identity = source.partition(":")
    return skipped_sources(settings.analytics_path, identity if separator else source, kind if separator else None)


def _print_story(source: str, told: list[Told], skipped: list[dict[str, Any]]) -> None:
    if not told and not skipped:
        console.complain(
            f"Nothing is known of {source}. Is it spelt as the operational system has it, and was it there at the last "
            "`qbo-pipeline push` or sync? Drafts and what QuickBooks has no document for are not looked at."
        )
    for each in told:
        push_console.print_told(each)
    for row in skipped:
        console.say(f"{row['source_kind']}:{row['source_id']} ({row['source_number']}) is not pushed: {row['reason']}")
