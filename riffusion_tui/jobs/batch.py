"""A batch file's text to what it asks for. Pure: whoever calls has read the file.

Kinds: `txt` (the editor's language of `riffusion_tui.jobs.matrix`, and an empty line parts prompts too), `json` (an
array, or an object with `prompts`), `jsonl`, `csv` (a header names the columns), `toml` (`[[prompts]]`; keys above them
hold for all). Fields have create-prompt's names
(https://useapi.net/docs/api-riffusion-v1/post-riffusion-music-create-prompt): `prompt`, `instrumental`, `model`,
`user_id`, `replyUrl`, `replyRef`, `maxJobs`; and `takes`, `title`, `lyrics`, `seed`, `length`.
"""

from __future__ import annotations

from dataclasses import dataclass

from riffusion_tui.jobs.model import Options

KINDS = ("txt", "json", "jsonl", "csv", "toml")


class BatchError(ValueError):
    """The text is not what its kind says. `str(error)` names the line or entry, and what was meant."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One prompt with its own options."""

    prompt: str
    options: Options
    takes: int = 1


def parse(text: str, kind: str, defaults: Options, takes: int = 1) -> tuple[Asked, ...]:
    """Return what a batch file asks for, in order.

    Args:
        text: the file's whole text.
        kind: one of `KINDS`.
        defaults: what an entry gets that does not say otherwise.
        takes: likewise.

    Raises:
        BatchError: nothing of it is to be submitted then.
    """
    raise NotImplementedError
