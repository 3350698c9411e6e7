"""Someone who keeps a sample company's books over HTTP, with nothing of our client, and shorthand for what they write."""

import json
from decimal import Decimal
from typing import Any

import msgspec
import requests

from qbo_pipeline.emulator import Emulator
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.web.exchange import JSON

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_JSON = {"Accept": "application/json", "Content-Type": "application/json"}


class Bookkeeper:
    """One HTTP client of one company."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        ((self.realm, self.company),) = emulator.companies.items()
        self._token = emulator.grants.issue(next(iter(emulator.apps)), self.realm).access_token
        self._http = requests.Session()

    def call(self, method: str, path: str, **request: Any) -> requests.Response:
        """A call under the company's address."""
        headers = {"Authorization": f"Bearer {self._token}", **_JSON, **request.pop("headers", {})}
        url = f"{self.emulator.api_url}/v3/company/{self.realm}/{path}"
        return self._http.request(method, url, headers=headers, timeout=10, **request)

    def fetch(self, url: str) -> requests.Response:
        """Whatever a link leads to, without a token."""
        return self._http.get(url, timeout=10)

    def answer(self, path: str, content: Any, **params: str) -> Any:
        """The whole body of a POST's answer."""
        answered = self.call("POST", path, data=_ENCODER.encode(content), params=params)
        assert answered.headers["Content-Type"] == JSON
        return json.loads(answered.content, parse_float=Decimal)

    def post(self, entity: str, content: Any, **params: str) -> Record:
        """The record that a POST answers."""
        body = self.answer(entity, content, **params)
        assert "Fault" not in body, body
        return next(iter(body.values()))

    def refused(self, path: str, content: Any, **params: str) -> str:
        """The code of the fault that a POST gets."""
        (error,) = self.answer(path, content, **params)["Fault"]["Error"]
        return error["code"]

    def update(self, entity: str, record: Record, **changes: Any) -> Record:
        """A sparse update that repeats what even a sparse update needs."""
        kept = {
            name: record[name]
            for name in ("Id", "SyncToken", "CustomerRef", "VendorRef", "PaymentType")
            if name in record
        }
        return self.post(entity, kept | {"sparse": True} | changes)

    def delete(self, entity: str, record: Record) -> Record:
        """Delete with the whole object, as some entities want it."""
        return self.post(entity, record, operation="delete")

    def read(self, entity: str, record_id: str) -> Record:
        """A record by id."""
        body = json.loads(self.call("GET", f"{entity}/{record_id}").content, parse_float=Decimal)
        return next(iter(body.values()))

    def query(self, statement: str) -> Any:
        """The inside of a query's answer."""
        return json.loads(self.call("GET", "query", params={"query": statement}).content, parse_float=Decimal)[
            "QueryResponse"
        ]

    def balance(self, entity: str, record_id: str) -> Decimal:
        """The balance a customer, vendor or account shows."""
        record = self.read(entity, record_id)
        return Decimal(str(record["CurrentBalance" if entity == "account" else "Balance"]))


def reference(record_id: str) -> Record:
    """A reference by id."""
    return {"value": record_id}


def sold(amount: float | None = None, item: str = "1", **detail: Any) -> Record:
    """A line that sells an item."""
    priced = {} if amount is None else {"Amount": amount}
    return priced | {"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": reference(item), **detail}}


def spent(amount: float, account: str = "29", **detail: Any) -> Record:
    """A line that spends on an account."""
    kind = "AccountBasedExpenseLineDetail"
    return {"Amount": amount, "DetailType": kind, kind: {"AccountRef": reference(account), **detail}}


def bought(item: str, quantity: float, price: float, **line: Any) -> Record:
    """A line that buys an item."""
    kind = "ItemBasedExpenseLineDetail"
    return {"DetailType": kind, kind: {"ItemRef": reference(item), "Qty": quantity, "UnitPrice": price}, **line}


def journal_line(side: str, account: str, amount: float, **detail: Any) -> Record:
    """One side of a journal entry."""
    kind = "JournalEntryLineDetail"
    posted = {"PostingType": side, "AccountRef": reference(account), **detail}
    return {"Amount": amount, "DetailType": kind, kind: posted}


def linked(kind: str, record_id: str, **link: str) -> list[Record]:
    """A LinkedTxn with one link."""
    return [{"TxnType": kind, "TxnId": record_id, **link}]


def paid(amount: float, kind: str, record_id: str) -> Record:
    """A payment's line."""
    return {"Amount": amount, "LinkedTxn": linked(kind, record_id)}
