"""All settings: one named tuple per TOML table, each field with documentation, limits and default.

The commented file, validation, the settings screen and `settings explain` are generated from it (`specs`). No
`from __future__ import annotations`, because `Annotated` is read at runtime.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple

from riffusion_tui.registry import SERVICES

Value = bool | int | float | str
"""Type of a setting's value."""


class FieldSpec(NamedTuple):
    """Documentation and allowed values of a field."""

    doc: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


class Spec(NamedTuple):
    """A setting, for the settings screen and the documentation."""

    table: str
    name: str
    default: Value
    limits: FieldSpec

    @property
    def key(self) -> str:
        """The full name, `table.name`."""
        return f"{self.table}.{self.name}"

    @property
    def doc(self) -> str:
        """A one-sentence description."""
        return self.limits.doc

    @property
    def choices(self) -> tuple[str, ...]:
        """Allowed words; empty if any text is allowed."""
        return self.limits.choices

    @property
    def kind(self) -> type[Value]:
        """bool, int, float or str."""
        return type(self.default)


class ServiceTable(NamedTuple):
    """The service that makes the songs."""

    name: Annotated[
        str,
        FieldSpec(
            "What makes the songs: the studio on this machine, a Riffusion API server, Flow Music, or ACE-Step.",
            choices=tuple(SERVICES),
        ),
    ] = "studio"
    url: Annotated[
        str, FieldSpec("Address of that service, as https://host[:port]; empty: its default. Not used for the studio.")
    ] = ""
    insecure: Annotated[
        bool, FieldSpec("Allow http:// to another machine, which exposes the token to the network.")
    ] = False


class StudioTable(NamedTuple):
    """The studio: the server that makes music on this machine."""

    accounts: Annotated[
        int,
        FieldSpec("Minimum number of accounts; the studio adds those that are missing when it starts.", low=1, high=64),
    ] = 1
    max_jobs: Annotated[
        int,
        FieldSpec("Concurrent jobs per account; 0: number of cores.", low=0, high=10),
    ] = 0
    renderers: Annotated[int, FieldSpec("Number of render processes; 0: number of cores.", low=0, high=256)] = 0
    soundfont: Annotated[
        str, FieldSpec("SF2 or SF3 file for sampled instruments. Empty: the bundled one; synthesized: no samples.")
    ] = ""
    pronunciation: Annotated[
        str,
        FieldSpec(
            "What pronounces lyrics that the dictionary lacks: built-in spelling rules, or the program espeak-ng.",
            choices=("built-in", "espeak-ng"),
        ),
    ] = "built-in"
    rate_limit: Annotated[
        int, FieldSpec("Prompts per minute before the studio answers 429; 0: no limit.", low=0, high=100_000)
    ] = 0
    cluster: Annotated[
        str,
        FieldSpec("Address of a cluster that renders the songs, as tls://host:8786; empty: this machine renders them."),
    ] = ""
    cluster_certificates: Annotated[
        str, FieldSpec("Folder of the cluster's certificates; empty: the folder cluster next to the settings file.")
    ] = ""
    allow_private_callbacks: Annotated[
        bool, FieldSpec("Allow replyUrl to reach private addresses (127.0.0.1, 10.x, 192.168.x, …).")
    ] = False


class AceStepTable(NamedTuple):
    """ACE-Step: servers of your own, on machines with a graphics card."""

    url: Annotated[
        str,
        FieldSpec(
            "Addresses of the servers, separated by commas; empty: http://127.0.0.1:8001, the end of an SSH tunnel."
        ),
    ] = ""
    fields: Annotated[
        bool,
        FieldSpec("Also send values found in the prompt (tempo, key, meter, length, language) as separate fields."),
    ] = True
    max_jobs: Annotated[int, FieldSpec("Concurrent jobs per server.", low=1, high=200)] = 2


class FilesTable(NamedTuple):
    """Folder and format of songs."""

    folder: Annotated[str, FieldSpec("Folder for songs; empty: riffusion-tui in your music folder.")] = ""
    format: Annotated[
        str,
        FieldSpec(
            "Format to download, if the service offers it; auto: the service's native format.",
            choices=("auto", "mp3", "wav", "flac", "ogg", "m4a"),
        ),
    ] = "auto"
    lyrics: Annotated[bool, FieldSpec("Write an .lrc file with timed lyrics next to each sung song.")] = True


class ScreenTable(NamedTuple):
    """How the screen looks and behaves."""

    theme: Annotated[str, FieldSpec("Colors of the screen (the settings screen lists them).")] = "night"
    glyphs: Annotated[
        str, FieldSpec("Symbols; auto: depends on locale and terminal.", choices=("auto", "unicode", "ascii"))
    ] = "auto"
    motion: Annotated[bool, FieldSpec("Animations: blinking cursor, spinners, scrolling.")] = True
    mouse: Annotated[bool, FieldSpec("Use the mouse, except in GNU screen: it would hold back the escape key.")] = True
    compact: Annotated[bool, FieldSpec("Fewer lines and margins.")] = False
    diff: Annotated[bool, FieldSpec("Only send changed cells; helps on slow connections.")] = True
    plain: Annotated[bool, FieldSpec("Print one line of text per event, for screen readers.")] = False


class NotifyTable(NamedTuple):
    """Notifications."""

    when: Annotated[
        str,
        FieldSpec(
            "When to notify: each song, the end of a batch, only if attention is needed, or never.",
            choices=("each", "batch", "attention", "never"),
        ),
    ] = "batch"
    bell: Annotated[bool, FieldSpec("Ring the terminal's bell.")] = True
    desktop: Annotated[
        str,
        FieldSpec("Desktop notification through the terminal: OSC 9 or OSC 777.", choices=("off", "osc9", "osc777")),
    ] = "off"
    command: Annotated[
        str, FieldSpec("Command to run when a job ends; receives the job as a JSON line on standard input.")
    ] = ""


class PlayerTable(NamedTuple):
    """The audio player."""

    command: Annotated[
        str,
        FieldSpec(
            "Player and its arguments; the file is appended. Empty: mpv, ffplay, afplay or another installed player."
        ),
    ] = ""


class BatchTable(NamedTuple):
    """Defaults of a new prompt."""

    confirm_above: Annotated[int, FieldSpec("Ask before queueing more songs than this.", low=1, high=100_000)] = 12
    takes: Annotated[int, FieldSpec("Songs per prompt.", low=1, high=100)] = 1
    instrumental: Annotated[bool, FieldSpec("Make instrumental songs by default.")] = False
    model: Annotated[
        str, FieldSpec("Model to use; empty, or if the service doesn't have it: the service's default.")
    ] = ""


class StartTable(NamedTuple):
    """Behavior at start and when the terminal closes."""

    queue: Annotated[
        str,
        FieldSpec(
            "The queue at start: last (a pause lasts until you resume), run (always resume), or paused.",
            choices=("last", "run", "paused"),
        ),
    ] = "last"
    hangup: Annotated[
        str,
        FieldSpec(
            "When the terminal closes: wait for the next start, or finish the queue in the background.",
            choices=("wait", "detach"),
        ),
    ] = "wait"


class Settings(NamedTuple):
    """All settings. Immutable; `riffusion_tui.config.settings_file` changes them."""

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
    """Command id → its keys, separated by commas; the commands are the screen's (`riffusion-tui settings show`)."""


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
"""Name of a TOML table → its class, in file order. `[keys]` is handled separately."""
RENAMED_VALUES = MappingProxyType({("notify.when", "person"): "attention"})
"""(setting, value) of 0.1.0 → its present value; a settings file may have either."""
RENAMED_COMMANDS = {"accounts.mend": "accounts.repair", "person": "attention", "person.key": "attention.key"}
"""Command ids of 0.1.0 → their present ones; a settings file may have either."""


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
    """Return the value of a setting."""
    value: Value = getattr(getattr(settings, spec.table), spec.name)
    return value
