"""Settings come from one place, are documented, and say what is missing all at once."""

import re
from pathlib import Path

import pytest

from qbo_pipeline.settings import Settings, SettingsError, read_settings, variable_name

ENV_EXAMPLE = Path(__file__).parent.parent / ".env.example"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(variable_name(field), raising=False)
    monkeypatch.chdir(tmp_path)


def test_env_example_lists_exactly_the_settings_there_are() -> None:
    listed = re.findall(r"^(QBO_[A-Z_]+)=", ENV_EXAMPLE.read_text(), flags=re.MULTILINE)
    assert listed == [variable_name(field) for field in Settings.model_fields]


def test_env_example_shows_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    defaults = read_settings()
    (tmp_path / ".env").write_text(ENV_EXAMPLE.read_text())
    assert read_settings() == defaults


def test_all_missing_settings_are_named_at_once() -> None:
    with pytest.raises(SettingsError, match=r"QBO_CLIENT_ID .*QBO_CLIENT_SECRET .*\.env\.example"):
        read_settings().require("client_id", "client_secret")


def test_all_unusable_settings_are_named_without_their_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QBO_ENVIRONMENT", "moonbase")
    monkeypatch.setenv("QBO_FAILURE_SHARE", "seven")
    with pytest.raises(SettingsError, match=r"QBO_ENVIRONMENT.*QBO_FAILURE_SHARE") as caught:
        read_settings()
    assert "moonbase" not in str(caught.value)


def test_secrets_do_not_show_in_the_settings_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QBO_CLIENT_SECRET", "s3cret-value")
    monkeypatch.setenv("QBO_TOKEN_KEYS", "key-one,key-two")
    monkeypatch.setenv("QBO_STATE_URL", "postgresql+psycopg://u:passw0rd@h/d")
    shown = repr(read_settings())
    assert "s3cret-value" not in shown
    assert "key-one" not in shown
    assert "passw0rd" not in shown


def test_token_keys_are_read_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QBO_TOKEN_KEYS", "new, old")
    assert [key.get_secret_value() for key in read_settings().token_keys] == ["new", "old"]
