"""Merged names: documents move from the loser to the winner, and QuickBooks does not always say that they changed.

All that reliably arrives is the loser, now inactive, which looks like any deactivated name. So the records that refer to a
name landed as active are read again when it arrives inactive. They are told before the name itself: a run that breaks off
in between finds the name still active in the warehouse, and follows it again.
"""

from collections.abc import Sequence

from qbo_pipeline.catalog import Entity, Kind, find_entity
from qbo_pipeline.ingest.messages import Reader, Reread
from qbo_pipeline.quickbooks.record import Record
from qbo_pipeline.warehouse.landed import referring_records


def follow_merges(reader: Reader, entity: Entity, records: Sequence[Record]) -> None:
    """Read again what refers to those of `records` that were deactivated or merged since they were last landed."""
    inactive = [record.id for record in records if not (record.is_active or record.is_deleted)]
    if entity.kind is not Kind.LIST or not inactive:
        return
    realm_id = reader.company.realm_id
    referring = reader.ask(lambda connection: referring_records(connection, realm_id, entity, inactive))
    for table, ids in referring.items():
        other = find_entity(table)
        reader.tell(Reread(reader.company, other, reader.company.client.read_many(other, ids)))
