"""The key file, its permissions, and what is sealed with it."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from qbo_pipeline.settings import Settings
from qbo_pipeline.state.errors import TokenKeyError
from qbo_pipeline.state.keys import KeyRing, WrongKeyError, WrongOwnerError, load_keys

OWNER = ("acme", "9341450000000001", "refresh_token")


def a_key() -> str:
    return Fernet.generate_key().decode()


def test_the_key_file_is_made_on_first_use_for_its_owner_alone(settings: Settings) -> None:
    sealed = load_keys(settings, may_create=True).seal(OWNER, "secret")

    assert stat.S_IMODE(settings.token_key_path.stat().st_mode) == 0o600
    assert load_keys(settings, may_create=False).unseal(OWNER, sealed) == "secret"
    assert [path.name for path in settings.home.iterdir()] == ["token.key"]


def test_many_first_uses_at_once_agree_on_one_key(settings: Settings) -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: load_keys(settings, may_create=True), range(16)))

    sealed = rings[0].seal(OWNER, "secret")
    assert {ring.unseal(OWNER, sealed) for ring in rings} == {"secret"}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_file_that_others_may_read_is_refused(settings: Settings, mode: int) -> None:
    load_keys(settings, may_create=True)
    settings.token_key_path.chmod(mode)

    with pytest.raises(TokenKeyError, match=rf"mode {mode:04o}.*chmod 600"):
        load_keys(settings, may_create=False)


@pytest.mark.parametrize("content", ["", "\n", "hunter2", "hunter2-hunter2-hunter2-hunter2-hunter2-hunte="])
def test_a_key_file_without_a_key_is_refused_and_left_alone(settings: Settings, content: str) -> None:
    _write_key_file(settings, content)

    with pytest.raises(TokenKeyError) as refused:
        load_keys(settings, may_create=True)

    assert str(settings.token_key_path) in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert settings.token_key_path.read_text() == content


def test_a_bad_key_among_the_settings_is_named_by_its_place_and_not_shown(settings: Settings) -> None:
    keys = (SecretStr(a_key()), SecretStr("not-a-key"))

    with pytest.raises(TokenKeyError, match="Key 2 of QBO_TOKEN_KEYS") as refused:
        load_keys(settings.model_copy(update={"token_keys": keys}), may_create=True)

    assert "not-a-key" not in str(refused.value)


def test_keys_in_the_settings_spare_the_key_file(settings: Settings) -> None:
    load_keys(settings.model_copy(update={"token_keys": (SecretStr(a_key()),)}), may_create=True)

    assert not settings.token_key_path.exists()


def test_a_missing_key_file_is_not_replaced_where_tokens_need_the_old_one(settings: Settings) -> None:
    with pytest.raises(TokenKeyError, match="is gone"):
        load_keys(settings, may_create=False)

    assert not settings.token_key_path.exists()


def test_a_key_file_may_hold_older_keys_in_further_lines(settings: Settings) -> None:
    old, new = a_key(), a_key()
    sealed = KeyRing([old], "a test").seal(OWNER, "secret")
    _write_key_file(settings, f"{new}\n{old}\n")

    ring = load_keys(settings, may_create=False)

    assert ring.unseal(OWNER, sealed) == "secret"
    assert not ring.is_newest(sealed)
    assert ring.is_newest(ring.seal(OWNER, "secret"))


def test_another_key_opens_nothing() -> None:
    sealed = KeyRing([a_key()], "a test").seal(OWNER, "secret")

    with pytest.raises(WrongKeyError):
        KeyRing([a_key()], "a test").unseal(OWNER, sealed)


@given(
    owner=st.tuples(st.text(), st.text(), st.text()), other=st.tuples(st.text(), st.text(), st.text()), secret=st.text()
)
def test_what_is_sealed_for_one_owner_opens_for_no_other(
    owner: tuple[str, ...], other: tuple[str, ...], secret: str
) -> None:
    ring = KeyRing([a_key()], "a test")
    sealed = ring.seal(owner, secret)

    assert ring.unseal(owner, sealed) == secret
    if other != owner:
        with pytest.raises(WrongOwnerError):
            ring.unseal(other, sealed)


def _write_key_file(settings: Settings, content: str) -> Path:
    settings.home.mkdir(parents=True)
    settings.token_key_path.touch(mode=0o600)
    settings.token_key_path.write_text(content)
    return settings.token_key_path
