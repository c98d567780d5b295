"""Tokens: how they are found and saved, and which address they belong to."""

from __future__ import annotations

import pickle
from pathlib import Path

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.errors
import pytest

from riffusion_tui.config.errors import SecretError
from riffusion_tui.config.secrets import KEYRING_SERVICE, Keyring, Tokens, origin, system_keyring, valid_token
from riffusion_tui.secret import Secret

URL = "https://api.useapi.net/v1/riffusion"
CANARY = "user:1234-canary"


class Ring(keyring.backend.KeyringBackend):
    """An in-memory keyring backend; `broken` makes every call fail."""

    priority = 1

    def __init__(self, *, broken: bool = False) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the package's is not annotated
        self.kept: dict[tuple[str, str], str] = {}
        self.broken = broken

    def _check(self) -> None:
        if self.broken:
            raise keyring.errors.KeyringLocked(CANARY)

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        del self.kept[service, username]


def tokens(tmp_path: Path, environ: dict[str, str] | None = None, ring: Keyring | None = None) -> Tokens:
    return Tokens(tmp_path / "config" / "tokens.toml", environ or {}, lambda: ring)


def test_no_token_is_found_if_none_was_saved(tmp_path: Path) -> None:
    assert tokens(tmp_path).find(URL) is None
    assert not tokens(tmp_path).delete(URL)


def test_the_environment_overrides_the_file_and_the_file_the_keyring(tmp_path: Path) -> None:
    ring = Ring()
    kept = tokens(tmp_path, ring=ring)
    assert kept.save(URL, Secret("in-ring"), in_keyring=True) == "the keyring"
    found = kept.find(URL)
    assert found is not None
    assert (found.token.reveal(), found.where) == ("in-ring", "the keyring")
    where = kept.save(URL, Secret("in-file"))
    found = kept.find(URL)
    assert found is not None
    assert (found.token.reveal(), found.where) == ("in-file", where)
    found = tokens(tmp_path, {"RIFFUSION_TUI_TOKEN": " in-environment\n"}, ring).find(URL)
    assert found is not None
    assert found.token == Secret("in-environment")
    assert kept.delete(URL)
    assert not ring.kept
    assert kept.find(URL) is None


def test_a_token_belongs_to_the_address_it_was_set_for(tmp_path: Path) -> None:
    kept = tokens(tmp_path)
    kept.save(URL, Secret("one"))
    kept.save("http://127.0.0.1:8080", Secret("two"))
    assert kept.find("https://evil.example/v1") is None
    assert kept.find("https://api.useapi.net:444/") is None
    found = kept.find("HTTPS://API.useapi.net/other")
    assert found is not None
    assert found.token.reveal() == "one"
    assert origin("https://user:pass@host:1/x") == "https://host:1"
    assert origin("http://[::1") == "http://[::1"


@pytest.mark.usefixtures("open_umask")
def test_the_token_file_is_private_for_any_umask(tmp_path: Path) -> None:
    kept = tokens(tmp_path)
    kept.save(URL, Secret(CANARY))
    assert kept.file.stat().st_mode & 0o777 == 0o600
    assert kept.file.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in kept.file.parent.iterdir()] == ["tokens.toml"]


def test_a_readable_token_file_is_made_private(tmp_path: Path) -> None:
    kept = tokens(tmp_path)
    kept.save(URL, Secret(CANARY))
    kept.file.chmod(0o644)
    kept.find(URL)
    assert kept.file.stat().st_mode & 0o777 == 0o600


def test_a_damaged_file_is_reported_without_its_content(tmp_path: Path) -> None:
    kept = tokens(tmp_path)
    kept.file.parent.mkdir()
    for raw in (f'"{CANARY}', "\udcff", f'a = "{CANARY}"\nb = {"[" * 50_000}', f'a = "{CANARY}"\nb = {"9" * 5000}'):
        kept.file.write_bytes(raw.encode("utf-8", "surrogateescape"))
        with pytest.raises(SecretError, match="damaged") as caught:
            kept.find(URL)
        assert CANARY not in str(caught.value)
    kept.file.unlink()
    kept.file.mkdir()
    with pytest.raises(SecretError, match="can't be read"):
        kept.find(URL)


def test_a_token_that_is_not_text_is_ignored(tmp_path: Path) -> None:
    kept = tokens(tmp_path)
    kept.file.parent.mkdir()
    kept.file.write_text(f'"{origin(URL)}" = 3\n')
    assert kept.find(URL) is None


@pytest.mark.parametrize("text", ["", "  ", "a b", "a\nb", "tökén", "a\x1b[0m", "x" * 5000, "\x00"])
def test_an_invalid_token_is_refused_and_not_repeated_in_the_error(text: str) -> None:
    with pytest.raises(SecretError) as caught:
        valid_token(text)
    assert len(text) < 4 or text not in str(caught.value)


def test_an_invalid_token_in_the_environment_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SecretError, match="copy it again"):
        tokens(tmp_path, {"RIFFUSION_TUI_TOKEN": "a b"}).find(URL)


def test_a_failing_keyring_is_reported_on_save_and_skipped_on_lookup(tmp_path: Path) -> None:
    kept = tokens(tmp_path, ring=Ring(broken=True))
    assert kept.find(URL) is None
    assert not kept.delete(URL)
    with pytest.raises(SecretError, match="KeyringLocked") as caught:
        kept.save(URL, Secret(CANARY), in_keyring=True)
    assert CANARY not in str(caught.value)
    with pytest.raises(SecretError, match="No keyring"):
        tokens(tmp_path).save(URL, Secret(CANARY), in_keyring=True)


def test_a_keyring_that_cannot_be_opened_is_skipped(tmp_path: Path) -> None:
    def broken() -> Keyring | None:
        raise keyring.errors.InitError("no bus")

    assert Tokens(tmp_path / "tokens.toml", {}, broken).find(URL) is None


def test_the_system_keyring_is_none_without_a_backend() -> None:
    before = keyring.get_keyring()
    try:
        ring = Ring()
        keyring.set_keyring(ring)
        found = system_keyring()
        assert found is not None
        found.set_password(KEYRING_SERVICE, "x", "y")
        assert ring.kept == {(KEYRING_SERVICE, "x"): "y"}
        keyring.set_keyring(keyring.backends.fail.Keyring())  # type: ignore[no-untyped-call]  # as above
        assert system_keyring() is None
    finally:
        keyring.set_keyring(before)


def test_a_secret_is_hidden_in_every_representation() -> None:
    secret = Secret(CANARY)
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret:>20}", f"{[secret]}"):
        assert CANARY not in shown
    assert secret.reveal() == CANARY
    assert secret == Secret(CANARY)
    assert secret != Secret("other")
    assert secret != CANARY
    assert hash(secret) == hash(Secret(CANARY)) != hash(Secret("other"))
    assert secret
    assert not Secret("")
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(secret)
