"""`qbo-pipeline sync` that ends by SIGKILL at a chosen moment; run as a program of its own by the proofs of kills.

    python dying_sync.py MODULE:FUNCTION before|after TIME process|group

All of it is the real sync. Only, around the TIMEth call of that function, the process kills itself, or its whole group with
the dbt it started, as when the machine loses power.
"""

import importlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import wraps
from typing import Any


def arm(place: str, moment: str, time: int, victim: str) -> None:
    """Let the function at `place` kill around its call number `time`."""
    module, path = place.split(":")
    *owners, name = path.split(".")
    owner = importlib.import_module(module)
    for each in owners:
        owner = getattr(owner, each)
    setattr(owner, name, _deadly(getattr(owner, name), moment, time, victim))


def _deadly(function: Callable[..., Any], moment: str, time: int, victim: str) -> Callable[..., Any]:
    calls, lock = 0, threading.Lock()

    @wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        nonlocal calls
        with lock:
            calls += 1
            is_last = calls == time
        if is_last and moment == "before":
            _kill(victim)
        result = function(*args, **options)
        if is_last:
            _kill(victim)
        return result

    return call


def _kill(victim: str) -> None:
    if victim == "group":
        os.killpg(0, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    where, when, which, whom = sys.argv[1:]
    arm(where, when, int(which), whom)
    from qbo_pipeline.cli.main import main

    sys.argv[1:] = ["sync"]
    main()
