"""Whether the prompt says that nobody sings, and how certainly: `no vocals`, `instrumental`."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.singers.voice_mentions import genders_of, has_a_word_of, voices_in
from riffusion_tui.studio.engine.understand.words.lexicon import context_words

_DENIED = 3.0
_STATED = 2.0
"""How certain it is that nobody sings: after `no vocals`, and after `instrumental`."""


def is_stated_instrumental(reading: Reading) -> bool:
    """Whether the prompt says that nobody sings, rather than names what is usually played: `Irish reel`."""
    voices = voices_in(reading)
    sung = max([_STATED + 0.1 if genders_of(reading, voices) else 0.0, *(1.5 for _ in voices)], default=0.0)
    return _silence(reading, bool(voices)) > sung


def _silence(reading: Reading, voices: bool) -> float:
    """Return how certain an instrumental is: `no vocals` over `instrumental` over `the instrumental`."""
    sure = 0.0
    if any(
        mention.meaning == "voice" and not _excludes_only_a_part(reading, mention)
        for mention in reading.negative("vocal")
    ):
        sure = _DENIED
    genders = {mention.meaning for mention in reading.negative("vocal") if mention.meaning in ("male", "female")}
    if genders and not voices and len(genders) == 2:
        sure = _DENIED
    for mention in reading.positive("vocal"):
        if mention.meaning == "none" and not (mention.word.lower() == "wordless" and _has_singers(reading, voices)):
            sure = max(sure, _instrumental(reading, mention))
    return sure


def _has_singers(reading: Reading, voices: bool) -> bool:
    """Whether somebody sings, so that `wordless` is how: `wordless soprano`, `wordless choir`."""
    return voices or bool(reading.choirs())


def _excludes_only_a_part(reading: Reading, excluded: Mention) -> bool:
    """Whether only a manner of singing is refused, or who would sing in front of a choir: `choir, no lead singer`."""
    words = {token.norm for token in reading.tokens[max(0, excluded.at - 1) : excluded.last + 1]}
    choral = bool(reading.choirs())
    return (choral and bool(words & context_words("in front"))) or _excludes_only_a_manner(reading, excluded)


def _excludes_only_a_manner(reading: Reading, excluded: Mention) -> bool:
    """Whether only a manner is refused, not the voice: `no growls`, `he doesn't sing but speaks`, `just humming`."""
    before = reading.tokens[max(0, excluded.at - 1) : excluded.at] if not reading.tokens[excluded.at].gap else ()
    manner = any(token.norm in context_words("ways of singing") for token in before)  # `no clean singing`
    if manner or has_a_word_of(excluded, "ways of singing"):
        return True
    voices = reading.voices()
    if has_a_word_of(excluded, "other than singing"):
        return bool(voices)
    wordless = any(has_a_word_of(mention, "other than singing") for mention in voices)
    return wordless and has_a_word_of(excluded, "singing words")


def _instrumental(reading: Reading, mention: Mention) -> float:
    if mention.word.lower() in ("instrumental", "an instrumental") and _is_sung_over(reading, mention):
        return 1.0
    return (
        _DENIED
        if mention.word.lower().startswith(
            ("no ", "an instrumental", "purely", "fully", "entirely", "instrumental only")
        )
        else _STATED
    )


def _is_sung_over(reading: Reading, mention: Mention) -> bool:
    """Whether somebody sings to the instrumental: `the instrumental`, `raps over a drill instrumental`."""
    before: list[str] = []
    for at in range(mention.at, max(0, mention.at - 5), -1):
        if reading.tokens[at].gap:
            break
        before.append(reading.tokens[at - 1].norm)
    backing = bool(before) and before[0] in context_words("before a backing")
    return backing or not {"over", "under"}.isdisjoint(before) or before[-2:] == ["of", "top"]
