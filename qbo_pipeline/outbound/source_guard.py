"""The last look at the operational system before bytes are frozen: is every source still what a document was derived of?"""

from collections import defaultdict
from collections.abc import Iterable

from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.reading import read_sources
from qbo_pipeline.outbound.document import SourceVersion


def changed_since(ops_database: OpsDatabase, seen: Iterable[SourceVersion]) -> list[SourceVersion]:
    """Those of the sources that changed or vanished since; each kind is read in one query.

    A change that moves no `updated_at` is none. Raises `OpsUnavailable` where the system cannot be read and `UnknownSource`
    for a kind of source that is no document's.
    """
    by_kind: dict[str, list[SourceVersion]] = defaultdict(list)
    for version in seen:
        by_kind[version.kind].append(version)
    return [version for kind, versions in by_kind.items() for version in _changed(ops_database, kind, versions)]


def _changed(ops_database: OpsDatabase, kind: str, versions: list[SourceVersion]) -> list[SourceVersion]:
    now = read_sources(ops_database, kind, [version.id for version in versions])
    return [
        version for version in versions if version.id not in now or now[version.id].updated_at != version.updated_at
    ]
