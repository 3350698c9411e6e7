"""How fast the gateway keeps webhooks: posts a second over real HTTP, and how long each waits for its answer.

    python -m benchmarks.webhooks [SECONDS] [POSTS_PER_SECOND]

The gateway runs in a process of its own, with every commit on disk; the sender keeps to its pace whatever the answers take,
as Intuit does. Every event that was answered for is looked up in the inbox afterwards.
"""

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from qbo_pipeline.emulator import Emulator
from qbo_pipeline.quickbooks.webhooks import sign
from qbo_pipeline.settings import read_settings
from qbo_pipeline.state.connect import connect_headless
from qbo_pipeline.state.store import open_state
from qbo_pipeline.state.webhook_inbox import WebhookInbox

REALM_ID = "9341450000000001"
VERIFIER = "verifier-token-of-the-benchmark"
CONNECTIONS = 64


@dataclass
class Sent:
    """What came of the posts: milliseconds of those answered with 200, their events, and how many others there were."""

    milliseconds: list[float] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    failed: int = 0


def main() -> None:
    """Print posts per second and the percentiles of the answers."""
    given = [int(text) for text in sys.argv[1:3]]
    seconds, rate = [*given, *(20, 500)[len(given) :]]
    with tempfile.TemporaryDirectory() as folder, Emulator() as emulator:
        os.environ |= emulator.environment() | {"QBO_HOME": folder, "QBO_WEBHOOK_VERIFIER_TOKEN": VERIFIER}
        os.chdir(folder)
        settings = read_settings()
        with open_state(settings) as store:
            connect_headless(store, settings, "main", REALM_ID, emulator.grant(REALM_ID))
        gateway, port = start_gateway()
        try:
            began, started = time.perf_counter(), _processor_seconds(gateway.pid)
            sent = asyncio.run(send(port, posts=seconds * rate, rate=rate))
            took = time.perf_counter() - began
            # Without what it took to start.
            processor_seconds = _processor_seconds(gateway.pid) - started
        finally:
            gateway.terminate()
            gateway.wait(20)
        there = ids_in(settings.webhook_inbox_path)
    cuts = statistics.quantiles(sent.milliseconds, n=1000)
    answered = len(sent.milliseconds)
    shown = ", ".join(
        f"p{name} {cuts[cut]:.1f}" for name, cut in (("50", 499), ("95", 949), ("99", 989), ("99.9", 998))
    )
    print(f"posts    {answered:,} answered with 200, {sent.failed} not; {answered / took:,.0f} a second")
    print(f"answers  {shown}, longest {max(sent.milliseconds):.1f} ms")
    print(f"gateway  {1000 * processor_seconds / answered:.2f} ms of processor for each post")
    print(f"events   {len(sent.kept - there)} of those answered for are not on disk")


def start_gateway(port: int = 0) -> tuple[subprocess.Popen[bytes], int]:
    """The gateway in a process of its own, with the environment's settings, and the port it answers on."""
    port = port or free_port()
    program = "from qbo_pipeline.cli.main import main; main()"
    process = subprocess.Popen([sys.executable, "-c", program, "gateway", "--port", str(port)])
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            asyncio.run(_connected(port))
        except OSError:
            time.sleep(0.05)
            continue
        return process, port
    raise TimeoutError("the gateway did not start")


async def send(port: int, *, posts: int, rate: int, first: int = 0) -> Sent:
    """Send posts of one event each at a steady pace; each waits for a free connection, and that counts."""
    sent = Sent()
    due: asyncio.Queue[tuple[int, float] | None] = asyncio.Queue()
    workers = [asyncio.create_task(_work(port, due, sent)) for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    for number in range(posts):
        at = began + number / rate
        if (pause := at - time.perf_counter()) > 0:
            await asyncio.sleep(pause)
        due.put_nowait((first + number, at))
    for _ in workers:
        due.put_nowait(None)
    await asyncio.gather(*workers)
    return sent


def ids_in(inbox: Path) -> set[str]:
    """The ids of all events in an inbox."""
    return {each.event.event_id for each in WebhookInbox(inbox).take(10_000_000)}


async def _work(port: int, due: "asyncio.Queue[tuple[int, float] | None]", sent: Sent) -> None:
    connection = None
    while (task := await due.get()) is not None:
        number, at = task
        try:
            connection = connection or await _connected(port)
            status = await _post(*connection, number)
        except (OSError, asyncio.IncompleteReadError, ValueError):
            sent.failed += 1
            connection = None
            continue
        if status == 200:
            sent.milliseconds.append((time.perf_counter() - at) * 1000)
            sent.kept.add(f"event-{number}")
        else:
            sent.failed += 1


async def _connected(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port)


async def _post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> int:
    body = _body(number)
    head = (
        f"POST /webhooks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"intuit-signature: {sign(body, VERIFIER)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
    length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await asyncio.wait_for(reader.readexactly(int(length.partition(b":")[2])), 30)
    return int(answer.split(b" ", 2)[1])


def _body(number: int) -> bytes:
    event = {
        "specversion": "1.0",
        "id": f"event-{number}",
        "source": "intuit.benchmark",
        "type": "qbo.invoice.updated.v1",
        "time": datetime.now(UTC).isoformat(),
        "intuitentityid": str(number),
        "intuitaccountid": REALM_ID,
        "data": {},
    }
    return json.dumps([event]).encode()


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


if __name__ == "__main__":
    main()
