"""How jobs are printed: the JSON line of `--json`, and the line for a person."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable
from itertools import islice

from riffusion_tui.clean import clean_text
from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import Status

WORDS = {
    Status.QUEUED: "queued",
    Status.HELD: "held",
    Status.SENDING: "sending",
    Status.MAYBE_SENT: "maybe sent",
    Status.MAKING: "making",
    Status.FETCHING: "fetching",
    Status.DONE: "done",
    Status.REFUSED: "refused",
    Status.FAILED: "failed",
    Status.CANCELLED: "cancelled",
}
"""A status as a person reads it."""
_AT_ONCE = 500
"""Lines that `put_all` writes in one go."""


def json_line(job: Job, file: str | None = None) -> str:
    """Return a job's line of `--json`; `file` in place of where the song is kept, if it was copied."""
    return json_text(
        {
            "id": job.id,
            "status": str(job.status),
            "prompt": job.prompt,
            "service": job.service,
            "user_id": job.account,
            "job_id": job.remote_id,
            "title": job.title or None,
            "duration_s": job.duration_s,
            "file": file or job.file or None,
            "sha256": job.sha256 or None,
            "error": job.error or None,
            "seed": seed_of(job),
        }
    )


def json_text(held: object) -> str:
    """Return JSON on one line, in characters that standard output can show: JSON escapes all others itself."""
    encoding = (sys.stdout.encoding or "utf-8").lower().replace("-", "")
    return json.dumps(held, ensure_ascii=encoding != "utf8")


def seed_of(job: Job) -> int | None:
    """Return the seed that made a job's song, or that was asked for; None where nobody knows it."""
    return job.options.seed if job.seed is None else job.seed


def text_line(job: Job, file: str | None = None) -> str:
    """Return what a person reads of a job that ended."""
    if job.status is Status.DONE:
        return f"{job.id}  done  {job.title or job.prompt}  {length(job.duration_s)}  {file or job.file}"
    return f"{job.id}  {WORDS[job.status]}  {job.error or job.prompt}"


def length(duration_s: float | None) -> str:
    """Return a length as `2:05`; a dash where it is unknown."""
    if duration_s is None:
        return "–"
    minutes, rest = divmod(round(duration_s), 60)
    return f"{minutes}:{rest:02}"


def put(line: str) -> None:
    """Write one clean line to standard output at once, so that a pipe's reader has it."""
    sys.stdout.write(f"{clean_text(line, len(line))}\n")
    sys.stdout.flush()


def put_all(lines: Iterable[str]) -> None:
    """Write many lines to standard output, some hundred at a time."""
    rest = iter(lines)
    while some := tuple(islice(rest, _AT_ONCE)):
        put("\n".join(some))


def say(text: str) -> None:
    """Write to a person, on standard error; nothing in it is a command to the terminal."""
    sys.stderr.write(f"{clean_text(text)}\n")
    sys.stderr.flush()


def confirmed(question: str) -> bool:
    """Ask a person at the terminal; anything but yes is no."""
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


class LiveLine:
    """One line of standard error that changes, where that is a terminal."""

    def __init__(self) -> None:
        self.live = sys.stderr.isatty()
        self._shown = False

    def show(self, line: str) -> None:
        """Put `line` in place of the one before."""
        if self.live:
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write(f"\r\x1b[K{line[:width]}")
            sys.stderr.flush()
            self._shown = True

    def clear(self) -> None:
        """Take the line away, before something else is printed."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False
