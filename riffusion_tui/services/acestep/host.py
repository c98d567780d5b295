"""One ACE-Step server: its calls and its last known state."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from riffusion_tui.clean import clean_line
from riffusion_tui.jobs.clock import Clock
from riffusion_tui.secret import Secret
from riffusion_tui.services import json_values
from riffusion_tui.services.acestep import profile, records
from riffusion_tui.services.acestep.fields import RELEASE, UPLOAD
from riffusion_tui.services.address import is_loopback, same_origin
from riffusion_tui.services.base import (
    AccountBroken,
    AccountBusy,
    BadRequest,
    NotFound,
    NotSent,
    RateLimited,
    Refused,
    RemoteSong,
    ServerFault,
    Unanswered,
    Unauthorized,
    Unreadable,
    WarmingUp,
    WrittenLyrics,
)
from riffusion_tui.services.download import fetch
from riffusion_tui.services.http import Api, TransferLimits
from riffusion_tui.services.responses import ApiResponse, check

LOAD_S = 3600.0
"""Timeout for loading models, in seconds; the first time, the server downloads them."""
LOAD_POLL_S = 5.0
"""Interval for polling a loading server, in seconds."""
BASE_MODEL = "ACESTEP_CONFIG_PATH=acestep-v15-base"
"""Environment variable that selects a base model."""
UNKNOWN_POLLS = 2
"""Polls without the task before it counts as lost; a restart of the server loses its queue."""
_NO_KEY_SET = "api key is not configured"


class FormatRefused(BadRequest):
    """The server doesn't support this format; nothing was accepted. acestep-cpp-api has no flac."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The server's queue, from `/v1/stats`."""

    waiting: int = 0
    limit: int = 0
    """0 if unknown."""
    average_s: float | None = None

    @property
    def full(self) -> bool:
        """Whether the next task would be rejected."""
        return bool(self.limit) and self.waiting >= self.limit


class Host:
    """One server. Calls raise `ServiceError`; errors that concern only this server name it as the account."""

    def __init__(
        self,
        address: str,
        key: Secret | None,
        *,
        clock: Clock,
        limits: TransferLimits,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Create a closed client.

        Args:
            address: the server's URL, e.g. `http://box:8001`, with a path if a proxy needs one.
            key: sent only to that address; None if the server requires none.
            clock: the time source.
            limits: size and time limits; loading a model has its own.
            transport: replaces the network, for tests.
        """
        self.address = address
        self.has_key = key is not None
        self._clock = clock
        self._limits = limits
        self._transport = transport
        self._open(key)
        self.name = self._api.base.netloc.decode("ascii") + self._api.base.path.rstrip("/")
        self.version = ""
        self.model = ""
        self.language_model = ""
        self.initialized: bool | None = None
        """Whether its models are loaded; None if this version doesn't report it."""
        self.models: tuple[str, ...] = ()
        self.tasks: frozenset[str] = profile.TURBO_TASKS
        """Task types of its models, loaded or not."""
        self._inventory: tuple[records.Model, ...] = ()
        self.format = ""
        """The format of songs that name none, once it has refused the usual one."""
        self.queue = Queue()
        self._warm = False
        self._loads_by_itself = False
        self._unknown: Counter[str] = Counter()

    def _open(self, key: Secret | None) -> None:
        def api(limits: TransferLimits) -> Api:
            # http:// to a LAN host or through a tunnel is common; `doctor` warns if a key can be read on the way.
            return Api(
                self.address, "", key, transport=self._transport, clock=self._clock, limits=limits, insecure=True
            )

        self._api, self._patient = api(self._limits), api(replace(self._limits, slow_s=LOAD_S))

    @property
    def key_in_the_clear(self) -> bool:
        """Whether its key is sent unencrypted to a machine outside the local network."""
        return self.has_key and self._api.base.scheme == "http" and not _is_near(self._api.base)

    async def set_key(self, key: Secret) -> None:
        """Replace the key."""
        await self.aclose()
        self.has_key = True
        self._open(key)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._api.aclose()
        await self._patient.aclose()

    # -- state

    async def look(self) -> None:
        """Fetch its health, models and queue; this also checks the key."""
        await self.health()
        await self.look_at_queue()
        try:
            data = json_values.record(await self._call("GET", "v1/model_inventory"))
        except NotFound:
            self.models = await self._models()
        else:
            self._inventory = records.inventory(data)
            self.models = tuple(one.name for one in self._inventory)
            # Before anything is loaded the list is empty; the models on its disk aren't known.
            tasks = frozenset[str]().union(*(one.tasks for one in self._inventory))
            self.tasks = tasks if self._inventory else profile.BASE_TASKS

    async def model_for(self, task: str, wanted: str) -> str:
        """Return the model to name for a task: `wanted`, or a loaded one that supports it; empty if that is unknown.

        Raises:
            BadRequest: no loaded model supports the task; the server would silently use another.
        """
        if task in profile.TURBO_TASKS:
            return wanted
        await self.look()
        able = [one for one in self._inventory if task in one.tasks and wanted in ("", one.name)]
        loaded = [one.name for one in able if one.loaded]
        if loaded or not self._inventory:
            return wanted or next(iter(loaded), "")
        if able:
            name = able[0].name
            call = f'POST {self.address}/v1/init {{"model": "{name}"}}'
            raise BadRequest(f"{task} needs {name}, which the server hasn't loaded. Load it with {call}, then retry.")
        which = wanted or self.name
        raise BadRequest(
            f"{which} can't {task}: it needs a base model. Start the server with {BASE_MODEL}, then retry."
        )

    async def _models(self) -> tuple[str, ...]:
        """List the models of old versions: their own format, or OpenRouter's with `vendor/` before the name."""
        try:
            data = await self._call("GET", "v1/models")
        except NotFound:
            return ()
        if isinstance(data, dict):
            return tuple(
                filter(None, (json_values.ident(one, "name") for one in json_values.records(data.get("models"))))
            )
        return tuple(json_values.ident(one, "id").rpartition("/")[2] for one in json_values.records(data))

    async def health(self) -> None:
        """Check whether it is reachable and its models are loaded."""
        try:
            data = json_values.record(await self._call("GET", "health"))
        except NotSent:
            self._warm = False  # after a restart nothing may be loaded
            raise
        except NotFound:
            error = f"{self.name} is not ACE-Step's address; correct the path or remove it."
            raise AccountBroken(error, account=self.name) from None
        loaded = data.get("models_initialized")
        self.initialized = loaded if isinstance(loaded, bool) else None
        self._warm = self.initialized or (self.initialized is None and self._warm)
        self.version = json_values.ident(data, "version")
        self.model = json_values.ident(data, "loaded_model")
        has_lm = data.get("llm_initialized") is True
        self.language_model = (json_values.ident(data, "loaded_lm_model") or "loaded") if has_lm else ""

    async def look_at_queue(self) -> None:
        """Fetch the queue. The call requires the key, so it also checks it."""
        try:
            data = json_values.record(await self._call("GET", "v1/stats"))
        except NotFound:
            return
        self.queue = Queue(
            json_values.whole(data.get("queue_size"), 0),
            json_values.whole(data.get("queue_maxsize"), 0),
            json_values.number(data.get("avg_job_seconds")),
        )

    # -- loading models

    async def check_ready(self) -> None:
        """Check that a task can be sent.

        Raises:
            WarmingUp: its models must be loaded first, or it doesn't respond because it is loading them.
            NotSent: it doesn't respond.
        """
        try:
            await self.health()
        except Unanswered as error:
            raise NotSent(f"{error} Nothing was sent.") from None
        if self.initialized is False and not self._loads_by_itself:
            raise WarmingUp(f"{self.name} is loading its model.", account=self.name)

    async def load(self) -> None:
        """Load its models and wait: a minute, or longer if it downloads them first."""
        await self._wait_for_health()
        if self.initialized is not False:
            return
        try:
            await self._call("POST", "v1/init", fields={}, patient=True)
        except NotFound:
            self._loads_by_itself = True  # old versions load them with the first task
        except (ServerFault, BadRequest) as error:
            raise AccountBroken(f"{self.name} can't load its model: {error}", account=self.name) from None

    async def _wait_for_health(self) -> None:
        """Wait for a response: a version that loads models with the first task doesn't respond while loading."""
        until = self._clock.steady() + LOAD_S
        while True:
            try:
                return await self.health()
            except (Unanswered, WarmingUp):
                if self._clock.steady() > until:
                    raise AccountBroken(
                        f"{self.name} has not responded for an hour; check the server's log.", account=self.name
                    ) from None
            await self._clock.sleep(LOAD_POLL_S)

    # -- tasks

    async def release(
        self, body: Mapping[str, Any], source: Path | None, confirm: Callable[[], None] | None = None
    ) -> str:
        """Send a task, with the source song of an edit; return the task's id. `confirm` is that of `CreateRequest`."""
        upload = None if source is None else {UPLOAD: source}
        data = await self._call("POST", RELEASE, fields=body, upload=upload, slow=True, confirm=confirm)
        if task_id := json_values.ident(data, "task_id", "job_id"):
            return task_id
        raise Unanswered("The server accepted the task but returned no id.")

    async def query(self, task_ids: Collection[str]) -> tuple[tuple[RemoteSong, ...], tuple[str, ...]]:
        """Poll tasks in one call; return their songs and the ids of lost tasks.

        Raises:
            WarmingUp: it doesn't respond because it is loading its models.
        """
        data = await self._call("POST", "query_result", fields={"task_id_list": list(task_ids)})
        found = records.tasks(data, self.name, task_ids)
        self._warm = self._warm or any(task.started for task in found)
        gone = {task.task_id for task in found if task.song is None}
        for task_id in task_ids:
            if task_id in gone:
                self._unknown[task_id] += 1
            else:
                self._unknown.pop(task_id, None)
        forgotten = tuple(task_id for task_id in gone if self._unknown[task_id] >= UNKNOWN_POLLS)
        return tuple(task.song for task in found if task.song), forgotten

    async def fetch(self, file: str, to: Path, progress: Callable[[int, int | None], None]) -> None:
        """Download a song's file to `to`, only from this server."""
        url = self._api.base.join(file.lstrip("/")) if file.startswith("/") else self._api.address(file)
        if not same_origin(url, self._api.base):
            raise Unreadable("The song's URL points to a different machine than its server, so it was not fetched.")
        await fetch(self._api, url, to, progress)

    async def write_lyrics(self, query: str) -> WrittenLyrics:
        """Write lyrics with its language model, and suggest tempo, key, length and caption."""
        data = await self._call("POST", "v1/create_sample", fields={"query": query}, slow=True)
        written = records.written(json_values.record(data))
        if written.text:
            return written
        raise Unreadable("The server wrote no lyrics.")

    # -- calls

    async def _call(
        self,
        method: str,
        path: str,
        *,
        fields: Mapping[str, Any] | None = None,
        upload: Mapping[str, Path] | None = None,
        slow: bool = False,
        patient: bool = False,
        confirm: Callable[[], None] | None = None,
    ) -> Any:
        api = self._patient if patient else self._api
        answer = None
        try:
            answer = await api.call(method, path, fields=fields, upload=upload, slow=slow or patient, confirm=confirm)
            return unwrapped(answer)
        except Unreadable as error:
            if path == RELEASE and answer is not None and answer.status < 300:
                raise Unanswered(f"{error} It may have been accepted.") from None
            raise
        except Unanswered:
            if self._warm or slow or patient:
                raise
            message = f"{self.name} does not respond yet; it may be loading its model."
            raise WarmingUp(message, account=self.name) from None
        except Unauthorized as error:
            problem = "rejected the key" if self.has_key else "requires a key"
            raise AccountBroken(f"{self.name} {problem}: {error}", account=self.name) from None
        except RateLimited as error:
            raise AccountBusy(str(error), account=self.name, retry_after_s=error.retry_after_s) from None
        except Refused as error:
            raise BadRequest(str(error)) from None  # here 422 means an invalid field: ACE-Step has no moderation


def unwrapped(answer: ApiResponse) -> Any:
    """Return the `data` of the envelope around every response.

    Raises:
        ServiceError: from the status, or from the envelope's `code`, since some failures have status 200.
    """
    message = json_values.message(answer.data)
    if answer.status == 415 and "audio_format" in message:
        raise FormatRefused(message)
    if answer.status == 503 and _NO_KEY_SET in message.lower():
        raise Unauthorized(message)
    body = json_values.record(check(answer))
    code = json_values.whole(body.get("code"), 200)
    if code >= 400:
        check(replace(answer, status=code, data={"error": records.reason(json_values.text(body, "error"))}))
    if "data" not in body:
        raise Unreadable("The server at this address is not ACE-Step.")
    return body["data"]


def _is_near(url: httpx.URL) -> bool:
    """Whether a URL's host is this machine or in the local network, judged by name or IP address alone."""
    host = clean_line(url.host).rstrip(".").lower()
    if is_loopback(url) or "." not in host or host.endswith((".local", ".lan", ".internal", ".home.arpa")):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
