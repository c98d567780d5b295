"""What differs between the prompts of a batch: the words that a row of the list shows first."""

from __future__ import annotations

import re
from collections.abc import Mapping
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
_GAP = ", "
"""Separator of words that aren't adjacent in the prompt."""
_MARKS = ".,;:!?()[]\"'"


class RowWords(NamedTuple):
    """A row's prompt: the words that only this job of its batch has, and the rest."""

    lead: str
    """Empty if nothing differs."""
    rest: str
    short: str = ""
    """`lead` with only the take's number, for narrow columns."""


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
        common = self._of_batch(job)
        take = message("row.take", take=job.take) if job.takes > 1 else ""
        short = message("row.short_take", take=job.take) if take else ""
        words = job.prompt.split()
        if len(words) > _MAX_WORDS:
            return RowWords(take, " ".join(words[:_MAX_WORDS]), short)
        differ = [_plain(word) not in common for word in words] if common else []
        for at, (word, alone) in enumerate(zip(words, differ, strict=False)):
            following = "".join(words[at + 1 : at + 2])
            if alone and ((word.isdigit() and _plain(following) in _UNITS) or is_key(word, following)):
                differ[at + 1] = True
        lead = _joined(words, differ)
        rest = " ".join(word for word, alone in zip(words, differ, strict=False) if not alone) if lead else ""
        rest = rest or ("" if lead else " ".join(words))
        return RowWords(_GAP.join(filter(None, (lead, take))), rest, _GAP.join(filter(None, (lead, short))))

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


def _plain(word: str) -> str:
    return word.strip(_MARKS).casefold()


def _joined(words: list[str], differ: list[bool]) -> str:
    groups: list[list[str]] = [[]]
    for word, alone in zip(words, differ, strict=False):
        if alone:
            groups[-1].append(word)
        elif groups[-1]:
            groups.append([])
    return _GAP.join(" ".join(group).strip(_MARKS) for group in groups if group)
