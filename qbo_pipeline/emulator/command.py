"""The emulator as a program: serve until interrupted."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from qbo_pipeline.emulator.emulator import Emulator
from qbo_pipeline.emulator.settings import EmulatorSettings
from qbo_pipeline.emulator.state_file import DamagedStateError

DEFAULT_PORT = 8712


def serve(
    companies: Sequence[str] = ("landscaping",),
    *,
    port: int = DEFAULT_PORT,
    as_of: date | None = None,
    latency_ms: int = 0,
    state_file: Path | None = None,
) -> None:
    """Serve sample companies until SIGINT or SIGTERM, after one line on standard output that says where.

    Runs in the main thread. An unknown company, a port in use and a damaged state file raise ValueError, OSError and
    `DamagedStateError`.
    """
    interrupted = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: interrupted.set())
    settings = EmulatorSettings(latency_ms=latency_ms)
    with Emulator(companies, as_of=as_of, port=port, settings=settings, state_file=state_file) as emulator:
        names = ", ".join(f"{company.name} {realm_id}" for realm_id, company in emulator.companies.items())
        sys.stdout.write(f"QuickBooks emulator at {emulator.url} (companies: {names})\n")
        sys.stdout.flush()
        interrupted.wait()


def main() -> int:
    """Serve as the command line says; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m qbo_pipeline.emulator", description="A local QuickBooks Online.")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port on 127.0.0.1; 0 for any free one")
    parser.add_argument(
        "--company",
        action="append",
        dest="companies",
        help="landscaping (the default), consultancy, or generated:INVOICES[:SEED]; may be given again",
    )
    parser.add_argument("--as-of", type=date.fromisoformat, help="day the sample books end at; default today")
    parser.add_argument("--latency-ms", type=int, default=0, help="how much slower every answer is")
    parser.add_argument("--state-file", type=Path, help="where grants are kept for the next start")
    arguments = parser.parse_args()
    try:
        serve(
            arguments.companies or ["landscaping"],
            port=arguments.port,
            as_of=arguments.as_of,
            latency_ms=arguments.latency_ms,
            state_file=arguments.state_file,
        )
    except (ValueError, OSError, DamagedStateError) as error:
        sys.stderr.write(f"The emulator could not start: {error}\n")
        return 1
    return 0
