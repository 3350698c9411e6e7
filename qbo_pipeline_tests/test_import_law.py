"""Imports go one way, and each heavy library has its rooms."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import qbo_pipeline

PACKAGE = Path(qbo_pipeline.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

# What each room may import of the package. Rooms named together stand side by side; a room may always import itself.
FOUNDATION = {"settings", "catalog"}
BELOW = FOUNDATION | {"quickbooks", "state"}
ROOMS = {
    "settings": set(),
    "catalog": set(),
    "quickbooks": FOUNDATION,
    "state": FOUNDATION | {"quickbooks"},
    "warehouse": FOUNDATION,
    "analytics": {"settings", "warehouse"},
    "owner_report": {"analytics", "warehouse"},
    "ingest": BELOW | {"warehouse"},
    "ops": BELOW | {"warehouse"},
    "outbound": BELOW | {"ops", "warehouse"},
    "orchestration": BELOW | {"ingest", "ops", "outbound", "warehouse", "definitions"},
    "definitions": {"orchestration"},
    "gateway": BELOW | {"outbound", "warehouse", "analytics", "owner_report"},
    "emulator": set(),
    "doctor": BELOW | {"ingest", "warehouse"},
    "console": BELOW | {"ingest", "orchestration", "outbound", "doctor"},
    "backup": BELOW | {"warehouse"},
    "demo": BELOW | {"outbound", "orchestration", "ops", "owner_report", "warehouse", "console", "emulator"},
    "cli": BELOW
    | {
        "ops",
        "outbound",
        "warehouse",
        "orchestration",
        "gateway",
        "owner_report",
        "console",
        "doctor",
        "backup",
        "demo",
    }
    | {"emulator"},
}

LIBRARIES = {
    "dlt": {"ingest", "ops"},
    "duckdb": {"warehouse"},
    "dagster": {"orchestration", "definitions"},
    "dagster_dlt": {"orchestration"},
    "dagster_dbt": {"orchestration"},
    "sqlalchemy": {"state", "ops"},
    "requests_oauthlib": {"quickbooks"},
    "starlette": {"gateway"},
    "uvicorn": {"gateway"},
}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_what_its_room_may(module: Path) -> None:
    room = _room(module)
    if room == "__init__":
        return
    for name in _imports(module):
        top, _, rest = name.partition(".")
        if top == "qbo_pipeline":
            imported = rest.partition(".")[0]
            assert imported == room or imported in ROOMS[room] or not imported, f"{room} imports {name}"
        elif top in LIBRARIES:
            assert room in LIBRARIES[top], f"{name} belongs to {sorted(LIBRARIES[top])}, not to {room}"


def test_every_room_has_its_law() -> None:
    assert {_room(module) for module in MODULES} - {"__init__"} == set(ROOMS)


def _room(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "qbo_pipeline":
            yield from (f"qbo_pipeline.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
