"""What a command is given: the environment, the folders, the settings."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from riffusion_tui.child_environment import whole_environment
from riffusion_tui.config.environment import SERVICE, TOKEN, URL, with_environment
from riffusion_tui.config.paths import Paths, find_paths
from riffusion_tui.config.settings import Settings
from riffusion_tui.config.settings_file import load


class CommandContext:
    """The process's surroundings; the settings are read when they are first asked for."""

    def __init__(self, environ: Mapping[str, str], named: str = "", url: str = "") -> None:
        """Take the environment, and the service and address that this one command names; empty: the settings'."""
        self.environ = environ
        self.named = named
        self._url = url

    @classmethod
    def of_process(cls) -> CommandContext:
        """Return this process's."""
        return cls(whole_environment())

    def with_service(self, name: str, url: str = "") -> CommandContext:
        """Return the same surroundings with another service, or address of it, as `--service` and `--url` say."""
        given = {**({SERVICE: name} if name else {}), **({URL: url} if url else {})}
        return CommandContext({**self.environ, **given}, name or self.named, url or self._url)

    def beside(self, name: str) -> CommandContext:
        """Return the same surroundings for another service, used at the same time: address and token are this one's."""
        environ = {key: value for key, value in self.environ.items() if key not in (URL, TOKEN)}
        return CommandContext({**environ, SERVICE: name}, name)

    def command(self, words: str) -> str:
        """Return a command line that means the same service, to be shown."""
        service = f" --service {self.named}" if self.named else ""
        return f"riffusion-tui {words}{service}{f' --url {shlex.quote(self._url)}' if self._url else ''}"

    @cached_property
    def paths(self) -> Paths:
        """The folders."""
        return find_paths(self.environ)

    @cached_property
    def settings(self) -> Settings:
        """The settings, the environment's over the file's. Raises `ConfigError`."""
        return with_environment(load(self.paths.settings_file), self.environ)

    @property
    def songs(self) -> Path:
        """Where songs go."""
        folder = self.settings.files.folder
        return Path(folder).expanduser().absolute() if folder else self.paths.songs

    @property
    def can_ask(self) -> bool:
        """Whether a person is there to answer a question."""
        return sys.stdin.isatty() and sys.stderr.isatty()
