"""Other programs that take the terminal for a while: the person's own editor."""

from __future__ import annotations

import asyncio
import os
import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from riffusion_tui.clean import clean_text
from riffusion_tui.tui.messages import say

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp


async def edited(app: RiffusionApp, text: str, suffix: str) -> str | None:
    """Let the person edit `text` in $VISUAL or $EDITOR; None where that was not possible, which is said."""
    command = shlex.split(app.core.environ.get("VISUAL") or app.core.environ.get("EDITOR") or "vi")
    handle, name = tempfile.mkstemp(prefix="riffusion-", suffix=suffix)  # 0600 from the first byte
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        return await _run(app, command, path)
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)


async def paged(app: RiffusionApp, text: str) -> None:
    """Let the person read `text` in $PAGER."""
    command = shlex.split(app.core.environ.get("PAGER") or "less")
    handle, name = tempfile.mkstemp(prefix="riffusion-", suffix=".txt")
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        await _run(app, command, path)
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)


async def _run(app: RiffusionApp, command: list[str], path: Path) -> str | None:
    try:
        # Without the batch a frame that is due would wait for the writer, which suspend() has stopped.
        with app.batch_update(), app.suspend():
            process = await asyncio.create_subprocess_exec(*command, str(path))
            code = await process.wait()
    except SuspendNotSupported:
        app.tell(say("editor.no_suspend"), "held")
        return None
    except OSError as error:
        app.tell(say("editor.missing", command=command[0], why=error.strerror or ""), "held")
        return None
    finally:
        app.refresh(layout=True)
    if code:
        app.tell(say("editor.failed", command=command[0], code=code), "held")
        return None
    held = await asyncio.to_thread(path.read_bytes)
    return clean_text(held.decode("utf-8", "replace")).rstrip("\n")
