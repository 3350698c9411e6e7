"""The page of connections: how each stands, how long it will last, and what can be done about it."""

from dataclasses import dataclass

from starlette.responses import Response

from qbo_pipeline.gateway.overview import ailment
from qbo_pipeline.gateway.published import published
from qbo_pipeline.gateway.visits import Refused, Visit
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.warehouse.query import Connection as Published


@dataclass(frozen=True)
class BusinessEntity:
    """A business entity of the operational system, and its connection if it has one."""

    id: str
    name: str
    connection: str | None


def connections_page(visit: Visit) -> Response:
    """Every business entity and every connection."""
    store, now = visit.gateway.store, visit.gateway.clock()
    found = store.connections.all()
    return visit.page(
        "connections.html.jinja",
        connections=[(each, ailment(each, now), _webhook_url(visit, each)) for each in found],
        business_entities=_business_entities(found),
        environment=visit.gateway.settings.environment,
        callback_url=visit.gateway.callback_url,
        default_webhook_url=f"{visit.gateway.address}/webhooks",
        has_default_app=bool(visit.gateway.settings.client_id and visit.gateway.settings.client_secret),
    )


def reconnect_page(visit: Visit) -> Response:
    """Where Intuit sends people whose consent ends soon: to the one button they came for."""
    realm_id, name = visit.query("realmId"), visit.query("name")
    found = [each for each in visit.gateway.store.connections.all() if realm_id == each.realm_id or name == each.name]
    if not found:
        raise Refused(404, "There is no connection to that company here.")
    return visit.page("reconnect.html.jinja", connection=found[0], problem=ailment(found[0], visit.gateway.clock()))


def _webhook_url(visit: Visit, connection: Connection) -> str:
    base = f"{visit.gateway.address}/webhooks"
    return f"{base}/{connection.client_id}" if connection.client_id else base


def _business_entities(connections: list[Connection]) -> list[BusinessEntity]:
    by_entity = {each.business_entity_id: each.name for each in connections if each.business_entity_id}
    with published() as copy:
        rows = [] if copy is None else _read(copy)
    return [BusinessEntity(entity_id, name, by_entity.get(entity_id)) for entity_id, name in rows]


def _read(copy: Published) -> list[tuple[str, str]]:
    there = copy.execute(
        "select 1 from information_schema.tables where table_schema = 'raw_ops' and table_name = 'business_entities'"
    ).fetchone()
    if there is None:
        return []
    return copy.execute(
        """
        select id, name from raw_ops.business_entities
        qualify row_number() over (partition by id order by updated_at desc, loaded_at desc) = 1
        order by name
        """
    ).fetchall()
