"""The prompt pane's state: what the text would make, which of its parts mean something, options, history."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from riffusion_tui.config.session_state import KEPT, Kept
from riffusion_tui.config.settings import Settings
from riffusion_tui.jobs.matrix import MatrixError, count, expand, services
from riffusion_tui.jobs.model import Job, Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.capabilities import Capabilities
from riffusion_tui.tui.dependencies import UnderstoodWord

_ANY = Capabilities()
_ALTERNATIVES = re.compile(r"(?<!\\)\{[^{}]*\|[^{}]*\}")
_RULE = re.compile(r"^\s*-{3,}\s*$")
_HEARD = 16
"""Prompts of a matrix that are read for musical words."""
_CHANGED = frozenset({Status.QUEUED, Status.HELD})
_REPLACED = _CHANGED | {Status.REFUSED, Status.FAILED}
_TAKES = re.compile(r"[×x]\s*\d{1,3}\s*(?=$|@)")
_SERVICE = re.compile(r"(?<=\S)\s+(@[A-Za-z][\w-]*)\s*$")

_TAIL = re.compile(r"(?<=\s)([@×])(?=[\w-]+\s*\Z)")
"""The sign at a prompt's end that the editor would read as a service or as takes."""


class Preview(NamedTuple):
    """What the text would make."""

    prompts: int
    songs: int
    seconds: float | None
    """Until the last of them is likely there; None where nobody knows."""
    slots: int
    job: int | None = None
    """The job that is changed, or that the song takes the place of."""
    changes: bool = False
    """That job itself is changed; nothing new is made."""
    unclosed: bool = False
    """A brace with alternatives has no end, so it is literal."""


class Span(NamedTuple):
    """A part of a line with a meaning of its own: `alternatives`, `rule`, `takes` or `service`."""

    start: int
    end: int
    kind: str


def spans(line: str) -> tuple[Span, ...]:
    """Return the parts of a line of the editor that are more than text."""
    if _RULE.match(line):
        return (Span(0, len(line), "rule"),)
    found = [Span(match.start(), match.end(), "alternatives") for match in _ALTERNATIVES.finditer(line)]
    takes = _TAKES.search(line)
    if takes and (takes.start() == 0 or line[takes.start() - 1].isspace()):
        found.append(Span(takes.start(), takes.end(), "takes"))
    if service := _SERVICE.search(line):
        found.append(Span(service.start(1), service.end(1), "service"))
    return tuple(found)


def heard_in(text: str, hear: Callable[[str], Sequence[UnderstoodWord]]) -> tuple[UnderstoodWord, ...]:
    """Return what is heard in the first prompts that `text` stands for, each word once, tempos side by side."""
    try:
        prompts = expand(text)[:_HEARD]
    except MatrixError:
        return ()
    found = {(one.kind, one.word, one.meaning): one for prompt in prompts for one in hear(prompt.text)}
    return tuple(sorted(found.values(), key=lambda one: _place(one.word, text)))


def _place(word: str, text: str) -> int:
    """Return where a word that was heard stands; in a matrix its parts may stand apart: `{lofi|garage} house`."""
    return next((at for piece in (word, word.partition(" ")[0]) if (at := text.find(piece)) >= 0), len(text))


def escaped(prompt: str) -> str:
    """Write a prompt so that the editor's language reads it as the same prompt."""
    safe = "".join(f"\\{sign}" if sign in "\\{|}" else sign for sign in prompt)
    safe = _TAIL.sub(r"\\\1", safe)
    return "\n".join(
        f"\\{line}" if line.strip("- ") == "" and line.count("-") >= 3 else line for line in safe.split("\n")
    )


class Draft:
    """Options that the next prompt gets, and the way back through what was written before."""

    def __init__(self, settings: Settings, can: Capabilities = _ANY, service: str = "") -> None:
        self._can = can
        self._service = service
        self.services: tuple[str, ...] = ()
        """Services that the text names; empty if all its prompts go to the active one."""
        self.usual = Options(instrumental=settings.batch.instrumental, model=can.supported_model(settings.batch.model))
        self.usual_takes = settings.batch.takes
        self.options = self.usual
        self.takes = self.usual_takes
        self.kept: dict[str, Kept] = {}
        """Options that were set by keys: they hold at the next start too."""
        self.source: int | None = None
        """The job whose prompt was taken into the editor: what is made next is its child."""
        self.replaces = False
        """What is made next takes the source's place, where that waits still or came to nothing."""
        self.made = ""
        """What was made last: it is no draft any more."""
        self.touched = False
        """Options changed and are not shown yet."""
        self._back = -1
        self._draft = ""
        self._aside: tuple[Options, int, dict[str, Kept]] | None = None
        """What the options were when they were set back: lyrics may have been among them."""

    @property
    def model(self) -> str:
        """The model asked for, or the service's own; empty if nobody knows its name."""
        known = self._can.supported_model(self.options.model) if self._can.models else self.options.model
        return known or self._can.default_model

    def count(self, text: str) -> tuple[int, int]:
        """Return (prompts, songs) that `text` would become."""
        counted = count(text, self.takes)
        return counted.prompts, counted.songs

    def read_services(self, text: str) -> None:
        """Note which services the prompts of `text` name."""
        named = services(text)
        named = () if named in ((), ("",)) else tuple(name or self._service for name in named)
        self.touched = self.touched or named != self.services
        self.services = named

    def change(self, **wanted: object) -> None:
        """Change options by name; `takes` too."""
        self.touched = True
        for name in KEPT.keys() & wanted.keys():
            value = wanted[name]
            self.kept.pop(name, None)
            if isinstance(value, bool | int | str) and value != self._usual(name):
                self.kept[name] = value
        if "takes" in wanted:
            self.takes = max(1, int(str(wanted.pop("takes"))))
        self.options = self.options._replace(**wanted)  # type: ignore[arg-type]  # names and types are the callers' care

    def reset(self) -> bool | None:
        """Set every option back to what the settings say; where all are, to what they were before that.

        Returns True for the first, False for the second, None where there was nothing to do.
        """
        self.touched = True
        before = self.options, self.takes, dict(self.kept)
        usual = before[:2] != (self.usual, self.usual_takes)
        if not usual and self._aside is None:
            return None
        self.options, self.takes, self.kept = (self.usual, self.usual_takes, {}) if usual else self._aside or before
        self._aside = before if usual else None
        return usual

    def _usual(self, name: str) -> object:
        return self.usual_takes if name == "takes" else getattr(self.usual, name)

    def take(self, job: Job) -> None:
        """Go on from a job: its options, one song, in its place where that is possible."""
        self.touched = True
        self.options, self.takes = job.options, 1
        self.source, self.replaces = job.id, True

    def lock(self, job: Job, options: Options) -> None:
        """Continue from a finished job with options that lock some of its properties."""
        self.take(job)
        self.options = options

    def detach(self) -> None:
        """Let what is written next come from no job."""
        self.source, self.replaces = None, False
        self.touched = True

    def change_prompt(self) -> None:
        """Go on with another prompt: what belonged to the one before (lyrics, seed, title, length) is dropped."""
        self.detach()
        lasting = {name: value for name, value in self.kept.items() if name != "takes"}
        self.options = self.usual._replace(**lasting)  # type: ignore[arg-type]  # names and types are those of KEPT
        self.takes = int(self.kept.get("takes", self.usual_takes))

    def start_new(self) -> bool:
        """Begin a new prompt with default options; return whether any was set. `reset` brings them back."""
        self.detach()
        changed = (self.options, self.takes) != (self.usual, self.usual_takes)
        if changed:
            self.reset()
        return changed

    def preset(self, fields: Iterable[str]) -> dict[str, bool | int | float | str]:
        """Return what a preset of these options holds: takes, and of `fields` what is not the default."""
        wanted: dict[str, bool | int | float | str] = {"takes": self.takes}
        for name in fields:
            value = getattr(self.options, name, None)
            if value is not None and value != getattr(self.usual, name):
                wanted[name] = value
        return wanted

    def replaced(self, jobs: Mapping[int, Job], songs: int) -> tuple[Job | None, bool]:
        """Return the job in whose place the next song would be made, and whether that job itself is changed."""
        job = jobs.get(self.source or 0) if self.replaces else None
        if job is None or job.status not in _REPLACED:
            return None, False
        same = (self.services or (self._service,)) == (job.service,)
        return job, songs == 1 and job.status in _CHANGED and same

    def changed_options(self) -> frozenset[str]:
        """Return the names of options that are not their default; `takes` too."""
        names = {name for name, value in self.options._asdict().items() if value != getattr(self.usual, name)}
        return frozenset(names | ({"takes"} if self.takes != self.usual_takes else set()))

    def unusual(self) -> list[str]:
        """Return the names of options that differ from an empty one and have no place of their own on the line."""
        shown = {"instrumental", "model", "account"}
        return [
            name
            for name, value in self.options._asdict().items()
            if name not in shown and value != Options._field_defaults[name]
        ]

    # -- history

    def earlier(self, text: str, history: tuple[str, ...]) -> str | None:
        """Return the text before the one shown, or None at the end; what is being written is kept."""
        if self._back == -1:
            self._draft = text
        step = self._back + 1
        while step < len(history) and history[step] == text:
            step += 1
        if step >= len(history):
            return None
        self._back = step
        return history[step]

    def later(self, history: tuple[str, ...]) -> str | None:
        """Return the text after the one shown, at last what was being written; None where there is none."""
        if self._back < 0:
            return None
        self._back -= 1
        return history[self._back] if self._back >= 0 else self._draft

    def written(self, made: str = "") -> None:
        """Note that the text was changed by hand, or `made`: the way back starts from here."""
        self._back = -1
        self.made = made.strip("\n")

    def unmade(self, text: str) -> str:
        """Return what of the editor's text would be lost if it were gone: nothing, where it was made."""
        return text if text.strip() and text.strip("\n") != self.made else ""
