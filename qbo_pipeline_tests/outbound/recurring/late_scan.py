"""A scan in a process of its own, at noon in New York; killed around a function's so-manieth call where one is named.

    python late_scan.py FOLDER DAY [MODULE:FUNCTION before|after TIME]

It waits for a line before it starts, and then writes what invoices it made.
"""

import sys
from datetime import date
from pathlib import Path

from qbo_pipeline_tests.outbound.recurring.agency import Agency
from qbo_pipeline_tests.proofs.dying_sync import arm

if __name__ == "__main__":
    folder, day, *death = sys.argv[1:]
    agency = Agency(Path(folder), is_new=False)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    if death:
        arm(death[0], death[1], int(death[2]), "process")
    sys.stdout.write(" ".join(agency.scan(date.fromisoformat(day)).made))
    agency.close()
