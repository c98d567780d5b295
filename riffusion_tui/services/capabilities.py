"""How a service says what it can do, so that the screen offers no more and knows no service by name."""

from typing import NamedTuple


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
    models: tuple[str, ...] = ()
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
    title: bool = False
    """Takes `Options.title`."""
    songs: int = 1
    """Songs that a request usually gives."""
    credits: bool = False
    credential: str = "cookie"
    """What mends an account, in the service's own word."""
    max_prompt: int = 10_000
    max_jobs: int = 10
    """The most that an account's `maxJobs` may be; the least is 1."""
    near: bool = False
    """Runs on this machine, made for this program: asking it costs nothing, so that progress is shown as it happens."""
    list_proves: bool = True
    """Whether `songs` tells a song's prompt or `ref`, so that it can prove that a request was accepted. False: only
    `workload` can, while it runs; else a person settles it. That a request is in neither proves nothing in any case."""

    @property
    def operations(self) -> tuple[str, ...]:
        """The names of its edits."""
        return tuple(edit.name for edit in self.edits)
