"""What can be done with a song: hear it, judge it, carry it away."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.audio_player import AudioPlayer, find_player, there
from riffusion_tui.tui.messages import say
from riffusion_tui.tui.screens.ask import Ask
from riffusion_tui.tui.screens.picker import Choice, Picker

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp


def current(app: RiffusionApp, *, finished: bool = True) -> Job | None:
    """Return the selected job, where it is one that the command can use; else say why not."""
    job = app.model.list.current
    if job is None:
        app.tell(say("jobs.none"), "soft")
        return None
    if finished and (job.status is not Status.DONE or not job.file):
        app.tell(say("song.not_yet"), "soft")
        return None
    return job


def open_(app: RiffusionApp) -> None:
    """Show the song."""
    app.main.open_song()


def leave(app: RiffusionApp) -> None:
    """Back to the list."""
    app.main.close_song()


# -- hearing


def listening(app: RiffusionApp) -> AudioPlayer:
    """Return the player's driver, made at the first use."""
    if app.listening is None:
        key = app.keys.shown("job.copy")
        app.listening = AudioPlayer(
            lambda: _show_playing(app), lambda text: app.tell(say("player.failed", text=text, key=key), "held")
        )
    return app.listening


def _show_playing(app: RiffusionApp) -> None:
    held = app.listening
    state = held.state() if held is not None else None
    app.main.song.playing = (held.job_id, state) if held and held.job_id is not None and state is not None else None
    app.main.show_selected()
    show = getattr(app.screen, "show_playing", None)
    if show is not None:
        show()


async def play(app: RiffusionApp) -> None:
    """Play the selected song; where it plays already, pause or go on. Without a player, copy the line for elsewhere."""
    job = current(app)
    if job is not None:
        await hear(app, job)


async def hear(app: RiffusionApp, job: Job, start_s: float = 0.0) -> None:
    """Play a song from a second on; where it plays already, pause or go on."""
    held = listening(app)
    if held.job_id == job.id:
        held.toggle()
        return
    command = find_player(app.deps.settings.player.command, app.deps.environ)
    if not command:
        line = there(app.deps.environ, app.deps.command, job.id)
        app.terminal.copy(line)
        app.tell(say("player.none", line=line), "soft")
        return
    await held.play(job.id, job.file, command, start_s, job.duration_s or 0.0)


def back(app: RiffusionApp) -> None:
    """Five seconds back."""
    listening(app).seek(-5)


def forward(app: RiffusionApp) -> None:
    """Five seconds on."""
    listening(app).seek(5)


def stop(app: RiffusionApp) -> None:
    """Stop."""
    listening(app).close()


# -- judging


def _judge(app: RiffusionApp, verdict: str) -> None:
    job = current(app)
    if job is not None:
        said = "" if job.verdict == verdict else verdict
        app.deps.job_commands.judge(job.id, said)
        app.look_now()
        app.main.jobs.view.action_step(1)


def keep(app: RiffusionApp) -> None:
    """A keeper; said again, nothing was said."""
    _judge(app, "keep")


def reject(app: RiffusionApp) -> None:
    """Not a keeper; said again, nothing was said."""
    _judge(app, "reject")


# -- carrying away


async def copy(app: RiffusionApp) -> None:
    """Choose what goes to the clipboard."""
    job = current(app, finished=False)
    if job is None:
        return
    texts = _copyable(app, job)
    choices = [Choice(name, say(f"copy.{name}"), text) for name, text in texts.items()]
    chosen = await app.push_screen_wait(Picker(say("pick.copy"), choices, ellipsis=app.glyphs.ellipsis))
    if chosen is None:
        return
    if app.terminal.copy(texts[chosen]):
        app.tell(say("copy.done", what=say(f"copy.{chosen}")), "done")
    else:
        app.tell(say("copy.too_long"), "held")


def _copyable(app: RiffusionApp, job: Job) -> dict[str, str]:
    song = app.model.song(job)
    served = not app.deps.capabilities.near  # what is made inside this program has no address that others could open
    found = {
        "prompt": job.prompt,
        "line": there(app.deps.environ, app.deps.command, job.id) if job.file else "",
        "file": job.file,
        "link": song.share_url if song and served else "",
        "lyrics": song.lyrics if song else "",
        "curl": app.deps.curl(job.id) if app.deps.curl is not None else "",
        "id": job.remote_id or "",
    }
    return {name: text for name, text in found.items() if text}


async def save(app: RiffusionApp) -> None:
    """Save the song elsewhere, or in another format."""
    job = current(app)
    if job is None:
        return
    formats = dict.fromkeys(("", *app.deps.capabilities.formats))
    choices = [
        Choice(name, say("save.as_is") if not name else say(f"save.{name}"))
        for name in formats
        if not name or _known(name)
    ]
    chosen = await app.push_screen_wait(Picker(say("pick.save"), choices, ellipsis=app.glyphs.ellipsis))
    if chosen is not None:
        await _save(app, job, chosen or None)


def _known(name: str) -> bool:
    return name in _ENDINGS


_ENDINGS = {
    "mp3": ".mp3",
    "wav": ".wav",
    "flac": ".flac",
    "ogg": ".ogg",
    "m4a": ".m4a",
    "stems": ".zip",
    "midi": ".mid",
    "lrc": ".lrc",
}


async def midi(app: RiffusionApp) -> None:
    """Save the MIDI file beside the song."""
    job = current(app)
    if job is None:
        return
    if "midi" not in app.deps.capabilities.formats:
        app.tell(say("save.no_midi"), "waits")
        return
    file = Path(job.file)
    app.tell(say("save.saving"))
    path = await app.deps.job_commands.save_as(job.id, free(file.with_suffix(".mid")), "midi")
    app.tell(say("save.done", file=str(path)), "done")


async def _save(app: RiffusionApp, job: Job, format: str | None) -> None:
    file = Path(job.file)
    suffix = _ENDINGS[format] if format else file.suffix
    suggestion = free(file.with_name(f"{file.stem} stems.zip") if format == "stems" else file.with_suffix(suffix))
    answer = await app.push_screen_wait(Ask(say("save.title"), say("save.where"), value=str(suggestion), keep=True))
    if answer and answer.strip():
        app.tell(say("save.saving"))
        path = await app.deps.job_commands.save_as(job.id, place(answer), format)
        app.tell(say("save.done", file=str(path)), "done")


def place(text: str) -> Path:
    """Return the path that a person typed, `~` spelled out."""
    return Path(text.strip()).expanduser().absolute()


def free(path: Path) -> Path:
    """Return `path`, or the first of `name 2`, `name 3`, … that is not there yet."""
    number, fresh = 1, path
    while fresh.exists():
        number += 1
        fresh = path.with_name(f"{path.stem} {number}{path.suffix}")
    return fresh


async def folder(app: RiffusionApp) -> None:
    """Open the song's folder, or say where it is where nothing could open it."""
    job = current(app)
    if job is None:
        return
    place = str(Path(job.file).parent)
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    shown = "DISPLAY" in app.deps.environ or "WAYLAND_DISPLAY" in app.deps.environ or sys.platform == "darwin"
    if shown and shutil.which(opener):
        await asyncio.create_subprocess_exec(
            opener, place, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
    app.terminal.copy(place)
    app.tell(say("folder.is", place=place), "soft")


# -- knowing


def detail(app: RiffusionApp) -> None:
    """Open all there is to know of the selected job."""
    job = current(app, finished=False)
    if job is not None:
        from riffusion_tui.tui.screens.detail import DetailScreen

        app.push_screen(DetailScreen(app, job.id))


def compare(app: RiffusionApp) -> None:
    """Open two takes side by side: two marked songs, else the selected one and another of its prompt."""
    songs = [app.model.list.jobs[id] for id in app.model.list.chosen()]
    pair = [job for job in songs if job.status is Status.DONE][:2]
    if len(pair) == 1:
        others = [job for job in app.model.takes_of(pair[0]) if job.id != pair[0].id]
        source = app.model.list.jobs.get(pair[0].parent or 0) if pair[0].options.operation else None
        if not others and source is not None and source.status is Status.DONE:
            others = [source]
        pair = sorted(pair + others[-1:], key=lambda job: job.id)
    if len(pair) < 2:
        app.tell(say("compare.none", key=app.keys.shown("jobs.mark")), "soft")
        return
    from riffusion_tui.tui.screens.compare import CompareScreen

    app.push_screen(CompareScreen(app, pair[0].id, pair[1].id))
