"""State of the Flow Music stand-in: accounts, jobs, clips, and faults."""

from __future__ import annotations

import itertools
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.server_process import Denied, Faults

USER = "1"
MODERATED = "forbidden"
"""A prompt with this word is refused at once; with `later-forbidden` its job fails."""


def denied(status: int, sentence: str) -> Denied:
    return Denied(status, {"error": sentence, "code": status})


@dataclass
class FlowAccount:
    """An account with slots, credits and perhaps an error."""

    email: str
    max_jobs: int = 3
    credits: int = 1000
    error: str = ""

    def record(self, *, live: bool = False) -> dict[str, Any]:
        body: dict[str, Any] = {"email": self.email, "tier": "plus", "maxJobs": self.max_jobs, "access_token": "ey…"}
        if self.error:
            return body | {"error": self.error}
        return body | ({"credits_remaining": self.credits} if live else {})


@dataclass
class FlowJob:
    """A request and its outcome."""

    jobid: str
    email: str
    requested: dict[str, Any]
    began: float
    ends: float
    clips: list[dict[str, Any]]
    operation: str = ""
    error: dict[str, str] | None = None
    cancelled: bool = False

    @property
    def status(self) -> str:
        if self.cancelled:
            return "failed"
        if time.time() < self.ends:
            return "pending"
        return "failed" if self.error else "completed"

    def record(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "jobid": self.jobid,
            "email": self.email,
            "request": self.requested,
            "created_at": iso(self.began),
            "status": self.status,
        }
        if self.operation:
            body["operation"] = self.operation
        if self.status == "completed":
            body |= {"clips": self.clips, "completed_at": iso(self.ends), "duration_ms": 139164}
        if self.status == "failed":
            body["error"] = {"code": "user_cancelled", "message": "Cancelled"} if self.cancelled else self.error
        return body


@dataclass
class FlowServer:
    """The service's state; `url` is the API's origin, `files` the public one."""

    accounts: dict[str, FlowAccount]
    song_s: float = 0.2
    draw: Callable[[], float] | None = None
    """Returns how long the next song takes, if durations vary."""
    committed: Callable[[FlowJob], None] = lambda job: None
    """Called with each paid request, before the response."""
    url: str = ""
    files: str = ""
    jobs: dict[str, FlowJob] = field(default_factory=dict)
    clips: dict[str, dict[str, Any]] = field(default_factory=dict)
    created: list[dict[str, Any]] = field(default_factory=list)
    """Bodies of the requests that made something: what the person pays for."""
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    """(origin, method and path, Authorization) of every request."""
    answers: list[int] = field(default_factory=list)
    """Statuses of the answers to creates."""
    numbers: Any = field(default_factory=itertools.count)
    faults: Faults = field(default_factory=Faults)

    def fail(
        self, call: str, status: int, body: Any = b"", headers: dict[str, str] | None = None, times: int = 1
    ) -> None:
        """Answer the next `times` requests of a call (`create`, `job`, `jobs`, `music`, `accounts`, …) with this."""
        self.faults.fail(call, Denied(status, body, headers), times)

    def drop(self, call: str, times: int = 1) -> None:
        """Execute the next `times` requests of a call, but close the connection instead of responding."""
        self.faults.drop(call, times)

    def calls(self, start: str) -> list[str]:
        """Return the requests to the API whose method and path start with `start`."""
        return [what for origin, what, _ in self.seen if origin == "api" and what.startswith(start)]

    def running(self, email: str) -> list[FlowJob]:
        return [job for job in self.jobs.values() if job.email == email and job.status == "pending"]

    def finish(self) -> None:
        """Finish every running job."""
        for job in self.jobs.values():
            job.ends = min(job.ends, time.time())

    def usable(self, email: str | None) -> FlowAccount:
        """Return the account to use, or raise why there is none."""
        if email is not None and email not in self.accounts:
            raise denied(404, f"Account {email} is not configured")
        named = [self.accounts[email]] if email else list(self.accounts.values())
        for one in named:
            if email and one.error:
                raise denied(596, f"Account {one.email} in error state: {one.error}")
            if not one.error and len(self.running(one.email)) < one.max_jobs:
                if one.credits < 10:
                    raise denied(402, f"Account {one.email} has insufficient credits")
                return one
        busy = f"Account {email} is busy executing {len(self.running(email))} jobs" if email else "All accounts busy"
        body = {"error": busy, "retryAfter": iso(time.time() + 10), "code": 429}
        raise Denied(429, body, {"Retry-After": "10"})

    def make(self, account: FlowAccount, requested: dict[str, Any], operation: str = "") -> FlowJob:
        """Accept a request, and charge its credits."""
        account.credits -= 10
        self.created.append(requested)
        jobid = f"job:{uuid.uuid4()}-user:{USER}-{account.email}-bot:flowmusic"
        title = requested.get("title") or f"{requested.get('prompt', operation)[:20]} {next(self.numbers)}"
        names = [f"{title} - {part}" for part in ("drums", "bass", "vocals", "other")]
        names = names if operation == "stems" else [title, title] if not operation else [title]
        clips = [self.clip(account.email, name, requested) for name in names]
        error = None
        if f"later-{MODERATED}" in requested.get("prompt", ""):
            error = {"code": "moderated", "message": "The model declined to generate audio"}
        now = time.time()
        ends = now if operation == "stems" else now + (self.draw() if self.draw else self.song_s)
        job = FlowJob(jobid, account.email, requested, now, ends, clips, operation, error)
        self.jobs[jobid] = job
        self.committed(job)
        return job

    def clip(self, email: str, title: str, requested: dict[str, Any]) -> dict[str, Any]:
        own = f"user:{USER}-{email}-clip:{uuid.uuid4()}"
        file = f"{self.files}/{len(self.clips)}"
        lyrics = "" if requested.get("instrumental") else requested.get("lyrics") or "[Verse]\nfar away\nso far away"
        found = {
            "clip": own,
            "title": title,
            "duration_s": 2.0,
            "lyrics": lyrics,
            "seed": 7,
            "lyrics_timing": [[0.5, 1.0], [1.0, 1.5]],
            "created_at": iso(time.time()),
            "audio_url": f"{file}.m4a",
            "wav_url": f"{file}.wav",
            "image_url": f"{file}.jpeg",
        }
        self.clips[own] = found
        return found


def iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
