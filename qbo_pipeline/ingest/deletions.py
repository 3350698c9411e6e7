"""Deletions: told by the change feed, or found because a landed record is no longer there.

A record is reported deleted only on the strength of a read that is proven complete, and after QuickBooks was asked for that
very record. In particular:

* A page, an entity or a company that fails raises before anything is concluded, and so does an entity no longer offered.
* A record created or changed since the read began may stand behind the pages that were read: landed records changed at or
  after its first page, on QuickBooks' clock, are not looked at. Their deletion is found by the next comparison.
* A record that QuickBooks still gives by its id lands as it is now, whoever said that it was deleted.

A tombstone found here bears the instant of that first page, so that any later version of the record outranks it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from qbo_pipeline.catalog import Entity
from qbo_pipeline.ingest.messages import Reader
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.errors import InvalidQuery, NotFound, Refused
from qbo_pipeline.quickbooks.record import Record, tombstone
from qbo_pipeline.warehouse.landed import live_records, vanished_records

# A read that finds nothing is not billed, while a query is; past this many one query for all of them is quicker.
ONE_BY_ONE_MAX = 25


def confirmed(client: QuickBooks, entity: Entity, tombstones: Sequence[Record], as_of: datetime) -> list[Record]:
    """The tombstones that hold true, and in place of the others the records as they are; `as_of` stamps one without time.

    The feed is known to have flagged records as deleted that were only changed.
    """
    if not tombstones:
        return []
    living = _still_there(client, entity, [each.id for each in tombstones])
    alive = {record.id for record in living}
    dead = [each for each in tombstones if each.id not in alive]
    return living + [each if each.updated_at else replace(each, updated_at=as_of) for each in dead]


def find_vanished(reader: Reader, entity: Entity, present: set[str], as_of: datetime) -> list[Record]:
    """Tombstones of the landed records that a complete read of their entity, begun at `as_of`, did not find.

    `present` are all the ids it found.
    """
    realm_id, second = reader.company.realm_id, as_of.replace(microsecond=0)
    missing = reader.ask(lambda connection: vanished_records(connection, realm_id, entity.table, present, second))
    return confirmed(reader.company.client, entity, [tombstone(each, second) for each in missing], as_of)


def are_all_there(reader: Reader, entity: Entity, read: set[str], known_deleted: frozenset[str]) -> bool:
    """Whether QuickBooks counts as many records as are landed, with those just `read` and without `known_deleted`.

    The count is taken after the read. A record created in between makes it differ, which costs a needless look; a deletion
    that such a record hides is found by the next comparison.
    """
    counted = reader.company.client.count(entity)
    realm_id = reader.company.realm_id
    live = reader.ask(lambda connection: live_records(connection, realm_id, entity.table))
    return counted == len((live | read) - known_deleted)


def _still_there(client: QuickBooks, entity: Entity, ids: Sequence[str]) -> list[Record]:
    try:
        if len(ids) > ONE_BY_ONE_MAX or entity.is_wrapped:
            return client.read_many(entity, ids)
        return _read_one_by_one(client, entity, ids)
    except InvalidQuery:
        return []  # It cannot be asked for by id: what was said of it stands.


def _read_one_by_one(client: QuickBooks, entity: Entity, ids: Sequence[str]) -> list[Record]:
    found = []
    for record_id in ids:
        try:
            found.append(client.read(entity, record_id))
        except NotFound:
            continue
        except Refused:
            return client.read_many(entity, ids)  # Not every entity can be read singly.
    return [record for record in found if not record.is_deleted]
