"""Which companies' webhooks can be relied on: those that were heard, over an app that is alive, and that left nothing out.

A company in which nothing happens sends nothing, so what proves that it would be heard is another of the same app that was,
within a day. One of which a sync found a new document that nobody had told of is not relied on for a week: its app may be
subscribed to less than we read.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection as File

from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.webhook_file import inbox_file

ALIVE_WITHIN = timedelta(days=1)
DEAF_FOR = timedelta(days=7)
# What came so lately may not have been read yet, and is no proof of anything.
_JUST_TOLD = timedelta(minutes=15)

_SCHEMA = "create table if not exists missed (realm_id text primary key, missed_at text not null)"


class Hearing:
    """What the webhook inbox in `path` says of who is heard."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._clock = clock

    def relied_on(self, connections: Sequence[Connection]) -> set[str]:
        """The realms whose webhooks tell what happens in them."""
        if not self._path.exists():
            return set()
        now = self._clock()
        with self._opened() as file:
            heard = self._heard(file)
            missed = dict(file.execute("select realm_id, missed_at from missed").fetchall())
        apps = {each.client_id for each in connections if now - heard.get(each.realm_id, _NEVER) < ALIVE_WITHIN}
        deaf = {realm_id for realm_id, at in missed.items() if now - datetime.fromisoformat(at) < DEAF_FOR}
        return {
            each.realm_id
            for each in connections
            if each.client_id in apps and each.realm_id in heard and each.realm_id not in deaf
        }

    def note_missed(self, realm_ids: Collection[str]) -> None:
        """Of these a sync found new documents; where none was told of just now, nobody had told of them."""
        if not realm_ids or not self._path.exists():
            return
        now = self._clock()
        with self._opened() as file:
            heard = self._heard(file)
            missed = [each for each in realm_ids if now - heard.get(each, _NEVER) > _JUST_TOLD]
            file.executemany(
                "insert or replace into missed values (?, ?)", [(each, now.isoformat()) for each in missed]
            )

    def _heard(self, file: File) -> dict[str, datetime]:
        rows = file.execute("select realm_id, max(received_at) from event group by realm_id").fetchall()
        return {realm_id: datetime.fromisoformat(at) for realm_id, at in rows}

    @contextmanager
    def _opened(self) -> Iterator[File]:
        with inbox_file(self._path) as file:
            file.execute(_SCHEMA)
            yield file


_NEVER = datetime.min.replace(tzinfo=UTC)
