"""Every setting there is: a named tuple for each TOML table, each field with its documentation, limits and default.

This is the only place that knows a setting. The commented file, the checks, the settings screen and the README's
table are all made from it (`specs`). Without `from __future__ import annotations`: what stands in `Annotated` is read.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple

from riffusion_tui.registry import SERVICES

Value = bool | int | float | str
"""What a setting can be."""


class FieldSpec(NamedTuple):
    """What is said beside a field: its documentation and what it may be."""

    doc: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


class Spec(NamedTuple):
    """One setting, as the settings screen and the documentation show it."""

    table: str
    name: str
    default: Value
    limits: FieldSpec

    @property
    def key(self) -> str:
        """`table.name`, as errors and the settings screen write it."""
        return f"{self.table}.{self.name}"

    @property
    def doc(self) -> str:
        """What it does, in a sentence."""
        return self.limits.doc

    @property
    def choices(self) -> tuple[str, ...]:
        """The words it may be; empty where it is free."""
        return self.limits.choices

    @property
    def kind(self) -> type[Value]:
        """bool, int, float or str."""
        return type(self.default)


class ServiceTable(NamedTuple):
    """Which service makes the songs."""

    name: Annotated[
        str,
        FieldSpec(
            "What makes the songs: the studio on this machine, a Riffusion API server, Flow Music, or ACE-Step.",
            choices=tuple(SERVICES),
        ),
    ] = "studio"
    url: Annotated[
        str, FieldSpec("Address of that service, as https://host[:port]; empty: its usual one. Not for the studio.")
    ] = ""
    insecure: Annotated[
        bool, FieldSpec("Allow http:// to another machine, which shows the token to everyone between.")
    ] = False


class StudioTable(NamedTuple):
    """The studio: the server that makes music on this machine."""

    accounts: Annotated[int, FieldSpec("Accounts the studio starts with.", low=1, high=64)] = 1
    max_jobs: Annotated[
        int,
        FieldSpec("Songs that each of its accounts makes at a time; 0: as many as there are cores.", low=0, high=10),
    ] = 0
    renderers: Annotated[
        int, FieldSpec("Processes that make songs; 0: as many as there are cores.", low=0, high=256)
    ] = 0
    soundfont: Annotated[
        str, FieldSpec("An SF2 or SF3 file for its sampled instruments; empty: one is looked for; synthesized: none.")
    ] = ""
    rate_limit: Annotated[
        int, FieldSpec("Prompts it takes a minute before it answers 429 by itself; 0: no limit.", low=0, high=100_000)
    ] = 0
    allow_private_callbacks: Annotated[
        bool, FieldSpec("Let replyUrl reach addresses inside this network (127.0.0.1, 10.x, 192.168.x, …).")
    ] = False


class AceStepTable(NamedTuple):
    """ACE-Step: servers of your own, on machines with a graphics card."""

    url: Annotated[
        str,
        FieldSpec("Addresses of the servers, separated by commas; empty: http://127.0.0.1:8001, an SSH tunnel's end."),
    ] = ""
    fields: Annotated[
        bool,
        FieldSpec("Send what a prompt states (tempo, key, meter, length, language) in fields of its own as well."),
    ] = True
    max_jobs: Annotated[int, FieldSpec("Songs that each server is given at a time.", low=1, high=200)] = 2


class FilesTable(NamedTuple):
    """Where songs go, and what they are."""

    folder: Annotated[str, FieldSpec("Folder for songs; empty: riffusion-tui in your music folder.")] = ""
    format: Annotated[
        str,
        FieldSpec(
            "What is downloaded, where the service offers it; auto: what it gives most directly.",
            choices=("auto", "mp3", "wav", "flac", "ogg", "m4a"),
        ),
    ] = "auto"


class ScreenTable(NamedTuple):
    """How the screen looks and behaves."""

    theme: Annotated[str, FieldSpec("Colours of the screen (the settings screen lists them).")] = "night"
    glyphs: Annotated[str, FieldSpec("Signs: auto asks the locale.", choices=("auto", "unicode", "ascii"))] = "auto"
    motion: Annotated[bool, FieldSpec("Let things move: blinking cursor, spinners, scrolling.")] = True
    mouse: Annotated[bool, FieldSpec("Use the mouse.")] = True
    compact: Annotated[bool, FieldSpec("Fewer lines and margins.")] = False
    diff: Annotated[bool, FieldSpec("Send only the cells that changed: kind to slow lines.")] = True
    plain: Annotated[bool, FieldSpec("One line of text for each thing that happens, for screen readers.")] = False


class NotifyTable(NamedTuple):
    """How it says that something ended."""

    when: Annotated[
        str,
        FieldSpec(
            "When to say so: each song, the end of a batch, when a person is needed only, or never.",
            choices=("each", "batch", "person", "never"),
        ),
    ] = "batch"
    bell: Annotated[bool, FieldSpec("Ring the terminal's bell.")] = True
    desktop: Annotated[
        str,
        FieldSpec("Desktop notification through the terminal: OSC 9 or OSC 777.", choices=("off", "osc9", "osc777")),
    ] = "off"
    command: Annotated[
        str, FieldSpec("A command that is run when a job ends; it gets the job as a JSON line on standard input.")
    ] = ""


class PlayerTable(NamedTuple):
    """What plays a song here."""

    command: Annotated[
        str, FieldSpec("Player and its arguments; the file comes last. Empty: mpv, ffplay, afplay or what is there.")
    ] = ""


class BatchTable(NamedTuple):
    """What a new prompt starts with."""

    confirm_above: Annotated[int, FieldSpec("Ask once before queueing more songs than this.", low=1, high=100_000)] = 12
    takes: Annotated[int, FieldSpec("Songs made of each prompt.", low=1, high=100)] = 1
    instrumental: Annotated[bool, FieldSpec("Instrumental songs unless asked otherwise.")] = False
    model: Annotated[
        str, FieldSpec("Model to ask for; empty: the service's own. A service that does not have it takes its own.")
    ] = ""


class StartTable(NamedTuple):
    """What happens at start and when the line drops."""

    queue: Annotated[
        str, FieldSpec("The queue at start: run, paused, or as it was last.", choices=("run", "paused", "last"))
    ] = "run"
    hangup: Annotated[
        str,
        FieldSpec(
            "When the terminal goes away: wait for the next start, or detach a process that finishes the queue.",
            choices=("wait", "detach"),
        ),
    ] = "wait"


class Settings(NamedTuple):
    """All of them. A change is a new value (`riffusion_tui.config.settings_file.changed`)."""

    service: ServiceTable = ServiceTable()
    studio: StudioTable = StudioTable()
    acestep: AceStepTable = AceStepTable()
    files: FilesTable = FilesTable()
    screen: ScreenTable = ScreenTable()
    notify: NotifyTable = NotifyTable()
    player: PlayerTable = PlayerTable()
    batch: BatchTable = BatchTable()
    start: StartTable = StartTable()
    keys: Mapping[str, str] = MappingProxyType({})
    """Command id → its keys, parted by commas; the commands are the screen's (`riffusion-tui settings show`)."""


TABLES: Mapping[str, type[Any]] = MappingProxyType(
    {
        "service": ServiceTable,
        "studio": StudioTable,
        "acestep": AceStepTable,
        "files": FilesTable,
        "screen": ScreenTable,
        "notify": NotifyTable,
        "player": PlayerTable,
        "batch": BatchTable,
        "start": StartTable,
    }
)
"""Name of a TOML table → its class, in the order in which the file shows them. `[keys]` is free beside them."""


def specs(table: str | None = None) -> tuple[Spec, ...]:
    """Return every setting, or those of one table, in the order of the file."""
    return tuple(
        Spec(name, field, made._field_defaults[field], kind.__metadata__[0])
        for name, made in TABLES.items()
        if table in (None, name)
        for field, kind in made.__annotations__.items()
    )


def spec_of(key: str) -> Spec | None:
    """Return the setting called `table.name`, or None."""
    return next((spec for spec in specs() if spec.key == key), None)


def value_of(settings: Settings, spec: Spec) -> Value:
    """Return what `spec` is set to."""
    value: Value = getattr(getattr(settings, spec.table), spec.name)
    return value
