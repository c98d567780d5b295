"""One ACE-Step server: its last known state, loading its models, and its tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from riffusion_tui.jobs.clock import Clock
from riffusion_tui.services import json_values
from riffusion_tui.services.acestep import profile, records
from riffusion_tui.services.acestep.fields import RELEASE, UPLOAD
from riffusion_tui.services.acestep.host_api import LOAD_S, HostApi
from riffusion_tui.services.base import (
    AccountBroken,
    BadRequest,
    CheckFailed,
    Conflict,
    Expired,
    Forbidden,
    NoCredits,
    NotFound,
    NotSent,
    RemoteSong,
    ServerFault,
    Unanswered,
    Unreadable,
    WarmingUp,
    WrittenLyrics,
)

_LOAD_POLL_S = 5.0
"""Interval for polling a loading server, in seconds."""
BASE_MODEL = "ACESTEP_CONFIG_PATH=acestep-v15-base"
"""Environment variable that selects a base model."""
_UNKNOWN_POLLS = 2
"""Polls without the task before it counts as lost; a restart of the server loses its queue."""
STALE_S = 60.0
"""How long a running task may make no progress before the server is asked whether it makes any: after a restart, it
reports the last progress of the task that was running."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The server's queue, from `/v1/stats`."""

    waiting: int = 0
    limit: int = 0
    """0 if unknown."""
    average_s: float | None = None
    unfinished: int | None = None
    """Tasks of all clients that are queued or running; None if unknown."""

    @property
    def full(self) -> bool:
        """Whether the next task would be rejected."""
        return bool(self.limit) and self.waiting >= self.limit


class Host:
    """One server. Calls raise `ServiceError`; errors that concern only this server name it as the account."""

    def __init__(self, api: HostApi, clock: Clock) -> None:
        """Create it.

        Args:
            api: the calls to it.
            clock: the time source.
        """
        self.api = api
        self._clock = clock
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
        self._loads_by_itself = False
        self._unknown: Counter[str] = Counter()
        self._progress: dict[str, tuple[tuple[str, float | None], float]] = {}
        """Each running task's last stage and progress, and since when they are the same."""

    @property
    def name(self) -> str:
        """Its name as an account: host, port and path."""
        return self.api.name

    async def aclose(self) -> None:
        """Close all connections."""
        await self.api.aclose()

    # -- state

    async def look(self) -> None:
        """Fetch its health, models and queue; this also checks the key."""
        await self.health()
        with suppress(ServerFault):  # it can make songs even if it can't describe itself
            await self.look_at_queue()
            await self._look_at_models()

    async def _look_at_models(self) -> None:
        try:
            data = json_values.record(await self.api.call("GET", "v1/model_inventory"))
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
            NotSent: it can't be asked for its models.
        """
        if task in profile.TURBO_TASKS:
            return wanted
        try:
            await self.look()
        except (Unanswered, ServerFault) as error:
            raise _not_sent(error) from None
        able = [one for one in self._inventory if task in one.tasks and wanted in ("", one.name)]
        loaded = [one.name for one in able if one.loaded]
        if loaded or not self._inventory:
            return wanted or next(iter(loaded), "")
        if able:
            name = able[0].name
            call = f'POST {self.api.address}/v1/init {{"model": "{name}"}}'
            raise BadRequest(f"{task} needs {name}, which the server hasn't loaded. Load it with {call}, then retry.")
        which = wanted or self.name
        raise BadRequest(
            f"{which} can't {task}: it needs a base model. Start the server with {BASE_MODEL}, then retry."
        )

    async def _models(self) -> tuple[str, ...]:
        """List the models of old versions: their own format, or OpenRouter's with `vendor/` before the name."""
        try:
            data = await self.api.call("GET", "v1/models")
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
            data = json_values.record(await self.api.call("GET", "health"))
        except NotSent:
            self.api.warm = False  # after a restart nothing may be loaded
            raise
        except NotFound:
            error = f"{self.name} is not ACE-Step's address; correct the path or remove it."
            raise AccountBroken(error, account=self.name) from None
        except (BadRequest, NoCredits, Forbidden, Conflict, Expired) as refusal:
            raise AccountBroken(f"{self.name} refuses requests: {refusal}", account=self.name) from None
        loaded = data.get("models_initialized")
        self.initialized = loaded if isinstance(loaded, bool) else None
        self.api.warm = self.initialized or (self.initialized is None and self.api.warm)
        self.version = json_values.ident(data, "version")
        self.model = json_values.ident(data, "loaded_model")
        has_lm = data.get("llm_initialized") is True
        self.language_model = (json_values.ident(data, "loaded_lm_model") or "loaded") if has_lm else ""

    async def look_at_queue(self) -> None:
        """Fetch the queue. The call requires the key, so it also checks it."""
        try:
            data = json_values.record(await self.api.call("GET", "v1/stats"))
        except NotFound:
            self.queue = Queue()
            return
        self.queue = Queue(
            json_values.whole(data.get("queue_size"), 0),
            json_values.whole(data.get("queue_maxsize"), 0),
            json_values.duration(data.get("avg_job_seconds")),
            records.unfinished(data),
        )

    # -- loading models

    async def check_ready(self) -> None:
        """Check that a task can be sent.

        Raises:
            WarmingUp: its models must be loaded first, or it doesn't respond because it is loading them.
            NotSent: it doesn't respond, or fails to.
        """
        try:
            await self.health()
        except (Unanswered, ServerFault) as error:
            raise _not_sent(error) from None
        if self.initialized is False and not self._loads_by_itself:
            raise WarmingUp(f"{self.name} is loading its model.", account=self.name)

    async def load(self) -> None:
        """Load its models and wait: a minute, or longer if it downloads them first."""
        await self._wait_for_health()
        if self.initialized is not False:
            return
        try:
            await self.api.call("POST", "v1/init", fields={}, patient=True)
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
            await self._clock.sleep(_LOAD_POLL_S)

    # -- tasks

    async def release(
        self, body: Mapping[str, Any], source: Path | None, confirm: Callable[[], None] | None = None
    ) -> str:
        """Send a task, with the source song of an edit; return the task's id. `confirm` is that of `CreateRequest`."""
        upload = None if source is None else {UPLOAD: source}
        data = await self.api.call("POST", RELEASE, fields=body, upload=upload, slow=True, confirm=confirm)
        if task_id := json_values.ident(data, "task_id", "job_id"):
            return task_id
        raise Unanswered("The server accepted the task but returned no id.")

    async def query(self, task_ids: Collection[str]) -> tuple[tuple[RemoteSong, ...], tuple[str, ...]]:
        """Poll tasks in one call; return their songs and the ids of lost tasks.

        Raises:
            WarmingUp: it doesn't respond because it is loading its models.
        """
        known = await self._unfinished() if self._stale(task_ids) else None  # first: fewer may be unfinished later
        data = await self.api.call("POST", "query_result", fields={"task_id_list": list(task_ids)})
        found = records.tasks(data, self.name, task_ids)
        self.api.warm = self.api.warm or any(task.started for task in found)
        self._note_progress(found)
        gone = {task.task_id for task in found if task.song is None} | self._left_behind(found, known)
        for task_id in task_ids:
            if task_id in gone:
                self._unknown[task_id] += 1
            else:
                self._unknown.pop(task_id, None)
        forgotten = tuple(task_id for task_id in gone if self._unknown[task_id] >= _UNKNOWN_POLLS)
        return tuple(task.song for task in found if task.song and task.task_id not in gone), forgotten

    def _note_progress(self, found: Collection[records.Task]) -> None:
        now = self._clock.steady()
        for task in found:
            before = self._progress.pop(task.task_id, None)
            if task.is_running and task.song is not None:
                mark = (task.song.status, task.song.progress)
                self._progress[task.task_id] = before if before and before[0] == mark else (mark, now)

    def _stale(self, task_ids: Collection[str]) -> set[str]:
        """Return the running tasks without recent progress."""
        before = self._clock.steady() - STALE_S
        return {task_id for task_id in task_ids if self._progress.get(task_id, ("", inf))[1] <= before}

    async def _unfinished(self) -> int | None:
        """Return how many tasks the server says are queued or running; None if it doesn't say."""
        try:
            await self.look_at_queue()
        except ServerFault:
            return None
        return self.queue.unfinished

    def _left_behind(self, found: Collection[records.Task], known: int | None) -> set[str]:
        """Return the tasks that a restart has left behind: without progress, and more than the server has."""
        unfinished = [task for task in found if task.song and not (task.song.finished or task.song.failed)]
        stale = self._stale([task.task_id for task in unfinished])
        return stale if known is not None and len(stale) <= len(unfinished) - known else set()

    async def write_lyrics(self, query: str) -> WrittenLyrics:
        """Write lyrics with its language model, and suggest tempo, key, length and caption."""
        data = await self.api.call("POST", "v1/create_sample", fields={"query": query}, slow=True)
        written = records.written(json_values.record(data))
        if written.text:
            return written
        raise Unreadable("The server wrote no lyrics.")


def _not_sent(error: Unanswered | ServerFault) -> CheckFailed:
    """Return the error for a task that is not sent because a call before it failed."""
    return CheckFailed(f"{str(error).rstrip('.')}. Nothing was sent.")
