"""The dbt project as Dagster runs it: where it is, its manifest, and the environment its process gets.

The manifest is built ahead, once for each state of the project's files, and kept in `QBO_HOME`: building it takes seconds
that loading the code location must not pay. Where it is missing, as after `pip install`, it is built on first use.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from qbo_pipeline.settings import Settings

_PACKAGE = Path(__file__).resolve().parent.parent
_PROJECT_FILES = ("*.sql", "*.yml")
# What somebody who runs dbt by hand leaves in the project.
_WRITTEN_BY_DBT = ("target", "logs", "dbt_packages")


class ManifestError(Exception):
    """dbt could not read the project; the message carries what it said."""


def project_dir() -> Path:
    """The dbt project: inside an installed package, or beside the package in a checkout."""
    packaged = _PACKAGE / "dbt_or_sql"
    return packaged if packaged.exists() else _PACKAGE.parent / "dbt_or_sql"


def dbt_executable() -> str:
    """The `dbt` of this interpreter, whether or not its environment is activated."""
    beside = Path(sys.executable).with_name("dbt")
    return str(beside) if beside.exists() else "dbt"


def target_dir(settings: Settings) -> Path:
    """Where dbt puts what it made of its last command; the next one writes over it."""
    return settings.home / "dbt" / "target"


def dbt_environment(settings: Settings) -> dict[str, str]:
    """What a dbt process needs to know: the warehouse, its limits, and where its own files go."""
    folder = settings.home / "dbt"
    return {
        "QBO_WAREHOUSE_PATH": str(settings.warehouse_path),
        "QBO_DUCKDB_MEMORY_LIMIT": settings.duckdb_memory_limit,
        "QBO_SNAPSHOT_DAYS": str(settings.snapshot_days),
        "DBT_TARGET_PATH": str(target_dir(settings)),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DBT_PROFILES_DIR": str(project_dir()),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


def manifest_path(settings: Settings) -> Path:
    """The manifest of the project's files as they are now, built if it is not there yet."""
    manifest = settings.home / "dbt" / f"manifest-{_fingerprint(project_dir())}.json"
    if not manifest.exists():
        _build_manifest(settings, manifest)
    return manifest


def _fingerprint(project: Path) -> str:
    digest = hashlib.sha256()
    files = sorted(path for pattern in _PROJECT_FILES for path in project.rglob(pattern))
    for path in (path for path in files if path.relative_to(project).parts[0] not in _WRITTEN_BY_DBT):
        digest.update(str(path.relative_to(project)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _build_manifest(settings: Settings, manifest: Path) -> None:
    environment: Mapping[str, str] = os.environ | dbt_environment(settings)
    manifest.parent.mkdir(parents=True, exist_ok=True)
    parse = subprocess.run(
        [dbt_executable(), "--quiet", "parse", "--project-dir", str(project_dir())],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if parse.returncode != 0:
        raise ManifestError(f"dbt could not read the project at {project_dir()}:\n{parse.stdout}{parse.stderr}")
    for outdated in manifest.parent.glob("manifest-*.json"):
        outdated.unlink()
    # Renamed into place, so that a process starting at the same time never reads half of it.
    (target_dir(settings) / "manifest.json").replace(manifest)
