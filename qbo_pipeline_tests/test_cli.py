"""The command line: what each verb answers, its exit code, and that it never shows a secret."""

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from typer.main import get_command

from qbo_pipeline.cli.main import app, main
from qbo_pipeline.emulator import Emulator
from qbo_pipeline.state.sync_log import LogStatus
from qbo_pipeline_tests.installation import CONSULTANCY, LANDSCAPING, Installation

VERBS = sorted(get_command(app).commands)


@dataclass(frozen=True)
class Answer:
    """What a command line came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> object:
        return json.loads(self.out)


Run = Callable[..., Answer]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs the program in this process; nothing it prints may hold the app's secret or anything of a token."""

    def call(*arguments: str, stdin: str = "", secrets: tuple[str, ...] = ()) -> Answer:
        monkeypatch.setattr(sys, "argv", ["qbo-pipeline", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capfd.readouterr()
        for secret in ("emulator-secret", "AB11", "eyJ", *secrets):
            assert secret not in printed.out + printed.err
        code = ended.value.code
        return Answer(code if isinstance(code, int) else 0 if code is None else 1, printed.out, printed.err)

    return call


@pytest.fixture
def connected(install: Callable[..., Installation]) -> Installation:
    """Two connections, `us` and `uk`."""
    made = install("landscaping", "consultancy")
    made.connect("us", LANDSCAPING)
    made.connect("uk", CONSULTANCY)
    return made


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(run: Run, verb: str) -> None:
    answer = run(verb, "--help")
    assert answer.code == 0
    assert "Usage:" in answer.out


@pytest.mark.parametrize("arguments", [["bogus"], ["sync", "--bogus"], ["connect"], ["log", "--limit", "0"]])
def test_wrong_usage_exits_with_2(run: Run, clean_environment: object, arguments: list[str]) -> None:
    assert run(*arguments).code == 2


@pytest.mark.parametrize(
    "arguments", [["sync", "--connection", "fr"], ["log", "--connection", "fr"], ["disconnect", "fr"]]
)
def test_an_unknown_connection_lists_the_known_ones(run: Run, connected: Installation, arguments: list[str]) -> None:
    answer = run(*arguments)
    assert answer.code == 2
    assert "There is no connection 'fr'. The known ones are: uk, us." in answer.err


def test_an_unknown_entity_lists_the_known_ones(run: Run, connected: Installation) -> None:
    answer = run("sync", "--entity", "Invoices")
    assert answer.code == 2
    assert "'Invoices'" in answer.err
    assert "CompanyInfo, Preferences, Account" in answer.err


def test_settings_that_cannot_be_used_are_all_named(run: Run, clean_environment: pytest.MonkeyPatch) -> None:
    clean_environment.setenv("QBO_ENVIRONMENT", "moon")
    clean_environment.setenv("QBO_SYNC_BUDGET_SECONDS", "-1")
    answer = run("connections")
    assert answer.code == 1
    assert "QBO_ENVIRONMENT" in answer.err
    assert "QBO_SYNC_BUDGET_SECONDS" in answer.err


def test_without_a_connection_there_is_nothing_to_sync(run: Run, install: Callable[..., Installation]) -> None:
    install()
    answer = run("sync")
    assert answer.code == 1
    assert "qbo-pipeline connect NAME" in answer.err
    assert "qbo-pipeline connect NAME" in run("connections").out


def test_a_company_is_connected_from_a_refresh_token(run: Run, install: Callable[..., Installation]) -> None:
    installation = install()
    token = installation.emulator.grant(LANDSCAPING)
    answer = run("connect", "us", "--realm-id", LANDSCAPING, "--refresh-token-file", "-", stdin=token + "\n")
    assert answer.code == 0
    assert f"realm {LANDSCAPING}, sandbox) as us" in answer.out
    (connection,) = run("connections", "--json").json
    assert (connection["name"], connection["status"], connection["realm_id"]) == ("us", "active", LANDSCAPING)
    assert "us" in run("connections").out


def _other_app(emulator: Emulator, **differences: str) -> None:
    from qbo_pipeline.emulator.oauth.apps import App

    emulator.add_app(App(**{"client_id": "mine", "client_secret": "my-secret-of-the-app"} | differences))


def test_a_connect_that_fails_says_what_is_wrong_and_stores_nothing(
    run: Run, install: Callable[..., Installation], tmp_path: Path
) -> None:
    installation = install("landscaping", "consultancy")
    grant = installation.emulator.grant
    _other_app(installation.emulator, environment="production")
    secret = tmp_path / "secret"

    def connect(realm_id: str, token: str, *more: str) -> str:
        arguments = ["connect", "us", "--realm-id", realm_id, "--refresh-token-file", "-", *more]
        answer = run(*arguments, stdin=token, secrets=("my-secret-of-the-app",))
        assert answer.code == 1
        assert installation.store.connections.all() == []
        return answer.err

    assert "does not accept the refresh token" in connect(LANDSCAPING, "AB11-mistyped")
    assert f"does not open realm {CONSULTANCY}" in connect(CONSULTANCY, grant(LANDSCAPING))
    assert "no realm id" in connect("my company", grant(LANDSCAPING))
    secret.write_text("wrong")
    own_app = ("--client-id", "mine", "--client-secret-file", str(secret))
    assert "client id and secret of app mine" in connect(LANDSCAPING, grant(LANDSCAPING, "mine"), *own_app)
    secret.write_text("my-secret-of-the-app")
    assert "the environment" in connect(LANDSCAPING, grant(LANDSCAPING, "mine"), *own_app)


def test_a_realm_is_connected_once(run: Run, connected: Installation) -> None:
    arguments = ["connect", "again", "--realm-id", LANDSCAPING, "--refresh-token-file", "-"]
    answer = run(*arguments, stdin=connected.emulator.grant(LANDSCAPING))
    assert answer.code == 1
    assert f"Realm {LANDSCAPING} is already connected as us" in answer.err


def test_disconnecting_one_leaves_the_others(run: Run, connected: Installation) -> None:
    answer = run("disconnect", "us")
    assert answer.code == 0
    by_name = {each["name"]: each for each in run("connections", "--json").json}
    assert (by_name["us"]["status"], by_name["uk"]["status"]) == ("inactive", "active")
    assert connected.pull(entities=["Term"]).unsynced == []


def test_the_log_shows_rows_calls_and_errors(run: Run, connected: Installation, unhurried: None) -> None:
    connected.script("from Invoice", status=400, code="2020", type="ValidationFault", message="Required")
    connected.pull(entities=["Customer", "Invoice"])
    lines = run("log", "--json").json
    by_key = {(line["connection"], line["entity"]): line for line in lines}
    assert by_key["us", None]["status"] == "partly"
    assert by_key["us", "customer"]["created"] == 29
    assert "code 2020" in by_key["us", "invoice"]["error"]
    assert by_key["us", "customer"]["calls"] == by_key["us", "customer"]["metered_calls"] == 1
    assert [line["entity"] for line in run("log", "--status", "error", "--json").json] == ["invoice"]
    assert {line["connection"] for line in run("log", "--connection", "uk", "--json").json} == {"uk"}
    assert len(run("log", "--limit", "1", "--json").json) == 1
    assert run("log", "--since", "2999-01-01", "--json").json == []
    assert "customer" in run("log").out


def test_a_status_the_log_does_not_know_is_refused_with_those_it_does(run: Run, clean_environment: object) -> None:
    answer = run("log", "--status", "ok")
    assert answer.code == 2
    assert all(f"'{status}'" in answer.err for status in LogStatus)


def _findings(run: Run) -> dict[str, dict[str, object]]:
    answer = run("doctor", "--json")
    findings = answer.json
    assert answer.code == (1 if any(each["fix"] for each in findings) else 0)
    text = run("doctor").out
    assert all(each["subject"] in text for each in findings)
    return {each["subject"]: each for each in findings}


def test_the_doctor_finds_nothing_wrong_with_a_synced_installation(run: Run, connected: Installation) -> None:
    connected.pull(entities=["Term"])
    (connected.home / "analytics.duckdb").touch()
    assert [subject for subject, each in _findings(run).items() if each["fix"]] == []


def test_the_doctor_names_each_problem_with_its_fix(run: Run, connected: Installation) -> None:
    assert "qbo-pipeline sync" in _findings(run)["warehouse"]["fix"]
    assert "qbo-pipeline sync --connection us" in _findings(run)["connection us"]["fix"]
    connected.store.connections.deactivate("us", "it was revoked")
    (connected.home / "warehouse.duckdb").write_bytes(b"this is no database" * 1000)
    findings = _findings(run)
    assert findings["connection us"]["what"] == "inactive: it was revoked"
    assert "`qbo-pipeline connect us`" in findings["connection us"]["fix"]
    assert "could not be opened" in findings["warehouse"]["what"]
    assert findings["warehouse"]["fix"]
    connected.store.connections.deactivate("us", "disconnected by hand", erase_tokens=True)
    assert _findings(run)["connection us"]["fix"] is None


def test_the_doctor_does_not_send_an_active_connection_to_a_connect_that_refuses(
    run: Run, connected: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qbo_pipeline.doctor.TOKEN_NOTICE", timedelta(days=5000))
    assert _findings(run)["connection us"]["fix"].startswith("`qbo-pipeline disconnect us`")


@pytest.mark.parametrize("lost", ["token.key", "state.db"])
def test_the_doctor_names_a_lost_key_and_a_damaged_store_and_changes_neither(
    run: Run, connected: Installation, lost: str
) -> None:
    connected.store.close()
    path = connected.home / lost
    if lost == "token.key":
        path.unlink()
    else:
        for each in connected.home.glob("state.db*"):
            if each.is_file():
                each.write_bytes(b"this is no database" * 1000)
    finding = _findings(run)["state store"]
    assert lost in finding["what"] or "key" in finding["what"]
    assert finding["fix"]
    assert not path.exists() if lost == "token.key" else path.read_bytes() == b"this is no database" * 1000
    assert run("connections").code == (0 if lost == "token.key" else 1)


def test_a_sync_that_could_read_nothing_exits_with_1_and_names_it(
    run: Run, connected: Installation, definitions: object, unhurried: None
) -> None:
    for realm_id in (LANDSCAPING, CONSULTANCY):
        connected.emulator.grants.disconnect(realm_id)
    answer = run("sync", "--json")
    assert answer.code == 1
    report = answer.json
    assert report["succeeded"] is False
    assert {entry["connection"] for entry in report["entries"] if "invalid_grant" in (entry["error"] or "")} == {
        "us",
        "uk",
    }
    assert "2 of 2 connections were not synced" in report["failures"][0]
    assert "Traceback" not in report["failures"][0]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_sync_of_which_something_was_left_out_exits_with_1_and_names_it(
    run: Run, synced: Installation, definitions: object, unhurried: None
) -> None:
    complete = run("sync", "--json")
    assert complete.code == 0
    assert {entry["status"] for entry in complete.json["entries"]} == {"synced"}
    synced.script("from TimeActivity", status=400, code="2020", type="ValidationFault", message="Required")
    partly = run("sync", "--json")
    assert partly.code == 1
    by_key = {(entry["connection"], entry["entity"]): entry for entry in partly.json["entries"]}
    assert (by_key["us", None]["status"], by_key["uk", None]["status"]) == ("partly", "synced")
    told = "time_activity: Reading TimeActivity of 'us' failed (HTTP 400, code 2020"
    assert by_key["us", None]["error"].startswith(told)
    shown = run("sync")
    assert shown.code == 1
    assert "partly" in shown.out
    assert run("sync", "--connection", "uk").code == 0
    synced.emulator.scripted_faults.clear()
    assert run("disconnect", "uk").code == 0
    assert run("sync").code == 0
    assert run("sync", "--connection", "uk").code == 1
