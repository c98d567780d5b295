"""The context of a command: environment, folders, settings."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from riffusion_tui.child_environment import whole_environment
from riffusion_tui.config.environment import SERVICE, TOKEN, URL, Overrides
from riffusion_tui.config.errors import FolderError
from riffusion_tui.config.paths import FOLDER_VARIABLES, Paths, expanded, find_paths
from riffusion_tui.config.settings import Settings
from riffusion_tui.config.settings_file import load

if TYPE_CHECKING:
    from riffusion_tui.config.secrets import Tokens

_OPTIONS = {SERVICE: "--service", URL: "--url"}


class CommandContext:
    """Environment, folders and settings; settings are read on first use."""

    def __init__(
        self,
        environ: Mapping[str, str],
        named: str = "",
        url: str = "",
        options: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Create a context.

        Args:
            environ: environment variables, and what overrides them in this run.
            named: the service, if it isn't the configured one.
            url: its address, if it isn't the configured one.
            options: environment variable → the option that set it; empty if it was chosen on the screen.
        """
        self.environ = environ
        self.named = named
        self._url = url
        self._options = options

    @classmethod
    def of_process(cls) -> CommandContext:
        """Return the context of this process."""
        return cls(whole_environment())

    def with_service(self, name: str, url: str = "") -> CommandContext:
        """Return a copy with another service or address, as given by `--service` and `--url`."""
        given = {**({SERVICE: name} if name else {}), **({URL: url} if url else {})}
        options = {**self._options, **{variable: _OPTIONS[variable] for variable in given}}
        return CommandContext({**self.environ, **given}, name or self.named, url or self._url, options)

    def for_service(self, name: str) -> CommandContext:
        """Return a copy for another service used at the same time, with the same address and token."""
        environ = {key: value for key, value in self.environ.items() if key not in (URL, TOKEN)}
        return CommandContext({**environ, SERVICE: name}, name, options={**self._options, SERVICE: ""})

    def command(self, words: str) -> str:
        """Return a command line for the same service, for messages."""
        import shlex  # only messages need it

        service = f" --service {self.named}" if self.named else ""
        return f"riffusion-tui {words}{service}{f' --url {shlex.quote(self._url)}' if self._url else ''}"

    @cached_property
    def paths(self) -> Paths:
        """The folders."""
        return find_paths(self.environ)

    @property
    def tokens(self) -> Tokens:
        """The saved tokens; the environment overrides them."""
        from riffusion_tui.config.secrets import Tokens  # only some commands need it

        return Tokens(self.paths.token_file, self.environ)

    @cached_property
    def overrides(self) -> Overrides:
        """What overrides the settings file."""
        return Overrides(self.environ, self._options)

    @cached_property
    def settings(self) -> Settings:
        """The settings; the environment overrides the file. Raises `ConfigError`."""
        return self.overrides.apply(load(self.paths.settings_file))

    @property
    def songs(self) -> Path:
        """The songs folder. Raises `ConfigError`."""
        folder = self.settings.files.folder
        try:
            return expanded(folder) if folder else self.paths.songs
        except FolderError as error:
            raise FolderError(f"files.folder: {error}") from None

    @property
    def can_ask(self) -> bool:
        """Whether it is possible to prompt the user."""
        return sys.stdin.isatty() and sys.stderr.isatty()


def remote_command(environ: Mapping[str, str], program: str) -> tuple[str, ...]:
    """Return the command that runs this program over SSH, where neither PATH nor variables are those of this shell.

    Args:
        environ: the environment; variables that choose the folders are repeated in the command.
        program: `sys.argv[0]`.
    """
    folders = [f"{name}={expanded(environ[name])}" for name in FOLDER_VARIABLES if environ.get(name)]
    path = Path(program).absolute()
    own = (str(path),) if path.name == "riffusion-tui" else (sys.executable, "-m", "riffusion_tui")
    return (*(("env", *folders) if folders else ()), *own)
