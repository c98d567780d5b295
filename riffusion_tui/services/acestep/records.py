"""Convert rows of `/query_result` to songs; supports three versions of the server and acestep-cpp-api.

A row's `progress_text` is ignored: it is the last line of the server's log, which may concern another client.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from riffusion_tui.clean import clean_line
from riffusion_tui.services import json_values
from riffusion_tui.services.acestep.fields import fitting, key_scale
from riffusion_tui.services.acestep.profile import LENGTH_S, TURBO_TASKS
from riffusion_tui.services.base import RemoteSong, Unreadable, WrittenLyrics

QUEUED, _SUCCEEDED, FAILED = 0, 1, 2
NO_FILE = "The server saved no file. mp3 and opus need ffmpeg there; try flac or wav."
UNREADABLE = "The server's result can't be read; its version may not be supported."
NO_REASON = "The server gave no reason; see its log."
OVERDUE = "more than an hour"
_EMPTY = frozenset({"", "N/A", "None", "null"})
_INSTRUMENTAL = frozenset({"[inst]", "[instrumental]"})
_MAX_WORD = 100
_METERS = {"2": "2/4", "3": "3/4", "4": "4/4", "6": "6/8"}


class Task(NamedTuple):
    """A task's state. `song` is None if the server doesn't know the task."""

    task_id: str
    song: RemoteSong | None
    started: bool = False
    """True if it is running or has ended, so the server's models are loaded."""

    @property
    def is_running(self) -> bool:
        """Whether the server reports it as being made; some versions report a waiting task the same way."""
        song = self.song
        return song is not None and not song.finished and not song.failed and song.status != _QUEUED_STAGE


_QUEUED_STAGE = "queued"


def tasks(data: Any, host: str, requested: Collection[str]) -> tuple[Task, ...]:
    """Parse the response's rows; rows of other tasks are skipped.

    Raises:
        Unreadable: there are no rows, which says nothing about the tasks.
    """
    if not isinstance(data, list):
        raise Unreadable("The server's response has no list of tasks.")
    found = [_task(row, host) for row in json_values.records(data)]
    return tuple(one for one in found if one.task_id in requested)


def _task(row: json_values.Record, host: str) -> Task:
    task_id = json_values.ident(row, "task_id")
    outer = json_values.whole(row.get("status"), QUEUED)
    result = row.get("result")
    listed = json_values.inner(result)
    items = json_values.records(listed)
    item = items[0] if items else {}
    if (outer == QUEUED and result is not None and not items) or _is_unknown(row):
        return Task(task_id, None)
    blank = RemoteSong(f"{task_id}@{host}", host, finished=False, failed=False)
    if outer == _SUCCEEDED:
        song = _succeeded(blank, item) if isinstance(listed, list) else _failed(blank, item, UNREADABLE)
        return Task(task_id, song, started=True)
    if outer == FAILED and json_values.whole(item.get("status"), FAILED) == FAILED:
        error = reason(json_values.text(item, "error") or json_values.text(row, "error"))
        return Task(task_id, _failed(blank, item, error or NO_REASON), started=True)
    return _running(task_id, blank, item, late=outer == FAILED)


def _is_unknown(row: json_values.Record) -> bool:
    """acestep-cpp-api reports unknown tasks as failed."""
    return "unknown task" in json_values.text(row, "error").lower()


def _running(task_id: str, blank: RemoteSong, item: json_values.Record, *, late: bool) -> Task:
    stage = json_values.ident(item, "stage")[:_MAX_WORD]
    progress = json_values.number(item.get("progress"))
    share = min(1.0, max(0.0, progress)) if progress else 0.0 if stage == _QUEUED_STAGE else None
    song = replace(blank, status=OVERDUE if late else stage or "running", progress=share)
    return Task(task_id, song, started=stage not in ("", _QUEUED_STAGE) or bool(share))


def _failed(blank: RemoteSong, item: json_values.Record, error: str) -> RemoteSong:
    return replace(blank, failed=True, status="failed", error=error, raw=dict(item))


def _succeeded(blank: RemoteSong, item: json_values.Record) -> RemoteSong:
    file = json_values.text(item, "file")
    if not file:
        return _failed(blank, item, NO_FILE)
    metas = json_values.record(item.get("metas"))
    lyrics = json_values.text(item, "lyrics")
    return replace(
        blank,
        finished=True,
        status="succeeded",
        prompt=json_values.text(item, "prompt"),
        created_at=json_values.moment(item.get("create_time")),
        duration_s=json_values.duration(metas.get("duration")),
        lyrics="" if lyrics.strip().lower() in _INSTRUMENTAL else lyrics,
        plan=_plan(item, metas),
        download_url=file,
        raw=dict(item),
    )


def _plan(item: json_values.Record, metas: json_values.Record) -> dict[str, Any]:
    """Return the song's plan with the same keys as other services."""
    note, _, mode = key_scale(_word(metas, "keyscale")).partition(" ")
    beats = _word(metas, "timesignature")
    seed = (
        json_values.number(json_values.text(item, "seed_value").partition(",")[0]) if item.get("seed_value") else None
    )
    plan = {
        "bpm": json_values.number(metas.get("bpm")),
        "key": note,
        "mode": mode,
        "meter": _METERS.get(beats, beats),
        "genre": _word(metas, "genres"),
        "seed": None if seed is None else int(seed),
        "model": _word(item, "dit_model"),
    }
    return {name: value for name, value in plan.items() if value not in (None, "")}


@dataclass(frozen=True, slots=True)
class Model:
    """A model that the server lists, and the task types it supports."""

    name: str
    loaded: bool
    tasks: frozenset[str]


def inventory(data: json_values.Record) -> tuple[Model, ...]:
    """Parse the list of models; one without task types supports those of all models."""
    return tuple(
        Model(
            name,
            one.get("is_loaded") is not False,
            frozenset(json_values.texts(one.get("supported_task_types"))) or TURBO_TASKS,
        )
        for one in json_values.records(data.get("models"))
        if (name := json_values.ident(one, "name"))
    )


def unfinished(data: json_values.Record) -> int | None:
    """Read the number of queued and running tasks from `/v1/stats`; None if it has none."""
    jobs = json_values.record(data.get("jobs"))
    counts = [json_values.whole(jobs.get(state), -1) for state in ("queued", "running")]
    return None if min(counts) < 0 else sum(counts)


def written(data: json_values.Record) -> WrittenLyrics:
    """Parse the language model's response; unsupported fields are omitted."""
    stated = {
        "tempo": _word(data, "bpm"),
        "key": key_scale(_word(data, "keyscale")),
        "meter": _METERS.get(_word(data, "timesignature"), _word(data, "timesignature")),
        "language": _word(data, "vocal_language"),
    }
    length_s = json_values.number(data.get("duration"))
    low, high = LENGTH_S
    return WrittenLyrics(
        json_values.text(data, "lyrics"),
        clean_line(json_values.text(data, "caption")),
        tuple(fitting({name: text for name, text in stated.items() if text != "unknown"}).items()),
        min(max(length_s, low), high) if length_s and length_s > 0 else None,
    )


def _word(fields: json_values.Record, name: str) -> str:
    word = json_values.ident(fields, name)
    return "" if word in _EMPTY else word


def reason(error: str) -> str:
    """Return the last line of a Python traceback, which has the error message."""
    lines = [line for line in error.splitlines() if line.strip()]
    return clean_line(lines[-1], json_values.MAX_MESSAGE) if lines else ""
