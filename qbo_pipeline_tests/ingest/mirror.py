"""The mirror held against the books: what is landed of a company, and what QuickBooks has."""

from typing import Any

import msgspec

from qbo_pipeline.catalog import ENTITIES, Entity, find_entity
from qbo_pipeline.emulator.faults import QboFault
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

Record = dict[str, Any]

# Values QuickBooks derives move without a new version of the record, so that nothing tells of them.
DERIVED = {"Balance", "BalanceWithJobs", "CurrentBalance", "CurrentBalanceWithSubAccounts", "QtyOnHand"}

_NEWEST = """
    select
        id,
        max_by(operation, rank) = 'delete',
        max_by(payload, rank),
        max_by(payload, rank) filter (where operation = 'upsert')
    from (
        select *, (
            coalesce(updated_at, '-infinity'::timestamptz), coalesce(try_cast(sync_token as bigint), -1), loaded_at, rowid
        ) as rank
        from raw_qbo."{table}" where realm_id = '{realm_id}'
    )
    group by id
"""


def landed(installation: Installation, name: str, realm_id: str = LANDSCAPING) -> dict[str, Record]:
    """The landed records of an entity that are not deleted, by id."""
    rows = installation.query(_NEWEST.format(table=find_entity(name).table, realm_id=realm_id))
    return {record_id: msgspec.json.decode(payload) for record_id, is_deleted, payload, _ in rows if not is_deleted}


def deleted(installation: Installation, name: str, realm_id: str = LANDSCAPING) -> dict[str, Record | None]:
    """The last content of the landed records of an entity that are deleted, by id."""
    rows = installation.query(_NEWEST.format(table=find_entity(name).table, realm_id=realm_id))
    return {
        record_id: msgspec.json.decode(content) if content else None
        for record_id, is_deleted, _, content in rows
        if is_deleted
    }


def books(installation: Installation, name: str, realm_id: str = LANDSCAPING) -> dict[str, Record]:
    """The records of an entity in QuickBooks, by id; none where the company is not offered it."""
    entity, company = find_entity(name), installation.emulator.companies[realm_id]
    found: dict[str, Record] = {}
    while True:
        statement = f"select * from {entity.name}{_condition(entity)} startposition {len(found) + 1} maxresults 1000"
        try:
            answer = msgspec.json.decode(company.query(statement))["QueryResponse"]
        except QboFault:
            return found
        page = next((value for value in answer.values() if isinstance(value, list)), [])
        found |= {_id(record, entity): record for record in page}
        if len(page) < 1000:
            return found


def differences(installation: Installation, realm_id: str = LANDSCAPING) -> dict[str, str]:
    """By entity, how the mirror differs from the books; nothing where they agree."""
    found = {}
    for entity in ENTITIES:
        there, here = books(installation, entity.name, realm_id), landed(installation, entity.name, realm_id)
        missing, ghosts = there.keys() - here.keys(), here.keys() - there.keys()
        outdated = {each for each in there.keys() & here.keys() if _stable(there[each]) != _stable(here[each])}
        if missing or ghosts or outdated:
            found[entity.name] = f"missing {sorted(missing)}, ghosts {sorted(ghosts)}, outdated {sorted(outdated)}"
    return found


def _condition(entity: Entity) -> str:
    order = f" orderby {entity.order_by}" if entity.order_by else ""
    return (" where Active in (true, false)" if entity.hides_inactive else "") + order


def _id(record: Record, entity: Entity) -> str:
    if entity.composed_id:
        return "-".join(record.get(name, "") for name in entity.composed_id)
    return (next(iter(record.values())) if entity.is_wrapped else record)["Id"]


def _stable(record: Record) -> Record:
    return {name: value for name, value in record.items() if name not in DERIVED}
