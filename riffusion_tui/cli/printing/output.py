"""Print jobs, as JSON lines (`--json`) or readable lines."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Sequence
from itertools import islice

from riffusion_tui.clean import clean_line, clean_text
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
"""Display names of statuses."""
_CHUNK_LINES = 500
"""Lines per write in `put_all`."""


def json_line(job: Job, file: str | None = None, limits: Sequence[str] | None = None) -> str:
    """Return a job's JSON line.

    Args:
        job: the job.
        file: the path of the copy, if the song was copied.
        limits: what the service can't keep of the prompt; None if it is unknown.
    """
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
            **({} if limits is None else {"limits": list(limits)}),
        }
    )


def json_text(held: object) -> str:
    """Return JSON on one line, escaping characters that standard output can't encode."""
    encoding = (sys.stdout.encoding or "utf-8").lower().replace("-", "")
    text = json.dumps(held, ensure_ascii=encoding != "utf8")
    try:
        text.encode()
    except UnicodeEncodeError:  # bytes of a path that aren't UTF-8
        return json.dumps(held)
    return text


def seed_of(job: Job) -> int | None:
    """Return the seed that was used for a job's song, or requested; None if unknown."""
    return job.options.seed if job.seed is None else job.seed


def text_line(job: Job, file: str | None = None) -> str:
    """Return the readable line of a finished job."""
    prompt = " ".join(job.prompt.split())
    if job.status is Status.DONE:
        return f"{job.id}  done  {job.title or prompt}  {length(job.duration_s)}  {file or job.file}"
    return f"{job.id}  {WORDS[job.status]}  {job.error or prompt}"


def length(duration_s: float | None) -> str:
    """Format a length as `2:05`, in whole seconds as the screen and players show it; a dash if unknown."""
    if duration_s is None:
        return "–"
    minutes, rest = divmod(int(duration_s), 60)
    return f"{minutes}:{rest:02}"


def counted(number: int, noun: str) -> str:
    """Return `1 song`, `2,000 songs`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def put(line: str) -> None:
    """Write one clean line to standard output and flush it."""
    sys.stdout.write(f"{clean_text(line, len(line))}\n")
    sys.stdout.flush()


def put_all(lines: Iterable[str]) -> None:
    """Write many lines to standard output, a few hundred at a time."""
    rest = iter(lines)
    while some := tuple(islice(rest, _CHUNK_LINES)):
        put("\n".join(some))


def put_message(text: str) -> None:
    """Write a message to standard error, without control characters."""
    sys.stderr.write(f"{clean_text(text)}\n")
    sys.stderr.flush()


def in_columns(line: str, columns: int) -> str:
    """Return the line, cut with an ellipsis to the terminal's columns; CJK and emoji take two."""
    if 2 * len(line) <= columns:
        return line
    if max(line) < "\u1100":  # none of these is wide, and what measures others loads Textual
        return line if len(line) <= columns else f"{line[: columns - 1]}…"
    from riffusion_tui.tui.appearance.text_cells import cut

    return cut(line, columns)


def warn_of_open_brace(opened: str) -> None:
    """Say that a brace with alternatives isn't closed; nothing if `opened` is empty."""
    if opened:
        put_message(f"'{clean_line(opened, 60)}' has no closing brace; it is sent as written.")


def confirmed(question: str) -> bool:
    """Ask for confirmation at the terminal; anything but yes means no."""
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


class LiveLine:
    """A line on standard error that is updated in place, if that is a terminal."""

    def __init__(self) -> None:
        self.live = sys.stderr.isatty()
        self._shown = False

    def show(self, line: str) -> None:
        """Replace the line."""
        if self.live:
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write(f"\r\x1b[K{line[:width]}")
            sys.stderr.flush()
            self._shown = True

    def clear(self) -> None:
        """Remove the line, before other output."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False
