"""Every setting there is: a frozen dataclass for each TOML table, each field with its documentation and its limits.

This is the only place that knows a setting. The commented file, the checks, the settings screen and the README's
table are all made from it (`specs`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T", bool, int, float, str)

Value = bool | int | float | str
"""What a setting can be."""


class Limits(NamedTuple):
    """What a field's metadata holds: its documentation and what it may be."""

    doc: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


class Spec(NamedTuple):
    """One setting, as the settings screen and the documentation show it."""

    table: str
    name: str
    default: Value
    limits: Limits

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


def setting(
    default: T, doc: str, *, choices: tuple[str, ...] = (), low: float | None = None, high: float | None = None
) -> T:
    """Declare a field of a table: its default, what it does, and what it may be."""
    limits = Limits(doc, choices, low, high)
    made: T = field(default=default, metadata={"default": default, "limits": limits})
    return made


@dataclass(frozen=True, slots=True)
class ServiceTable:
    """Which service makes the songs."""

    name: str = setting(
        "studio",
        "What makes the songs: the studio on this machine, a server for the Riffusion API, or Flow Music.",
        choices=("studio", "riffusion", "flowmusic"),
    )
    url: str = setting("", "Address of that service, as https://host[:port]; empty: the vendor's. Not for the studio.")
    insecure: bool = setting(False, "Allow http:// to another machine, which shows the token to everyone between.")


@dataclass(frozen=True, slots=True)
class StudioTable:
    """The studio: the server that makes music on this machine."""

    accounts: int = setting(1, "Accounts the studio starts with.", low=1, high=64)
    max_jobs: int = setting(
        0, "Songs that each of its accounts makes at a time; 0: as many as there are cores.", low=0, high=10
    )
    renderers: int = setting(0, "Processes that make songs; 0: as many as there are cores.", low=0, high=256)
    soundfont: str = setting(
        "", "An SF2 or SF3 file for its sampled instruments; empty: one is looked for; synthesized: none."
    )
    rate_limit: int = setting(
        0, "Prompts it takes a minute before it answers 429 by itself; 0: no limit.", low=0, high=100_000
    )
    allow_private_callbacks: bool = setting(
        False, "Let replyUrl reach addresses inside this network (127.0.0.1, 10.x, 192.168.x, …)."
    )


@dataclass(frozen=True, slots=True)
class FilesTable:
    """Where songs go, and what they are."""

    folder: str = setting("", "Folder for songs; empty: riffusion-tui in your music folder.")
    format: str = setting(
        "auto",
        "What is downloaded, where the service offers it; auto: what it gives most directly.",
        choices=("auto", "mp3", "wav", "flac", "ogg", "m4a"),
    )


@dataclass(frozen=True, slots=True)
class ScreenTable:
    """How the screen looks and behaves."""

    theme: str = setting("night", "Colours of the screen (the settings screen lists them).")
    glyphs: str = setting("auto", "Signs: auto asks the locale.", choices=("auto", "unicode", "ascii"))
    motion: bool = setting(True, "Let things move: blinking cursor, spinners, scrolling.")
    mouse: bool = setting(True, "Use the mouse.")
    compact: bool = setting(False, "Fewer lines and margins.")
    diff: bool = setting(True, "Send only the cells that changed: kind to slow lines.")
    plain: bool = setting(False, "One line of text for each thing that happens, for screen readers.")


@dataclass(frozen=True, slots=True)
class NotifyTable:
    """How it says that something ended."""

    when: str = setting(
        "batch",
        "When to say so: each song, the end of a batch, when a person is needed only, or never.",
        choices=("each", "batch", "person", "never"),
    )
    bell: bool = setting(True, "Ring the terminal's bell.")
    desktop: str = setting(
        "off", "Desktop notification through the terminal: OSC 9 or OSC 777.", choices=("off", "osc9", "osc777")
    )
    command: str = setting(
        "", "A command that is run when a job ends; it gets the job as a JSON line on standard input."
    )


@dataclass(frozen=True, slots=True)
class PlayerTable:
    """What plays a song here."""

    command: str = setting(
        "", "Player and its arguments; the file comes last. Empty: mpv, ffplay, afplay or what is there."
    )


@dataclass(frozen=True, slots=True)
class BatchTable:
    """What a new prompt starts with."""

    confirm_above: int = setting(12, "Ask once before queueing more songs than this.", low=1, high=100_000)
    takes: int = setting(1, "Songs made of each prompt.", low=1, high=100)
    instrumental: bool = setting(False, "Instrumental songs unless asked otherwise.")
    model: str = setting("FUZZ-0.8", "Model asked for.")


@dataclass(frozen=True, slots=True)
class StartTable:
    """What happens at start and when the line drops."""

    queue: str = setting(
        "run", "The queue at start: run, paused, or as it was last.", choices=("run", "paused", "last")
    )
    hangup: str = setting(
        "wait",
        "When the terminal goes away: wait for the next start, or detach a process that finishes the queue.",
        choices=("wait", "detach"),
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """All of them. Frozen: a change is a new value (`riffusion_tui.config.file.changed`)."""

    service: ServiceTable = field(default_factory=ServiceTable)
    studio: StudioTable = field(default_factory=StudioTable)
    files: FilesTable = field(default_factory=FilesTable)
    screen: ScreenTable = field(default_factory=ScreenTable)
    notify: NotifyTable = field(default_factory=NotifyTable)
    player: PlayerTable = field(default_factory=PlayerTable)
    batch: BatchTable = field(default_factory=BatchTable)
    start: StartTable = field(default_factory=StartTable)
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Command id → its keys, parted by commas; the commands are the screen's (`riffusion-tui settings show`)."""


TABLES: Mapping[str, type[Any]] = MappingProxyType(
    {
        "service": ServiceTable,
        "studio": StudioTable,
        "files": FilesTable,
        "screen": ScreenTable,
        "notify": NotifyTable,
        "player": PlayerTable,
        "batch": BatchTable,
        "start": StartTable,
    }
)
"""Name of a TOML table → its dataclass, in the order in which the file shows them. `[keys]` is free beside them."""


def specs(table: str | None = None) -> tuple[Spec, ...]:
    """Return every setting, or those of one table, in the order of the file."""
    return tuple(
        Spec(name, entry.name, entry.metadata["default"], entry.metadata["limits"])
        for name, made in TABLES.items()
        if table in (None, name)
        for entry in fields(made)
    )


def spec_of(key: str) -> Spec | None:
    """Return the setting called `table.name`, or None."""
    return next((spec for spec in specs() if spec.key == key), None)


def value_of(settings: Settings, spec: Spec) -> Value:
    """Return what `spec` is set to."""
    value: Value = getattr(getattr(settings, spec.table), spec.name)
    return value
