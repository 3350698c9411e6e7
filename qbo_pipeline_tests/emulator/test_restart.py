import re
import signal
import stat
import subprocess
import sys
from datetime import date

import msgspec
import pytest
import requests

from qbo_pipeline.emulator import Emulator
from qbo_pipeline.emulator.faults import QboFault
from qbo_pipeline.emulator.oauth.apps import App
from qbo_pipeline.emulator.state_file import DamagedStateError

REALM = "9341450000000077"


def refresh(emulator, refresh_token, app=("emulator-client", "emulator-secret")):
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return requests.post(emulator.token_url, data=form, auth=app, timeout=10)


def test_a_restarted_emulator_honours_its_grants(tiny_company, tmp_path):
    state_file = tmp_path / "emulator.json"
    with Emulator([tiny_company], state_file=state_file) as emulator:
        emulator.settings.refresh_rotation_seconds = 0
        replaced = emulator.grant(REALM)
        kept = refresh(emulator, replaced).json()
        emulator.add_app(App("hosted", "hosted-secret"))
        hosted = emulator.grant(REALM, "hosted")
    with Emulator([tiny_company], state_file=state_file) as again:
        assert refresh(again, replaced).json()["error"] == "invalid_grant"
        assert refresh(again, kept["refresh_token"]).status_code == 200
        assert refresh(again, hosted, ("hosted", "hosted-secret")).status_code == 200
        headers = {"Authorization": f"Bearer {kept['access_token']}"}
        assert requests.get(f"{again.api_url}/v3/company/{REALM}/preferences", headers=headers, timeout=10).ok


def test_a_restarted_emulator_serves_the_books_of_the_same_day(tiny_company, tmp_path):
    state_file = tmp_path / "emulator.json"
    with Emulator([tiny_company], as_of=date(2026, 2, 3), state_file=state_file):
        pass
    with Emulator([tiny_company], state_file=state_file) as again:
        assert again.as_of == date(2026, 2, 3)


def test_the_state_file_is_its_owner_s_alone(tiny_company, tmp_path):
    state_file = tmp_path / "emulator.json"
    with Emulator([tiny_company], state_file=state_file) as emulator:
        emulator.grant(REALM)
    assert stat.S_IMODE(state_file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["emulator.json"]


@pytest.mark.parametrize("content", ["", "{", '{"grants": 1}', "\udcff"])
def test_a_damaged_state_file_is_refused_and_left_alone(tiny_company, tmp_path, content):
    state_file = tmp_path / "emulator.json"
    state_file.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(DamagedStateError, match=re.escape(str(state_file))):
        Emulator([tiny_company], state_file=state_file)
    assert state_file.read_bytes() == content.encode(errors="surrogateescape")


def test_the_environment_points_a_client_here(tiny_company):
    with Emulator([tiny_company]) as emulator:
        environment = emulator.environment()
        assert environment["QBO_API_URL"] == emulator.url
        app = environment["QBO_CLIENT_ID"], environment["QBO_CLIENT_SECRET"]
        form = {"grant_type": "refresh_token", "refresh_token": emulator.grant(REALM)}
        assert requests.post(environment["QBO_TOKEN_URL"], data=form, auth=app, timeout=10).status_code == 200


def run(*arguments):
    command = [sys.executable, "-m", "qbo_pipeline.emulator", "--port", "0", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_program_says_where_it_serves_and_ends_cleanly(number):
    with run("--company", "generated:5", "--company", "generated:5:2") as program:
        line = program.stdout.readline()
        match = re.fullmatch(r"QuickBooks emulator at (http://127\.0\.0\.1:\d+) \(companies: .+\)\n", line)
        assert match, line + program.stderr.read()
        companies = requests.get(f"{match[1]}/admin/companies", timeout=10).json()
        program.send_signal(number)
        assert program.wait(10) == 0
        assert program.stderr.read() == ""
    assert [company["realm_id"] for company in companies] == ["9341450000001001", "9341450000001002"]


def test_the_program_names_what_it_cannot_serve():
    with run("--company", "nothing") as program:
        assert program.wait(30) == 1
        assert "landscaping" in program.stderr.read()


def test_what_was_written_is_there_again_with_its_ids_numbers_and_times(tmp_path):
    state_file = tmp_path / "emulator.json"
    invoice = {
        "CustomerRef": {"value": "1"},
        "Line": [
            {"Amount": 12.5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}
        ],
    }
    with Emulator(["landscaping"], as_of=date(2026, 2, 3), state_file=state_file) as emulator:
        (company,) = emulator.companies.values()
        company.write("customer", msgspec.json.encode({"DisplayName": "Newcomer"}), {"requestid": "r-1"})
        made = msgspec.json.decode(company.write("invoice", msgspec.json.encode(invoice), {}))["Invoice"]
        items = [{"bId": "1", "operation": "create", "Customer": {"DisplayName": "In a batch"}}]
        company.batch(msgspec.json.encode({"BatchItemRequest": items}), {})
        company.delete("Invoice", "130")
        with pytest.raises(QboFault):
            company.write("customer", msgspec.json.encode({"DisplayName": "Newcomer"}), {})
        before = [company.query(f"select * from {name}") for name in ("Customer", "Invoice")]
    with Emulator(["landscaping"], state_file=state_file) as again:
        (company,) = again.companies.values()
        assert msgspec.json.decode(company.read("invoice", made["Id"]))["Invoice"] == made
        after = [company.query(f"select * from {name}") for name in ("Customer", "Invoice")]
        assert [_records(answer) for answer in after] == [_records(answer) for answer in before]
        answer = company.write("customer", msgspec.json.encode({"DisplayName": "Newcomer"}), {"requestid": "r-1"})
        assert b"Newcomer" in answer


def test_a_line_that_was_being_written_when_it_died_is_left_out_and_any_other_damage_is_refused(tmp_path):
    state_file, changes = tmp_path / "emulator.json", tmp_path / "emulator.changes.jsonl"
    with Emulator(["landscaping"], state_file=state_file) as emulator:
        (company,) = emulator.companies.values()
        company.write("customer", b'{"DisplayName": "Newcomer"}', {})
    whole = changes.read_bytes()
    changes.write_bytes(whole + whole[:20])
    with Emulator(["landscaping"], state_file=state_file) as again:
        (company,) = again.companies.values()
        assert b"Newcomer" in company.query("select * from Customer where DisplayName = 'Newcomer'")
    changes.write_bytes(whole[:20] + b"\n" + whole)
    with pytest.raises(DamagedStateError, match="Line 1"):
        Emulator(["landscaping"], state_file=state_file)


def _records(answer):
    return msgspec.json.decode(answer)["QueryResponse"]
