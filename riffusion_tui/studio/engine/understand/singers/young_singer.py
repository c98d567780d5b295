"""Reads whether a child or several sing: `a little girl sings`, `sung by kids`, `children's choir`."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.neighbors import FAR, precedes

_CHILD, _CHILDREN = "child", "children"
_OLDEST = 12
"""Years of a child, at most."""


def young_singer(reading: Reading, voices: list[Mention]) -> str | None:
    """Return child or children if one of `voices` or a choir is theirs; None if adults sing."""
    choirs = reading.choirs()
    choirs += [one for one in voices if one.meaning == "choir"]
    led = any(voice.meaning in ("male", "female") for voice in voices)  # a choir behind a man or a woman
    found = {_whose(reading, voice) for voice in voices if not (led and voice.meaning == "choir")}
    choral = not led and any(_whose(reading, choir, choral=True) for choir in choirs)
    return _CHILDREN if choral or _CHILDREN in found else _CHILD if _CHILD in found else None


def _whose(reading: Reading, voice: Mention, *, choral: bool = False) -> str | None:
    """Whether a voice is a child's or children's: in its own words, right before it, or after `by` or `of`."""
    for at in voice.span:
        young = _person(reading, at)
        if young:
            return young
    before = voice.at - 1
    while before > 0 and _stands_between(reading, before) and not reading.tokens[before].gap:
        before -= 1
    close = before >= 0 and not reading.tokens[voice.at].gap and reading.tokens[voice.at].norm != "sung"
    listens = any(token.norm in context_words("to a child") for token in reading.tokens[max(0, before - 2) : before])
    if close and (choral or not listens) and (young := _person(reading, before)):
        return young
    for at in range(voice.last + 1, min(voice.last + 1 + FAR, len(reading.tokens))):
        if reading.tokens[at].gap:
            return None
        if young := _person(reading, at):
            elided = reading.tokens[at].norm.startswith("denfant")
            of_a_child = not context_words("voice of a child").isdisjoint(_between(reading, voice, at))
            return young if elided or of_a_child else None
        if reading.tokens[at].norm not in context_words("voice of") and not reading.tokens[at].norm.isdecimal():
            return None
    return None


def _stands_between(reading: Reading, at: int) -> bool:
    """Whether a word stands between a child and its voice: `children are singing`, `children laughing and singing`."""
    following = reading.tokens[at + 1].norm
    done = reading.tokens[at].norm.endswith("ing") and following == "and"
    return done or reading.tokens[at].norm in (*context_words("between child and voice"), "and")


def _between(reading: Reading, voice: Mention, at: int) -> list[str]:
    return [token.norm for token in reading.tokens[voice.at : at]]


def _person(reading: Reading, at: int) -> str | None:
    """Return child or children if the word means that; boys and girls do if little, sopranos or a choir."""
    word = reading.tokens[at].norm
    for young in (_CHILD, _CHILDREN):
        if word in context_words(young):
            return young
    tokens = reading.tokens
    if word == "old" and at > 1 and tokens[at - 1].norm in ("year", "years") and tokens[at - 2].norm.isdecimal():
        return _CHILD if int(tokens[at - 2].norm) <= _OLDEST else None
    little = precedes(tokens, at, context_words("little"))
    trebles = [token.norm for token in tokens[at + 1 : at + 2] if token.norm in context_words("treble")]
    if (little or trebles) and word in context_words("boy or girl"):
        return _CHILDREN if any(one.endswith("s") for one in (word, *trebles)) else _CHILD
    return None
