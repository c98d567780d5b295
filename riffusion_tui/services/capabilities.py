"""How a service says what it can do and how it is opened, so that the rest of the program knows none by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from riffusion_tui.jobs.clock import Clock
    from riffusion_tui.secret import Secret


class EditField(NamedTuple):
    """Something that an edit can be told, as `Options.extra` holds it: a text, a number, or one of `choices`."""

    name: str
    meaning: str
    number: bool = False
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    required: bool = False
    after: str = ""
    """The field whose number this one must be more than, where both are given."""
    only: str = ""
    """The choice, of the field with choices, that this field belongs to; empty: it belongs to all."""


class Edit(NamedTuple):
    """What a service can do to a finished song. The edit is a job: `Options.operation`, with the song as `source`."""

    name: str
    meaning: str
    prompt: str = ""
    """What the job's prompt says to this edit; empty: it says nothing, and is only how the job is called in lists."""
    lyrics: bool = False
    """Whether it needs `Options.lyrics`."""
    fields: tuple[EditField, ...] = ()


class Capabilities(NamedTuple):
    """What a service can do; the screen offers no more than this."""

    formats: tuple[str, ...] = ("mp3",)
    """What `download` can be asked for, best first: `mp3`, `wav`, `stems`, `midi`, …"""
    fixed_format: bool = False
    """A song has the format that it was made in (the field `format` of its job), and can be had in no other."""
    models: tuple[str, ...] = ()
    default_model: str = ""
    """What a job that names no model gets; empty: the service does not say."""
    fields: tuple[EditField, ...] = ()
    """What a new song can be told beside the options that all services share, as `Options.extra` holds it."""
    edits: tuple[Edit, ...] = ()
    """What it can do to a finished song: extend, replace, cover, remix, …"""
    lyrics: bool = False
    """Can write lyrics on request."""
    given_lyrics: bool = False
    """Takes lyrics with the prompt."""
    seed: bool = False
    """Takes `Options.seed`."""
    length: bool = False
    """Takes `Options.length_s`."""
    length_range: tuple[float, float] = (0.0, float("inf"))
    """Seconds that a song can have."""
    title: bool = False
    """Takes `Options.title`."""
    songs: int = 1
    """Songs that a request usually gives."""
    credits: bool = False
    credential: str = "cookie"
    """What mends an account, in the service's own word."""
    max_prompt: int = 10_000
    """Characters of a prompt."""
    max_lyrics: int = 10_000
    """Characters of lyrics that come with a prompt."""
    max_seed: int = 2**63 - 1
    """The highest seed; the lowest is 0."""
    max_jobs: int = 10
    """The most that an account's `maxJobs` may be; the least is 1."""
    near: bool = False
    """Runs on this machine, made for this program: asking it costs nothing, so that progress is shown as it happens."""
    list_proves: bool = True
    """Whether `songs` tells a song's prompt or `ref`, so that it can prove that a request was accepted. False: only
    `workload` can, while it runs; else a person settles it. That a request is in neither proves nothing in any case."""

    schedules: bool = True
    """Whether `workload` names the jobs that run, so that only the others have to be asked about."""
    look_s: float = 0.0
    """Seconds between two looks at what is being made, at most; 0: as many as songs usually take allow."""
    repeatable: bool = False
    """Making a song again costs nothing and gives the same song: a request whose answer was lost, and a job that the
    service forgot, are sent again without asking a person."""
    cancels: bool = True
    """Whether `forget` stops a job; else the service finishes it all the same."""
    uploads: bool = False
    """An edit sends the song's own file (`Options.source` is its path), so that any service's song can be edited."""

    def usual_model(self, model: str) -> str:
        """Return the settings' model if the service has it; else nothing, which means its own."""
        return model if model in self.models else ""

    @property
    def operations(self) -> tuple[str, ...]:
        """The names of its edits."""
        return tuple(edit.name for edit in self.edits)


class ServiceSetup(NamedTuple):
    """What a service's client is opened with."""

    addresses: tuple[str, ...]
    """Where it is; one, unless its profile says `hosts`."""
    tokens: Mapping[str, Secret]
    """Address → token, for those that have one."""
    clock: Clock
    insecure: bool = False
    """Allow http:// to another machine."""
    format: str = ""
    """The settings' format for files; empty: the service's own choice."""
    max_jobs: int = 0
    """Jobs that each account is given at a time, if the settings say it for this service; 0: they do not."""
    keep_token: Callable[[str, Secret], None] = lambda address, token: None
    """Told (address, token) when an account is given another one."""


class Profile(NamedTuple):
    """A service's entry in `riffusion_tui.registry`: what is known of it before its client is loaded.

    A hook is `module:function` below `riffusion_tui.services`, imported when it is first needed (`hook`).
    """

    name: str
    """What settings, jobs and `--service` call it."""
    title: str
    """What a person calls it."""
    capabilities: Capabilities
    address: str = ""
    """Where it is unless the settings say otherwise; empty: it runs inside this program."""
    path: str = ""
    """The API's own path below the address."""
    authorization: Literal["always", "optional", "never"] = "always"
    """Whether calls carry a token."""
    hosts: bool = False
    """Its accounts are servers of the user's, each with an address of its own."""
    client: str = ""
    """Hook: `ServiceSetup` → `Service`; empty: the program brings it up itself."""
    request: str = ""
    """Hook: `CreateRequest` → (path, fields) of the call that makes a song, for `curl`."""
    fields_from: str = ""
    """Hook: what a prompt states (`tempo`, `key`, `meter`, `language`) → fields that the service can be told."""
