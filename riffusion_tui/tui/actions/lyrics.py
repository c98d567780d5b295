"""Lyrics of the next songs: one's own, or the service's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.jobs.matrix import MatrixError, expand
from riffusion_tui.tui.messages import say
from riffusion_tui.tui.screens.lyrics import LyricsScreen

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp


async def own(app: RiffusionApp) -> None:
    """Read, write or take away the lyrics that go with the next songs."""
    await _open(app)


async def write(app: RiffusionApp) -> None:
    """Have the service write lyrics on the prompt; they are read before they are kept."""
    if not app.deps.capabilities.lyrics:
        app.tell(say("lyrics.not_here"), "waits")
    elif not _prompt(app):
        app.tell(say("make.empty"), "waits")
    else:
        await _open(app, ask=True)


def _prompt(app: RiffusionApp) -> str:
    """Return what the editor says, of several prompts the first."""
    try:
        prompts = expand(app.main.prompt.editor.text)
    except MatrixError:
        return app.main.prompt.editor.text.strip()
    return prompts[0].text if prompts else ""


async def _open(app: RiffusionApp, *, ask: bool = False) -> None:
    prompt, now = _prompt(app), app.composing.options.lyrics or ""

    async def written(lyrics: str) -> str:
        return await app.deps.job_commands.write_lyrics(prompt, lyrics or None)

    can = app.deps.capabilities.lyrics and prompt
    lyrics = await app.push_screen_wait(LyricsScreen(app, "" if ask else now, written if can else None, at_once=ask))
    if lyrics is None:
        return
    app.composing.change(lyrics=lyrics or None)
    if lyrics:
        app.composing.change(instrumental=False)  # what has words is sung
    app.main.prompt.options.show()
    app.main.preview()
    app.tell(say("lyrics.kept" if lyrics else "lyrics.none"), "done")
