"""What is said about a song besides its line: what the service couldn't keep of the prompt, the plan and the lyrics."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.cli.printing.output import text_line
from riffusion_tui.cli.printing.unsung_lines import unsung_text
from riffusion_tui.cli.unsent_values import unsent_values
from riffusion_tui.dispatch.requests.song_locks import lost_edits
from riffusion_tui.jobs.model import Job, Song
from riffusion_tui.jobs.own_lyrics import sung_lines
from riffusion_tui.jobs.status import Status, predicate
from riffusion_tui.store import Store


def limits_of(job: Job, store: Store) -> tuple[str, ...]:
    """Return what a song keeps neither of its prompt and lyrics nor of the song it is based on, as far as known."""
    unsent = unsent_values(job.service, job.prompt, job.options)
    song = store.song(job.id) if job.status is Status.DONE else None
    if song is None:
        return unsent
    limits = song.plan.get("limits")
    said = tuple(map(str, limits)) if isinstance(limits, list | tuple) else ()
    more = _unsung(job, song), lost_edits(job, lambda id: store.jobs_by_id([id]).get(id))
    return (*said, *unsent, *filter(None, more))


def _unsung(job: Job, song: Song) -> str:
    """Return how many of the given lines a song of the studio sings; other services may split lines differently.

    Empty if it sings all, or none since it is an instrumental, which its limits say.
    """
    if not song.plan.get("engine") or not job.options.lyrics or song.plan.get("vocals") == "none":
        return ""
    lines, needed = sung_lines(job.options.lyrics, [line for _, line in song.timed_lyrics]), None
    if isinstance(known := song.plan.get("lyrics_length_s"), int | float):
        needed = float(known)
    return unsung_text(lines, job.options.length_s or job.duration_s or 0.0, needed, instrumental=False)


def details(job: Job, song: Song | None) -> Iterator[str]:
    """Yield the lines that describe a job: its state, prompt, plan and lyrics."""
    from riffusion_tui.tui.state.song.plan_lines import plan_lines

    if job.status is not Status.DONE or song is None:
        yield f"Job {job.id} {predicate(job.status)}{f': {job.error}' if job.error else '.'}"
        yield f"Prompt: {job.prompt}"
        return
    yield f"Job {text_line(job)}"
    yield f"Prompt: {job.prompt}"
    for (first, shade), *others in filter(None, plan_lines(song, job.duration_s)):
        rest = ", ".join(part.replace("  ", ", ") for part, _ in others)
        yield f"{first.strip().capitalize()}: {rest}" if shade == "faint" else first
    if unsung := _unsung(job, song):
        yield unsung
    yield f"Lyrics:\n{song.lyrics}" if song.lyrics else "No lyrics."
