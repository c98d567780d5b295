"""What differs between the prompts of a batch: the words that a row of the list emphasizes, and never leaves out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby, pairwise
from typing import NamedTuple

from riffusion_tui.jobs.model import Job
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.job_list.live_order import batch_of

_MAX_COMPARED = 400
"""Maximum jobs of a batch compared in each direction, so that a row costs the same in a batch of 10,000."""
_MAX_WORDS = 300
"""Maximum words of a prompt that are compared; a row shows fewer."""
_MAX_CACHED = 256
"""Maximum batches in the cache."""
_UNITS = frozenset({"bpm", "s", "sec", "seconds", "min", "minutes", "bars", "takes"})
"""Units, which stay with their number."""
_NOTE = re.compile(r"[a-g][#b♯♭]?")
_MODES = frozenset({"major", "minor", "dorian", "phrygian", "lydian", "mixolydian", "aeolian", "locrian"})
_MARKS = ".,;:!?()[]\"'"


class PromptPart(NamedTuple):
    """Adjacent words of a prompt."""

    text: str
    differs: bool
    """Whether another prompt of the batch lacks these words."""


class RowWords(NamedTuple):
    """A row's prompt and take."""

    pieces: tuple[PromptPart, ...]
    """The prompt, in its own order."""
    take: str = ""
    """`take 2`; empty if the prompt has only one."""
    short_take: str = ""
    """The same for narrow columns."""

    @property
    def differing(self) -> tuple[str, ...]:
        """The words that differ, without the punctuation around them."""
        return tuple(piece.text.strip(_MARKS) for piece in self.pieces if piece.differs)

    @property
    def up_to_last_difference(self) -> str:
        """The prompt up to the last words that differ; empty if none do."""
        last = max((at for at, piece in enumerate(self.pieces) if piece.differs), default=-1)
        return " ".join(piece.text for piece in self.pieces[: last + 1])


class BatchWords:
    """Finds the words that differ, once per batch until one of its prompts changes."""

    def __init__(self, jobs: Mapping[int, Job]) -> None:
        """Compare `jobs`."""
        self._jobs = jobs
        self._common: dict[str, frozenset[str]] = {}

    def forget(self, batch: str) -> None:
        """Compare a batch again, after a prompt was changed, added or removed."""
        self._common.pop(batch, None)

    def of(self, job: Job) -> RowWords:
        """Return the words of a job's row."""
        words, differ = job.prompt.split(), []
        if len(words) > _MAX_WORDS:
            words = words[:_MAX_WORDS]
        elif common := self._of_batch(job):
            differ = _differing(words, common)
        if not any(differ):
            pieces: tuple[PromptPart, ...] = (PromptPart(" ".join(words), differs=False),)
        else:
            grouped = groupby(zip(words, differ, strict=True), key=lambda pair: pair[1])
            pieces = tuple(PromptPart(" ".join(word for word, _ in group), differs) for differs, group in grouped)
        if job.takes < 2:
            return RowWords(pieces)
        return RowWords(pieces, message("row.take", take=job.take), message("row.short_take", take=job.take))

    def _of_batch(self, job: Job) -> frozenset[str]:
        """Return the words that all prompts of a batch have; none if it has one prompt."""
        common = self._common.get(job.batch)
        if common is None:
            if len(self._common) >= _MAX_CACHED:
                self._common.clear()
            common = self._common[job.batch] = self._compared(job)
        return common

    def _compared(self, job: Job) -> frozenset[str]:
        prompts = {job.prompt, *(one.prompt for one in batch_of(job, self._jobs, limit=_MAX_COMPARED))}
        if len(prompts) < 2:
            return frozenset()
        first, *others = (frozenset(map(_plain, prompt.split()[:_MAX_WORDS])) for prompt in prompts)
        return first.intersection(*others)


def is_key(word: str, following: str) -> bool:
    """Whether the words are a note and its mode, `C# minor`, which stay together."""
    return _plain(following) in _MODES and bool(_NOTE.fullmatch(word.casefold()))


def _differing(words: list[str], common: frozenset[str]) -> list[bool]:
    """Return of each word whether it differs, or is the unit or mode of one that does."""
    differ = [_plain(word) not in common for word in words]
    for at, (word, following) in enumerate(pairwise(words)):
        if differ[at] and ((word.isdigit() and _plain(following) in _UNITS) or is_key(word, following)):
            differ[at + 1] = True
    return differ


def _plain(word: str) -> str:
    return word.strip(_MARKS).casefold()
