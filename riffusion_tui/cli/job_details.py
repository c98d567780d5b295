"""What is said about a song besides its line: what the service couldn't keep of the prompt, the plan and the lyrics."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.cli.output import text_line
from riffusion_tui.jobs.model import Job, Song
from riffusion_tui.jobs.status import Status, in_sentence
from riffusion_tui.store import Store


def limits_of(job: Job, store: Store) -> tuple[str, ...]:
    """Return what the service couldn't keep of a song's prompt; empty if nothing, or if it doesn't say."""
    song = store.song(job.id) if job.status is Status.DONE else None
    limits = song.plan.get("limits") if song else None
    return tuple(map(str, limits)) if isinstance(limits, list | tuple) else ()


def details(job: Job, song: Song | None) -> Iterator[str]:
    """Yield the lines that describe a job: its state, prompt, plan and lyrics."""
    from riffusion_tui.tui.state.plan_lines import plan_lines

    if job.status is not Status.DONE or song is None:
        yield f"Job {job.id} is {in_sentence(job.status)}{f': {job.error}' if job.error else '.'}"
        yield f"Prompt: {job.prompt}"
        return
    yield f"Job {text_line(job)}"
    yield f"Prompt: {job.prompt}"
    for line in plan_lines(song, job.duration_s):
        if text := "".join(part for part, _ in line).strip():
            yield text
    yield f"Lyrics:\n{song.lyrics}" if song.lyrics else "No lyrics."
