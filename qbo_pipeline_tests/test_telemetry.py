"""Nothing is reported to the makers of the tools: asked in a process of its own, since it is decided at import."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from pathlib import Path
from qbo_pipeline.ingest.landing import _pipeline
from qbo_pipeline.settings import Settings
from qbo_pipeline.warehouse.file import open_warehouse
from dlt.common.runtime import anon_tracker
_pipeline(open_warehouse(Settings(QBO_HOME=Path(sys.argv[1]))), Path(sys.argv[1]))
print(anon_tracker._ANON_TRACKER_ENDPOINT)
"""


def test_a_pipeline_reports_nothing_to_the_makers_of_dlt(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(tmp_path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "None"
