"""Where the studio keeps what: one folder, private to its owner."""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from riffusion_tui.secret import Secret

_STALE_S = 24 * 3600


class Unsafe(OSError):
    """A secret's file could be read by others, or is none: the message says what to do."""


@dataclass(frozen=True, slots=True)
class Folders:
    """The paths inside a studio's data folder."""

    root: Path

    @property
    def database(self) -> Path:
        """Accounts and jobs."""
        return self.root / "studio.db"

    @property
    def lock(self) -> Path:
        """Who holds it makes the songs."""
        return self.root / "making.lock"

    @property
    def moderation(self) -> Path:
        """The owner's list of refused words."""
        return self.root / "moderation.txt"

    @property
    def token(self) -> Path:
        """What callers must know, unless the settings say it."""
        return self.root / "token"

    @property
    def key(self) -> Path:
        """What public addresses are signed with, and cookies hashed."""
        return self.root / "key"

    @property
    def engine_log(self) -> Path:
        """What renderers say on standard output and error."""
        return self.root / "engine.log"

    @property
    def cache(self) -> Path:
        """Remade formats, deleted when there are too many."""
        return self.root / "cache"

    def song(self, id: str) -> Path:
        """Where a finished song's files are."""
        return self.root / "songs" / id

    def work(self, id: str) -> Path:
        """Where a song's files grow; progress and cancel are small files in it."""
        return self.root / "work" / id

    def make(self) -> None:
        """Make the folder, readable by its owner alone."""
        private(self.root)

    def remove_work(self, id: str) -> None:
        """Remove what is left of a song's making."""
        shutil.rmtree(self.work(id), ignore_errors=True)

    def tidy(self, now: float) -> None:
        """Remove what crashed processes left behind long ago."""
        for folder in (self.root / "work").glob("*"):
            if now - folder.stat().st_mtime > _STALE_S:
                shutil.rmtree(folder, ignore_errors=True)

    def remove_song(self, id: str) -> None:
        """Remove a song's files, remade formats included."""
        shutil.rmtree(self.song(id), ignore_errors=True)
        for file in self.cache.glob(f"{id}.*"):
            file.unlink(missing_ok=True)


def private(folder: Path) -> None:
    """Make `folder`, and each that is missing above it, open to its owner only (0700), whatever the umask."""
    for one in reversed([folder, *folder.parents]):
        one.mkdir(mode=0o700, exist_ok=True)


def kept_secret(file: Path) -> Secret:
    """Return the secret in `file`; make one where it is missing, readable by the owner alone from the first byte on.

    Raises:
        Unsafe: the file is a link, is readable by others, or holds no secret.
        OSError: it can't be read or made.
    """
    private(file.parent)
    if not file.exists() and not file.is_symlink():
        _make(file)
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, encoding="ascii", errors="replace") as opened:
        if os.fstat(descriptor).st_mode & 0o077:
            raise Unsafe(f"{file} can be read by others: chmod 600 it, or delete it to get a new one")
        text = opened.read(4096).strip()
    if len(text) < 16:
        raise Unsafe(f"{file} holds no token: delete it to get a new one")
    return Secret(text)


def _make(file: Path) -> None:
    # Written whole beside it, then linked: of two processes that begin at once, both read the first one's.
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            opened.write(secrets.token_urlsafe(32) + "\n")
        try:
            os.link(draft, file)
        except FileExistsError:
            return
    finally:
        draft.unlink()
