"""Announce ended jobs by message, bell and desktop notification, depending on the settings."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING

from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import NEEDS_ATTENTION, Status
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.job_list.job_row import first_line
from riffusion_tui.tui.state.times import span
from riffusion_tui.tui.state.view_model import Change

if TYPE_CHECKING:
    from riffusion_tui.tui.dialogs import DialogApp


def announce(app: DialogApp, change: Change) -> None:
    """Announce the jobs that ended since the last update."""
    done = [job for job in change.ended if job.status is Status.DONE]
    needs = [job for job in change.ended if job.status in NEEDS_ATTENTION]
    if batch := _batch(app, change.ended[-1]):
        app.show_announcement(batch, "attention" if needs else "done", _SUMMARY_S)
    elif needs:
        key = app.keys.shown_or_palette("attention")
        app.show_announcement(message("announcement.needs", text=_named(needs[0]), key=key), "attention")
    elif done:
        app.show_announcement(_done(app, done[-1]), "done")
    if done and app.model.list.follow:
        app.model.list.select(done[-1].id)
        app.show_changes()
    text = _notification_text(app, done, needs)
    if text:
        notify(app, text)


_SUMMARY_S = 300.0
"""Seconds that a batch's summary stays unless a key is pressed: few people watch the screen when it ends."""
_WORDS = {
    Status.DONE: "made",
    Status.FAILED: "failed",
    Status.REFUSED: "refused",
    Status.CANCELLED: "cancelled",
}


def _batch(app: DialogApp, last: Job) -> str:
    """Sum up the batch whose last job ended: what became of it, how long it took, where its songs are."""
    jobs = app.model.list.ended_batch(last)
    counts = Counter(job.status for job in jobs)
    if len(jobs) < 2 or not counts[Status.DONE] + counts[Status.FAILED] + counts[Status.REFUSED]:
        return ""
    made = ", ".join(message(f"announcement.{_WORDS[status]}", n=counts[status]) for status in _WORDS if counts[status])
    since = min(job.sent_at or job.created_at for job in jobs)
    took = span(max(job.ended_at or 0.0 for job in jobs) - since)
    form = "announcement.sum" if since >= app.model.opened_at else "announcement.sum_resumed"
    folder = next((str(PurePath(job.file).parent) for job in jobs if job.file), "")
    where = message("announcement.where", folder=folder) if folder else ""
    return f"{message(form, made=made, time=took)} {where}".strip()


def _done(app: DialogApp, job: Job) -> str:
    """Announce a finished song; for the first ones, also say how to play it unless the footer shows it."""
    jobs = app.model.list
    if len(jobs.jobs) > _FIRST_SONGS or jobs.selected != job.id or not getattr(app.focused, "types", False):
        return message("announcement.done", text=_named(job))
    return message("announcement.first", text=_named(job), key=app.screens()[0].hint("job.play"))


_FIRST_SONGS = 3


def notify(app: DialogApp, text: str) -> None:
    """Ring the bell and show a notification, if enabled."""
    wanted = app.deps.settings.notify
    if wanted.bell:
        app.terminal.bell()
    if wanted.desktop != "off":
        app.terminal.notify(text, wanted.desktop)


def _notification_text(app: DialogApp, done: list[Job], needs: list[Job]) -> str:
    when = app.deps.settings.notify.when
    if when == "never":
        return ""
    if needs:
        return message("announcement.needs_short", text=_named(needs[0]))
    if when == "each" and done:
        return message("announcement.done", text=_named(done[-1]))
    summary = app.model.summary
    if when == "batch" and done and not (summary.making or summary.fetching or summary.waiting):
        return message("announcement.batch", n=len(done), title=_named(done[-1]))
    return ""


def _named(job: Job) -> str:
    return job.title or first_line(job.prompt)[:60]
