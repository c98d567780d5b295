"""Whether a choir is behind the singer whom a genre usually has: `pop with a choir`."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.singers.voice_mentions import voices_in
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words

_LATIN = "la"
"""Choirs sing this language."""


def is_behind_a_singer(reading: Reading) -> bool:
    """Whether a choir is one of the players of genres that have a singer: `pop with a choir`, `soul, gospel choir`.

    Not if the prompt says that it sings, nor if the genre specifies it: `a choir sings a pop song`, `choir pop`.
    """
    choirs = reading.choirs()
    places = {one.at for one in choirs}
    styles = [one for one in reading.positive("genre") if one.at not in places]
    if not choirs or not styles or not all(_has_a_singer(one) for one in styles) or reading.first("language") == _LATIN:
        return False
    singing = context_words("sings") | context_words("verbs of singing")
    words = {word for one in voices_in(reading) for word in one.word.lower().split()}
    return singing.isdisjoint(words) and all(_is_added(reading, one, styles) for one in choirs)


def _has_a_singer(style: Mention) -> bool:
    """Whether one singer, rather than a choir, usually sings this genre."""
    genre = tables.genres()[style.meaning]
    choral = tables.word_set("ensembles", "accompanied_choir", "genres")
    choral |= tables.word_set("ensembles", "accompanied_choir", "purposes")
    return genre.vocals not in ("none", "choir") and not {genre.name, genre.family} & choral


def _is_added(reading: Reading, choir: Mention, styles: list[Mention]) -> bool:
    """Whether a comma or a word such as `with` separates a choir from the style before it; not `sung by a choir`."""
    last = max((one.last for one in styles if one.last < choir.at), default=choir.at)
    between = reading.tokens[last + 1 : choir.at + 1]
    joined = any(token.gap or token.norm in context_words("joining a choir") for token in between)
    return joined and not any(token.norm in ("by", "for") for token in between)
