"""One ACE-Step server: its calls, and what it last said of itself."""

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
)
from riffusion_tui.services.download import fetch
from riffusion_tui.services.http import Api, TransferLimits
from riffusion_tui.services.responses import ApiResponse, check

LOAD_S = 3600.0
"""The longest wait for a server to load its models; the first time it downloads them."""
LOAD_LOOK_S = 5.0
"""How often a server that loads is asked whether it is ready."""
UNKNOWN_LOOKS = 2
"""Looks at which a server does not know a task before it counts as forgotten: a restart loses what was queued."""
_NO_KEY_SET = "api key is not configured"


@dataclass(frozen=True, slots=True)
class Queue:
    """What `/v1/stats` says."""

    waiting: int = 0
    limit: int = 0
    """0: it does not say."""
    average_s: float | None = None

    @property
    def full(self) -> bool:
        """Whether the next task would be refused."""
        return bool(self.limit) and self.waiting >= self.limit


class Host:
    """One server. Its calls raise `ServiceError`; what only concerns this server names it as the account."""

    def __init__(
        self,
        address: str,
        key: Secret | None,
        *,
        clock: Clock,
        limits: TransferLimits,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Take where it is.

        Args:
            address: `http://box:8001`, with a path if a proxy needs one.
            key: sent to that address only; None where the server asks for none.
            clock: time.
            limits: bounds of size and time; loading a model has a bound of its own.
            transport: in place of the network.
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
        """Whether its models are loaded; None where this version does not say."""
        self.models: tuple[str, ...] = ()
        self.tasks: frozenset[str] = profile.TURBO_TASKS
        self.queue = Queue()
        self._warm = False
        self._loads_by_itself = False
        self._unknown: Counter[str] = Counter()

    def _open(self, key: Secret | None) -> None:
        def api(limits: TransferLimits) -> Api:
            # http:// to a LAN host or through a tunnel is how people run it; `doctor` warns where a key is readable.
            return Api(
                self.address, "", key, transport=self._transport, clock=self._clock, limits=limits, insecure=True
            )

        self._api, self._patient = api(self._limits), api(replace(self._limits, slow_s=LOAD_S))

    @property
    def key_in_the_clear(self) -> bool:
        """Whether its key travels unencrypted to a machine outside this network."""
        return self.has_key and self._api.base.scheme == "http" and not _is_near(self._api.base)

    async def set_key(self, key: Secret) -> None:
        """Use another key from now on."""
        await self.aclose()
        self.has_key = True
        self._open(key)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._api.aclose()
        await self._patient.aclose()

    # -- what it is

    async def look(self) -> None:
        """Ask how it is, what it has loaded, and whether it takes the key."""
        await self.health()
        await self.look_at_queue()
        try:
            said = json_values.record(await self._call("GET", "v1/model_inventory"))
        except NotFound:
            self.models = await self._models()
        else:
            listed = json_values.records(said.get("models"))
            self.models = tuple(filter(None, (json_values.ident(one, "name") for one in listed)))
            able = [set(json_values.texts(one.get("supported_task_types"))) for one in listed]
            self.tasks = frozenset(set.intersection(*able)) if able and all(able) else profile.TURBO_TASKS

    async def _models(self) -> tuple[str, ...]:
        """Ask as old versions answer: an own list, or OpenRouter's, whose names have the vendor before a slash."""
        try:
            said = await self._call("GET", "v1/models")
        except NotFound:
            return ()
        if isinstance(said, dict):
            return tuple(
                filter(None, (json_values.ident(one, "name") for one in json_values.records(said.get("models"))))
            )
        return tuple(json_values.ident(one, "id").rpartition("/")[2] for one in json_values.records(said))

    async def health(self) -> None:
        """Ask whether it is there and its models are loaded."""
        try:
            said = json_values.record(await self._call("GET", "health"))
        except NotSent:
            self._warm = False  # it may come back with nothing loaded
            raise
        loaded = said.get("models_initialized")
        self.initialized = loaded if isinstance(loaded, bool) else None
        self._warm = self.initialized or (self.initialized is None and self._warm)
        self.version = json_values.ident(said, "version")
        self.model = json_values.ident(said, "loaded_model")
        has_lm = said.get("llm_initialized") is True
        self.language_model = (json_values.ident(said, "loaded_lm_model") or "loaded") if has_lm else ""

    async def look_at_queue(self) -> None:
        """Ask how long its queue is. The call needs the key, so it also shows whether the key is right."""
        try:
            said = json_values.record(await self._call("GET", "v1/stats"))
        except NotFound:
            return
        self.queue = Queue(
            json_values.whole(said.get("queue_size"), 0),
            json_values.whole(said.get("queue_maxsize"), 0),
            json_values.number(said.get("avg_job_seconds")),
        )

    # -- getting ready

    async def check_ready(self) -> None:
        """Return if a task can be sent.

        Raises:
            WarmingUp: its models have to be loaded first, or it is silent because it loads them.
            NotSent: it does not answer.
        """
        try:
            await self.health()
        except Unanswered as error:
            raise NotSent(f"{error} Nothing was sent.") from None
        if self.initialized is False and not self._loads_by_itself:
            raise WarmingUp(f"{self.name} is loading its model.", account=self.name)

    async def load(self) -> None:
        """Have its models loaded, and wait until they are: a minute, or many if it has to download them first."""
        await self._wait_for_health()
        if self.initialized is not False:
            return
        try:
            await self._call("POST", "v1/init", fields={}, patient=True)
        except NotFound:
            self._loads_by_itself = True  # an old version: its first task loads them
        except (ServerFault, BadRequest) as error:
            raise AccountBroken(f"{self.name} can't load its model: {error}", account=self.name) from None

    async def _wait_for_health(self) -> None:
        """Wait for an answer: a version that loads with its first task is silent meanwhile."""
        until = self._clock.steady() + LOAD_S
        while True:
            try:
                return await self.health()
            except (Unanswered, WarmingUp):
                if self._clock.steady() > until:
                    raise AccountBroken(f"{self.name} has been silent for an hour.", account=self.name) from None
            await self._clock.sleep(LOAD_LOOK_S)

    # -- tasks

    async def release(self, body: Mapping[str, Any], source: Path | None) -> str:
        """Send a task, with the song that it edits; return its id."""
        upload = None if source is None else {UPLOAD: source}
        said = await self._call("POST", RELEASE, fields=body, upload=upload, slow=True)
        if task_id := json_values.ident(said, "task_id", "job_id"):
            return task_id
        raise Unanswered("The server took the task but named none.")

    async def query(self, task_ids: Collection[str]) -> tuple[tuple[RemoteSong, ...], tuple[str, ...]]:
        """Ask about tasks, all in one call; return their songs and the ids of those that it has forgotten.

        Raises:
            WarmingUp: it is silent because it loads its models.
        """
        said = await self._call("POST", "query_result", fields={"task_id_list": list(task_ids)})
        found = records.tasks(said, self.name, task_ids)
        self._warm = self._warm or any(task.started for task in found)
        gone = {task.task_id for task in found if task.song is None}
        for task_id in task_ids:
            if task_id in gone:
                self._unknown[task_id] += 1
            else:
                self._unknown.pop(task_id, None)
        forgotten = tuple(task_id for task_id in gone if self._unknown[task_id] >= UNKNOWN_LOOKS)
        return tuple(task.song for task in found if task.song), forgotten

    async def fetch(self, file: str, to: Path, progress: Callable[[int, int | None], None]) -> None:
        """Write a song's file to `to`: from this server only, whatever the answer says."""
        url = self._api.base.join(file.lstrip("/")) if file.startswith("/") else self._api.address(file)
        if not same_origin(url, self._api.base):
            raise Unreadable("The song's address leads to another machine than its server: it is not fetched.")
        await fetch(self._api, url, to, progress)

    async def write_lyrics(self, query: str) -> str:
        """Have its language model write lyrics."""
        said = await self._call("POST", "v1/create_sample", fields={"query": query}, slow=True)
        if written := json_values.text(said, "lyrics"):
            return written
        raise Unreadable("The server wrote no lyrics.")

    # -- one call

    async def _call(
        self,
        method: str,
        path: str,
        *,
        fields: Mapping[str, Any] | None = None,
        upload: Mapping[str, Path] | None = None,
        slow: bool = False,
        patient: bool = False,
    ) -> Any:
        api = self._patient if patient else self._api
        answer = None
        try:
            answer = await api.call(method, path, fields=fields, upload=upload, slow=slow or patient)
            return unwrapped(answer)
        except Unreadable as error:
            if path == RELEASE and answer is not None and answer.status < 300:
                raise Unanswered(f"{error} It may have been accepted.") from None
            raise
        except Unanswered:
            if self._warm or slow or patient:
                raise
            words = f"{self.name} does not answer yet: it may be loading its model."
            raise WarmingUp(words, account=self.name) from None
        except Unauthorized as error:
            wants = "refuses its key" if self.has_key else "wants a key"
            raise AccountBroken(f"{self.name} {wants}: {error}", account=self.name) from None
        except RateLimited as error:
            words = str(error)
            raise AccountBusy(words, account=self.name, retry_after_s=error.retry_after_s) from None
        except Refused as error:
            raise BadRequest(str(error)) from None  # 422 is a wrong field here: ACE-Step moderates nothing


def unwrapped(answer: ApiResponse) -> Any:
    """Return the `data` of the envelope that every answer comes in.

    Raises:
        ServiceError: the status says so, or the envelope's own `code` does: some failures come with status 200.
    """
    said = json_values.message(answer.data)
    if answer.status == 503 and _NO_KEY_SET in said.lower():
        raise Unauthorized(said)
    body = json_values.record(check(answer))
    code = json_values.whole(body.get("code"), 200)
    if code >= 400:
        check(replace(answer, status=code, data={"error": records.reason(json_values.text(body, "error"))}))
    if "data" not in body:
        raise Unreadable("The address answers, but not as ACE-Step does.")
    return body["data"]


def _is_near(url: httpx.URL) -> bool:
    """Whether an address is this machine's or of its own network, as far as its name or number tells."""
    host = clean_line(url.host).rstrip(".").lower()
    if is_loopback(url) or "." not in host or host.endswith((".local", ".lan", ".internal", ".home.arpa")):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
