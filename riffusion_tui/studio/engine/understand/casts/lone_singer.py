"""Whether a singer's solo is all that is heard: `soprano solo`, `a lone voice`."""

from __future__ import annotations

from itertools import takewhile

from riffusion_tui.studio.engine.understand.casts.accompanied_singer import NOT_ALONE
from riffusion_tui.studio.engine.understand.casts.ensemble_words import ensemble_words
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_plain_guitar
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.singers.singer import is_duet
from riffusion_tui.studio.engine.understand.singers.unaccompanied_singers import lone_words, said
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.mention import positions
from riffusion_tui.studio.engine.understand.words.neighbors import start_of_clause

_ONE_VOICE = ("male", "female", "voice")
"""Meanings of words for a singer, of whom there may be one."""


def accompaniment_of(reading: Reading, requested: tuple[str, ...]) -> tuple[str, ...]:
    """Return the only instrument of a singer's solo, a plain guitar as an acoustic one; empty if there are several."""
    if len(requested) != 1 or tables.instruments()[requested[0]].family in NOT_ALONE:
        return ()
    plain = any(is_plain_guitar(mention) for mention in reading.positive("instrument"))
    return ("acoustic guitar",) if plain else requested


def sings_solo(reading: Reading) -> bool:
    """Whether the prompt is about a singer's solo: `soprano solo`, `a lone voice`; not `pop, solo female vocals`."""
    words = reading.tokens
    if said(reading) & (lone_words("several") | ensemble_words("larger")) or is_duet(reading):
        return False
    voices = [one for one in reading.positive("vocal") if one.meaning in _ONE_VOICE]
    inside = positions(voices)
    if any(one.at not in inside for one in reading.positive("genre")):
        return False
    if any(one.meaning == "solo intro" for one in reading.positive("structure")):
        return False
    longest = max(len(phrase.split()) for phrase in lone_words("after"))
    for voice in voices:
        before = [words[voice.at - 1].norm] if voice.at and not words[voice.at].gap else []
        before += [words[at].norm for at in range(voice.at, voice.last)]
        following = takewhile(lambda token: not token.gap, words[voice.last + 1 : voice.last + 1 + longest])
        after = " ".join(token.norm for token in following) + " "
        if set(before) & lone_words("before") or any(after.startswith(f"{word} ") for word in lone_words("after")):
            return not _is_part_of_something(reading, voice)
    return False


def _is_part_of_something(reading: Reading, voice: Mention) -> bool:
    """Whether the solo is part of something larger: `with soprano solo`."""
    first = start_of_clause(reading.tokens, voice.at)
    return any(token.norm in ensemble_words("beside") for token in reading.tokens[first : voice.at])
