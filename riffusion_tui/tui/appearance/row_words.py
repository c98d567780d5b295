"""Shortens a prompt to a row of the job list, so that the words that differ in its batch stay."""

from __future__ import annotations

from functools import lru_cache

from riffusion_tui.tui.appearance.text_cells import cut, cut_each, width
from riffusion_tui.tui.state.job_list.batch_words import PromptPart, RowWords

_GAP = "  "
"""Between the prompt and the take."""
_LIST_GAP = ", "
_MIN_PROMPT = 5
"""Minimum cells for a prompt beside a take."""
_ENDING = " ,;:"
"""Not shown at the end of a prompt that goes on."""


@lru_cache(maxsize=1024)  # rows are drawn again each second
def shortened(words: RowWords, cells: int, ellipsis: str, *, brief: bool = False) -> tuple[PromptPart, ...]:
    """Return a row's words, shortened to `cells` cells; joined, they are its text.

    The prompt keeps its order: what all prompts of the batch have is abbreviated first. If not even the words that
    differ fit, they are a list, each shortened.

    Args:
        words: the prompt and its take.
        cells: the room.
        ellipsis: stands for what is left out.
        brief: leave out all that doesn't differ, since a title follows.
    """
    needed = f" {ellipsis} ".join(words.differing) if brief else words.up_to_last_difference
    full, short = (f"{_GAP}{take}" if take else "" for take in (words.take, words.short_take))
    fits = width(needed + full) + _MIN_PROMPT * (not needed) <= cells
    ending = full if fits and not brief else short
    room = cells - width(ending)
    if not ending or room >= _MIN_PROMPT:
        prompt = _brief(needed, room) if brief else _in_order(words.pieces, room, ellipsis)
        if prompt is not None:
            return (*prompt, PromptPart(ending if prompt else ending.lstrip(), differs=True))
    listed = _LIST_GAP.join(filter(None, (*words.differing, words.short_take)))
    return (PromptPart(cut_each(listed, cells, ellipsis), differs=True),)


def _brief(text: str, cells: int) -> tuple[PromptPart, ...] | None:
    if width(text) > cells:
        return None
    return (PromptPart(text, differs=True),) if text else ()


def _in_order(pieces: tuple[PromptPart, ...], cells: int, ellipsis: str) -> tuple[PromptPart, ...] | None:
    """Return the prompt with its common pieces shortened; None if there is no room for those that differ."""
    last = max((at for at, piece in enumerate(pieces) if piece.differs), default=-1)
    if last < 0:
        return (PromptPart(cut(pieces[0].text, cells, ellipsis), differs=False),)
    texts = [piece.text if piece.differs else ellipsis for piece in pieces[: last + 1]]
    ended = texts[last].rstrip(_ENDING)
    left = cells - width(" ".join([*texts[:last], ended]))
    if left < 0:
        return None
    common = [at for at in range(last) if not pieces[at].differs]
    for at in sorted(common, key=lambda at: width(pieces[at].text)):
        texts[at], left = _filled(pieces[at].text, left, ellipsis)
    rest = "".join(piece.text for piece in pieces[last + 1 :])
    left -= width(texts[last]) - width(ended)
    if rest and left > width(ellipsis):
        rest = cut(rest, left - 1, ellipsis)
    elif rest or left < 0:
        rest, texts[last] = "", ended
    spaced = [*(f"{text} " for text in texts[:last]), texts[last] + " " * bool(rest)]
    shown = tuple(PromptPart(text, piece.differs) for text, piece in zip(spaced, pieces, strict=False))
    return (*shown, PromptPart(rest, differs=False)) if rest else shown


def _filled(text: str, spare: int, ellipsis: str) -> tuple[str, int]:
    """Return as many of a piece's words as `spare` cells more than an ellipsis allow, and what stays of them."""
    if (more := width(text) - width(ellipsis)) <= spare:
        return text, spare - more
    kept, _, _ = text.rpartition(" ")
    while kept and width(kept) + 1 > spare:
        kept, _, _ = kept.rpartition(" ")
    return (f"{kept} {ellipsis}", spare - width(kept) - 1) if kept else (ellipsis, spare)
