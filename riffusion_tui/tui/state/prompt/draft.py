"""The prompt pane's state: estimate, options, history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from riffusion_tui.config.session_state import PERSISTENT, PersistentValue
from riffusion_tui.config.settings import Settings
from riffusion_tui.jobs.matrix import MatrixError, count, first_prompts, services
from riffusion_tui.jobs.model import Job, Options
from riffusion_tui.jobs.status import UNSENT, Status
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.capabilities import Capabilities
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.tui.dependencies import Understand, UnderstoodWord

_ANY = Capabilities()
_MAX_PROMPTS = 16
"""Maximum number of a matrix's prompts in which words are detected."""
_REPLACED = UNSENT | {Status.REFUSED, Status.FAILED}


def detected_in(
    text: str,
    understand: Understand | None,
    options: Options,
    service: str = "",
    elsewhere: Callable[[str], Understand | None] = lambda _: None,
) -> tuple[UnderstoodWord, ...]:
    """Return the words detected in the first prompts of `text`, each once, tempos side by side.

    Args:
        text: the prompts.
        understand: reads those for `service`; None: what it understands isn't known.
        options: of the prompts.
        service: the active one.
        elsewhere: returns what reads the prompts for another service.
    """
    try:
        prompts = first_prompts(text, _MAX_PROMPTS)
    except MatrixError:
        return ()
    found: dict[tuple[str, str, str], UnderstoodWord] = {}
    for prompt in prompts:
        read = understand if prompt.service in ("", service) else elsewhere(prompt.service)
        found |= {(one.kind, one.word, one.meaning): one for one in (read(prompt.text, options) if read else ())}
    return tuple(sorted(found.values(), key=lambda one: _place(one.word, text)))


def without_unfinished(words: Iterable[UnderstoodWord], text: str) -> tuple[UnderstoodWord, ...]:
    """Return the words without an ignored one at the end of `text`, which is probably being typed."""
    return tuple(one for one in words if one.kind != "ignored" or not text.endswith(one.word))


def _place(word: str, text: str) -> int:
    """Return the position of a detected word; in a matrix its parts may be separated: `{lofi|garage} house`."""
    return next((at for piece in (word, word.partition(" ")[0]) if (at := text.find(piece)) >= 0), len(text))


class Draft:
    """Options of the next prompt, and the history."""

    def __init__(self, settings: Settings, can: Capabilities = _ANY, service: str = "") -> None:
        self._can = can
        self._service = service
        self.services: tuple[str, ...] = ()
        """Services that the text names; empty if all its prompts go to the active one."""
        self.account_name: Callable[[str], str] = str
        """What an account is called."""
        self.usual = Options(instrumental=settings.batch.instrumental, model=can.supported_model(settings.batch.model))
        self.default_takes = settings.batch.takes
        self.options = self.usual
        self.takes = self.default_takes
        self.takes_made = self.takes, self.takes
        """The fewest and the most takes of the text's prompts, which may specify their own."""
        self.kept: dict[str, PersistentValue] = {}
        """Options set by keys, which persist until the next start."""
        self.source: int | None = None
        """The job whose prompt was loaded into the editor: the next job is its child."""
        self.replaces = False
        """Whether the next job replaces the source, if that is still waiting or has failed."""
        self.made = ""
        """The text that was last queued, which is no longer a draft."""
        self.touched = False
        """Whether options have changes that aren't shown yet."""
        self._back = -1
        self._draft = ""
        self._aside: tuple[Options, int, dict[str, PersistentValue]] | None = None
        """The options before the last reset, which may include lyrics."""

    @property
    def model(self) -> str:
        """The selected model, or the service's default; empty if unknown."""
        known = self._can.supported_model(self.options.model) if self._can.models else self.options.model
        return known or self._can.default_model

    @property
    def vocals(self) -> str:
        """Who sings: `instrumental`, `vocals`, `vocals_by_genre`, or `vocals_by_lyrics`, which are missing."""
        only = self.services[0] if len(self.services) == 1 else ""
        can = profile_of(only).capabilities if only in SERVICES else self._can
        if self.options.instrumental:
            return "instrumental"
        if self.options.lyrics or not (can.genre_decides_vocals or can.needs_lyrics):
            return "vocals"
        return "vocals_by_genre" if can.genre_decides_vocals else "vocals_by_lyrics"

    @property
    def meaningless(self) -> frozenset[str]:
        """Options that make no difference with this service: a local one has one account."""
        hidden = {"model": not self._can.models_differ, "account": self._can.local}
        return frozenset(name for name, is_hidden in hidden.items() if is_hidden)

    def count(self, text: str) -> tuple[int, int]:
        """Return the numbers of prompts and songs in `text`."""
        counted = count(text, self.takes)
        return counted.prompts, counted.songs

    def read_services(self, text: str) -> None:
        """Record the services named in the prompts of `text`."""
        named = services(text)
        named = () if named in ((), ("",)) else tuple(name or self._service for name in named)
        self.touched = self.touched or named != self.services
        self.services = named

    def note_takes(self, made: tuple[int, int]) -> None:
        """Record the fewest and the most takes of the text's prompts."""
        self.touched = self.touched or made != self.takes_made
        self.takes_made = made

    def change(self, **wanted: Any) -> None:
        """Change options by name; `takes` too."""
        self.touched = True
        for name in PERSISTENT.keys() & wanted.keys():
            value = wanted[name]
            self.kept.pop(name, None)
            if isinstance(value, bool | int | str) and value != self._usual(name):
                self.kept[name] = value
        if "takes" in wanted:
            self.takes = max(1, int(str(wanted.pop("takes"))))
        self.options = self.options._replace(**wanted)

    def reset(self) -> bool | None:
        """Reset all options to the settings' defaults; if they already are, restore those before the last reset.

        Returns True for the former, False for the latter, None if nothing changed.
        """
        self.touched = True
        before = self.options, self.takes, dict(self.kept)
        usual = before[:2] != (self.usual, self.default_takes)
        if not usual and self._aside is None:
            return None
        self.options, self.takes, self.kept = (self.usual, self.default_takes, {}) if usual else self._aside or before
        self._aside = before if usual else None
        return usual

    def _usual(self, name: str) -> object:
        return self.default_takes if name == "takes" else getattr(self.usual, name)

    def take(self, job: Job) -> None:
        """Use a job as the source: its options, one song, replacing it if possible."""
        self.touched = True
        self.options, self.takes = job.options, 1
        self.source, self.replaces = job.id, True

    def lock(self, job: Job, options: Options) -> None:
        """Continue from a finished job with options that lock some of its properties."""
        self.take(job)
        self.options = options

    def detach(self) -> None:
        """Clear the source job."""
        self.source, self.replaces = None, False
        self.touched = True

    def change_prompt(self) -> None:
        """Switch to another prompt: reset the options of the previous one (lyrics, seed, title, length)."""
        self.detach()
        persistent: dict[str, Any] = {name: value for name, value in self.kept.items() if name != "takes"}
        self.options = self.usual._replace(**persistent)
        self.takes = int(self.kept.get("takes", self.default_takes))

    def start_new(self) -> bool:
        """Start a new prompt with default options; return whether any was set. `reset` restores them."""
        self.detach()
        changed = (self.options, self.takes) != (self.usual, self.default_takes)
        if changed:
            self.reset()
        return changed

    def preset(self, fields: Iterable[str]) -> dict[str, bool | int | float | str]:
        """Return a preset of these options: takes, and those of `fields` that aren't defaults."""
        wanted: dict[str, bool | int | float | str] = {"takes": self.takes}
        for name in fields:
            value = getattr(self.options, name, None)
            if value is not None and value != getattr(self.usual, name):
                wanted[name] = value
        return wanted

    def replaced(self, jobs: Mapping[int, Job], songs: int) -> tuple[Job | None, bool]:
        """Return the job that the next song would replace, and whether that job itself is changed instead."""
        job = jobs.get(self.source or 0) if self.replaces else None
        if job is None or job.status not in _REPLACED:
            return None, False
        same = (self.services or (self._service,)) == (job.service,)
        return job, songs == 1 and job.status in UNSENT and same

    def changed_options(self) -> frozenset[str]:
        """Return the names of options that aren't defaults, including `takes`."""
        names = {name for name, value in self.options._asdict().items() if value != getattr(self.usual, name)}
        return frozenset(names | ({"takes"} if self.takes != self.default_takes else set()))

    # -- history

    def earlier(self, text: str, history: tuple[str, ...]) -> str | None:
        """Return the previous text of the history, or None at its end; the current draft is kept."""
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
        """Return the next text of the history, finally the draft; None if there is none."""
        if self._back < 0:
            return None
        self._back -= 1
        return history[self._back] if self._back >= 0 else self._draft

    def written(self, made: str = "") -> None:
        """Record an edit or, with `made`, a queued text: the history starts from here."""
        self._back = -1
        self.made = made.strip("\n")
        self.touched = self.touched or bool(made)  # so that a crash doesn't restore it as a draft

    def unsent_text(self, text: str) -> str:
        """Return the unsent text: empty if the editor's text was queued."""
        return text if text.strip() and text.strip("\n") != self.made else ""
