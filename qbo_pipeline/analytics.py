"""The books for Python users: a connection to `analytics.duckdb`, and data frames.

    from qbo_pipeline import analytics

    analytics.frame("select * from qbo.invoice where realm_id = ? and balance > 0", ["9341450000000001"])

Each call opens the copy that is there at that moment and keeps to it, whatever the pipeline publishes meanwhile. Readers
neither wait for the pipeline nor hold it up.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qbo_pipeline.settings import read_settings
from qbo_pipeline.warehouse.query import Connection, arrow_rows, attach_published

if TYPE_CHECKING:
    import pandas as pd


def connect(path: Path | str | None = None) -> Connection:
    """A DuckDB connection to the copy for analysts, `path` or that of `QBO_HOME`; close it, or use it in a `with`.

    Nothing in the copy can be changed; tables made with `create temp table` live with the connection. Instants are in UTC.
    Raises `FileNotFoundError` where nothing was published yet.
    """
    published = Path(path) if path else read_settings().analytics_path
    if not published.exists():
        raise FileNotFoundError(
            f"There is no {published}. A sync publishes it: `qbo-pipeline sync`. Another installation's is found by QBO_HOME."
        )
    return attach_published(published)


def frame(
    sql: str, parameters: Sequence[object] | Mapping[str, object] | None = None, *, path: Path | str | None = None
) -> "pd.DataFrame":
    """The result of a query as a pandas data frame.

    Amounts, quantities and rates are `decimal.Decimal`, exact to the cent: columns of objects, which sum exactly;
    `astype(float)` is for plotting. Dates and instants are datetime64, instants in UTC. Parameters are `?` or `$name`.
    """
    with connect(path) as connection:
        return arrow_rows(connection, sql, parameters).to_pandas(date_as_object=False)
