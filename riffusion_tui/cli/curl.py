"""Build a curl command from a job's request. The token stays a shell variable."""

from __future__ import annotations

import json
import shlex

from riffusion_tui.jobs.model import Job
from riffusion_tui.services.address import api_url
from riffusion_tui.services.base import CreateRequest, ServiceError
from riffusion_tui.services.profiles import hook, profile_of


def curl_of(job: Job, service: str, address: str) -> str:
    """Return the curl command for `job`'s request; empty if it has none.

    A generated reference is omitted, since a song made manually isn't the job's. Edits have no command, because
    their clip is only looked up when they are sent.
    """
    options = job.options
    request = CreateRequest(job.prompt, options, options.reply_ref or "", options.account)
    if options.operation:
        return ""
    try:
        profile = profile_of(service)
        path, fields = hook(profile.request)(request)
        url = api_url(address, profile.path, insecure=True)
    except ServiceError:
        return ""  # it couldn't be sent either
    data = json.dumps({name: value for name, value in fields.items() if value not in (None, "")}, ensure_ascii=False)
    return (
        f"curl -X POST {shlex.quote(f'{url}{path}')}"
        ' -H "Authorization: Bearer $RIFFUSION_TUI_TOKEN" -H "Content-Type: application/json"'
        f" -d {shlex.quote(data)}"
    )
