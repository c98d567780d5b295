"""The prompt pane's state: what the text would make, which of its parts mean something, options, history."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

from riffusion_tui.config.settings import Settings
from riffusion_tui.jobs.matrix import MatrixError, count, expand
from riffusion_tui.jobs.model import Options
from riffusion_tui.tui.core import Heard

_ALTERNATIVES = re.compile(r"(?<!\\)\{[^{}]*\|[^{}]*\}")
_RULE = re.compile(r"^\s*-{3,}\s*$")
_HEARD = 16
"""Prompts of a matrix that are read for musical words."""
_TAKES = re.compile(r"[×x]\s*\d{1,3}\s*$")


@dataclass(frozen=True, slots=True)
class Preview:
    """What the text would make."""

    prompts: int
    songs: int
    seconds: float | None
    """Until the last of them is likely there; None where nobody knows."""
    slots: int


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a line with a meaning of its own: `alternatives`, `rule` or `takes`."""

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
    return tuple(found)


def heard_in(text: str, hear: Callable[[str], Sequence[Heard]]) -> tuple[Heard, ...]:
    """Return what is heard in the first prompts that `text` stands for, each word once, tempos side by side."""
    try:
        prompts = expand(text)[:_HEARD]
    except MatrixError:
        return ()
    found = {(one.kind, one.word, one.meaning): one for prompt in prompts for one in hear(prompt.text)}
    return tuple(sorted(found.values(), key=lambda one: text.find(one.word) if one.word in text else len(text)))


class Compose:
    """Options that the next prompt gets, and the way back through what was written before."""

    def __init__(self, settings: Settings, models: tuple[str, ...] = ()) -> None:
        self._models = models
        self.usual = Options(instrumental=settings.batch.instrumental, model=settings.batch.model)
        self.usual_takes = settings.batch.takes
        self.options = self.usual
        self.takes = self.usual_takes
        self._back = -1
        self._draft = ""

    @property
    def model(self) -> str:
        """The model asked for; empty where the service has no such one, and takes its own."""
        return self.options.model if not self._models or self.options.model in self._models else ""

    def count(self, text: str) -> tuple[int, int]:
        """Return (prompts, songs) that `text` would become."""
        counted = count(text, self.takes)
        return counted.prompts, counted.songs

    def change(self, **wanted: object) -> None:
        """Change options by name; `takes` too."""
        if "takes" in wanted:
            self.takes = max(1, int(str(wanted.pop("takes"))))
        self.options = replace(self.options, **wanted)  # type: ignore[arg-type]  # names and types are the callers' care

    def reset(self) -> None:
        """Set every option back to what the settings say."""
        self.options, self.takes = self.usual, self.usual_takes

    def unusual(self) -> list[str]:
        """Return the names of options that differ from an empty one and have no place of their own on the line."""
        shown = {"instrumental", "model", "account"}
        usual = Options()
        return [
            field.name
            for field in fields(Options)
            if field.name not in shown and getattr(self.options, field.name) != getattr(usual, field.name)
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

    def written(self) -> None:
        """Note that the text was changed by hand: the way back starts from here."""
        self._back = -1
