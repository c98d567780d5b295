"""A job's request as a curl command that a person can paste; the token stays a shell variable."""

from __future__ import annotations

import json
import shlex
from typing import Any

from riffusion_tui.jobs.model import Job


def curl_of(job: Job, url: str) -> str:
    """Return the create-prompt request of `job` for the server at `url`."""
    options = job.options
    body: dict[str, Any] = {
        "prompt": job.prompt,
        "instrumental": options.instrumental or None,
        "model": options.model,
        "user_id": options.account,
        "replyUrl": options.reply_url,
        "replyRef": options.reply_ref,
        "maxJobs": options.max_jobs,
    }
    data = json.dumps({name: value for name, value in body.items() if value is not None}, ensure_ascii=False)
    base = url.rstrip("/").removesuffix("/v1/riffusion").removesuffix("/v1")
    return (
        f"curl -X POST {shlex.quote(f'{base}/v1/riffusion/music/create-prompt')}"
        ' -H "Authorization: Bearer $RIFFUSION_TUI_TOKEN" -H "Content-Type: application/json"'
        f" -d {shlex.quote(data)}"
    )
