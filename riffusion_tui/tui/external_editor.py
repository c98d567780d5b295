"""Run the user's editor or pager in the terminal."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from riffusion_tui.child_environment import child_environment
from riffusion_tui.clean import MAX_TEXT, clean_line, clean_text
from riffusion_tui.tui.appearance.text_cells import wrap
from riffusion_tui.tui.messages import message

if TYPE_CHECKING:
    from riffusion_tui.tui.dialogs import DialogApp


_EDITORS = ("vi", "nano")
"""Used if no other is set: the first that is installed."""


async def edited(app: DialogApp, text: str, suffix: str) -> str | None:
    """Edit `text` in $VISUAL or $EDITOR, else in an editor that is installed, after saying which and how to leave it.

    On failure, show an error and return None.
    """
    wanted = app.deps.environ.get("VISUAL") or app.deps.environ.get("EDITOR") or ""
    editor = "" if wanted.strip() else next(filter(shutil.which, _EDITORS), "")
    if not wanted.strip() and not editor:
        app.show_error(message("editor.none", names=", ".join(_EDITORS)))
        return None
    if editor and not app.knows_editor:
        if not await app.confirm(message("editor.title"), message(f"editor.{editor}")):
            return None
        app.knows_editor = True
    return await _run_with(app, _command(wanted, editor), "EDITOR", text, suffix)


async def paged(app: DialogApp, text: str) -> None:
    """Show `text` in $PAGER, wrapped here: less would break lines within words."""
    text = "\n".join(wrap(text, app.size.width))
    await _run_with(app, _command(app.deps.environ.get("PAGER") or "", "less"), "PAGER", text, ".txt")


async def _run_with(app: DialogApp, command: list[str], variable: str, text: str, suffix: str) -> str | None:
    """Run the program with a temporary file that contains `text`, and return the file's new text.

    If an editor's text is too long, its file stays.
    """
    stays = False
    try:
        handle, name = tempfile.mkstemp(prefix="riffusion-", suffix=suffix)  # created with mode 0600
        path = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            fresh = await _run(app, command, variable, path)
            stays = variable == "EDITOR" and fresh is not None and len(fresh) > MAX_TEXT
        finally:
            if not stays:
                await asyncio.to_thread(path.unlink, missing_ok=True)
        if stays:
            app.show_error(message("editor.too_long", limit=MAX_TEXT, file=clean_line(name)))
            return None
        return None if fresh is None else clean_text(fresh).rstrip("\n")
    except OSError as error:
        app.show_error(message("editor.no_file", why=clean_line(error.strerror or str(error))))
        return None


def _command(text: str, default: str) -> list[str]:
    """Split a command like a shell; if that fails, treat it as a program name, which won't be found."""
    try:
        return shlex.split(text) or [default]
    except ValueError:
        return [text]


async def _run(app: DialogApp, command: list[str], variable: str, path: Path) -> str | None:
    try:
        # Without batch_update, a pending frame would wait for the writer, which suspend() has stopped.
        with app.batch_update(), app.suspend():
            code, why = await _ended(command, path)
    except SuspendNotSupported:
        app.show_error(message("editor.no_suspend"))
        return None
    finally:
        app.refresh(layout=True)
    if why:
        app.show_error(message("editor.missing", command=clean_line(command[0]), why=why, variable=variable))
        return None
    if code:
        app.show_error(message("editor.failed", command=clean_line(command[0]), code=code))
        return None
    return (await asyncio.to_thread(path.read_bytes)).decode("utf-8", "replace")


async def _ended(command: list[str], path: Path) -> tuple[int, str]:
    """Run the program; return its exit code and the error if it didn't start. Never raises, for suspend()'s sake."""
    try:
        process = await asyncio.create_subprocess_exec(*command, str(path), env=child_environment())
    except OSError as error:
        return 0, error.strerror or type(error).__name__
    return await process.wait(), ""
