"""How services describe their features and how to open them, so that no other code depends on a specific service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf, isfinite
from re import fullmatch
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from riffusion_tui.jobs.clock import Clock
    from riffusion_tui.secret import Secret


_LABELS = {"extend_s": "length", "extend_from_s": "from", "mask_start_s": "start", "mask_end_s": "end"}
"""Labels of fields whose names say something else."""
_UNITS = {"_s": "s", "_db": "dB"}
"""Endings of names, and the units that they stand for."""


def label_of(name: str) -> str:
    """Return a field's name as people read it: `length` for `length_s`, `fade in` for `fade_in_s`."""
    end = next((end for end in _UNITS if name.endswith(end)), "")
    return _LABELS.get(name) or name.removesuffix(end).replace("_", " ")


def unit_of(name: str) -> str:
    """Return the unit of a field's number; empty if it has none."""
    return next((unit for end, unit in _UNITS.items() if name.endswith(end)), "")


class EditField(NamedTuple):
    """A field of an edit or a new song, stored in `Options.extra`: text, a number, or one of `choices`."""

    name: str
    meaning: str
    number: bool = False
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    required: bool = False
    after: str = ""
    """Name of a field whose value must be smaller than this one's, if both are given."""
    only: str = ""
    """The choice to which this field applies; empty: all choices."""
    listed: str = ""
    """The list in a song's plan that holds this song's choices; without one, any text is allowed."""
    pattern: str = ""
    """A regular expression for the whole text; `meaning` must list examples, as messages name them."""
    max_length: int = 0
    """Maximum characters of a text; 0: unlimited."""

    @property
    def label(self) -> str:
        """The name as people read it."""
        return label_of(self.name)

    @property
    def is_time(self) -> bool:
        """Whether it is a time in seconds, which people may write as `2:30`."""
        return self.number and self.name.endswith("_s")

    def spelled(self, text: str) -> str:
        """Return the choice that a text is in any case, spelled as the service does; any other text as it is."""
        return next((choice for choice in self.choices if choice.casefold() == text.casefold()), text)

    def allows(self, text: str) -> bool:
        """Whether a non-empty value is valid, apart from `after` and `only`."""
        if self.number:
            try:
                number = float(text)
            except ValueError:
                return False
            low, high = -inf if self.low is None else self.low, inf if self.high is None else self.high
            return isfinite(number) and low <= number <= high
        if 0 < self.max_length < len(text):
            return False
        return (not self.choices or text in self.choices) and (not self.pattern or bool(fullmatch(self.pattern, text)))


def number_field(
    name: str,
    meaning: str,
    low: float | None,
    high: float | None,
    *,
    required: bool = False,
    after: str = "",
    only: str = "",
) -> EditField:
    """Return a field for a number; see `EditField`."""
    return EditField(name, meaning, number=True, low=low, high=high, required=required, after=after, only=only)


class Edit(NamedTuple):
    """An edit of a finished song. It becomes a job with `Options.operation` and the song as `Options.source`."""

    name: str
    meaning: str
    prompt: str = ""
    """Meaning of the job's prompt; empty: the prompt is not sent, only shown in lists."""
    lyrics: bool = False
    """Whether it requires `Options.lyrics`."""
    fields: tuple[EditField, ...] = ()
    lock: str = ""
    """The lock that keeps the edit in another song like the edited one; empty: none does."""


class Capabilities(NamedTuple):
    """A service's features; the screen offers nothing else."""

    formats: tuple[str, ...] = ("mp3",)
    """Formats for `download`, preferred first: `mp3`, `wav`, `stems`, `midi`, …"""
    fixed_format: bool = False
    """Songs can only be downloaded in the format they were made in (the field `format` of the job)."""
    models: tuple[str, ...] = ()
    default_model: str = ""
    """The model for jobs that specify none; empty: unknown."""
    models_differ: bool = True
    """Whether the models make different songs; if not, the screen offers no choice."""
    fields: tuple[EditField, ...] = ()
    """Additional fields of a new song, stored in `Options.extra`."""
    edits: tuple[Edit, ...] = ()
    """Edits of finished songs: extend, replace, cover, remix, …"""
    lyrics: bool = False
    """Can write lyrics."""
    given_lyrics: bool = False
    """Accepts lyrics with the prompt."""
    seed: bool = False
    """Accepts `Options.seed`."""
    length: bool = False
    """Accepts `Options.length_s`."""
    length_range: tuple[float, float] = (0.0, float("inf"))
    """Allowed length of a song, in seconds."""
    default_length_s: float | None = None
    """About how long a song is if no length is requested, in seconds; None if unknown."""
    title: bool = False
    """Accepts `Options.title`."""
    titles_any_song: bool = False
    """A title needs neither given lyrics nor an instrumental."""
    songs: int = 1
    """Usual number of songs per request."""
    credits: bool = False
    credential: str = "cookie"
    """The service's term for the credential that repairs an account."""
    max_prompt: int = 10_000
    """Maximum characters of a prompt."""
    max_lyrics: int = 10_000
    """Maximum characters of lyrics."""
    max_title: int = 200
    """Maximum characters of a title."""
    max_seed: int = 2**63 - 1
    """Maximum seed; the minimum is 0. Jobs of services without seeds keep those of receipts."""
    max_jobs: int = 10
    """Maximum of an account's `maxJobs`; the minimum is 1."""
    local: bool = False
    """Runs on this machine, so polling is cheap and progress can be shown live."""
    list_proves: bool = True
    """Whether `songs` includes a song's prompt or `ref`, which proves that a request was accepted. If False, only
    `workload` proves it, while the job is running; otherwise the user decides. A missing entry proves nothing."""

    schedules: bool = True
    """Whether `workload` lists running jobs, so that only the others have to be polled."""
    poll_s: float = 0.0
    """Maximum seconds between two polls of running jobs; 0: depends on how long songs usually take."""
    repeatable: bool = False
    """Making a song again is free and gives the same song, so requests without a response and lost jobs are sent again
    without asking the user."""
    genre_decides_vocals: bool = False
    """Whether a prompt that doesn't mention a voice is sung only if its genre usually is."""
    needs_lyrics: bool = False
    """Whether a song without given lyrics is an instrumental."""
    cancels: bool = True
    """Whether `cancel` stops a job; if not, the service finishes it anyway."""
    uploads: bool = False
    """Edits upload the song's file (`Options.source` is its path), so songs of any service can be edited."""

    def supported_model(self, model: str) -> str:
        """Return `model` if the service has it, otherwise an empty string, which means the service's default."""
        return model if model in self.models else ""

    @property
    def field_names(self) -> frozenset[str]:
        """Names of the additional fields of a new song."""
        return frozenset(field.name for field in self.fields)

    @property
    def operations(self) -> tuple[str, ...]:
        """Names of the edits."""
        return tuple(edit.name for edit in self.edits)


class ServiceSetup(NamedTuple):
    """Arguments for opening a service's client."""

    addresses: tuple[str, ...]
    """Its addresses; exactly one unless the profile has `hosts`."""
    tokens: Mapping[str, Secret]
    """Address → token, for addresses that have one."""
    clock: Clock
    insecure: bool = False
    """Allow http:// to another machine."""
    format: str = ""
    """File format from the settings; empty: the service's default."""
    max_jobs: int = 0
    """Maximum concurrent jobs per account from the settings; 0: not set."""
    keep_token: Callable[[str, Secret], None] = lambda address, token: None
    """Called with (address, token) when an account's token changes."""


class Profile(NamedTuple):
    """A service's entry in `riffusion_tui.registry`: everything known without importing its client.

    A hook is `module:function` under `riffusion_tui.services`, imported on first use (see `hook`).
    """

    name: str
    """Name in settings, jobs and `--service`."""
    title: str
    """Display name."""
    capabilities: Capabilities
    address: str = ""
    """Default address; empty: it runs inside this program."""
    path: str = ""
    """The API's path below the address."""
    authorization: Literal["always", "optional", "never"] = "always"
    """Whether calls send a token."""
    hosts: bool = False
    """Its accounts are the user's servers, each with its own address."""
    client: str = ""
    """Hook: `ServiceSetup` → `Service`; empty: the program starts it itself."""
    request: str = ""
    """Hook: `CreateRequest` → (path, fields) of the call that makes a song, used by `curl`."""
    fields_from: str = ""
    """Hook: fields stated in a prompt (`tempo`, `key`, `meter`, `language`) → fields that the service supports."""
