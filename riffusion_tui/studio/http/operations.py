"""The API as a table: paths, fields and responses. Routes, validation and the OpenAPI document are built from it.

Sources: https://useapi.net/docs/api-riffusion-v1 and its pages. Items marked `added` are the studio's extensions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from riffusion_tui.studio.engine.song_request import FORMATS
from riffusion_tui.studio.http.fields import Kind, RequestField

BASE = "/v1/riffusion"
MODEL = "FUZZ-0.8"
_MAX_PROMPT = 10_000
"""In characters. The v1 page sets no limit; this is the limit of the vendor's newer API."""
MAX_LYRICS = 10_000

_USER = RequestField("user_id", Kind.LINE, "the account", max_length=64)
_ID = RequestField("id", Kind.LINE, "a job_id", max_length=64)
_PATH_USER = RequestField("user_id", Kind.OPAQUE, "the account", required=True)
_PATH_JOB = RequestField("job_id", Kind.JOB, "the job", required=True)
_SEED = RequestField("seed", Kind.WHOLE, "same seed, same song", minimum=0, maximum=2**31 - 1, added=True)
_LENGTH = RequestField(
    "length_s", Kind.NUMBER, "requested length of the song, seconds", minimum=5, maximum=600, added=True
)

_ACCOUNT = RequestField("user_id", Kind.LINE, "the account; if omitted, a random one with capacity", max_length=64)
_REPLY = (
    RequestField(
        "replyUrl", Kind.ADDRESS, "called with progress until the song is completed or failed", max_length=1024
    ),
    RequestField("replyRef", Kind.OPAQUE, "stored, and returned with the job and the song", max_length=1024),
    RequestField(
        "maxJobs",
        Kind.WHOLE,
        "maximum running jobs of the account; default: the account's own value",
        minimum=1,
        maximum=10,
    ),
)
_LOCKS = (
    RequestField(
        "tempo", Kind.NUMBER, "beats per minute, whatever the prompt says", minimum=30, maximum=300, added=True
    ),
    RequestField("key", Kind.LINE, "A minor, F#m, D dorian; whatever the prompt says", max_length=40, added=True),
    RequestField(
        "form",
        Kind.LINE,
        "sections and their bars: 4/4, intro 4, verse 8, chorus 8, ending 2",
        max_length=2000,
        added=True,
    ),
    RequestField(
        "band",
        Kind.LINE,
        "players: drums=drums, bass=upright bass, lead=flute, vocal=female",
        max_length=2000,
        added=True,
    ),
    RequestField(
        "like",
        Kind.TEXT,
        "the prompt of an earlier song; with its seed, only what the new prompt changes is different",
        max_length=_MAX_PROMPT,
        added=True,
    ),
)
_TITLE = RequestField("title", Kind.LINE, "the song's title", max_length=200)
_COMMON = (
    _ACCOUNT,
    RequestField("model", Kind.LINE, "the only available model", choices=(MODEL,), default=MODEL),
    *_REPLY,
    _SEED,
    _LENGTH,
    *_LOCKS,
)
EDITS = ("replace", "resize", "transpose", "swap", "mute")
"""Edits of a song."""
_EDIT = (
    RequestField("id", Kind.LINE, "the job_id of the song", required=True, max_length=64),
    RequestField("section", Kind.LINE, "replace: the section to make again, as in the chart: Verse 2", max_length=100),
    RequestField("prompt", Kind.TEXT, "replace: description of the section", max_length=_MAX_PROMPT),
    replace(_SEED, meaning="replace: same seed, same section"),
    replace(_LENGTH, meaning="resize: the new length, seconds"),
    RequestField("key", Kind.LINE, "transpose: the new key, as in A minor", max_length=40),
    RequestField("stem", Kind.LINE, "swap, mute: the stem's name or role", max_length=100),
    RequestField("instrument", Kind.LINE, "swap: the stem's new instrument", max_length=100),
    _ACCOUNT,
    *_REPLY,
    RequestField("operation", Kind.LINE, "what to change", required=True, choices=EDITS),
)

EXTENSIONS = {
    "fields": ["title", *(field.name for field in _COMMON if field.added)],
    "edits": [*EDITS],
    "formats": [*FORMATS],
}
"""What clients can rely on beyond the documented API: fields of the create calls, edits, and all download formats."""


def _compose_prompt(number: int) -> tuple[RequestField, ...]:
    name = f"prompt_{number}"
    return (
        RequestField(name, Kind.TEXT, "describes a part of the song", required=number == 1, max_length=_MAX_PROMPT),
        RequestField(f"{name}_strength", Kind.NUMBER, "per cent", minimum=20, maximum=100, default=50.0),
        RequestField(f"{name}_start", Kind.NUMBER, "start, per cent of the song", minimum=0, maximum=100, default=0.0),
        RequestField(f"{name}_end", Kind.NUMBER, "end, per cent of the song", minimum=0, maximum=100, default=100.0),
    )


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API."""

    name: str
    method: str
    paths: tuple[str, ...]
    """The first is documented; the others are aliases."""
    summary: str
    answers: tuple[int, ...]
    """Status codes it can return besides those common to all operations."""
    body: tuple[RequestField, ...] = ()
    query: tuple[RequestField, ...] = ()
    path: tuple[RequestField, ...] = ()


_CREATED = (200, 400, 401, 413, 422, 429, 596)

OPERATIONS = (
    Operation(
        "create_prompt",
        "POST",
        (f"{BASE}/music/create-prompt", f"{BASE}/create-prompt"),
        "Create music using a simple text prompt",
        _CREATED,
        body=(
            RequestField(
                "prompt", Kind.TEXT, "describes a song or an instrumental", required=True, max_length=_MAX_PROMPT
            ),
            RequestField("instrumental", Kind.FLAG, "no vocals", default=False),
            replace(_TITLE, added=True),
            *_COMMON,
        ),
    ),
    Operation(
        "create_compose",
        "POST",
        (f"{BASE}/music/create-compose", f"{BASE}/create-compose"),
        "Create music from lyrics and up to three prompts",
        _CREATED,
        body=(
            _TITLE,
            RequestField(
                "lyrics", Kind.TEXT, "the lyrics; if omitted, the song is instrumental", max_length=MAX_LYRICS
            ),
            RequestField("lyrics_strength", Kind.NUMBER, "per cent", minimum=0, maximum=100, default=50.0),
            RequestField("lyrics_weirdness", Kind.NUMBER, "per cent; unused", minimum=0, maximum=100, default=50.0),
            *_compose_prompt(1),
            *_compose_prompt(2),
            *_compose_prompt(3),
            *_COMMON,
        ),
    ),
    Operation(
        "edit_music",
        "POST",
        (f"{BASE}/music/edit",),
        "Edit a finished song, as a new job; whatever isn't edited keeps every note (studio extension)",
        (200, 400, 401, 404, 409, 413, 422, 429, 596),
        body=tuple(replace(field, added=True) for field in _EDIT),
    ),
    Operation(
        "generate_lyrics",
        "POST",
        (f"{BASE}/music/generate-lyrics", f"{BASE}/generate-lyrics"),
        "Write lyrics from a prompt",
        (200, 400, 401, 413, 422),
        body=(
            RequestField("prompt", Kind.TEXT, "topic of the lyrics", required=True, max_length=_MAX_PROMPT),
            RequestField("lyrics", Kind.TEXT, "lyrics to continue", max_length=MAX_LYRICS),
        ),
    ),
    Operation(
        "list_music",
        "GET",
        (f"{BASE}/music/", f"{BASE}/music"),
        "List an account's songs, newest first",
        (200, 400, 401, 596),
        query=(
            RequestField("user_id", Kind.LINE, "the account; required when there is more than one", max_length=64),
            RequestField("offset", Kind.WHOLE, "songs to skip", minimum=0, maximum=10**9, default=0),
            RequestField("limit", Kind.WHOLE, "songs to return", minimum=1, maximum=100, default=10),
            _ID,
        ),
    ),
    Operation(
        "delete_music",
        "DELETE",
        (f"{BASE}/music/", f"{BASE}/music"),
        "Delete a song and its files",
        (204, 400, 401, 404, 596),
        query=(_USER, RequestField("id", Kind.LINE, "a job_id", required=True, max_length=64)),
    ),
    Operation(
        "download",
        "GET",
        (f"{BASE}/music/download", f"{BASE}/music/download/"),
        "Download a finished song in one of several formats",
        (200, 400, 401, 404, 409, 596),
        query=(
            RequestField("id", Kind.LINE, "a job_id", required=True, max_length=64),
            _USER,
            RequestField(
                "download_format",
                Kind.LINE,
                "the studio adds midi, flac, ogg, lrc (lyrics with timestamps) and chordpro (lyrics with chords)",
                choices=FORMATS,
                default="mp3",
            ),
        ),
    ),
    Operation(
        "scheduler",
        "GET",
        (f"{BASE}/scheduler", f"{BASE}/scheduler/"),
        "List the running jobs",
        (200, 401),
    ),
    Operation(
        "available",
        "GET",
        (f"{BASE}/scheduler/available", f"{BASE}/scheduler/available/"),
        "List the running jobs and each account's free slots",
        (200, 401),
    ),
    Operation(
        "forget_job",
        "DELETE",
        (f"{BASE}/scheduler/{{job_id}}",),
        "Stop tracking a job; the song may still be made",
        (204, 400, 401, 404),
        path=(_PATH_JOB,),
    ),
    Operation(
        "list_accounts",
        "GET",
        (f"{BASE}/accounts", f"{BASE}/accounts/"),
        "List the accounts",
        (200, 401, 404),
    ),
    Operation(
        "get_account",
        "GET",
        (f"{BASE}/accounts/{{user_id}}",),
        "Show one account",
        (200, 400, 401, 404),
        path=(_PATH_USER,),
    ),
    Operation(
        "post_account",
        "POST",
        (f"{BASE}/accounts", f"{BASE}/accounts/"),
        "Add or repair an account",
        (201, 400, 401, 413),
        body=(
            RequestField("cookie", Kind.OPAQUE, "opens the account's session; post each once", max_length=16_384),
            RequestField("maxJobs", Kind.WHOLE, "maximum running jobs", minimum=1, maximum=10),
            RequestField(
                "user_id", Kind.LINE, "the account to change; cookie is optional then", max_length=64, added=True
            ),
        ),
    ),
    Operation(
        "delete_account",
        "DELETE",
        (f"{BASE}/accounts/{{user_id}}",),
        "Remove an account; its songs stay on disk",
        (204, 400, 401, 404),
        path=(_PATH_USER,),
    ),
    Operation(
        "openapi",
        "GET",
        ("/openapi.json",),
        "This document (studio extension)",
        (200, 401),
    ),
)
