"""Tokens: from `RIFFUSION_TUI_TOKEN`, the system's keyring, or a file of mode 0600; each belongs to one address.

A token saved for one address is never sent to another: after a change of `service.url` a new one is needed. Tokens are
never read from the command line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import tomli_w

from riffusion_tui.clean import clean_line
from riffusion_tui.config.atomic_file import MAX_BYTES, write_private
from riffusion_tui.config.errors import SecretError
from riffusion_tui.regular_file import read_regular
from riffusion_tui.secret import Secret
from riffusion_tui.toml_text import read_toml

VARIABLE = "RIFFUSION_TUI_TOKEN"
KEYRING_SERVICE = "riffusion-tui"
_MAX_TOKEN = 4096
"""Maximum characters of a token; the vendor's have about forty."""


class Keyring(Protocol):
    """The part of the `keyring` package that is used."""

    def get_password(self, service_name: str, username: str, /) -> str | None:
        """Return the password, or None."""
        ...

    def set_password(self, service_name: str, username: str, password: str, /) -> None:
        """Save the password."""
        ...

    def delete_password(self, service_name: str, username: str, /) -> None:
        """Delete the password."""
        ...


def system_keyring() -> Keyring | None:
    """Return the system's keyring, or None if there is no usable one (a server without a desktop)."""
    import keyring  # slow to import and rarely needed
    from keyring.backends import fail

    return None if isinstance(keyring.get_keyring(), fail.Keyring) else keyring


@dataclass(frozen=True, slots=True)
class FoundToken:
    """A token and a description of its source (`the environment`, a file's path, `the keyring`)."""

    token: Secret
    where: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """Finds, saves and deletes tokens."""

    file: Path
    environ: Mapping[str, str]
    keyring: Callable[[], Keyring | None] = system_keyring

    def find(self, url: str) -> FoundToken | None:
        """Return the token for the service at `url`, from the environment, the file or the keyring, or None.

        Raises:
            SecretError: the token is invalid, or the file can't be read.
        """
        given = self.environ.get(VARIABLE, "")
        if given.strip():
            return FoundToken(valid_token(given, f"The token in {VARIABLE}"), f"the environment ({VARIABLE})")
        saved = self._read().get(origin(url))
        if saved is not None:
            file = clean_line(str(self.file))
            return FoundToken(valid_token(saved, f"The token in {file}"), file)
        ring = self._ring()
        with suppress(*_ring_errors()):
            saved = ring.get_password(KEYRING_SERVICE, origin(url)) if ring else None
        return FoundToken(valid_token(saved), "the keyring") if saved else None

    def save(self, url: str, token: Secret, *, in_keyring: bool = False) -> str:
        """Save a token for the service at `url`; return a description of its location.

        Raises:
            SecretError: there is no keyring, or it failed.
            FolderError: the file can't be written.
        """
        if not in_keyring:
            self._write({**self._read(), origin(url): token.reveal()})
            return clean_line(str(self.file))
        ring = self._ring()
        if ring is None:
            raise SecretError("No keyring available; save the token in the file instead.")
        try:
            ring.set_password(KEYRING_SERVICE, origin(url), token.reveal())
        except _ring_errors() as error:
            raise SecretError(
                f"The keyring can't save the token ({clean_line(type(error).__name__)}). Save it in the file instead."
            ) from None
        return "the keyring"

    def delete(self, url: str) -> bool:
        """Delete the token for the service at `url` everywhere; return whether there was one."""
        saved = self._read()
        there = saved.pop(origin(url), None) is not None
        if there:
            self._write(saved)
        ring = self._ring()
        with suppress(*_ring_errors()):
            if ring and ring.get_password(KEYRING_SERVICE, origin(url)):
                ring.delete_password(KEYRING_SERVICE, origin(url))
                there = True
        return there

    def _ring(self) -> Keyring | None:
        with suppress(*_ring_errors()):
            return self.keyring()
        return None

    def _read(self) -> dict[str, str]:
        try:
            held = read_toml(read_regular(self.file, MAX_BYTES).decode())
            if self.file.stat().st_mode & 0o077:
                self.file.chmod(0o600)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise SecretError(
                f"{clean_line(str(self.file))} can't be read: {error.strerror}. Delete it and set the token again."
            ) from None
        except (ValueError, RecursionError):  # a parse error's text could contain part of the token
            raise SecretError(f"{clean_line(str(self.file))} is damaged; set the token again.") from None
        return {key: value for key, value in held.items() if isinstance(value, str)}

    def _write(self, saved: Mapping[str, str]) -> None:
        write_private(self.file, tomli_w.dumps(dict(saved)))


def origin(url: str) -> str:
    """Return an address's scheme, host and port, which a token belongs to; the whole text if it isn't an address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.lower()  # refused when it is used
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()


def valid_token(text: str, what: str = "The token") -> Secret:
    """Return `text` as a token, stripped; only visible ASCII is allowed.

    Args:
        text: the token.
        what: what the error's message calls it.

    Raises:
        SecretError: the token is invalid; the message doesn't contain it.
    """
    token = text.strip()
    if not token:
        raise SecretError(f"{what} is empty.")
    if len(token) > _MAX_TOKEN:
        raise SecretError(f"{what} is longer than {_MAX_TOKEN:,} characters, so it is probably not a token.")
    if not all("!" <= character <= "~" for character in token):
        raise SecretError(f"{what} contains a space, a line break or an invalid character; copy it again.")
    return Secret(token)


def _ring_errors() -> tuple[type[Exception], ...]:
    from keyring.errors import KeyringError  # slow to import and rarely needed

    return (KeyringError, OSError)
