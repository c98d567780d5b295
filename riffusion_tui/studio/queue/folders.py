"""The layout of the studio's data folder, which only its owner can read."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from riffusion_tui.file_lock import epoch_of
from riffusion_tui.regular_file import open_regular
from riffusion_tui.secret import Secret

_STALE_S = 24 * 3600


class Unsafe(OSError):
    """A file of the folder can't be used: it isn't one, or is a secret's and others can read it; says what to do."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Paths inside a studio's data folder."""

    root: Path

    @property
    def database(self) -> Path:
        """SQLite file with accounts and jobs."""
        return self.root / "studio.db"

    @property
    def lock(self) -> Path:
        """Lock file: the process that holds the lock makes the songs."""
        return self.root / "making.lock"

    @property
    def moderation(self) -> Path:
        """The moderation list."""
        return self.root / "moderation.txt"

    @property
    def token(self) -> Path:
        """The API token, unless the settings give one."""
        return self.root / "token"

    @property
    def key(self) -> Path:
        """The key that signs public URLs and hashes cookies."""
        return self.root / "key"

    @property
    def engine_log(self) -> Path:
        """Standard output and error of the renderers."""
        return self.root / "engine.log"

    @property
    def cache(self) -> Path:
        """Converted formats; the oldest are deleted when there are too many."""
        return self.root / "cache"

    def song(self, id: str) -> Path:
        """Folder of a finished song."""
        return self.root / "songs" / id

    def work(self, id: str, epoch: int = 1) -> Path:
        """Folder of a song that is being made; progress and cancellation are small files in it.

        Each epoch of the lock has its own: the renderers of a process that was displaced may still be at work.
        """
        return self.root / "work" / (id if epoch < 2 else f"{id}.{epoch}")

    def current_work(self, id: str) -> Path:
        """Folder of a song that the process with the lock, this or another, makes now."""
        return self.work(id, epoch_of(self.lock))

    def make(self) -> None:
        """Create the folder, readable only by its owner.

        Raises:
            Unsafe: something else is in the place of one of its files or folders, or one can't be written.
            OSError: it can't be created.
        """
        private(self.root)
        _check_kind(self.lock, stat.S_ISREG, follow=False)
        _check_kind(self.moderation, stat.S_ISREG)
        databases = [self.root / f"{self.database.name}{end}" for end in ("", "-journal", "-wal", "-shm")]
        for file in databases:
            _check_kind(file, stat.S_ISREG)
        folders = [self.root / "songs", self.root / "work", self.cache]
        for folder in folders:
            _check_kind(folder, stat.S_ISDIR)
        for path in (self.root, self.lock, *databases, *folders):
            _check_writable(path)

    def remove_work(self, id: str, keep: Path | None = None) -> None:
        """Remove a song's work folders, but not `keep`. A renderer whose folder is gone stops."""
        for folder in (self.work(id), *(self.root / "work").glob(f"{id}.*")):
            if folder != keep:
                shutil.rmtree(folder, ignore_errors=True)

    def tidy(self, now: float) -> None:
        """Remove old files left by crashed processes."""
        for folder in (self.root / "work").glob("*"):
            if now - folder.stat().st_mtime > _STALE_S:
                shutil.rmtree(folder, ignore_errors=True)

    def remove_song(self, id: str) -> None:
        """Remove a song's files, including converted formats."""
        shutil.rmtree(self.song(id), ignore_errors=True)
        for file in self.cache.glob(f"{id}.*"):
            file.unlink(missing_ok=True)


def private(folder: Path) -> None:
    """Create `folder` and missing parents with mode 0700, regardless of the umask."""
    for one in reversed([folder, *folder.parents]):
        one.mkdir(mode=0o700, exist_ok=True)


def _check_kind(path: Path, is_kind: Callable[[int], bool], *, follow: bool = True) -> None:
    """Raise `Unsafe` for what is there but not of the right kind: a pipe would block, a dangling link last forever."""
    try:
        kind = path.stat(follow_symlinks=follow).st_mode
    except FileNotFoundError:
        if not path.is_symlink():
            return
        raise Unsafe(f"{path} is a link to nothing: move it away") from None
    if not is_kind(kind):
        what = "file" if is_kind is stat.S_ISREG else "folder"
        raise Unsafe(f"{path} is not a {what}: move it away to get a new one")


def _check_writable(path: Path) -> None:
    """Raise `Unsafe` for a file or folder of another user, or on a read-only disk: songs would wait forever."""
    if path.exists() and not os.access(path, os.R_OK | os.W_OK | (os.X_OK if path.is_dir() else 0)):
        raise Unsafe(f"{path} can't be written: give it to your user (`sudo chown -R`), or make it writable")


def read_or_create_secret(file: Path) -> Secret:
    """Return the secret in `file`; if there is no file, create one with a new secret and mode 0600.

    Raises:
        Unsafe: it is a folder, a pipe or a link, is readable by others, or holds no secret.
        OSError: it can't be read or created.
    """
    private(file.parent)
    if not file.exists() and not file.is_symlink():
        _make(file)
    _check_kind(file, stat.S_ISREG, follow=False)
    with os.fdopen(open_regular(file, os.O_RDONLY | os.O_NOFOLLOW), encoding="ascii", errors="replace") as opened:
        if os.fstat(opened.fileno()).st_mode & 0o077:
            raise Unsafe(f"{file} is readable by others: chmod 600 it, or delete it to get a new one")
        text = opened.read(4096).strip()
    if len(text) < 16:
        raise Unsafe(f"{file} contains no token: delete it to get a new one")
    return Secret(text)


def _make(file: Path) -> None:
    # Write a temporary file, then link it: if two processes start together, both use the first one's secret.
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
