"""The README shows what there is: its queries are the demo's, its commands exist, its tree is the package's."""

import re
from pathlib import Path

from typer.main import get_command

from qbo_pipeline.cli.main import app
from qbo_pipeline.demo.shows import AFTER_THE_PUSH, QUERIES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_the_queries_of_the_readme_are_those_the_demo_runs() -> None:
    shown = re.findall(r"```sql\n-- (.*?)\n(.*?)\n```", README, flags=re.DOTALL)
    assert tuple(shown) == QUERIES + AFTER_THE_PUSH[:1]


def test_the_two_commands_stand_on_the_first_screen() -> None:
    first_screen = README[:900]
    assert "make demo" in first_screen
    assert "make test" in first_screen


def test_every_verb_of_the_command_line_is_in_the_readme() -> None:
    table = README[README.index("## The command line") :]
    assert [verb for verb in get_command(app).commands if f"`{verb}" not in table] == []


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"make ([a-z-]+)\b", README)) <= targets


def test_every_file_the_readme_links_to_exists() -> None:
    assert [link for link in re.findall(r"\]\(([^)h][^)]*)\)", README) if not (ROOT / link).exists()] == []


def test_every_room_of_the_tree_exists() -> None:
    tree = README[README.index("```\nqbo_pipeline/") :]
    rooms = re.findall(r"^  (\w+(?:\.py|/))", tree, flags=re.MULTILINE)
    assert rooms
    assert [room for room in rooms if not (ROOT / "qbo_pipeline" / room).exists()] == []
