"""The previews of dry runs in the warehouse."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline.warehouse.preview import PREVIEW, replace_previews


def row(realm_id: str, source_id: str, **values: Any) -> dict[str, Any]:
    """A row of which a test says only what it is about."""
    usual = {"realm_id": realm_id, "source_id": source_id, "previewed_at": datetime(2026, 8, 16, tzinfo=UTC)}
    return dict.fromkeys(PREVIEW.names) | usual | values


def test_a_dry_run_replaces_what_the_companys_last_one_left(warehouse: Warehouse) -> None:
    with warehouse.connect("write by hand") as connection:
        replace_previews(connection, "1", [row("1", "a"), row("1", "b")])
        replace_previews(connection, "2", [row("2", "c", total=Decimal("108.00"), month=date(2026, 8, 1))])
        replace_previews(connection, "1", [row("1", "d")])

        found = connection.execute("select source_id, total, month from outbound.preview order by source_id").fetchall()

    assert found == [("c", Decimal("108.00"), date(2026, 8, 1)), ("d", None, None)]


def test_a_dry_run_of_nothing_leaves_nothing(warehouse: Warehouse) -> None:
    with warehouse.connect("write by hand") as connection:
        replace_previews(connection, "1", [row("1", "a")])
        replace_previews(connection, "1", [])

        assert connection.execute("select count(*) from outbound.preview").fetchone() == (0,)
