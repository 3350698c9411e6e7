"""The mark of a run tells whether its process lives, however that ended."""

import subprocess
import sys

import pytest

from qbo_pipeline.settings import Settings, read_settings
from qbo_pipeline.state.asked_runs import AskedRun, AskedRuns

_RUN = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def settings(clean_environment: pytest.MonkeyPatch) -> Settings:
    return read_settings()


def test_a_mark_is_held_for_as_long_as_the_process_lives_and_no_longer(settings: Settings) -> None:
    marks = AskedRuns(settings)
    with marks.marked(_RUN, ("push", "--connection", "main")) as mark:
        # What the process starts in turn holds nothing.
        program = "import subprocess, sys; subprocess.Popen(['sleep', '30']); print(1, flush=True); sys.stdin.read()"
        process = subprocess.Popen(
            [sys.executable, "-c", program], pass_fds=[mark], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
    process.stdout.readline()
    asked = ("push", "--connection", "main")
    assert AskedRuns(settings).all() == [AskedRun(_RUN, asked, is_alive=True)]
    process.kill()
    process.wait()
    assert marks.find(_RUN) == AskedRun(_RUN, asked, is_alive=False)
    marks.end(_RUN)
    assert marks.find(_RUN) is None


def test_progress_is_told_at_most_once_a_second_and_gone_with_the_end(settings: Settings) -> None:
    marks = AskedRuns(settings)
    with marks.marked(_RUN, ("sync",)):
        assert marks.told(_RUN) == {}
        marks.tell(_RUN, {"records_read": 1})
        marks.tell(_RUN, {"records_read": 2})
        assert AskedRuns(settings).told(_RUN) == {"records_read": 1}
        assert [each.run_id for each in marks.all()] == [_RUN]
    marks.end(_RUN)
    assert marks.told(_RUN) == {}
    assert list((settings.home / "runs").iterdir()) == []
