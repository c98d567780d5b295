"""Whether a prompt names an artist or a work as its model: `in the style of Abba`. No list of names is needed."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.reading.names.artist_names import capitals_mark_names
from riffusion_tui.studio.engine.understand.reading.names.titles import names_after_by
from riffusion_tui.studio.engine.understand.words.languages import codes
from riffusion_tui.studio.engine.understand.words.lexicon import context, context_words
from riffusion_tui.studio.engine.understand.words.matching import meaning_of
from riffusion_tui.studio.engine.understand.words.tokens import Token

_LONGEST = 4
"""Words of a phrase that introduces a model, at most."""
_DESCRIBES = frozenset(
    {"genre", "flavour", "instrument", "era", "mood", "production", "vocal", "energy", "tempo", "key"}
)
"""What a prompt can ask for in the style of."""
_ANYTHING = frozenset({"something", "anything"})
_SUBJECTS = ("scene", "place", "activity", "mood")


def names_a_model(reading: Reading) -> bool:
    """Whether a name follows `in the style of` and the like, `by`, or `like` after music: `rock like Nirvana`."""
    tokens = reading.tokens
    if reading.models:
        return True
    for at in range(len(tokens)):
        for end in range(at + 1, at + 1 + _LONGEST):
            words = tuple(token.norm for token in tokens[at:end])
            alike = words in context("likeness") or (words == ("like",) and _follows_music(reading, at))
            if (alike and _has_a_name(reading, end) and not _is_known(reading, end)) or (
                words in context("model") and (_has_a_name(reading, end) or _is_unknown(reading, end))
            ):
                return True
    if any(names_after_by(tokens, reading.mentions)):
        return True
    return any(_heads_a_type_beat(reading, at) or _heads_a_style(reading, at) for at in range(len(tokens)))


def _heads_a_type_beat(reading: Reading, at: int) -> bool:
    """Whether it is the unknown word of `drake type beat`."""
    after = [token.norm for token in reading.tokens[at + 1 : at + 3]]
    return after in (["type", "beat"], ["type", "beats"]) and reading.tokens[at].typed in reading.ignored


def _heads_a_style(reading: Reading, at: int) -> bool:
    """Whether it is the unknown name of `Metallica style`, `Beatles-esque`, or of `Kyuss worship` in metal."""
    name, after = reading.tokens[at], reading.tokens[at + 1 : at + 2]
    genre = any(one.at == at + 1 for one in reading.positive("genre"))
    said = context_words("after a model") | (frozenset() if genre else context_words("admiration"))
    styled = bool(after) and after[0].norm in said and after[0].gap in ("", "slash")
    return styled and name.typed[0].isupper() and (name.typed in reading.ignored or _is_a_composer(name))


def _is_a_composer(name: Token) -> bool:
    """Whether it is one whose style the genre of the name isn't: `in the style of Shostakovich` is just classical."""
    return name.norm in context_words("composers unlike their genre")


def _follows_music(reading: Reading, at: int) -> bool:
    """Whether the word before means music, and is not joined by a hyphen: a genre, an instrument, `song`, `sounds`.

    There may be none: `like Daft Punk`, `folk, male voice, like Dylan`.
    """
    if not at:
        return True
    if reading.tokens[at].gap == "soft":
        return True
    if reading.tokens[at].gap or reading.text[reading.tokens[at].start - 1] == "-":
        return False
    mentioned = any(one.last == at - 1 for one in reading.positive("genre", "instrument", "vocal"))
    return mentioned or reading.tokens[at - 1].norm in context_words("music nouns") | _ANYTHING


def _first(reading: Reading, at: int) -> Token | None:
    """Return the first word of a name that begins at token `at`, after `the` and the like; None at a comma."""
    for token in reading.tokens[at:]:
        if token.begins_phrase:
            return None
        if token.norm not in context_words("before a name"):
            return token
    return None


def _is_unknown(reading: Reading, at: int) -> bool:
    word = _first(reading, at)
    if word is None or word.norm[0].isdecimal():
        return False
    return word.typed in reading.ignored or _is_a_composer(word)


def _is_known(reading: Reading, at: int) -> bool:
    """Whether the word means something else: `sounds like Christmas morning`."""
    word = _first(reading, at)
    return word is not None and any(meaning_of((word.norm,), kind) for kind in ("genre", *_SUBJECTS))


def _has_a_name(reading: Reading, at: int) -> bool:
    """Whether a word with a capital follows that describes no music, if capitals mark names."""
    word = _first(reading, at)
    if word is None or not word.typed[0].isupper() or word.norm in codes():
        return False
    place = reading.tokens.index(word)
    described = any(one.at <= place <= one.last and one.kind in _DESCRIBES for one in reading.mentions)
    return (not described or _is_a_composer(word)) and capitals_mark_names(reading.tokens)
