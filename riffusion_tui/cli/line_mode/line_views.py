"""What line mode shows on request: help, jobs, one job, the state of the queue."""

from __future__ import annotations

from datetime import datetime

from riffusion_tui.cli.commands.jobs import show, wait_words
from riffusion_tui.cli.errors import WrongUse
from riffusion_tui.cli.help import TOPICS, shown_page
from riffusion_tui.cli.job_filter import held_jobs
from riffusion_tui.cli.line_mode.line_arguments import HELP, parsed
from riffusion_tui.cli.printing.job_details import details
from riffusion_tui.cli.printing.output import counted, put
from riffusion_tui.cli.wiring.session import Session, dispatching_processes
from riffusion_tui.config.suggest import did_you_mean
from riffusion_tui.dispatch.queue_summary import summarize


def put_help(words: list[str]) -> None:
    """Print the help, or a topic's page."""
    if words and words[0] not in TOPICS:
        raise WrongUse(f"No help on {words[0]!r}.{did_you_mean(words[0], TOPICS)} Topics: {', '.join(TOPICS)}.")
    put(shown_page(words[0]) if words else HELP)


def put_job(session: Session, words: list[str]) -> None:
    """Print the details of a job."""
    job = session.store.job(parsed("cat", words, "show").job)
    for line in details(job, session.store.song(job.id)):
        put(line)
    if why := wait_words(job, held_jobs(session.store), session.store.nicknames()):
        put(f"It waits: {why}.")


def put_jobs(session: Session, words: list[str]) -> None:
    """Print the jobs that a filter matches."""
    show(parsed("jobs", words), session.store, session.service.name, dispatching_processes(session.context))


def put_state(session: Session) -> None:
    """Print what the queue does, and what needs attention."""
    now = session.clock.now()
    state = summarize(session.store, session.service.name, now)
    paused = " The queue is paused; :resume continues it." if state.paused else ""
    put(
        f"{state.making:,} making, {state.fetching:,} fetching, {state.waiting:,} waiting, {state.held:,} held.{paused}"
    )
    if state.countdown is not None:
        put(f"{state.countdown.cause.words}: next at {datetime.fromtimestamp(state.countdown.until):%H:%M:%S}.")
    elif state.finish_at is not None:
        put(f"All done about {datetime.fromtimestamp(state.finish_at):%H:%M}.")
    for banner in state.banners:
        name = session.store.nicknames().get(banner.account or "", banner.account or "the service")
        put(f"Needs attention: {banner.cause.words}, {name}; {counted(banner.jobs, 'job')} held.")
