"""What the push verbs print for people."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from qbo_pipeline.console.console import complain, print_table, say
from qbo_pipeline.outbound.delivery.audit import Audit
from qbo_pipeline.outbound.story import PushLine, Told
from qbo_pipeline.state.intents import Attempt
from qbo_pipeline.state.push_settings import PushSettings


def print_pushes(lines: Sequence[PushLine]) -> None:
    """Count what a push touched by kind and state, and list what stands still with whose move it is."""
    if not lines:
        say("Nothing was due.")
        return
    counts = Counter((each.connection, each.target, each.operation, each.state) for each in lines)
    rows = [(*key, count) for key, count in sorted(counts.items())]
    print_table("Pushed and standing", ("connection", "kind", "operation", "state", "documents"), rows)
    standing = [each for each in lines if each.state not in ("pushed", "skipped", "pending", "retry_wait", "unknown")]
    causes = Counter((each.connection, each.state, each.reason_code or "", each.whose_move) for each in standing)
    if causes:
        rows = [(*key, count, _example(standing, key[0], key[2])) for key, count in causes.most_common()]
        columns = ("connection", "state", "cause", "whose move", "documents", "for example")
        print_table("What stands still", columns, rows)
        say("Each with its reason: qbo-pipeline why KIND:ID")


def print_told(told: Told) -> None:
    """Tell one thing that was to happen for a source, with its attempts."""
    number = f" {told.number}" if told.number else ""
    say(f"{told.operation} {told.target}{number} for {told.source} in {told.connection or told.realm_id}: {told.state}")
    if told.reason:
        say(f"  Why: {told.reason}")
    say(f"  Whose move: {told.move.who}. {told.move.what}")
    if told.link:
        total = f", total {told.link.total}" if told.link.total is not None else ""
        say(f"  In QuickBooks: {told.target} {told.link.qbo_id} ({told.link.origin}, {told.link.status}){total}")
    if told.page:
        say(f"  {told.page}")
    for attempt in told.attempts:
        say(f"  {_attempt(attempt)}")


def print_previews(summary: Sequence[Mapping[str, Any]], where: str) -> None:
    """The totals a push would make, by connection and kind, and where the exact payloads stand."""
    if not summary:
        say("Nothing would be sent.")
        return
    columns = list(summary[0])
    print_table("What a push would do", columns, [tuple(row.values()) for row in summary])
    say(f"Nothing was sent. The exact payloads are in outbound.preview of {where}, one row per document.")


def print_audits(audits: Mapping[str, Audit]) -> None:
    """What an audit found, connection by connection."""
    for name, audit in audits.items():
        say(
            f"{name}: {audit.checked} pushed objects checked, {audit.lost} missing, {audit.duplicated} duplicated, "
            f"{audit.links_repaired} links put right."
        )
        if audit.findings:
            rows = [(each.discrepancy, each.target, each.source, each.qbo_id) for each in audit.findings]
            print_table(None, ("finding", "kind", "source", "id in QuickBooks"), rows)
    if any(audit.lost for audit in audits.values()):
        complain("What is missing is pushed again only when asked: qbo-pipeline push --source KIND:ID --again")


def print_push_settings(connection: str, settings: PushSettings) -> None:
    """Every push setting of a connection."""
    rows = [
        ("go_live_date", settings.go_live_date or "not set"),
        ("armed_at", settings.armed_at or "not armed"),
        ("last_push_at", settings.last_push_at or "never"),
        *((each.name, _value(getattr(settings.choices, each.name))) for each in fields(settings.choices)),
    ]
    print_table(f"How {connection} is pushed to", ("setting", "value"), [(name, str(value)) for name, value in rows])


def _example(lines: Sequence[PushLine], connection: str, cause: str) -> str:
    return next(each.source for each in lines if each.connection == connection and (each.reason_code or "") == cause)


def _attempt(attempt: Attempt) -> str:
    fault = f", fault {attempt.fault_code} ({attempt.fault_class})" if attempt.fault_code or attempt.fault_class else ""
    status = f", HTTP {attempt.http_status}" if attempt.http_status else ""
    tid = f", intuit_tid {attempt.intuit_tid}" if attempt.intuit_tid else ""
    return f"Attempt {attempt.attempt_no} at {attempt.started_at:%Y-%m-%d %H:%M:%S}Z: {attempt.outcome}{status}{fault}{tid}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(value) or "none"
    return "none" if value in (None, {}) else str(value)
