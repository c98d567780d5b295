"""A temporary copy of the studio's data, to convert its songs on a full or read-only disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from riffusion_tui.cli.temporary import temporary_folder
from riffusion_tui.store.snapshot import snapshot
from riffusion_tui.studio.queue.folders import Folders

_WAIT_S = 5.0
"""How long to wait for another process's transaction, in seconds."""


@contextmanager
def copy_of_studio(data: Path) -> Iterator[Path]:
    """Return a folder in which a studio has the finished songs of the one in `data`; it makes and reports no others.

    Raises:
        CommandError: there is no room for temporary files.
    """
    with TemporaryDirectory(dir=temporary_folder()) as made:
        theirs, ours = Folders(data), Folders(Path(made))
        if (database := snapshot(theirs.database, _WAIT_S)) is not None:
            with closing(database), closing(sqlite3.connect(ours.database)) as file:
                database.execute("DELETE FROM job WHERE ended_at IS NULL")
                database.execute("UPDATE job SET told = 1")
                database.backup(file)
        ours.song("").mkdir()
        with suppress(FileNotFoundError):
            for song in theirs.song("").iterdir():
                ours.song(song.name).symlink_to(song)
        yield ours.root
