"""What loading the code location costs, against the three packages it cannot do without.

    python -m benchmarks.imports

Each import runs in a process of its own, the two in turn, so that a busy moment of the machine hits both; the medians are
compared. The manifest is built beforehand, as an installation's first command does.
"""

import statistics
import subprocess
import sys
import time

ROUNDS = 7
OURS = "import qbo_pipeline.definitions"
FLOOR = "import dagster, dagster_dlt, dagster_dbt"


def main() -> None:
    """Measure and print the ratio."""
    _seconds(OURS)
    pairs = [(_seconds(OURS), _seconds(FLOOR)) for _ in range(ROUNDS)]
    ours, floor = (statistics.median(each) for each in zip(*pairs, strict=True))
    print(f"{OURS}: {ours:.2f} s; {FLOOR}: {floor:.2f} s; ratio {ours / floor:.2f}")


def _seconds(statement: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-W", "ignore", "-c", statement], check=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
