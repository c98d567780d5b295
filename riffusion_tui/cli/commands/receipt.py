"""`receipt`: print requests and their results."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.job_filter import filter_for, put_missing, with_numbers
from riffusion_tui.cli.printing.job_details import limits_of
from riffusion_tui.cli.printing.output import json_text, put, put_message, seed_of
from riffusion_tui.cli.wiring.session import open_store
from riffusion_tui.jobs.batch_file import RECEIPT
from riffusion_tui.jobs.filter import Sort, sort_jobs
from riffusion_tui.jobs.model import Job, Song
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.profiles import profile_of

_EPILOG = """\
Prints one line per job, oldest first: create-prompt's fields as requested, and the result under "receipt" (ids,
account, times, title, the engine and its version, the pronunciation, the limits, file, SHA-256, error). The limits are
what the song doesn't keep of the request.
`riffusion-tui batch receipt.jsonl` requests the same songs and edits (operation, source) again, and says which of them
another version of the engine made. Numbers are jobs: `riffusion-tui receipt 9`,
`receipt 13-20`. Everything else works as in `riffusion-tui jobs`, e.g. since:today.
"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `receipt`."""
    parser.epilog = _EPILOG
    parser.add_argument("filter", nargs="*", metavar="FILTER", help="jobs, words and fields (default: all jobs)")


def run(args: Namespace, context: CommandContext) -> int:
    """Print receipts."""
    with open_store(context, to_read=True) as store:
        wanted = filter_for(with_numbers(args.filter), store)
        jobs = sort_jobs(filter(wanted, store.jobs()), Sort.OLDEST)
        for job in jobs:
            put(json_text(receipt(job, store.song(job.id), limits_of(job, store))))
        code = put_missing(args.filter, store)
    if not jobs and not code:
        put_message("No jobs match." if args.filter else "No jobs.")
    return code


def receipt(job: Job, song: Song | None, limits: Sequence[str]) -> dict[str, Any]:
    """Return a job's receipt, with what its song doesn't keep; None means not requested."""
    options = job.options
    plan = song.plan if song else {}
    request = {
        "prompt": job.prompt,
        "instrumental": options.instrumental,
        "model": options.model or _default_model(job.service),
        "user_id": options.account,
        "replyUrl": options.reply_url,
        "replyRef": options.reply_ref,
        "maxJobs": options.max_jobs,
        "title": options.title,
        "lyrics": options.lyrics,
        "seed": seed_of(job),
        "length": options.length_s,
        "operation": options.operation,
        "source": options.source,
        "extra": dict(options.extra) or None,
    }
    came = {
        "id": job.id,
        "status": str(job.status),
        "service": job.service,
        "user_id": job.account,
        "job_id": job.remote_id,
        "ref": job.ref,
        "batch": job.batch,
        "take": job.take,
        "takes": job.takes,
        "created": _time(job.created_at),
        "sent": _time(job.sent_at),
        "accepted": _time(job.accepted_at),
        "ended": _time(job.ended_at),
        "title": job.title or None,
        "duration_s": job.duration_s,
        "engine": plan.get("engine"),
        "engine_version": plan.get("engine_version"),
        "pronunciation": plan.get("pronunciation"),
        "limits": list(limits),
        "file": job.file or None,
        "sha256": job.sha256 or None,
        "error": job.error or None,
    }
    return {name: value for name, value in request.items() if value is not None} | {RECEIPT: came}


def _default_model(service: str) -> str:
    return profile_of(service).capabilities.default_model if service in SERVICES else ""


def _time(at: float | None) -> str | None:
    with suppress(OSError, OverflowError, ValueError):  # another program wrote a time that no calendar has
        return None if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
    return None
