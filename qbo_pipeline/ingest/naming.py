"""Reading records by their ids, because somebody told that they changed.

Who told it may be wrong, late or early: a record that a query does not show is asked for by its id before anything is
concluded, and one that is gone for good is a deletion only where it was landed.
"""

from collections.abc import Sequence
from datetime import datetime

from qbo_pipeline.catalog import Entity
from qbo_pipeline.ingest.deletions import confirmed
from qbo_pipeline.ingest.merges import follow_merges
from qbo_pipeline.ingest.messages import Pages, Reader, Reading
from qbo_pipeline.quickbooks.record import Record, tombstone
from qbo_pipeline.warehouse.landed import live_records


def read_named(reader: Reader, reading: Reading) -> int:
    """Tell the records of `reading.ids` as they are now, deleted ones among them; how many there were."""
    client, entity = reader.company.client, reading.entity
    found = client.read_many(entity, reading.ids)
    missing = sorted(set(reading.ids) - {record.id for record in found})
    if missing and client.server_time is not None:
        found += _gone_or_hidden(reader, entity, missing, client.server_time)
    follow_merges(reader, entity, found)
    if found:
        reader.tell(Pages(reader.company, entity, found))
    return len(found)


def _gone_or_hidden(reader: Reader, entity: Entity, missing: Sequence[str], as_of: datetime) -> list[Record]:
    """What became of records that a query did not find: too new for it, or deleted, which matters where they are landed."""
    second = as_of.replace(microsecond=0)
    settled = confirmed(reader.company.client, entity, [tombstone(each, second) for each in missing], as_of)
    if not any(record.is_deleted for record in settled):
        return settled
    realm_id, table = reader.company.realm_id, entity.table
    landed = reader.ask(lambda connection: live_records(connection, realm_id, table))
    return [record for record in settled if not record.is_deleted or (entity.can_be_deleted and record.id in landed)]
