"""Rows of jobs that fit the terminal: of a batch's prompts, what differs is never left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from riffusion_tui.cli.printing.output import in_columns
from riffusion_tui.jobs.model import Job

if TYPE_CHECKING:
    from riffusion_tui.tui.state.job_list.batch_words import BatchWords

_MIN_PROMPT = 10
"""Minimum cells for a prompt that is shortened within."""


def fitting_rows(rows: Sequence[tuple[Job, str, str]], columns: int) -> Iterator[str]:
    """Yield a line for each job.

    Args:
        rows: each job with what precedes and what follows its prompt.
        columns: of the terminal.
    """
    words = None
    for job, before, after in rows:
        line = f"{before}{' '.join(job.prompt.split())}{after}"
        shown = in_columns(line, columns)
        if shown != line and after:  # why it failed or waits is never cut for a long prompt
            room = columns - len(before) - len(after)
            shown = f"{before}{in_columns(' '.join(job.prompt.split()), room)}{after}" if room >= _MIN_PROMPT else shown
        elif shown != line:
            from riffusion_tui.tui.state.job_list.batch_words import BatchWords

            words = words or BatchWords({one.id: one for one, _, _ in rows})
            shown = _shortened(words, job, before, columns) or shown
        yield shown


def _shortened(words: BatchWords, job: Job, before: str, columns: int) -> str:
    """Return a row whose prompt is shortened within; empty if nothing differs in its batch, or there is no room."""
    from riffusion_tui.tui.appearance.row_words import shortened
    from riffusion_tui.tui.appearance.text_cells import width

    prompt = words.of(job)._replace(take="", short_take="")
    room = columns - width(before)
    if not prompt.differing or room < _MIN_PROMPT:
        return ""
    return before + "".join(part.text for part in shortened(prompt, room, "…"))
