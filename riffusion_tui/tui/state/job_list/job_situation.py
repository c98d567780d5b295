"""The situation of a job, what can be done, and what happened to it, as lines of (text, shade)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from riffusion_tui.jobs.model import FailureKind, JobEvent, WaitCause
from riffusion_tui.jobs.nicknames import with_nicknames
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.appearance.glyphs import Glyphs
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.job_list.job_row import state_of
from riffusion_tui.tui.state.shaded_lines import Lines, Shaded
from riffusion_tui.tui.state.song.song_facts import Facts
from riffusion_tui.tui.state.times import clock, span

_SHADE = {
    "making": "making",
    "sending": "making",
    "fetching": "making",
    "waits": "waits",
    "held": "held",
    "failed": "held",
    "refused": "attention",
    "maybe_sent": "attention",
}
"""By status."""


def standing(facts: Facts, glyphs: Glyphs) -> list[Shaded]:
    """Return the status of a job."""
    state = state_of(facts.job, facts.wait)
    return [(f"{glyphs.states[state]} {message(f'status.{state}')}", _SHADE.get(state, "soft"))]


def status_lines(facts: Facts) -> Lines:
    """Return why a job waits or since when it is made, its error and its account."""
    job, wait, now = facts.job, facts.wait, facts.now
    lines: Lines = []
    if wait is not None:
        known = {"cause": wait.cause.words, "since": clock(wait.since, now)}
        lines.append([(message("situation.waits", **known), "waits")])
        account = message("situation.account", account=wait.account) if wait.account else ""
        if account or wait.detail:
            lines.append([(": ".join(text for text in (account, wait.detail) if text), "waits")])
        if wait.until is not None:
            lines.append([(message("situation.next", n=max(1, wait.tries), at=_exact(wait.until)), "waits")])
    elif job.status is Status.MAKING:
        lines.append([(message("situation.making", since=clock(job.accepted_at or job.created_at, now)), "making")])
    if job.error and (wait is None or job.error != wait.detail):
        lines.append([(job.error, "held")])
    if job.account:
        lines.append([(message("situation.account", account=job.account), "dim")])
    return lines


def _exact(at: float) -> str:
    import time

    return time.strftime("%H:%M:%S", time.localtime(at))


def advice(facts: Facts, key: Callable[[str], str]) -> str:
    """Return what to do about a job; empty if there is nothing to do. `key` returns what to press for a command id."""
    job = facts.job
    if facts.wait is not None and facts.wait.cause is WaitCause.TOKEN:
        return message("advice.token", service=job.service)
    if facts.wait is not None and facts.wait.cause is WaitCause.UNATTENDED:
        form = "advice.no_token" if facts.wait.detail else "advice.unattended"
        return message(form, service=job.service, key=key("palette"))
    if job.status is Status.MAYBE_SENT:
        return message("advice.maybe_sent", key=key("job.settle"))
    if job.status is Status.REFUSED:
        return message("advice.refused", key=key("job.edit"))
    if job.status is Status.FAILED and job.lost_source:
        return message("advice.lost_source")
    if job.status is Status.FAILED:
        form = "advice.fetch" if job.trouble in (FailureKind.DOWNLOAD, FailureKind.DISK) else "advice.failed"
        return message(form, key=key("job.retry"), edit=key("job.edit"))
    if job.status is Status.HELD:
        return message("advice.held", key=key("job.release"))
    if job.status is Status.CANCELLED:
        return message("advice.cancelled", key=key("job.retry"))
    return ""


def timeline(happenings: Sequence[JobEvent], created_at: float, names: Mapping[str, str]) -> Lines:
    """Return a job's timeline, with seconds since it was queued; `names` are those of accounts."""
    return [
        [(f"{_exact(one.at)}  +{span(one.at - created_at):>7}  ", "faint"), (one.what, "ink")]
        + ([("  " + with_nicknames(one.detail, names), "dim")] if one.detail else [])
        for one in happenings
    ]
