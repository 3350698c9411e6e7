"""The emulated QuickBooks in a process of its own, and the sample companies connected to it."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import requests

from qbo_pipeline.console import console
from qbo_pipeline.demo.samples import BUSINESS_ENTITIES, SAMPLES
from qbo_pipeline.emulator.oauth.apps import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET
from qbo_pipeline.settings import Environment, Settings
from qbo_pipeline.state.connect import App, connect_headless
from qbo_pipeline.state.store import open_state


@contextlib.contextmanager
def emulated_quickbooks(settings: Settings, *, port: int) -> Iterator[str]:
    """The emulator in a process of its own, at its address; grants and dates are kept in `QBO_HOME` for the next start."""
    state_file = settings.home / "emulator.json"
    _forget_lost_grants(settings, state_file)
    settings.home.mkdir(parents=True, exist_ok=True)
    samples = [argument for sample in SAMPLES.values() for argument in ("--company", sample)]
    place = ["--port", str(port), "--state-file", str(state_file)]
    with subprocess.Popen(
        [sys.executable, "-m", "qbo_pipeline.emulator", *place, *samples], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield _address(process)
        finally:
            process.terminate()


def _address(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline() if process.stdout else ""
    words = line.split()
    address = next((word for word in words if word.startswith("http://")), None)
    if address is None:
        raise OSError("The emulated QuickBooks did not start; its own message stands above. Another port: --port.")
    return address


def connect_samples(settings: Settings, url: str) -> None:
    """Connect each sample company that is not connected yet, with the app's own credentials kept beside its tokens."""
    served = requests.get(f"{url}/admin/companies", timeout=30).json()
    at_emulator = settings.model_copy(
        update={
            "api_url": url,
            "authorize_url": f"{url}/connect/oauth2",
            "token_url": f"{url}/oauth2/v1/tokens/bearer",
            "revoke_url": f"{url}/v2/oauth2/tokens/revoke",
        }
    )
    with open_state(settings) as store:
        connected = {each.name for each in store.connections.all() if each.is_active}
        for name, company in zip(SAMPLES, served, strict=True):
            if name in connected:
                continue
            order = {"realm_id": company["realm_id"], "client_id": DEFAULT_CLIENT_ID}
            grant = requests.post(f"{url}/admin/grants", json=order, timeout=30).json()
            connection = connect_headless(
                store,
                at_emulator,
                name,
                company["realm_id"],
                grant["refresh_token"],
                environment=Environment.SANDBOX,
                app=App(DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET),
                business_entity_id=BUSINESS_ENTITIES[name],
            )
            console.say(f"Connected {connection.company_name} as {connection.name}.")


def _forget_lost_grants(settings: Settings, state_file: Path) -> None:
    """An emulator that starts anew knows none of the tokens it gave: its companies are to be connected again."""
    if state_file.exists() or not settings.home.exists():
        return
    with open_state(settings) as store:
        for connection in store.connections.all():
            if connection.name in SAMPLES and connection.is_active:
                store.connections.deactivate(connection.name, "the emulator it was connected to is gone")
