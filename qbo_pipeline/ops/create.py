"""Making the contract's tables in a database of one's own: for a new system, a staging database, or the sample."""

import sqlalchemy as sa

from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.errors import OpsRefused
from qbo_pipeline.ops.schema import TABLES, metadata


def create_tables(database: OpsDatabase) -> list[str]:
    """Create every table of the contract with its keys, checks and indexes, all or none; returns their names.

    Raises `OpsRefused` if a table or view of one of these names is there: a real system's data are never touched.
    """
    with database.writing() as connection:
        inspector = sa.inspect(connection)
        present = {*inspector.get_table_names(), *inspector.get_view_names()}
        taken = sorted(present & metadata.tables.keys())
        if taken:
            raise OpsRefused(
                f"{database.where} has tables or views of these names already: {', '.join(taken)}. Nothing was changed. "
                "`qbo-pipeline ops check` says whether they are what is needed; to start anew, name another database in "
                "QBO_OPS_URL."
            )
        metadata.create_all(connection, checkfirst=False)
    return [table.name for table in TABLES]
