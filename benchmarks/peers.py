"""The same invoices read by the peers that can be run here, from the same emulator: tools as their documentation uses them.

    pip install --no-deps -r benchmarks/requirements.txt
    python -m benchmarks.peers [--invoices N] [--latency-ms MS ...]

`python-quickbooks` reads pages of 1,000 and makes a pandas frame of invoices and one of lines. `dlt rest_api` declares the
query as a resource and lets dlt's normaliser make tables in DuckDB, from Parquet, its fastest format. Neither types what it
reads: amounts become floats and dates stay text.
"""

import argparse
import importlib.util
import json
import os
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import requests

from benchmarks.cost import in_own_process, measured, peak_mb
from benchmarks.emulated import CLIENT_ID, CLIENT_SECRET, Emulated, emulated

LATENCIES_MS = (0, 200)
PAGE_SIZE = 1000


def main() -> None:
    """Measure every case and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, default=20_000)
    parser.add_argument("--latency-ms", type=int, nargs="*", default=LATENCIES_MS)
    parser.add_argument("--case", type=json.loads, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.case:
        print(json.dumps(_measure(**arguments.case)))
        return
    if importlib.util.find_spec("quickbooks") is None:
        raise SystemExit(
            "python-quickbooks is not installed. Run: pip install --no-deps -r benchmarks/requirements.txt"
        )
    print("peer               latency  invoices  seconds  invoices/s  calls  CPU s  per CPU s  peak MB")
    for peer in PEERS:
        for latency_ms in arguments.latency_ms:
            case = in_own_process("benchmarks.peers", peer=peer, invoices=arguments.invoices, latency_ms=latency_ms)
            print(
                f"{peer:18} {latency_ms:4} ms {case['invoices']:9,} {case['seconds']:8.1f} "
                f"{case['invoices'] / case['seconds']:11,.0f} {case['calls']:6} {case['cpu_seconds']:6.1f} "
                f"{case['invoices'] / case['cpu_seconds']:10,.0f} {case['peak_mb']:8,}"
            )


def _measure(peer: str, invoices: int, latency_ms: int) -> dict[str, Any]:
    with emulated([f"generated:{invoices}:1:3"], latency_ms) as quickbooks:
        (realm_id,) = quickbooks.realms()
        read = PEERS[peer](quickbooks, realm_id)
        quickbooks.calls()
        with measured() as cost:
            rows = read()
        calls, _ = quickbooks.calls()
    return {
        "invoices": rows,
        "calls": calls,
        "seconds": cost.seconds,
        "cpu_seconds": cost.cpu_seconds,
        "peak_mb": peak_mb(),
    }


def _python_quickbooks(quickbooks: Emulated, realm_id: str) -> Any:
    import pandas as pd
    from quickbooks import QuickBooks
    from quickbooks.objects.invoice import Invoice

    # Its library refuses the emulator's plain HTTP on loopback otherwise.
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    # In place of intuitlib's client, which asks Intuit for its addresses: what python-quickbooks reads of it.
    tokens = _tokens(quickbooks, realm_id)
    auth = SimpleNamespace(environment="sandbox", client_id=CLIENT_ID, **tokens)
    QuickBooks.sandbox_api_url_v3 = f"{quickbooks.address}/v3"
    client = QuickBooks(auth_client=auth, refresh_token=auth.refresh_token, company_id=realm_id, minorversion=75)

    def read() -> int:
        records: list[dict[str, Any]] = []
        while True:
            page = Invoice.all(order_by="Id", start_position=len(records) + 1, max_results=PAGE_SIZE, qb=client)
            records += [invoice.to_dict() for invoice in page]
            if len(page) < PAGE_SIZE:
                break
        pd.json_normalize(records, record_path="Line", meta="Id", record_prefix="Line.")
        return len(pd.json_normalize(records))

    return read


def _dlt_rest_api(quickbooks: Emulated, realm_id: str) -> Any:
    import dlt
    from dlt.sources.helpers.rest_client.paginators import BasePaginator
    from dlt.sources.rest_api import rest_api_source

    class Positions(BasePaginator):
        """STARTPOSITION stands inside the statement, where none of dlt's own paginators can move it."""

        def __init__(self) -> None:
            super().__init__()
            self.start = 1

        def init_request(self, request: Any) -> None:
            self.update_request(request)

        def update_state(self, response: Any, data: list[Any] | None = None) -> None:
            self.start += PAGE_SIZE
            self._has_next_page = len(data or ()) == PAGE_SIZE

        def update_request(self, request: Any) -> None:
            request.params["query"] = (
                f"select * from Invoice orderby Id startposition {self.start} maxresults {PAGE_SIZE}"
            )

    endpoint = {
        "path": "query",
        "params": {"minorversion": "75"},
        "data_selector": "QueryResponse.Invoice",
        "paginator": Positions(),
    }
    source = rest_api_source(
        {
            "client": {
                "base_url": f"{quickbooks.address}/v3/company/{realm_id}/",
                "auth": {"type": "bearer", "token": _tokens(quickbooks, realm_id)["access_token"]},
                "headers": {"Accept": "application/json"},
            },
            "resources": [
                {"name": "invoice", "primary_key": "Id", "write_disposition": "append", "endpoint": endpoint}
            ],
        }
    )
    folder = Path(tempfile.mkdtemp())
    destination = dlt.destinations.duckdb(str(folder / "peer.duckdb"))
    pipeline = dlt.pipeline("peer", destination=destination, dataset_name="qbo", pipelines_dir=str(folder))

    def read() -> int:
        pipeline.run(source, loader_file_format="parquet")
        with pipeline.sql_client() as client:
            return client.execute_sql("select count(*) from invoice")[0][0]

    return read


def _tokens(quickbooks: Emulated, realm_id: str) -> dict[str, str]:
    form = {"grant_type": "refresh_token", "refresh_token": quickbooks.grant(realm_id)}
    address = f"{quickbooks.address}/oauth2/v1/tokens/bearer"
    answer = requests.post(address, data=form, auth=(CLIENT_ID, CLIENT_SECRET), timeout=60).json()
    return {name: answer[name] for name in ("access_token", "refresh_token")}


PEERS = {"python-quickbooks": _python_quickbooks, "dlt rest_api": _dlt_rest_api}

if __name__ == "__main__":
    main()
