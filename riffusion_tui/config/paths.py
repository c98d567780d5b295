"""Paths: XDG folders on Linux, the standard ones on macOS, or everything under `RIFFUSION_TUI_HOME`."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from riffusion_tui.clean import clean_line
from riffusion_tui.config.errors import FolderError

_APP = "riffusion-tui"
HOME_VARIABLE = "RIFFUSION_TUI_HOME"
FOLDER_VARIABLES = (HOME_VARIABLE, "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
"""Variables that move the folders, other than that of the songs."""
_PRIVATE = 0o700


class Paths(NamedTuple):
    """The folders of one user, or of one portable installation."""

    config: Path
    """Settings, prompt library, token file, moderation list."""
    data: Path
    """The queue: jobs and songs in SQLite, the lock; the studio's own store below it."""
    state: Path
    """The log."""
    songs: Path
    """Finished songs, unless `files.folder` is set."""

    @property
    def settings_file(self) -> Path:
        """The settings, in TOML."""
        return self.config / "settings.toml"

    @property
    def library_file(self) -> Path:
        """Named prompts and presets, in TOML."""
        return self.config / "library.toml"

    @property
    def token_file(self) -> Path:
        """Tokens by address; mode 0600."""
        return self.config / "tokens.toml"

    @property
    def certificates(self) -> Path:
        """The cluster's certificates, unless `studio.cluster_certificates` is set."""
        return self.config / "cluster"

    @property
    def session_state_file(self) -> Path:
        """Session state: the unsent draft and options set by keys. Safe to delete."""
        return self.data / "screen.json"

    @property
    def studio(self) -> Path:
        """The studio's own store and songs."""
        return self.data / "studio"

    @property
    def log_file(self) -> Path:
        """The log; never contains secrets."""
        return self.state / "riffusion-tui.log"


def expanded(text: str) -> Path:
    """Return an absolute path, with `~` and `~user` expanded. Raises `FolderError` for an unknown user."""
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise FolderError(f"{clean_line(text)}: no home folder is known for that user. Correct the path.") from None


def find_paths(environ: Mapping[str, str]) -> Paths:
    """Determine the folders from the environment, without creating them. Raises `FolderError`."""
    home = environ.get(HOME_VARIABLE, "").strip()  # unchanged: a name may not be UTF-8; it is cleaned when it is shown
    if home:
        root = expanded(home)
        return Paths(root / "config", root / "data", root / "state", root / "songs")
    import platformdirs  # needed only without RIFFUSION_TUI_HOME; reads the environment itself

    try:
        return Paths(
            platformdirs.user_config_path(_APP),
            platformdirs.user_data_path(_APP),
            platformdirs.user_state_path(_APP),
            platformdirs.user_music_path() / _APP,
        )
    except RuntimeError:  # in a container, a user may have no entry in the user database
        raise FolderError(
            f"No home folder is known. Set HOME, or set {HOME_VARIABLE} to a folder of your own."
        ) from None


def private_folder(path: Path) -> Path:
    """Create `path` and missing parents with mode 0700; return it.

    Raises:
        FolderError: it can't be created, or isn't a folder.
    """
    try:
        for folder in reversed([path, *path.parents]):
            if not folder.exists():
                folder.mkdir(mode=_PRIVATE, exist_ok=True)
        if stat.S_IMODE(path.stat().st_mode) != _PRIVATE:  # a disk may be read-only
            path.chmod(_PRIVATE)
    except PermissionError as error:
        raise FolderError(
            f"The folder {clean_line(str(path))} can't be used: {error.strerror}."
            " Give it to your user (`sudo chown -R`), or set RIFFUSION_TUI_HOME to a folder of your own."
        ) from error
    except OSError as error:
        raise FolderError(
            f"The folder {clean_line(str(path))} can't be used: {error.strerror}."
            " Set RIFFUSION_TUI_HOME to a folder of your own."
        ) from error
    return path
