"""Word-sense disambiguation: which senses of a match apply in its prompt.

`genre_words`, `tempo_words`, `voice_types` and `voice_words` decide about those that need the context.
"""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.instrument_groups import SINGERS
from riffusion_tui.studio.engine.understand.reading.senses.genre_words import is_a_kind, names_a_genre
from riffusion_tui.studio.engine.understand.reading.senses.prompt_context import PromptContext
from riffusion_tui.studio.engine.understand.reading.senses.tempo_words import is_a_tomb, means_the_tempo
from riffusion_tui.studio.engine.understand.reading.senses.voice_types import (
    groups_an_instrument,
    is_a_bass_singer,
    is_a_size,
    saxophone,
)
from riffusion_tui.studio.engine.understand.reading.senses.voice_words import (
    is_of_instruments,
    means_a_voice,
    sings_in_a_part,
    sings_with_an_instrument,
)
from riffusion_tui.studio.engine.understand.words import lexicon
from riffusion_tui.studio.engine.understand.words.lexicon import Sense, context_words
from riffusion_tui.studio.engine.understand.words.matching import Match, within
from riffusion_tui.studio.engine.understand.words.neighbors import phrases_in
from riffusion_tui.studio.engine.understand.words.tables import instruments

_WHOLE = frozenset({"instrument", "avoid", "negation", "postfix"})
"""Kinds of phrases whose words have no senses of their own."""
_NUMBERS = ("tres", "cuatro")
_CUES = frozenset({"shadow", "negation", "postfix", "use"})
"""Kinds of phrases that mean nothing themselves, only change what others mean."""
_OLD = ("genre", "flavour", "instrument", "vocal", "production", "mood")
"""Kinds of what is old if the music is."""
_SHADOWED = frozenset(
    {"genre", "instrument", "tempo", "soft tempo", "vocal", "structure", "production", "energy", "flavour"}
)
"""Kinds of senses that a phrase with the sense `shadow` does not have."""


def senses_of(context: PromptContext, match: Match) -> Iterator[Sense]:
    """Yield the senses of a match that apply in its context."""
    shadowed = match.has("shadow")
    for kind, meaning in match.senses:
        if kind in _CUES or (shadowed and kind in _SHADOWED) or not _applies(context, match, kind, meaning):
            continue
        kind, meaning = _in_context(context, match, kind, meaning)
        if kind == "vocal" and (sax := saxophone(context, match)):
            kind, meaning = "instrument", sax
        elif kind == "instrument" and meaning == "bass" and is_a_bass_singer(context, match):
            kind, meaning = "vocal", "male"
        elif kind == "vocal" and is_a_size(context, match):
            continue
        yield ("tempo" if kind == "soft tempo" else kind), meaning
    if _lists_bass_and_drums(context, match):
        yield "instrument", "bass"
    off_beat = match.meaning("production") == "syncopated"
    whole = match.has(*_WHOLE)
    first = context.words(match)[0]
    whole |= match.meaning("vocal") == "none" and first in context_words("without a voice")  # no chant in `sans chant`
    whole |= match.has("tempo") and first in _NUMBERS  # `très lent`
    if match.last > match.first and not shadowed and not off_beat and not whole:
        yield from _inside(context, match)
        if match.has("genre") and not names_a_genre(context, match) and not is_a_kind(context, match):
            sections = (inner.meaning("structure") for inner in within(context.tokens, match))
            yield from (("structure", section) for section in sections if section)  # `techno, banjo breakdown`


def _in_context(context: PromptContext, match: Match, kind: str, meaning: str) -> Sense:
    """Return what a sense of a match is beside the other words: of `goodbye`, heartbreak or a farewell."""
    if meaning == "a cappella" and (sings_with_an_instrument(context, match) or sings_in_a_part(context, match)):
        return kind, "voice"
    if meaning == "heartbreak" and _bids_farewell(context, match):
        return "activity", "farewell"
    if kind == "vocal" and meaning == "voice":
        return kind, _gender_in_brackets(context, match) or meaning
    if meaning == "piano" and context.words(match)[0] in context_words("plain pianos") and _is_in_a_saloon(context):
        return kind, "honky-tonk piano"
    return kind, "piano" if meaning == "electric piano" and _is_a_piano_too(context, match) else meaning


def _gender_in_brackets(context: PromptContext, match: Match) -> str:
    """Return the gender that a letter in brackets gives a voice: of `singer (f)`, female; none of `singers (m/f)`."""
    following = context.tokens[match.last + 1 : match.last + 3]
    several = any(token.gap == "slash" for token in following[1:])
    after = [token.norm for token in following[:1] if token.bracket and not several]
    kinds = (kind for kind in ("female", "male") if not context_words(f"{kind} in brackets").isdisjoint(after))
    return next(kinds, "")


def _is_in_a_saloon(context: PromptContext) -> bool:
    """Whether the prompt names a place whose piano is out of tune."""
    norms = [token.norm for token in context.tokens]
    return next(phrases_in(norms, lexicon.context("honky-tonk places")), None) is not None


def _bids_farewell(context: PromptContext, match: Match) -> bool:
    """Whether `goodbye` is said to somebody from work or school: `a goodbye song for a colleague`."""
    parting = not context_words("parting").isdisjoint(context.words(match))
    return parting and any(token.norm in context_words("colleagues") for token in context.tokens)


def _is_a_piano_too(context: PromptContext, match: Match) -> bool:
    """Whether `e piano` is Italian or Portuguese, after an instrument: `viola e piano`."""
    before = context.before(match) if not context.tokens[match.first].gap else None
    return context.words(match) == ("e", "piano") and before is not None and before.has("instrument")


def _lists_bass_and_drums(context: PromptContext, match: Match) -> bool:
    """Whether `bass drums` are two players of a list: `guitar bass drums`, `guitar/bass/drums`."""
    before = context.before(match)
    listed = before is not None and before.has("instrument") and context.tokens[match.first].gap != "hard"
    apart = context.tokens[match.last].gap == "slash"
    return context.words(match) == ("bass", "drums") and (apart or listed)


def _applies(context: PromptContext, match: Match, kind: str, meaning: str) -> bool:
    if kind == "genre":
        return names_a_genre(context, match)
    if kind == "tempo" and is_a_tomb(context, match):
        return False
    if kind == "era" and context.words(match) == ("old",):
        return _is_old_music(context, match)
    if kind == "soft tempo":
        return means_the_tempo(context, match)
    if meaning in SINGERS and is_of_instruments(context, match):
        return False
    if kind == "instrument" and _is_french(context, match):
        return False
    if kind in ("instrument", "vocal") and (groups_an_instrument(context, match) or _counts_players(context, match)):
        return False
    return kind != "vocal" or means_a_voice(context, match, meaning)


def _is_old_music(context: PromptContext, match: Match) -> bool:
    """Whether music is old, or a player: `an old fiddle tune`; not `an old lighthouse keeper`."""
    following, after = context.following(match.last), context.after(match)
    sounds = after is not None and any(after.meaning(kind) is not None for kind in _OLD)
    return following is None or sounds or following.norm in {"and", *context_words("music nouns")}


def _counts_players(context: PromptContext, match: Match) -> bool:
    """Whether a Spanish number, which is also an instrument, says how many play: `tres guitarras`."""
    after = context.after(match)
    if _counts_beats(context, match):
        return True
    number = match.first == match.last and context.tokens[match.first].norm in _NUMBERS
    played = after is not None and after.has("instrument")
    joined = after is not None and not context.tokens[after.first].gap
    return number and played and joined and after is not None and context.tokens[after.last].norm.endswith("s")


def _is_french(context: PromptContext, match: Match) -> bool:
    """Whether `très` is no Cuban guitar but French for very: `très beau`."""
    return match.first == match.last and context.tokens[match.first].typed.lower() == "très"


def _counts_beats(context: PromptContext, match: Match) -> bool:
    """Whether `beats` are counted, not played: `teental 16 beats`."""
    before = context.tokens[match.first - 1] if match.first and not context.tokens[match.first].gap else None
    counted = before is not None and before.norm.isdecimal() and before.gap != "slash"
    return context.words(match) == ("beats",) and counted


def _inside(context: PromptContext, match: Match) -> Iterator[Sense]:
    """Yield the instruments and voices inside a longer phrase: `minimalist piano`, `pitched vocals`."""
    for inner in within(context.tokens, match):
        sung = inner.meaning("vocal")
        word = context.tokens[inner.first].norm
        unsung = sung == "none" and (word != "instrumental" or not match.has("genre"))
        if sung and not unsung and not match.has("vocal") and not match.has("structure"):
            yield "vocal", sung or ""
        meaning = inner.meaning("instrument")
        a_beat = context.tokens[inner.first].norm in ("beat", "beats")
        named = match.has("genre") and meaning in ("bass", "drums") and not a_beat
        a_singer = match.meaning("vocal") == "male"  # `low bass voice`
        named |= a_singer and instruments()[meaning or "bass"].family == "bass"
        if meaning is not None and not named:
            yield "instrument", meaning
