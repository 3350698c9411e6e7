"""What a piece of work costs: seconds by the clock, seconds of processor, and memory; each case in a process of its own."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass
class Cost:
    """Seconds by the clock and of processor time, children that ended included."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0


@contextmanager
def measured() -> Iterator[Cost]:
    """What the block costs, known at its end."""
    cost, started, cpu_started = Cost(), time.perf_counter(), _cpu_seconds()
    yield cost
    cost.seconds, cost.cpu_seconds = time.perf_counter() - started, _cpu_seconds() - cpu_started


def peak_mb() -> int:
    """The most memory this process, or any child that ended, ever held."""
    return max(resource.getrusage(each).ru_maxrss for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024


def in_own_process(module: str, **case: Any) -> dict[str, Any]:
    """What `module`, told its case, prints as the last line: nothing is warm and no memory is held from another case."""
    command = [sys.executable, "-W", "ignore", "-m", module, "--case", json.dumps(case)]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(printed.splitlines()[-1])


def _cpu_seconds() -> float:
    usages = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
