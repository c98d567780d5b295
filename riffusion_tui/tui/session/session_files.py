"""The file of a screen's session state. Screens that are open at once have one each, so none loses another's draft."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from riffusion_tui.config.session_state import SessionState, load_session_state, save_session_state
from riffusion_tui.file_lock import FileLock

_MAX_SCREENS = 99


class PromptHistory(Protocol):
    """The editor's history, as far as drafts need it."""

    def remember_prompt(self, text: str, /) -> None:
        """Put a text at the top of the history."""
        ...

    def prompt_number(self, text: str | None = None, /) -> int:
        """Return the number of a text, or of the latest; 0 if there is none. Later ones are higher."""
        ...


def claim(first: Path) -> tuple[Path, FileLock | None]:
    """Return the first state file that no other open screen has, and its lock: `screen.json`, then `screen-2.json`.

    Without locks, on a read-only disk for example, it is `first`.
    """
    for number in range(1, _MAX_SCREENS + 1):
        file = first if number == 1 else first.with_name(f"{first.stem}-{number}{first.suffix}")
        lock = _lock_of(file)
        with suppress(OSError):
            if lock.acquire():
                return file, lock
            continue
        break
    return first, None


def restore(first: Path, own: Path, history: PromptHistory) -> tuple[SessionState, int]:
    """Return the state of the screen that was closed last, and how many drafts of others are now in the history.

    Args:
        first: the file of the first screen.
        own: the file of this one.
        history: the editor's.

    Raises:
        StoreError, FolderError: a draft can't be written; all files are kept.
    """
    with _left(first, own) as others:
        if not others:
            state = _unsent(load_session_state(own), history)
            return (state if own == first or own.exists() else SessionState("", load_session_state(first).options)), 0
        there = [file for file in (own, *others) if file.exists()]
        states = [_unsent(load_session_state(file), history) for file in sorted(there, key=_written_at, reverse=True)]
        draft, *older = [state.draft for state in states if state.draft] or [""]
        for text in reversed(older):
            history.remember_prompt(text)
        merged = SessionState(draft, states[0].options, history.prompt_number())
        save_session_state(own, merged)
        for file in others:
            file.unlink(missing_ok=True)
        return merged, len(older)


def _unsent(state: SessionState, history: PromptHistory) -> SessionState:
    """Return the state without a draft that was queued after it was written, before a crash."""
    if state.latest is None or history.prompt_number(state.draft.strip("\n")) <= state.latest:
        return state
    return state._replace(draft="")


@contextmanager
def _left(first: Path, own: Path) -> Iterator[list[Path]]:
    """Lock and return the files of screens that are no longer open."""
    locks: list[FileLock] = []
    try:
        for file in sorted(first.parent.glob(f"{first.stem}-*{first.suffix}")):
            lock = _lock_of(file)
            with suppress(OSError):
                if file != own and lock.acquire():
                    locks.append(lock)
        yield [lock.path.with_suffix(first.suffix) for lock in locks]
    finally:
        for lock in locks:
            lock.release()


def _lock_of(file: Path) -> FileLock:
    return FileLock(file.with_suffix(".lock"))


def _written_at(file: Path) -> float:
    return file.stat().st_mtime
