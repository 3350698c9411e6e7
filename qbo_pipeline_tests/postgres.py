"""A PostgreSQL server to test with, where there is one: each test gets a schema of its own, gone with it."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa


@contextmanager
def schema_of_its_own(prefix: str, *options: str) -> Iterator[str]:
    """The address of a new schema in the server named by QBO_TEST_POSTGRES_URL; the test is skipped without one."""
    url = os.environ.get("QBO_TEST_POSTGRES_URL")
    if not url:
        pytest.skip("needs a PostgreSQL server: set QBO_TEST_POSTGRES_URL")
    name = f"{prefix}_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    in_schema = sa.make_url(url).update_query_dict({"options": " ".join([f"-csearch_path={name}", *options])})
    yield in_schema.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
    engine.dispose()
